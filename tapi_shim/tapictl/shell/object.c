/* Calls and lines by name, and the messages about them. SPDX-License-Identifier: MIT */
#include "tapi_shim/tapictl/shell/shell.h"

#include "tapi_shim/client/error_name.h"
#include "tapi_shim/platform/trace.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PROGRAMS_MS = 5 };

/* ---- output ------------------------------------------------------------------------------------------------------ */

static void print(struct shell *sh, bool timed, const char *fmt, va_list ap)
{
    char time[TOOL_TIME_MAX];

    if (sh->prompt)
        prompt_hide(sh->prompt);
    if (timed)
        printf("%s  ", tool_time(platform_wall_ms(), time));
    else if (sh->trace)
        printf("  ");
    vprintf(fmt, ap);
    printf("\n");
    (void)fflush(stdout);
    if (sh->prompt)
        prompt_unhide(sh->prompt);
}

void shell_say(struct shell *sh, const char *fmt, ...)
{
    va_list ap;

    if (sh->quiet)
        return;
    va_start(ap, fmt);
    print(sh, !sh->trace, fmt, ap);
    va_end(ap);
}

void shell_show(struct shell *sh, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    print(sh, false, fmt, ap);
    va_end(ap);
}

enum shell_result shell_fail(struct shell *sh, const char *fmt, ...)
{
    char text[1024];
    va_list ap;

    if (sh->expecting)
        return SHELL_FAILED;
    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    if (sh->prompt)
        prompt_hide(sh->prompt);
    if (sh->flow)
        tool_error("%s: %s", sh->file, text);
    else if (sh->number)
        tool_error("%s:%u: %s", sh->file, sh->number, text);
    else
        tool_error("%s", text);
    if (sh->prompt)
        prompt_unhide(sh->prompt);
    return SHELL_FAILED;
}

/* ---- names ------------------------------------------------------------------------------------------------------- */

bool shell_name_valid(const char *name)
{
    size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.");

    return len > 0 && len < SHELL_NAME_MAX && !name[len] && !(name[0] >= '0' && name[0] <= '9') && name[0] != '-';
}

struct shell_call *shell_call_by_name(struct shell *sh, const char *name)
{
    struct shell_call *c;

    for (c = sh->calls; c && strcmp(c->object.name, name) != 0; c = c->next)
        ;
    return c;
}

struct shell_call *shell_call_find(struct shell *sh, const char *name)
{
    struct shell_call *c = shell_call_by_name(sh, name);

    if (!c)
        (void)shell_fail(sh, "there is no call '%.64s'", name);
    return c;
}

struct shell_call *shell_call_by_handle(struct shell *sh, HCALL call)
{
    struct shell_call *c;

    for (c = sh->calls; c && (c->pending || c->call != call); c = c->next)
        ;
    return c;
}

void shell_call_named(const struct shell_call *call)
{
    platform_trace(PLATFORM_TRACE_APPLICATION, PLATFORM_TRACE_APPLICATION, "NAME 0x%lx %s", (unsigned long)call->call,
                   call->object.name);
}

static struct shell_call *call_add(struct shell *sh, const char *name, DWORD line)
{
    struct shell_call **link = &sh->calls, *c = calloc(1, sizeof(*c));

    if (!c)
        return NULL;
    (void)snprintf(c->object.name, sizeof(c->object.name), "%s", name);
    c->line = line;
    while (*link)
        link = &(*link)->next;
    *link = c;
    return c;
}

struct shell_call *shell_call_new(struct shell *sh, const char *name, const struct shell_program *program, DWORD line)
{
    struct shell_call *c;

    if (!shell_name_valid(name)) {
        (void)shell_fail(sh,
                         "'%.64s' is no name for a call: it begins with a letter, and has up to %d letters, digits, "
                         "'_', '-' and '.'",
                         name, SHELL_NAME_MAX - 1);
        return NULL;
    }
    if (shell_call_by_name(sh, name)) {
        (void)shell_fail(sh, "there is a call '%s' already", name);
        return NULL;
    }
    c = call_add(sh, name, line);
    if (!c)
        (void)shell_fail(sh, "out of memory");
    else
        c->pending = true;
    if (c)
        c->program = program;
    return c;
}

static void items_free(struct shell_object *o)
{
    while (o->first) {
        struct shell_item *next = o->first->next;

        free(o->first);
        o->first = next;
    }
    o->last = NULL;
    o->kept = 0;
}

