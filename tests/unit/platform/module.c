/* Loading modules, and what a module knows of itself. SPDX-License-Identifier: MIT */
#include "tests/unit/platform/suite.h"
#include "tests/support/support.h"
#include "tapi_shim/platform/internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATH_SIZE = 1024 };

/* The functions of TEST_MODULE (test_module.c). */
typedef int(answer_f)(void);
typedef void(self_f)(char *path, size_t size);

static char own_folder[PATH_SIZE]; /* where this program and TEST_MODULE are */
static char module_path[PATH_SIZE + 100];

static void setup(void)
{
    char *end;

    platform_module_self(own_folder, sizeof(own_folder));
    end = strrchr(own_folder, '/');
    if (!end)
        end = strrchr(own_folder, '\\');
    ck_assert_ptr_nonnull(end);
    *end = 0;
    support_path(module_path, sizeof(module_path), own_folder, TEST_MODULE);
}

static void check_loads(const char *path, const char *is_path)
{
    struct platform_module *m = NULL;
    const char *text = NULL;
    char self[PATH_SIZE];
    int err = platform_module_load(&m, path, &text);

    ck_assert_msg(err == 0, "%s: %d %s", path, err, text);
    ck_assert_ptr_nonnull(m);
    ck_assert_str_eq(text, "");
    answer_f *answer = (answer_f *)platform_module_symbol(m, "test_module_answer");
    self_f *self_path = (self_f *)platform_module_symbol(m, "test_module_self");
    ck_assert(answer && self_path);
    ck_assert(!platform_module_symbol(m, "test_module_hidden"));
    ck_assert(!platform_module_symbol(m, "no such function"));
    ck_assert_int_eq(answer(), 42);
    /* The module is what its code is linked into, not the program. */
    self_path(self, sizeof(self));
    ck_assert_str_eq(self, is_path);
    platform_module_unload(m);
}

static void check_fails(const char *path, int expected)
{
    struct platform_module *m = (void *)1;
    const char *text = NULL;
    int err = platform_module_load(&m, path, &text);

    ck_assert_msg(err == expected, "%.200s: %d %.200s", path ? path : "NULL", err, text);
    ck_assert(text && text[0]);
    ck_assert(m == (void *)1);
    ck_assert_int_eq(platform_module_load(&m, path, NULL), expected);
}

START_TEST(load_by_path)
{
    check_loads(module_path, module_path);
    check_loads(module_path, module_path);
    platform_module_unload(NULL);
}
END_TEST

START_TEST(load_by_name_from_own_folder)
{
    char before[PATH_SIZE], folder[PATH_SIZE];

    /* Wherever the current folder is. */
    support_folder_current(before, sizeof(before));
    support_folder_make("empty", folder, sizeof(folder));
    support_folder_enter(folder);
    check_loads(TEST_MODULE, module_path);
    support_folder_enter(before);
    support_folder_remove(folder);
}
END_TEST

START_TEST(name_is_not_looked_for_in_the_current_folder)
{
    char before[PATH_SIZE], folder[PATH_SIZE], copy[PATH_SIZE + 100];
    size_t len;
    char *data = support_file_read(module_path, &len);

    ck_assert_ptr_nonnull(data);
    support_folder_current(before, sizeof(before));
    support_folder_make("planted", folder, sizeof(folder));
    support_path(copy, sizeof(copy), folder, "planted.tsp");
    support_file_write(copy, data, len);
    support_folder_enter(folder);
    check_fails("planted.tsp", ENOENT);
    check_loads(copy, copy);
    support_folder_enter(before);
    support_folder_remove(folder);
    free(data);
}
END_TEST

START_TEST(load_from_a_path_in_any_script)
{
    char folder[PATH_SIZE], copy[PATH_SIZE + 100];
    size_t len;
    char *data = support_file_read(module_path, &len);

    support_folder_make("\xC3\xBC\xCE\xBB \xE9\x9B\xBB\xE8\xA9\xB1", folder, sizeof(folder));
    support_path(copy, sizeof(copy), folder, "\xD0\xB7\xD0\xB2\xD0\xBE\xD0\xBD\xD0\xBE\xD0\xBA.tsp");
    support_file_write(copy, data, len);
    check_loads(copy, copy);
    /* Nor does it need an extension. */
    support_path(copy, sizeof(copy), folder, "plain");
    support_file_write(copy, data, len);
    struct platform_module *m;
    ck_assert_int_eq(platform_module_load(&m, copy, NULL), 0);
    platform_module_unload(m);
    support_folder_remove(folder);
    free(data);
}
END_TEST

