/* A hostile service: whatever it answers, a program that uses TAPI gets an answer, stands, and can end.
 * SPDX-License-Identifier: MIT */
#include "include/tapi_port.h"
#include "include/tapi_shim.h"
#include "tapi_shim/channel/wire.h"
#include "tapi_shim/platform/link.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char fuzz_name[] = "hostile service";

enum { OUT_MAX = 4096 };

/* ---- the service ------------------------------------------------------------------------------------------------- */

/* What there is of the input for the service; it comes to an end, and then the connection does. */
static struct {
    struct platform_mutex lock;
    struct platform_cond gone;
    struct fuzz_input in;
    uint32_t links;
} script;

struct session {
    struct platform_link *link;
    struct wire_reader reader;
};

static struct platform_hub *hub;
static struct platform_listener *listener;
static char folder[512], place[600];

/* A block as the structures of TAPI are: its sizes in the first words, then anything. */
static uint32_t make_out(unsigned char out[OUT_MAX])
{
    uint32_t how = fuzz_u8(&script.in), size = how < 8 ? 0 : how < 128 ? 4 * how : how * 16, v;
    uint32_t n;

    if (size > OUT_MAX)
        size = OUT_MAX;
    memset(out, fuzz_u8(&script.in), size);
    for (n = 0; n < 3 && 4 * n + 4 <= size; n++) {
        v = fuzz_u8(&script.in) < 224 ? size : fuzz_u32(&script.in);
        memcpy(out + 4 * n, &v, 4);
    }
    /* Sizes and offsets of what is behind: a few words of them become something. */
    for (n = fuzz_u8(&script.in) % 16; n && size >= 16; n--) {
        uint32_t at = (12 + 4 * fuzz_u8(&script.in)) % (size - 3);

        at &= ~3u;
        how = fuzz_u8(&script.in);
        v = how < 128 ? how : how < 240 ? size - how % size : fuzz_u32(&script.in);
        memcpy(out + at, &v, 4);
    }
    return size;
}

static void say(const struct session *s, const void *data, size_t size)
{
    (void)platform_link_send(s->link, data, size);
}

static void say_event(const struct session *s, const struct channel_call *call)
{
    static const uint32_t messages[] = {LINE_CALLSTATE,  LINE_CALLINFO,    LINE_REPLY,  LINE_CLOSE,
                                        LINE_APPNEWCALL, LINE_REQUEST,     LINE_CREATE, LINE_LINEDEVSTATE,
                                        LINE_REMOVE,     LINE_ADDRESSSTATE};
    unsigned char frame[WIRE_EVENT_SIZE];
    uint8_t how = fuzz_u8(&script.in);
    struct channel_event event = {.app = call->arg[0], .message = messages[how % 10]};

    if (how >= 240)
        event.message = fuzz_u8(&script.in);
    event.device = how & 1 ? call->arg[0] : fuzz_u8(&script.in);
    event.app = fuzz_u8(&script.in) % 4 ? 0x10001 : event.device;
    event.reply_call = fuzz_u8(&script.in);
    event.p1 = event.message == LINE_REPLY ? call->arg[1] : (uint64_t)1 << (fuzz_u8(&script.in) % 33);
    event.p2 = fuzz_u8(&script.in) < 200 ? 0x20000u + fuzz_u8(&script.in) : fuzz_u32(&script.in);
    event.p3 = fuzz_u8(&script.in);
    say(s, frame, wire_put_event(frame, sizeof(frame), &event));
}

