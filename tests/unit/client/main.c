/* The client half against an engine that the test plays. SPDX-License-Identifier: MIT */
#include "tests/unit/client/suite.h"

int main(void)
{
    Suite *suite = suite_create("client");
    SRunner *runner;
    int failed;

    /* The engine of the test, no service. */
    (void)platform_env_set("TAPI_SHIM_MODE", "in-process");
    suite_add_tcase(suite, init_tests());
    suite_add_tcase(suite, messages_tests());
    suite_add_tcase(suite, requests_tests());
    suite_add_tcase(suite, delivery_tests());
    suite_add_tcase(suite, others_tests());
    suite_add_tcase(suite, requested_tests());
    suite_add_tcase(suite, operations_tests());
    suite_add_tcase(suite, plain_tests());
    suite_add_tcase(suite, ansi_tests());
    suite_add_tcase(suite, dialogs_tests());
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
