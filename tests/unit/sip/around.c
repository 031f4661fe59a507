/* Names, faults, connections and time for tests. SPDX-License-Identifier: MIT */
#include "tests/unit/sip/net.h"

#include "tsp/binding/sip/front.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- time -------------------------------------------------------------------------------------------------------- */

/* As pj_time_val; the linker puts this before PJSIP's own. */
struct moment {
    long sec, msec;
};
int __wrap_pj_gettickcount(struct moment *at); /* NOLINT: the linker's name */

static atomic_ulong skew_ms;

/* It stands still between skips: no test depends on how fast this machine is. */
int __wrap_pj_gettickcount(struct moment *at) /* NOLINT */
{
    unsigned long ms = atomic_load(&skew_ms);

    at->sec = 1000 + (long)(ms / 1000);
    at->msec = (long)(ms % 1000);
    return 0;
}

/* Sends so many requests at once, and waits until all of them are answered. */
static void ask_often(struct fixture *f, uint32_t times)
{
    static uint32_t count;
    struct peer *p = calloc(1, sizeof(*p));
    uint16_t port = sip_port(f->b, SIP_UDP);

    ck_assert_ptr_nonnull(p);
    peer_open(p);
    for (uint32_t i = 0; i < times; i++) {
        count++;
        peer_send(p, port,
                  "OPTIONS sip:127.0.0.1:%u SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bKs%lu\r\n"
                  "Max-Forwards: 70\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\nCall-ID: settle%lu\r\n"
                  "CSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n",
                  (unsigned)port, (unsigned)p->number, (unsigned long)count, (unsigned long)count);
    }
    for (uint32_t i = 0; i < times; i++) {
        peer_expect(p, "200");
    }
    peer_close(p);
    free(p);
}

void settle(struct fixture *f)
{
    ask_often(f, 1);
}

void clock_skip(struct fixture *f, uint32_t ms)
{
    /* PJSIP takes up to 50 datagrams before it looks at its timers */
    enum { MORE_THAN_AT_ONCE = 51 };

    settle(f);
    atomic_fetch_add(&skew_ms, ms);
    ask_often(f, MORE_THAN_AT_ONCE);
}

void clock_skip_only(struct fixture *f, uint32_t ms)
{
    atomic_fetch_add(&skew_ms, ms);
    sip_back_poke((struct sip *)f->b);
}

/* ---- what has arrived -------------------------------------------------------------------------------------------- */

void peer_mark(struct peer *p)
{
    port_send(p->port, p->number, "MARK", 4);
}

bool peer_more(struct peer *p)
{
    uint16_t from;

    p->len = port_receive(p->port, p->data, sizeof(p->data) - 1, &from);
    p->data[p->len] = '\0';
    if (from == p->number && !strcmp(p->data, "MARK")) {
        return false;
    }
    p->from = from;
    memcpy(p->request, p->data, p->len + 1);
    return true;
}

/* ---- a name server ----------------------------------------------------------------------------------------------- */

void dns_add(struct dns *d, const char *name, uint16_t type, uint16_t priority, uint16_t port, const char *target)
{
    ck_assert_uint_lt(d->recordc, DNS_RECORDS);
    d->recordv[d->recordc++] = (struct dns_record){name, type, priority, 0, port, target};
}

static uint8_t *put16(uint8_t *at, unsigned value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
    return at + 2;
}

static uint8_t *put_name(uint8_t *at, const char *name)
{
    while (*name) {
        size_t len = strcspn(name, ".");

        *at++ = (uint8_t)len;
        memcpy(at, name, len);
        at += len;
        name += len + (name[len] == '.');
    }
    *at++ = 0;
    return at;
}

/* The text of the name at `at`; behind it. NULL: it makes no sense. */
static const uint8_t *get_name(const uint8_t *at, const uint8_t *end, char *name, size_t size)
{
    size_t n = 0;

    while (at < end && *at) {
        size_t len = *at++;

        if (len > 63 || at + len > end || n + len + 2 > size) {
            return NULL;
        }
        if (n) {
            name[n++] = '.';
        }
        memcpy(name + n, at, len);
        n += len;
        at += len;
    }
    name[n] = '\0';
    return at < end ? at + 1 : NULL;
}

