/* An engine that does what the test says. SPDX-License-Identifier: MIT */
#include "tests/unit/client/fake.h"

#include "tapi_shim/engine/engine.h"
#include "tapi_shim/platform/platform.h"

#include <stdlib.h>
#include <string.h>

struct channel {
    channel_event_h *h;
    void *arg;
};

struct fake fake;
static struct channel *current;
static struct platform_mutex lock = PLATFORM_MUTEX_INIT;

void fake_reset(void)
{
    memset(&fake, 0, sizeof(fake));
    fake.next_handle = 0x1000;
}

void engine_keep(bool keeps)
{
    (void)keeps;
}

int channel_open(struct channel **cp, channel_event_h *h, void *arg)
{
    struct channel *c;

    if (fake.open_err)
        return fake.open_err;
    c = calloc(1, sizeof(*c));
    c->h = h;
    c->arg = arg;
    current = c;
    fake.opened++;
    *cp = c;
    return 0;
}

void channel_close(struct channel *c)
{
    if (!c)
        return;
    if (current == c)
        current = NULL;
    fake.closed++;
    free(c);
}

void fake_out(struct channel_call *call, const void *data, uint32_t size)
{
    call->out = malloc(size);
    memcpy(call->out, data, size);
    call->out_len = size;
    platform_mutex_lock(&lock);
    fake.outputs++;
    platform_mutex_unlock(&lock);
}

void channel_free(void *out)
{
    platform_mutex_lock(&lock);
    fake.outputs -= out != NULL;
    platform_mutex_unlock(&lock);
    free(out);
}

/* What an engine does when the test says nothing. */
static int32_t answer(struct channel_call *call)
{
    switch (call->op) {
    case CHANNEL_APP_OPEN:
    case CHANNEL_PHONE_APP_OPEN:
        call->ret[0] = fake.next_handle++;
        call->ret[1] = 2;
        return 0;
    case CHANNEL_LINE_OPEN:
    case CHANNEL_PHONE_OPEN:
        call->ret[0] = fake.next_handle++;
        call->ret[1] = call->arg[1];
        fake.instance = call->arg[6] | (uint64_t)call->arg[7] << 32;
        return 0;
    case CHANNEL_DEV_NEGOTIATE:
    case CHANNEL_PHONE_NEGOTIATE:
        call->ret[0] = call->arg[3];
        return 0;
    case CHANNEL_CALL_MAKE:
    case CHANNEL_CALL_DIAL:
    case CHANNEL_CALL_ACCEPT:
    case CHANNEL_CALL_ANSWER:
    case CHANNEL_CALL_DROP:
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
    case CHANNEL_CONF_ADD:
    case CHANNEL_CONF_REMOVE:
    case CHANNEL_LINE_UNCOMPLETE:
    case CHANNEL_LINE_DEVSTATUS_SET:
    case CHANNEL_LINE_TERMINAL_SET:
    case CHANNEL_PHONE_SET:
    case CHANNEL_PHONE_DISPLAY_SET:
    case CHANNEL_PHONE_DATA_SET:
    case CHANNEL_PHONE_BUTTON_SET:
    case CHANNEL_PHONE_DEVSPECIFIC:
        return (int32_t)call->arg[1];
    case CHANNEL_CALL_PARK:
    case CHANNEL_CALL_COMPLETE:
    case CHANNEL_TRANSFER_COMPLETE:
    case CHANNEL_TRANSFER_SETUP:
    case CHANNEL_CONF_SETUP:
    case CHANNEL_CONF_PREPARE:
    case CHANNEL_CALL_UNPARK:
    case CHANNEL_CALL_PICKUP:
    case CHANNEL_LINE_FORWARD:
    case CHANNEL_LINE_DEVSPECIFIC:
    case CHANNEL_LINE_DEVSPECIFIC_FEATURE:
        call->ret[0] = (uint32_t)fake.instance;
        call->ret[1] = (uint32_t)(fake.instance >> 32);
        return (int32_t)call->arg[1];
    case CHANNEL_CALL_DIGITS_GATHER:
        call->ret[0] = (uint32_t)fake.instance;
        call->ret[1] = (uint32_t)(fake.instance >> 32);
        return 0;
    default:
        return 0;
    }
}

int32_t channel_call(struct channel *c, struct channel_call *call)
{
    fake_op_h *h;
    int32_t rc;

    platform_mutex_lock(&lock);
    fake.calls[call->op]++;
    rc = answer(call);
    if (fake.rc[call->op])
        rc = fake.rc[call->op];
    fake.last[call->op] = *call;
    memset(fake.text0[call->op], 0, sizeof(fake.text0[0]));
    if (call->in0)
        memcpy(fake.text0[call->op], call->in0,
               call->in0_len < sizeof(fake.text0[0]) - 2 ? call->in0_len : sizeof(fake.text0[0]) - 2);
    h = fake.h[call->op];
    platform_mutex_unlock(&lock);
    (void)c;
    return h ? h(call, rc) : rc;
}

void fake_event_data(uint32_t app, uint32_t message, uint32_t device, uint64_t instance, uint64_t p1, uint64_t p2,
                     uint64_t p3, uint32_t reply_call, const void *data, uint32_t data_len)
{
    const struct channel_event event = {.app = app,
                                        .message = message,
                                        .device = device,
                                        .reply_call = reply_call,
                                        .instance = instance,
                                        .p1 = p1,
                                        .p2 = p2,
                                        .p3 = p3,
                                        .data = data,
                                        .data_len = data_len};

    current->h(&event, current->arg);
}

void fake_event(uint32_t app, uint32_t message, uint32_t device, uint64_t instance, uint64_t p1, uint64_t p2,
                uint64_t p3, uint32_t reply_call)
{
    fake_event_data(app, message, device, instance, p1, p2, p3, reply_call, NULL, 0);
}
