/* A hostile peer: whatever it sends, the binding stands, every command is answered, every call ends, and one after it
 * is as ever. SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/sip_words.h"
#include "tests/unit/sip/net.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pjlib.h>
#include <pjsip.h>
#include <pjsip_ua.h>

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

const char fuzz_name[] = "hostile SIP peer";

enum {
    TEXT_MAX = 16384,
    LEGS_MANY = FIXTURE_LEGS - 8,
    DONES_MANY = FIXTURE_DONES - 16,
    CALM_EVERY = 50,
    TIMERS_LATE = 400,
    LINES = 3
};

static struct fixture f;
static struct peer p, media;
static struct dns names;
static char domain[64];
static uint32_t first_token; /* commands before it have been answered */
static uint16_t sound_port;  /* where the last description of ours wants its sound */
static unsigned counter;
/* The dialog that we are in: "" if there is none. */
static char call_id[64], from[600], to[600];
static uint32_t cseq;

/* No name is looked up where that would hold up everybody. */
int __wrap_pj_getaddrinfo(int af, const pj_str_t *name, unsigned *count,
                          pj_addrinfo *v); /* NOLINT: the linker's name */
int __real_pj_getaddrinfo(int af, const pj_str_t *name, unsigned *count, pj_addrinfo *v); /* NOLINT */
int __wrap_pj_gethostbyname(const pj_str_t *name, pj_hostent *he);                        /* NOLINT */

int __wrap_pj_getaddrinfo(int af, const pj_str_t *name, unsigned *count, pj_addrinfo *v) /* NOLINT */
{
    char addr[16];

    MUST(pj_inet_pton(PJ_AF_INET, name, addr) == PJ_SUCCESS || pj_inet_pton(PJ_AF_INET6, name, addr) == PJ_SUCCESS);
    return __real_pj_getaddrinfo(af, name, count, v);
}

int __wrap_pj_gethostbyname(const pj_str_t *name, pj_hostent *he) /* NOLINT */
{
    (void)name;
    (void)he;
    MUST(!"a name is looked up");
    return PJ_ERESOLVE;
}

/* ---- the other end ----------------------------------------------------------------------------------------------- */

static uint16_t ours(void)
{
    return sip_port(f.b, SIP_UDP);
}

static void look_for_sound(void)
{
    const char *at = strstr(p.data, "\r\nm=audio ");

    if (at) {
        sound_port = (uint16_t)strtoul(at + 10, NULL, 10);
    }
}

static void answer_changed(struct fuzz_input *in, const char *code)
{
    static char text[TEXT_MAX], reply[TEXT_MAX];
    char via[600], id[300], of[600], whom[600], number[64];
    struct words_ids ids = {.port = p.number, .user = "u0", .branch = "z9hG4bKx", .cseq = 1};
    size_t len, head;
    char *cseq_at;

    /* what it answers has to be right for it to be an answer */
    memcpy(p.data, p.request, sizeof(p.data));
    (void)snprintf(via, sizeof(via), "%s", peer_header(&p, "Via"));
    (void)snprintf(id, sizeof(id), "%s", peer_header(&p, "Call-ID"));
    (void)snprintf(of, sizeof(of), "%s", peer_header(&p, "From"));
    (void)snprintf(whom, sizeof(whom), "%s", peer_header(&p, "To"));
    (void)snprintf(number, sizeof(number), "%s", peer_header(&p, "CSeq"));
    if (!strstr(whom, ";tag=")) {
        (void)snprintf(whom + strlen(whom), sizeof(whom) - strlen(whom), ";tag=%s", p.local_tag);
    }
    ids.call_id = id;
    ids.from = of;
    ids.to = whom;
    len = words_whole(WORDS_ANSWER, &ids, text, sizeof(text));
    cseq_at = strstr(text, "\r\nContact:");
    head = (size_t)snprintf(reply, sizeof(reply),
                            "SIP/2.0 %s Answer\r\nVia: %s\r\nFrom: %s\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: %s", code, via,
                            of, whom, id, number);
    memmove(text, cseq_at, len - (size_t)(cseq_at - text) + 1);
    len = words_change(in, text, strlen(text), sizeof(text) - 2000);
    memcpy(reply + head, text, len + 1);
    port_send(p.port, p.from, reply, head + len);
}

