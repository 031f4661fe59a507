/* Commands of the shell about agents: a small call centre that a program is the proxy of, and what others ask it.
 * SPDX-License-Identifier: MIT */
#include "tapi_shim/tapictl/shell/shell.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the call centre: one agent on each line, and two groups ----------------------------------------------------- */

static const WCHAR centre[] = {'a', ' ', 's', 'm', 'a', 'l', 'l', ' ', 'c', 'a',
                               'l', 'l', ' ', 'c', 'e', 'n', 't', 'r', 'e', 0};
static const WCHAR sales[] = {'S', 'a', 'l', 'e', 's', 0}, service[] = {'S', 'e', 'r', 'v', 'i', 'c', 'e', 0};
static const struct {
    const WCHAR *name;
    DWORD size; /* bytes */
} groups[] = {{sales, sizeof(sales)}, {service, sizeof(service)}};
enum { GROUPS = sizeof(groups) / sizeof(groups[0]) };

static const DWORD requests[] = {LINEPROXYREQUEST_SETAGENTGROUP, LINEPROXYREQUEST_SETAGENTSTATE,
                                 LINEPROXYREQUEST_GETAGENTCAPS, LINEPROXYREQUEST_GETAGENTSTATUS,
                                 LINEPROXYREQUEST_GETAGENTGROUPLIST};
static const DWORD states = LINEAGENTSTATE_LOGGEDOFF | LINEAGENTSTATE_NOTREADY | LINEAGENTSTATE_READY;

LONG shell_open_proxy(const struct tool_app *app, DWORD device, HLINE *line, DWORD version, DWORD privileges)
{
    struct {
        LINECALLPARAMS params;
        DWORD requests[sizeof(requests) / sizeof(requests[0])];
    } p;

    memset(&p, 0, sizeof(p));
    p.params.dwTotalSize = sizeof(p);
    p.params.dwDevSpecificSize = sizeof(requests);
    p.params.dwDevSpecificOffset = sizeof(p.params);
    memcpy(p.requests, requests, sizeof(requests));
    return lineOpenA(app->app, device, line, version, 0, device, privileges, 0, &p.params);
}

/* Writes the groups of `mask` (bits) as an array of LINEAGENTGROUPENTRY; what is needed if there is no room. */
static DWORD groups_put(void *structure, DWORD total, DWORD at, DWORD mask, DWORD *count, DWORD *size, DWORD *offset)
{
    DWORD n = 0, need = at, text, i;
    LINEAGENTGROUPENTRY entry;

    for (i = 0; i < GROUPS; i++)
        if (mask & 1u << i)
            need += (DWORD)sizeof(entry) + groups[i].size;
    if (need > total || need == at)
        return need;
    *offset = at;
    for (i = 0; i < GROUPS; i++)
        n += (mask >> i) & 1;
    text = at + n * (DWORD)sizeof(entry);
    for (i = 0; i < GROUPS; i++) {
        if (!(mask & 1u << i))
            continue;
        memset(&entry, 0, sizeof(entry));
        entry.GroupID.dwGroupID1 = i + 1;
        entry.dwNameSize = groups[i].size;
        entry.dwNameOffset = text;
        memcpy((char *)structure + at, &entry, sizeof(entry));
        memcpy((char *)structure + text, groups[i].name, groups[i].size);
        at += (DWORD)sizeof(entry);
        text += groups[i].size;
    }
    *count = n;
    *size = at - *offset;
    return need;
}

static void caps_put(LINEAGENTCAPS *c)
{
    c->dwNeededSize = sizeof(*c) + sizeof(centre);
    c->dwUsedSize = sizeof(*c);
    c->dwStates = c->dwNextStates = states;
    c->dwFeatures = LINEAGENTFEATURE_SETAGENTSTATE | LINEAGENTFEATURE_SETAGENTGROUP | LINEAGENTFEATURE_GETAGENTGROUP |
                    LINEAGENTFEATURE_AGENTSPECIFIC; /* the last of which nobody serves */
    c->dwMaxNumGroupEntries = GROUPS;
    c->dwAgentStatusMessages = LINEAGENTSTATUS_STATE | LINEAGENTSTATUS_GROUP;
    if (c->dwTotalSize < c->dwNeededSize)
        return;
    c->dwUsedSize = c->dwNeededSize;
    c->dwAgentHandlerInfoSize = sizeof(centre);
    c->dwAgentHandlerInfoOffset = sizeof(*c);
    memcpy(c + 1, centre, sizeof(centre));
}

