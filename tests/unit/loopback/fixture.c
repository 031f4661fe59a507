/* An embedded exchange without a core: commands in, indications out as text. SPDX-License-Identifier: MIT */
#include "tests/unit/loopback/fixture.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *count_alloc(size_t size, void *arg)
{
    struct fixture *f = arg;
    void *p;

    if (f->allowed == 0) {
        return NULL;
    }
    if (f->allowed > 0) {
        f->allowed--;
    }
    p = calloc(1, size);
    ck_assert_ptr_nonnull(p);
    f->blocks++;
    return p;
}

static void count_free(void *p, void *arg)
{
    struct fixture *f = arg;

    if (p) {
        f->blocks--;
    }
    free(p);
}

void fixture_mem(struct fixture *f)
{
    memset(f, 0, sizeof(*f));
    f->mem.alloc = count_alloc;
    f->mem.free = count_free;
    f->mem.arg = f;
    f->allowed = -1;
    f->now_ms = 1000;
}

void fixture_open_conf(struct fixture *f, struct loopback_conf *conf)
{
    fixture_mem(f);
    conf->mem = f->mem;
    ck_assert_int_eq(loopback_alloc(&f->b, conf), SESSION_E_OK);
}

void fixture_open(struct fixture *f)
{
    static const struct loopback_ext extv[] = {
        {0, 0, "100", "Ann"}, {1, 0, "101", "Bob"},   {2, 0, "102", "Cid"},
        {3, 0, "103", NULL},  {0, 1, "110", "Ann 2"}, {4, 0, "1010", "Dora"},
    };
    struct loopback_conf conf = {
        .extc = 6, .extv = extv, .specialc = LOOPBACK_DEFAULT_SPECIALC, .specialv = loopback_default_specialv};

    fixture_open_conf(f, &conf);
    for (uint32_t line = 0; line < 5; line++) {
        says(attend(f, line, true), "");
    }
}

void fixture_close(struct fixture *f)
{
    ck_assert_uint_eq(f->donec, f->tokenc);
    f->b->ops->free(f->b);
    ck_assert_int_eq(f->blocks, 0);
}

void fixture_forget(struct fixture *f)
{
    f->legc = 0;
    memset(f->sessionv, 0, sizeof(f->sessionv));
    memset(f->seqv, 0, sizeof(f->seqv));
    memset(f->endedv, 0, sizeof(f->endedv));
}

static void add(struct fixture *f, const char *format, ...)
{
    size_t len = strlen(f->text);
    va_list ap;

    va_start(ap, format);
    vsnprintf(f->text + len, sizeof(f->text) - len, format, ap);
    va_end(ap);
}

static char letter(struct fixture *f, uint32_t leg)
{
    uint32_t i;

    ck_assert_uint_ne(leg, 0);
    for (i = 0; i < f->legc && f->legv[i] != leg; i++) {
        continue;
    }
    if (i == f->legc) {
        ck_assert_uint_lt(f->legc, FIXTURE_LEGS);
        f->legv[f->legc++] = leg;
    }
    return (char)('a' + i);
}

static const char *mode_name(uint32_t state, uint32_t mode)
{
    if (state == SESSION_BUSY) {
        return mode == SESSION_BUSY_STATION ? "(STATION)" : "(?)";
    }
    if (state != SESSION_DISCONNECTED) {
        return "";
    }
    switch (mode) {
    case SESSION_DISC_NORMAL:
        return "(NORMAL)";
    case SESSION_DISC_REJECT:
        return "(REJECT)";
    case SESSION_DISC_PICKUP:
        return "(PICKUP)";
    case SESSION_DISC_NOANSWER:
        return "(NOANSWER)";
    case SESSION_DISC_BADADDRESS:
        return "(BADADDRESS)";
    case SESSION_DISC_CONGESTION:
        return "(CONGESTION)";
    case SESSION_DISC_TEMPFAILURE:
        return "(TEMPFAILURE)";
    case SESSION_DISC_UNREACHABLE:
        return "(UNREACHABLE)";
    case SESSION_DISC_CANCELLED:
        return "(CANCELLED)";
    case SESSION_DISC_FORWARDED:
        return "(FORWARDED)";
    case SESSION_DISC_DONOTDISTURB:
        return "(DONOTDISTURB)";
    case SESSION_DISC_OUTOFORDER:
        return "(OUTOFORDER)";
    case SESSION_DISC_BUSY:
        return "(BUSY)";
    }
    return "(?)";
}

