/* Devices that come and go while the provider runs: their ids, what the host is told, a configuration read again.
 * SPDX-License-Identifier: MIT */
#include "include/sessiontsp.h"
#include "tsp/tspi/accountedit.h"
#include "tsp/tspi/configedit.h"
#include "tsp/tspi/phone.h"
#include "tsp/tspi/state.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/*
 * A device has a place (an index of tspi.linev or tspi.phonev, for lines the same as in core and exchange). One that
 * goes keeps it until the host has been told the last word about it; only then another one may have it. One whose
 * settings change goes without a word but LINE_CLOSE, while another with the new settings takes over its id.
 */

#define PLACE_BITS 20
#define PLACE_MASK ((1u << PLACE_BITS) - 1)
_Static_assert((unsigned)CONFIG_LINES_MAX < PLACE_MASK, "more places than temporary ids have room for");

/* ---- ids --------------------------------------------------------------------------------------------------------- */

/* The first one that is not below `id`. */
static uint32_t id_place(const struct tspi_ids *ids, DWORD id)
{
    uint32_t low = 0, high = ids->count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (ids->v[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct tspi_id *tspi_id_find(const struct tspi_ids *ids, DWORD id)
{
    uint32_t at = id_place(ids, id);

    return at < ids->count && ids->v[at].id == id ? &ids->v[at] : NULL;
}

bool tspi_id_gone(const struct tspi_ids *ids, DWORD id)
{
    return id >= ids->first && id < ids->end && !tspi_id_find(ids, id);
}

static bool ids_reserve(struct tspi_ids *ids, uint32_t count)
{
    uint32_t cap = ids->cap ? ids->cap : 16;
    struct tspi_id *v;

    if (count <= ids->cap)
        return true;
    while (cap < count)
        cap *= 2;
    v = tspi_alloc(cap * sizeof *v);
    if (!v)
        return false;
    if (ids->count)
        memcpy(v, ids->v, ids->count * sizeof *v);
    tspi_free(ids->v);
    ids->v = v;
    ids->cap = cap;
    return true;
}

static enum session_err id_add(struct tspi_ids *ids, DWORD id, uint32_t index)
{
    uint32_t at = id_place(ids, id);

    if (!ids_reserve(ids, ids->count + 1))
        return SESSION_E_NOMEM;
    memmove(&ids->v[at + 1], &ids->v[at], (ids->count - at) * sizeof *ids->v);
    ids->v[at] = (struct tspi_id){id, index};
    ids->count++;
    if (id >= ids->end)
        ids->end = id + 1;
    return SESSION_E_OK;
}

static void id_remove(struct tspi_ids *ids, DWORD id)
{
    struct tspi_id *found = tspi_id_find(ids, id);

    if (!found)
        return;
    ids->count--;
    memmove(found, found + 1, (ids->count - (size_t)(found - ids->v)) * sizeof *found);
}

enum session_err tspi_ids_start(struct tspi_ids *ids, DWORD base, uint32_t count)
{
    if (count && !ids_reserve(ids, count))
        return SESSION_E_NOMEM;
    for (uint32_t i = 0; i < count; i++)
        ids->v[i] = (struct tspi_id){base + i, i};
    ids->count = count;
    ids->first = base;
    ids->end = base + count;
    return SESSION_E_OK;
}

static void ids_free(struct tspi_ids *ids)
{
    tspi_free(ids->v);
    memset(ids, 0, sizeof *ids);
}

void tspi_devices_free(void)
{
    ids_free(&tspi.line_ids);
    ids_free(&tspi.phone_ids);
    tspi_free(tspi.line_confv);
    tspi.line_confv = NULL;
    while (tspi.old_confs) {
        struct config *next = tspi.old_confs->next;

        config_free(tspi.old_confs);
        tspi.old_confs = next;
    }
    while (tspi.olds) {
        struct tspi_old *next = tspi.olds->next;

        tspi_free(tspi.olds->array);
        tspi_free(tspi.olds);
        tspi.olds = next;
    }
    tspi.owing = false;
}

/* ---- places ------------------------------------------------------------------------------------------------------ */

/* A longer array in place of `from`, which is kept until the end, because a callback may be looking at it: all of them
 * together are no longer than the last one. NULL: no memory. */
static void *lengthen(void *from, uint32_t count, uint32_t cap, size_t size)
{
    struct tspi_old *old = tspi_alloc(sizeof *old);
    void *array = old ? tspi_alloc(cap * size) : NULL;

    if (!array) {
        tspi_free(old);
        return NULL;
    }
    if (count)
        memcpy(array, from, count * size);
    old->array = from;
    old->next = tspi.olds;
    tspi.olds = old;
    return array;
}

static bool line_places(uint32_t count)
{
    uint32_t cap = tspi.line_cap;
    struct tspi_line *linev;

    if (count <= cap)
        return true;
    while (cap < count)
        cap *= 2;
    linev = lengthen(tspi.linev, tspi.linec, cap, sizeof *linev);
    if (!linev)
        return false;
    atomic_store_explicit(&tspi.linev, linev, memory_order_release);
    tspi.line_cap = cap;
    return true;
}

static bool phone_places(uint32_t count)
{
    uint32_t cap = tspi.phone_cap ? tspi.phone_cap : 8;
    struct tspi_phone *old = tspi.phonev, *phonev;

    if (count <= tspi.phone_cap)
        return true;
    while (cap < count)
        cap *= 2;
    phonev = lengthen(old, tspi.phonec, cap, sizeof *phonev);
    if (!phonev)
        return false;
    for (uint32_t i = 0; i < tspi.phonec; i++)
        if (phonev[i].next_dirty)
            phonev[i].next_dirty = &phonev[old[i].next_dirty - old];
    if (tspi.phone_dirty)
        tspi.phone_dirty = &phonev[tspi.phone_dirty - old];
    atomic_store_explicit(&tspi.phonev, phonev, memory_order_release);
    tspi.phone_cap = cap;
    return true;
}

/* ---- what the host is told --------------------------------------------------------------------------------------- */

static bool say(DWORD msg, DWORD id, uint32_t place, bool last)
{
    struct queue_event *e;

    if (!queue_reserve(&tspi.queue))
        return false;
    e = queue_append(&tspi.queue);
    e->type = QUEUE_DEVICE;
    e->line = QUEUE_NO_LINE;
    e->session = 0;
    e->call = NULL;
    e->msg = msg;
    e->p1 = id;
    e->p2 = place;
    e->p3 = last;
    return true;
}

/* The last words on a device that goes. */
static bool farewell(struct tspi_device *dev, uint32_t place, DWORD closed, DWORD removed)
{
    /* The removal tells that it is closed as well; TAPI has a word more for old applications then. */
    DWORD msg = dev->to_remove ? removed : closed;

    if ((dev->to_remove || dev->to_close) && !say(msg, dev->id, place, false))
        return false;
    dev->to_remove = dev->to_close = false;
    if (!say(0, dev->id, place, true)) /* behind all that was said about it */
        return false;
    dev->owing = false;
    return true;
}

static bool line_farewell(uint32_t place)
{
    struct tspi_line *line = &tspi.linev[place];

    if (line->open) {
        struct session_in in = {.type = SESSION_IN_LINE_CLOSE, .u.line = place};

        /* what its calls had to say is queued by now */
        (void)tspi_step(&in, NULL);
        line->open = false;
        line->dev.to_close = true;
        if (!tspi_drain_core()) /* its requests that belong to no call */
            return false;
    }
    return farewell(&line->dev, place, LINE_CLOSE, LINE_REMOVE);
}

static bool welcome(struct tspi_device *dev, uint32_t place, DWORD created)
{
    if (!say(created, dev->temp, place, false))
        return false;
    dev->to_create = false;
    return true;
}

/* Phones go before their lines and come after them. */
bool tspi_devices_flush(void)
{
    for (uint32_t i = 0; i < tspi.phonec; i++)
        if (tspi.phonev[i].dev.owing && !farewell(&tspi.phonev[i].dev, TSPI_PHONE_QUEUE | i, PHONE_CLOSE, PHONE_REMOVE))
            return false;
    for (uint32_t i = 0; i < tspi.linec; i++)
        if (tspi.linev[i].dev.owing && !line_farewell(i))
            return false;
    for (uint32_t i = 0; i < tspi.linec; i++)
        if (tspi.linev[i].dev.to_create && !welcome(&tspi.linev[i].dev, i, LINE_CREATE))
            return false;
    for (uint32_t i = 0; i < tspi.phonec; i++)
        if (tspi.phonev[i].dev.to_create && !welcome(&tspi.phonev[i].dev, TSPI_PHONE_QUEUE | i, PHONE_CREATE))
            return false;
    tspi.owing = false;
    return true;
}

void tspi_device_out(const struct queue_event *e)
{
    uint32_t place = e->p2 & ~TSPI_PHONE_QUEUE;
    bool is_phone = e->p2 & TSPI_PHONE_QUEUE;
    const struct tspi_line *line = is_phone ? NULL : tspi_line_at(place);
    const struct tspi_phone *phone = is_phone ? tspi_phone_at(place) : NULL;

    switch (e->msg) {
    case LINE_CREATE:
        tspi.line_create(NULL, NULL, LINE_CREATE, (DWORD_PTR)tspi.provider, e->p1, 0);
        break;
    case LINE_CLOSE:
        line->event(line->ht, NULL, LINE_CLOSE, 0, 0, 0);
        break;
    case LINE_REMOVE:
        tspi.line_create(NULL, NULL, LINE_REMOVE, e->p1, 0, 0);
        break;
    case PHONE_CREATE:
        tspi.phone_create(NULL, PHONE_CREATE, (DWORD_PTR)tspi.provider, e->p1, 0);
        break;
    case PHONE_CLOSE:
        phone->event(phone->ht, PHONE_CLOSE, 0, 0, 0);
        break;
    case PHONE_REMOVE:
        tspi.phone_create(NULL, PHONE_REMOVE, e->p1, 0, 0);
        break;
    default:
        break;
    }
    if (!e->p3)
        return;
    platform_mutex_lock(&tspi.lock);
    if (is_phone)
        tspi.phonev[place].dev.vacant = true;
    else
        tspi.linev[place].dev.vacant = true;
    platform_mutex_unlock(&tspi.lock);
}

/* ---- what the host answers --------------------------------------------------------------------------------------- */

static LONG name(struct tspi_ids *ids, struct tspi_device *dev, DWORD id, uint32_t place)
{
    if (tspi_id_find(ids, id) || id == UINT32_MAX)
        return (LONG)LINEERR_BADDEVICEID;
    if (id_add(ids, id, place))
        return (LONG)LINEERR_NOMEM;
    dev->id = id;
    dev->named = true;
    dev->temp = 0;
    return 0;
}

/**
 * Gives a line that LINE_CREATE announced its device id. From now on it can be asked about and opened.
 * @return 0, BADDEVICEID (no line waits under this temporary id, because it was removed meanwhile or never was; or
 *         another line has the device id), NOMEM.
 * Thread: any, also inside LINE_CREATE. Source: TSPI_providerCreateLineDevice.
 */
LONG TSPIAPI TSPI_providerCreateLineDevice(DWORD_PTR dwTempID, DWORD dwDeviceID)
{
    uint32_t place = (uint32_t)(dwTempID & PLACE_MASK) - 1;
    LONG result = (LONG)LINEERR_BADDEVICEID;

    if (!dwTempID || dwTempID > UINT32_MAX || !tspi_enter())
        return result;
    if (place < tspi.linec && tspi.linev[place].dev.temp == dwTempID)
        result = name(&tspi.line_ids, &tspi.linev[place].dev, dwDeviceID, place);
    tspi_exit();
    return result;
}

/** As TSPI_providerCreateLineDevice, for PHONE_CREATE; PHONEERR_ values. Source: TSPI_providerCreatePhoneDevice. */
LONG TSPIAPI TSPI_providerCreatePhoneDevice(DWORD_PTR dwTempID, DWORD dwDeviceID)
{
    uint32_t place = (uint32_t)(dwTempID & PLACE_MASK) - 1;
    LONG result = (LONG)LINEERR_BADDEVICEID;

    if (dwTempID && dwTempID <= UINT32_MAX && tspi_enter()) {
        if (place < tspi.phonec && tspi.phonev[place].dev.temp == dwTempID)
            result = name(&tspi.phone_ids, &tspi.phonev[place].dev, dwDeviceID, place);
        tspi_exit();
    }
    return result == (LONG)LINEERR_NOMEM ? (LONG)PHONEERR_NOMEM : result ? (LONG)PHONEERR_BADDEVICEID : 0;
}

/* ---- a configuration read again ---------------------------------------------------------------------------------- */

/* A line of the new configuration, and what becomes of it. */
struct row {
    uint32_t id; /* permanent */
    const struct config_line *line;
    uint32_t place; /* of the one there is, 1 and on; 0: it is new */
    uint32_t phone; /* which had this one, likewise */
    bool stays;
};

struct change {
    struct row *rowv; /* by id */
    uint32_t rowc;
    struct config_line *confv; /* the new ones, by place */
    struct session_address_conf *addressv;
    uint32_t next_line, next_phone; /* places below have been looked at */
    bool keep;                      /* the old configuration: it is still in use */
    struct sessiontsp_provider *out;
};

static int by_id(const void *a, const void *b)
{
    const struct row *x = a, *y = b;

    return x->id < y->id ? -1 : x->id > y->id;
}

static struct row *row_of(const struct change *c, uint32_t id)
{
    struct row key = {.id = id};

    return c->rowc ? bsearch(&key, c->rowv, c->rowc, sizeof key, by_id) : NULL;
}

/* What stays, what changes, what is new. */
static enum session_err compare(struct change *c, const struct config *conf)
{
    uint32_t addressc = 1;

    if (tspi.linec + conf->linec >= PLACE_MASK)
        return SESSION_E_RESOURCE;
    c->rowv = tspi_alloc((conf->linec + 1) * sizeof *c->rowv);
    if (!c->rowv)
        return SESSION_E_NOMEM;
    for (uint32_t i = 0; i < conf->linec; i++) {
        c->rowv[c->rowc++] = (struct row){.id = conf->linev[i].permanent_id, .line = &conf->linev[i]};
        addressc = conf->linev[i].addressc > addressc ? conf->linev[i].addressc : addressc;
    }
    qsort(c->rowv, c->rowc, sizeof *c->rowv, by_id);
    for (uint32_t i = 0; i < tspi.linec; i++) {
        const struct tspi_line *line = &tspi.linev[i];
        struct row *row = line->dev.going ? NULL : row_of(c, tspi.conf->linev[i].permanent_id);

        if (!row)
            continue;
        row->place = i + 1;
        row->phone = line->phone;
        row->stays = config_line_same(row->line, &tspi.conf->linev[i]);
    }
    c->addressv = tspi_alloc(addressc * sizeof *c->addressv);
    c->confv = tspi_alloc((tspi.linec + c->rowc + 1) * sizeof *c->confv);
    return c->addressv && c->confv ? SESSION_E_OK : SESSION_E_NOMEM;
}

static void leave(struct tspi_device *dev)
{
    dev->going = dev->leaving = true;
}

/* Ends what does not stay as it is. */
static void go(struct change *c)
{
    for (uint32_t i = 0; i < tspi.linec; i++) {
        struct session_in in = {.type = SESSION_IN_LINE_REMOVE, .u.line = i};
        struct tspi_line *line = &tspi.linev[i];
        struct row *row = line->dev.going ? NULL : row_of(c, tspi.conf->linev[i].permanent_id);

        if (line->dev.going)
            continue;
        if (row && row->stays) {
            c->confv[i] = *row->line;
            continue;
        }
        if (tspi_step(&in, NULL)) { /* no room for what would come of it */
            c->confv[i] = tspi.conf->linev[i];
            c->keep = true;
            c->out->dwFailed++;
            if (row)
                row->stays = true;
            continue;
        }
        tspi_drain();
        if (line->phone) {
            struct tspi_phone *phone = &tspi.phonev[line->phone - 1];

            tspi_phone_go(phone);
            leave(&phone->dev);
        }
        leave(&line->dev);
        c->out->dwRemoved += !row;
        c->out->dwChanged += row != NULL;
    }
}

/* `dev` comes to `place`, where `old` was known before, or as a new one. */
static void come(struct tspi_ids *ids, struct tspi_device *dev, struct tspi_device *old, uint32_t place)
{
    *dev = (struct tspi_device){.named = false};
    if (old && old->named) {
        dev->id = old->id;
        dev->named = true;
        tspi_id_find(ids, old->id)->index = place;
        old->named = false;
        return;
    }
    tspi.temp++;
    dev->temp = tspi.temp << PLACE_BITS | (place + 1);
    dev->to_create = true;
}

/* `old`: 1 + place of the phone that it takes over from. False: no memory. */
static bool phone_come(struct change *c, uint32_t line, uint32_t old)
{
    uint16_t generation = tspi.epoch;
    struct tspi_phone *phone;
    uint32_t place;

    while (c->next_phone < tspi.phonec && !tspi.phonev[c->next_phone].dev.vacant)
        c->next_phone++;
    place = c->next_phone;
    if (!phone_places(place + 1))
        return false;
    phone = &tspi.phonev[place];
    if (place < tspi.phonec)
        generation = phone->generation;
    *phone = (struct tspi_phone){.line = line, .generation = generation};
    come(&tspi.phone_ids, &phone->dev, old ? &tspi.phonev[old - 1].dev : NULL, place);
    tspi.linev[line].phone = place + 1;
    if (place == tspi.phonec)
        tspi.phonec++;
    return true;
}

static enum session_err line_come(struct change *c, const struct row *row)
{
    struct session_line_conf conf = tspi_line_conf(row->line, c->addressv);
    uint16_t generation = tspi.epoch;
    struct tspi_line *line;
    enum session_err err;
    uint32_t place;

    while (c->next_line < tspi.linec && !tspi.linev[c->next_line].dev.vacant)
        c->next_line++;
    place = c->next_line;
    if (!line_places(place + 1))
        return SESSION_E_NOMEM;
    err = tspi_line_add(place, row->line, &conf);
    if (err)
        return err;
    line = &tspi.linev[place];
    if (place < tspi.linec)
        generation = line->generation;
    *line = (struct tspi_line){.generation = generation};
    come(&tspi.line_ids, &line->dev, row->place ? &tspi.linev[row->place - 1].dev : NULL, place);
    if (place == tspi.linec)
        tspi.linec++;
    c->confv[place] = *row->line;
    if (row->line->phone && (row->phone || tspi.phone_create) && !phone_come(c, place, row->phone))
        err = SESSION_E_NOMEM; /* a line without a phone is better than none */
    return err;
}

/* The id of one that leaves is nobody's, unless another has taken it over. */
static void bid_farewell(struct tspi_ids *ids, struct tspi_device *dev)
{
    if (!dev->leaving)
        return;
    dev->leaving = false;
    dev->owing = true;
    dev->to_remove = dev->named;
    if (dev->named)
        id_remove(ids, dev->id);
    dev->named = dev->to_create = false;
    dev->temp = 0;
}

/* Lock held. Takes `conf` over unless it fails. */
static enum session_err apply(struct config *conf, struct sessiontsp_provider *out)
{
    struct change c = {.out = out};
    enum session_err err = compare(&c, conf);

    if (err) {
        tspi_free(c.confv);
        goto done;
    }
    tspi_sip_compare(conf);
    go(&c);
    for (uint32_t i = 0; i < c.rowc; i++) {
        enum session_err one = c.rowv[i].stays ? SESSION_E_OK : line_come(&c, &c.rowv[i]);

        if (one) {
            platform_log(PLATFORM_LOG_ERROR, "sessiontsp: line %s: %s", c.rowv[i].line->name,
                         one == SESSION_E_BADPARAM ? "another has its number until the next start"
                                                   : session_err_text(one));
            out->dwFailed++;
        }
        out->dwAdded += !c.rowv[i].stays && !c.rowv[i].place && !one;
    }
    for (uint32_t i = 0; i < tspi.linec; i++)
        bid_farewell(&tspi.line_ids, &tspi.linev[i].dev);
    for (uint32_t i = 0; i < tspi.phonec; i++)
        bid_farewell(&tspi.phone_ids, &tspi.phonev[i].dev);
    tspi.owing = true;
    pump_poll(tspi.pump, platform_mono_ms()); /* accounts are not in service yet, and say so */

    if (c.keep) {
        tspi.conf->next = tspi.old_confs;
        tspi.old_confs = tspi.conf;
    } else {
        config_free(tspi.conf);
    }
    tspi_free(tspi.line_confv);
    tspi.line_confv = conf->linev = c.confv;
    conf->linec = tspi.linec;
    tspi.conf = conf;
done:
    tspi_free(c.rowv);
    tspi_free(c.addressv);
    return err;
}

/* One at a time: what is read is what was there when the last one was done. No lock held. */
static void begin_reading(void)
{
    platform_mutex_lock(&tspi.lock);
    while (tspi.reading)
        platform_cond_wait(&tspi.phase_changed, &tspi.lock);
    tspi.reading = true;
    platform_mutex_unlock(&tspi.lock);
}

/* Before anything is said of it: a callback may begin the next one. Lock held. */
static void end_reading(void)
{
    tspi.reading = false;
    platform_cond_broadcast(&tspi.phase_changed);
}

/* After begin_reading, which it ends. No lock held. */
static LONG reload(struct sessiontsp_provider *out)
{
    struct config *conf = NULL;
    enum session_err err = SESSION_E_OK;
    struct binding *sip = NULL;
    bool told;

    platform_mutex_lock(&tspi.lock);
    told = tspi.phase != TSPI_ON || tspi.line_create;
    if (tspi.phase != TSPI_ON || !told) { /* one that is not started will read it then */
        end_reading();
        platform_mutex_unlock(&tspi.lock);
        return told ? 0 : (LONG)LINEERR_OPERATIONUNAVAIL;
    }
    platform_mutex_unlock(&tspi.lock);
    err = tspi_load(&conf, true);
    out->dwMessages = conf ? conf->messagec : err == SESSION_E_FAILED; /* that it cannot be read is one */
    if (!err && out->dwMessages)
        err = SESSION_E_FAILED;
    if (!err)
        sip = tspi_sip_start(conf);
    platform_mutex_lock(&tspi.lock);
    end_reading();
    if (tspi.phase != TSPI_ON) {
        platform_mutex_unlock(&tspi.lock);
        tspi_sip_free(sip);
        config_free(conf);
        return tspi_error(err);
    }
    out->dwRunning = 1;
    sip = tspi_sip_join(sip, conf);
    if (!err)
        err = apply(conf, out);
    if (err)
        config_free(conf);
    tspi_leave();
    tspi_sip_free(sip);
    return tspi_error(err);
}

static LONG edit_error(int err)
{
    switch (err) {
    case 0:
        return 0;
    case EINVAL:
        return (LONG)LINEERR_INVALADDRESS;
    case EEXIST:
        return (LONG)LINEERR_INUSE;
    case ENODEV:
        return (LONG)LINEERR_NODEVICE;
    case EPERM:
        return (LONG)LINEERR_OPERATIONUNAVAIL;
    case ENOMEM:
        return (LONG)LINEERR_NOMEM;
    default:
        return (LONG)LINEERR_INIFILECORRUPT;
    }
}

/* A text of the host with a terminator somewhere. */
static bool text_of(const WCHAR *from, size_t units, char *to, size_t size)
{
    size_t len = 0;

    while (len < units && from[len])
        len++;
    return len < units && platform_utf16_to_utf8((const uint16_t *)from, len, to, size) <= size;
}

/* Enters a line in the configuration, or strikes it out. No lock held. */
static LONG edit(const struct sessiontsp_provider_line *line)
{
    char number[256], name[256];
    int err;

    if (!text_of(line->szNumber, sizeof line->szNumber / sizeof *line->szNumber, number, sizeof number) ||
        !text_of(line->szName, sizeof line->szName / sizeof *line->szName, name, sizeof name) ||
        line->dwFlags & ~(DWORD)SESSIONTSP_LINE_NO_PHONE)
        return (LONG)LINEERR_INVALPARAM;
    if (tspi.conf_source)
        return (LONG)LINEERR_OPERATIONUNAVAIL; /* a configuration that is nowhere */
    err = line->Result.dwCommand == SESSIONTSP_PROVIDER_LINE_ADD
              ? config_line_add(number, name, !(line->dwFlags & SESSIONTSP_LINE_NO_PHONE))
              : config_line_remove(number);
    return edit_error(err);
}

/* What is said of an account. No lock held. */
static LONG accounts(void *params, DWORD size)
{
    struct sessiontsp_provider_account *a;
    LONG result = (LONG)LINEERR_NOMEM;

    if (size < sizeof *a)
        return (LONG)LINEERR_INVALPARAM;
    if (tspi.conf_source)
        return (LONG)LINEERR_OPERATIONUNAVAIL; /* a configuration that is nowhere */
    a = malloc(sizeof *a);
    if (a) {
        memcpy(a, params, sizeof *a);
        a->Result = (struct sessiontsp_provider){.dwCommand = a->Result.dwCommand};
        if (a->Result.dwCommand == SESSIONTSP_PROVIDER_ACCOUNT_TEST) {
            result = account_block(a);
            platform_mutex_lock(&tspi.lock);
            a->Result.dwRunning = tspi.phase == TSPI_ON;
            platform_mutex_unlock(&tspi.lock);
        } else {
            begin_reading();
            result = account_block(a);
            if (!result && a->dwOutcome == SESSIONTSP_ACCOUNT_OK) {
                (void)reload(&a->Result); /* it is entered in any case; what else is wrong was logged */
            } else {
                platform_mutex_lock(&tspi.lock);
                end_reading();
                platform_mutex_unlock(&tspi.lock);
            }
        }
        memcpy(params, a, sizeof *a);
        free(a);
    }
    return result;
}

/**
 * What the provider's dialogs, and programs in place of them, have to say to it: struct sessiontsp_provider,
 * sessiontsp_provider_line or sessiontsp_provider_account (include/sessiontsp.h) about the provider as a whole.
 * @param dwObjectID  the permanent provider id
 * @param dwSize      bytes of lpParams, where the answer is written as well
 * @return 0, INVALPARAM (another object, or not such a block), OPERATIONFAILED (the configuration has mistakes, which
 *         were logged, or cannot be read: nothing is changed), OPERATIONUNAVAIL (the host cannot be told of new
 *         devices), NOMEM, RESOURCEUNAVAIL; and what sessiontsp.h says of single lines.
 * Thread: any. Source: TSPI_providerGenericDialogData.
 */
LONG TSPIAPI TSPI_providerGenericDialogData(DWORD_PTR dwObjectID, DWORD dwObjectType, LPVOID lpParams, DWORD dwSize)
{
    struct sessiontsp_provider_line block;
    struct sessiontsp_provider *head = &block.Result;
    LONG result = 0;
    bool is_line;

    (void)dwObjectID; /* there is one instance, whose lines and phones all are */
    if (dwObjectType < TUISPIDLL_OBJECT_LINEID || dwObjectType > TUISPIDLL_OBJECT_PROVIDERID || !lpParams ||
        dwSize < sizeof *head)
        return (LONG)LINEERR_INVALPARAM;
    memcpy(head, lpParams, sizeof *head);
    if (account_command(head->dwCommand))
        return accounts(lpParams, dwSize);
    is_line = head->dwCommand == SESSIONTSP_PROVIDER_LINE_ADD || head->dwCommand == SESSIONTSP_PROVIDER_LINE_REMOVE;
    if ((!is_line && head->dwCommand != SESSIONTSP_PROVIDER_RELOAD) || (is_line && dwSize < sizeof block))
        return (LONG)LINEERR_INVALPARAM;
    if (is_line)
        memcpy(&block, lpParams, sizeof block);
    *head = (struct sessiontsp_provider){.dwCommand = head->dwCommand};
    begin_reading();
    if (is_line)
        result = edit(&block);
    if (!result) {
        result = reload(head);
    } else {
        platform_mutex_lock(&tspi.lock);
        end_reading();
        platform_mutex_unlock(&tspi.lock);
    }
    memcpy(lpParams, head, sizeof *head);
    return result;
}
