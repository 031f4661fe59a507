/* The platform layer: what both systems have to do alike. SPDX-License-Identifier: MIT */
#include "tests/unit/platform/suite.h"
#include "tests/support/support.h"

#include <stdio.h>
#include <stdlib.h>

int main(void)
{
    Suite *s = suite_create("platform");
    SRunner *runner;
    int failed;

    /* The level is looked up once, by the first line. */
    support_env_set("TAPI_SHIM_LOG", "info");
    support_env_set("TAPI_SHIM_TRACE", trace_place());
    thread_tests(s);
    runner_tests(s);
    text_tests(s);
    module_tests(s);
    conf_tests(s);
    providers_tests(s);
    file_tests(s);
    logfile_tests(s);
    trace_tests(s);
    trust_tests(s);
    system_tests(s);
    runner = srunner_create(s);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    (void)remove(trace_place());
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