static LONG log_in(struct shell_line *l, const LINEAGENTGROUPLIST *list)
{
    LINEAGENTGROUPENTRY entry;
    DWORD mask = 0, i;

    for (i = 0; i < list->dwNumEntries; i++) {
        memcpy(&entry, (const char *)list + list->dwListOffset + i * sizeof(entry), sizeof(entry));
        if (!entry.GroupID.dwGroupID1 || entry.GroupID.dwGroupID1 > GROUPS)
            return (LONG)LINEERR_INVALAGENTGROUP;
        mask |= 1u << (entry.GroupID.dwGroupID1 - 1);
    }
    l->agent_groups = mask;
    return 0;
}

/* What the call centre says. `*changed`: LINEAGENTSTATUS_. */
static LONG answer(struct shell_line *l, LINEPROXYREQUEST *r, DWORD *changed)
{
    LINEAGENTSTATUS *status = &r->GetAgentStatus.AgentStatus;
    LINEAGENTGROUPLIST *list = &r->GetAgentGroupList.GroupList;
    DWORD count = 0, size = 0, offset = 0, need;

    switch (r->dwRequestType) {
    case LINEPROXYREQUEST_SETAGENTGROUP:
        *changed = LINEAGENTSTATUS_GROUP;
        return log_in(l, &r->SetAgentGroup.GroupList);
    case LINEPROXYREQUEST_SETAGENTSTATE:
        if (!(r->SetAgentState.dwAgentState & states))
            return (LONG)LINEERR_INVALAGENTSTATE;
        if (!l->agent_groups && r->SetAgentState.dwAgentState != LINEAGENTSTATE_LOGGEDOFF)
            return (LONG)LINEERR_INVALAGENTGROUP;
        l->agent_state = r->SetAgentState.dwAgentState;
        *changed = LINEAGENTSTATUS_STATE;
        return 0;
    case LINEPROXYREQUEST_GETAGENTCAPS:
        caps_put(&r->GetAgentCaps.AgentCaps);
        return 0;
    case LINEPROXYREQUEST_GETAGENTSTATUS:
        need = groups_put(status, status->dwTotalSize, sizeof(*status), l->agent_groups, &count, &size, &offset);
        status->dwNeededSize = need;
        status->dwUsedSize = size ? need : sizeof(*status);
        status->dwNumEntries = count;
        status->dwGroupListSize = size;
        status->dwGroupListOffset = offset;
        status->dwState = l->agent_state ? l->agent_state : LINEAGENTSTATE_LOGGEDOFF;
        status->dwValidStates = states;
        status->dwAgentFeatures = LINEAGENTFEATURE_SETAGENTSTATE | LINEAGENTFEATURE_SETAGENTGROUP;
        return 0;
    case LINEPROXYREQUEST_GETAGENTGROUPLIST:
        need = groups_put(list, list->dwTotalSize, sizeof(*list), (1u << GROUPS) - 1, &count, &size, &offset);
        list->dwNeededSize = need;
        list->dwUsedSize = size ? need : sizeof(*list);
        list->dwNumEntries = count;
        list->dwListSize = size;
        list->dwListOffset = offset;
        return 0;
    default:
        return (LONG)LINEERR_OPERATIONUNAVAIL;
    }
}

