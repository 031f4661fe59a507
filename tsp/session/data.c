/* What is kept of a session beside its states: user-user information, call data, parameters.
 * SPDX-License-Identifier: MIT */
#include "tsp/session/core_private.h"

#include <string.h>

/* ---- memory ------------------------------------------------------------------------------------------------------ */

struct side *core__side(struct session_core *core, struct session *s)
{
    struct side *side = s->side;

    if (side)
        return side;
    if (session_timers_reserve(&core->timers, core->sessions.live + 2 * (core->sidec + 1)))
        return NULL;
    side = core->mem.alloc(sizeof *side, core->mem.arg);
    if (side) {
        side->session = s;
        side->gathering.kind = TIMER_GATHERING;
        side->listening.kind = TIMER_LISTENING;
        side->m.stream = (struct session_stream){SESSION_STREAM_RUNNING, SESSION_RATE_NORMAL, SESSION_VOLUME_NORMAL};
        core->sidec++;
        s->side = side;
    }
    return side;
}

void core__side_free(struct session_core *core, struct session *s)
{
    struct side *side = s->side;

    while (side->uui) {
        struct blob *b = side->uui;

        side->uui = b->next;
        core->mem.free(b, core->mem.arg);
    }
    core__media_free(core, side);
    core__control_drop(core, side);
    core->mem.free(side->call_data, core->mem.arg);
    core->mem.free(side->sending, core->mem.arg);
    core->mem.free(side->receiving, core->mem.arg);
    core->mem.free(side, core->mem.arg);
    s->side = NULL;
    core->sidec--;
}

const struct session_media *session_media(const struct session_core *core, uint32_t id)
{
    const struct session *s = pool_get(&core->sessions, id);

    return s && s->side ? &s->side->m : NULL;
}

static struct blob *blob_new(struct session_core *core, const struct session_bytes *bytes)
{
    struct blob *b = core->mem.alloc(sizeof *b + bytes->len, core->mem.arg);

    if (b) {
        b->len = bytes->len;
        if (bytes->len)
            memcpy(b->data, bytes->data, bytes->len);
    }
    return b;
}

/* Puts a blob (NULL or empty: none) where another was. */
static void blob_set(struct session_core *core, struct blob **slot, struct session_bytes *shown, struct blob *b)
{
    core->mem.free(*slot, core->mem.arg);
    *slot = b;
    shown->data = b ? b->data : NULL;
    shown->len = b ? b->len : 0;
}

/* ---- what comes along -------------------------------------------------------------------------------------------- */

static bool bytes_ok(const struct session_bytes *b, uint32_t max)
{
    return b->len <= max && (b->data || !b->len);
}

enum session_err core__attach_check(const struct session_attach *a)
{
    if (!bytes_ok(&a->uui, SESSION_UUI_MAX))
        return SESSION_E_UUITOOBIG;
    return bytes_ok(&a->call_data, SESSION_CALL_DATA_MAX) && bytes_ok(&a->sending, SESSION_FLOWSPEC_MAX) &&
                   bytes_ok(&a->receiving, SESSION_FLOWSPEC_MAX)
               ? SESSION_E_OK
               : SESSION_E_BADPARAM;
}

static bool dial_params_set(const struct session_dial_params *p)
{
    return p->pause_ms || p->speed_ms || p->digit_ms || p->wait_ms;
}

/* One more piece of user-user information. False: it is lost, which its sender must expect. */
static bool uui_add(struct session_core *core, struct side *side, const struct session_bytes *bytes)
{
    struct blob **link = &side->uui, *b;

    if (side->uuic == SESSION_UUI_QUEUE || !bytes_ok(bytes, SESSION_UUI_MAX))
        return false;
    b = blob_new(core, bytes);
    if (!b)
        return false;
    while (*link)
        link = &(*link)->next;
    *link = b;
    side->uuic++;
    side->m.uui.data = side->uui->data;
    side->m.uui.len = side->uui->len;
    return true;
}

/* Replaces bytes by a copy of others. */
static bool keep(struct session_core *core, struct blob **slot, struct session_bytes *shown,
                 const struct session_bytes *bytes)
{
    struct blob *b = NULL;

    if (bytes->len) {
        b = blob_new(core, bytes);
        if (!b)
            return false;
    }
    blob_set(core, slot, shown, b);
    return true;
}

