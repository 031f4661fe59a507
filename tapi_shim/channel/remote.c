/* The client's end of the channel between processes. SPDX-License-Identifier: MIT */
#include "tapi_shim/channel/remote.h"

#include "include/tapi_port.h"
#include "tapi_shim/channel/wire.h"
#include "tapi_shim/platform/link.h"
#include "tapi_shim/platform/platform.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Something else may listen at the place. */
enum { GREET_MS = 10000 };

/* A call under way, on the stack of the thread that makes it. */
struct pending {
    uint32_t tag;
    bool done;
    struct channel_call *call;
    int32_t rc;
    struct platform_cond wake;
    struct pending *next;
};

struct remote {
    struct platform_mutex lock;
    struct platform_cond changed; /* greeted, lost, fewer calls */
    struct platform_hub *hub;
    struct platform_link *link;
    struct wire_reader reader;
    channel_event_h *h;
    remote_lost_h *lost_h;
    void *arg;
    struct pending *pending;
    uint32_t pendings;
    uint32_t last_tag;
    bool greeted, lost, closing;
    struct wire_welcome welcome;
    int err; /* why it was lost */
};

/* What the documents give where the service has gone, by what the call names first. */
static int32_t gone(uint32_t op)
{
    switch (op) {
    case CHANNEL_APP_CLOSE:
    case CHANNEL_LINE_CLOSE:
    case CHANNEL_CALL_FREE:
    case CHANNEL_PHONE_CLOSE:
        return 0; /* it went with the service */
    case CHANNEL_APP_OPEN:
    case CHANNEL_DEV_NEGOTIATE:
    case CHANNEL_DEV_EXT_NEGOTIATE:
    case CHANNEL_DEV_CAPS:
    case CHANNEL_ADDRESS_CAPS:
    case CHANNEL_LINE_OPEN:
    case CHANNEL_RECIPIENT_SET:
    case CHANNEL_REQUEST_GET:
    case CHANNEL_PROXY_STATUS:
        return (int32_t)LINEERR_REINIT;
    case CHANNEL_LINE_STATUS:
    case CHANNEL_ADDRESS_STATUS:
    case CHANNEL_ADDRESS_ID:
    case CHANNEL_STATUS_SET:
    case CHANNEL_STATUS_GET:
    case CHANNEL_NEW_CALLS:
    case CHANNEL_CALL_MAKE:
    case CHANNEL_CALL_UNPARK:
    case CHANNEL_CALL_PICKUP:
    case CHANNEL_LINE_FORWARD:
    case CHANNEL_LINE_UNCOMPLETE:
    case CHANNEL_LINE_DEVSTATUS_SET:
    case CHANNEL_LINE_TERMINAL_SET:
    case CHANNEL_LINE_DEVSPECIFIC:
    case CHANNEL_LINE_DEVSPECIFIC_FEATURE:
    case CHANNEL_LINE_MEDIA_CONTROL:
    case CHANNEL_LINE_ID:
    case CHANNEL_RINGS_SET:
    case CHANNEL_RINGS_GET:
    case CHANNEL_PROXY_ASK:
    case CHANNEL_PROXY_ANSWER:
    case CHANNEL_PROXY_MESSAGE:
        return (int32_t)LINEERR_INVALLINEHANDLE;
    case CHANNEL_CALL_DIAL:
    case CHANNEL_CALL_ACCEPT:
    case CHANNEL_CALL_ANSWER:
    case CHANNEL_CALL_DROP:
    case CHANNEL_CALL_INFO:
    case CHANNEL_CALL_STATUS:
    case CHANNEL_CALL_PRIVILEGE:
    case CHANNEL_CALL_APPSPECIFIC:
    case CHANNEL_CALL_HANDOFF:
    case CHANNEL_CALL_HOLD:
    case CHANNEL_CALL_UNHOLD:
    case CHANNEL_CALL_SWAP_HOLD:
    case CHANNEL_CALL_REDIRECT:
    case CHANNEL_CALL_BLIND_TRANSFER:
    case CHANNEL_CALL_SECURE:
    case CHANNEL_CALL_SEND_UUI:
    case CHANNEL_CALL_RELEASE_UUI:
    case CHANNEL_CALL_DATA_SET:
    case CHANNEL_CALL_PARAMS_SET:
    case CHANNEL_CALL_TREATMENT_SET:
    case CHANNEL_CALL_QOS_SET:
    case CHANNEL_CALL_PARK:
    case CHANNEL_CALL_COMPLETE:
    case CHANNEL_CONF_ADD:
    case CHANNEL_CONF_REMOVE:
    case CHANNEL_TRANSFER_COMPLETE:
    case CHANNEL_TRANSFER_SETUP:
    case CHANNEL_CONF_SETUP:
    case CHANNEL_CONF_PREPARE:
    case CHANNEL_CONF_CALLS:
    case CHANNEL_CALL_MEDIA_MODE_SET:
    case CHANNEL_CALL_DIGITS_GENERATE:
    case CHANNEL_CALL_TONE_GENERATE:
    case CHANNEL_CALL_DIGITS_MONITOR:
    case CHANNEL_CALL_MEDIA_MONITOR:
    case CHANNEL_CALL_TONES_MONITOR:
    case CHANNEL_CALL_DIGITS_GATHER:
        return (int32_t)LINEERR_INVALCALLHANDLE;
    case CHANNEL_PHONE_APP_OPEN:
    case CHANNEL_PHONE_NEGOTIATE:
    case CHANNEL_PHONE_EXT_NEGOTIATE:
    case CHANNEL_PHONE_CAPS:
    case CHANNEL_PHONE_ICON:
    case CHANNEL_PHONE_OPEN:
        return (int32_t)PHONEERR_REINIT;
    case CHANNEL_PHONE_STATUS:
    case CHANNEL_PHONE_STATUS_SET:
    case CHANNEL_PHONE_STATUS_GET:
    case CHANNEL_PHONE_GET:
    case CHANNEL_PHONE_SET:
    case CHANNEL_PHONE_DISPLAY_GET:
    case CHANNEL_PHONE_DISPLAY_SET:
    case CHANNEL_PHONE_DATA_GET:
    case CHANNEL_PHONE_DATA_SET:
    case CHANNEL_PHONE_BUTTON_GET:
    case CHANNEL_PHONE_BUTTON_SET:
    case CHANNEL_PHONE_ID:
    case CHANNEL_PHONE_DEVSPECIFIC:
        return (int32_t)PHONEERR_INVALPHONEHANDLE;
    default:
        return (int32_t)LINEERR_OPERATIONFAILED;
    }
}

