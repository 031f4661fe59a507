/* The suites of the engine. SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_ENGINE_SUITES_H
#define TESTS_UNIT_ENGINE_SUITES_H

#include <check.h>

Suite *suite_handles(void);
Suite *suite_apps(void);
Suite *suite_lines(void);
Suite *suite_calls(void);
Suite *suite_incoming(void);
Suite *suite_closing(void);
Suite *suite_handing(void);
Suite *suite_dialop(void);
Suite *suite_operations(void);
Suite *suite_making(void);
Suite *suite_media(void);
Suite *suite_phones(void);
Suite *suite_proxies(void);

#endif
