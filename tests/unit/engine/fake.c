/* A whole provider inside the test. SPDX-License-Identifier: MIT */
#include "tests/unit/engine/fake_priv.h"
#include "tests/unit/engine/fake_phone.h"

#include "tapi_shim/channel/layout.h"
#include "tapi_shim/platform/platform.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct fake fake;

static struct platform_mutex lock;
static struct platform_cond logged;
static char text[65536];
static size_t used;

void fake_note(const char *fmt, ...)
{
    va_list args;
    int n;

    platform_mutex_lock(&lock);
    va_start(args, fmt);
    n = vsnprintf(text + used, sizeof(text) - used, fmt, args);
    va_end(args);
    if (n > 0 && used + (size_t)n + 1 < sizeof(text)) {
        used += (size_t)n;
        text[used++] = ' ';
        text[used] = 0;
    }
    platform_cond_broadcast(&logged);
    platform_mutex_unlock(&lock);
}

const char *fake_log(void)
{
    static char taken[sizeof(text)];

    platform_mutex_lock(&lock);
    memcpy(taken, text, used + 1);
    if (used)
        taken[used - 1] = 0;
    used = 0;
    text[0] = 0;
    platform_mutex_unlock(&lock);
    return taken;
}

void fake_wait(const char *what)
{
    platform_mutex_lock(&lock);
    while (!strstr(text, what))
        platform_cond_wait(&logged, &lock);
    platform_mutex_unlock(&lock);
}

void fake_reset(void)
{
    fake_phone_reset();
    platform_mutex_lock(&lock);
    memset(&fake, 0, sizeof(fake));
    used = 0;
    text[0] = 0;
    platform_mutex_unlock(&lock);
    fake.lines = 4;
    fake.version = 0x00020002;
    fake.media_modes = LINEMEDIAMODE_INTERACTIVEVOICE;
    fake.features = 0xFFFFFFFF;
    for (unsigned i = 0; i < FAKE_LINES; i++)
        fake.addresses[i] = 1;
}

unsigned fake_line_of(HDRVLINE hdline)
{
    return (unsigned)((uintptr_t)hdline - 0x100);
}

struct fake_call *fake_call_of(HDRVCALL hdcall)
{
    return &fake.callv[(uintptr_t)hdcall - 0x1000];
}

unsigned fake_number_of(const struct fake_call *call)
{
    return (unsigned)(call - fake.callv);
}

HDRVCALL fake_handle_of(const struct fake_call *call)
{
    return (HDRVCALL)(uintptr_t)(0x1000 + fake_number_of(call));
}

void fake_complete(uint32_t request, int32_t result)
{
    fake.completion(request, result);
}

LONG fake_async(uint32_t request, enum fake_how how)
{
    fake.last_request = request;
    if (fake.inside)
        fake.inside();
    switch (how) {
    case FAKE_REFUSE:
        return (LONG)fake.refusal;
    case FAKE_EARLY:
    case FAKE_EARLIER:
        fake.completion(request, 0);
        return (LONG)request;
    case FAKE_ZERO:
    case FAKE_ZERO_NONE:
        return 0;
    case FAKE_LATER:
        break;
    }
    return (LONG)request;
}

/* ---- events ------------------------------------------------------------------------------------------------------ */

int fake_newcall(unsigned line)
{
    struct fake_call *call = &fake.callv[fake.callc++];

    memset(call, 0, sizeof(*call));
    call->line = line;
    fake.event(fake.htline[line], NULL, LINE_NEWCALL, (DWORD_PTR)fake_handle_of(call), (DWORD_PTR)&call->ht, 0);
    if (!call->ht) {
        fake.callc--;
        return -1;
    }
    fake.newcalls++;
    call->made = true;
    return (int)fake_number_of(call);
}

void fake_state(int call, uint32_t state, uint64_t mode, uint32_t media)
{
    fake.event(fake.htline[fake.callv[call].line], fake.callv[call].ht, LINE_CALLSTATE, state, (DWORD_PTR)mode, media);
}

void fake_info(int call, uint32_t what)
{
    fake.event(fake.htline[fake.callv[call].line], fake.callv[call].ht, LINE_CALLINFO, what, 0, 0);
}

int fake_ring(unsigned line, uint32_t media)
{
    int call = fake_newcall(line);

    if (call >= 0)
        fake_state(call, LINECALLSTATE_OFFERING, LINEOFFERINGMODE_ACTIVE, media);
    return call;
}