void shell_proxy_request(struct shell *sh, LINEMESSAGE *m)
{
    LINEPROXYREQUEST *r = (LINEPROXYREQUEST *)m->dwParam1;
    struct shell_line *l;
    DWORD changed = 0;
    LONG rc;

    /* The block is not ours any more afterwards. */
    m->dwParam1 = r->dwRequestType;
    for (l = sh->lines; l && l->line != (HLINE)m->hDevice; l = l->next)
        ;
    if (!l)
        return;
    rc = answer(l, r, &changed);
    if (lineProxyResponse(l->line, r, (DWORD)rc) == 0 && !rc && changed)
        (void)lineProxyMessage(l->line, 0, LINE_AGENTSTATUS, 0, changed,
                               changed == LINEAGENTSTATUS_STATE ? l->agent_state : 0);
}

/* ---- commands ---------------------------------------------------------------------------------------------------- */

static const char *state_name(DWORD state)
{
    return state == LINEAGENTSTATE_LOGGEDOFF  ? "LOGGEDOFF"
           : state == LINEAGENTSTATE_NOTREADY ? "NOTREADY"
           : state == LINEAGENTSTATE_READY    ? "READY"
           : state == LINEAGENTSTATE_BUSYACD  ? "BUSYACD"
                                              : "UNKNOWN";
}

static bool state_of(const char *name, DWORD *state)
{
    for (*state = LINEAGENTSTATE_LOGGEDOFF; *state <= LINEAGENTSTATE_BUSYACD; *state <<= 1)
        if (strcmp(name, state_name(*state)) == 0)
            return true;
    return false;
}

bool shell_describe_agent(const LINEMESSAGE *m, char text[NAMES_TEXT_MAX])
{
    switch (m->dwMessageID) {
    case LINE_PROXYREQUEST:
        (void)snprintf(text, NAMES_TEXT_MAX, "LINE_PROXYREQUEST %lu", (unsigned long)m->dwParam1);
        return true;
    case LINE_PROXYSTATUS:
        (void)snprintf(text, NAMES_TEXT_MAX, "LINE_PROXYSTATUS %s %lu",
                       m->dwParam1 == LINEPROXYSTATUS_OPEN    ? "OPEN"
                       : m->dwParam1 == LINEPROXYSTATUS_CLOSE ? "CLOSE"
                                                              : "ALLOPENFORACD",
                       (unsigned long)m->dwParam2);
        return true;
    case LINE_AGENTSTATUS:
        (void)snprintf(text, NAMES_TEXT_MAX, "LINE_AGENTSTATUS address=%lu %s", (unsigned long)m->dwParam1,
                       m->dwParam2 & LINEAGENTSTATUS_STATE ? state_name((DWORD)m->dwParam3) : "GROUP");
        return true;
    default:
        return false;
    }
}

bool shell_wish_agent(const char *what, const char *more, DWORD *message, DWORD_PTR *p1, DWORD_PTR *p2)
{
    if (strcmp(what, "proxy") == 0) {
        *message = LINE_PROXYSTATUS;
        *p1 = strcmp(more, "OPEN") == 0 ? LINEPROXYSTATUS_OPEN : LINEPROXYSTATUS_CLOSE;
        return *p1 == LINEPROXYSTATUS_OPEN || strcmp(more, "CLOSE") == 0;
    }
    *message = LINE_AGENTSTATUS;
    *p2 = strcmp(more, "GROUP") == 0 ? LINEAGENTSTATUS_GROUP : LINEAGENTSTATUS_STATE;
    return strcmp(what, "agent") == 0 && (*p2 == LINEAGENTSTATUS_GROUP || strcmp(more, "STATE") == 0);
}

enum shell_result shell_cmd_proxy(struct shell *sh, int argc, char **argv)
{
    struct shell_program *program;
    DWORD device;

    (void)argc;
    if (!shell_line_parse(sh, argv[1], &program, &device))
        return SHELL_USAGE;
    if (shell_line_by_device(sh, program, device))
        return shell_fail(sh, "line %.64s is open already", argv[1]);
    return shell_line_open(sh, program, device, LINECALLPRIVILEGE_NONE | LINEOPENOPTION_PROXY, 0) ? SHELL_OK
                                                                                                  : SHELL_FAILED;
}

union result {
    LINEAGENTCAPS caps;
    LINEAGENTSTATUS status;
    LINEAGENTGROUPLIST list;
    char room[1024];
};

