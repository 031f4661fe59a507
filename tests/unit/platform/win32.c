/* What only Windows has: values of the registry in every form, the provider's own key, completion ports.
 * SPDX-License-Identifier: MIT */
#include <windows.h>

#include "tests/unit/platform/entries.h"
#include "tests/unit/platform/suite.h"
#include "tests/support/support.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct entries e;

static HKEY open_key(const char *place, const WCHAR *sub)
{
    WCHAR path[512];
    size_t n = platform_utf8_to_utf16(place + strlen("HKCU\\"), SIZE_MAX, (uint16_t *)path, 256);
    HKEY key;

    if (sub) {
        path[n - 1] = L'\\';
        (void)lstrcpyW(path + n, sub);
    }
    ck_assert_int_eq(RegCreateKeyExW(HKEY_CURRENT_USER, path, 0, NULL, 0, KEY_ALL_ACCESS, NULL, &key, NULL), 0);
    return key;
}

static void put(const WCHAR *sub, const WCHAR *name, DWORD type, const void *data, DWORD size)
{
    HKEY key = open_key(support_conf_place(), sub);

    ck_assert_int_eq(RegSetValueExW(key, name, 0, type, data, size), 0);
    (void)RegCloseKey(key);
}

static void check_error(const char *name, const char *why)
{
    ck_assert_int_eq(entries_read(&e, NULL), 0);
    ck_assert_str_eq(e.got, "[good] k = v\n");
    ck_assert_uint_eq(e.errorc, 1);
    ck_assert_msg(strstr(e.errors, name) && strstr(e.errors, why), "%s", e.errors);
}

static void begin(void)
{
    support_conf_begin();
    support_conf_put("good", "k", "v");
}

START_TEST(forms_of_strings)
{
    support_conf_begin();
    put(NULL, L"a", REG_SZ, L"text", 10);
    put(NULL, L"b", REG_SZ, L"text", 8); /* without a terminator */
    put(NULL, L"c", REG_SZ, L"text\0\0", 14);
    put(NULL, L"d", REG_SZ, NULL, 0);
    put(NULL, L"e", REG_SZ, L"\xD83D\xDCDE", 6);
    ck_assert_int_eq(entries_read(&e, NULL), 0);
    ck_assert_str_eq(e.got, "[] a = text\n[] b = text\n[] c = text\n[] d = \n[] e = \xF0\x9F\x93\x9E\n");
    ck_assert_str_eq(e.errors, "");
    support_conf_end();
}
END_TEST

START_TEST(numbers)
{
    const DWORD zero = 0, most = 0xFFFFFFFF;

    support_conf_begin();
    put(L"s", L"a", REG_DWORD, &zero, 4);
    put(L"s", L"b", REG_DWORD, &most, 4);
    ck_assert_int_eq(entries_read(&e, NULL), 0);
    ck_assert_str_eq(e.got, "[s] a = 0\n[s] b = 4294967295\n");
    support_conf_end();
}
END_TEST

START_TEST(other_types_are_told)
{
    begin();
    put(NULL, L"odd", REG_BINARY, "abc", 3);
    check_error("\\odd: ", "neither a string");
    put(NULL, L"odd", REG_MULTI_SZ, L"a\0b\0", 10);
    check_error("\\odd: ", "neither a string");
    put(NULL, L"odd", REG_QWORD, "01234567", 8);
    check_error("\\odd: ", "neither a string");
    support_conf_end();
}
END_TEST

START_TEST(broken_values_are_told)
{
    static BYTE large[70000];

    begin();
    put(L"x", L"odd", REG_SZ, L"abc", 5);
    check_error("\\x\\odd: ", "half a character");
    put(L"x", L"odd", REG_SZ, L"a\xD83D", 6);
    check_error("\\x\\odd: ", "not UTF-16");
    put(L"x", L"odd", REG_SZ, L"a\0b", 8);
    check_error("\\x\\odd: ", "NUL");
    put(L"x", L"odd", REG_DWORD, "ab", 2);
    check_error("\\x\\odd: ", "wrong size");
    memset(large, 'a', sizeof(large));
    put(L"x", L"odd", REG_SZ, large, sizeof(large));
    check_error("\\x\\odd: ", "larger than 64 KiB");
    support_conf_end();
}
END_TEST

