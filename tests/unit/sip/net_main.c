/* Tests of the SIP binding's way to servers. SPDX-License-Identifier: MIT */
#include "tests/unit/sip/net.h"

#include <stdlib.h>

/* PJSIP forgets a session when it asks OpenSSL for its ciphers, once in a process; to see that it is that one takes
 * whole stacks. Nobody calls these but a sanitizer. */
const char *__asan_default_options(void);      /* NOLINT: the sanitizer's names */
const char *__lsan_default_suppressions(void); /* NOLINT */

const char *__asan_default_options(void) /* NOLINT */
{
    return "fast_unwind_on_malloc=0";
}

const char *__lsan_default_suppressions(void) /* NOLINT */
{
    return "leak:init_openssl";
}

int main(void)
{
    SRunner *r = srunner_create(tls_suite());
    int failed;

    srunner_add_suite(r, servers_suite());
    srunner_add_suite(r, dialogs_suite());
    srunner_add_suite(r, trouble_suite());
    srunner_add_suite(r, mwi_suite());
    srunner_add_suite(r, completion_suite());
    srunner_add_suite(r, watch_suite());
    srunner_add_suite(r, focus_suite());
    srunner_add_suite(r, roam_suite());
    port_quiet();
    srunner_set_fork_status(r, CK_NOFORK);
    srunner_run_all(r, CK_ENV);
    failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
