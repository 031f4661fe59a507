/* A small program against the public headers, as C and as C++: what users write must compile without warnings. */
/* SPDX-License-Identifier: MIT */
#include <tapi.h>
#include <tspi.h>
#include <tapi_fixed_size.h>
#include <tapi_shim.h>

#ifdef __cplusplus
#define ASSERT(condition) static_assert(condition, #condition)
#else
#define ASSERT(condition) _Static_assert(condition, #condition)
#endif

/* The published sizes of each version, x64 and x86 alike. */
ASSERT(TAPI_FIXED_LINEDEVCAPS(0x00010003) == 236);
ASSERT(TAPI_FIXED_LINEDEVCAPS(0x00010004) == 240);
ASSERT(TAPI_FIXED_LINEDEVCAPS(0x00020000) == 252);
ASSERT(TAPI_FIXED_LINEDEVCAPS(0x00020002) == 268);
ASSERT(TAPI_FIXED_LINEDEVCAPS(0x00030000) == sizeof(LINEDEVCAPS));
ASSERT(TAPI_FIXED_LINEADDRESSCAPS(0x00010003) == 176);
ASSERT(TAPI_FIXED_LINEADDRESSCAPS(0x00010004) == 180);
ASSERT(TAPI_FIXED_LINEADDRESSCAPS(0x00020000) == sizeof(LINEADDRESSCAPS));
ASSERT(TAPI_FIXED_LINECALLINFO(0x00010004) == 296);
ASSERT(TAPI_FIXED_LINECALLINFO(0x00020002) == 324);
ASSERT(TAPI_FIXED_LINECALLINFO(0x00030000) == sizeof(LINECALLINFO));
ASSERT(TAPI_FIXED_LINECALLPARAMS(0x00010004) == 112);
ASSERT(TAPI_FIXED_LINECALLPARAMS(0x00020002) == 176);
ASSERT(TAPI_FIXED_LINECALLPARAMS(0x00030000) == sizeof(LINECALLPARAMS));
ASSERT(TAPI_FIXED_LINECALLSTATUS(0x00010004) == 36);
ASSERT(TAPI_FIXED_LINECALLSTATUS(0x00020000) == sizeof(LINECALLSTATUS));
ASSERT(TAPI_FIXED_LINEDEVSTATUS(0x00010004) == 76);
ASSERT(TAPI_FIXED_LINEDEVSTATUS(0x00020000) == sizeof(LINEDEVSTATUS));
ASSERT(TAPI_FIXED_LINECARDENTRY(0x00010003) == 12);
ASSERT(TAPI_FIXED_LINECARDENTRY(0x00010004) == sizeof(LINECARDENTRY));
ASSERT(TAPI_FIXED_LINEFORWARD(0x00030000) == 24);
ASSERT(TAPI_FIXED_LINEFORWARD(0x00030001) == sizeof(LINEFORWARD));
ASSERT(TAPI_FIXED_LINELOCATIONENTRY(0x00010003) == 28);
ASSERT(TAPI_FIXED_LINELOCATIONENTRY(0x00010004) == sizeof(LINELOCATIONENTRY));
ASSERT(TAPI_FIXED_PHONEBUTTONINFO(0x00010003) == 36);
ASSERT(TAPI_FIXED_PHONEBUTTONINFO(0x00010004) == sizeof(PHONEBUTTONINFO));
ASSERT(TAPI_FIXED_PHONECAPS(0x00010004) == 144);
ASSERT(TAPI_FIXED_PHONECAPS(0x00020000) == 180);
ASSERT(TAPI_FIXED_PHONECAPS(0x00020002) == sizeof(PHONECAPS));
ASSERT(TAPI_FIXED_PHONESTATUS(0x00010004) == 100);
ASSERT(TAPI_FIXED_PHONESTATUS(0x00020000) == sizeof(PHONESTATUS));

/* Constants serve the preprocessor as well. */
#if LINECALLSTATE_CONNECTED != 0x100 || LINE_REPLY != 12 || TAPIERR_DROPPED != -1 || TAPI_CURRENT_VERSION != 0x00020002
#error "wrong constants"
#endif

static void CALLBACK on_message(DWORD hDevice, DWORD dwMessage, DWORD_PTR dwInstance, DWORD_PTR dwParam1,
                                DWORD_PTR dwParam2, DWORD_PTR dwParam3)
{
    (void)hDevice;
    (void)dwInstance;
    (void)dwParam2;
    (void)dwParam3;
    switch (dwMessage) {
    case LINE_CALLSTATE:
        (void)(dwParam1 == LINECALLSTATE_IDLE);
        break;
    case LINE_REPLY:
    case LINE_NEWCALL:
    default:
        break;
    }
}

LONG consumer_call(void);
LONG consumer_call(void)
{
    HLINEAPP app = 0;
    HLINE line = 0;
    HCALL call = 0;
    DWORD devs = 0, version = TAPI_CURRENT_VERSION;
    LINEINITIALIZEEXPARAMS params = {sizeof(params), 0, 0, LINEINITIALIZEEXOPTION_USEEVENT, {NULL}, 0};
    static const WCHAR number[] = u"600";
    LPCWSTR name = u"consumer";
    LINEPROXYREQUEST request;
    LINECALLQOSINFO quality;
    LONG result = lineInitializeExW(&app, NULL, on_message, name, &devs, &version, &params);

    if (result != 0) {
        return result;
    }
    /* Members of unions without a name. */
    request.SetAgentState.dwAgentState = LINEAGENTSTATE_READY;
    quality.SetQOSServiceLevel.dwNumServiceLevelEntries = 0;
    (void)request;
    (void)quality;
    if (tapi_shim_event_fd(params.Handles.hEvent) < 0) {
        return (LONG)LINEERR_OPERATIONFAILED;
    }
    result = lineOpen(app, 0, &line, version, 0, 0, LINECALLPRIVILEGE_NONE, LINEMEDIAMODE_INTERACTIVEVOICE, NULL);
    if (result == (LONG)LINEERR_ALLOCATED) {
        return result;
    }
    result = lineMakeCallW(line, &call, number, 0, NULL);
    result = lineMakeCall(line, &call, TEXT("601"), 0, NULL);
    (void)lineDrop(call, NULL, 0);
    return lineShutdown(app);
}

LONG consumer_provide(HDRVLINE line, HTAPICALL call, LPHDRVCALL made, LINEEVENT event);
LONG consumer_provide(HDRVLINE line, HTAPICALL call, LPHDRVCALL made, LINEEVENT event)
{
    event(NULL, call, LINE_CALLSTATE, LINECALLSTATE_DIALING, 0, 0);
    return TSPI_lineMakeCall(1, line, call, made, u"100", 0, NULL);
}