START_TEST(names_and_depth)
{
    begin();
    put(NULL, L"", REG_SZ, L"", 2); /* left behind empty by editors */
    ck_assert_int_eq(entries_read(&e, NULL), 0);
    ck_assert_uint_eq(e.errorc, 0);
    put(NULL, L"", REG_SZ, L"x", 4);
    check_error("", "has no name");
    put(NULL, L"", REG_SZ, L"", 2);
    put(L"good\\deep", L"k", REG_SZ, L"x", 4);
    check_error("\\good\\deep: ", "within a section");
    support_conf_end();
}
END_TEST

START_TEST(long_names_of_roots)
{
    char place[256] = "HKEY_CURRENT_USER";

    begin();
    (void)strcat(place, support_conf_place() + 4);
    ck_assert_int_eq(entries_read(&e, place), 0);
    ck_assert_str_eq(e.got, "[good] k = v\n");
    memcpy(place, "hkey_current_user", 17);
    (void)strcat(place, "\\");
    ck_assert_int_eq(entries_read(&e, place), 0);
    ck_assert_str_eq(e.got, "[good] k = v\n");
    support_conf_end();
}
END_TEST

START_TEST(own_key)
{
    HKEY key;
    int err = platform_conf_create();

    support_env_set("TAPI_SHIM_CONFIG", NULL); /* a test that failed before may have left it */

    /* Somebody's own configuration stays untouched. */
    ck_assert_msg(err == 0, "HKLM\\Software\\SessionTSP cannot be made, or is there already (%d)", err);
    ck_assert_int_eq(platform_conf_create(), EEXIST);
    ck_assert_int_eq(entries_read(&e, NULL), 0);
    ck_assert_uint_eq(e.entryc + e.errorc, 0);
    ck_assert_int_eq(RegCreateKeyExW(HKEY_LOCAL_MACHINE, L"Software\\SessionTSP\\line0\\deep", 0, NULL, 0,
                                     KEY_ALL_ACCESS, NULL, &key, NULL),
                     0);
    ck_assert_int_eq(RegSetValueExW(key, L"k", 0, REG_SZ, (const BYTE *)L"v", 4), 0);
    (void)RegCloseKey(key);
    ck_assert_int_eq(entries_read(&e, "HKLM\\Software\\SessionTSP\\line0"), 0);
    ck_assert_str_eq(e.got, "[deep] k = v\n");
    ck_assert_int_eq(platform_conf_remove(), 0);
    ck_assert_int_eq(platform_conf_remove(), ENOENT);
    ck_assert_int_ne(RegOpenKeyExW(HKEY_LOCAL_MACHINE, L"Software\\SessionTSP", 0, KEY_READ, &key), 0);
    ck_assert_int_eq(RegOpenKeyExW(HKEY_LOCAL_MACHINE, L"Software", 0, KEY_READ, &key), 0);
    (void)RegCloseKey(key);
}
END_TEST

START_TEST(keys_below_the_list_stay)
{
    WCHAR place[256];
    uint32_t id;
    HKEY key;

    support_providers_begin();
    ck_assert_uint_lt(GetEnvironmentVariableW(L"TAPI_SHIM_PROVIDERS", place, 200), 200);
    (void)lstrcatW(place, L"\\Sub");
    ck_assert_int_eq(RegCreateKeyExW(HKEY_CURRENT_USER, place + 5, 0, NULL, 0, KEY_ALL_ACCESS, NULL, &key, NULL), 0);
    (void)RegCloseKey(key);
    ck_assert_int_eq(platform_providers_add("a.tsp", &id), 0);
    ck_assert_int_eq(platform_providers_remove(id), 0);
    ck_assert_int_eq(RegOpenKeyExW(HKEY_CURRENT_USER, place + 5, 0, KEY_READ, &key), 0);
    (void)RegCloseKey(key);
    support_providers_end();
}
END_TEST