void shell_call_forget(struct shell *sh, struct shell_call *call)
{
    struct shell_call **link;
    struct shell_request *r;

    /* A reply that may still come is about nothing. Its handle has to have a place until then. */
    for (r = sh->requests; r; r = r->next)
        if (r->object == &call->object) {
            r->object = &sh->telephony;
            if (call->pending)
                return;
        }
    for (link = &sh->calls; *link != call; link = &(*link)->next)
        ;
    *link = call->next;
    items_free(&call->object);
    free(call);
}

/* ---- lines ------------------------------------------------------------------------------------------------------- */

struct shell_line *shell_line_by_device(struct shell *sh, const struct shell_program *program, DWORD device)
{
    struct shell_line *l;

    for (l = sh->lines; l && (l->device != device || l->program != program); l = l->next)
        ;
    return l;
}

bool shell_line_parse(struct shell *sh, const char *text, struct shell_program **programp, DWORD *devicep)
{
    size_t len = strcspn(text, "@");
    char number[16];
    uint32_t device;

    (void)snprintf(number, sizeof(number), "%.*s", len < sizeof(number) ? (int)len : 0, text);
    *programp = NULL;
    if (!tool_number(number, UINT32_MAX - 1, &device)) {
        (void)shell_fail(sh, "'%.64s' is no line: lines have numbers", text);
        return false;
    }
    *devicep = device;
    if (!text[len])
        return true;
    for (*programp = sh->programs; *programp && strcmp((*programp)->name, text + len + 1) != 0;)
        *programp = (*programp)->next;
    if (!*programp)
        (void)shell_fail(sh, "there is no program '%.64s'", text + len + 1);
    return *programp;
}

struct shell_line *shell_line_open(struct shell *sh, struct shell_program *program, DWORD device, DWORD privileges,
                                   DWORD media)
{
    const struct tool_app *app = program ? &program->app : &sh->app;
    LINEEXTENSIONID extension;
    DWORD version = 0;
    struct shell_line *l;
    DWORD ext = 0;
    LONG rc;

    rc = lineNegotiateAPIVersion(app->app, device, 0x00010003, TAPI_CURRENT_VERSION, &version, &extension);
    if (rc == (LONG)LINEERR_NODEVICE) {
        (void)shell_sync(sh, rc, "lineNegotiateAPIVersion", "line %lu", (unsigned long)device);
        return NULL;
    }
    version = tool_version(app, device);
    l = version ? calloc(1, sizeof(*l)) : NULL;
    if (!l) {
        (void)shell_fail(sh, "line %lu cannot be opened", (unsigned long)device);
        return NULL;
    }
    (void)snprintf(l->object.name, sizeof(l->object.name), "line %lu%s%.12s", (unsigned long)device, program ? "@" : "",
                   program ? program->name : "");
    l->program = program;
    l->device = device;
    l->version = version;
    if (sh->extended && lineNegotiateExtVersion(app->app, device, version, 0x00010000, 0xFFFFFFFF, &ext))
        (void)shell_fail(sh, "line %lu: its provider has no extension", (unsigned long)device);
    rc = privileges & LINEOPENOPTION_PROXY
             ? shell_open_proxy(app, device, &l->line, version, privileges)
             : lineOpenA(app->app, device, &l->line, version, ext, device, privileges, media, NULL);
    if (shell_sync(sh, rc, "lineOpen", "%s", l->object.name) != SHELL_OK) {
        free(l);
        return NULL;
    }
    l->next = sh->lines;
    sh->lines = l;
    return l;
}

struct shell_line *shell_line_find(struct shell *sh, const char *number)
{
    struct shell_program *program;
    struct shell_line *l;
    DWORD device;

    if (!shell_line_parse(sh, number, &program, &device))
        return NULL;
    l = shell_line_by_device(sh, program, device);
    return l ? l : shell_line_open(sh, program, device, LINECALLPRIVILEGE_OWNER, LINEMEDIAMODE_INTERACTIVEVOICE);
}

void shell_line_close(struct shell *sh, struct shell_line *line)
{
    struct shell_call *c, *next;
    struct shell_line **link;

    for (c = sh->calls; c; c = next) {
        next = c->next;
        if (c->line == line->device && c->program == line->program)
            shell_call_forget(sh, c);
    }
    for (link = &sh->lines; *link != line; link = &(*link)->next)
        ;
    *link = line->next;
    items_free(&line->object);
    free(line);
}

/* ---- messages ---------------------------------------------------------------------------------------------------- */

static const char *name_of_call(struct shell *sh, DWORD_PTR handle)
{
    struct shell_call *c = handle ? shell_call_by_handle(sh, (HCALL)handle) : NULL;

    return c ? c->object.name : handle ? "another call" : "none";
}

