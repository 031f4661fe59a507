/* Dialogs of providers, by each of their names. SPDX-License-Identifier: MIT */
#include "tests/unit/client/suite.h"
#include "tests/unit/client/ui_module.h"

#include <stdio.h>
#include <stdlib.h>

#undef lineConfigDialog
#undef lineConfigDialogEdit
#undef phoneConfigDialog

static HLINEAPP app;
static HPHONEAPP phone_app;
static struct ui_told told; /* by the library */
static DWORD object_type;
static uint16_t library[1024]; /* its path */

static const WCHAR wclass[] = {'t', 0xFC, 0};

static const char *class_a(void)
{
    static char text[8];

    (void)platform_utf16_to_ansi(wclass, SIZE_MAX, text, sizeof(text));
    return text;
}

static int32_t name_library(struct channel_call *call, int32_t rc)
{
    object_type = call->arg[1];
    if (!rc)
        fake_out(call, library, sizeof(library));
    return rc;
}

/* The provider's answer. */
static int32_t answer(struct channel_call *call, int32_t rc)
{
    struct ui_told back;

    ck_assert_uint_eq(call->in0_len, sizeof(told));
    ck_assert_uint_eq(call->arg[1], object_type);
    memcpy(&told, call->in0, sizeof(told));
    ck_assert_uint_eq(call->arg[0], told.object);
    back = told;
    back.reply = told.function + 100;
    if (!rc)
        fake_out(call, &back, sizeof(back));
    return rc;
}

static void open_all(void)
{
    PHONEINITIALIZEEXPARAMS params = {.dwTotalSize = sizeof(params), .dwOptions = PHONEINITIALIZEEXOPTION_USEEVENT};
    DWORD devices, version = 0x00020002;
    char folder[1000], path[1024];
    char *end;

    fake_reset();
    app = app_open(NULL);
    ck_assert_int_eq(phoneInitializeExA(&phone_app, NULL, NULL, "p", &devices, &version, &params), 0);
    platform_module_self(folder, sizeof(folder));
    end = strrchr(folder, '/');
    if (!end)
        end = strrchr(folder, '\\');
    ck_assert_ptr_nonnull(end);
    *end = 0;
    support_path(path, sizeof(path), folder, TEST_UI);
    memset(library, 0, sizeof(library));
    ck_assert_uint_le(platform_utf8_to_utf16(path, SIZE_MAX, library, sizeof(library) / 2), sizeof(library) / 2);
    memset(&told, 0, sizeof(told));
    fake.h[CHANNEL_UI_LIBRARY] = name_library;
    fake.h[CHANNEL_UI_DATA] = answer;
}

static void close_all(void)
{
    (void)phoneShutdown(phone_app);
    (void)lineShutdown(app);
    check_clean();
}

static void check_told(enum ui_said function, DWORD object, DWORD type)
{
    ck_assert_uint_eq(told.function, function);
    ck_assert_uint_eq(told.object, object);
    ck_assert_uint_eq(object_type, type);
    if (function != UI_PROVIDER)
        ck_assert_mem_eq(told.class_name, wclass, sizeof(wclass));
    memset(&told, 0, sizeof(told));
}

START_TEST(lines)
{
    ck_assert_int_eq(lineConfigDialogA(UI_SUCCEEDS, NULL, class_a()), 0);
    check_told(UI_LINE, UI_SUCCEEDS, TUISPIDLL_OBJECT_LINEID);
    ck_assert_int_eq(lineConfigDialog(UI_SUCCEEDS, NULL, class_a()), 0);
    check_told(UI_LINE, UI_SUCCEEDS, TUISPIDLL_OBJECT_LINEID);
    ck_assert_int_eq(lineConfigDialogW(UI_SUCCEEDS, NULL, wclass), 0);
    check_told(UI_LINE, UI_SUCCEEDS, TUISPIDLL_OBJECT_LINEID);
    /* No class is none; what the dialog says is passed on, but for what no function may say. */
    ck_assert_int_eq(lineConfigDialogA(UI_SUCCEEDS, NULL, NULL), 0);
    ck_assert_uint_eq(told.class_name[0], 0);
    ck_assert_int_eq(lineConfigDialogA(UI_FAILS, NULL, NULL), ERR(INUSE));
    ck_assert_int_eq(lineConfigDialogA(UI_WRONG, NULL, NULL), ERR(OPERATIONFAILED));
    fake.rc[CHANNEL_UI_DATA] = ERR(NODRIVER);
    ck_assert_int_eq(lineConfigDialogA(UI_SUCCEEDS, NULL, NULL), ERR(NODRIVER));
    fake.rc[CHANNEL_UI_LIBRARY] = ERR(BADDEVICEID);
    ck_assert_int_eq(lineConfigDialogA(9, NULL, NULL), ERR(BADDEVICEID));
    fake.rc[CHANNEL_UI_LIBRARY] = 0;
    library[0] = 0;
    ck_assert_int_eq(lineConfigDialogA(UI_SUCCEEDS, NULL, NULL), ERR(OPERATIONUNAVAIL));
}
END_TEST

