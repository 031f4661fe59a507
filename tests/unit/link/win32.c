/* What only Windows has. SPDX-License-Identifier: MIT */
#include <windows.h>

#include "tests/unit/link/suite.h"

#include <errno.h>
#include <stdio.h>

void place_make(char *place, size_t size)
{
    static unsigned serial;

    (void)snprintf(place, size, "\\\\.\\pipe\\tapi-link-%lu-%u", GetCurrentProcessId(), serial++);
}

void place_remove(void)
{
}

START_TEST(not_inherited)
{
    struct platform_listener *s;
    struct platform_hub *h;

    ck_assert_int_eq(platform_hub_alloc(&h), 0);
    ck_assert_int_eq(platform_listen_inherited(h, NULL, NULL, NULL, &s), ENOTSUP);
    platform_hub_free(h);
}
END_TEST

void system_tests(Suite *s)
{
    TCase *tc = tcase_create("windows");

    tcase_set_timeout(tc, 0);
    tcase_add_test(tc, not_inherited);
    suite_add_tcase(s, tc);
}
