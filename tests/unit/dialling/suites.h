/* The suites about dialling. SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_DIALLING_SUITES_H
#define TESTS_UNIT_DIALLING_SUITES_H

#include <check.h>

Suite *suite_translating(void);
Suite *suite_keeping(void);

#endif
