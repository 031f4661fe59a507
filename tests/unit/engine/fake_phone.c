/* The phones of the provider inside the test. SPDX-License-Identifier: MIT */
#include "tests/unit/engine/fake_phone.h"

#include "tapi_shim/channel/layout.h"

#include <string.h>

struct fake_phone fake_phone;

void fake_phone_reset(void)
{
    memset(&fake_phone, 0, sizeof(fake_phone));
    fake_phone.version = 0x00020002;
}

void fake_phone_event(unsigned phone, uint32_t message, uint64_t p1, uint64_t p2, uint64_t p3)
{
    fake_phone.event(fake_phone.ht[phone], message, (DWORD_PTR)p1, (DWORD_PTR)p2, (DWORD_PTR)p3);
}

static unsigned of(HDRVPHONE hd)
{
    return (unsigned)(uintptr_t)hd - 0x500;
}

static LONG TSPIAPI negotiate(DWORD device, DWORD low, DWORD high, LPDWORD version)
{
    (void)device;
    (void)low;
    (void)high;
    *version = fake_phone.version;
    return (LONG)fake_phone.negotiate_result;
}

static LONG TSPIAPI ext_negotiate(DWORD device, DWORD version, DWORD low, DWORD high, LPDWORD ext)
{
    (void)device;
    (void)version;
    (void)low;
    *ext = high;
    return 0;
}

static LONG TSPIAPI ext_select(HDRVPHONE hd, DWORD ext)
{
    fake_phone.ext[of(hd)] = ext;
    return 0;
}

static LONG TSPIAPI ext_id(DWORD device, DWORD version, LPPHONEEXTENSIONID id)
{
    (void)device;
    (void)version;
    id->dwExtensionID2 = 0xE2;
    return 0;
}

static LONG TSPIAPI open_phone(DWORD device, HTAPIPHONE ht, LPHDRVPHONE hd, DWORD version, PHONEEVENT event)
{
    unsigned phone = (unsigned)(device - fake_phone.base);

    (void)version;
    if (fake_phone.open_result)
        return (LONG)fake_phone.open_result;
    fake_phone.opens++;
    fake_phone.ht[phone] = ht;
    fake_phone.event = event;
    fake_phone.states[phone] = fake_phone.modes[phone] = fake_phone.button_states[phone] = fake_phone.ext[phone] = 0;
    *hd = (HDRVPHONE)(uintptr_t)(0x500 + phone);
    if (fake_phone.close_in_open)
        fake_phone_event(phone, PHONE_CLOSE, 0, 0, 0);
    return 0;
}

static LONG TSPIAPI close_phone(HDRVPHONE hd)
{
    (void)hd;
    fake_phone.closes++;
    return 0;
}

static LONG TSPIAPI masks(HDRVPHONE hd, DWORD states, DWORD modes, DWORD button_states)
{
    if (fake_phone.mask_result)
        return (LONG)fake_phone.mask_result;
    fake_phone.states[of(hd)] = states;
    fake_phone.modes[of(hd)] = modes;
    fake_phone.button_states[of(hd)] = button_states;
    return 0;
}

static LONG TSPIAPI caps(DWORD device, DWORD version, DWORD ext, LPPHONECAPS out)
{
    (void)device;
    (void)ext;
    out->dwPermanentPhoneID = 77;
    out->dwNeededSize = out->dwUsedSize = layout_fixed(LAYOUT_PHONECAPS, version);
    return 0;
}

static LONG TSPIAPI status(HDRVPHONE hd, LPPHONESTATUS out)
{
    (void)hd;
    out->dwRingMode = 3;
    out->dwNumOwners = 99;
    out->dwNeededSize = out->dwUsedSize = layout_fixed(LAYOUT_PHONESTATUS, fake_phone.version);
    return 0;
}

static LONG TSPIAPI get_lamp(HDRVPHONE hd, DWORD id, LPDWORD mode)
{
    (void)hd;
    *mode = id + 100;
    return id == 9 ? (LONG)PHONEERR_INVALBUTTONLAMPID : 0;
}