/* ---- in, on the hub's thread ------------------------------------------------------------------------------------- */

static bool on_result(struct remote *r, const struct wire_frame *frame)
{
    struct wire_result result;
    struct pending **link, *p;
    void *out = NULL;
    bool fits = true;

    if (!wire_get_result(frame, &result))
        return false;
    /* Only with success, whatever came: nobody looks at it else. */
    if (result.out && result.rc)
        result.out = NULL;
    if (result.out) {
        out = malloc(result.out_len ? result.out_len : 1);
        if (out)
            memcpy(out, result.out, result.out_len);
    }
    platform_mutex_lock(&r->lock);
    for (link = &r->pending; *link && (*link)->tag != frame->tag; link = &(*link)->next)
        ;
    p = *link;
    /* Nobody would free a block where none is due. */
    if (p && out && !wire_has_out(p->call->op))
        fits = false;
    if (p && fits) {
        *link = p->next;
        p->rc = result.out && !out ? (int32_t)LINEERR_NOMEM : result.rc;
        memcpy(p->call->ret, result.ret, sizeof(p->call->ret));
        p->call->out = out;
        p->call->out_len = out ? result.out_len : 0;
        p->done = true;
        out = NULL;
        platform_cond_signal(&p->wake);
    }
    platform_mutex_unlock(&r->lock);
    free(out);
    return p && fits;
}

