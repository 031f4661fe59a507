/* Keeps the windows out of OpenSSL: the provider lives in a service and must not load USER32.
 * SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <windows.h>

/*
 * libcrypto asks whether it runs where somebody can see a message box, for the text of a fatal error. Here nobody can:
 * what it would import is answered by this file instead, under the names that the linker looks for.
 */

static void *WINAPI no_window_station(void)
{
    return NULL;
}

static int WINAPI no_object_information(HANDLE object, int index, void *info, DWORD size, DWORD *needed)
{
    (void)object;
    (void)index;
    (void)info;
    (void)size;
    (void)needed;
    return 0;
}

static int WINAPI no_message_box(HWND window, const WCHAR *text, const WCHAR *title, UINT type)
{
    (void)window;
    (void)text;
    (void)title;
    (void)type;
    return 0;
}

#if UINTPTR_MAX > 0xFFFFFFFFu
#define IMPORTED(name, bytes) "__imp_" #name
#else
#define IMPORTED(name, bytes) "__imp__" #name "@" #bytes
#endif

extern void *(WINAPI *const sip_imp_window_station)(void)__asm__(IMPORTED(GetProcessWindowStation, 0));
extern int(WINAPI *const sip_imp_object_information)(HANDLE, int, void *, DWORD,
                                                     DWORD *) __asm__(IMPORTED(GetUserObjectInformationW, 20));
extern int(WINAPI *const sip_imp_message_box)(HWND, const WCHAR *, const WCHAR *,
                                              UINT) __asm__(IMPORTED(MessageBoxW, 16));

void *(WINAPI *const sip_imp_window_station)(void) = no_window_station;
int(WINAPI *const sip_imp_object_information)(HANDLE, int, void *, DWORD, DWORD *) = no_object_information;
int(WINAPI *const sip_imp_message_box)(HWND, const WCHAR *, const WCHAR *, UINT) = no_message_box;