static void show_groups(struct shell *sh, const union result *u, DWORD count, DWORD offset)
{
    LINEAGENTGROUPENTRY entry;
    DWORD i;

    for (i = 0; i < count; i++) {
        memcpy(&entry, u->room + offset + i * sizeof(entry), sizeof(entry));
        shell_show(sh, "group %lu %s", (unsigned long)entry.GroupID.dwGroupID1,
                   entry.dwNameSize ? u->room + entry.dwNameOffset : "");
    }
}

static enum shell_result agent_log_in(struct shell *sh, struct shell_line *l, int argc, char **argv)
{
    struct {
        LINEAGENTGROUPLIST list;
        LINEAGENTGROUPENTRY entry[8];
    } g;
    uint32_t id;
    int i;

    memset(&g, 0, sizeof(g));
    g.list.dwTotalSize = sizeof(g);
    g.list.dwListSize = sizeof(g.entry);
    g.list.dwListOffset = sizeof(g.list);
    for (i = 0; i < argc; i++) {
        if (i == 8 || !tool_number(argv[i], UINT32_MAX - 1, &id))
            return SHELL_USAGE;
        g.entry[i].GroupID.dwGroupID1 = id;
    }
    g.list.dwNumEntries = (DWORD)argc;
    return shell_async(sh, &l->object, lineSetAgentGroup(l->line, 0, &g.list), "lineSetAgentGroup", "%s %d groups",
                       l->object.name, argc);
}

enum shell_result shell_cmd_agent(struct shell *sh, int argc, char **argv)
{
    struct shell_line *l = shell_line_find(sh, argv[1]);
    const char *what = argv[2], *name;
    enum shell_result rc;
    union result u;
    DWORD state;

    if (!l)
        return SHELL_FAILED;
    name = l->object.name;
    memset(&u, 0, sizeof(u));
    u.caps.dwTotalSize = sizeof(u);
    if (strcmp(what, "caps") == 0 && argc == 3) {
        const struct tool_app *app = l->program ? &l->program->app : &sh->app;

        rc = shell_async(sh, &l->object, lineGetAgentCapsA(app->app, l->device, 0, TAPI_CURRENT_VERSION, &u.caps),
                         "lineGetAgentCaps", "%s", name);
        if (rc == SHELL_OK)
            shell_show(sh, "%s, features %#lx, states %#lx, %lu groups",
                       u.caps.dwAgentHandlerInfoSize ? u.room + u.caps.dwAgentHandlerInfoOffset : "nobody",
                       (unsigned long)u.caps.dwFeatures, (unsigned long)u.caps.dwStates,
                       (unsigned long)u.caps.dwMaxNumGroupEntries);
        return rc;
    }
    if (strcmp(what, "status") == 0 && argc == 3) {
        rc = shell_async(sh, &l->object, lineGetAgentStatusA(l->line, 0, &u.status), "lineGetAgentStatus", "%s", name);
        if (rc == SHELL_OK) {
            shell_show(sh, "%s", state_name(u.status.dwState));
            show_groups(sh, &u, u.status.dwNumEntries, u.status.dwGroupListOffset);
        }
        return rc;
    }
    if (strcmp(what, "groups") == 0 && argc == 3) {
        rc = shell_async(sh, &l->object, lineGetAgentGroupListA(l->line, 0, &u.list), "lineGetAgentGroupList", "%s",
                         name);
        if (rc == SHELL_OK)
            show_groups(sh, &u, u.list.dwNumEntries, u.list.dwListOffset);
        return rc;
    }
    if (strcmp(what, "state") == 0 && argc == 4 && state_of(argv[3], &state))
        return shell_async(sh, &l->object, lineSetAgentState(l->line, 0, state, 0), "lineSetAgentState", "%s %s", name,
                           argv[3]);
    if (strcmp(what, "log-in") == 0 && argc > 3)
        return agent_log_in(sh, l, argc - 3, argv + 3);
    if (strcmp(what, "log-out") == 0 && argc == 3)
        return agent_log_in(sh, l, 0, NULL);
    return SHELL_USAGE;
}
