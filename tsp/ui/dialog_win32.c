/* The dialog of the provider's lines. SPDX-License-Identifier: MIT */
#include "tsp/ui/dialog.h"
#include "include/sessiontsp.h"
#include "tsp/tspi/config.h"
#include "tsp/tspi/configedit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct dialog {
    TUISPIDLLCALLBACK callback;
    DWORD object, type;
};

/* ---- what it looks like ------------------------------------------------------------------------------------------ */

/* A template in memory: what a resource compiler would make. */
struct template {
    DWORD space[400]; /* aligned */
    size_t used;      /* bytes */
};

static void put(struct template *t, const void *data, size_t size)
{
    memcpy((char *)t->space + t->used, data, size);
    t->used += size;
}

static void put_text(struct template *t, const char *text)
{
    WCHAR wide[80];
    size_t units = platform_utf8_to_utf16(text, SIZE_MAX, (uint16_t *)wide, sizeof wide / sizeof *wide);

    put(t, wide, units * sizeof *wide);
}

enum { BUTTON = 0x0080, EDIT = 0x0081, LABEL = 0x0082, LISTBOX = 0x0083 }; /* atoms of their classes */

static void put_control(struct template *t, WORD class_atom, WORD id, DWORD style, short x, short y, short w, short h,
                        const char *text)
{
    DLGITEMTEMPLATE item = {WS_CHILD | WS_VISIBLE | style, 0, x, y, w, h, id};
    WORD class_name[2] = {0xFFFF, class_atom}, nothing = 0;

    t->used = (t->used + 3) & ~(size_t)3;
    put(t, &item, sizeof item);
    put(t, class_name, sizeof class_name);
    put_text(t, text);
    put(t, &nothing, sizeof nothing);
}

static void make(struct template *t)
{
    DLGTEMPLATE head = {WS_POPUP | WS_CAPTION | WS_SYSMENU | DS_MODALFRAME | DS_CENTER | DS_SETFONT, 0, 9, 0, 0, 220, 170};
    WORD nothing[2] = {0, 0}, points = 8;

    t->used = 0;
    put(t, &head, sizeof head);
    put(t, nothing, sizeof nothing); /* no menu, the usual class */
    put_text(t, DIALOG_TITLE);
    put(t, &points, sizeof points);
    put_text(t, "MS Shell Dlg");
    put_control(t, LISTBOX, DIALOG_LIST, WS_TABSTOP | WS_BORDER | WS_VSCROLL | LBS_NOTIFY, 7, 7, 206, 80, "");
    put_control(t, LABEL, 0xFFFF, 0, 7, 95, 40, 10, "N&umber:");
    put_control(t, EDIT, DIALOG_NUMBER, WS_TABSTOP | WS_BORDER | ES_AUTOHSCROLL, 50, 93, 100, 12, "");
    put_control(t, LABEL, 0xFFFF, 0, 7, 111, 40, 10, "&Name:");
    put_control(t, EDIT, DIALOG_NAME, WS_TABSTOP | WS_BORDER | ES_AUTOHSCROLL, 50, 109, 100, 12, "");
    put_control(t, BUTTON, DIALOG_ADD, WS_TABSTOP | BS_DEFPUSHBUTTON, 158, 92, 55, 14, "&Add");
    put_control(t, BUTTON, DIALOG_REMOVE, WS_TABSTOP | BS_PUSHBUTTON, 158, 110, 55, 14, "&Remove");
    put_control(t, LABEL, DIALOG_SAID, SS_LEFT, 7, 130, 140, 34, "");
    put_control(t, BUTTON, IDCANCEL, WS_TABSTOP | BS_PUSHBUTTON, 158, 149, 55, 14, "&Close");
}

/* ---- what it does ------------------------------------------------------------------------------------------------ */

static void say(HWND window, const char *text)
{
    WCHAR wide[200];

    (void)platform_utf8_to_utf16(text, SIZE_MAX, (uint16_t *)wide, sizeof wide / sizeof *wide);
    (void)SetDlgItemTextW(window, DIALOG_SAID, wide);
}