static const char *connected_name(uint32_t mode)
{
    switch (mode) {
    case SESSION_CONNECTED_ACTIVEHELD:
        return "(HELD)";
    case SESSION_CONNECTED_INACTIVE:
        return "(INACTIVE)";
    case SESSION_CONNECTED_INACTIVEHELD:
        return "(INACTIVEHELD)";
    }
    return "";
}

static const char *err_name(enum session_err err)
{
    static const char *const namev[] = {
#define NAME(name, text) #name,
        SESSION_ERR_MAP(NAME)
#undef NAME
    };
    return namev[err];
}

static const char *number_of(const struct session_party *p)
{
    return p ? session_party_number(p) : "-";
}

static void add_attach(struct fixture *f, const struct session_attach *a)
{
    if (a && a->uui.len) {
        add(f, " uui=%.*s", (int)a->uui.len, (const char *)a->uui.data);
    }
    if (a && a->set_data) {
        add(f, " data=%.*s", (int)a->call_data.len, a->call_data.len ? (const char *)a->call_data.data : "");
    }
}

static void tell(struct fixture *f, const struct session_ind *ind)
{
    char c = ind->leg ? letter(f, ind->leg) : '-';
    int i = c - 'a';

    if (f->text[0]) {
        add(f, ", ");
    }
    if (ind->type != SESSION_IND_INCOMING && ind->type != SESSION_IND_DONE && ind->leg) {
        ck_assert_uint_eq(ind->seq, f->seqv[i] + 1);
        ck_assert_uint_eq(ind->session, f->sessionv[i]);
        ck_assert(!f->endedv[i]);
        f->seqv[i] = ind->seq;
    }
    switch (ind->type) {
    case SESSION_IND_INCOMING:
        ck_assert_uint_eq(ind->session, 0);
        ck_assert_uint_eq(ind->origin,
                          ind->state && f->outgoing ? SESSION_ORIGIN_OUTBOUND : SESSION_ORIGIN_INTERNAL);
        f->sessionv[i] = 1000 + (uint32_t)i;
        f->b->ops->taken(f->b, ind->leg, f->sessionv[i]);
        add(f, "%c in %u.%u %s>%s", c, (unsigned)ind->line, (unsigned)ind->address, number_of(ind->caller),
            number_of(ind->called));
        if (ind->state) {
            add(f, " %s%s=%s", session_state_name(ind->state), connected_name(ind->mode), number_of(ind->connected));
        }
        add_attach(f, ind->attach);
        if (ind->completion) {
            add(f, " of %u", (unsigned)ind->completion);
        } else if (ind->reason != SESSION_REASON_DIRECT || ind->redirecting) {
            add(f, " by %s for %x", number_of(ind->redirecting), (unsigned)ind->reason);
        }
        break;
    case SESSION_IND_DONE:
        f->donec++;
        if (c != '-' && !f->sessionv[i]) {
            f->sessionv[i] = ind->session;
        }
        if (c == '-' && ind->bridge) {
            c = 'A'; /* a conference of nobody has no leg yet */
        }
        add(f, "%c done", c);
        if (ind->completion) {
            add(f, " of %u.%u", (unsigned)ind->line, (unsigned)ind->completion);
        }
        if (ind->leg2) {
            add(f, " leg %c", letter(f, ind->leg2));
            f->sessionv[letter(f, ind->leg2) - 'a'] = ind->session2;
        }
        if (ind->bridge) {
            add(f, " bridge %c", letter(f, ind->bridge));
        }
        if (!ind->err && ind->mode == SESSION_CONNECTED_ACTIVEHELD) {
            add(f, " held");
        } else if (!ind->err && ind->mode != SESSION_CONNECTED_ACTIVE) {
            add(f, "%s", connected_name(ind->mode));
        }
        if (ind->err) {
            add(f, " %s", err_name(ind->err));
        }
        if (ind->connected) {
            add(f, "=%s", number_of(ind->connected));
        }
        if (ind->reason) {
            add(f, " %s>%s by %s for %x%s", number_of(ind->caller), number_of(ind->called),
                number_of(ind->redirecting), (unsigned)ind->reason, ind->state == SESSION_ONHOLD ? " waiting" : "");
        }
        break;
    case SESSION_IND_PROGRESS:
        add(f, "%c %s%s", c, session_state_name(ind->state), mode_name(ind->state, ind->mode));
        if (ind->state == SESSION_CONNECTED) {
            add(f, "%s=%s", connected_name(ind->mode), number_of(ind->connected));
        }
        f->endedv[i] = ind->state == SESSION_DISCONNECTED;
        break;
    case SESSION_IND_INFORM:
        add(f, "%c informed", c);
        add_attach(f, ind->attach);
        break;
    case SESSION_IND_SOUND:
        add(f, "%c %s", c, ind->state ? "hears" : "heard");
        if (ind->sound.digit) {
            add(f, " %s%c", ind->sound.mode == SESSION_DIGIT_PULSE ? "pulse " : "", ind->sound.digit);
        } else {
            add(f, " %u+%u+%u", (unsigned)ind->sound.freqv[0], (unsigned)ind->sound.freqv[1],
                (unsigned)ind->sound.freqv[2]);
        }
        break;
    case SESSION_IND_PLAYED:
        add(f, "%c played%s", c, ind->err ? " not" : "");
        break;
    case SESSION_IND_PARTY:
        add(f, "%c party", c);
        if (ind->caller) {
            add(f, " caller %s", number_of(ind->caller));
        }
        if (ind->connected) {
            add(f, " connected %s", number_of(ind->connected));
        }
        if (ind->redirecting) {
            add(f, " by %s to %s", number_of(ind->redirecting), number_of(ind->redirection));
        }
        if (ind->call_id) {
            add(f, " call %u was %u", (unsigned)ind->call_id, (unsigned)ind->related_call_id);
        }
        break;
    case SESSION_IND_WATCH:
        add(f, "watch %u%s", (unsigned)ind->line, ind->mode ? "" : " off");
        break;
    case SESSION_IND_COMPLETION:
        add(f, "cancelled %u.%u", (unsigned)ind->line, (unsigned)ind->completion);
        break;
    case SESSION_IND_MESSAGE:
        add(f, "message %u", (unsigned)ind->line);
        break;
    case SESSION_IND_LINE:
    case SESSION_IND_USE:
        ck_abort(); /* lines of the exchange are always in service, and all their calls known */
    case SESSION_IND_RING:
        ck_assert_uint_eq(ind->mode, 1);
        add(f, "%c ring", c);
        break;
    }
}

