/* Whom the system trusts. SPDX-License-Identifier: MIT */
#include "tests/support/support.h"
#include "tests/unit/platform/suite.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static char folder[1024], path[1100], file[1100];

static void setup(void)
{
    support_folder_make("trust \xC3\xA4", folder, sizeof(folder));
    support_path(path, sizeof(path), folder, "ca.pem");
    support_env_set("SSL_CERT_DIR", NULL);
}

static void teardown(void)
{
    support_env_set("SSL_CERT_FILE", NULL);
    support_folder_remove(folder);
}

START_TEST(a_file_that_is_named)
{
    char *pem = NULL;
    size_t len = 0;

    support_file_write(path, "one\ntwo\n", 8);
    support_env_set("SSL_CERT_FILE", path);
    ck_assert_int_eq(platform_trusted(&pem, &len, file, sizeof(file)), 0);
    ck_assert_uint_eq(len, 8);
    ck_assert_str_eq(pem, "one\ntwo\n");
    ck_assert_str_eq(file, path);
    free(pem);
}
END_TEST

START_TEST(a_file_that_is_not_there)
{
    char *pem = NULL;
    size_t len = 0;

    support_env_set("SSL_CERT_FILE", path);
    ck_assert_int_eq(platform_trusted(&pem, &len, file, sizeof(file)), ENOENT);
    ck_assert_str_eq(file, "");
    support_file_write(path, "", 0);
    ck_assert_int_eq(platform_trusted(&pem, &len, file, sizeof(file)), ENOENT);
    support_env_set("SSL_CERT_FILE", folder);
    ck_assert_int_eq(platform_trusted(&pem, &len, file, sizeof(file)), ENOENT);
    ck_assert_ptr_null(pem);
}
END_TEST

/* As this machine has it, which may be not at all. */
START_TEST(those_of_the_system)
{
    char *pem = NULL;
    size_t len = 0;
    int err;

    support_env_set("SSL_CERT_FILE", NULL);
    err = platform_trusted(&pem, &len, file, sizeof(file));
    if (err) {
        ck_assert_int_eq(err, ENOENT);
        ck_assert_str_eq(file, "");
        return;
    }
    ck_assert_uint_eq(strlen(pem), len);
    ck_assert_ptr_nonnull(strstr(pem, "-----BEGIN CERTIFICATE-----"));
    ck_assert_ptr_nonnull(strstr(pem, "-----END CERTIFICATE-----"));
    free(pem);
}
END_TEST

void trust_tests(Suite *s)
{
    TCase *tc = tcase_create("trust");

    tcase_set_timeout(tc, 0);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, a_file_that_is_named);
    tcase_add_test(tc, a_file_that_is_not_there);
    tcase_add_test(tc, those_of_the_system);
    suite_add_tcase(s, tc);
}