static uint8_t *put_record(uint8_t *at, const struct dns_record *r)
{
    static const uint8_t v4[] = {127, 0, 0, 1}, v6[16] = {[15] = 1};
    uint8_t *len;

    at = put_name(at, r->name);
    at = put16(at, r->type);
    at = put16(at, 1);
    at = put16(put16(at, 0), 300);
    len = at;
    at += 2;
    if (r->type == 1) {
        memcpy(at, v4, sizeof(v4));
        at += sizeof(v4);
    } else if (r->type == 28) {
        memcpy(at, v6, sizeof(v6));
        at += sizeof(v6);
    } else {
        at = put16(put16(put16(at, r->priority), r->weight), r->port);
        at = put_name(at, r->target);
    }
    put16(len, (unsigned)(at - len - 2));
    return at;
}

static size_t dns_answer(struct dns *d, uint8_t *data, size_t len)
{
    char name[256];
    const uint8_t *end = len > 12 ? get_name(data + 12, data + len, name, sizeof(name)) : NULL;
    unsigned count = 0, type;
    bool known = false;
    uint8_t *at;

    if (!end || end + 4 > data + len) {
        return 0;
    }
    type = (unsigned)end[0] << 8 | end[1];
    at = data + (end - data) + 4;
    for (uint32_t i = 0; i < d->recordc; i++) {
        const struct dns_record *r = &d->recordv[i];

        if (!strcmp(r->name, name)) {
            known = true;
            if (r->type == type) {
                at = put_record(at, r);
                count++;
            }
        }
    }
    put16(data + 2, 0x8580u | (known ? 0 : 3));
    put16(data + 6, count);
    put16(put16(data + 8, 0), 0);
    return (size_t)(at - data);
}

static void dns_run(void *arg)
{
    struct dns *d = arg;
    uint8_t data[4096];
    uint16_t from;

    for (;;) {
        size_t len = port_receive(d->port, (char *)data, 512, &from);

        if (atomic_load(&d->stop)) {
            return;
        }
        atomic_fetch_add(&d->asked, 1);
        len = dns_answer(d, data, len);
        if (len) {
            port_send(d->port, from, (const char *)data, len);
        }
    }
}

void dns_start(struct dns *d)
{
    d->port = port_open(&d->number);
    ck_assert(d->port != -1);
    (void)snprintf(d->address, sizeof(d->address), "127.0.0.1:%u", (unsigned)d->number);
    ck_assert_int_eq(platform_thread_start(&d->thread, "names", dns_run, d), 0);
}

void dns_stop(struct dns *d)
{
    atomic_store(&d->stop, true);
    port_send(d->port, d->number, "", 1);
    platform_thread_join(d->thread);
    port_close(d->port);
}

/* ---- a lossy way ------------------------------------------------------------------------------------------------- */

static uint32_t mix(uint32_t h, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        h = (h ^ (unsigned char)text[i]) * 16777619u;
    }
    return h;
}

/* What a message is, without what depends on ports and luck: its method or answer, that of its CSeq, the number of
 * three digits that is called. */
static uint32_t key_of(const char *data, bool back)
{
    const char *cseq = strstr(data, "\r\nCSeq: "), *number = data;
    uint32_t h = mix(2166136261u ^ (back ? 1u : 0u), data, strcspn(data, " "));

    if (!strncmp(data, "SIP/2.0", 7)) {
        h = mix(h, data, 11);
    }
    if (cseq) {
        cseq += 8 + strcspn(cseq + 8, " ");
        h = mix(h, cseq, strcspn(cseq, "\r"));
    }
    while ((number = strstr(number, "sip:")) && (strspn(number + 4, "0123456789") != 3 || number[7] != '@')) {
        number++;
    }
    return number ? mix(h, number + 4, 3) : h;
}

static uint32_t nth(struct relay *r, uint32_t key)
{
    uint32_t i = key % 1024;

    while (r->seenv[i].count && r->seenv[i].key != key) {
        i = (i + 1) % 1024;
    }
    r->seenv[i].key = key;
    return ++r->seenv[i].count;
}

static void pass(struct relay *r, uint16_t to, char *data, size_t len)
{
    if (!strncmp(data, "INVITE ", 7)) {
        char line[80];
        char *end = strstr(data, "\r\n") + 2;
        size_t n = (size_t)snprintf(line, sizeof(line), "Record-Route: <sip:127.0.0.1:%u;lr>\r\n", (unsigned)r->number);

        memmove(end + n, end, len - (size_t)(end - data) + 1);
        memcpy(end, line, n);
        len += n;
    }
    port_send(r->port, to, data, len);
    atomic_fetch_add(&r->passed, 1);
}

static void release_held(struct relay *r)
{
    if (r->heldc) {
        size_t len = r->heldc;

        r->heldc = 0;
        port_send(r->port, r->held_to, r->held, len);
    }
}

