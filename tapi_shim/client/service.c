/* The engine in another process: found, started, connected to. SPDX-License-Identifier: MIT */
#include "tapi_shim/channel/remote.h"
#include "tapi_shim/channel/wire.h"
#include "tapi_shim/client/client.h"
#include "tapi_shim/platform/link.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    START_MS = 15000,      /* to be there, from when it is not */
    START_AGAIN_MS = 1000, /* one that was about to end may have kept the first from starting */
    RETRY_FIRST_MS = 2,
    RETRY_LAST_MS = 50
};

/* What the section [service] says to clients. */
struct wishes {
    enum client_mode mode;
    char program[PLATFORM_PATH_MAX];
};

static enum client_mode mode_parse(const char *text)
{
    static const struct {
        const char *name;
        enum client_mode mode;
    } modes[] = {{"auto", CLIENT_MODE_AUTO}, {"service", CLIENT_MODE_SERVICE}, {"in-process", CLIENT_MODE_IN_PROCESS}};
    size_t i;

    for (i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
        if (strcmp(text, modes[i].name) == 0)
            return modes[i].mode;
    return CLIENT_MODE_DEFAULT;
}

static void entry(const struct platform_conf_entry *e, void *arg)
{
    struct wishes *w = arg;

    if (strcmp(e->section, "service") != 0)
        return;
    if (strcmp(e->key, "program") == 0) {
        if (snprintf(w->program, sizeof(w->program), "%s", e->value) >= (int)sizeof(w->program))
            w->program[0] = 0;
    } else if (strcmp(e->key, "mode") == 0) {
        w->mode = mode_parse(e->value);
        if (!w->mode)
            platform_log(PLATFORM_LOG_ERROR, "%s: [service] mode: \"%.40s\" is not auto, service or in-process",
                         e->where, e->value);
    }
}

static void unread(const char *where, const char *why, void *arg)
{
    (void)where;
    (void)why;
    (void)arg;
}

static void wishes_read(struct wishes *w)
{
    memset(w, 0, sizeof(*w));
    (void)platform_conf_read(NULL, entry, unread, w);
}

enum client_mode client_mode_default(void)
{
    struct wishes w;
    char text[32];
    int err = platform_env("TAPI_SHIM_MODE", text, sizeof(text));

    if (!err && mode_parse(text))
        return mode_parse(text);
    if (err != ENOENT)
        platform_log(PLATFORM_LOG_ERROR, "TAPI_SHIM_MODE is not auto, service or in-process");
    wishes_read(&w);
    return w.mode ? w.mode : CLIENT_MODE_AUTO;
}

/* ---- the program
 * ----------------------------------------------------------------------------------------------------- */

/* Beside this library, or where programs are if libraries have a folder of their own. */
static bool program_find(char *path, size_t size)
{
    static const char *const places[] = {"%.*s" CLIENT_SERVICE_PROGRAM, "%.*s../bin/" CLIENT_SERVICE_PROGRAM,
                                         "%.*s../../bin/" CLIENT_SERVICE_PROGRAM};
    char self[PLATFORM_PATH_MAX];
    const char *end;
    struct wishes w;
    size_t i;

    if (!platform_env("TAPI_SHIM_SERVER", path, size) && path[0])
        return platform_file_exists(path);
    wishes_read(&w);
    if (w.program[0])
        return snprintf(path, size, "%s", w.program) < (int)size && platform_file_exists(path);
    platform_module_self(self, sizeof(self));
    end = self + strlen(self);
    while (end > self && end[-1] != '/' && end[-1] != '\\')
        end--;
    if (end == self)
        return false;
    for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        if (snprintf(path, size, places[i], (int)(end - self), self) < (int)size && platform_file_exists(path))
            return true;
    }
    return false;
}

static int start(const char *place)
{
    char path[PLATFORM_PATH_MAX];
    const char *const argv[] = {path, "--place", place, NULL};

    if (!program_find(path, sizeof(path)))
        return ENOENT;
    platform_log(PLATFORM_LOG_INFO, "starting the telephony service %s", path);
    return platform_spawn(argv, NULL);
}

static void explain(const char *place, int err, uint32_t version)
{
    if (err == EPROTONOSUPPORT)
        platform_log(PLATFORM_LOG_ERROR,
                     "%s: the telephony service is of another version: it speaks %u, this program %u", place,
                     (unsigned)version, (unsigned)WIRE_VERSION);
    else if (err == EACCES)
        platform_log(PLATFORM_LOG_ERROR, "%s: the telephony service is somebody else's", place);
    else if (err == EBUSY)
        platform_log(PLATFORM_LOG_ERROR, "%s: the telephony service takes no more programs", place);
    else if (err != ENOENT && err != ENOTSUP)
        platform_log(PLATFORM_LOG_ERROR, "%s: the telephony service cannot be reached: %s", place, strerror(err));
}

int client_service_open(struct client_conn *conn)
{
    char place[PLATFORM_PATH_MAX];
    uint32_t version = 0, wait_ms = RETRY_FIRST_MS;
    uint64_t now = platform_mono_ms(), end = now + START_MS, started = 0;
    int err, start_err;

    platform_service_place(place, sizeof(place));
    for (;;) {
        err = remote_open(&conn->remote, place, client_event, client_lost, conn, &version);
        if (err != ENOENT && err != ECONNREFUSED && err != ECONNRESET)
            break;
        now = platform_mono_ms();
        if (now >= end) {
            err = ETIMEDOUT;
            break;
        }
        if (!started || now >= started + START_AGAIN_MS) {
            start_err = start(place);
            if (start_err) {
                err = start_err;
                break;
            }
            started = now;
        }
        platform_sleep_ms(wait_ms);
        if (wait_ms < RETRY_LAST_MS)
            wait_ms *= 2;
    }
    if (err)
        explain(place, err, version);
    return err;
}
