/* Runs the suites of the provider. SPDX-License-Identifier: MIT */
#include "tests/unit/tspi/host.h"

int main(void)
{
    SRunner *runner = srunner_create(suite_calls());
    int failed;

    srunner_add_suite(runner, suite_control());
    srunner_add_suite(runner, suite_lifetime());
    srunner_add_suite(runner, suite_structs());
    srunner_add_suite(runner, suite_lines());
    srunner_add_suite(runner, suite_threads());
    srunner_add_suite(runner, suite_config());
    srunner_add_suite(runner, suite_data());
    srunner_add_suite(runner, suite_digits());
    srunner_add_suite(runner, suite_extra());
    srunner_add_suite(runner, suite_hub());
    srunner_add_suite(runner, suite_share());
    srunner_add_suite(runner, suite_features());
    srunner_add_suite(runner, suite_phones());
    srunner_add_suite(runner, suite_park());
    srunner_add_suite(runner, suite_forward());
    srunner_add_suite(runner, suite_devices());
    srunner_add_suite(runner, suite_edit());
    srunner_add_suite(runner, suite_accounts());
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
