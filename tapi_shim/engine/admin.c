/* The list of providers: read, added to, taken from. SPDX-License-Identifier: MIT */
#include "tapi_shim/engine/phone.h"
#include "tapi_shim/engine/priv.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { UI_NAME_MAX = 4096 }; /* units; providers are told of MAX_PATH, and not all of them count */

static int32_t admin_error(int err)
{
    switch (err) {
    case 0:
        return 0;
    case ENOMEM:
        return (int32_t)LINEERR_NOMEM;
    case ENOENT:
        return (int32_t)LINEERR_INVALPARAM;
    case EIO:
        return (int32_t)LINEERR_INIFILECORRUPT;
    default:
        return (int32_t)LINEERR_OPERATIONFAILED;
    }
}

int32_t provider_op_list(struct channel *c, struct channel_call *call)
{
    struct platform_provider *list = NULL;
    size_t count = 0, i, size, text_units;
    LINEPROVIDERLIST *out;
    unsigned char *bytes;
    uint32_t at;
    bool is_default;
    int err;

    (void)c;
    engine_unlock();
    err = provider_list(&list, &count, &is_default);
    engine_lock();
    if (err)
        return err == ENOMEM ? (int32_t)LINEERR_NOMEM : (int32_t)LINEERR_INIFILECORRUPT;
    size = sizeof(*out) + count * sizeof(LINEPROVIDERENTRY);
    for (i = 0; i < count; i++)
        size += (2 * platform_utf8_to_utf16(list[i].file, SIZE_MAX, NULL, 0) + 3) & ~(size_t)3;
    bytes = calloc(1, size);
    if (!bytes) {
        free(list);
        return (int32_t)LINEERR_NOMEM;
    }
    at = (uint32_t)(sizeof(*out) + count * sizeof(LINEPROVIDERENTRY));
    for (i = 0; i < count; i++) {
        LINEPROVIDERENTRY entry;

        text_units = platform_utf8_to_utf16(list[i].file, SIZE_MAX, (uint16_t *)(void *)(bytes + at), (size - at) / 2);
        entry.dwPermanentProviderID = list[i].id;
        entry.dwProviderFilenameSize = (uint32_t)(2 * text_units);
        entry.dwProviderFilenameOffset = at;
        memcpy(bytes + sizeof(*out) + i * sizeof(entry), &entry, sizeof(entry));
        at += (uint32_t)((2 * text_units + 3) & ~(size_t)3);
    }
    out = (LINEPROVIDERLIST *)(void *)bytes;
    out->dwTotalSize = out->dwNeededSize = out->dwUsedSize = (uint32_t)size;
    out->dwNumProviders = (uint32_t)count;
    out->dwProviderListSize = (uint32_t)(count * sizeof(LINEPROVIDERENTRY));
    out->dwProviderListOffset = count ? (uint32_t)sizeof(*out) : 0;
    call->out = out;
    call->out_len = (uint32_t)size;
    free(list);
    return 0;
}

struct engine_provider *provider_of_id(uint32_t id)
{
    struct engine_provider *p;

    for (p = engine.provider_first; p && (p->id != id || p->stopping); p = p->next)
        ;
    return p;
}

int32_t provider_file(uint32_t id, char file[PLATFORM_PATH_MAX], bool *defaultp)
{
    struct platform_provider *list = NULL;
    size_t count = 0, i;
    bool is_default;
    int err = provider_list(&list, &count, &is_default);

    if (err)
        return admin_error(err);
    for (i = 0; i < count && list[i].id != id; i++)
        ;
    if (i < count)
        memcpy(file, list[i].file, PLATFORM_PATH_MAX);
    free(list);
    *defaultp = is_default;
    return i < count ? 0 : (int32_t)LINEERR_INVALPARAM;
}

int32_t provider_ui_name(const struct engine_tspi *fn, struct channel_call *call)
{
    uint16_t *name;
    size_t len;
    int32_t rc = 0;

    name = calloc(UI_NAME_MAX, sizeof(*name));
    if (!name)
        return (int32_t)LINEERR_NOMEM;
    /* A provider of before 2.0 has none. */
    if (fn->providerUIIdentify)
        rc = engine_sync_result((int32_t)fn->providerUIIdentify((LPWSTR)name));
    if (rc == (int32_t)LINEERR_OPERATIONUNAVAIL)
        rc = 0;
    name[UI_NAME_MAX - 1] = 0;
    len = rc ? 0 : platform_utf16_len(name);
    if (rc) {
        free(name);
        return rc;
    }
    call->out = name;
    call->out_len = (uint32_t)((len + 1) * sizeof(*name));
    return 0;
}

int32_t provider_op_add(struct channel *c, struct channel_call *call)
{
    const uint16_t *text = text_check(call->in0, call->in0_len);
    char file[PLATFORM_PATH_MAX];
    uint32_t id = 0;
    int32_t rc;

    (void)c;
    if (!call->in0)
        return (int32_t)LINEERR_INVALPOINTER;
    if (!text || !text[0] || platform_utf16_to_utf8(text, SIZE_MAX, file, sizeof(file)) > sizeof(file))
        return (int32_t)LINEERR_INVALPARAM;
    engine_unlock();
    /* It is started with the next start of the engine, not at once. */
    rc = admin_error(platform_providers_add(file, &id));
    engine_lock();
    call->ret[0] = id;
    return rc;
}

/* Takes a running provider out: its lines are closed by force. */
static void provider_evict(struct engine_provider *p)
{
    uint32_t i;

    p->stopping = true;
    for (i = 0; i < engine.slotc; i++) {
        struct engine_device *d = engine.slotv[i].device;

        if (engine.slotv[i].provider != p || !d)
            continue;
        while (d->config)
            engine_wait();
        if (engine.slotv[i].device != d)
            continue;
        d->config = true;
        device_evict(d);
        d->config = false;
        engine_change();
    }
    phone_evict(p);
    provider_stop(p);
}

int32_t provider_op_remove(struct channel *c, struct channel_call *call)
{
    struct engine_provider *p;
    uint32_t id = call->arg[0];
    int32_t rc;

    (void)c;
    engine_unlock();
    rc = admin_error(platform_providers_remove(id));
    engine_lock();
    if (rc)
        return rc;
    while (engine.state == ENGINE_STARTING || engine.state == ENGINE_STOPPING)
        engine_wait();
    p = engine.state == ENGINE_UP ? provider_of_id(id) : NULL;
    if (p) {
        /* The engine must not stop meanwhile. */
        engine.apps++;
        provider_evict(p);
        engine_unuse();
    }
    return 0;
}
