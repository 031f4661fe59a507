/* How fast the SIP binding is: calls it places to itself, registrations. SPDX-License-Identifier: MIT */
#include "tapi_shim/platform/platform.h"
#include "tests/unit/sip/port.h"
#include "tsp/binding/sip/sip.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct platform_event *event;
static uint32_t token = 1, placed, answered, ended, in_service;

static void on_wake(void *arg)
{
    (void)arg;
    platform_event_set(event);
}

static void place(struct binding *b)
{
    struct session_cmd cmd = {.type = SESSION_CMD_PLACE, .session = ++placed, .token = ++token};
    struct session_dial dial;
    char uri[64];

    (void)snprintf(uri, sizeof(uri), "sip:u1@127.0.0.1:%u", (unsigned)sip_port(b, SIP_UDP));
    (void)session_dial_parse_uri(uri, strlen(uri), &dial);
    cmd.dial = &dial;
    b->ops->command(b, 0, &cmd);
}

static void on_ind(struct binding *b, const struct session_ind *ind, bool hold)
{
    struct session_cmd cmd = {.leg = ind->leg, .session = ind->session};

    if (ind->type == SESSION_IND_INCOMING) {
        b->ops->taken(b, ind->leg, 1000000 + ind->leg);
        cmd.type = SESSION_CMD_ANSWER;
        cmd.session = 1000000 + ind->leg;
        cmd.token = ++token;
        b->ops->command(b, 0, &cmd);
    } else if (ind->type == SESSION_IND_PROGRESS && ind->state == SESSION_CONNECTED) {
        answered++;
        if (!hold) {
            cmd.type = SESSION_CMD_DROP;
            b->ops->command(b, 0, &cmd);
        }
    } else if (ind->type == SESSION_IND_PROGRESS && ind->state == SESSION_DISCONNECTED) {
        ended++;
    } else if (ind->type == SESSION_IND_LINE && ind->state & SESSION_STATUS_INSERVICE) {
        in_service++;
    }
}

static void calls(uint32_t count, uint32_t window, bool hold)
{
    struct sip_account_conf accountv[2] = {{.line = 0, .user = "u0", .domain = "127.0.0.1"},
                                           {.line = 1, .user = "u1", .domain = "127.0.0.1"}};
    struct sip_conf conf = {.bind = "127.0.0.1", .wake = on_wake, .accountc = 2, .accountv = accountv, .goodbye_ms = 1};
    struct session_cmd on = {.type = SESSION_CMD_LINE, .line = 1, .on = true};
    struct session_ind ind;
    struct binding *b;
    uint64_t begin;

    placed = answered = ended = 0;
    if (sip_alloc(&b, &conf)) {
        exit(1);
    }
    b->ops->command(b, 0, &on);
    begin = platform_mono_ns();
    while (hold ? answered < count : ended < count) {
        while (placed < count && placed - (hold ? answered : ended) < window) {
            place(b);
        }
        platform_event_reset(event);
        while (b->ops->next(b, 0, &ind)) {
            on_ind(b, &ind, hold);
        }
        if ((hold ? answered < count : ended < count) &&
            (placed == count || placed - (hold ? answered : ended) >= window)) {
            (void)platform_event_wait(event, UINT32_MAX);
        }
    }
    printf("%s calls=%lu window=%lu seconds=%.2f calls_per_second=%.0f answered=%lu\n", hold ? "standing" : "passing",
           (unsigned long)count, (unsigned long)window, (double)(platform_mono_ns() - begin) / 1e9,
           (double)count * 1e9 / (double)(platform_mono_ns() - begin), (unsigned long)answered);
    if (hold) {
        FILE *f = fopen("/proc/self/status", "r");
        char line[200];

        while (f && fgets(line, sizeof(line), f)) {
            if (!strncmp(line, "VmRSS", 5)) {
                printf("%s", line);
            }
        }
        if (f) {
            (void)fclose(f);
        }
    }
    b->ops->free(b);
}

static intptr_t port;
static volatile bool quit;

/* A registrar that lets everybody in. */
static void registrar(void *arg)
{
    static char data[65536], out[65536];
    static const char *const headerv[] = {"\r\nVia: ", "\r\nFrom: ", "\r\nTo: ", "\r\nCall-ID: ", "\r\nCSeq: ",
                                          "\r\nContact: "};

    (void)arg;
    while (!quit) {
        uint16_t from;
        size_t n = port_receive(port, data, sizeof(data) - 1, &from), len;

        data[n] = '\0';
        if (strncmp(data, "REGISTER", 8) != 0) {
            continue;
        }
        len = (size_t)sprintf(out, "SIP/2.0 200 OK");
        for (size_t i = 0; i < sizeof(headerv) / sizeof(headerv[0]); i++) {
            const char *at = strstr(data, headerv[i]);

            if (at) {
                len += (size_t)sprintf(out + len, "%.*s%s", (int)(strcspn(at + 2, "\r") + 2), at,
                                       i == 2 ? ";tag=r" : i == 5 ? ";expires=3600" : "");
            }
        }
        len += (size_t)sprintf(out + len, "\r\nContent-Length: 0\r\n\r\n");
        port_send(port, from, out, len);
    }
}

static void registrations(uint32_t count)
{
    struct sip_account_conf *accountv = calloc(count, sizeof(*accountv));
    struct sip_conf conf = {.bind = "127.0.0.1", .wake = on_wake, .accountc = count, .accountv = accountv,
                            .goodbye_ms = 20000};
    char (*userv)[16] = calloc(count, 16), domain[32];
    struct platform_thread *t = NULL;
    struct session_ind ind;
    struct binding *b;
    uint16_t number;
    uint64_t begin, up;

    port = port_open(&number);
    (void)snprintf(domain, sizeof(domain), "127.0.0.1:%u", (unsigned)number);
    for (uint32_t i = 0; i < count; i++) {
        (void)snprintf(userv[i], 16, "a%lu", (unsigned long)i);
        accountv[i] = (struct sip_account_conf){.line = i, .user = userv[i], .domain = domain, .do_register = true,
                                                .expires = 3600};
    }
    (void)platform_thread_start(&t, "registrar", registrar, NULL);
    in_service = 0;
    begin = platform_mono_ns();
    if (sip_alloc(&b, &conf)) {
        exit(1);
    }
    up = platform_mono_ns();
    while (in_service < count) {
        platform_event_reset(event);
        while (b->ops->next(b, 0, &ind)) {
            on_ind(b, &ind, true);
        }
        if (in_service < count) {
            (void)platform_event_wait(event, UINT32_MAX);
        }
    }
    printf("registrations=%lu start_seconds=%.2f all_seconds=%.2f\n", (unsigned long)count, (double)(up - begin) / 1e9,
           (double)(platform_mono_ns() - begin) / 1e9);
    begin = platform_mono_ns();
    b->ops->free(b);
    printf("unregistered seconds=%.2f\n", (double)(platform_mono_ns() - begin) / 1e9);
    quit = true;
    port_send(port, number, "x", 1);
    platform_thread_join(t);
    port_close(port);
    free(accountv);
    free(userv);
}

int main(void)
{
    if (platform_event_alloc(&event)) {
        return EXIT_FAILURE;
    }
    calls(1000, 1, false);
    calls(10000, 100, false);
    calls(500, 50, true);
    registrations(10000);
    platform_event_free(event);
    return EXIT_SUCCESS;
}
