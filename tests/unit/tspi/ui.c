/* The dialogs' library: installing and removing. SPDX-License-Identifier: MIT */
#include "include/sessiontsp.h"
#include "tapi_shim/platform/platform.h"
#include "tests/support/support.h"
#include "tests/unit/tspi/ui_drive.h"
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

static DWORD told_object, told_type;
static unsigned told;

static LONG CALLBACK on_told(DWORD_PTR object, DWORD type, LPVOID data, DWORD size)
{
    struct sessiontsp_provider *block = data;

    ck_assert_uint_eq(size, sizeof *block);
    ck_assert_uint_eq(block->dwCommand, SESSIONTSP_PROVIDER_RELOAD);
    block->dwRunning = 1;
    told_object = (DWORD)object;
    told_type = type;
    told++;
    return 0;
}

/* What is asked for that is no dialog here, or none at all. */
START_TEST(no_dialogs)
{
    static const WCHAR wave[] = {'w', 'a', 'v', 'e', 0};

    ck_assert_int_eq(TUISPI_lineConfigDialog(NULL, 0, NULL, wave), (LONG)LINEERR_INVALDEVICECLASS);
    ck_assert_int_eq(TUISPI_phoneConfigDialog(NULL, 0, NULL, wave), (LONG)PHONEERR_INVALDEVICECLASS);
    ck_assert_int_eq(TUISPI_lineConfigDialogEdit(NULL, 0, NULL, NULL, NULL, 0, NULL), (LONG)LINEERR_OPERATIONUNAVAIL);
    ck_assert_int_eq(TUISPI_providerGenericDialog(NULL, (HTAPIDIALOGINSTANCE)0, NULL, 0, NULL),
                     (LONG)LINEERR_OPERATIONUNAVAIL);
    ck_assert_int_eq(TUISPI_providerGenericDialogData((HTAPIDIALOGINSTANCE)0, NULL, 0), (LONG)LINEERR_OPERATIONUNAVAIL);
}
END_TEST

/* Lines are entered and struck out by hand, and the provider is told each time. */
START_TEST(dialog_of_lines)
{
    static const WCHAR line[] = {'T', 'a', 'p', 'i', '/', 'l', 'i', 'n', 'e', 0};
    char said[200];

    told = 0;
    support_conf_begin();
    support_conf_put("provider", "ring_ms", "5000");
    if (!drive_possible()) {
        LONG none = TUISPI_providerConfig(on_told, NULL, 1);

        ck_assert(none == (LONG)LINEERR_OPERATIONUNAVAIL || none == (LONG)LINEERR_OPERATIONFAILED);
        none = TUISPI_phoneConfigDialog(on_told, 0, NULL, NULL);
        ck_assert(none == (LONG)PHONEERR_OPERATIONUNAVAIL || none == (LONG)PHONEERR_OPERATIONFAILED);
        support_conf_end();
        return;
    }
    drive_begin("105", "Front desk", 0, said);
    ck_assert_int_eq(TUISPI_providerConfig(on_told, NULL, 7), 0);
    ck_assert_int_eq(drive_end(), 5);
    ck_assert_str_eq(said, "Done.");
    ck_assert_uint_eq(told, 1);
    ck_assert_uint_eq(told_object, 7);
    ck_assert_uint_eq(told_type, TUISPIDLL_OBJECT_PROVIDERID);
    drive_begin("105", "", 0, said);
    ck_assert_int_eq(TUISPI_lineConfigDialog(on_told, 3, NULL, line), 0);
    ck_assert_int_eq(drive_end(), 5);
    ck_assert_str_eq(said, "Somebody has that number.");
    ck_assert_uint_eq(told, 1);
    drive_begin(NULL, NULL, 1, said); /* one of [lines]: 105 is before them */
    ck_assert_int_eq(TUISPI_lineConfigDialog(on_told, 3, NULL, NULL), 0);
    ck_assert_int_eq(drive_end(), 5);
    ck_assert_uint_eq(told, 1);
    drive_begin(NULL, NULL, 0, said);
    ck_assert_int_eq(TUISPI_phoneConfigDialog(on_told, 3, NULL, NULL), 0);
    ck_assert_int_eq(drive_end(), 4);
    ck_assert_uint_eq(told, 2);
    ck_assert_uint_eq(told_type, TUISPIDLL_OBJECT_PHONEID);
    support_conf_end();
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
    tcase_add_test(c, dialog_of_lines);
    suite_add_tcase(s, c);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
