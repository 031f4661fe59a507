/* Drives a dialog by messages, from a hook of its thread. SPDX-License-Identifier: MIT */
#include "tests/unit/tspi/ui_drive.h"
#include "tapi_shim/platform/platform.h"
#include "tsp/ui/dialog.h"

static struct {
    HHOOK hook;
    const char *number, *name;
    int choose, lines;
    char *said;
    bool done;
} drive;

bool drive_possible(void)
{
    HWND window = CreateWindowW(L"STATIC", L"", WS_OVERLAPPED, 0, 0, 1, 1, NULL, NULL, NULL, NULL);

    if (window)
        (void)DestroyWindow(window);
    return window != NULL;
}

static void set_text(HWND dialog, int id, const char *text)
{
    WCHAR wide[100];

    (void)platform_utf8_to_utf16(text, SIZE_MAX, (uint16_t *)wide, 100);
    (void)SetDlgItemTextW(dialog, id, wide);
}

static LRESULT CALLBACK hooked(int code, WPARAM w, LPARAM l)
{
    HWND dialog = (HWND)w;
    WCHAR said[200] = {0};

    if (code != HCBT_ACTIVATE || drive.done || !GetDlgItem(dialog, DIALOG_LIST))
        return CallNextHookEx(drive.hook, code, w, l);
    drive.done = true;
    if (drive.number) {
        set_text(dialog, DIALOG_NUMBER, drive.number);
        set_text(dialog, DIALOG_NAME, drive.name);
        (void)SendMessageW(dialog, WM_COMMAND, DIALOG_ADD, 0);
    } else {
        (void)SendDlgItemMessageW(dialog, DIALOG_LIST, LB_SETCURSEL, (WPARAM)drive.choose, 0);
        (void)SendMessageW(dialog, WM_COMMAND, DIALOG_REMOVE, 0);
    }
    (void)GetDlgItemTextW(dialog, DIALOG_SAID, said, 200);
    (void)platform_utf16_to_utf8((const uint16_t *)said, SIZE_MAX, drive.said, 200);
    drive.lines = (int)SendDlgItemMessageW(dialog, DIALOG_LIST, LB_GETCOUNT, 0, 0);
    (void)PostMessageW(dialog, WM_COMMAND, IDCANCEL, 0);
    return 0;
}

void drive_begin(const char *number, const char *name, int choose, char said[200])
{
    said[0] = 0;
    drive.number = number;
    drive.name = name;
    drive.choose = choose;
    drive.said = said;
    drive.lines = -1;
    drive.done = false;
    drive.hook = SetWindowsHookExW(WH_CBT, hooked, NULL, GetCurrentThreadId());
}

int drive_end(void)
{
    (void)UnhookWindowsHookEx(drive.hook);
    return drive.lines;
}
