/* tapictl listen: calls that come in. SPDX-License-Identifier: MIT */
#include "tapi_shim/tapictl/names.h"
#include "tapi_shim/tapictl/tool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char listen_help[] =
    "usage: tapictl listen [--answer] [--monitor] [--line N] [--seconds S] [--calls N]\n"
    "\n"
    "Waits for calls, shows their progress, and what is known of each when it is over, until Ctrl-C.\n"
    "\n"
    "options:\n"
    "  --answer      answers them; else they ring, and another program may have them\n"
    "  --monitor     shows the calls of other programs as well; one that is handed to this program is then its own,\n"
    "                and dropped when it ends\n"
    "  --line N      those of that line alone\n"
    "  --seconds S   ends after S seconds\n"
    "  --calls N     ends after N calls\n"
    "\n"
    "The exit status is 0, 1 if telephony cannot be started, no line can be opened or the service has gone, 2 for a\n"
    "command line that makes no sense.\n";

struct heard {
    HCALL call;
    DWORD_PTR line; /* its number */
    bool own;       /* may be changed by this program */
    struct call_record record;
    struct heard *next;
};

struct listen_run {
    struct tool_app app;
    bool answer, monitor;
    uint32_t line, seconds, calls; /* line UINT32_MAX: all; 0: no end */
    uint32_t over;
    bool gone;
    struct heard *heard;
};

static struct heard **find(struct listen_run *r, HCALL call)
{
    struct heard **link = &r->heard;

    while (*link && (*link)->call != call)
        link = &(*link)->next;
    return link;
}

static void new_call(struct listen_run *r, const LINEMESSAGE *m)
{
    struct heard *h = calloc(1, sizeof(*h));

    if (!h) {
        tool_error("out of memory");
        (void)lineDeallocateCall((HCALL)m->dwParam2);
        return;
    }
    h->call = (HCALL)m->dwParam2;
    h->line = m->dwCallbackInstance;
    h->own = m->dwParam3 == LINECALLPRIVILEGE_OWNER;
    h->record.made_at = platform_wall_ms();
    h->next = r->heard;
    r->heard = h;
}

static void state(struct listen_run *r, const LINEMESSAGE *m)
{
    char text[NAMES_TEXT_MAX], time[TOOL_TIME_MAX];
    struct heard **link = find(r, m->hDevice), *h = *link;
    LONG rc = 0;

    if (!h)
        return;
    if (m->dwParam3 == LINECALLPRIVILEGE_OWNER)
        h->own = true;
    else if (m->dwParam3 == LINECALLPRIVILEGE_MONITOR)
        h->own = false;
    printf("%s  line %llu  call %#lx  %s%s\n", tool_time(platform_wall_ms(), time), (unsigned long long)h->line,
           (unsigned long)h->call, names_callstate(m, text), h->own ? "" : ", of another program");
    switch (m->dwParam1) {
    case LINECALLSTATE_OFFERING:
        if (r->answer && h->own)
            rc = lineAnswer(h->call, NULL, 0);
        break;
    case LINECALLSTATE_CONNECTED:
        if (!h->record.connected_at)
            h->record.connected_at = platform_wall_ms();
        break;
    case LINECALLSTATE_DISCONNECTED:
        h->record.ended_at = platform_wall_ms();
        h->record.disconnect_mode = m->dwParam2;
        if (h->own)
            rc = lineDrop(h->call, NULL, 0);
        break;
    case LINECALLSTATE_IDLE:
        if (!h->record.ended_at)
            h->record.ended_at = platform_wall_ms();
        record_print(h->call, &h->record);
        rc = lineDeallocateCall(h->call);
        *link = h->next;
        free(h);
        r->over++;
        break;
    default:
        break;
    }
    (void)fflush(stdout);
    if (rc < 0)
        (void)tool_failed("the call", rc);
}

static void take(struct listen_run *r, const LINEMESSAGE *m)
{
    if (m->dwMessageID == LINE_APPNEWCALL) {
        new_call(r, m);
    } else if (m->dwMessageID == LINE_CALLSTATE) {
        state(r, m);
    } else if (m->dwMessageID == LINE_REPLY && (LONG)m->dwParam2 < 0) {
        (void)tool_failed("a request", (LONG)m->dwParam2);
    } else if (m->dwMessageID == LINE_LINEDEVSTATE && !m->hDevice && m->dwParam1 == LINEDEVSTATE_REINIT) {
        tool_error("the telephony service has gone");
        r->gone = true;
    }
}

static bool open_line(const struct listen_run *r, DWORD number)
{
    DWORD version = tool_version(&r->app, number);
    HLINE line;
    LONG rc;

    if (!version)
        return false;
    rc = lineOpenA(r->app.app, number, &line, version, 0, number,
                   LINECALLPRIVILEGE_OWNER | (r->monitor ? LINECALLPRIVILEGE_MONITOR : 0),
                   LINEMEDIAMODE_INTERACTIVEVOICE, NULL);
    if (rc)
        (void)tool_failed("a line cannot be opened", rc);
    return rc == 0;
}

static bool arguments(struct listen_run *r, int argc, char **argv)
{
    int i;

    for (i = 0; i < argc; i++) {
        uint32_t *to = NULL;

        if (strcmp(argv[i], "--answer") == 0) {
            r->answer = true;
            continue;
        }
        if (strcmp(argv[i], "--monitor") == 0) {
            r->monitor = true;
            continue;
        }
        if (strcmp(argv[i], "--line") == 0)
            to = &r->line;
        else if (strcmp(argv[i], "--seconds") == 0)
            to = &r->seconds;
        else if (strcmp(argv[i], "--calls") == 0)
            to = &r->calls;
        if (!to) {
            tool_error("listen: unknown argument '%.64s' (tapictl listen --help)", argv[i]);
            return false;
        }
        if (i + 1 >= argc || !tool_number(argv[i + 1], to == &r->line ? UINT32_MAX - 1 : 1000000, to)) {
            tool_error("listen: %s needs a number", argv[i]);
            return false;
        }
        i++;
    }
    return true;
}

int listen_command(int argc, char **argv)
{
    struct listen_run r;
    DWORD line, opened = 0;
    uint64_t deadline;
    LINEMESSAGE m;

    memset(&r, 0, sizeof(r));
    r.line = UINT32_MAX;
    if (!arguments(&r, argc, argv))
        return TOOL_USAGE;
    deadline = r.seconds ? platform_mono_ms() + 1000 * (uint64_t)r.seconds : UINT64_MAX;
    if (!tool_open(&r.app))
        return TOOL_FAILED;
    tool_catch_interrupt();
    if (r.line != UINT32_MAX) {
        opened += open_line(&r, r.line);
    } else {
        for (line = 0; line < r.app.lines; line++)
            opened += open_line(&r, line);
        if (!r.app.lines)
            tool_error("there are no lines");
    }
    if (opened) {
        printf("listening on %lu line%s, Ctrl-C ends\n", (unsigned long)opened, opened == 1 ? "" : "s");
        (void)fflush(stdout);
    }
    while (opened && !r.gone && (!r.calls || r.over < r.calls) && !tool_interrupted() &&
           tool_message(&r.app, &m, deadline) == 0)
        take(&r, &m);
    /* Calls that go on are dropped with it. */
    tool_close(&r.app);
    while (r.heard) {
        struct heard *next = r.heard->next;

        free(r.heard);
        r.heard = next;
    }
    return opened && !r.gone ? TOOL_OK : TOOL_FAILED;
}
