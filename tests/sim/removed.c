/* What the checkers know of lines that come and go. SPDX-License-Identifier: MIT */
#include "tests/sim/sim.h"

#include <string.h>

bool model_line_there(const struct model *m, uint32_t index)
{
    return index < m->linec && !m->linev[index].removed && !m->linev[index].vacant;
}

void model_line_added(struct model *m, uint32_t index, enum session_err err, bool taken, bool may_nomem)
{
    struct model_line *line = &m->linev[index];
    enum session_err expected = taken || !line->vacant ? SESSION_E_BADPARAM : SESSION_E_OK;

    if (err == SESSION_E_NOMEM && may_nomem) {
        return;
    }
    if (err != expected) {
        model_fail(m, expected || err != SESSION_E_BADPARAM ? CHECK_RESULT : CHECK_GONE, "adding line %u answered %s",
                   (unsigned)index, session_err_text(err));
    }
    line->vacant = line->vacant && err;
    if (!err) {
        lines_anew(m, line);
    }
    for (uint32_t a = 0; a < SIM_ADDRESSES && !err; a++) { /* as if there had never been another */
        line->controlv[a] = NULL;
        memset(line->termv[a], 0, sizeof(line->termv[a]));
        line->termv[a][SESSION_TERMINAL_SET] = (uint8_t)session_terminal_modes(SESSION_TERMINAL_SET);
    }
}

/* All that a removal promises is there as soon as what came of it has been taken, however late the binding is. */
void model_lines_settled(struct model *m)
{
    for (uint32_t i = 0; i < m->linec; i++) {
        if (!model_line_there(m, i) && lines_requests(m, i)) {
            model_fail(m, CHECK_GONE, "requests of line %u are not answered, and it was removed", (unsigned)i);
        }
    }
    for (uint32_t i = 0; i < m->sessionc; i++) {
        const struct model_session *s = &m->sessionv[i];

        if (!model_line_there(m, s->line) && (s->making || s->state != SESSION_IDLE)) {
            model_fail(m, CHECK_GONE, "session %x is %s, and its line was removed", (unsigned)s->id,
                       s->making ? "being made" : session_state_name(s->state));
        }
        for (uint32_t r = 0; r < m->requestc && !model_line_there(m, s->line); r++) {
            if (m->requestv[r].session == s->id) {
                model_fail(m, CHECK_GONE, "request %u is not answered, and its line was removed",
                           (unsigned)m->requestv[r].request);
            }
        }
    }
}