/* Reads the next of what has come. */
static bool more(void)
{
    struct sockaddr_in a;
    socklen_t len = sizeof(a);
    ssize_t n = recvfrom((int)p.port, p.data, sizeof(p.data) - 1, MSG_DONTWAIT, (struct sockaddr *)&a, &len);

    if (n < 0) {
        return false;
    }
    p.len = (size_t)n;
    p.data[n] = '\0';
    p.from = ntohs(a.sin_port);
    memcpy(p.request, p.data, p.len + 1);
    return true;
}

/* Reads all that has come, and answers requests if that is wanted. */
static void serve(struct fuzz_input *in, bool answer)
{
    static const char *const codev[] = {"200", "200", "200", "180", "183", "100", "302", "401", "407",
                                        "408", "422", "481", "484", "486", "491", "503", "603", "699"};

    settle(&f);
    while (more()) {
        look_for_sound();
        if (answer && in->at < in->end && strncmp(p.data, "SIP/2.0", 7) != 0 && strncmp(p.data, "ACK ", 4) != 0) {
            answer_changed(in, codev[fuzz_u8(in) % (sizeof(codev) / sizeof(codev[0]))]);
        }
    }
}

static struct words_ids ids_of(char id[32], char branch[32])
{
    struct words_ids ids = {.port = p.number, .user = "u0", .branch = branch, .cseq = 1};

    counter++;
    (void)snprintf(id, 32, "w%u", counter);
    (void)snprintf(branch, 32, "z9hG4bKw%u", counter);
    ids.call_id = id;
    ids.from = "\"A \\\"b\\\"\" <sip:200@127.0.0.1;x=y>;tag=z";
    ids.to = "<sip:u0@127.0.0.1>";
    return ids;
}

/* A message of no dialog that there is. */
static void say_anything(struct fuzz_input *in)
{
    static const char *const userv[] = {"u0", "u1", "u2", "u9"};
    static char text[TEXT_MAX];
    char id[32], branch[32];
    struct words_ids ids = ids_of(id, branch);
    enum words_kind kind = (enum words_kind)(fuzz_u8(in) % WORDS_KINDS);
    size_t len;

    ids.user = userv[fuzz_u8(in) % 4];
    len = words_change(in, text, words_whole(kind, &ids, text, sizeof(text)), sizeof(text));
    port_send(p.port, ours(), text, len);
}

/* We are called as it should be, and answer. */
static void begin_call(struct fuzz_input *in)
{
    static const char *const userv[] = {"u0", "u2"};
    static char text[TEXT_MAX];
    char id[32], branch[32];
    struct words_ids ids = ids_of(id, branch);
    uint32_t had = f.legc;
    size_t len;

    ids.user = userv[fuzz_u8(in) & 1];
    len = words_whole(WORDS_INVITE, &ids, text, sizeof(text));
    port_send(p.port, ours(), text, len);
    settle(&f);
    take(&f);
    if (f.legc == had) {
        return;
    }
    (void)result(&f, order(&f, SESSION_CMD_ANSWER, f.legc - 1, UINT32_MAX));
    settle(&f);
    call_id[0] = '\0';
    while (more()) {
        look_for_sound();
        if (!strncmp(p.data, "SIP/2.0 200", 11) && !strcmp(peer_header(&p, "Call-ID"), id)) {
            (void)snprintf(call_id, sizeof(call_id), "%s", id);
            (void)snprintf(from, sizeof(from), "%s", peer_header(&p, "From"));
            (void)snprintf(to, sizeof(to), "%s", peer_header(&p, "To"));
            cseq = 1;
        }
    }
    if (call_id[0]) {
        ids.from = from;
        ids.to = to;
        len = words_whole(WORDS_ACK, &ids, text, sizeof(text));
        port_send(p.port, ours(), text, len);
    }
}

/* In the dialog of that call. */
static void say_inside(struct fuzz_input *in)
{
    static char text[TEXT_MAX];
    char id[32], branch[32];
    struct words_ids ids = ids_of(id, branch);
    size_t len;

    ids.call_id = call_id;
    ids.from = from;
    ids.to = to;
    ids.cseq = ++cseq;
    len = words_whole((enum words_kind)(fuzz_u8(in) % WORDS_ANSWER), &ids, text, sizeof(text));
    len = words_change(in, text, len, sizeof(text));
    port_send(p.port, ours(), text, len);
}

