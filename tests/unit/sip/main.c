/* Tests of the SIP binding. SPDX-License-Identifier: MIT */
#include "tests/unit/sip/fixture.h"

#include <stdlib.h>

int main(void)
{
    SRunner *r = srunner_create(calls_suite());
    int failed;

    srunner_add_suite(r, control_suite());
    srunner_add_suite(r, register_suite());
    srunner_add_suite(r, peer_suite());
    srunner_add_suite(r, probe_suite());
    srunner_add_suite(r, media_suite());
    srunner_add_suite(r, codecs_suite());
    srunner_add_suite(r, uui_suite());
    srunner_add_suite(r, star_suite());
    srunner_add_suite(r, secure_suite());
    srunner_add_suite(r, accounts_suite());
    srunner_add_suite(r, replaced_suite());
    srunner_set_fork_status(r, CK_NOFORK);
    srunner_run_all(r, CK_ENV);
    failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