static size_t add(char text[NAMES_TEXT_MAX], const char *fmt, ...) PLATFORM_PRINTF(2, 3);
static size_t add(char text[NAMES_TEXT_MAX], const char *fmt, ...)
{
    size_t len = strlen(text);
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(text + len, NAMES_TEXT_MAX - len, fmt, ap);
    va_end(ap);
    return len;
}

static void add_bits(char text[NAMES_TEXT_MAX], enum names_kind kind, DWORD_PTR value)
{
    char bits[NAMES_TEXT_MAX];

    (void)add(text, "%s", names_bits(kind, value, bits));
}

const char *shell_describe(struct shell *sh, const struct shell_object *object, const struct shell_item *item,
                           char text[NAMES_TEXT_MAX])
{
    const LINEMESSAGE *m = &item->message;
    struct shell_call *c;
    char rest[NAMES_TEXT_MAX];

    text[0] = 0;
    (void)add(text, "%s: ", object->name);
    switch (m->dwMessageID) {
    case LINE_REPLY:
        (void)add(text, "LINE_REPLY %s %s", item->function, error_name((LONG)m->dwParam2));
        break;
    case LINE_CALLSTATE:
        if (m->dwParam1 == LINECALLSTATE_CONFERENCED)
            (void)add(text, "LINE_CALLSTATE CONFERENCED parent=%s", name_of_call(sh, m->dwParam2));
        else
            (void)add(text, "LINE_CALLSTATE %s", names_callstate(m, rest));
        break;
    case LINE_CALLINFO:
        (void)add(text, "LINE_CALLINFO ");
        add_bits(text, NAMES_CALLINFOSTATE, m->dwParam1);
        break;
    case LINE_APPNEWCALL:
        (void)add(text, "LINE_APPNEWCALL %s address=%lu ", name_of_call(sh, m->dwParam2), (unsigned long)m->dwParam1);
        add_bits(text, NAMES_PRIVILEGE, m->dwParam3);
        break;
    case LINE_GATHERDIGITS:
        c = shell_call_by_handle(sh, m->hDevice);
        (void)add(text, "LINE_GATHERDIGITS ");
        add_bits(text, NAMES_GATHERTERM, m->dwParam1);
        (void)add(text, " \"%s\"", c ? c->digits : "");
        break;
    case LINE_MONITORDIGITS:
        (void)add(text, "LINE_MONITORDIGITS '%c' ", (int)(m->dwParam1 & 0x7F));
        add_bits(text, NAMES_DIGITMODE, m->dwParam2);
        break;
    case LINE_MONITORMEDIA:
        (void)add(text, "LINE_MONITORMEDIA ");
        add_bits(text, NAMES_MEDIAMODE, m->dwParam1);
        break;
    case LINE_MONITORTONE:
        (void)add(text, "LINE_MONITORTONE %lu", (unsigned long)m->dwParam1);
        break;
    case LINE_GENERATE:
        (void)add(text, "LINE_GENERATE ");
        add_bits(text, NAMES_GENERATETERM, m->dwParam1);
        break;
    case LINE_LINEDEVSTATE:
        (void)add(text, "LINE_LINEDEVSTATE ");
        add_bits(text, NAMES_LINESTATE, m->dwParam1);
        break;
    case LINE_ADDRESSSTATE:
        (void)add(text, "LINE_ADDRESSSTATE address=%lu ", (unsigned long)m->dwParam1);
        add_bits(text, NAMES_ADDRESSSTATE, m->dwParam2);
        break;
    case LINE_CLOSE:
        (void)add(text, "LINE_CLOSE");
        break;
    default:
        (void)add(text, "%s", shell_describe_special(m, rest) || shell_describe_agent(m, rest) ? rest : names_describe(m, rest));
        break;
    }
    return text;
}

static void keep(struct shell *sh, struct shell_object *o, const LINEMESSAGE *m, const char *function)
{
    struct shell_item *item = calloc(1, sizeof(*item));
    char text[NAMES_TEXT_MAX];

    if (!item) {
        (void)shell_fail(sh, "out of memory");
        return;
    }
    item->message = *m;
    item->function = function;
    if (!sh->trace)
        shell_say(sh, "%s", shell_describe(sh, o, item, text));
    if (o->last)
        o->last->next = item;
    else
        o->first = item;
    o->last = item;
    if (++o->kept > SHELL_KEPT_MAX && sh->prompt) {
        item = o->first;
        o->first = item->next;
        o->kept--;
        free(item);
    }
}

static struct shell_object *line_object(struct shell *sh, HLINE line)
{
    struct shell_line *l;

