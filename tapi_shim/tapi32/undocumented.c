/* Exports of tapi32.dll that no document describes: there, so that whoever imports them can be loaded.
 * SPDX-License-Identifier: MIT */
#include "include/tapi_port.h"

/*
 * The system's own control panel and management console use these among themselves. Parameter counts are those that
 * callers on x86 push, as far as they are known, so that the stack is right after a call; where nothing is known, none
 * are taken off.
 */
#define ARG UINT_PTR
#define ARGS_0 (void)
#define ARGS_1 (ARG a)
#define ARGS_2 (ARG a, ARG b)
#define ARGS_3 (ARG a, ARG b, ARG c)
#define ARGS_4 (ARG a, ARG b, ARG c, ARG d)
#define ARGS_6 (ARG a, ARG b, ARG c, ARG d, ARG e, ARG f)
#define USE_0
#define USE_1 (void)a;
#define USE_2 USE_1(void) b;
#define USE_3 USE_2(void) c;
#define USE_4 USE_3(void) d;
#define USE_6                                                                                                          \
    USE_4(void) e;                                                                                                     \
    (void)f;

#define UNDOCUMENTED_MAP(X)                                                                                            \
    X(GetTapi16CallbackMsg, 2)                                                                                         \
    X(LAddrParamsInited, 1)                                                                                            \
    X(LOpenDialAsst, 4)                                                                                                \
    X(LocWizardDlgProc, 4)                                                                                             \
    X(MMCAddProvider, 4)                                                                                               \
    X(MMCConfigProvider, 3)                                                                                            \
    X(MMCGetAvailableProviders, 2)                                                                                     \
    X(MMCGetDeviceFlags, 6)                                                                                            \
    X(MMCGetLineInfo, 2)                                                                                               \
    X(MMCGetLineStatus, 6)                                                                                             \
    X(MMCGetPhoneInfo, 2)                                                                                              \
    X(MMCGetPhoneStatus, 6)                                                                                            \
    X(MMCGetProviderList, 2)                                                                                           \
    X(MMCGetServerConfig, 2)                                                                                           \
    X(MMCInitialize, 4)                                                                                                \
    X(MMCRemoveProvider, 3)                                                                                            \
    X(MMCSetLineInfo, 2)                                                                                               \
    X(MMCSetPhoneInfo, 2)                                                                                              \
    X(MMCSetServerConfig, 2)                                                                                           \
    X(MMCShutdown, 1)                                                                                                  \
    X(NonAsyncEventThread, 1)                                                                                          \
    X(internalConfig, 4)                                                                                               \
    X(internalCreateDefLocation, 1)                                                                                    \
    X(internalNewLocationW, 1)                                                                                         \
    X(internalPerformance, 1)                                                                                          \
    X(internalRemoveLocation, 1)                                                                                       \
    X(internalRenameLocationW, 2)

#define UNDOCUMENTED(name, count)                                                                                      \
    LONG WINAPI name ARGS_##count;                                                                                     \
    LONG WINAPI name ARGS_##count                                                                                      \
    {                                                                                                                  \
        USE_##count return (LONG)LINEERR_OPERATIONUNAVAIL;                                                             \
    }
UNDOCUMENTED_MAP(UNDOCUMENTED)

LRESULT WINAPI TAPIWndProc(HWND window, UINT message, WPARAM w, LPARAM l);
/* The window procedure of the hidden window; ours is another one. */
LRESULT WINAPI TAPIWndProc(HWND window, UINT message, WPARAM w, LPARAM l)
{
    return DefWindowProcW(window, message, w, l);
}
