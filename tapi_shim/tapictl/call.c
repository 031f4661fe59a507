/* tapictl call: one call from its start to its release. SPDX-License-Identifier: MIT */
#include "tapi_shim/tapictl/names.h"
#include "tapi_shim/tapictl/registration.h"
#include "tapi_shim/tapictl/tool.h"

#include "tapi_shim/client/error_name.h"
#include "tapi_shim/platform/platform.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char call_help[] =
    "usage: tapictl call NUMBER [--line N] [--seconds S] [--ring S] [--answer] [--hand-to NAME]\n"
    "\n"
    "Calls NUMBER, or from a line that is an account of a SIP server a URI (sip:USER@HOST, sips:USER@HOST, tel:+NUMBER),\n"
    "shows the progress of the call, hangs up after a while, and shows what is known of the call before "
    "it\n"
    "releases it. Ctrl-C hangs up at once.\n"
    "\n"
    "options:\n"
    "  --line N      the line to call from; if not given 0, for a URI the first account of a SIP server that is in service\n"
    "  --seconds S   hangs up S seconds after the call was connected; 5 if not given\n"
    "  --ring S      gives up if nobody has answered S seconds after the call was made; else the provider decides\n"
    "  --answer      answers calls that come in on the other lines meanwhile\n"
    "  --hand-to NAME  gives the call to another program when it is connected: the name of its file, or that of its\n"
    "                --name; both have it from then on, and it is not hung up when this one ends\n"
    "\n"
    "On the embedded exchange 600 answers by itself, 601 is busy, 602 never answers, 603 answers and hangs up after 2 "
    "s;\n"
    "any other number that is not one of the lines' own is unreachable. A call to one of those rings until another\n"
    "program answers it ('tapictl listen --answer'), this one does (--answer), or the no-answer time is over.\n"
    "\n"
    "The exit status is 0 if the call was connected, 3 if busy, 4 if nobody answered, 5 if it was refused or the "
    "number is\n"
    "unreachable, 2 for a command line that makes no sense, 1 for any other failure.\n";

/* What a call is given to end after it was dropped, and an account to register before. */
enum { END_MS = 10000, REGISTER_S = 32 };

struct call_run {
    struct tool_app app;
    const char *number, *hand_to;
    bool handed;
    uint32_t line_number, seconds, ring;
    bool answer, line_given;
    HLINE line;
    HCALL call;   /* written when the reply is there */
    LONG request; /* of lineMakeCall */
    bool made;    /* the call exists */
    bool dropped; /* lineDrop was asked for */
    bool idle;
    bool gave_up; /* by us, while it rang */
    struct call_record record;
    uint64_t deadline; /* monotonic, ms */
    int exit;
};

static void progress(const char *what)
{
    char time[TOOL_TIME_MAX];

    printf("%s  %s\n", tool_time(platform_wall_ms(), time), what);
    (void)fflush(stdout);
}

static void drop(struct call_run *r)
{
    LONG rc;

    if (r->dropped || !r->made || r->idle)
        return;
    r->dropped = true;
    r->deadline = platform_mono_ms() + END_MS;
    rc = lineDrop(r->call, NULL, 0);
    if (rc < 0)
        (void)tool_failed("lineDrop", rc);
}

static void hand_over(struct call_run *r)
{
    LONG rc = lineHandoffA(r->call, r->hand_to, 0);

    if (rc) {
        tool_error("the call cannot be given to \"%s\": %s", r->hand_to, error_name(rc));
        return;
    }
    r->handed = true;
    progress("handed over");
}

static int exit_of_disconnect(DWORD_PTR mode)
{
    switch (mode) {
    case LINEDISCONNECTMODE_BUSY:
        return TOOL_BUSY;
    case LINEDISCONNECTMODE_NOANSWER:
        return TOOL_NO_ANSWER;
    case LINEDISCONNECTMODE_REJECT:
    case LINEDISCONNECTMODE_BADADDRESS:
    case LINEDISCONNECTMODE_UNREACHABLE:
    case LINEDISCONNECTMODE_CONGESTION:
    case LINEDISCONNECTMODE_INCOMPATIBLE:
    case LINEDISCONNECTMODE_NUMBERCHANGED:
    case LINEDISCONNECTMODE_OUTOFORDER:
    case LINEDISCONNECTMODE_BLOCKED:
    case LINEDISCONNECTMODE_DONOTDISTURB:
        return TOOL_REFUSED;
    default:
        return TOOL_FAILED;
    }
}

