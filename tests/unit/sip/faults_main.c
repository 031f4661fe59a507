/* Tests of the SIP binding with messages that are odd, and on ways that are bad. SPDX-License-Identifier: MIT */
#include "tests/unit/sip/faults.h"

#include <stdlib.h>

int main(void)
{
    SRunner *r = srunner_create(torture_suite());
    int failed;

    srunner_add_suite(r, faults_suite());
    srunner_add_suite(r, endings_suite());
    srunner_add_suite(r, faults_tapi_suite());
    port_quiet();
    srunner_set_fork_status(r, CK_NOFORK);
    srunner_run_all(r, CK_ENV);
    failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