static void list(HWND window)
{
    struct session_mem mem = {NULL, NULL, NULL};
    struct config *conf = NULL;

    (void)SendDlgItemMessageW(window, DIALOG_LIST, LB_RESETCONTENT, 0, 0);
    if (config_read(&conf, NULL, &mem)) {
        say(window, "The configuration cannot be read.");
    } else {
        for (uint32_t i = 0; i < conf->linec; i++) {
            char text[600];
            WCHAR wide[600];

            (void)snprintf(text, sizeof text, "%s  %s", conf->linev[i].numberv[0], conf->linev[i].name);
            (void)platform_utf8_to_utf16(text, SIZE_MAX, (uint16_t *)wide, sizeof wide / sizeof *wide);
            (void)SendDlgItemMessageW(window, DIALOG_LIST, LB_ADDSTRING, 0, (LPARAM)wide);
        }
    }
    config_free(conf);
}

/* The provider hears of it, if it is there to. */
static void tell(const struct dialog *d, HWND window)
{
    struct sessiontsp_provider block = {SESSIONTSP_PROVIDER_RELOAD, 0, 0, 0, 0, 0, 0};
    LONG rc = d->callback ? d->callback(d->object, d->type, &block, sizeof block) : 0;

    list(window);
    say(window, rc || !block.dwRunning ? "It counts from the next start of telephony on." : "Done.");
}

static const char *why(int err)
{
    switch (err) {
    case EINVAL:
        return "A number has digits, A to D, * # and +.";
    case EEXIST:
        return "Somebody has that number.";
    case EPERM:
        return "It is one of the section [lines]: change its count there.";
    case ENODEV:
        return "Choose the line to remove.";
    case EACCES:
        return "The configuration may not be written: administrators may.";
    default:
        return "The configuration cannot be changed.";
    }
}

static void text_of(HWND window, int id, char *out, size_t size)
{
    WCHAR wide[256] = {0};

    (void)GetDlgItemTextW(window, id, wide, sizeof wide / sizeof *wide);
    (void)platform_utf16_to_utf8((const uint16_t *)wide, SIZE_MAX, out, size);
}

static void add(const struct dialog *d, HWND window)
{
    char number[800], name[800];
    int err;

    text_of(window, DIALOG_NUMBER, number, sizeof number);
    text_of(window, DIALOG_NAME, name, sizeof name);
    err = config_line_add(number, name, true);
    if (err) {
        say(window, why(err));
        return;
    }
    (void)SetDlgItemTextW(window, DIALOG_NUMBER, L"");
    (void)SetDlgItemTextW(window, DIALOG_NAME, L"");
    tell(d, window);
}

static void remove_line(const struct dialog *d, HWND window)
{
    LRESULT at = SendDlgItemMessageW(window, DIALOG_LIST, LB_GETCURSEL, 0, 0);
    LRESULT units = at >= 0 ? SendDlgItemMessageW(window, DIALOG_LIST, LB_GETTEXTLEN, (WPARAM)at, 0) : -1;
    char number[1800] = "";
    WCHAR wide[600] = {0};
    int err;

    if (units >= 0 && units < (LRESULT)(sizeof wide / sizeof *wide))
        (void)SendDlgItemMessageW(window, DIALOG_LIST, LB_GETTEXT, (WPARAM)at, (LPARAM)wide);
    (void)platform_utf16_to_utf8((const uint16_t *)wide, SIZE_MAX, number, sizeof number);
    number[strcspn(number, " ")] = 0;
    err = config_line_remove(number);
    if (err)
        say(window, why(err));
    else
        tell(d, window);
}

static INT_PTR CALLBACK procedure(HWND window, UINT message, WPARAM w, LPARAM l)
{
    const struct dialog *d = (const struct dialog *)GetWindowLongPtrW(window, DWLP_USER);

    switch (message) {
    case WM_INITDIALOG:
        (void)SetWindowLongPtrW(window, DWLP_USER, (LONG_PTR)l);
        list(window);
        return TRUE;
    case WM_COMMAND:
        switch (LOWORD(w)) {
        case DIALOG_ADD:
            add(d, window);
            return TRUE;
        case DIALOG_REMOVE:
            remove_line(d, window);
            return TRUE;
        case IDCANCEL:
            (void)EndDialog(window, 1);
            return TRUE;
        default:
            return FALSE;
        }
    default:
        return FALSE;
    }
}

LONG dialog_show(TUISPIDLLCALLBACK callback, DWORD object, DWORD type, HWND owner)
{
    struct dialog d = {callback, object, type};
    struct template t;

    make(&t);
    return DialogBoxIndirectParamW(NULL, (LPCDLGTEMPLATEW)(const void *)t.space, owner, procedure, (LPARAM)&d) > 0
               ? 0
               : (LONG)LINEERR_OPERATIONFAILED;
}
