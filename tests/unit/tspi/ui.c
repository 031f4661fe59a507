/* The dialogs' library: installing and removing. SPDX-License-Identifier: MIT */
#include "tapi_shim/platform/platform.h"
#include "tsp/ui/ui.h"

#include <check.h>
#include <errno.h>
#include <stdlib.h>

/* Where there is a key to create, a second installation finds it. Elsewhere there is nothing to install. */
START_TEST(install_and_remove)
{
    bool key;

    ck_assert_int_eq(TUISPI_providerRemove(NULL, NULL, 1), 0); /* perhaps left by somebody else */
    ck_assert_int_eq(TUISPI_providerInstall(NULL, NULL, 1), 0);
    key = platform_conf_create() == EEXIST;
    ck_assert_int_eq(TUISPI_providerInstall(NULL, NULL, 2), key ? (LONG)LINEERR_NOMULTIPLEINSTANCE : 0);
    ck_assert_int_eq(TUISPI_providerRemove(NULL, NULL, 1), 0);
    ck_assert_int_eq(TUISPI_providerRemove(NULL, NULL, 1), 0);
    ck_assert_int_eq(TUISPI_providerInstall(NULL, NULL, 1), 0);
    ck_assert_int_eq(TUISPI_providerRemove(NULL, NULL, 1), 0);
    if (key)
        ck_assert_int_eq(platform_conf_remove(), ENOENT);
}
END_TEST

START_TEST(no_dialogs)
{
    ck_assert_int_eq(TUISPI_lineConfigDialog(NULL, 0, NULL, NULL), (LONG)LINEERR_OPERATIONUNAVAIL);
    ck_assert_int_eq(TUISPI_lineConfigDialogEdit(NULL, 0, NULL, NULL, NULL, 0, NULL), (LONG)LINEERR_OPERATIONUNAVAIL);
    ck_assert_int_eq(TUISPI_phoneConfigDialog(NULL, 0, NULL, NULL), (LONG)PHONEERR_OPERATIONUNAVAIL);
    ck_assert_int_eq(TUISPI_providerConfig(NULL, NULL, 1), (LONG)LINEERR_OPERATIONUNAVAIL);
    ck_assert_int_eq(TUISPI_providerGenericDialog(NULL, (HTAPIDIALOGINSTANCE)0, NULL, 0, NULL),
                     (LONG)LINEERR_OPERATIONUNAVAIL);
    ck_assert_int_eq(TUISPI_providerGenericDialogData((HTAPIDIALOGINSTANCE)0, NULL, 0), (LONG)LINEERR_OPERATIONUNAVAIL);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("ui");
    TCase *c = tcase_create("ui");
    SRunner *runner = srunner_create(s);
    int failed;

    tcase_set_timeout(c, 0);
    tcase_add_test(c, install_and_remove);
    tcase_add_test(c, no_dialogs);
    suite_add_tcase(s, c);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
