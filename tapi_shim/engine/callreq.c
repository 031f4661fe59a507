/* Asynchronous functions on calls that make no call. SPDX-License-Identifier: MIT */
#include "tapi_shim/engine/priv.h"

#include <stdlib.h>
#include <string.h>

bool provider_has(const struct engine_provider *p, size_t function)
{
    void (*f)(void);

    memcpy(&f, (const char *)&p->fn + function, sizeof(f));
    return f;
}

bool call_state_wrong(const struct engine_call *call, uint32_t states)
{
    /* What is not known the provider has to decide. */
    return states && !(call->state & (states | LINECALLSTATE_UNKNOWN));
}

enum {
    HELD = LINECALLSTATE_ONHOLD | LINECALLSTATE_ONHOLDPENDTRANSFER | LINECALLSTATE_ONHOLDPENDCONF,
    LIVE = 0x00FFFFFF & ~(LINECALLSTATE_IDLE | LINECALLSTATE_DISCONNECTED),
    UUI = LINECALLSTATE_CONNECTED | LINECALLSTATE_OFFERING | LINECALLSTATE_ACCEPTED | LINECALLSTATE_RINGBACK,
    DIALLED = LINECALLSTATE_CONNECTED | LINECALLSTATE_RINGBACK | LINECALLSTATE_BUSY | LINECALLSTATE_PROCEEDING,
    JOINING = LINECALLSTATE_CONNECTED | LINECALLSTATE_ONHOLD | LINECALLSTATE_RINGBACK | LINECALLSTATE_PROCEEDING
};

/* Where the documents of the two interfaces differ the states are those of the application's. */
struct rule {
    uint32_t op;
    size_t function;
    uint32_t states, states2; /* that are in order, 0: all; of the second call */
    uint32_t bad, bad2;       /* handle; 0: LINEERR_INVALCALLHANDLE; of the second call, 0: there is none */
};

#define FUNCTION(name) offsetof(struct engine_tspi, name)
static const struct rule rules[] = {
    {CHANNEL_CALL_HOLD, FUNCTION(lineHold), LINECALLSTATE_CONNECTED, 0, 0, 0},
    {CHANNEL_CALL_UNHOLD, FUNCTION(lineUnhold), HELD, 0, 0, 0},
    {CHANNEL_CALL_SWAP_HOLD, FUNCTION(lineSwapHold), LINECALLSTATE_CONNECTED, HELD, 0, LINEERR_INVALCALLHANDLE},
    {CHANNEL_CALL_REDIRECT, FUNCTION(lineRedirect), LINECALLSTATE_OFFERING, 0, 0, 0},
    {CHANNEL_CALL_BLIND_TRANSFER, FUNCTION(lineBlindTransfer), LINECALLSTATE_CONNECTED, 0, 0, 0},
    {CHANNEL_CALL_SECURE, FUNCTION(lineSecureCall), 0, 0, 0, 0},
    {CHANNEL_CALL_SEND_UUI, FUNCTION(lineSendUserUserInfo), UUI, 0, 0, 0},
    {CHANNEL_CALL_RELEASE_UUI, FUNCTION(lineReleaseUserUserInfo), 0, 0, 0, 0},
    {CHANNEL_CALL_DATA_SET, FUNCTION(lineSetCallData), 0, 0, 0, 0},
    {CHANNEL_CALL_PARAMS_SET, FUNCTION(lineSetCallParams), LIVE, 0, 0, 0},
    {CHANNEL_CALL_TREATMENT_SET, FUNCTION(lineSetCallTreatment), 0, 0, 0, 0},
    {CHANNEL_CALL_QOS_SET, FUNCTION(lineSetCallQualityOfService), 0, 0, 0, 0},
    {CHANNEL_CALL_PARK, FUNCTION(linePark), LINECALLSTATE_CONNECTED, 0, 0, 0},
    {CHANNEL_CALL_COMPLETE, FUNCTION(lineCompleteCall), LINECALLSTATE_BUSY | LINECALLSTATE_RINGBACK, 0, 0, 0},
    {CHANNEL_CONF_ADD, FUNCTION(lineAddToConference), LINECALLSTATE_ONHOLDPENDCONF | LINECALLSTATE_ONHOLD, JOINING,
     LINEERR_INVALCONFCALLHANDLE, LINEERR_INVALCONSULTCALLHANDLE},
    {CHANNEL_CONF_REMOVE, FUNCTION(lineRemoveFromConference), LINECALLSTATE_CONFERENCED, 0, 0, 0},
    {CHANNEL_TRANSFER_COMPLETE, FUNCTION(lineCompleteTransfer), LINECALLSTATE_ONHOLDPENDTRANSFER | LINECALLSTATE_ONHOLD,
     DIALLED, 0, LINEERR_INVALCONSULTCALLHANDLE},
};