    for (l = sh->lines; l; l = l->next)
        if (line && l->line == line)
            return &l->object;
    return &sh->telephony;
}

static void reply(struct shell *sh, const LINEMESSAGE *m)
{
    struct shell_request *r;

    for (r = sh->requests; r && r->id != (LONG)m->dwParam1; r = r->next)
        ;
    if (!r)
        return;
    r->done = true;
    r->result = (LONG)m->dwParam2;
    keep(sh, r->object, m, r->function);
}

static void new_call(struct shell *sh, const LINEMESSAGE *m)
{
    char name[SHELL_NAME_MAX];
    struct shell_call *c = shell_call_by_handle(sh, (HCALL)m->dwParam2);
    const struct shell_line *l;

    if (!c) {
        do
            (void)snprintf(name, sizeof(name), "in%u", ++sh->incoming);
        while (shell_call_by_name(sh, name));
        c = call_add(sh, name, (DWORD)m->dwCallbackInstance);
        if (!c) {
            (void)shell_fail(sh, "out of memory");
            (void)lineDeallocateCall((HCALL)m->dwParam2);
            return;
        }
        c->call = (HCALL)m->dwParam2;
        shell_call_named(c);
    }
    for (l = sh->lines; l; l = l->next)
        if (l->line == (HLINE)m->hDevice)
            c->program = l->program;
    keep(sh, line_object(sh, (HLINE)m->hDevice), m, NULL);
}

static void route(struct shell *sh, LINEMESSAGE *m)
{
    struct shell_object *o = NULL;
    struct shell_call *c;

    switch (m->dwMessageID) {
    case LINE_REPLY:
        reply(sh, m);
        return;
    case LINE_APPNEWCALL:
        new_call(sh, m);
        return;
    case LINE_LINEDEVSTATE:
        if (!m->hDevice && m->dwParam1 == LINEDEVSTATE_REINIT)
            sh->gone = true;
        o = line_object(sh, (HLINE)m->hDevice);
        break;
    case LINE_CREATE:
        if (m->dwParam1 >= sh->app.lines)
            sh->app.lines = (DWORD)m->dwParam1 + 1;
        o = &sh->telephony;
        break;
    case LINE_REMOVE:
        o = &sh->telephony;
        break;
    case LINE_PROXYREQUEST:
        shell_proxy_request(sh, m);
        o = line_object(sh, (HLINE)m->hDevice);
        break;
    case LINE_ADDRESSSTATE:
    case LINE_CLOSE:
        o = line_object(sh, (HLINE)m->hDevice);
        break;
    default:
        c = shell_call_by_handle(sh, (HCALL)m->hDevice);
        if (c && m->dwMessageID == LINE_CALLSTATE)
            c->state = m->dwParam1;
        /* About one that was released meanwhile. */
        if (!c && (m->dwMessageID == LINE_CALLSTATE || m->dwMessageID == LINE_CALLINFO))
            return;
        o = c ? &c->object : line_object(sh, (HLINE)m->hDevice);
        break;
    }
    keep(sh, o, m, NULL);
}

void shell_drain(struct shell *sh)
{
    struct shell_program *p;
    LINEMESSAGE m;

    while (lineGetMessage(sh->app.app, &m, 0) == 0)
        route(sh, &m);
    for (p = sh->programs; p; p = p->next)
        while (lineGetMessage(p->app.app, &m, 0) == 0)
            route(sh, &m);
}

/* Waits for one message. False: none came. */
static bool wait_one(struct shell *sh, uint64_t deadline_ms)
{
    struct shell_program *p;
    LINEMESSAGE m;

    if (!sh->programs) {
        if (tool_message(&sh->app, &m, deadline_ms))
            return false;
        route(sh, &m);
        return true;
    }
    /* Several applications, each with its own queue: there is no waiting for all of them at once. */
    while (!tool_interrupted()) {
        if (tool_message(&sh->app, &m, platform_mono_ms() + PROGRAMS_MS) == 0) {
            route(sh, &m);
            return true;
        }
        for (p = sh->programs; p; p = p->next)
            if (lineGetMessage(p->app.app, &m, 0) == 0) {
                route(sh, &m);
                return true;
            }
        if (platform_mono_ms() >= deadline_ms)
            break;
    }
    return false;
}

void shell_pass(struct shell *sh, uint64_t deadline_ms)
{
    while (wait_one(sh, deadline_ms))
        ;
}

struct shell_item *shell_take(struct shell *sh, struct shell_object *object, uint64_t deadline_ms)
{
    struct shell_item *item;

