/* How fast the SIP binding is: calls it places to itself, registrations; with arguments calls with another program.
 * SPDX-License-Identifier: MIT */
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

static const char *target; /* NULL: itself */

static void place(struct binding *b)
{
    struct session_cmd cmd = {.type = SESSION_CMD_PLACE, .session = ++placed, .token = ++token};
    struct session_dial dial;
    char uri[64];

    (void)snprintf(uri, sizeof(uri), "sip:u1@127.0.0.1:%u", (unsigned)(target ? 0 : sip_port(b, SIP_UDP)));
    if (target) {
        (void)snprintf(uri, sizeof(uri), "%.60s", target);
    }
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
            ended += target != NULL; /* a leg that was dropped says no more; of our own calls the other leg does */
        }
    } else if (ind->type == SESSION_IND_PROGRESS && ind->state == SESSION_DISCONNECTED) {
        ended++;
    } else if (ind->type == SESSION_IND_LINE && ind->state & SESSION_STATUS_INSERVICE) {
        in_service++;
    }
}

/* Resident memory of this process, in KiB; 0: it is not known. */
static unsigned long resident(void)
{
    FILE *f = fopen("/proc/self/status", "r");
    unsigned long kib = 0;
    char line[200];

    while (f && fgets(line, sizeof(line), f)) {
        if (!strncmp(line, "VmRSS:", 6)) {
            kib = strtoul(line + 6, NULL, 10);
        }
    }
    if (f) {
        (void)fclose(f);
    }
    return kib;
}

static void calls(uint32_t count, uint32_t window, bool hold)
{
    struct sip_account_conf accountv[2] = {{.line = 0, .user = "u0", .domain = "127.0.0.1"},
                                           {.line = 1, .user = "u1", .domain = "127.0.0.1"}};
    struct sip_conf conf = {.bind = "127.0.0.1", .wake = on_wake, .accountc = 2, .accountv = accountv, .goodbye_ms = 1};
    struct session_cmd on = {.type = SESSION_CMD_LINE, .line = 1, .on = true};
    struct session_ind ind;
    unsigned long before;
    struct binding *b;
    uint64_t begin;
    double seconds;

    placed = answered = ended = 0;
    if (sip_alloc(&b, &conf)) {
        exit(1);
    }
    b->ops->command(b, 0, &on);
    before = resident();
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
    seconds = (double)(platform_mono_ns() - begin) / 1e9;
    printf("%s calls=%lu window=%lu seconds=%.2f calls_per_second=%.0f answered=%lu", hold ? "standing" : "passing",
           (unsigned long)count, (unsigned long)window, seconds, count / seconds, (unsigned long)answered);
    if (hold) { /* both ends of a call are here */
        printf(" resident_kib_per_end=%.0f", (double)(resident() - before) / (2.0 * count));
    }
    printf("\n");
    b->ops->free(b);
}

static intptr_t port;
static volatile bool quit;

/* A registrar that lets everybody in. */
static void registrar(void *arg)
{
    static char data[65536], out[65536];
    static const char *const headerv[] = {
        "\r\nVia: ", "\r\nFrom: ", "\r\nTo: ", "\r\nCall-ID: ", "\r\nCSeq: ", "\r\nContact: "};

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
                                       i == 2   ? ";tag=r"
                                       : i == 5 ? ";expires=3600"
                                                : "");
            }
        }
        len += (size_t)sprintf(out + len, "\r\nContent-Length: 0\r\n\r\n");
        port_send(port, from, out, len);
    }
}

static void registrations(uint32_t count)
{
    struct sip_account_conf *accountv = calloc(count, sizeof(*accountv));
    struct sip_conf conf = {
        .bind = "127.0.0.1", .wake = on_wake, .accountc = count, .accountv = accountv, .goodbye_ms = 20000};
    char(*userv)[16] = calloc(count, 16), domain[32];
    struct platform_thread *t = NULL;
    struct session_ind ind;
    struct binding *b;
    uint16_t number;
    uint64_t begin, up;

    port = port_open(&number);
    (void)snprintf(domain, sizeof(domain), "127.0.0.1:%u", (unsigned)number);
    for (uint32_t i = 0; i < count; i++) {
        (void)snprintf(userv[i], 16, "a%lu", (unsigned long)i);
        accountv[i] = (struct sip_account_conf){
            .line = i, .user = userv[i], .domain = domain, .do_register = true, .expires = 3600};
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

/* With another program: answers its calls, or calls it at `uri`. The time is that from the first call to the end of the
 * last. */
static void with_another(uint32_t count, uint32_t window, const char *uri)
{
    struct sip_account_conf account = {.line = 1, .user = "u1", .domain = "127.0.0.1"};
    struct sip_conf conf = {
        .bind = "127.0.0.1", .wake = on_wake, .accountc = 1, .accountv = &account, .goodbye_ms = 2000};
    struct session_cmd on = {.type = SESSION_CMD_LINE, .line = 1, .on = true};
    unsigned long before, most = 0;
    struct session_ind ind;
    uint64_t begin = 0;
    struct binding *b;

    account.line = uri ? 0 : 1;
    on.line = account.line;
    target = uri;
    if (sip_alloc(&b, &conf)) {
        exit(1);
    }
    b->ops->command(b, 0, &on);
    before = resident();
    printf("port=%u\n", (unsigned)sip_port(b, SIP_UDP));
    (void)fflush(stdout);
    if (uri) {
        begin = platform_mono_ns();
    }
    while (ended < count) {
        while (uri && placed < count && placed - ended < window) {
            place(b);
        }
        platform_event_reset(event);
        while (b->ops->next(b, 0, &ind)) {
            if (!begin) {
                begin = platform_mono_ns();
            }
            on_ind(b, &ind, !uri);
        }
        if (ended >= count / 2 && !most) {
            most = resident();
        }
        if (ended < count && (!uri || placed == count || placed - ended >= window)) {
            (void)platform_event_wait(event, UINT32_MAX);
        }
    }
    printf("%s calls=%lu answered=%lu seconds=%.3f calls_per_second=%.0f resident_kib=%lu before_kib=%lu\n",
           uri ? "placed" : "taken", (unsigned long)count, (unsigned long)answered,
           (double)(platform_mono_ns() - begin) / 1e9, (double)count * 1e9 / (double)(platform_mono_ns() - begin), most,
           before);
    b->ops->free(b);
}

/* sip_bench; sip_bench answer COUNT; sip_bench place COUNT WINDOW URI */
int main(int argc, char **argv)
{
    if (platform_event_alloc(&event)) {
        return EXIT_FAILURE;
    }
    if (argc == 3 && !strcmp(argv[1], "answer")) {
        with_another((uint32_t)strtoul(argv[2], NULL, 10), 0, NULL);
        return EXIT_SUCCESS;
    }
    if (argc == 5 && !strcmp(argv[1], "place")) {
        with_another((uint32_t)strtoul(argv[2], NULL, 10), (uint32_t)strtoul(argv[3], NULL, 10), argv[4]);
        return EXIT_SUCCESS;
    }
    if (argc != 1) {
        return EXIT_FAILURE;
    }
    calls(500, 50, true); /* first: nothing is there yet */
    calls(1000, 1, false);
    calls(10000, 100, false);
    registrations(10000);
    platform_event_free(event);
    return EXIT_SUCCESS;
}