static const struct rule *rule_find(uint32_t op)
{
    uint32_t i;

    for (i = 0; rules[i].op != op; i++)
        ;
    return &rules[i];
}

/* What is wrong with parameters other than handles; 0. */
static int32_t arguments_check(const struct channel_call *cc)
{
    const uint32_t *arg = cc->arg;

    switch (cc->op) {
    case CHANNEL_CALL_REDIRECT:
    case CHANNEL_CALL_BLIND_TRANSFER:
        if (!cc->in0)
            return (int32_t)LINEERR_INVALPOINTER;
        return text_check(cc->in0, cc->in0_len) ? 0 : (int32_t)LINEERR_INVALADDRESS;
    case CHANNEL_CALL_PARK:
        if (arg[2] != LINEPARKMODE_DIRECTED && arg[2] != LINEPARKMODE_NONDIRECTED)
            return (int32_t)LINEERR_INVALPARKMODE;
        if (arg[2] == LINEPARKMODE_DIRECTED && !cc->in0)
            return (int32_t)LINEERR_INVALPOINTER;
        return cc->in0 && !text_check(cc->in0, cc->in0_len) ? (int32_t)LINEERR_INVALADDRESS : 0;
    case CHANNEL_CALL_COMPLETE:
        if (!arg[2] || arg[2] & (arg[2] - 1) || arg[2] > LINECALLCOMPLMODE_MESSAGE)
            return (int32_t)LINEERR_INVALCALLCOMPLMODE;
        return 0;
    case CHANNEL_CALL_PARAMS_SET:
        if (!arg[2] || arg[2] & (arg[2] - 1))
            return (int32_t)LINEERR_INVALBEARERMODE;
        if (arg[4] && arg[3] > arg[4])
            return (int32_t)LINEERR_INVALRATE;
        return cc->in0 && cc->in0_len != sizeof(LINEDIALPARAMS) ? (int32_t)LINEERR_INVALPOINTER : 0;
    case CHANNEL_TRANSFER_COMPLETE:
        if (arg[3] != LINETRANSFERMODE_TRANSFER && arg[3] != LINETRANSFERMODE_CONFERENCE)
            return (int32_t)LINEERR_INVALTRANSFERMODE;
        return 0;
    default:
        return 0;
    }
}

/* A handle that may be used to change the call. */
static int32_t owned_find(const struct channel *c, uint32_t hcall, uint32_t bad, struct engine_hcall **hp)
{
    *hp = hcall_find(c, hcall);
    if (!*hp)
        return (int32_t)(bad ? bad : LINEERR_INVALCALLHANDLE);
    return (*hp)->privilege == LINECALLPRIVILEGE_OWNER ? 0 : (int32_t)LINEERR_NOTOWNER;
}

enum { PARK_TEXT_BYTES = 1024 }; /* an address that a switch has for a parked call */

/* The request, and room for what the provider says. NULL: no memory. */
static struct engine_request *request_make(const struct engine_hcall *h, const struct channel_call *cc)
{
    struct engine_request *r;
    VARSTRING *text = NULL;

    if (cc->op == CHANNEL_CALL_PARK && cc->arg[2] == LINEPARKMODE_NONDIRECTED) {
        text = calloc(1, PARK_TEXT_BYTES);
        if (!text)
            return NULL;
        text->dwTotalSize = PARK_TEXT_BYTES;
        text->dwNeededSize = text->dwUsedSize = sizeof(*text);
    }
    r = request_alloc(h->call, h->line, cc->arg[1], cc->op == CHANNEL_CALL_COMPLETE ? REQUEST_RESULT : 0);
    if (!r) {
        free(text);
        return NULL;
    }
    r->hcall = h->item.handle;
    if (text) {
        r->flags |= REQUEST_RESULT | REQUEST_TEXT;
        r->data = text;
        r->data_len = PARK_TEXT_BYTES;
    }
    return r;
}