static bool answer(struct session *s, const struct wire_frame *frame)
{
    static unsigned char out[OUT_MAX], wire[OUT_MAX + 256];
    struct channel_call call, result;
    uint32_t size;
    uint8_t how;

    if (frame->kind == WIRE_HELLO) {
        struct wire_welcome welcome = {WIRE_VERSION, WIRE_STATUS_OK, 77};

        how = fuzz_u8(&script.in);
        if (how >= 250)
            welcome.version = how;
        if (how >= 248)
            welcome.status = fuzz_u8(&script.in);
        say(s, wire, wire_put_welcome(wire, sizeof(wire), &welcome));
        return true;
    }
    MUST(wire_get_call(frame, &call));
    if (script.in.at >= script.in.end)
        return false;
    for (how = fuzz_u8(&script.in); how >= 192; how = fuzz_u8(&script.in))
        say_event(s, &call);
    memset(&result, 0, sizeof(result));
    result.op = call.op;
    result.ret[0] = call.op == CHANNEL_APP_OPEN ? 0x10001 : 0x20000u + fuzz_u8(&script.in);
    result.ret[1] = fuzz_u8(&script.in) < 200 ? 4 : fuzz_u32(&script.in);
    result.ret[2] = 0x00020002;
    if (call.op == CHANNEL_DEV_NEGOTIATE)
        result.ret[0] = fuzz_u8(&script.in) < 250 ? 0x00020002 : fuzz_u32(&script.in);
    if (wire_has_out(call.op) || fuzz_u8(&script.in) >= 250)
        result.out_len = make_out(out);
    result.out = result.out_len ? out : NULL;
    size = wire_put_result(
        wire, sizeof(wire), how == 180 ? frame->tag + 1 : frame->tag,
        how < 160   ? (call.op == CHANNEL_CALL_MAKE || call.op == CHANNEL_CALL_DROP ? (int32_t)call.arg[1] : 0)
        : how < 165 ? (int32_t)call.arg[1]
        : how < 175 ? (int32_t)fuzz_u32(&script.in)
                    : (int32_t)LINEERR_OPERATIONFAILED,
        &result);
    if (how > 180 && size) /* mostly among the numbers in front */
        wire[fuzz_u8(&script.in) % (how % 4 ? WIRE_HEADER + 24 : size)] ^= (unsigned char)(1 + fuzz_u8(&script.in));
    say(s, wire, size);
    /* An answer that cannot be one: nobody may wait for the right one. */
    return how < 180;
}

static bool on_frame(const struct wire_frame *frame, void *arg)
{
    bool more;

    platform_mutex_lock(&script.lock);
    more = answer(arg, frame);
    platform_mutex_unlock(&script.lock);
    return more;
}

static void on_data(struct platform_link *l, const void *data, size_t size, void *arg)
{
    struct session *s = arg;

    if (wire_feed(&s->reader, data, size, on_frame, s))
        platform_link_close(l);
}

static void on_closed(struct platform_link *l, int err, void *arg)
{
    struct session *s = arg;

    (void)l;
    (void)err;
    wire_reader_clear(&s->reader);
    free(s);
    platform_mutex_lock(&script.lock);
    script.links--;
    platform_cond_broadcast(&script.gone);
    platform_mutex_unlock(&script.lock);
}

static void on_link(struct platform_link *l, void *arg)
{
    struct session *s = calloc(1, sizeof(*s));

    (void)arg;
    MUST(s);
    s->link = l;
    platform_mutex_lock(&script.lock);
    script.links++;
    platform_mutex_unlock(&script.lock);
    platform_link_start(l, on_data, on_closed, s);
}

/* ---- the program ------------------------------------------------------------------------------------------------- */

static unsigned char block[16384];

/* Everything that a structure says must be inside it, and readable. */
static void *sized(uint32_t size)
{
    memset(block, 0, sizeof(block));
    memcpy(block, &size, sizeof(size));
    return block;
}

static void check_sized(LONG rc, uint32_t size)
{
    uint32_t words[3];

    if (rc)
        return;
    memcpy(words, block, sizeof(words));
    MUST(words[0] == size && words[2] <= size);
}