void fake_line_event(unsigned line, uint32_t message, uint64_t p1, uint64_t p2, uint64_t p3)
{
    fake.event(fake.htline[line], NULL, message, (DWORD_PTR)p1, (DWORD_PTR)p2, (DWORD_PTR)p3);
}

unsigned fake_live(void)
{
    unsigned n = 0;

    for (unsigned i = 0; i < fake.callc; i++)
        n += fake.callv[i].made && !fake.callv[i].closed;
    return n;
}

/* ---- provider ---------------------------------------------------------------------------------------------------- */

static LONG TSPIAPI negotiate(DWORD device, DWORD low, DWORD high, LPDWORD version)
{
    (void)low;
    (void)high;
    (void)device;
    *version = fake.version;
    return 0;
}

static LONG TSPIAPI enum_devices(DWORD id, LPDWORD lines, LPDWORD phones, HPROVIDER provider, LINEEVENT create,
                                 PHONEEVENT phone)
{
    (void)id;
    fake_phone.event = phone;
    *lines = fake.lines;
    *phones = fake_phone.phones;
    fake.provider = provider;
    fake.create = create;
    return (LONG)fake.enum_result;
}

static LONG TSPIAPI init(DWORD version, DWORD id, DWORD line_base, DWORD phone_base, DWORD_PTR lines, DWORD_PTR phones,
                         ASYNC_COMPLETION completion, LPDWORD options)
{
    (void)version;
    (void)id;
    (void)phones;
    fake_phone.base = phone_base;
    fake.inits++;
    fake.base = line_base;
    fake.completion = completion;
    fake.lines = (uint32_t)lines;
    *options = fake.options;
    return (LONG)fake.init_result;
}

static LONG TSPIAPI shut_down(DWORD version, DWORD id)
{
    (void)version;
    (void)id;
    fake.shutdowns++;
    return 0;
}

static LONG TSPIAPI create_line(DWORD_PTR temp, DWORD device)
{
    fake_note("create %u", (unsigned)temp);
    fake.last_create = device;
    return temp == 666 ? (LONG)LINEERR_BADDEVICEID : 0;
}

static LONG TSPIAPI ui_identify(LPWSTR name)
{
    static const WCHAR ui[] = {'u', 'i', '.', 'd', 'l', 'l', 0};

    memcpy(name, ui, sizeof(ui));
    return 0;
}

static LONG TSPIAPI line_open(DWORD device, HTAPILINE htline, LPHDRVLINE hdline, DWORD version, LINEEVENT event)
{
    unsigned line = (unsigned)(device - fake.base);

    (void)version;
    fake_note("open %u", line);
    if (fake.open_result)
        return (LONG)fake.open_result;
    fake.opens++;
    fake.line_open[line]++;
    fake.event = event;
    fake.htline[line] = htline;
    fake.media[line] = fake.line_mask[line] = fake.address_mask[line] = fake.ext[line] = 0;
    if (fake.ring_in_open) {
        int call = fake_newcall(line);

        fake_state(call, LINECALLSTATE_CONNECTED, LINECONNECTEDMODE_ACTIVE, LINEMEDIAMODE_INTERACTIVEVOICE);
    }
    *hdline = (HDRVLINE)(uintptr_t)(0x100 + line);
    return 0;
}

static LONG TSPIAPI line_close(HDRVLINE hdline)
{
    fake_note("close %u", fake_line_of(hdline));
    fake.closes++;
    fake.line_open[fake_line_of(hdline)]--;
    return 0;
}

static LONG TSPIAPI num_addresses(HDRVLINE hdline, LPDWORD count)
{
    *count = fake.addresses[fake_line_of(hdline)];
    return 0;
}

static LONG TSPIAPI set_media(HDRVLINE hdline, DWORD media)
{
    if (fake.media_result)
        return (LONG)fake.media_result;
    fake_note("media %u %x", fake_line_of(hdline), (unsigned)media);
    fake.media[fake_line_of(hdline)] = media;
    if (fake.ring_in_media && media) {
        int call = fake_newcall(fake_line_of(hdline));

        fake_state(call, LINECALLSTATE_OFFERING, LINEOFFERINGMODE_ACTIVE, LINEMEDIAMODE_INTERACTIVEVOICE);
    }
    return 0;
}