static void own_state(struct call_run *r, const LINEMESSAGE *m)
{
    char text[NAMES_TEXT_MAX];

    progress(names_callstate(m, text));
    switch (m->dwParam1) {
    case LINECALLSTATE_CONNECTED:
        if (!r->record.connected_at) {
            r->record.connected_at = platform_wall_ms();
            r->exit = TOOL_OK;
            if (!r->dropped)
                r->deadline = platform_mono_ms() + 1000 * (uint64_t)r->seconds;
            if (r->hand_to)
                hand_over(r);
        }
        break;
    case LINECALLSTATE_BUSY:
        r->record.busy_mode = m->dwParam2;
        r->exit = TOOL_BUSY;
        drop(r);
        break;
    case LINECALLSTATE_SPECIALINFO:
        r->exit = TOOL_REFUSED;
        drop(r);
        break;
    case LINECALLSTATE_DISCONNECTED:
        r->record.disconnect_mode = m->dwParam2;
        if (!r->record.connected_at && !r->dropped)
            r->exit = exit_of_disconnect(m->dwParam2);
        drop(r);
        break;
    case LINECALLSTATE_IDLE:
        r->idle = true;
        break;
    default:
        break;
    }
    if (!r->record.ended_at && (m->dwParam1 & (LINECALLSTATE_DISCONNECTED | LINECALLSTATE_IDLE)))
        r->record.ended_at = platform_wall_ms();
}

/* A call on one of the other lines. */
static void other_state(const struct call_run *r, const LINEMESSAGE *m)
{
    LONG rc = 0;

    if (!r->answer)
        return;
    switch (m->dwParam1) {
    case LINECALLSTATE_OFFERING:
        progress("(a call comes in, it is answered)");
        rc = lineAnswer(m->hDevice, NULL, 0);
        break;
    case LINECALLSTATE_DISCONNECTED:
        rc = lineDrop(m->hDevice, NULL, 0);
        break;
    case LINECALLSTATE_IDLE:
        rc = lineDeallocateCall(m->hDevice);
        break;
    default:
        break;
    }
    if (rc < 0)
        (void)tool_failed("the call that came in", rc);
}

/* False: the call is over before it was one. */
static bool take(struct call_run *r, const LINEMESSAGE *m)
{
    if (m->dwMessageID == LINE_REPLY && !r->made && m->dwParam1 == (DWORD_PTR)r->request) {
        LONG rc = (LONG)m->dwParam2;

        if (rc) {
            tool_error("the call cannot be made: %s", error_name(rc));
            return false;
        }
        r->made = true;
    } else if (m->dwMessageID == LINE_REPLY && (LONG)m->dwParam2 < 0) {
        (void)tool_failed("a request", (LONG)m->dwParam2);
    } else if (m->dwMessageID == LINE_CALLSTATE) {
        if (r->made && m->hDevice == r->call)
            own_state(r, m);
        else
            other_state(r, m);
    } else if (m->dwMessageID == LINE_CLOSE) {
        tool_error("the provider has closed the line");
        return false;
    }
    return true;
}

/* Nothing came until the deadline, or Ctrl-C. False: waiting longer makes no sense. */
static bool time_is_up(struct call_run *r)
{
    bool late = platform_mono_ms() >= r->deadline;

    if (r->handed && !r->dropped) {
        progress("leaving the call to the other program");
        return false;
    }
    if (tool_interrupted() && !r->dropped && r->made) {
        progress("interrupted, hanging up");
        drop(r);
    } else if (late && r->dropped) {
        tool_error("the call has not ended %d s after it was dropped", END_MS / 1000);
        r->exit = TOOL_FAILED;
        return false;
    } else if (late && r->made) {
        if (r->record.connected_at) {
            progress("hanging up");
        } else {
            progress("nobody answers, giving up");
            r->gave_up = true;
            r->exit = TOOL_NO_ANSWER;
        }
        drop(r);
    } else if (late) {
        tool_error("no reply from the provider");
        return false;
    }
    return true;
}

static const char *outcome(const struct call_run *r)
{
    switch (r->exit) {
    case TOOL_OK:
        return "connected";
    case TOOL_BUSY:
        return "busy";
    case TOOL_NO_ANSWER:
        return "no answer";
    case TOOL_REFUSED:
        return r->record.disconnect_mode == LINEDISCONNECTMODE_REJECT ? "refused" : "unreachable";
    default:
        return tool_interrupted() ? "interrupted" : "failed";
    }
}

/* ---- the command ---- */

/* What only an account can call: the first that is in service, else the first there is. False: there is none. */
static bool choose_account(struct call_run *r)
{
    struct sessiontsp_registration reg;
    bool found = false;

    /* they may have begun to register with this program */
    registration_wait(&r->app, true, REGISTER_S);
    for (DWORD i = 0; i < r->app.lines; i++) {
        if (!registration_of(&r->app, i, &reg))
            continue;
        if (!found || reg.dwState != SESSIONTSP_REGISTRATION_NOT)
            r->line_number = i;
        found = true;
        if (reg.dwState != SESSIONTSP_REGISTRATION_NOT)
            break;
    }
    return found;
}