START_TEST(list_has_the_types_of_telephony)
{
    WCHAR place[256];
    DWORD type = 0, size;
    uint32_t id;
    HKEY key;

    support_providers_begin();
    ck_assert_int_eq(platform_providers_add("a.tsp", &id), 0);
    ck_assert_uint_lt(GetEnvironmentVariableW(L"TAPI_SHIM_PROVIDERS", place, 200), 200);
    ck_assert_int_eq(RegOpenKeyExW(HKEY_CURRENT_USER, place + 5, 0, KEY_READ, &key), 0);
    ck_assert_int_eq(RegQueryValueExW(key, L"NumProviders", NULL, &type, NULL, &size), 0);
    ck_assert(type == REG_DWORD && size == 4);
    ck_assert_int_eq(RegQueryValueExW(key, L"NextProviderID", NULL, &type, NULL, &size), 0);
    ck_assert(type == REG_DWORD && size == 4);
    ck_assert_int_eq(RegQueryValueExW(key, L"ProviderID0", NULL, &type, NULL, &size), 0);
    ck_assert(type == REG_DWORD && size == 4);
    ck_assert_int_eq(RegQueryValueExW(key, L"ProviderFilename0", NULL, &type, NULL, &size), 0);
    ck_assert(type == REG_SZ && size == 12); /* with its terminator */
    (void)RegCloseKey(key);
    support_providers_end();
}
END_TEST

START_TEST(completion_port)
{
    HANDLE port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 1);
    OVERLAPPED *overlapped = NULL;
    ULONG_PTR key = 0;
    DWORD bytes = 77;
    int thing;

    ck_assert_ptr_nonnull(port);
    ck_assert_int_eq(platform_port_post((intptr_t)port, 0x1234, &thing), 0);
    ck_assert_int_eq(platform_port_post((intptr_t)port, 0x1235, NULL), 0);
    ck_assert(GetQueuedCompletionStatus(port, &bytes, &key, &overlapped, 0));
    ck_assert(key == 0x1234 && overlapped == (void *)&thing && bytes == 0);
    ck_assert(GetQueuedCompletionStatus(port, &bytes, &key, &overlapped, 0));
    ck_assert(key == 0x1235 && overlapped == NULL);
    ck_assert(!GetQueuedCompletionStatus(port, &bytes, &key, &overlapped, 0));
    /* A message is a copy that the receiver frees. */
    char message[] = "message";
    ck_assert_int_eq(platform_port_message((intptr_t)port, 0x1236, message, sizeof(message)), 0);
    message[0] = 'M';
    ck_assert(GetQueuedCompletionStatus(port, &bytes, &key, &overlapped, 0));
    ck_assert_uint_eq(key, 0x1236);
    ck_assert_str_eq((const char *)overlapped, "message");
    ck_assert_uint_ge(LocalSize((HLOCAL)overlapped), sizeof(message));
    ck_assert_ptr_null(LocalFree((HLOCAL)overlapped));
    (void)CloseHandle(port);
    ck_assert_int_ne(platform_port_message((intptr_t)port, 1, message, sizeof(message)), 0);
    ck_assert_int_ne(platform_port_post((intptr_t)port, 1, NULL), 0);
}
END_TEST

/* The counter runs since the machine was started, and is not that of a second only. */
START_TEST(mono_counts_more_than_a_second)
{
    ck_assert_uint_gt(platform_mono_ms(), 1000);
    ck_assert_uint_gt(platform_mono_ns(), 1000000000);
}
END_TEST

