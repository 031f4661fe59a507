/* Runs the suites about dialling. SPDX-License-Identifier: MIT */
#include "tests/unit/dialling/suites.h"

int main(void)
{
    SRunner *runner = srunner_create(suite_translating());
    int failed;

    srunner_add_suite(runner, suite_keeping());
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