const char *take(struct fixture *f)
{
    struct session_ind ind;

    f->text[0] = '\0';
    while (f->b->ops->next(f->b, f->now_ms, &ind)) {
        tell(f, &ind);
        ck_assert_ptr_null(f->b->ops->check(f->b));
    }
    ck_assert_ptr_null(f->b->ops->check(f->b));
    return f->text;
}

void attach(struct fixture *f, const char *uui, const char *data)
{
    memset(&f->attach, 0, sizeof(f->attach));
    f->attach.uui.data = uui;
    f->attach.uui.len = uui ? (uint32_t)strlen(uui) : 0;
    f->attach.call_data.data = data;
    f->attach.call_data.len = data ? (uint32_t)strlen(data) : 0;
    f->attach.set_data = data != NULL;
}

void give(struct fixture *f, struct session_cmd *cmd)
{
    if (f->attach.uui.len || f->attach.set_data) {
        cmd->attach = &f->attach;
    }
    f->tokenc += cmd->token != 0;
    f->b->ops->command(f->b, f->now_ms, cmd);
    memset(&f->attach, 0, sizeof(f->attach));
    ck_assert_ptr_null(f->b->ops->check(f->b));
}

static const char *name_of(const char *number)
{
    static const char *const namev[][2] = {{"100", "Ann"}, {"101", "Bob"}, {"102", "Cid"}, {"110", "Ann 2"}};

    for (size_t i = 0; i < sizeof(namev) / sizeof(namev[0]); i++) {
        if (!strcmp(number, namev[i][0])) {
            return namev[i][1];
        }
    }
    return NULL;
}