/* The window of a runner that is gone is gone too, and its class with the last. */
START_TEST(runner_leaves_no_class)
{
    WNDCLASSEXW wc = {.cbSize = sizeof(wc)};
    struct platform_runner *r;

    ck_assert(!GetClassInfoExW(GetModuleHandleW(NULL), L"TapiShimRunner", &wc));
    ck_assert_int_eq(platform_runner_alloc(&r, NULL, NULL), 0);
    ck_assert(GetClassInfoExW(GetModuleHandleW(NULL), L"TapiShimRunner", &wc));
    ck_assert_ptr_nonnull(FindWindowExW(HWND_MESSAGE, NULL, L"TapiShimRunner", NULL));
    platform_runner_free(r);
    ck_assert(!GetClassInfoExW(GetModuleHandleW(NULL), L"TapiShimRunner", &wc));
    ck_assert_ptr_null(FindWindowExW(HWND_MESSAGE, NULL, L"TapiShimRunner", NULL));
}
END_TEST

static void free_runner(void *arg)
{
    platform_runner_free(arg);
}

/* Freed by another thread, the window goes when its own thread pumps the next time. */
START_TEST(runner_window_goes_by_itself)
{
    struct platform_runner *r;

    ck_assert_int_eq(platform_runner_alloc(&r, NULL, NULL), 0);
    platform_thread_join(support_thread(free_runner, r));
    support_pump();
    ck_assert_ptr_null(FindWindowExW(HWND_MESSAGE, NULL, L"TapiShimRunner", NULL));
    /* The next one finds the class left behind, and takes it away. */
    ck_assert_int_eq(platform_runner_alloc(&r, NULL, NULL), 0);
    platform_runner_free(r);
    ck_assert_ptr_null(FindWindowExW(HWND_MESSAGE, NULL, L"TapiShimRunner", NULL));
}
END_TEST

/* Its other end never writes: whoever reads it hangs. */
START_TEST(read_of_what_is_no_file)
{
    char name[64], *data = NULL;
    size_t len = 0;
    HANDLE pipe;

    (void)snprintf(name, sizeof(name), "\\\\.\\pipe\\tapi-test-%lu", (unsigned long)GetCurrentProcessId());
    pipe = CreateNamedPipeA(name, PIPE_ACCESS_OUTBOUND, PIPE_TYPE_BYTE, 1, 0, 0, 0, NULL);
    ck_assert_ptr_ne(pipe, INVALID_HANDLE_VALUE);
    ck_assert_int_eq(platform_file_read(&data, &len, name, 1000), EINVAL);
    (void)CloseHandle(pipe);
    ck_assert_int_eq(platform_file_read(&data, &len, "NUL", 1000), EINVAL);
    ck_assert_int_eq(platform_file_read(&data, &len, "a:\\what?.pem", 1000), ENOENT);
    ck_assert_ptr_null(data);
}
END_TEST

void system_tests(Suite *s)
{
    TCase *tc = tcase_create("windows");

    tcase_set_timeout(tc, 0);
    tcase_add_test(tc, forms_of_strings);
    tcase_add_test(tc, numbers);
    tcase_add_test(tc, other_types_are_told);
    tcase_add_test(tc, broken_values_are_told);
    tcase_add_test(tc, names_and_depth);
    tcase_add_test(tc, long_names_of_roots);
    tcase_add_test(tc, own_key);
    tcase_add_test(tc, keys_below_the_list_stay);
    tcase_add_test(tc, list_has_the_types_of_telephony);
    tcase_add_test(tc, completion_port);
    tcase_add_test(tc, mono_counts_more_than_a_second);
    tcase_add_test(tc, runner_leaves_no_class);
    tcase_add_test(tc, runner_window_goes_by_itself);
    tcase_add_test(tc, read_of_what_is_no_file);
    suite_add_tcase(s, tc);
}