enum session_err core__attach(struct session_core *core, struct session *s, const struct session_attach *a,
                              bool received)
{
    bool uui = received && a->uui.len;
    struct side *side;

    if (!uui && !a->call_data.len && !a->sending.len && !a->receiving.len && !dial_params_set(&a->dial_params))
        return SESSION_E_OK;
    if (received && core__attach_check(a))
        return SESSION_E_BADPARAM;
    side = core__side(core, s);
    if (!side)
        return SESSION_E_NOMEM;
    side->m.dial_params = a->dial_params;
    if (uui && !uui_add(core, side, &a->uui))
        return SESSION_E_NOMEM;
    return keep(core, &side->call_data, &side->m.call_data, &a->call_data) &&
                   keep(core, &side->sending, &side->m.sending, &a->sending) &&
                   keep(core, &side->receiving, &side->m.receiving, &a->receiving)
               ? SESSION_E_OK
               : SESSION_E_NOMEM;
}

/* The command's attachment lies in the core: a driver short of memory may take the command after the operation. */
static struct session_attach *attachment(struct session_core *core, struct session_cmd *cmd)
{
    if (!cmd->attach) {
        memset(&core->attach, 0, sizeof core->attach);
        cmd->attach = &core->attach;
    }
    return &core->attach;
}

void core__attach_uui(struct session_core *core, struct session_cmd *cmd, const struct session_bytes *uui)
{
    struct session_attach *a;

    if (!uui->len)
        return;
    a = attachment(core, cmd);
    memcpy(core->uui, uui->data, uui->len);
    a->uui.data = core->uui;
    a->uui.len = uui->len;
}

void core__attach_data(struct session_core *core, struct session_cmd *cmd, const struct session_bytes *data)
{
    struct session_attach *a;
    const struct session *s = pool_get(&core->sessions, cmd->session);

    if (!data->len)
        return;
    a = attachment(core, cmd);
    a->set_data = true;
    a->call_data = s && s->side ? s->side->m.call_data : *data;
}

void core__inform(struct session_core *core, struct session *s, const struct session_attach *a)
{
    struct side *side;
    uint32_t bits = 0;

    if (core__attach_check(a))
        return;
    side = core__side(core, s);
    if (!side)
        return;
    /* what waits behind another piece is shown when that one is released */
    if (a->uui.len && uui_add(core, side, &a->uui) && side->uuic == 1)
        bits |= SESSION_INFO_USERUSERINFO;
    if (a->set_data && (a->call_data.len || side->call_data) &&
        keep(core, &side->call_data, &side->m.call_data, &a->call_data))
        bits |= SESSION_INFO_CALLDATA;
    core__info(core, s, bits);
}

/* ---- operations -------------------------------------------------------------------------------------------------- */

void core__data_done(struct session_core *core, struct session *s, struct blob *blob)
{
    struct side *side = core__side(core, s); /* made when the request was accepted */

    if (!side) {
        core->mem.free(blob, core->mem.arg);
        return;
    }
    if (blob && !blob->len) {
        core->mem.free(blob, core->mem.arg);
        blob = NULL;
    }
    blob_set(core, &side->call_data, &side->m.call_data, blob);
    core__info(core, s, SESSION_INFO_CALLDATA);
}

static enum session_err set_call_data(struct session_core *core, struct session *s, struct pending *p,
                                      const struct session_req *req)
{
    struct session_cmd *cmd;
    struct blob *blob = p->blob;

    (void)req;
    if (s->leg) {
        struct session_attach *a;

        cmd = core__command(core, SESSION_CMD_INFORM, s, p->head.id);
        a = attachment(core, cmd);
        a->set_data = true;
        a->call_data.data = blob->data;
        a->call_data.len = blob->len;
        return SESSION_E_OK;
    }
    p->blob = NULL;
    core__pending_end(core, p, SESSION_E_OK);
    core__data_done(core, s, blob);
    return SESSION_E_OK;
}

static uint32_t release_uui(struct session_core *core, struct session *s)
{
    struct side *side = s->side;
    struct blob *b;

    if (!side || !side->uui)
        return 0;
    b = side->uui;
    side->uui = b->next;
    side->uuic--;
    core->mem.free(b, core->mem.arg);
    side->m.uui.data = side->uui ? side->uui->data : NULL;
    side->m.uui.len = side->uui ? side->uui->len : 0;
    return side->uui ? SESSION_INFO_USERUSERINFO : 0;
}

