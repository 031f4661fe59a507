/* tapishimsrv, the telephony service. SPDX-License-Identifier: MIT */
#include "tapi_shim/service/service.h"

#include "tapi_shim/engine/engine.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

static const char help[] =
    "usage: tapishimsrv [--place PLACE] [--stay]\n"
    "\n"
    "The telephony service of tapi_shim: all TAPI programs of a user share its lines and calls. The first of them "
    "starts\n"
    "it, and it ends some time after the last one did; by hand it is needed to see what it says, or to keep it.\n"
    "\n"
    "options:\n"
    "  --place PLACE  where it listens: a socket, on Windows a pipe; else where programs look for it\n"
    "  --stay         does not end when nobody uses it\n"
    "  --version      the version\n"
    "\n"
    "Section [service] of the configuration says more. The log goes to stderr, as much of it as TAPI_SHIM_LOG says\n"
    "(error, warning, info, debug), and to 'tapictl service log'. A socket that systemd passes is used before any "
    "other.\n"
    "The exit status is 0 when it was no longer needed or told to end, 3 if another one listens there already, 1 if "
    "it\n"
    "cannot work, 2 for a command line that makes no sense.\n";

enum { EXIT_IS_RUNNING = 3 };

static struct platform_event *wake;
static volatile sig_atomic_t told;

static void on_signal(int number)
{
    int err = errno;

    (void)number;
    told = 1;
    platform_event_set(wake);
    errno = err;
}

static int complain(const char *fmt, const char *what)
{
    fputs("tapishimsrv: ", stderr);
    fprintf(stderr, fmt, what);
    fputc('\n', stderr);
    return 2;
}

/* Whoever started it may take a moment to come. */
enum { FIRST_MS = 10000, FILES_SPARE = 256 };

/* When it ends if nobody comes; UINT64_MAX: not. Lock held. */
static uint64_t idle_end(const struct server *s, bool stay)
{
    uint64_t linger = 1000 * (uint64_t)s->config->linger_s;

    if (stay || s->count)
        return UINT64_MAX;
    return s->idle_since_ms + (s->used || linger > FIRST_MS ? linger : FIRST_MS);
}

/* Serves until it is told to end, or nobody needs it. */
static void serve(struct server *s, bool stay)
{
    for (;;) {
        uint64_t next = server_resume(s), now = platform_mono_ms(), end;
        bool stop;

        platform_mutex_lock(&s->lock);
        stop = s->stop || told;
        end = idle_end(s, stay);
        platform_mutex_unlock(&s->lock);
        if (stop)
            return;
        if (now >= end) {
            platform_log(PLATFORM_LOG_INFO, "service: nobody needs it any more");
            return;
        }
        if (end < next)
            next = end;
        (void)platform_event_wait(wake, next == UINT64_MAX ? UINT32_MAX : next > now ? (uint32_t)(next - now) : 0);
        platform_event_reset(wake);
    }
}

static struct service_config config;

/* Somebody wants a call made, and no program takes such requests. */
static int start_dialer(void)
{
    const char *const argv[] = {config.default_dialer, NULL};
    int err = platform_spawn(argv, NULL);

    if (err)
        platform_log(PLATFORM_LOG_ERROR, "%s: the default dialer cannot be started: %s", config.default_dialer,
                     strerror(err));
    else
        platform_log(PLATFORM_LOG_INFO, "%s: the default dialer is started", config.default_dialer);
    return err;
}

static int run(const char *place, bool stay)
{
    struct platform_listener *listener = NULL;
    struct server server;
    int err;

    service_config_read(&config);
    /* Beside the clients: what the service and its providers need themselves. */
    if (platform_connections(config.max_clients + FILES_SPARE) < config.max_clients + FILES_SPARE)
        platform_log(PLATFORM_LOG_WARNING, "service: the system's limit of open files allows fewer than %u programs",
                     (unsigned)config.max_clients);
    if (config.default_dialer[0])
        engine_default_dialer(start_dialer);
    err = server_init(&server, &config, wake);
    if (err) {
        platform_log(PLATFORM_LOG_ERROR, "service: it cannot start: %s", strerror(err));
        return 1;
    }
    err =
        platform_listen_inherited(server.hub, config.group[0] ? config.group : NULL, server_accept, &server, &listener);
    if (err == ENOENT || err == ENOTSUP)
        err = platform_listen(server.hub, place, config.group[0] ? config.group : NULL, server_accept, &server,
                              &listener);
    if (err) {
        if (err != EADDRINUSE)
            platform_log(PLATFORM_LOG_ERROR, "service: it cannot listen at %s: %s", place, strerror(err));
        server_clear(&server);
        return err == EADDRINUSE ? EXIT_IS_RUNNING : 1;
    }
    platform_log(PLATFORM_LOG_INFO, "service: process %u listens at %s", (unsigned)platform_process_id(), place);
    serve(&server, stay);
    platform_listener_close(listener);
    server_clear(&server);
    platform_log(PLATFORM_LOG_INFO, "service: ended");
    return 0;
}

int main(int argc, char **argv)
{
    char place[PLATFORM_PATH_MAX];
    bool stay = false;
    int i, rc;

    platform_service_place(place, sizeof(place));
    for (i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            fputs(help, stdout);
            return 0;
        }
        if (strcmp(argv[i], "--version") == 0) {
            printf("tapishimsrv %s\n", SERVICE_VERSION);
            return 0;
        }
        if (strcmp(argv[i], "--stay") == 0) {
            stay = true;
        } else if (strcmp(argv[i], "--place") != 0) {
            return complain("unknown argument '%.64s' (tapishimsrv --help)", argv[i]);
        } else if (i + 1 == argc || !argv[i + 1][0] || strlen(argv[i + 1]) >= sizeof(place)) {
            return complain("%s needs a place", argv[i]);
        } else {
            strcpy(place, argv[++i]);
        }
    }
    platform_log_to(journal_line);
    engine_keep(true);
    engine_generation((uint32_t)(platform_wall_ms() ^ (uint64_t)platform_process_id() * 2654435761u));
    if (platform_event_alloc(&wake))
        return 1;
    (void)signal(SIGTERM, on_signal);
    (void)signal(SIGINT, on_signal);
    rc = run(place, stay);
    (void)signal(SIGTERM, SIG_IGN);
    (void)signal(SIGINT, SIG_IGN);
    platform_event_free(wake);
    return rc;
}
