/* Terminals of lines: what of a line, address or session is routed to each. SPDX-License-Identifier: MIT */
#include "tsp/session/core_private.h"

#include <string.h>

static const uint8_t modev[SESSION_TERMINALS] = {
    [SESSION_TERMINAL_SET] = SESSION_TERM_BUTTONS | SESSION_TERM_LAMPS | SESSION_TERM_DISPLAY | SESSION_TERM_RINGER |
                             SESSION_TERM_HOOKSWITCH | SESSION_TERM_MEDIATOLINE | SESSION_TERM_MEDIAFROMLINE,
    [SESSION_TERMINAL_HEADSET] = SESSION_TERM_MEDIATOLINE | SESSION_TERM_MEDIAFROMLINE,
    [SESSION_TERMINAL_SPEAKER] = SESSION_TERM_RINGER | SESSION_TERM_MEDIATOLINE | SESSION_TERM_MEDIAFROMLINE,
};

uint32_t session_terminal_modes(uint32_t terminal)
{
    return terminal < SESSION_TERMINALS ? modev[terminal] : 0;
}

void core__terminals_init(uint8_t termv[SESSION_TERMINALS])
{
    memset(termv, 0, SESSION_TERMINALS);
    termv[SESSION_TERMINAL_SET] = modev[SESSION_TERMINAL_SET];
}

const uint8_t *session_terminals(const struct session_core *core, uint32_t line, uint32_t address)
{
    if (line >= core->linec)
        return NULL;
    if (address == UINT32_MAX)
        return core->linev[line].termv;
    return address < core->linev[line].addressc ? core->linev[line].addressv[address].termv : NULL;
}

/* False: it was so before. */
static bool route(uint8_t termv[SESSION_TERMINALS], const struct session_route *r)
{
    uint8_t was = termv[r->terminal];

    if (r->on)
        termv[r->terminal] |= (uint8_t)r->modes;
    else
        termv[r->terminal] &= (uint8_t)~r->modes;
    return termv[r->terminal] != was;
}

void core__spread_address(struct session_core *core, struct line *line, uint32_t address)
{
    if (route(line->addressv[address].termv, &core->spread.route) && line->address_states & SESSION_ADDR_TERMINALS) {
        struct session_act *act = core__emit(core, SESSION_ACT_ADDRESS, NULL);

        act->line = core->spread.line - 1;
        act->address = address;
        act->bits = SESSION_ADDR_TERMINALS;
    }
}

void core__spread_session(struct session_core *core, struct session *s)
{
    if (route(s->info.termv, &core->spread.route))
        core__info(core, s, SESSION_INFO_TERMINAL);
}

enum session_err core__set_terminal(struct session_core *core, struct session *s, const struct session_req *req)
{
    static const struct session_route nothing = {SESSION_TERMINAL_SET, 0, true};
    const struct session_route *r = req->route ? req->route : &nothing;
    uint32_t only = UINT32_MAX;
    struct line *line = NULL;
    struct session_act *act;
    enum session_err err;

    if (req->route && (!r->modes || r->modes & ~session_terminal_modes(r->terminal)))
        return SESSION_E_BADPARAM;
    err = s ? SESSION_E_OK : core__where(core, req, &line, &only);
    if (err)
        return err;
    act = core__emit(core, SESSION_ACT_REPLY, s);
    act->request = req->request;
    if (s) {
        if (route(s->info.termv, r))
            core__info(core, s, SESSION_INFO_TERMINAL);
        return SESSION_E_OK;
    }
    act->line = req->line;
    core__spread_begin(core, req->line, only, r);
    if (only == UINT32_MAX && route(line->termv, r) && line->line_states & SESSION_LINE_TERMINALS) {
        act = core__emit(core, SESSION_ACT_LINE, NULL);
        act->line = req->line;
        act->bits = SESSION_LINE_TERMINALS;
    }
    return SESSION_E_OK;
}