    while (!object->first && wait_one(sh, deadline_ms))
        ;
    item = object->first;
    if (!item)
        return NULL;
    object->first = item->next;
    if (!object->first)
        object->last = NULL;
    object->kept--;
    item->next = NULL;
    return item;
}

struct shell_item *shell_next(struct shell *sh, struct shell_object *object, uint64_t deadline_ms)
{
    struct shell_item *item = shell_take(sh, object, deadline_ms);
    char text[NAMES_TEXT_MAX];

    if (item && sh->trace)
        shell_say(sh, "%s", shell_describe(sh, object, item, text));
    return item;
}

/* ---- functions --------------------------------------------------------------------------------------------------- */

static void show_call(struct shell *sh, const char *function, const char *result, const char *fmt, va_list ap)
{
    char what[512];

    if (!sh->trace)
        return;
    (void)vsnprintf(what, sizeof(what), fmt, ap);
    shell_say(sh, "%s(%s): %s", function, what, result);
}

static enum shell_result failed(struct shell *sh, const char *function, LONG rc)
{
    sh->rc = rc;
    return shell_fail(sh, "%s: %s", function, error_name(rc));
}

enum shell_result shell_sync(struct shell *sh, LONG rc, const char *function, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    show_call(sh, function, rc < 0 ? error_name(rc) : "success", fmt, ap);
    va_end(ap);
    return rc < 0 ? failed(sh, function, rc) : SHELL_OK;
}

/* Waits for the reply, which is a message of the object: those before it are taken as well. */
static enum shell_result await(struct shell *sh, struct shell_object *object, LONG rc, const char *function)
{
    uint64_t deadline = platform_mono_ms() + sh->limit_ms;
    struct shell_request *r, **link;
    LONG result;

    if (rc < 0)
        return failed(sh, function, rc);
    r = calloc(1, sizeof(*r));
    if (!r)
        return shell_fail(sh, "out of memory");
    r->id = rc;
    r->object = object;
    r->function = function;
    r->next = sh->requests;
    sh->requests = r;
    while (!r->done && wait_one(sh, deadline))
        ;
    if (!r->done)
        return shell_fail(sh, "%s: no reply within %lu s", function, (unsigned long)sh->limit_ms / 1000);
    result = r->result;
    for (link = &sh->requests; *link != r; link = &(*link)->next)
        ;
    *link = r->next;
    /* In a trace everything up to the reply belongs here; a person has seen it, and may yet wait for what came. */
    while (sh->trace && object->first) {
        struct shell_item *item = shell_next(sh, object, deadline);
        bool last = item && item->message.dwMessageID == LINE_REPLY && (LONG)item->message.dwParam1 == rc;

        free(item);
        if (last)
            break;
    }
    free(r);
    return result ? failed(sh, function, result) : SHELL_OK;
}

enum shell_result shell_async(struct shell *sh, struct shell_object *object, LONG rc, const char *function,
                              const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    show_call(sh, function, rc < 0 ? error_name(rc) : "request", fmt, ap);
    va_end(ap);
    return await(sh, object, rc, function);
}

enum shell_result shell_made(struct shell *sh, struct shell_call *first, struct shell_call *second, LONG rc,
                             const char *function, const char *fmt, ...)
{
    enum shell_result result;
    struct shell_request *r;
    va_list ap;

    va_start(ap, fmt);
    show_call(sh, function, rc < 0 ? error_name(rc) : "request", fmt, ap);
    va_end(ap);
    result = await(sh, &first->object, rc, function);
    if (result == SHELL_OK) {
        first->pending = false;
        shell_call_named(first);
        if (second) {
            second->pending = false;
            shell_call_named(second);
        }
        return result;
    }
    /* One that has no reply yet may still write the handles. */
    for (r = sh->requests; r; r = r->next)
        if (rc > 0 && r->id == rc)
            return result;
    if (second) {
        second->pending = false;
        shell_call_forget(sh, second);
    }
    first->pending = false;
    shell_call_forget(sh, first);
    return result;
}

void shell_end(struct shell *sh)
{
    while (sh->calls) {
        struct shell_call *next = sh->calls->next;

        items_free(&sh->calls->object);
        free(sh->calls);
        sh->calls = next;
    }
    while (sh->lines) {
        struct shell_line *next = sh->lines->next;

        items_free(&sh->lines->object);
        free(sh->lines);
        sh->lines = next;
    }
    while (sh->requests) {
        struct shell_request *next = sh->requests->next;

        free(sh->requests);
        sh->requests = next;
    }
    while (sh->programs) {
        struct shell_program *next = sh->programs->next;

        free(sh->programs);
        sh->programs = next;
    }
    items_free(&sh->telephony);
}