static bool on_frame(const struct wire_frame *frame, void *arg)
{
    struct remote *r = arg;
    struct channel_event event;
    struct wire_welcome welcome;
    bool greeted;

    platform_mutex_lock(&r->lock);
    greeted = r->greeted;
    platform_mutex_unlock(&r->lock);
    if (!greeted) {
        if (!wire_get_welcome(frame, &welcome))
            return false;
        platform_mutex_lock(&r->lock);
        r->welcome = welcome;
        r->greeted = true;
        platform_cond_broadcast(&r->changed);
        platform_mutex_unlock(&r->lock);
        return true;
    }
    switch (frame->kind) {
    case WIRE_RESULT:
        return on_result(r, frame);
    case WIRE_EVENT:
        if (!wire_get_event(frame, &event))
            return false;
        r->h(&event, r->arg);
        return true;
    default:
        return false;
    }
}

static void on_data(struct platform_link *l, const void *data, size_t size, void *arg)
{
    struct remote *r = arg;
    int err = wire_feed(&r->reader, data, size, on_frame, r);

    if (!err)
        return;
    platform_log(PLATFORM_LOG_ERROR, "the telephony service says what it should not: the connection ends");
    platform_mutex_lock(&r->lock);
    r->err = err == ENOMEM ? ENOMEM : EPROTO;
    platform_mutex_unlock(&r->lock);
    platform_link_pause(l, true);
    platform_link_close(l);
}

static void on_closed(struct platform_link *l, int err, void *arg)
{
    struct remote *r = arg;
    struct pending *p;
    bool tell;

    (void)l;
    platform_mutex_lock(&r->lock);
    r->lost = true;
    if (!r->err)
        r->err = err ? err : ECONNRESET;
    tell = !r->closing && r->greeted && r->welcome.status == WIRE_STATUS_OK;
    platform_mutex_unlock(&r->lock);
    /* What the application is told of the loss comes before its functions fail by it. */
    if (tell)
        r->lost_h(r->arg);
    platform_mutex_lock(&r->lock);
    while ((p = r->pending) != NULL) {
        r->pending = p->next;
        p->rc = gone(p->call->op);
        p->done = true;
        platform_cond_signal(&p->wake);
    }
    platform_cond_broadcast(&r->changed);
    platform_mutex_unlock(&r->lock);
}

/* ---- out --------------------------------------------------------------------------------------------------------- */

static void remote_free(struct remote *r)
{
    platform_hub_free(r->hub);
    wire_reader_clear(&r->reader);
    platform_cond_destroy(&r->changed);
    platform_mutex_destroy(&r->lock);
    free(r);
}

/* Says hello and waits for the answer. */
static int greet(struct remote *r)
{
    const struct wire_hello hello = {WIRE_VERSION, platform_process_id()};
    const uint64_t deadline = platform_mono_ms() + GREET_MS;
    unsigned char frame[WIRE_HEADER + 12];
    bool in_time = true;
    int err = platform_link_send(r->link, frame, wire_put_hello(frame, sizeof(frame), &hello));

    if (err && err != EPIPE)
        return err;
    platform_mutex_lock(&r->lock);
    while (!r->greeted && !r->lost && in_time)
        in_time = platform_cond_wait_until(&r->changed, &r->lock, deadline);
    if (!r->greeted && !r->lost)
        err = ETIMEDOUT;
    else if (!r->greeted)
        err = r->err == EPROTO || r->err == ENOMEM ? r->err : ECONNRESET;
    else if (r->welcome.status == WIRE_STATUS_VERSION || r->welcome.version != WIRE_VERSION)
        err = EPROTONOSUPPORT;
    else if (r->welcome.status == WIRE_STATUS_FULL)
        err = EBUSY;
    else
        err = r->welcome.status == WIRE_STATUS_OK ? 0 : EPROTO;
    platform_mutex_unlock(&r->lock);
    return err;
}

