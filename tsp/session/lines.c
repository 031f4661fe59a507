/* Lines that go while the core runs: their sessions end first. SPDX-License-Identifier: MIT */
#include "tsp/session/core_private.h"

#include <string.h>

/* Nothing is left of it: its index may be given out again. */
static void vanish(struct session_core *core, struct line *line)
{
    core__unshare(core, (uint32_t)(line - core->linev));
    core__line_fini(core, line);
    memset(line, 0, sizeof *line);
    line->vacant = true;
}

enum session_err core__line_remove(struct session_core *core, uint32_t index)
{
    struct line *line;

    if (!session_line_there(core, index))
        return SESSION_E_BADLINE;
    line = &core->linev[index];
    line->to_close = line->open;
    line->open = false; /* for all that begins something */
    line->removed = true;
    line->line_states = line->address_states = line->media_modes = 0;
    core__attend(core, index);
    core->removing = index + 1;
    core->removing_after = 0;
    return SESSION_E_OK;
}

/* All calls of the line end, each by itself: none goes back to what it was before. */
static void alone(struct session_core *core, struct session *s)
{
    if (s->partner)
        s->partner->partner = NULL;
    s->partner = NULL;
    if (s->parent)
        s->parent->members--;
    s->parent = NULL;
    for (struct session *m = s->members ? core->linev[s->info.line].first : NULL; m; m = m->next)
        if (m->parent == s)
            m->parent = NULL;
    s->members = 0;
}

static void end(struct session_core *core, struct session *s)
{
    if (!s->info.reported) {
        core__release(core, s); /* nobody has heard of it: its request fails, that is all */
        return;
    }
    while (s->pending)
        core__pending_end(core, s->pending, SESSION_E_FAILED);
    if (s->leg)
        core__command(core, SESSION_CMD_DROP, s, 0);
    s->leg = 0;
    alone(core, s);
    if (s->info.state != SESSION_IDLE)
        core__state(core, s, SESSION_IDLE, 0);
}

/* One session at a time, in order of creation, as a close does it. */
void core__removing(struct session_core *core)
{
    struct line *line = &core->linev[core->removing - 1];
    struct session *done = pool_get(&core->sessions, core->removing_after), *s = done ? done->next : line->first;
    struct session_cmd *cmd;

    if (s) {
        uint32_t id = s->info.id;

        end(core, s);
        if (pool_get(&core->sessions, id))
            core->removing_after = id;
        return;
    }
    if (core__line_close(core, core->removing - 1))
        return;
    if (core__line_close(core, core->removing - 1))
        return;
    cmd = core__command(core, SESSION_CMD_LINE_REMOVE, NULL, 0);
    cmd->line = core->removing - 1;
    core->removing = 0;
    if (!line->to_close)
        vanish(core, line);
}

void core__line_closed(struct session_core *core, struct line *line)
{
    if (line->removed)
        vanish(core, line);
}