static void say_sound(struct fuzz_input *in)
{
    static uint16_t seq;
    char packet[12 + 40] = {(char)0x80, 101};
    uint8_t how = fuzz_u8(in);
    size_t len;

    seq++;
    packet[1] = (char)(how & 1 ? 101 : how & 2 ? 8 : (how & 4 ? 200 : how));
    packet[2] = (char)(seq >> 8);
    packet[3] = (char)seq;
    packet[11] = 1;
    len = 12 + fuzz_bytes(in, packet + 12, how % 40);
    if (how >= 240) {
        packet[fuzz_u8(in) % len] = (char)fuzz_u8(in);
        len -= how % len;
    }
    port_send(media.port, how & 8 ? (uint16_t)(sound_port + 1) : sound_port, packet, len);
}

/* ---- this end ---------------------------------------------------------------------------------------------------- */

static void play_file(struct fuzz_input *in, uint32_t leg)
{
    static const char path[] = "test_fuzz_sip.wav";
    unsigned char wav[200] = "RIFF\xC0\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x40\x1F\0\0\x80\x3E\0\0\2\0\x10\0data\x9C\0\0\0";
    struct session_play play = {.kind = SESSION_PLAY_FILE, .serial = 1, .digits = path, .digitc = sizeof(path) - 1};
    struct session_cmd cmd = {
        .type = SESSION_CMD_PLAY, .play = &play, .leg = f.legv[leg].id, .session = f.legv[leg].session};
    size_t len = sizeof(wav);
    FILE *file = fopen(path, "wb");

    MUST(file);
    for (int i = fuzz_u8(in) % 4; i > 0; i--) {
        size_t at = fuzz_u8(in) % 60;

        wav[at] = fuzz_u8(in);
    }
    len = fuzz_u8(in) < 64 ? fuzz_u8(in) % len : len;
    MUST(fwrite(wav, 1, len, file) == len && !fclose(file));
    f.b->ops->command(f.b, 0, &cmd);
    settle(&f); /* it has been opened, or not */
    MUST(!remove(path));
}

static void play_digits(uint32_t leg)
{
    struct session_play play = {
        .kind = SESSION_PLAY_DIGITS, .mode = SESSION_DIGIT_DTMF, .digits = "1#", .digitc = 2, .serial = 2};
    struct session_cmd cmd = {
        .type = SESSION_CMD_PLAY, .play = &play, .leg = f.legv[leg].id, .session = f.legv[leg].session};

    f.b->ops->command(f.b, 0, &cmd);
}

static void place_call(struct fuzz_input *in)
{
    struct session_dial d;
    struct session_cmd cmd = {.type = SESSION_CMD_PLACE, .line = fuzz_u8(in) % LINES, .dial = &d};

    cmd.session = 500 + f.token;
    MUST(session_dial_parse("1", 1, &d) == SESSION_E_OK);
    (void)result(&f, give(&f, &cmd));
    serve(in, true);
}

static void command(struct fuzz_input *in)
{
    static const enum session_cmd_type typev[] = {SESSION_CMD_HOLD,   SESSION_CMD_UNHOLD,   SESSION_CMD_ACCEPT,
                                                  SESSION_CMD_ANSWER, SESSION_CMD_TRANSFER, SESSION_CMD_DROP};
    uint8_t how = fuzz_u8(in);
    uint32_t leg = f.legc ? fuzz_u8(in) % f.legc : 0;

    take(&f);
    if (!f.legc || f.legv[leg].gone) {
        return;
    }
    switch (how % 10) {
    case 0:
        play_file(in, leg);
        break;
    case 1:
        play_digits(leg);
        break;
    case 2:
        (void)dial(&f, SESSION_CMD_DEFLECT, leg, "9");
        break;
    case 3:
        (void)order(&f, SESSION_CMD_TRANSFER, leg, fuzz_u8(in) % f.legc);
        break;
    default:
        (void)order(&f, typev[how % 6], leg, UINT32_MAX);
        break;
    }
}

/* ---- rest -------------------------------------------------------------------------------------------------------- */

/* Lets go of all calls: all that was asked for is answered, and nothing is left. */
static void let_go(void)
{
    serve(NULL, false);
    take(&f);
    for (uint32_t i = 0; i < f.legc; i++) {
        if (!f.legv[i].gone && f.legv[i].session) {
            (void)result(&f, order(&f, SESSION_CMD_DROP, i, UINT32_MAX)); /* it may have gone with another */
            f.legv[i].gone = true;
        }
    }
    for (; first_token < f.token; first_token++) {
        UNTIL(&f, is_done(&f, first_token + 1));
    }
    MUST(!f.b->ops->legs(f.b));
    f.legc = f.donec = 0;
    call_id[0] = '\0';
}

