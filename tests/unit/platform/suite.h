/* The parts of this suite. SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_PLATFORM_SUITE_H
#define TESTS_UNIT_PLATFORM_SUITE_H

#include <check.h>

void thread_tests(Suite *s);
void runner_tests(Suite *s);
void text_tests(Suite *s);
void module_tests(Suite *s);
void conf_tests(Suite *s);
void providers_tests(Suite *s);
void file_tests(Suite *s);
void logfile_tests(Suite *s);
void trace_tests(Suite *s);
void trust_tests(Suite *s);
const char *trace_place(void); /* of the record */
void system_tests(Suite *s); /* what there is on one system only */

#endif