static void use_line(HLINEAPP app, struct fuzz_input *in)
{
    static const WCHAR number[] = {'6', 0};
    DWORD version = 0, a, b, id;
    LINEEXTENSIONID ext;
    LINEMESSAGE m;
    HLINE line = 0;
    HCALL call = 0, got = 0;
    uint32_t size;

    (void)lineNegotiateAPIVersion(app, 0, 0x00010003, 0x00020002, &version, &ext);
    (void)lineOpenW(app, 0, &line, version ? version : 0x00020002, 0, 1, LINECALLPRIVILEGE_OWNER,
                    LINEMEDIAMODE_INTERACTIVEVOICE, NULL);
    (void)lineMakeCallW(line, &call, number, 0, NULL);
    while (in->at < in->end) {
        size = 64 * (1 + fuzz_u8(in));
        switch (fuzz_u8(in) % 20) {
        case 0:
            check_sized(lineGetDevCapsA(app, 0, 0x00020002, 0, sized(size)), size);
            break;
        case 1:
            check_sized(lineGetDevCapsW(app, 0, 0x00020002, 0, sized(size)), size);
            break;
        case 2:
            check_sized(lineGetAddressCapsA(app, 0, 0, 0x00020002, 0, sized(size)), size);
            break;
        case 3:
            check_sized(lineGetAddressCapsW(app, 0, 0, 0x00020002, 0, sized(size)), size);
            break;
        case 4:
            check_sized(lineGetLineDevStatusA(line, sized(size)), size);
            break;
        case 5:
            check_sized(lineGetAddressStatusA(line, 0, sized(size)), size);
            break;
        case 6:
            check_sized(lineGetCallInfoA(got ? got : call, sized(size)), size);
            break;
        case 7:
            check_sized(lineGetCallInfoW(got ? got : call, sized(size)), size);
            break;
        case 8:
            check_sized(lineGetCallStatus(got ? got : call, sized(size)), size);
            break;
        case 9:
            check_sized(lineGetNewCalls(line, 0, LINECALLSELECT_LINE, sized(size)), size);
            break;
        case 10:
            check_sized(lineGetProviderListA(0x00020002, sized(size)), size);
            break;
        case 11:
            (void)lineGetStatusMessages(line, &a, &b);
            break;
        case 12:
            (void)lineGetAddressIDW(line, &id, LINEADDRESSMODE_DIALABLEADDR, number, sizeof(number));
            break;
        case 13:
            (void)lineDrop(got ? got : call, NULL, 0);
            break;
        case 14:
            (void)lineDeallocateCall(got ? got : call);
            got = 0;
            break;
        case 15:
            (void)lineMakeCallA(line, &call, "601", 0, NULL);
            break;
        case 16:
            (void)lineGetRequestA(app, LINEREQUESTMODE_MAKECALL, block);
            break;
        case 17:
            check_sized(lineGetDevConfigA(0, sized(size), "tapi/line"), size);
            break;
        default:
            if (!lineGetMessage(app, &m, 0) && (m.dwMessageID == LINE_APPNEWCALL || m.dwMessageID == LINE_CALLSTATE))
                got = (HCALL)(m.dwMessageID == LINE_APPNEWCALL ? m.dwParam2 : m.hDevice);
            break;
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input in = {data, data + size / 4};
    LINEINITIALIZEEXPARAMS params;
    DWORD lines = 0, version = 0x00020002;
    HLINEAPP app = 0;

    platform_mutex_lock(&script.lock);
    script.in = (struct fuzz_input){data + size / 4, data + size};
    platform_mutex_unlock(&script.lock);
    memset(&params, 0, sizeof(params));
    params.dwTotalSize = sizeof(params);
    params.dwOptions = LINEINITIALIZEEXOPTION_USEEVENT | TAPI_SHIM_INITIALIZE_SERVICE;
    if (!lineInitializeExA(&app, NULL, NULL, "fuzz", &lines, &version, &params)) {
        use_line(app, &in);
        MUST(lineShutdown(app) == 0);
    }
    platform_mutex_lock(&script.lock);
    while (script.links)
        platform_cond_wait(&script.gone, &script.lock);
    platform_mutex_unlock(&script.lock);
    return 0;
}

/* ---- around all -------------------------------------------------------------------------------------------------- */

void fuzz_begin(void)
{
    support_folder_make("fuzz", folder, sizeof(folder));
    snprintf(place, sizeof(place), "%s/in/s", folder);
    support_env_set("XDG_CONFIG_HOME", folder);
    support_env_set("TAPI_SHIM_SOCKET", place);
    /* Another one is not started. */
    support_env_set("TAPI_SHIM_SERVER", "/nonexistent");
    MUST(!platform_mutex_init(&script.lock) && !platform_cond_init(&script.gone));
    MUST(!platform_hub_alloc(&hub) && !platform_listen(hub, place, NULL, on_link, NULL, &listener));
}

void fuzz_end(void)
{
    char path[700];

    platform_listener_close(listener);
    platform_hub_free(hub);
    platform_cond_destroy(&script.gone);
    platform_mutex_destroy(&script.lock);
    snprintf(path, sizeof(path), "%s.lock", place);
    (void)remove(path);
    snprintf(path, sizeof(path), "%s/in", folder);
    (void)remove(path);
    support_folder_remove(folder);
}