static LONG TSPIAPI conditional(HDRVLINE hdline, DWORD media, LPLINECALLPARAMS const params)
{
    (void)hdline;
    fake_note("conditional %u %x", fake_line_of(hdline), (unsigned)media);
    /* Only the third line is what the test looks for. */
    if (!params || fake_line_of(hdline) != 2)
        return (LONG)LINEERR_RESOURCEUNAVAIL;
    return media & ~fake.media_modes ? (LONG)LINEERR_INVALMEDIAMODE : 0;
}

static LONG TSPIAPI set_masks(HDRVLINE hdline, DWORD line_states, DWORD address_states)
{
    if (fake.mask_result)
        return (LONG)fake.mask_result;
    fake_note("masks %u %x %x", fake_line_of(hdline), (unsigned)line_states, (unsigned)address_states);
    fake.line_mask[fake_line_of(hdline)] = line_states;
    fake.address_mask[fake_line_of(hdline)] = address_states;
    return 0;
}

static LONG TSPIAPI ext_id(DWORD device, DWORD version, LPLINEEXTENSIONID id)
{
    (void)device;
    (void)version;
    id->dwExtensionID0 = 0xE0;
    return 0;
}

static LONG TSPIAPI ext_negotiate(DWORD device, DWORD version, DWORD low, DWORD high, LPDWORD ext)
{
    (void)device;
    (void)version;
    (void)low;
    *ext = high;
    return 0;
}

static LONG TSPIAPI ext_select(HDRVLINE hdline, DWORD ext)
{
    fake_note("ext %u %x", fake_line_of(hdline), (unsigned)ext);
    fake.ext[fake_line_of(hdline)] = ext;
    return 0;
}

static LONG TSPIAPI dev_caps(DWORD device, DWORD version, DWORD ext, LPLINEDEVCAPS caps)
{
    static const WCHAR name[] = {'l', 'i', 'n', 'e', 0};
    uint32_t fixed = layout_fixed(LAYOUT_LINEDEVCAPS, version), need = fixed + (uint32_t)sizeof(name);

    (void)ext;
    if (fake.needed)
        need = fake.needed;
    caps->dwNeededSize = need;
    caps->dwUsedSize = fixed;
    caps->dwPermanentLineID = 77 + device;
    caps->dwLineStates = LINEDEVSTATE_RINGING;
    caps->dwBearerModes = LINEBEARERMODE_VOICE;
    caps->dwMediaModes = device == fake.base + 2 ? fake.media_modes : 0;
    if (caps->dwTotalSize >= need) {
        caps->dwLineNameSize = sizeof(name);
        caps->dwLineNameOffset = need - (uint32_t)sizeof(name);
        memcpy((char *)caps + caps->dwLineNameOffset, name, sizeof(name));
        caps->dwUsedSize = need;
        if (fake.overlap) {
            caps->dwDevSpecificSize = caps->dwTerminalCapsSize = (need - fixed) / 12 * 12;
            caps->dwDevSpecificOffset = caps->dwTerminalCapsOffset = fixed;
            caps->dwNumTerminals = (need - fixed) / 12;
        }
    }
    return 0;
}

static LONG TSPIAPI address_caps(DWORD device, DWORD address, DWORD version, DWORD ext, LPLINEADDRESSCAPS caps)
{
    (void)version;
    (void)ext;
    if (address >= fake.addresses[device - fake.base])
        return (LONG)LINEERR_INVALADDRESSID;
    caps->dwLineDeviceID = device;
    caps->dwCallStates = LINECALLSTATE_IDLE;
    return 0;
}

static LONG TSPIAPI line_status(HDRVLINE hdline, LPLINEDEVSTATUS status)
{
    status->dwNumActiveCalls = 5 + fake_line_of(hdline);
    return 0;
}

static LONG TSPIAPI address_status(HDRVLINE hdline, DWORD address, LPLINEADDRESSSTATUS status)
{
    (void)hdline;
    status->dwNumInUse = 9;
    return address ? (LONG)LINEERR_INVALADDRESSID : 0;
}

static LONG TSPIAPI address_id(HDRVLINE hdline, LPDWORD id, DWORD mode, LPCWSTR address, DWORD size)
{
    (void)hdline;
    (void)mode;
    *id = (uint32_t)(address[0] - '0');
    return size == 4 ? 0 : (LONG)LINEERR_INVALADDRESS;
}