static uint32_t set_params(struct session *s, const struct session_req *req)
{
    uint32_t bits = 0;

    if (req->bearer_mode && req->bearer_mode != s->info.bearer_mode) {
        s->info.bearer_mode = req->bearer_mode;
        bits |= SESSION_INFO_BEARERMODE;
    }
    if (req->max_rate && req->max_rate != s->info.rate) {
        s->info.rate = req->max_rate;
        bits |= SESSION_INFO_RATE;
    }
    if (dial_params_set(&req->attach.dial_params) && s->side) {
        s->side->m.dial_params = req->attach.dial_params;
        bits |= SESSION_INFO_DIALPARAMS;
    }
    return bits;
}

void core__secured(struct session_core *core, const struct session *s)
{
    if (s->leg && s->info.flags & SESSION_FLAG_SECURE)
        core__command(core, SESSION_CMD_SECURE, s, 0);
}

/* Those that end at once: what they change. */
static uint32_t carry_out(struct session_core *core, struct session *s, const struct session_req *req,
                          enum session_err *err)
{
    switch (req->op) {
    case SESSION_OP_RELEASEUSERUSER:
        return release_uui(core, s);
    case SESSION_OP_SECURECALL:
        if (s->info.flags & SESSION_FLAG_SECURE)
            return 0;
        s->info.flags |= SESSION_FLAG_SECURE;
        core__secured(core, s);
        return SESSION_INFO_OTHER;
    case SESSION_OP_SETCALLPARAMS:
        return set_params(s, req);
    case SESSION_OP_SETTREATMENT:
        s->side->m.treatment = req->value;
        return SESSION_INFO_TREATMENT;
    case SESSION_OP_SETQOS:
        if (keep(core, &s->side->sending, &s->side->m.sending, &req->attach.sending) &&
            keep(core, &s->side->receiving, &s->side->m.receiving, &req->attach.receiving))
            return SESSION_INFO_QOS;
        *err = SESSION_E_NOMEM;
        return 0;
    default:
        return 0;
    }
}

static bool needs_side(const struct session_req *req)
{
    return req->op == SESSION_OP_SETCALLDATA || req->op == SESSION_OP_SETTREATMENT || req->op == SESSION_OP_SETQOS ||
           (req->op == SESSION_OP_SETCALLPARAMS && dial_params_set(&req->attach.dial_params));
}

enum session_err core__data_op(struct session_core *core, struct session *s, const struct session_req *req)
{
    enum session_err err = core__attach_check(&req->attach);
    struct blob *blob = NULL;
    struct pending *p;
    uint32_t bits;

    if (err)
        return err;
    if (req->op == SESSION_OP_SETMEDIAMODE) {
        if (req->media_modes && req->media_modes != s->info.media_modes) {
            s->info.media_modes = req->media_modes;
            core__info(core, s, SESSION_INFO_MEDIAMODE);
        }
        return SESSION_E_OK;
    }
    if (needs_side(req) && !core__side(core, s))
        return SESSION_E_NOMEM;
    if (req->op == SESSION_OP_SETCALLDATA) {
        blob = blob_new(core, &req->attach.call_data);
        if (!blob)
            return SESSION_E_NOMEM;
    }
    p = core__pending_new(core, s, req->op, req->request, &err);
    if (!p) {
        core->mem.free(blob, core->mem.arg);
        return err;
    }
    if (req->op == SESSION_OP_SETCALLDATA) {
        p->blob = blob;
        return set_call_data(core, s, p, req);
    }
    if (req->op == SESSION_OP_SENDUSERUSER && req->attach.uui.len) {
        if (s->leg)
            core__attach_uui(core, core__command(core, SESSION_CMD_INFORM, s, p->head.id), &req->attach.uui);
        else
            core__pending_end(core, p, SESSION_E_BADSTATE);
        return SESSION_E_OK;
    }
    bits = carry_out(core, s, req, &err);
    core__pending_end(core, p, err);
    core__info(core, s, bits);
    return SESSION_E_OK;
}