static void relay_run(void *arg)
{
    static char data[65536];
    struct relay *r = arg;
    uint16_t from;

    for (;;) {
        size_t len = port_receive(r->port, data, sizeof(data) - 200, &from);
        bool back = from == r->to && r->other != r->to;
        uint16_t to = back ? r->other : r->to;
        uint32_t n = 0, luck;

        if (atomic_load(&r->stop)) {
            return;
        }
        data[len] = '\0';
        if (!strcmp(data, "PING")) {
            port_send(r->port, from, data, len);
            continue;
        }
        if (!back && from != r->to) {
            r->other = from;
        }
        if (atomic_load(&r->dead) || len < 10) {
            continue;
        }
        if (!r->seed) {
            pass(r, to, data, len);
            continue;
        }
        {
            uint32_t key = key_of(data, back);

            n = nth(r, key);
            luck = mix(key ^ r->seed, (const char *)&n, sizeof(n)) >> 8;
        }
        luck %= 100;
        if (luck < 30 && n < 4) {
            atomic_fetch_add(&r->lost, 1);
        } else if (luck < 45) {
            atomic_fetch_add(&r->doubled, 1);
            pass(r, to, data, len);
            port_send(r->port, to, data, strlen(data));
        } else if (luck < 55 && !r->heldc) {
            /* it comes after the next one */
            atomic_fetch_add(&r->late, 1);
            memcpy(r->held, data, len + 1);
            r->heldc = len;
            r->held_to = to;
            continue;
        } else {
            pass(r, to, data, len);
        }
        release_held(r);
    }
}

void relay_open(struct relay *r)
{
    r->port = port_open(&r->number);
    ck_assert(r->port != -1);
}

void relay_start(struct relay *r)
{
    r->other = r->to;
    ck_assert_int_eq(platform_thread_start(&r->thread, "relay", relay_run, r), 0);
}

void relay_settle(struct relay *r)
{
    struct peer *p = calloc(1, sizeof(*p));

    ck_assert_ptr_nonnull(p);
    peer_open(p);
    port_send(p->port, r->number, "PING", 4);
    (void)port_receive(p->port, p->data, sizeof(p->data), &p->from);
    peer_close(p);
    free(p);
}

void relay_stop(struct relay *r)
{
    atomic_store(&r->stop, true);
    port_send(r->port, r->number, "", 1);
    platform_thread_join(r->thread);
    port_close(r->port);
}

/* ---- connections ------------------------------------------------------------------------------------------------- */

static size_t stream_read(struct peer *p, char *data, size_t size)
{
    return port_read(p->port, data, size);
}

static void stream_write(struct peer *p, const char *data, size_t len)
{
    port_write(p->port, data, len);
}

void stream_accept(struct peer *p, intptr_t listener)
{
    memset(p, 0, sizeof(*p));
    p->port = port_accept(listener);
    ck_assert(p->port != -1);
    p->read_h = stream_read;
    p->write_h = stream_write;
    (void)snprintf(p->local_tag, sizeof(p->local_tag), "stream");
}

void stream_close(struct peer *p)
{
    port_close(p->port);
}

/* ---- servers ----------------------------------------------------------------------------------------------------- */

void next_register(struct peer *p)
{
    uint32_t had = p->cseq;

    do {
        peer_expect(p, "REGISTER");
        p->cseq = (uint32_t)strtoul(peer_header(p, "CSeq"), NULL, 10);
    } while (p->cseq == had);
}

void take_register(struct peer *p)
{
    char extra[300];

    next_register(p);
    (void)snprintf(extra, sizeof(extra), "Contact: %s;expires=600\r\n", peer_header(p, "Contact"));
    peer_answer(p, 200, extra);
}

void account_of(struct fixture *f, uint16_t number)
{
    static char domain[64];

    fixture_init(f, 1);
    (void)snprintf(domain, sizeof(domain), "127.0.0.1:%u", (unsigned)number);
    f->accountv[0].domain = domain;
    f->accountv[0].do_register = true;
    f->accountv[0].retry_ms = 3600000;
}

const char *line_text(struct fixture *f)
{
    static char text[300];

    sip_line_text(f->b, 0, text, sizeof(text));
    return text;
}

static void write6(struct peer *p, const char *data, size_t len)
{
    port_send6(p->port, p->from, data, len);
}

bool peer_open6(struct peer *p)
{
    memset(p, 0, sizeof(*p));
    p->port = port_open6(&p->number);
    p->write_h = write6;
    (void)snprintf(p->local_tag, sizeof(p->local_tag), "peer6");
    return p->port != -1;
}
