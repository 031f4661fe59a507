/* A call given to another application. SPDX-License-Identifier: MIT */
#include "tapi_shim/engine/priv.h"

/* Whether the application goes by the name: that of its file, or the one it is shown with. */
static bool app_named(const struct engine_app *app, const uint16_t *name)
{
    return (app->module && name_equal(app->module->text, name)) || (app->name && name_equal(app->name->text, name));
}

/* The first application with the name that may own calls of the line; any other comes before the giver itself, which
 * several instances of one program ask for. */
static struct engine_line *target_named(const struct engine_call *call, const struct engine_app *giver,
                                        const uint16_t *name)
{
    struct engine_line *line, *own = NULL;

    for (line = call->device->line_first; line; line = line->next) {
        if (!(line->privileges & LINECALLPRIVILEGE_OWNER) || !line_has_address(line, call->address) ||
            !app_named(line->app, name))
            continue;
        if (line->app != giver)
            return line;
        if (!own)
            own = line;
    }
    return own;
}

static int32_t give(struct engine_call *call, struct engine_line *line)
{
    struct engine_hcall *h = hcall_of_line(call, line);
    uint32_t what = LINECALLINFOSTATE_NUMOWNERINCR;
    bool owner;

    if (!h)
        h = hcall_of_app(call, line->app);
    owner = h && h->privilege == LINECALLPRIVILEGE_OWNER;
    if (h && !owner) {
        hcall_privilege(h, LINECALLPRIVILEGE_OWNER);
        what |= LINECALLINFOSTATE_NUMMONITORS;
    } else if (!h) {
        h = hcall_add(call, line, LINECALLPRIVILEGE_OWNER);
        if (!h)
            return (int32_t)(channel_room(line->app->channel) ? LINEERR_NOMEM : LINEERR_OPERATIONFAILED);
    }
    /* The second parameter of a conferenced call is the conference, in a form that is the provider's. */
    hcall_give(h, call->state, call->state == LINECALLSTATE_CONFERENCED ? 0 : call->mode, true);
    if (!owner)
        owner_changed(call, what, h);
    return 0;
}

int32_t call_op_handoff(struct channel *c, struct channel_call *cc)
{
    struct engine_hcall *h = hcall_find(c, cc->arg[0]);
    const uint16_t *name = text_check(cc->in0, cc->in0_len);
    const uint32_t reserved = 0x00FF0001; /* neither defined nor for extensions */
    uint32_t mode = cc->arg[1];
    struct engine_line *line;

    if (!h)
        return (int32_t)LINEERR_INVALCALLHANDLE;
    if (cc->in0 && !name)
        return (int32_t)LINEERR_INVALPOINTER;
    if (h->privilege != LINECALLPRIVILEGE_OWNER)
        return (int32_t)LINEERR_NOTOWNER;
    if (name) {
        line = target_named(h->call, h->line->app, name);
        if (!line)
            return (int32_t)LINEERR_TARGETNOTFOUND;
        /* To the file it is itself: that succeeds, and nothing changes. */
        return line->app == h->line->app ? 0 : give(h->call, line);
    }
    if (!mode || mode & (mode - 1) || mode & reserved)
        return (int32_t)LINEERR_INVALMEDIAMODE;
    line = owner_of_mode(h->call->device, mode, h->call->address);
    if (!line)
        return (int32_t)LINEERR_TARGETNOTFOUND;
    return line->app == h->line->app ? (int32_t)LINEERR_TARGETSELF : give(h->call, line);
}