static LONG TSPIAPI get_ring(HDRVPHONE hd, LPDWORD mode, LPDWORD volume)
{
    (void)hd;
    *mode = 2;
    *volume = 7;
    return 0;
}

static LONG TSPIAPI get_data(HDRVPHONE hd, DWORD id, LPVOID data, DWORD size)
{
    (void)hd;
    memset(data, (int)id, size);
    return 0;
}

static LONG take(DRV_REQUESTID request, DWORD a, DWORD b, const void *data, DWORD size)
{
    fake_phone.last_request = request;
    fake_phone.value[0] = a;
    fake_phone.value[1] = b;
    fake_phone.data_len = size;
    if (data)
        memcpy(fake_phone.data, data, size < sizeof(fake_phone.data) ? size : sizeof(fake_phone.data));
    switch (fake_phone.how) {
    case FAKE_EARLY:
        fake.completion(request, (LONG)fake_phone.refusal);
        return (LONG)request;
    case FAKE_ZERO:
        return 0;
    case FAKE_REFUSE:
        return (LONG)fake_phone.refusal;
    default:
        return (LONG)request;
    }
}

static LONG TSPIAPI set_lamp(DRV_REQUESTID request, HDRVPHONE hd, DWORD id, DWORD mode)
{
    (void)hd;
    return take(request, id, mode, NULL, 0);
}

static LONG TSPIAPI set_data(DRV_REQUESTID request, HDRVPHONE hd, DWORD id, LPVOID const data, DWORD size)
{
    (void)hd;
    return take(request, id, 0, data, size);
}

static LONG TSPIAPI set_button(DRV_REQUESTID request, HDRVPHONE hd, DWORD id, LPPHONEBUTTONINFO const info)
{
    (void)hd;
    return take(request, id, info->dwTotalSize, (const char *)info + info->dwButtonTextOffset, info->dwButtonTextSize);
}

static LONG TSPIAPI devspecific(DRV_REQUESTID request, HDRVPHONE hd, LPVOID data, DWORD size)
{
    (void)hd;
    return take(request, 0, 0, data, size);
}

static LONG TSPIAPI create_phone(DWORD_PTR temp, DWORD device)
{
    fake_phone.value[0] = (uint32_t)temp;
    fake_phone.last_create = device;
    return (LONG)fake_phone.create_result;
}

engine_function_h *fake_phone_lookup(const char *name)
{
    static const struct {
        const char *name;
        engine_function_h *f;
    } table[] = {
        {"TSPI_phoneNegotiateTSPIVersion", (engine_function_h *)negotiate},
        {"TSPI_phoneNegotiateExtVersion", (engine_function_h *)ext_negotiate},
        {"TSPI_phoneSelectExtVersion", (engine_function_h *)ext_select},
        {"TSPI_phoneGetExtensionID", (engine_function_h *)ext_id},
        {"TSPI_phoneOpen", (engine_function_h *)open_phone},
        {"TSPI_phoneClose", (engine_function_h *)close_phone},
        {"TSPI_phoneSetStatusMessages", (engine_function_h *)masks},
        {"TSPI_phoneGetDevCaps", (engine_function_h *)caps},
        {"TSPI_phoneGetStatus", (engine_function_h *)status},
        {"TSPI_phoneGetLamp", (engine_function_h *)get_lamp},
        {"TSPI_phoneGetRing", (engine_function_h *)get_ring},
        {"TSPI_phoneGetData", (engine_function_h *)get_data},
        {"TSPI_phoneSetLamp", (engine_function_h *)set_lamp},
        {"TSPI_phoneSetVolume", (engine_function_h *)set_lamp},
        {"TSPI_phoneSetData", (engine_function_h *)set_data},
        {"TSPI_phoneSetButtonInfo", (engine_function_h *)set_button},
        {"TSPI_phoneDevSpecific", (engine_function_h *)devspecific},
        {"TSPI_providerCreatePhoneDevice", (engine_function_h *)create_phone},
    };

    for (unsigned i = 0; i < sizeof(table) / sizeof(*table); i++)
        if (!strcmp(table[i].name, name))
            return table[i].f;
    return NULL;
}