/* Not locked. */
static int32_t run(struct engine_provider *p, uint32_t id, HDRVCALL hdcall, HDRVCALL second, struct engine_request *r,
                   void *data, const struct channel_call *cc)
{
    const uint32_t *arg = cc->arg;
    /* Providers take it as input; the prototypes do not all say so. */
    void *in0 = (void *)(uintptr_t)cc->in0, *in1 = (void *)(uintptr_t)cc->in1;
    uint32_t len0 = in0 ? cc->in0_len : 0, len1 = in1 ? cc->in1_len : 0;
    int32_t rc;

    switch (cc->op) {
    case CHANNEL_CALL_HOLD:
        PROVIDER_CALL(p, rc, lineHold, id, hdcall);
        break;
    case CHANNEL_CALL_UNHOLD:
        PROVIDER_CALL(p, rc, lineUnhold, id, hdcall);
        break;
    case CHANNEL_CALL_SWAP_HOLD:
        PROVIDER_CALL(p, rc, lineSwapHold, id, hdcall, second);
        break;
    case CHANNEL_CALL_REDIRECT:
        PROVIDER_CALL(p, rc, lineRedirect, id, hdcall, in0, arg[2]);
        break;
    case CHANNEL_CALL_BLIND_TRANSFER:
        PROVIDER_CALL(p, rc, lineBlindTransfer, id, hdcall, in0, arg[2]);
        break;
    case CHANNEL_CALL_SECURE:
        PROVIDER_CALL(p, rc, lineSecureCall, id, hdcall);
        break;
    case CHANNEL_CALL_SEND_UUI:
        PROVIDER_CALL(p, rc, lineSendUserUserInfo, id, hdcall, in0, len0);
        break;
    case CHANNEL_CALL_RELEASE_UUI:
        PROVIDER_CALL(p, rc, lineReleaseUserUserInfo, id, hdcall);
        break;
    case CHANNEL_CALL_DATA_SET:
        PROVIDER_CALL(p, rc, lineSetCallData, id, hdcall, in0, len0);
        break;
    case CHANNEL_CALL_PARAMS_SET:
        PROVIDER_CALL(p, rc, lineSetCallParams, id, hdcall, arg[2], arg[3], arg[4], in0);
        break;
    case CHANNEL_CALL_TREATMENT_SET:
        PROVIDER_CALL(p, rc, lineSetCallTreatment, id, hdcall, arg[2]);
        break;
    case CHANNEL_CALL_QOS_SET:
        PROVIDER_CALL(p, rc, lineSetCallQualityOfService, id, hdcall, in0, len0, in1, len1);
        break;
    case CHANNEL_CALL_PARK:
        PROVIDER_CALL(p, rc, linePark, id, hdcall, arg[2], in0, data);
        break;
    case CHANNEL_CALL_COMPLETE:
        PROVIDER_CALL(p, rc, lineCompleteCall, id, hdcall, &r->value, arg[2], arg[3]);
        break;
    case CHANNEL_CONF_ADD:
        PROVIDER_CALL(p, rc, lineAddToConference, id, hdcall, second);
        break;
    case CHANNEL_CONF_REMOVE:
        PROVIDER_CALL(p, rc, lineRemoveFromConference, id, hdcall);
        break;
    default:
        PROVIDER_CALL(p, rc, lineCompleteTransfer, id, hdcall, second, NULL, &r->scratch, arg[3]);
        break;
    }
    return rc;
}

int32_t callreq_op(struct channel *c, struct channel_call *cc)
{
    const struct rule *rule = rule_find(cc->op);
    struct engine_hcall *h, *h2 = NULL;
    struct engine_call *call, *second;
    HDRVCALL hdcall, hdsecond = NULL;
    struct engine_provider *p;
    struct engine_request *r;
    uint64_t instance;
    uint32_t id;
    void *data;
    int32_t rc;

    rc = owned_find(c, cc->arg[0], rule->bad, &h);
    if (!rc && rule->bad2)
        rc = owned_find(c, cc->arg[2], rule->bad2, &h2);
    if (rc)
        return rc;
    call = h->call;
    second = h2 ? h2->call : NULL;
    p = call->device->provider;
    if (!provider_has(p, rule->function))
        return (int32_t)LINEERR_OPERATIONUNAVAIL;
    /* One call twice, or calls that know nothing of each other. */
    if (second && (second == call || second->device != call->device))
        return (int32_t)rule->bad2;
    rc = arguments_check(cc);
    if (rc)
        return rc;
    if (call_state_wrong(call, rule->states) || (second && call_state_wrong(second, rule->states2)))
        return (int32_t)LINEERR_INVALCALLSTATE;
    if (cc->op == CHANNEL_TRANSFER_COMPLETE && cc->arg[3] == LINETRANSFERMODE_CONFERENCE)
        return makereq_op(c, cc);
    r = request_make(h, cc);
    if (!r)
        return (int32_t)LINEERR_NOMEM;
    instance = h->line->instance;
    id = r->item.handle;
    data = r->data;
    hdcall = call->hdcall;
    call_hold(call);
    if (second) {
        hdsecond = second->hdcall;
        call_hold(second);
    }
    engine_unlock();
    rc = run(p, id, hdcall, hdsecond, r, data, cc);
    engine_lock();
    rc = request_returned(id, cc->arg[1], rc);
    if (second)
        call_put(second);
    call_put(call);
    cc->ret[0] = (uint32_t)instance;
    cc->ret[1] = (uint32_t)(instance >> 32);
    return rc;
}
