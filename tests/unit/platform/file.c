/* Files that are read whole. SPDX-License-Identifier: MIT */
#include "tapi_shim/platform/internal.h"
#include "tests/support/support.h"
#include "tests/unit/platform/suite.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Cyrillic, Chinese, and one beyond 16 bits: no code page has all of them. */
#define NAME "\xD0\x9F\xD0\xB0\xD0\xBF\xD0\xBA\xD0\xB0 \xE6\x96\x87 \xF0\x9F\x98\x80"

static char folder[1024], path[1100], *data;
static size_t len;

static void setup(void)
{
    support_folder_make("file " NAME, folder, sizeof(folder));
    support_path(path, sizeof(path), folder, NAME ".pem");
    data = NULL;
    len = 99;
}

static void teardown(void)
{
    support_folder_remove(folder);
}

static void read_as(const void *want, size_t want_len, size_t max)
{
    ck_assert_int_eq(platform_file_read(&data, &len, path, max), 0);
    ck_assert_uint_eq(len, want_len);
    ck_assert_mem_eq(data, want, want_len);
    ck_assert_int_eq(data[len], 0);
    free(data);
    data = NULL;
    len = 99;
}

static void refused(const char *what, size_t max, int err)
{
    ck_assert_int_eq(platform_file_read(&data, &len, what, max), err);
    ck_assert_ptr_null(data);
    ck_assert_uint_eq(len, 99);
}

START_TEST(any_bytes_of_any_name)
{
    static const char bytes[] = "one\r\ntwo\0\x1A\xFFthree";

    support_file_write(path, bytes, sizeof(bytes));
    read_as(bytes, sizeof(bytes), 1000);
    support_file_write(path, "", 0);
    read_as("", 0, 1000);
    read_as("", 0, 0);
}
END_TEST

START_TEST(as_many_bytes_as_are_wanted)
{
    static char bytes[100000];

    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (char)(i * 7);
    support_file_write(path, bytes, sizeof(bytes));
    read_as(bytes, sizeof(bytes), SIZE_MAX);
    read_as(bytes, sizeof(bytes), sizeof(bytes));
    refused(path, sizeof(bytes) - 1, EFBIG);
    refused(path, 0, EFBIG);
}
END_TEST

START_TEST(what_is_no_file_to_be_read)
{
    char below[1200];

    refused(path, 1000, ENOENT);
    refused("", 1000, ENOENT);
    support_path(below, sizeof(below), path, "x.pem");
    refused(below, 1000, ENOENT);
    refused(folder, 1000, EISDIR);
}
END_TEST

/* ---- what comes in pieces, and is not what the system said it would be ------------------------------------------- */

struct pieces {
    size_t left, most, fail_at; /* of what is left */
    int err;
    char next;
};

static int give(void *to, size_t size, size_t *gotp, void *arg)
{
    struct pieces *p = arg;
    char *out = to;

    ck_assert_uint_gt(size, 0);
    if (p->err && p->left <= p->fail_at)
        return p->err;
    if (size > p->most)
        size = p->most;
    if (size > p->left)
        size = p->left;
    for (size_t i = 0; i < size; i++)
        out[i] = p->next++;
    p->left -= size;
    *gotp = size;
    return 0;
}

START_TEST(pieces_of_any_size)
{
    static const size_t expectedv[] = {0, 1, 6, 299, 300, 301, 400};

    for (size_t e = 0; e < sizeof(expectedv) / sizeof(expectedv[0]); e++) {
        for (size_t most = 1; most < 310; most += 7) {
            struct pieces p = {300, most, 0, 0, 0};

            ck_assert_int_eq(platform_read_all(&data, &len, expectedv[e], 400, give, &p), 0);
            ck_assert_uint_eq(len, 300);
            for (size_t i = 0; i < len; i++)
                ck_assert_int_eq(data[i], (char)i);
            ck_assert_int_eq(data[len], 0);
            free(data);
        }
    }
}
END_TEST

START_TEST(more_than_the_system_said)
{
    for (size_t has = 20; has < 24; has++) {
        for (size_t expected = 0; expected <= 21; expected++) {
            struct pieces p = {has, 100, 0, 0, 0};
            bool fits = has <= 21;

            data = NULL;
            ck_assert_int_eq(platform_read_all(&data, &len, expected, 21, give, &p), fits ? 0 : EFBIG);
            ck_assert_int_eq(data != NULL, fits);
            free(data);
        }
    }
    data = NULL;
    ck_assert_int_eq(platform_read_all(&data, &len, 22, 21, give, &(struct pieces){0, 1, 0, 0, 0}), EFBIG);
    ck_assert_int_eq(platform_read_all(&data, &len, 300, 400, give, &(struct pieces){300, 100, 100, EIO, 0}), EIO);
    ck_assert_ptr_null(data);
}
END_TEST

START_TEST(secrets_are_wiped)
{
    char secret[] = "-hunter2-";

    platform_wipe(secret + 1, 7);
    ck_assert_mem_eq(secret, "-\0\0\0\0\0\0\0-", sizeof(secret));
    platform_wipe(NULL, 0);
    platform_wipe(secret, 0);
    ck_assert_int_eq(secret[0], '-');
}
END_TEST

void file_tests(Suite *s)
{
    TCase *tc = tcase_create("file");

    tcase_set_timeout(tc, 0);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, any_bytes_of_any_name);
    tcase_add_test(tc, as_many_bytes_as_are_wanted);
    tcase_add_test(tc, what_is_no_file_to_be_read);
    tcase_add_test(tc, pieces_of_any_size);
    tcase_add_test(tc, more_than_the_system_said);
    tcase_add_test(tc, secrets_are_wiped);
    suite_add_tcase(s, tc);
}