static LONG TSPIAPI get_config(DWORD device, LPVARSTRING config, LPCWSTR class_name)
{
    static const unsigned char blob[3] = {1, 2, 3};

    (void)device;
    if (class_name[0] != 'c')
        return (LONG)LINEERR_INVALDEVICECLASS;
    config->dwNeededSize = (uint32_t)(sizeof(*config) + sizeof(blob));
    if (config->dwTotalSize < config->dwNeededSize)
        return 0;
    config->dwUsedSize = config->dwNeededSize;
    config->dwStringFormat = STRINGFORMAT_BINARY;
    config->dwStringSize = sizeof(blob);
    config->dwStringOffset = sizeof(*config);
    memcpy(config + 1, blob, sizeof(blob));
    return 0;
}

static LONG TSPIAPI set_config(DWORD device, LPVOID const config, DWORD size, LPCWSTR class_name)
{
    (void)device;
    (void)class_name;
    return size == 3 && ((const unsigned char *)config)[2] == 3 ? 0 : (LONG)LINEERR_INVALPARAM;
}

static LONG TSPIAPI make_call(DRV_REQUESTID request, HDRVLINE hdline, HTAPICALL ht, LPHDRVCALL hdcall, LPCWSTR dest,
                              DWORD country, LPLINECALLPARAMS const params)
{
    struct fake_call *call = &fake.callv[fake.callc++];
    LONG rc = (LONG)request;

    (void)dest;
    (void)country;
    memset(call, 0, sizeof(*call));
    call->ht = ht;
    call->line = fake_line_of(hdline);
    call->request = request;
    call->made = true;
    if (params && params->dwAddressMode == LINEADDRESSMODE_ADDRESSID)
        call->address = params->dwAddressID;
    fake_note("make %u", call->line);
    if (fake.make == FAKE_REFUSE) {
        call->made = false;
        return fake_async(request, FAKE_REFUSE);
    }
    if (fake.make == FAKE_EARLIER)
        rc = fake_async(request, FAKE_EARLIER);
    if (fake.make == FAKE_ZERO_NONE)
        call->made = false;
    else
        *hdcall = fake_handle_of(call);
    if (fake.events_early)
        fake_state((int)fake_number_of(call), LINECALLSTATE_DIALTONE, LINEDIALTONEMODE_NORMAL,
                   LINEMEDIAMODE_INTERACTIVEVOICE);
    if (fake.make != FAKE_EARLIER)
        rc = fake_async(request, fake.make);
    return rc;
}

static LONG TSPIAPI dial(DRV_REQUESTID request, HDRVCALL hdcall, LPCWSTR dest, DWORD country)
{
    (void)dest;
    (void)country;
    fake_note("dial %u", fake_number_of(fake_call_of(hdcall)));
    return fake_async(request, fake.other);
}

static LONG TSPIAPI accept(DRV_REQUESTID request, HDRVCALL hdcall, LPCSTR uui, DWORD size)
{
    (void)uui;
    fake_note("accept %u %u", fake_number_of(fake_call_of(hdcall)), (unsigned)size);
    return fake_async(request, fake.other);
}

static LONG TSPIAPI answer(DRV_REQUESTID request, HDRVCALL hdcall, LPCSTR uui, DWORD size)
{
    (void)uui;
    (void)size;
    fake_note("answer %u", fake_number_of(fake_call_of(hdcall)));
    return fake_async(request, fake.other);
}

static LONG TSPIAPI drop(DRV_REQUESTID request, HDRVCALL hdcall, LPCSTR uui, DWORD size)
{
    (void)uui;
    (void)size;
    fake_note("drop %u", fake_number_of(fake_call_of(hdcall)));
    return fake_async(request, fake.other);
}

static LONG TSPIAPI close_call(HDRVCALL hdcall)
{
    struct fake_call *call = fake_call_of(hdcall);

    if (call->closed)
        fake.double_closes++;
    call->closed = true;
    fake_note("closecall %u", fake_number_of(call));
    return 0;
}

static LONG TSPIAPI call_info(HDRVCALL hdcall, LPLINECALLINFO info)
{
    static const WCHAR caller[] = {'1', '0', '1', 0};

    if (fake.inside)
        fake.inside();
    info->dwLineDeviceID = fake_call_of(hdcall)->line;
    info->dwAddressID = fake_call_of(hdcall)->address;
    info->dwAppSpecific = fake_call_of(hdcall)->app_specific;
    info->dwCallStates = LINECALLSTATE_IDLE;
    info->dwNumOwners = 99;
    info->dwNeededSize += sizeof(caller);
    if (info->dwTotalSize < info->dwNeededSize)
        return 0;
    info->dwCallerIDSize = sizeof(caller);
    info->dwCallerIDOffset = info->dwUsedSize;
    memcpy((char *)info + info->dwUsedSize, caller, sizeof(caller));
    info->dwUsedSize = info->dwNeededSize;
    return 0;
}