const char *place_as(struct fixture *f, uint32_t line, uint32_t address, const char *dialled, const char *caller,
                     bool block)
{
    struct session_mem mem = f->mem;
    struct session_party *party;
    struct session_dial d;
    long allowed = f->allowed;
    struct session_cmd cmd = {.type = SESSION_CMD_PLACE,
                              .session = ++f->session,
                              .call_id = f->session,
                              .token = ++f->token,
                              .line = line,
                              .address = address,
                              .block_id = block,
                              .media_modes = SESSION_MEDIA_INTERACTIVEVOICE,
                              .dial = &d};

    ck_assert_int_eq(session_dial_parse(dialled, strlen(dialled), &d), SESSION_E_OK);
    f->allowed = -1;
    cmd.caller = party = caller ? session_party_alloc(&mem, caller, name_of(caller)) : NULL;
    f->allowed = allowed;
    give(f, &cmd);
    session_party_deref(party); /* the exchange may not need it any more */
    memset(&d, '7', sizeof(d));
    return take(f);
}

const char *place(struct fixture *f, uint32_t line, uint32_t address, const char *dialled)
{
    static const char *const callerv[] = {"100", "101", "102", "103", "1010"};

    return place_as(f, line, address, dialled, address ? "110" : line < 5 ? callerv[line] : "999", false);
}

static void leg_command(struct fixture *f, struct session_cmd *cmd, char leg)
{
    uint32_t i = (uint32_t)(leg - 'a');

    ck_assert_uint_lt(i, f->legc);
    cmd->session = f->sessionv[i];
    cmd->leg = f->legv[i];
    if (cmd->type != SESSION_CMD_REJECT) {
        cmd->token = ++f->token;
    }
    give(f, cmd);
}

const char *dial(struct fixture *f, char leg, const char *dialled)
{
    struct session_dial d;
    struct session_cmd cmd = {.type = SESSION_CMD_DIAL, .dial = &d};

    ck_assert_int_eq(session_dial_parse(dialled, strlen(dialled), &d), SESSION_E_OK);
    leg_command(f, &cmd, leg);
    memset(&d, '7', sizeof(d));
    return take(f);
}

const char *command(struct fixture *f, enum session_cmd_type type, char leg)
{
    struct session_cmd cmd = {.type = type};

    leg_command(f, &cmd, leg);
    return take(f);
}

const char *complete(struct fixture *f, char leg, uint32_t mode, uint32_t id)
{
    struct session_cmd cmd = {.type = SESSION_CMD_COMPLETE, .mode = mode, .completion = id};

    leg_command(f, &cmd, leg);
    return take(f);
}

const char *line_command(struct fixture *f, enum session_cmd_type type, uint32_t line, uint32_t mode, bool on)
{
    struct session_cmd cmd = {.type = type, .line = line, .mode = mode, .on = on};

    if (type == SESSION_CMD_UNCOMPLETE) {
        cmd.completion = mode;
    }
    cmd.token = type == SESSION_CMD_FREE ? 0 : ++f->token;
    give(f, &cmd);
    return take(f);
}

const char *forward(struct fixture *f, uint32_t line, uint32_t address, uint32_t rings,
                    const struct forward_to *tov, uint32_t count)
{
    struct session_cmd cmd = {.type = SESSION_CMD_FORWARD, .line = line, .address = address};
    struct session_forwards *list = calloc(1, sizeof(*list) + count * sizeof(list->entryv[0]));

    ck_assert_ptr_nonnull(list);
    list->rings = rings;
    list->count = count;
    for (uint32_t i = 0; i < count; i++) {
        struct session_forward *e = &list->entryv[i];

        e->mode = tov[i].mode;
        e->caller = tov[i].caller ? tov[i].caller : "";
        e->dest = tov[i].dest ? tov[i].dest : "";
        e->caller_len = strlen(e->caller);
        e->dest_len = strlen(e->dest);
    }
    cmd.forwards = count ? list : NULL;
    cmd.token = ++f->token;
    give(f, &cmd);
    free(list);
    return take(f);
}

const char *reject(struct fixture *f, char leg, uint32_t mode)
{
    struct session_cmd cmd = {.type = SESSION_CMD_REJECT, .mode = mode};

    leg_command(f, &cmd, leg);
    return take(f);
}

const char *attend(struct fixture *f, uint32_t line, bool on)
{
    struct session_cmd cmd = {.type = SESSION_CMD_LINE, .line = line, .on = on};

    give(f, &cmd);
    return take(f);
}

const char *later(struct fixture *f, uint64_t ms)
{
    f->now_ms += ms;
    f->b->ops->time(f->b, f->now_ms);
    return take(f);
}