START_TEST(missing_files)
{
    char path[PATH_SIZE + 100], file[20000];

    support_path(path, sizeof(path), own_folder, "is-not-there.tsp");
    check_fails(path, ENOENT);
    support_path(path, sizeof(path), "/no/such/folder", "is-not-there.tsp");
    check_fails(path, ENOENT);
    check_fails("is-not-there-at-all.tsp", ENOENT);
    memset(file, 'a', sizeof(file) - 1);
    file[sizeof(file) - 1] = 0;
    check_fails(file, ENOENT);
    file[0] = '/';
    check_fails(file, ENOENT);
    check_fails("", EINVAL);
    check_fails(NULL, EINVAL);
}
END_TEST

START_TEST(files_that_are_no_modules)
{
    char folder[PATH_SIZE], path[PATH_SIZE + 100];
    size_t len;
    char *data = support_file_read(module_path, &len);

    support_folder_make("garbage", folder, sizeof(folder));
    check_fails(folder, ENOEXEC);
    support_path(path, sizeof(path), folder, "garbage.tsp");
    support_file_write(path, "not a module at all\n", 20);
    check_fails(path, ENOEXEC);
    support_file_write(path, "", 0);
    check_fails(path, ENOEXEC);
    /* The beginning of a module. What is missing at the end may be nothing that loading needs. */
    for (size_t n = 1; n < len; n = n * 3 / 2 + 1) {
        struct platform_module *m = NULL;
        int err;

        support_file_write(path, data, n);
        err = platform_module_load(&m, path, NULL);
        ck_assert_int_eq(err, err || n < 4096 ? ENOEXEC : 0);
        platform_module_unload(m);
    }
    support_folder_remove(folder);
    free(data);
}
END_TEST

START_TEST(own_path)
{
    char path[PATH_SIZE], name[PATH_SIZE], small[4];
    size_t len;

    platform_module_self(path, sizeof(path));
    ck_assert(support_path_is_full(path));
    ck_assert(support_file_exists(path));
    /* This code is linked into the program itself. */
    platform_process_name(name, sizeof(name));
    ck_assert(name[0] && !strchr(name, '/') && !strchr(name, '\\'));
    len = strlen(path) - strlen(name);
    ck_assert_str_eq(path + len, name);
    /* Half a path is worse than none; half a name is not. */
    platform_module_self(small, sizeof(small));
    ck_assert_str_eq(small, "");
    platform_process_name(small, sizeof(small));
    ck_assert(strlen(small) == 3 && strncmp(small, name, 3) == 0);
    memset(small, 'x', sizeof(small));
    platform_module_self(small, 0);
    platform_process_name(small, 0);
    ck_assert_int_eq(small[0], 'x');
    ck_assert_uint_ne(platform_process_id(), 0);
}
END_TEST

START_TEST(environment)
{
    static const char name[] = "TAPI_SHIM_TEST_VARIABLE", text[] = "\xC3\xBC = \xE9\x9B\xBB";
    char value[32] = "x";

    ck_assert_int_eq(platform_env_set(name, NULL), 0); /* was not set: fine too */
    ck_assert_int_eq(platform_env(name, value, sizeof(value)), ENOENT);
    ck_assert_str_eq(value, "");
    ck_assert_int_eq(platform_env_set(name, text), 0);
    ck_assert_int_eq(platform_env(name, value, sizeof(value)), 0);
    ck_assert_str_eq(value, text);
    /* All of it or nothing. */
    ck_assert_int_eq(platform_env(name, value, sizeof(text)), 0);
    ck_assert_int_eq(platform_env(name, value, sizeof(text) - 1), ENAMETOOLONG);
    ck_assert_str_eq(value, "");
    ck_assert_int_eq(platform_env(name, NULL, 0), ENAMETOOLONG);
    ck_assert_int_eq(platform_env_set(name, ""), 0);
    ck_assert_int_eq(platform_env(name, value, sizeof(value)), ENOENT);
    ck_assert_int_eq(platform_env_set("", "x"), EINVAL);
}
END_TEST

void module_tests(Suite *s)
{
    TCase *tc = tcase_create("modules");

    tcase_set_timeout(tc, 0);
    tcase_add_checked_fixture(tc, setup, NULL);
    tcase_add_test(tc, load_by_path);
    tcase_add_test(tc, load_by_name_from_own_folder);
    tcase_add_test(tc, name_is_not_looked_for_in_the_current_folder);
    tcase_add_test(tc, load_from_a_path_in_any_script);
    tcase_add_test(tc, missing_files);
    tcase_add_test(tc, files_that_are_no_modules);
    tcase_add_test(tc, own_path);
    tcase_add_test(tc, environment);
    suite_add_tcase(s, tc);
}