static LONG TSPIAPI call_status(HDRVCALL hdcall, LPLINECALLSTATUS status)
{
    (void)hdcall;
    status->dwCallState = LINECALLSTATE_CONNECTED;
    status->dwCallFeatures = fake.features;
    return 0;
}

static LONG TSPIAPI call_address(HDRVCALL hdcall, LPDWORD address)
{
    fake_note("address %u", fake_number_of(fake_call_of(hdcall)));
    *address = fake_call_of(hdcall)->address;
    return 0;
}

static LONG TSPIAPI app_specific(HDRVCALL hdcall, DWORD value)
{
    fake_call_of(hdcall)->app_specific = value;
    return 0;
}

static LONG TSPIAPI set_location(DWORD location)
{
    fake_note("location %u", (unsigned)location);
    return 0;
}

engine_function_h *fake_lookup(const char *name)
{
    static const struct {
        const char *name;
        engine_function_h *f;
    } table[] = {
        {"TSPI_lineNegotiateTSPIVersion", (engine_function_h *)negotiate},
        {"TSPI_providerEnumDevices", (engine_function_h *)enum_devices},
        {"TSPI_providerInit", (engine_function_h *)init},
        {"TSPI_providerShutdown", (engine_function_h *)shut_down},
        {"TSPI_providerCreateLineDevice", (engine_function_h *)create_line},
        {"TSPI_providerUIIdentify", (engine_function_h *)ui_identify},
        {"TSPI_lineOpen", (engine_function_h *)line_open},
        {"TSPI_lineClose", (engine_function_h *)line_close},
        {"TSPI_lineGetNumAddressIDs", (engine_function_h *)num_addresses},
        {"TSPI_lineSetDefaultMediaDetection", (engine_function_h *)set_media},
        {"TSPI_lineConditionalMediaDetection", (engine_function_h *)conditional},
        {"TSPI_lineSetStatusMessages", (engine_function_h *)set_masks},
        {"TSPI_lineGetExtensionID", (engine_function_h *)ext_id},
        {"TSPI_lineNegotiateExtVersion", (engine_function_h *)ext_negotiate},
        {"TSPI_lineSelectExtVersion", (engine_function_h *)ext_select},
        {"TSPI_lineGetDevCaps", (engine_function_h *)dev_caps},
        {"TSPI_lineGetAddressCaps", (engine_function_h *)address_caps},
        {"TSPI_lineGetLineDevStatus", (engine_function_h *)line_status},
        {"TSPI_lineGetAddressStatus", (engine_function_h *)address_status},
        {"TSPI_lineGetAddressID", (engine_function_h *)address_id},
        {"TSPI_lineGetDevConfig", (engine_function_h *)get_config},
        {"TSPI_lineSetDevConfig", (engine_function_h *)set_config},
        {"TSPI_lineMakeCall", (engine_function_h *)make_call},
        {"TSPI_lineDial", (engine_function_h *)dial},
        {"TSPI_lineAccept", (engine_function_h *)accept},
        {"TSPI_lineAnswer", (engine_function_h *)answer},
        {"TSPI_lineDrop", (engine_function_h *)drop},
        {"TSPI_lineCloseCall", (engine_function_h *)close_call},
        {"TSPI_lineGetCallInfo", (engine_function_h *)call_info},
        {"TSPI_lineGetCallStatus", (engine_function_h *)call_status},
        {"TSPI_lineGetCallAddressID", (engine_function_h *)call_address},
        {"TSPI_lineSetAppSpecific", (engine_function_h *)app_specific},
        {"TSPI_lineSetCurrentLocation", (engine_function_h *)set_location},
    };

    if ((fake.missing && !strcmp(fake.missing, name)) || (fake.no_enum && !strcmp(name, "TSPI_providerEnumDevices")))
        return NULL;
    for (unsigned i = 0; i < sizeof(table) / sizeof(*table); i++)
        if (!strcmp(table[i].name, name))
            return table[i].f;
    {
        engine_function_h *found = fake_ops_lookup(name);

        return found ? found : fake_phone_lookup(name);
    }
}