START_TEST(edited)
{
    struct {
        VARSTRING head;
        char room[8];
    } out[3];
    char in[4] = "abc";
    int i;

    memset(out, 0, sizeof(out));
    for (i = 0; i < 3; i++)
        out[i].head.dwTotalSize = sizeof(out[i]);
    ck_assert_int_eq(lineConfigDialogEditA(UI_SUCCEEDS, NULL, class_a(), in, sizeof(in), &out[0].head), 0);
    check_told(UI_EDIT, UI_SUCCEEDS, TUISPIDLL_OBJECT_LINEID);
    ck_assert_int_eq(lineConfigDialogEdit(UI_SUCCEEDS, NULL, class_a(), in, sizeof(in), &out[1].head), 0);
    check_told(UI_EDIT, UI_SUCCEEDS, TUISPIDLL_OBJECT_LINEID);
    ck_assert_int_eq(lineConfigDialogEditW(UI_SUCCEEDS, NULL, wclass, in, sizeof(in), &out[2].head), 0);
    check_told(UI_EDIT, UI_SUCCEEDS, TUISPIDLL_OBJECT_LINEID);
    for (i = 0; i < 3; i++) {
        ck_assert_uint_eq(out[i].head.dwStringSize, sizeof(in));
        ck_assert_mem_eq((char *)&out[i] + out[i].head.dwStringOffset, in, sizeof(in));
    }
    ck_assert_int_eq(lineConfigDialogEditA(UI_SUCCEEDS, NULL, NULL, NULL, 4, &out[0].head), ERR(INVALPOINTER));
    ck_assert_int_eq(lineConfigDialogEditA(UI_SUCCEEDS, NULL, NULL, in, 4, NULL), ERR(INVALPOINTER));
    out[0].head.dwTotalSize = sizeof(VARSTRING) - 1;
    ck_assert_int_eq(lineConfigDialogEditA(UI_SUCCEEDS, NULL, NULL, in, 4, &out[0].head), ERR(STRUCTURETOOSMALL));
}
END_TEST

START_TEST(phones)
{
    ck_assert_int_eq(phoneConfigDialogA(UI_SUCCEEDS, NULL, class_a()), 0);
    check_told(UI_PHONE, UI_SUCCEEDS, TUISPIDLL_OBJECT_PHONEID);
    ck_assert_int_eq(phoneConfigDialog(UI_SUCCEEDS, NULL, class_a()), 0);
    check_told(UI_PHONE, UI_SUCCEEDS, TUISPIDLL_OBJECT_PHONEID);
    ck_assert_int_eq(phoneConfigDialogW(UI_SUCCEEDS, NULL, wclass), 0);
    check_told(UI_PHONE, UI_SUCCEEDS, TUISPIDLL_OBJECT_PHONEID);
    ck_assert_int_eq(phoneConfigDialogW(UI_FAILS, NULL, wclass), PHONE_ERR(INUSE));
    ck_assert_int_eq(phoneConfigDialogW(UI_WRONG, NULL, wclass), PHONE_ERR(OPERATIONFAILED));
    library[0] = 0;
    ck_assert_int_eq(phoneConfigDialogA(UI_SUCCEEDS, NULL, NULL), PHONE_ERR(OPERATIONUNAVAIL));
    ck_assert_int_eq(phoneShutdown(phone_app), 0);
    ck_assert_int_eq(phoneConfigDialogA(UI_SUCCEEDS, NULL, NULL), PHONE_ERR(UNINITIALIZED));
}
END_TEST

/* Nobody need have initialised anything. */
START_TEST(providers)
{
    ck_assert_int_eq(lineConfigProvider(NULL, UI_SUCCEEDS), 0);
    check_told(UI_PROVIDER, UI_SUCCEEDS, TUISPIDLL_OBJECT_PROVIDERID);
    ck_assert_int_eq(lineConfigProvider(NULL, UI_FAILS), ERR(INUSE));
    (void)lineShutdown(app);
    (void)phoneShutdown(phone_app);
    ck_assert_int_eq(lineConfigProvider(NULL, UI_SUCCEEDS), 0);
    ck_assert_int_eq(lineConfigDialogW(UI_SUCCEEDS, NULL, wclass), ERR(UNINITIALIZED));
    fake.rc[CHANNEL_UI_LIBRARY] = ERR(INVALPARAM);
    ck_assert_int_eq(lineConfigProvider(NULL, 9), ERR(INVALPARAM));
}
END_TEST

TCase *dialogs_tests(void)
{
    TCase *t = tcase_create("dialogs");

    tcase_add_checked_fixture(t, open_all, close_all);
    tcase_add_test(t, lines);
    tcase_add_test(t, edited);
    tcase_add_test(t, phones);
    tcase_add_test(t, providers);
    return t;
}