int remote_open(struct remote **rp, const char *place, channel_event_h *h, remote_lost_h *lost, void *arg,
                uint32_t *versionp)
{
    struct remote *r = calloc(1, sizeof(*r));
    int err;

    if (!r)
        return ENOMEM;
    r->h = h;
    r->lost_h = lost;
    r->arg = arg;
    err = platform_mutex_init(&r->lock);
    if (err) {
        free(r);
        return err;
    }
    err = platform_cond_init(&r->changed);
    if (err) {
        platform_mutex_destroy(&r->lock);
        free(r);
        return err;
    }
    err = platform_hub_alloc(&r->hub);
    if (!err)
        err = platform_connect(r->hub, place, &r->link);
    if (!err) {
        platform_link_ref(r->link);
        platform_link_start(r->link, on_data, on_closed, r);
        err = greet(r);
    }
    if (versionp)
        *versionp = r->greeted ? r->welcome.version : 0;
    if (err) {
        remote_close(r);
        return err;
    }
    *rp = r;
    return 0;
}

void remote_close(struct remote *r)
{
    if (!r)
        return;
    platform_mutex_lock(&r->lock);
    r->closing = true;
    platform_mutex_unlock(&r->lock);
    if (r->link) {
        platform_link_close(r->link);
        platform_link_unref(r->link);
    }
    remote_free(r);
}

static int send_call(struct remote *r, uint32_t tag, const struct channel_call *call)
{
    unsigned char small[512], *frame = small;
    uint32_t size = wire_put_call(small, sizeof(small), tag, call);
    int err;

    if (!size)
        return EMSGSIZE;
    if (size > sizeof(small)) {
        frame = malloc(size);
        if (!frame)
            return ENOMEM;
        wire_put_call(frame, size, tag, call);
    }
    err = platform_link_send(r->link, frame, size);
    if (frame != small)
        free(frame);
    return err;
}

int32_t remote_call(struct remote *r, struct channel_call *call)
{
    struct pending p = {.call = call}, **link;
    int err;

    memset(call->ret, 0, sizeof(call->ret));
    call->out = NULL;
    call->out_len = 0;
    if (platform_cond_init(&p.wake))
        return (int32_t)LINEERR_NOMEM;
    platform_mutex_lock(&r->lock);
    while (r->pendings == WIRE_CALLS_MAX && !r->lost)
        platform_cond_wait(&r->changed, &r->lock);
    if (r->lost) {
        platform_mutex_unlock(&r->lock);
        platform_cond_destroy(&p.wake);
        return gone(call->op);
    }
    p.tag = ++r->last_tag;
    p.next = r->pending;
    r->pending = &p;
    r->pendings++;
    platform_mutex_unlock(&r->lock);

    err = send_call(r, p.tag, call);

    platform_mutex_lock(&r->lock);
    if (err && err != EPIPE && !p.done) {
        for (link = &r->pending; *link != &p; link = &(*link)->next)
            ;
        *link = p.next;
        p.rc = (int32_t)(err == ENOMEM ? LINEERR_NOMEM : LINEERR_OPERATIONFAILED);
        p.done = true;
    }
    /* If the connection is closed, on_closed comes to it. */
    while (!p.done)
        platform_cond_wait(&p.wake, &r->lock);
    if (r->pendings-- == WIRE_CALLS_MAX)
        platform_cond_broadcast(&r->changed);
    platform_mutex_unlock(&r->lock);
    platform_cond_destroy(&p.wake);
    return p.rc;
}

bool remote_is_lost(struct remote *r)
{
    bool lost;

    platform_mutex_lock(&r->lock);
    lost = r->lost;
    platform_mutex_unlock(&r->lock);
    return lost;
}

uint32_t remote_pid(const struct remote *r)
{
    return r->welcome.pid;
}