static bool is_uri(const char *number, const char *scheme)
{
    while (*scheme && (*number | 32) == *scheme) {
        number++;
        scheme++;
    }
    return *scheme == 0 && *number == ':';
}

static bool open_lines(struct call_run *r)
{
    bool sip = is_uri(r->number, "sip") || is_uri(r->number, "sips");
    DWORD version, other;
    LONG rc;

    if (!r->line_given && (sip || is_uri(r->number, "tel")) && !choose_account(r) && sip) {
        tool_error("call: no line is an account of a SIP server (tapictl account --help)");
        return false;
    }
    version = tool_version(&r->app, r->line_number);
    if (!version)
        return false;
    rc = lineOpenA(r->app.app, r->line_number, &r->line, version, 0, 0, LINECALLPRIVILEGE_NONE, 0, NULL);
    if (rc) {
        tool_error("line %lu cannot be opened: %s", (unsigned long)r->line_number, error_name(rc));
        return false;
    }
    for (other = 0; r->answer && other < r->app.lines; other++) {
        HLINE line;

        if (other == r->line_number)
            continue;
        version = tool_version(&r->app, other);
        if (!version)
            continue;
        rc = lineOpenA(r->app.app, other, &line, version, 0, 0, LINECALLPRIVILEGE_OWNER, LINEMEDIAMODE_INTERACTIVEVOICE,
                       NULL);
        if (rc)
            tool_error("line %lu cannot be opened to answer calls: %s", (unsigned long)other, error_name(rc));
    }
    return true;
}

static void run(struct call_run *r)
{
    LINEMESSAGE m;

    r->exit = TOOL_FAILED;
    r->record.made_at = platform_wall_ms();
    r->deadline = r->ring ? platform_mono_ms() + 1000 * (uint64_t)r->ring : UINT64_MAX;
    r->request = lineMakeCallA(r->line, &r->call, r->number, 0, NULL);
    if (r->request < 0) {
        tool_error("the call cannot be made: %s", error_name(r->request));
        return;
    }
    while (!r->idle) {
        LONG rc = tool_message(&r->app, &m, r->deadline);

        if (rc == 0 ? !take(r, &m) : rc != (LONG)LINEERR_OPERATIONFAILED || !time_is_up(r))
            break;
        /* Ctrl-C must not have to wait for a pause in the messages. */
        if (rc == 0 && tool_interrupted() && r->made && !r->dropped)
            (void)time_is_up(r);
    }
    if (!r->made)
        return;
    record_print(r->call, &r->record);
    (void)lineDeallocateCall(r->call);
    printf("%s\n", outcome(r));
}

static bool arguments(struct call_run *r, int argc, char **argv)
{
    int i;

    for (i = 0; i < argc; i++) {
        uint32_t *to = NULL;

        if (strcmp(argv[i], "--answer") == 0) {
            r->answer = true;
            continue;
        }
        if (strcmp(argv[i], "--hand-to") == 0) {
            if (i + 1 >= argc || !argv[i + 1][0]) {
                tool_error("call: --hand-to needs a name");
                return false;
            }
            r->hand_to = argv[++i];
            continue;
        }
        if (strcmp(argv[i], "--line") == 0) {
            to = &r->line_number;
            r->line_given = true;
        }
        if (strcmp(argv[i], "--seconds") == 0)
            to = &r->seconds;
        else if (strcmp(argv[i], "--ring") == 0)
            to = &r->ring;
        if (to) {
            if (i + 1 >= argc || !tool_number(argv[i + 1], to == &r->line_number ? UINT32_MAX - 1 : 1000000, to)) {
                tool_error("call: %s needs a number", argv[i]);
                return false;
            }
            i++;
        } else if (argv[i][0] == '-' && argv[i][1]) {
            tool_error("call: unknown option '%.64s' (tapictl call --help)", argv[i]);
            return false;
        } else if (r->number) {
            tool_error("call: one number only (tapictl call --help)");
            return false;
        } else {
            r->number = argv[i];
        }
    }
    if (!r->number || !r->number[0]) {
        tool_error(r->number ? "call: the number is empty" : "call: which number? (tapictl call --help)");
        return false;
    }
    return true;
}

int call_command(int argc, char **argv)
{
    struct call_run r;

    memset(&r, 0, sizeof(r));
    r.seconds = 5;
    if (!arguments(&r, argc, argv))
        return TOOL_USAGE;
    if (!tool_open(&r.app))
        return TOOL_FAILED;
    tool_catch_interrupt();
    r.exit = TOOL_FAILED;
    if (open_lines(&r))
        run(&r);
    tool_close(&r.app);
    return r.exit;
}
