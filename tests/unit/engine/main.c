/* Runs the suites of the engine. SPDX-License-Identifier: MIT */
#include "tests/unit/engine/suites.h"

int main(void)
{
    SRunner *runner = srunner_create(suite_handles());
    int failed;

    srunner_add_suite(runner, suite_apps());
    srunner_add_suite(runner, suite_lines());
    srunner_add_suite(runner, suite_calls());
    srunner_add_suite(runner, suite_incoming());
    srunner_add_suite(runner, suite_closing());
    srunner_add_suite(runner, suite_handing());
    srunner_add_suite(runner, suite_dialop());
    srunner_add_suite(runner, suite_operations());
    srunner_add_suite(runner, suite_making());
    srunner_add_suite(runner, suite_media());
    srunner_add_suite(runner, suite_phones());
    srunner_add_suite(runner, suite_proxies());
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
