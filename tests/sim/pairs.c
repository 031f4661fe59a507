/* Who is connected with whom, at both ends. SPDX-License-Identifier: MIT */
#include "tests/sim/sim.h"

#include <string.h>

/* A call has two ends, by its id. What has ended may still have the id of a call that went on without it. */
void model_hub(struct model *m, const struct model_session *s)
{
    const uint32_t ended = SESSION_IDLE | SESSION_DISCONNECTED;
    uint32_t ends = 0;
    bool shared = false;

    for (uint32_t i = 0; m->exact && i < m->sessionc; i++) {
        const struct model_session *o = &m->sessionv[i];
        bool end = o->call_id == s->call_id && !o->making && !(o->state & ended);
        ends += end && !model_shared(m, o);
        shared = shared || (end && model_shared(m, o));
    }
    ends += shared; /* all stations of an address are one end */
    if (ends > 2) {
        model_fail(m, CHECK_LOOK, "call %u has %u ends", (unsigned)s->call_id, (unsigned)ends);
    }
}

static bool is_number(const struct session_party *p, const char *number)
{
    return p && !strcmp(session_party_number(p), number);
}

/* Whether one of the other end's sessions can be the other end of a session at `number`: it says so, or does not know.
 */
static bool matches(const struct model_session *s, const struct session_info *info, const char *number)
{
    const uint32_t up =
        SESSION_CONNECTED | SESSION_ONHOLD | SESSION_ONHOLDPENDTRANSFER | SESSION_ONHOLDPENDCONF | SESSION_CONFERENCED;

    if (s->state & up) {
        return !s->parent && (!session_party_number(info->connected)[0] || is_number(info->connected, number));
    }
    /* one that was transferred to it hears it ring */
    return s->incoming && s->state & (SESSION_OFFERING | SESSION_ACCEPTED) &&
           (!session_party_number(info->caller)[0] || is_number(info->caller, number));
}

/* Another station of its address stands for the call. */
static bool counted_elsewhere(const struct model *m, const struct model_session *s)
{
    if (!model_shared(m, s)) {
        return false;
    }
    for (const struct model_session *o = m->sessionv; o < s; o++) {
        if (model_shared(m, o) && o->call_id == s->call_id && o->state == SESSION_CONNECTED && !model_inactive(o)) {
            return true;
        }
    }
    return model_inactive(s);
}

/* Sessions of two extensions that are connected with each other: as many here as there. A conference's members are. */
static void check_pair(struct model *m, const struct session_core *core, const char *here, const char *there)
{
    uint32_t sure = 0, perhaps = 0;

    for (uint32_t j = 0; j < m->sessionc; j++) {
        const struct model_session *s = &m->sessionv[j];
        const struct session_info *info = session_get(core, s->id);
        const char *own = session_party_number(session_address_party(core, s->line, s->address));

        if (!info || s->making) {
            continue;
        }
        /* one that is parked there need not show, nor who called unseen and was transferred to somebody who rings */
        sure += !strcmp(own, here) && !s->blocked && s->state == SESSION_CONNECTED && !s->parent &&
                !counted_elsewhere(m, s) && is_number(info->connected, there) &&
                (s->mode != SESSION_CONNECTED_ACTIVEHELD || !model_parked_at(m, there));
        perhaps += !strcmp(own, there) && matches(s, info, here);
    }
    if (sure > perhaps) {
        model_fail(m, CHECK_PAIR, "number %s: %u connected with %s, which has %u", here, (unsigned)sure, there,
                   (unsigned)perhaps);
    }
}

void model_pairs(struct model *m, const struct session_core *core)
{
    const uint32_t voice = SESSION_MEDIA_INTERACTIVEVOICE | SESSION_MEDIA_AUTOMATEDVOICE;

    for (uint32_t i = 0; i < m->linec; i++) {
        for (uint32_t a = 0; a < m->linev[i].addressc; a++) {
            const char *here = session_party_number(session_address_party(core, i, a));

            for (uint32_t j = 0; j < m->linec; j++) {
                for (uint32_t b = 0; b < m->linev[j].addressc; b++) {
                    const char *there = session_party_number(session_address_party(core, j, b));

                    /* a line that wants no calls rings unheard */
                    if (!m->linev[j].sharing[b] && m->linev[i].sharing[a] != SESSION_SHARING_MONITORED &&
                        m->linev[j].open && m->linev[j].media_modes & voice && strcmp(here, there) != 0) {
                        check_pair(m, core, here, there);
                    }
                }
            }
        }
    }
}