static void skip(uint32_t ms)
{
    serve(NULL, false);
    clock_skip(&f, ms);
    serve(NULL, false);
}

/* A call as it should be: it is offered, taken, and ended by who called. */
static void as_ever(void)
{
    static char text[TEXT_MAX];
    char id[32], branch[32];
    struct words_ids ids = ids_of(id, branch);
    uint32_t b;

    port_send(p.port, ours(), text, words_whole(WORDS_INVITE, &ids, text, sizeof(text)));
    b = incoming(&f);
    MUST(result(&f, order(&f, SESSION_CMD_ANSWER, b, UINT32_MAX)) == SESSION_E_OK);
    do {
        peer_expect(&p, "200");
    } while (strcmp(peer_header(&p, "Call-ID"), id) != 0);
    (void)snprintf(to, sizeof(to), "%s", peer_header(&p, "To"));
    ids.to = to;
    port_send(p.port, ours(), text, words_whole(WORDS_ACK, &ids, text, sizeof(text)));
    ids.cseq = 2;
    (void)snprintf(branch, sizeof(branch), "z9hG4bKw%ub", counter);
    port_send(p.port, ours(), text, words_whole(WORDS_BYE, &ids, text, sizeof(text)));
    wait_state(&f, b, SESSION_DISCONNECTED);
}

/* All that the protocol waits for has come to its end. */
static void calm(void)
{
    static const uint32_t msv[] = {33000, 700000, 33000, 3700000, 33000};

    let_go();
    for (size_t i = 0; i < sizeof(msv) / sizeof(msv[0]); i++) {
        skip(msv[i]);
    }
    /* PJSIP takes a few timers at a time */
    for (int i = 0; i < TIMERS_LATE && pjsip_ua_get_dlg_set_count() > 1; i++) {
        skip(1000);
    }
    /* the one that asks for messages waiting may be there */
    MUST(pjsip_ua_get_dlg_set_count() <= 1);
    as_ever();
    let_go();
}

void fuzz_begin(void)
{
    static pj_thread_desc desc;
    pj_thread_t *thread;

    memset(&names, 0, sizeof(names));
    peer_open(&p);
    peer_open(&media);
    dns_start(&names);
    fixture_init(&f, LINES);
    (void)snprintf(domain, sizeof(domain), "127.0.0.1:%u", (unsigned)p.number);
    for (int i = 0; i < LINES; i++) {
        f.accountv[i].domain = domain;
        f.accountv[i].password = "secret";
        f.accountv[i].retry_ms = 86400000;
    }
    f.accountv[1].do_register = f.accountv[1].mwi = true;
    f.accountv[2].srtp = SIP_SRTP_OPTIONAL;
    f.conf.nameserverv[0] = names.address;
    fixture_open(&f);
    first_token = f.token;
    p.from = ours();
    pj_bzero(desc, sizeof(desc));
    MUST(pj_thread_register("fuzz", desc, &thread) == PJ_SUCCESS);
}

void fuzz_end(void)
{
    calm();
    fixture_close(&f);
    dns_stop(&names);
    peer_close(&media);
    peer_close(&p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static unsigned inputs;
    struct fuzz_input in = {data, data + size};

    while (in.at < in.end) {
        if (f.legc >= LEGS_MANY || f.donec >= DONES_MANY) {
            let_go();
        }
        switch (fuzz_u8(&in) % 16) {
        case 0:
        case 1:
        case 2:
        case 3:
            say_anything(&in);
            break;
        case 4:
            begin_call(&in);
            break;
        case 5:
            place_call(&in);
            break;
        case 6:
        case 7:
            command(&in);
            break;
        case 8:
            say_sound(&in);
            break;
        case 9:
            serve(&in, true);
            break;
        case 10:
            if (fuzz_u8(&in) < 16) {
                skip((uint32_t)1 << (fuzz_u8(&in) % 22));
            }
            break;
        default:
            if (call_id[0]) {
                say_inside(&in);
            } else {
                begin_call(&in);
            }
            break;
        }
        serve(NULL, false);
        take(&f);
    }
    let_go();
    if (++inputs % CALM_EVERY == 0) {
        calm();
    }
    return 0;
}
