/* A whole provider inside the test: functions on calls beyond the first ones. SPDX-License-Identifier: MIT */
#include "tests/unit/engine/fake_priv.h"

#include <stdio.h>
#include <string.h>

#define N(hdcall) fake_number_of(fake_call_of(hdcall))

/* What is written, as far as it is ASCII. */
static const char *ascii(LPCWSTR text)
{
    static char buf[4][64];
    static unsigned turn;
    char *to = buf[turn++ % 4];
    unsigned i = 0;

    if (!text)
        return "-";
    for (; text[i] && i + 1 < sizeof(buf[0]); i++)
        to[i] = (char)text[i];
    to[i] = 0;
    return to;
}

/* ---- on calls ---------------------------------------------------------------------------------------------------- */

#define PLAIN(name)                                                                                                    \
    static LONG TSPIAPI name(DRV_REQUESTID request, HDRVCALL hdcall)                                                   \
    {                                                                                                                  \
        fake_note(#name " %u", N(hdcall));                                                                             \
        return fake_async(request, fake.other);                                                                        \
    }
PLAIN(hold)
PLAIN(unhold)
PLAIN(secure)
PLAIN(release)
PLAIN(leave)

#define PAIR(name)                                                                                                     \
    static LONG TSPIAPI name(DRV_REQUESTID request, HDRVCALL hdcall, HDRVCALL second)                                  \
    {                                                                                                                  \
        fake_note(#name " %u %u", N(hdcall), N(second));                                                               \
        return fake_async(request, fake.other);                                                                        \
    }
PAIR(swap)
PAIR(add)

#define ADDRESSED(name)                                                                                                \
    static LONG TSPIAPI name(DRV_REQUESTID request, HDRVCALL hdcall, LPCWSTR dest, DWORD country)                      \
    {                                                                                                                  \
        fake_note(#name " %u %s %u", N(hdcall), ascii(dest), (unsigned)country);                                       \
        return fake_async(request, fake.other);                                                                        \
    }
ADDRESSED(redirect)
ADDRESSED(blind)

static LONG TSPIAPI send_uui(DRV_REQUESTID request, HDRVCALL hdcall, LPCSTR uui, DWORD size)
{
    fake_note("uui %u %.*s", N(hdcall), (int)size, uui ? uui : "");
    return fake_async(request, fake.other);
}

static LONG TSPIAPI call_data(DRV_REQUESTID request, HDRVCALL hdcall, LPVOID data, DWORD size)
{
    fake_note("data %u %.*s", N(hdcall), (int)size, data ? (const char *)data : "");
    return fake_async(request, fake.other);
}

static LONG TSPIAPI call_params(DRV_REQUESTID request, HDRVCALL hdcall, DWORD bearer, DWORD min, DWORD max,
                                LPLINEDIALPARAMS const dial)
{
    fake_note("params %u %u %u %u %u", N(hdcall), (unsigned)bearer, (unsigned)min, (unsigned)max,
              dial ? (unsigned)dial->dwDigitDuration : 0);
    return fake_async(request, fake.other);
}

static LONG TSPIAPI treatment(DRV_REQUESTID request, HDRVCALL hdcall, DWORD value)
{
    fake_note("treatment %u %u", N(hdcall), (unsigned)value);
    return fake_async(request, fake.other);
}

static LONG TSPIAPI quality(DRV_REQUESTID request, HDRVCALL hdcall, LPVOID sending, DWORD sending_size,
                            LPVOID receiving, DWORD receiving_size)
{
    fake_note("qos %u %.*s %.*s", N(hdcall), (int)sending_size, sending ? (const char *)sending : "",
              (int)receiving_size, receiving ? (const char *)receiving : "");
    return fake_async(request, fake.other);
}

static LONG TSPIAPI park(DRV_REQUESTID request, HDRVCALL hdcall, DWORD mode, LPCWSTR address, LPVARSTRING to)
{
    fake_note("park %u %u %s", N(hdcall), (unsigned)mode, ascii(address));
    fake.result = to;
    return fake_async(request, fake.other);
}

static LONG TSPIAPI complete_call(DRV_REQUESTID request, HDRVCALL hdcall, LPDWORD id, DWORD mode, DWORD message)
{
    LONG rc;

    fake_note("complete %u %u %u", N(hdcall), (unsigned)mode, (unsigned)message);
    fake.result = id;
    if (fake.other == FAKE_EARLIER) {
        rc = fake_async(request, fake.other);
        *id = 4711; /* it completed before it wrote this */
    } else {
        *id = 4711;
        rc = fake_async(request, fake.other);
    }
    if (fake.idle_early) {
        fake_state((int)N(hdcall), LINECALLSTATE_IDLE, 0, LINEMEDIAMODE_INTERACTIVEVOICE);
        fake_info((int)N(hdcall), LINECALLINFOSTATE_CALLDATA);
    }
    return rc;
}

/* ---- that make calls --------------------------------------------------------------------------------------------- */

static struct fake_call *call_new(unsigned line, HTAPICALL ht, uint32_t request, LPHDRVCALL to)
{
    struct fake_call *call = &fake.callv[fake.callc++];

    memset(call, 0, sizeof(*call));
    call->ht = ht;
    call->line = line;
    call->request = request;
    if (fake.make != FAKE_REFUSE && fake.make != FAKE_ZERO_NONE) {
        call->made = true;
        *to = fake_handle_of(call);
    }
    return call;
}

/* Completes before the handle is there, or after it. */
static LONG creation(unsigned line, HTAPICALL ht, uint32_t request, LPHDRVCALL to)
{
    LONG rc = 0;
    bool earlier = fake.make == FAKE_EARLIER;

    if (earlier)
        rc = fake_async(request, FAKE_EARLIER);
    call_new(line, ht, request, to);
    if (fake.events_early)
        fake_state((int)fake.callc - 1, LINECALLSTATE_DIALTONE, LINEDIALTONEMODE_NORMAL, 0);
    return earlier ? rc : fake_async(request, fake.make);
}

static LONG TSPIAPI setup_transfer(DRV_REQUESTID request, HDRVCALL hdcall, HTAPICALL ht, LPHDRVCALL to,
                                   LPLINECALLPARAMS const params)
{
    fake_note("setup %u %u", N(hdcall), params ? (unsigned)params->dwMediaMode : 0);
    return creation(fake_call_of(hdcall)->line, ht, request, to);
}

static LONG TSPIAPI complete_transfer(DRV_REQUESTID request, HDRVCALL hdcall, HDRVCALL second, HTAPICALL ht,
                                      LPHDRVCALL to, DWORD mode)
{
    fake_note("transfer %u %u %u", N(hdcall), N(second), (unsigned)mode);
    if (mode == LINETRANSFERMODE_CONFERENCE)
        return creation(fake_call_of(hdcall)->line, ht, request, to);
    *to = (HDRVCALL)(uintptr_t)0xBAD; /* which nobody looks at */
    return fake_async(request, fake.other);
}

static LONG TSPIAPI setup_conference(DRV_REQUESTID request, HDRVCALL hdcall, HDRVLINE hdline, HTAPICALL conf,
                                     LPHDRVCALL conf_to, HTAPICALL consult, LPHDRVCALL consult_to, DWORD parties,
                                     LPLINECALLPARAMS const params)
{
    (void)params;
    fake_note("conference %d %u %u", hdcall ? (int)N(hdcall) : -1, fake_line_of(hdline), (unsigned)parties);
    if (!fake.no_call)
        call_new(fake_line_of(hdline), consult, request, consult_to);
    return creation(fake_line_of(hdline), conf, request, conf_to);
}

static LONG TSPIAPI prepare_add(DRV_REQUESTID request, HDRVCALL hdcall, HTAPICALL ht, LPHDRVCALL to,
                                LPLINECALLPARAMS const params)
{
    (void)params;
    fake_note("prepare %u", N(hdcall));
    return creation(fake_call_of(hdcall)->line, ht, request, to);
}

static LONG TSPIAPI unpark(DRV_REQUESTID request, HDRVLINE hdline, DWORD address, HTAPICALL ht, LPHDRVCALL to,
                           LPCWSTR dest)
{
    fake_note("unpark %u %u %s", fake_line_of(hdline), (unsigned)address, ascii(dest));
    return creation(fake_line_of(hdline), ht, request, to);
}

static LONG TSPIAPI pickup(DRV_REQUESTID request, HDRVLINE hdline, DWORD address, HTAPICALL ht, LPHDRVCALL to,
                           LPCWSTR dest, LPCWSTR group)
{
    fake_note("pickup %u %u %s %s", fake_line_of(hdline), (unsigned)address, ascii(dest), ascii(group));
    return creation(fake_line_of(hdline), ht, request, to);
}

static LONG TSPIAPI forward(DRV_REQUESTID request, HDRVLINE hdline, DWORD all, DWORD address,
                            LPLINEFORWARDLIST const list, DWORD rings, HTAPICALL ht, LPHDRVCALL to,
                            LPLINECALLPARAMS const params)
{
    const char *dest = "-";

    (void)params;
    if (list && list->ForwardList[0].dwDestAddressSize)
        dest = ascii((LPCWSTR)(const void *)((const char *)list + list->ForwardList[0].dwDestAddressOffset));
    fake_note("forward %u %u %u %u %s %u", fake_line_of(hdline), (unsigned)all, (unsigned)address,
              list ? (unsigned)list->dwNumEntries : 0, dest, (unsigned)rings);
    if (fake.no_call)
        return fake_async(request, fake.make);
    return creation(fake_line_of(hdline), ht, request, to);
}

/* ---- on lines ---------------------------------------------------------------------------------------------------- */

static LONG TSPIAPI uncomplete(DRV_REQUESTID request, HDRVLINE hdline, DWORD id)
{
    fake_note("uncomplete %u %u", fake_line_of(hdline), (unsigned)id);
    return fake_async(request, fake.other);
}

static LONG TSPIAPI dev_status(DRV_REQUESTID request, HDRVLINE hdline, DWORD change, DWORD on)
{
    fake_note("devstatus %u %u %u", fake_line_of(hdline), (unsigned)change, (unsigned)on);
    return fake_async(request, fake.other);
}

static LONG TSPIAPI terminal(DRV_REQUESTID request, HDRVLINE hdline, DWORD address, HDRVCALL hdcall, DWORD select,
                             DWORD modes, DWORD id, DWORD enable)
{
    fake_note("terminal %u %u %d %u %x %u %u", fake_line_of(hdline), (unsigned)address, hdcall ? (int)N(hdcall) : -1,
              (unsigned)select, (unsigned)modes, (unsigned)id, (unsigned)enable);
    return fake_async(request, fake.other);
}

static LONG TSPIAPI dev_specific(DRV_REQUESTID request, HDRVLINE hdline, DWORD address, HDRVCALL hdcall, LPVOID params,
                                 DWORD size)
{
    fake_note("specific %u %u %d %.*s", fake_line_of(hdline), (unsigned)address, hdcall ? (int)N(hdcall) : -1,
              (int)size, params ? (const char *)params : "");
    fake.result = params;
    return fake_async(request, fake.other);
}

static LONG TSPIAPI dev_feature(DRV_REQUESTID request, HDRVLINE hdline, DWORD feature, LPVOID params, DWORD size)
{
    fake_note("feature %u %u %.*s", fake_line_of(hdline), (unsigned)feature, (int)size,
              params ? (const char *)params : "");
    fake.result = params;
    return fake_async(request, fake.other);
}

/* ---- digits, tones, media ---------------------------------------------------------------------------------------- */

static LONG synchronous(void)
{
    if (fake.inside)
        fake.inside();
    return (LONG)fake.sync_result;
}

static LONG TSPIAPI media_mode(HDRVCALL hdcall, DWORD modes)
{
    fake_note("mediamode %u %x", N(hdcall), (unsigned)modes);
    return synchronous();
}

static LONG TSPIAPI generate_digits(HDRVCALL hdcall, DWORD task, DWORD mode, LPCWSTR digits, DWORD duration)
{
    fake_note("digits %u %u %s %u", N(hdcall), (unsigned)mode, ascii(digits), (unsigned)duration);
    fake.task = task;
    return synchronous();
}

static LONG TSPIAPI generate_tone(HDRVCALL hdcall, DWORD task, DWORD mode, DWORD duration, DWORD n,
                                  LPLINEGENERATETONE const tones)
{
    fake_note("tone %u %x %u %u %u", N(hdcall), (unsigned)mode, (unsigned)duration, (unsigned)n,
              tones ? (unsigned)tones[n - 1].dwFrequency : 0);
    fake.task = task;
    return synchronous();
}

static LONG TSPIAPI gather(HDRVCALL hdcall, DWORD task, DWORD modes, LPWSTR digits, DWORD n, LPCWSTR ends, DWORD first,
                           DWORD next)
{
    fake_note("gather %u %u %u %s %u %u", N(hdcall), (unsigned)modes, (unsigned)n, ascii(ends), (unsigned)first,
              (unsigned)next);
    fake.task = task;
    fake.digits = (uint16_t *)digits;
    return synchronous();
}

static LONG TSPIAPI monitor_digits(HDRVCALL hdcall, DWORD modes)
{
    fake_note("mdigits %u %x", N(hdcall), (unsigned)modes);
    return synchronous();
}

static LONG TSPIAPI monitor_media(HDRVCALL hdcall, DWORD modes)
{
    fake_note("mmedia %u %x", N(hdcall), (unsigned)modes);
    return synchronous();
}

static LONG TSPIAPI monitor_tones(HDRVCALL hdcall, DWORD id, LPLINEMONITORTONE const tones, DWORD n)
{
    fake_note("mtones %u %u %u", N(hdcall), (unsigned)n, tones ? (unsigned)tones[n - 1].dwFrequency1 : 0);
    fake.tone_list = id;
    return synchronous();
}

static LONG TSPIAPI media_control(HDRVLINE hdline, DWORD address, HDRVCALL hdcall, DWORD select,
                                  LPLINEMEDIACONTROLDIGIT const digits, DWORD digitc,
                                  LPLINEMEDIACONTROLMEDIA const media, DWORD mediac, LPLINEMEDIACONTROLTONE const tones,
                                  DWORD tonec, LPLINEMEDIACONTROLCALLSTATE const states, DWORD statec)
{
    fake_note("control %u %u %d %u %u/%u %u/%u %u/%u %u/%u", fake_line_of(hdline), (unsigned)address,
              hdcall ? (int)N(hdcall) : -1, (unsigned)select, (unsigned)digitc, digits ? (unsigned)digits->dwDigit : 0,
              (unsigned)mediac, media ? (unsigned)media->dwDuration : 0, (unsigned)tonec,
              tones ? (unsigned)tones->dwFrequency3 : 0, (unsigned)statec, states ? (unsigned)states->dwCallStates : 0);
    return synchronous();
}

static LONG TSPIAPI get_id(HDRVLINE hdline, DWORD address, HDRVCALL hdcall, DWORD select, LPVARSTRING id, LPCWSTR name,
                           HANDLE process)
{
    const uint32_t value = 0x1DBEEF;

    (void)process;
    fake_note("id %u %u %d %u %s", fake_line_of(hdline), (unsigned)address, hdcall ? (int)N(hdcall) : -1,
              (unsigned)select, ascii(name));
    id->dwNeededSize = (uint32_t)(sizeof(*id) + sizeof(value));
    if (id->dwTotalSize < id->dwNeededSize)
        return (LONG)LINEERR_STRUCTURETOOSMALL;
    id->dwUsedSize = id->dwNeededSize;
    id->dwStringFormat = STRINGFORMAT_BINARY;
    id->dwStringSize = sizeof(value);
    id->dwStringOffset = sizeof(*id);
    memcpy(id + 1, &value, sizeof(value));
    return (LONG)fake.sync_result;
}

static LONG TSPIAPI get_icon(DWORD device, LPCWSTR name, LPHICON icon)
{
    fake_note("icon %u %s", (unsigned)(device - fake.base), ascii(name));
    *icon = (HICON)(uintptr_t)0x1C0;
    return (LONG)fake.sync_result;
}

engine_function_h *fake_ops_lookup(const char *name)
{
    static const struct {
        const char *name;
        engine_function_h *f;
    } table[] = {
        {"TSPI_lineHold", (engine_function_h *)hold},
        {"TSPI_lineUnhold", (engine_function_h *)unhold},
        {"TSPI_lineSecureCall", (engine_function_h *)secure},
        {"TSPI_lineReleaseUserUserInfo", (engine_function_h *)release},
        {"TSPI_lineRemoveFromConference", (engine_function_h *)leave},
        {"TSPI_lineSwapHold", (engine_function_h *)swap},
        {"TSPI_lineAddToConference", (engine_function_h *)add},
        {"TSPI_lineRedirect", (engine_function_h *)redirect},
        {"TSPI_lineBlindTransfer", (engine_function_h *)blind},
        {"TSPI_lineSendUserUserInfo", (engine_function_h *)send_uui},
        {"TSPI_lineSetCallData", (engine_function_h *)call_data},
        {"TSPI_lineSetCallParams", (engine_function_h *)call_params},
        {"TSPI_lineSetCallTreatment", (engine_function_h *)treatment},
        {"TSPI_lineSetCallQualityOfService", (engine_function_h *)quality},
        {"TSPI_linePark", (engine_function_h *)park},
        {"TSPI_lineCompleteCall", (engine_function_h *)complete_call},
        {"TSPI_lineSetupTransfer", (engine_function_h *)setup_transfer},
        {"TSPI_lineCompleteTransfer", (engine_function_h *)complete_transfer},
        {"TSPI_lineSetupConference", (engine_function_h *)setup_conference},
        {"TSPI_linePrepareAddToConference", (engine_function_h *)prepare_add},
        {"TSPI_lineUnpark", (engine_function_h *)unpark},
        {"TSPI_linePickup", (engine_function_h *)pickup},
        {"TSPI_lineForward", (engine_function_h *)forward},
        {"TSPI_lineUncompleteCall", (engine_function_h *)uncomplete},
        {"TSPI_lineSetLineDevStatus", (engine_function_h *)dev_status},
        {"TSPI_lineSetTerminal", (engine_function_h *)terminal},
        {"TSPI_lineDevSpecific", (engine_function_h *)dev_specific},
        {"TSPI_lineDevSpecificFeature", (engine_function_h *)dev_feature},
        {"TSPI_lineSetMediaMode", (engine_function_h *)media_mode},
        {"TSPI_lineGenerateDigits", (engine_function_h *)generate_digits},
        {"TSPI_lineGenerateTone", (engine_function_h *)generate_tone},
        {"TSPI_lineGatherDigits", (engine_function_h *)gather},
        {"TSPI_lineMonitorDigits", (engine_function_h *)monitor_digits},
        {"TSPI_lineMonitorMedia", (engine_function_h *)monitor_media},
        {"TSPI_lineMonitorTones", (engine_function_h *)monitor_tones},
        {"TSPI_lineSetMediaControl", (engine_function_h *)media_control},
        {"TSPI_lineGetID", (engine_function_h *)get_id},
        {"TSPI_lineGetIcon", (engine_function_h *)get_icon},
    };

    for (unsigned i = 0; i < sizeof(table) / sizeof(*table); i++)
        if (!strcmp(table[i].name, name))
            return table[i].f;
    return NULL;
}
