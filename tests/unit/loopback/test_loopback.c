/* The embedded exchange alone. SPDX-License-Identifier: MIT */
#include "tests/unit/loopback/fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ACCEPT SESSION_CMD_ACCEPT
#define ANSWER SESSION_CMD_ANSWER
#define DROP SESSION_CMD_DROP

static struct fixture fix;
static struct fixture *f = &fix;

static void setup(void)
{
    fixture_open(f);
}

static void teardown(void)
{
    ck_assert_uint_eq(f->b->ops->legs(f->b), 0); /* each test ends its calls */
    fixture_close(f);
}

#define RINGS(caller, called, line, from, to)                                                                          \
    caller " done, " caller " DIALING, " caller " PROCEEDING, " called " in " line " " from ">" to ", " caller         \
           " RINGBACK, " called " ring"

START_TEST(call_answered_and_dropped_by_caller)
{
    says(place(f, 0, 0, "101"), RINGS("a", "b", "1.0", "100", "101"));
    says(command(f, ANSWER, 'b'), "b done=100, a CONNECTED=101");
    ck_assert_uint_eq(f->b->ops->legs(f->b), 2);
    says(command(f, DROP, 'a'), "a done, b DISCONNECTED(NORMAL)");
    says(command(f, DROP, 'b'), "b done");
}
END_TEST

START_TEST(call_answered_and_dropped_by_called)
{
    says(place(f, 2, 0, "103"), RINGS("a", "b", "3.0", "102", "103"));
    says(command(f, ACCEPT, 'b'), "b done");
    says(command(f, ACCEPT, 'b'), "b done");
    says(command(f, ANSWER, 'b'), "b done=102, a CONNECTED=103");
    says(command(f, DROP, 'b'), "b done, a DISCONNECTED(NORMAL)");
}
END_TEST

START_TEST(called_refuses)
{
    says(place(f, 0, 0, "101"), RINGS("a", "b", "1.0", "100", "101"));
    says(command(f, DROP, 'b'), "b done, a DISCONNECTED(REJECT)");
}
END_TEST

START_TEST(caller_gives_up)
{
    place(f, 0, 0, "101");
    says(command(f, DROP, 'a'), "a done, b DISCONNECTED(CANCELLED)");
    says(later(f, 60000), "");
}
END_TEST

START_TEST(unknown_number)
{
    says(place(f, 0, 0, "999"), "a done, a DIALING, a PROCEEDING, a DISCONNECTED(BADADDRESS)");
    says(place(f, 0, 0, "10"), "b done, b DIALING, b PROCEEDING, b DISCONNECTED(BADADDRESS)");
    says(place(f, 0, 0, "1011"), "c done, c DIALING, c PROCEEDING, c DISCONNECTED(BADADDRESS)");
}
END_TEST

START_TEST(special_answers)
{
    says(place(f, 0, 0, "600"), "a done, a DIALING, a PROCEEDING, a RINGBACK, a CONNECTED=600");
    says(later(f, 3600000), "");
    says(command(f, DROP, 'a'), "a done");
}
END_TEST

START_TEST(special_busy)
{
    says(place(f, 0, 0, "601"), "a done, a DIALING, a PROCEEDING, a BUSY(STATION)");
    says(later(f, 3600000), "");
    says(command(f, DROP, 'a'), "a done");
}
END_TEST

START_TEST(special_never_answers)
{
    says(place(f, 0, 0, "602"), "a done, a DIALING, a PROCEEDING, a RINGBACK");
    ck_assert(f->b->ops->deadline(f->b) == UINT64_MAX);
    says(later(f, 3600000), "");
    says(command(f, DROP, 'a'), "a done");
}
END_TEST

START_TEST(special_hangs_up)
{
    says(place(f, 0, 0, "603"), "a done, a DIALING, a PROCEEDING, a RINGBACK, a CONNECTED=603");
    ck_assert(f->b->ops->deadline(f->b) == f->now_ms + 2000);
    says(later(f, 1999), "");
    says(later(f, 1), "a DISCONNECTED(NORMAL)");
    ck_assert(f->b->ops->deadline(f->b) == UINT64_MAX);
}
END_TEST

START_TEST(special_hangs_up_after_drop)
{
    place(f, 0, 0, "603");
    says(command(f, DROP, 'a'), "a done");
    ck_assert(f->b->ops->deadline(f->b) == UINT64_MAX);
    says(later(f, 5000), "");
}
END_TEST

START_TEST(special_answers_late)
{
    static const struct loopback_special specialv[] = {{"7", "Slow", LOOPBACK_ANSWER, 3000, 500}};
    struct loopback_conf conf = {.specialc = 1, .specialv = specialv};
    struct fixture other;

    fixture_open_conf(&other, &conf);
    says(place(&other, 0, 0, "7"), "a done, a DIALING, a PROCEEDING, a RINGBACK");
    says(later(&other, 2999), "");
    says(later(&other, 1), "a CONNECTED=7");
    says(later(&other, 499), "");
    says(later(&other, 1), "a DISCONNECTED(NORMAL)");
    says(place(&other, 0, 0, "7"), "b done, b DIALING, b PROCEEDING, b RINGBACK");
    says(command(&other, DROP, 'b'), "b done");
    says(later(&other, 9000), "");
    fixture_close(&other);
}
END_TEST

START_TEST(rings_in_cadence)
{
    place(f, 0, 0, "101");
    says(later(f, 5999), "");
    says(later(f, 1), "b ring");
    says(later(f, 6000), "b ring");
    says(later(f, 86400000), "b ring"); /* a jump of the clock is one ring, not thousands */
    says(command(f, ACCEPT, 'b'), "b done");
    says(later(f, 6000), "b ring");
    says(command(f, ANSWER, 'b'), "b done=100, a CONNECTED=101");
    says(later(f, 6000), "");
    ck_assert(f->b->ops->deadline(f->b) == UINT64_MAX);
    says(command(f, DROP, 'b'), "b done, a DISCONNECTED(NORMAL)");
}
END_TEST

START_TEST(cadence_is_configurable)
{
    static const struct loopback_ext extv[] = {{0, 0, "1", NULL}, {1, 0, "2", NULL}};
    struct loopback_conf conf = {.extc = 2, .extv = extv, .ring_ms = 4000};
    struct fixture other;

    fixture_open_conf(&other, &conf);
    attend(&other, 1, true);
    says(place_as(&other, 0, 0, "2", "1", false), RINGS("a", "b", "1.0", "1", "2"));
    says(later(&other, 3999), "");
    says(later(&other, 1), "b ring");
    fixture_close(&other); /* with a call going on */
}
END_TEST

START_TEST(overlap_dialling)
{
    says(place(f, 0, 0, ""), "a done, a DIALTONE");
    says(dial(f, 'a', "1;"), "a done, a DIALING");
    says(dial(f, 'a', "0;"), "a done");
    says(dial(f, 'a', "2;"), "a done, a PROCEEDING, b in 2.0 100>102, a RINGBACK, b ring");
    says(dial(f, 'a', "5"), "a done BADSTATE");
    says(command(f, DROP, 'a'), "a done, b DISCONNECTED(CANCELLED)");
}
END_TEST

START_TEST(overlap_number_that_begins_another)
{
    says(place(f, 0, 0, "101;"), "a done, a DIALING"); /* 1010 may follow */
    says(dial(f, 'a', "0;"), "a done, a PROCEEDING, b in 4.0 100>1010, a RINGBACK, b ring");
    says(command(f, DROP, 'a'), "a done, b DISCONNECTED(CANCELLED)");
    says(place(f, 0, 0, "101;"), "c done, c DIALING");
    says(dial(f, 'c', ""), "c done, c PROCEEDING, d in 1.0 100>101, c RINGBACK, d ring");
    says(command(f, DROP, 'c'), "c done, d DISCONNECTED(CANCELLED)");
}
END_TEST

START_TEST(overlap_ends_with_last_piece)
{
    says(place(f, 0, 0, ";"), "a done, a DIALTONE");
    says(dial(f, 'a', ";"), "a done");
    says(dial(f, 'a', ""), "a done");
    says(dial(f, 'a', "60;"), "a done, a DIALING");
    says(dial(f, 'a', ";"), "a done");
    says(dial(f, 'a', "1"), "a done, a PROCEEDING, a BUSY(STATION)");
    says(dial(f, 'a', "1"), "a done BADSTATE");
    says(command(f, DROP, 'a'), "a done");
    says(place(f, 0, 0, "60;"), "b done, b DIALING");
    says(dial(f, 'b', ""), "b done, b PROCEEDING, b DISCONNECTED(BADADDRESS)");
    says(place(f, 0, 0, "60;"), "c done, c DIALING");
    says(command(f, DROP, 'c'), "c done");
}
END_TEST

START_TEST(overlap_too_long)
{
    char digits[SESSION_NUMBER_MAX + 2];

    memset(digits, '9', sizeof(digits));
    digits[200] = ';';
    digits[201] = '\0';
    says(place(f, 0, 0, digits), "a done, a DIALING");
    digits[55] = ';';
    digits[56] = '\0';
    says(dial(f, 'a', digits), "a done"); /* 255 digits */
    says(dial(f, 'a', "9;"), "a done, a PROCEEDING, a DISCONNECTED(BADADDRESS)");
    memset(digits, '9', sizeof(digits));
    digits[SESSION_NUMBER_MAX] = '\0';
    says(place(f, 0, 0, digits), "b done, b DIALING, b PROCEEDING, b DISCONNECTED(BADADDRESS)");
}
END_TEST

START_TEST(own_number_is_busy_other_address_rings)
{
    says(place(f, 0, 0, "100"), "a done, a DIALING, a PROCEEDING, a BUSY(STATION)");
    says(command(f, DROP, 'a'), "a done");
    says(place(f, 0, 0, "110"), RINGS("b", "c", "0.1", "100", "110"));
    says(command(f, ANSWER, 'c'), "c done=100, b CONNECTED=110");
    says(command(f, DROP, 'c'), "c done, b DISCONNECTED(NORMAL)");
}
END_TEST

START_TEST(core_rejects_before_ringback)
{
    struct session_ind ind;
    struct session_dial d = {.number = "101"};
    struct session_cmd cmd = {.type = SESSION_CMD_PLACE, .session = 1, .token = 1, .dial = &d};

    /* as the pump does it: the refusal comes before the next indication is taken */
    give(f, &cmd);
    for (int i = 0; i < 3; i++) {
        ck_assert(f->b->ops->next(f->b, 0, &ind));
    }
    ck_assert(f->b->ops->next(f->b, 0, &ind));
    ck_assert_int_eq(ind.type, SESSION_IND_INCOMING);
    f->donec++;
    cmd = (struct session_cmd){.type = SESSION_CMD_REJECT, .leg = ind.leg, .mode = SESSION_DISC_BUSY};
    give(f, &cmd);
    ck_assert(f->b->ops->next(f->b, 0, &ind));
    ck_assert_uint_eq(ind.state, SESSION_BUSY);
    ck_assert_uint_eq(ind.mode, SESSION_BUSY_STATION);
    ck_assert_uint_eq(ind.session, 1);
    ck_assert(!f->b->ops->next(f->b, 0, &ind));
    cmd = (struct session_cmd){.type = SESSION_CMD_DROP, .session = 1, .leg = ind.leg};
    give(f, &cmd);
    says(take(f), "");
}
END_TEST

START_TEST(core_rejects)
{
    place(f, 0, 0, "101");
    says(reject(f, 'b', SESSION_DISC_BUSY), "a BUSY(STATION)");
    says(reject(f, 'b', SESSION_DISC_BUSY), "");
    says(command(f, DROP, 'a'), "a done");
    place(f, 0, 0, "101");
    says(reject(f, 'd', SESSION_DISC_CONGESTION), "c DISCONNECTED(CONGESTION)");
    says(reject(f, 'c', SESSION_DISC_BUSY), "");
}
END_TEST

START_TEST(unattended_line_rings_silently)
{
    says(attend(f, 1, false), "");
    says(place(f, 0, 0, "101"), "a done, a DIALING, a PROCEEDING, a RINGBACK");
    says(place(f, 2, 0, "101"), "b done, b DIALING, b PROCEEDING, b RINGBACK");
    says(place(f, 3, 0, "101"), "c done, c DIALING, c PROCEEDING, c RINGBACK");
    ck_assert_uint_eq(f->b->ops->legs(f->b), 6);
    says(later(f, 6000), "");
    says(command(f, DROP, 'b'), "b done"); /* the one in the middle of the waiting ones */
    says(attend(f, 1, true), "d in 1.0 100>101, e in 1.0 103>101, d ring, e ring");
    says(attend(f, 1, true), "");
    says(later(f, 6000), "d ring, e ring");
    says(command(f, ANSWER, 'e'), "e done=103, c CONNECTED=101");
    says(command(f, DROP, 'c'), "c done, e DISCONNECTED(NORMAL)");
    says(command(f, DROP, 'a'), "a done, d DISCONNECTED(CANCELLED)");
}
END_TEST

START_TEST(unattended_caller_gives_up)
{
    attend(f, 1, false);
    place(f, 0, 0, "101");
    says(command(f, DROP, 'a'), "a done");
    says(attend(f, 1, true), "");
}
END_TEST

START_TEST(line_no_longer_attended)
{
    struct session_dial d = {.number = "101"};
    struct session_cmd cmd = {.type = SESSION_CMD_PLACE, .session = 1, .token = 1, .dial = &d};
    struct session_cmd off = {.type = SESSION_CMD_LINE, .line = 1};

    /* before the offer is taken: it is taken back */
    give(f, &cmd);
    give(f, &off);
    says(take(f), "a done, a DIALING, a PROCEEDING, a RINGBACK");
    says(later(f, 9000), "");
    says(attend(f, 1, true), "b in 1.0 ->101, b ring");
    /* after it: the core ends it */
    says(attend(f, 1, false), "");
    says(command(f, DROP, 'b'), "b done, a DISCONNECTED(REJECT)");
}
END_TEST

START_TEST(attended_off_and_on_offers_once)
{
    struct session_dial d = {.number = "101"};
    struct session_cmd cmd = {.type = SESSION_CMD_PLACE, .session = 1, .token = 1, .dial = &d};
    struct session_cmd line = {.type = SESSION_CMD_LINE, .line = 1};

    give(f, &cmd);
    give(f, &line);
    line.on = true;
    give(f, &line);
    says(take(f), "a done, a DIALING, a PROCEEDING, b in 1.0 ->101, a RINGBACK, b ring");
    says(command(f, DROP, 'a'), "a done, b DISCONNECTED(CANCELLED)");
}
END_TEST

START_TEST(answer_and_cancel_cross)
{
    struct session_cmd drop = {.type = SESSION_CMD_DROP, .token = 90};
    struct session_cmd answer = {.type = SESSION_CMD_ANSWER, .token = 91};

    place(f, 0, 0, "101");
    drop.session = f->sessionv[0];
    drop.leg = f->legv[0];
    answer.session = f->sessionv[1];
    answer.leg = f->legv[1];
    give(f, &drop);
    give(f, &answer);
    says(take(f), "a done, b DISCONNECTED(CANCELLED), b done BADSTATE");
}
END_TEST

START_TEST(cancel_crosses_answer)
{
    struct session_cmd drop = {.type = SESSION_CMD_DROP, .token = 90};
    struct session_cmd answer = {.type = SESSION_CMD_ANSWER, .token = 91};

    place(f, 0, 0, "101");
    drop.session = f->sessionv[0];
    drop.leg = f->legv[0];
    answer.session = f->sessionv[1];
    answer.leg = f->legv[1];
    give(f, &answer);
    give(f, &drop);
    says(take(f), "b done, a done, b DISCONNECTED(NORMAL)");
}
END_TEST

START_TEST(both_drop_at_once)
{
    struct session_cmd drop = {.type = SESSION_CMD_DROP};

    place(f, 0, 0, "101");
    command(f, ANSWER, 'b');
    for (int i = 0; i < 2; i++) {
        drop.token = 90 + (uint32_t)i;
        drop.session = f->sessionv[i];
        drop.leg = f->legv[i];
        give(f, &drop);
    }
    says(take(f), "a done, b done"); /* no DISCONNECTED after the drop */
    says(command(f, DROP, 'a'), "a done");
}
END_TEST

START_TEST(drop_before_place_is_done)
{
    struct session_dial d = {.number = "101"};
    struct session_cmd cmd = {.type = SESSION_CMD_PLACE, .session = 5, .token = 1, .dial = &d};
    struct session_cmd drop = {.type = SESSION_CMD_DROP, .session = 5};

    give(f, &cmd);
    give(f, &drop);
    says(take(f), "a done");
    ck_assert_uint_eq(f->b->ops->legs(f->b), 0);
}
END_TEST

START_TEST(commands_on_unknown_legs)
{
    static const uint32_t legv[] = {0, 1, 2, 255, 256, 257, 0x00FFFFFF, 0xFF000000, 0xFFFFFFFF, 0x01000001};

    place(f, 0, 0, "101");
    for (size_t i = 0; i < sizeof(legv) / sizeof(legv[0]); i++) {
        for (int type = SESSION_CMD_DIAL; type <= SESSION_CMD_REJECT; type++) {
            struct session_ind ind;
            struct session_cmd cmd = {.type = (enum session_cmd_type)type,
                                      .session = 4711, /* nobody's */
                                      .leg = legv[i],
                                      .token = type == SESSION_CMD_REJECT || type == SESSION_CMD_COLLAPSE ? 0 : 1};
            if ((type == SESSION_CMD_SETUPCONF && !legv[i]) || type == SESSION_CMD_UNPARK ||
                type == SESSION_CMD_PICKUP) {
                continue; /* these, and a conference of nobody, take none */
            }
            give(f, &cmd);
            if (!cmd.token) {
                ck_assert(!f->b->ops->next(f->b, 0, &ind));
                continue;
            }
            ck_assert(f->b->ops->next(f->b, 0, &ind));
            f->donec++;
            ck_assert_int_eq(ind.type, SESSION_IND_DONE);
            ck_assert_int_eq(ind.err, type == SESSION_CMD_DROP ? SESSION_E_OK : SESSION_E_BADSTATE);
            ck_assert(!f->b->ops->next(f->b, 0, &ind));
        }
    }
    says(command(f, DROP, 'a'), "a done, b DISCONNECTED(CANCELLED)");
    says(command(f, ACCEPT, 'b'), "b done BADSTATE");
    says(command(f, ANSWER, 'b'), "b done BADSTATE");
    says(dial(f, 'a', "1"), "a done BADSTATE");
    says(command(f, DROP, 'b'), "b done");
}
END_TEST

START_TEST(commands_in_wrong_phases)
{
    place(f, 0, 0, "101");
    says(command(f, ANSWER, 'a'), "a done BADSTATE");
    says(command(f, ACCEPT, 'a'), "a done BADSTATE");
    says(dial(f, 'b', "1"), "b done BADSTATE");
    says(reject(f, 'a', SESSION_DISC_BUSY), "");
    command(f, ANSWER, 'b');
    says(command(f, ANSWER, 'b'), "b done BADSTATE");
    says(command(f, ACCEPT, 'b'), "b done BADSTATE");
    says(dial(f, 'a', "1"), "a done BADSTATE");
    says(reject(f, 'b', SESSION_DISC_BUSY), "");
    says(command(f, DROP, 'a'), "a done, b DISCONNECTED(NORMAL)");
}
END_TEST

START_TEST(line_without_extension)
{
    says(attend(f, 77, true), "");
    says(attend(f, UINT32_MAX, true), "");
    says(place_as(f, 77, 3, "101", "5551234", false), RINGS("a", "b", "1.0", "5551234", "101"));
    says(command(f, DROP, 'a'), "a done, b DISCONNECTED(CANCELLED)");
}
END_TEST

START_TEST(caller_id)
{
    says(place_as(f, 0, 0, "101", "100", true), RINGS("a", "b", "1.0", "-", "101"));
    says(command(f, ANSWER, 'b'), "b done, a CONNECTED=101");
    says(command(f, DROP, 'b'), "b done, a DISCONNECTED(NORMAL)");
    says(place_as(f, 0, 0, "101", NULL, false), RINGS("c", "d", "1.0", "-", "101"));
    says(command(f, DROP, 'c'), "c done, d DISCONNECTED(CANCELLED)");
    says(place_as(f, 0, 0, "101", "12345", false), RINGS("e", "f", "1.0", "12345", "101"));
    says(command(f, DROP, 'e'), "e done, f DISCONNECTED(CANCELLED)");
}
END_TEST

START_TEST(null_dial_is_off_hook)
{
    struct session_cmd cmd = {.type = SESSION_CMD_PLACE, .session = 1, .token = 1};

    give(f, &cmd);
    says(take(f), "a done, a DIALTONE");
    says(command(f, SESSION_CMD_DIAL, 'a'), "a done");
    says(command(f, DROP, 'a'), "a done");
}
END_TEST

START_TEST(many_calls_and_reuse)
{
    /* ids of ended legs come back with another generation: the old ones find nothing */
    uint32_t old = 0;

    for (int i = 0; i < 1000; i++) {
        fixture_forget(f);
        says(place(f, 0, 0, "101"), RINGS("a", "b", "1.0", "100", "101"));
        ck_assert_uint_ne(f->legv[0], old);
        old = f->legv[0];
        says(command(f, ANSWER, 'b'), "b done=100, a CONNECTED=101");
        says(command(f, DROP, 'b'), "b done, a DISCONNECTED(NORMAL)");
    }
    ck_assert_uint_eq(f->b->ops->legs(f->b), 0);
}
END_TEST

START_TEST(bad_configurations)
{
    char long_number[SESSION_NUMBER_MAX + 2];
    char name[SESSION_NAME_MAX + 2];
    struct loopback_ext extv[2] = {{0, 0, "100", NULL}, {1, 0, "101", NULL}};
    struct loopback_special special = {"600", NULL, LOOPBACK_BUSY, 0, 0};
    struct loopback_conf conf = {.extc = 2, .extv = extv, .specialc = 1, .specialv = &special};
    const char *const badv[] = {NULL, "", "1a", "10 1", "x", "1;", long_number};
    struct binding *b = NULL;
    struct fixture other;

    fixture_mem(&other);
    conf.mem = other.mem;
    memset(long_number, '1', sizeof(long_number) - 1);
    long_number[sizeof(long_number) - 1] = '\0';
    memset(name, 'n', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    for (size_t i = 0; i < sizeof(badv) / sizeof(badv[0]); i++) {
        extv[1].number = badv[i];
        ck_assert_int_eq(loopback_alloc(&b, &conf), SESSION_E_BADPARAM);
        extv[1].number = "101";
        special.number = badv[i];
        ck_assert_int_eq(loopback_alloc(&b, &conf), SESSION_E_BADPARAM);
        special.number = "600";
    }
    extv[1].name = name;
    ck_assert_int_eq(loopback_alloc(&b, &conf), SESSION_E_BADPARAM);
    extv[1].name = NULL;
    extv[1].number = "100"; /* doubled number */
    ck_assert_int_eq(loopback_alloc(&b, &conf), SESSION_E_BADPARAM);
    extv[1].number = "600"; /* doubled by a special one */
    ck_assert_int_eq(loopback_alloc(&b, &conf), SESSION_E_BADPARAM);
    extv[1].number = "101";
    extv[1].line = 0; /* doubled address */
    ck_assert_int_eq(loopback_alloc(&b, &conf), SESSION_E_BADPARAM);
    extv[1].line = UINT32_MAX;
    ck_assert_int_eq(loopback_alloc(&b, &conf), SESSION_E_BADPARAM);
    extv[1].line = 1;
    special.kind = (enum loopback_kind)9;
    ck_assert_int_eq(loopback_alloc(&b, &conf), SESSION_E_BADPARAM);
    special.kind = LOOPBACK_BUSY;
    conf.extv = NULL;
    ck_assert_int_eq(loopback_alloc(&b, &conf), SESSION_E_BADPARAM);
    conf.extv = extv;
    conf.mem.free = NULL;
    ck_assert_int_eq(loopback_alloc(&b, &conf), SESSION_E_BADPARAM);
    conf.mem = other.mem;
    ck_assert_ptr_null(b);
    ck_assert_int_eq(other.blocks, 0);
    ck_assert_int_eq(loopback_alloc(&b, &conf), SESSION_E_OK);
    b->ops->free(b);
    ck_assert_int_eq(other.blocks, 0);
}
END_TEST

START_TEST(works_with_the_c_library)
{
    struct loopback_conf conf = {.specialc = LOOPBACK_DEFAULT_SPECIALC, .specialv = loopback_default_specialv};
    struct binding *b;

    ck_assert_int_eq(loopback_alloc(&b, &conf), SESSION_E_OK);
    ck_assert_ptr_null(b->ops->check(b));
    ck_assert(b->ops->deadline(b) == UINT64_MAX);
    ck_assert_str_eq(b->ops->name, "loopback");
    b->ops->free(b);
}
END_TEST

START_TEST(no_memory_at_alloc)
{
    static const struct loopback_ext extv[] = {{0, 0, "1", "One"}, {1, 0, "2", NULL}, {2, 5, "21", NULL}};
    struct loopback_conf conf = {
        .extc = 3, .extv = extv, .specialc = LOOPBACK_DEFAULT_SPECIALC, .specialv = loopback_default_specialv};
    struct binding *b = NULL;
    struct fixture other;
    int failures = 0;

    fixture_mem(&other);
    conf.mem = other.mem;
    for (long n = 0; !b; n++) {
        enum session_err err;

        other.allowed = n;
        err = loopback_alloc(&b, &conf);
        ck_assert_int_eq(err, b ? SESSION_E_OK : SESSION_E_NOMEM);
        failures += err != SESSION_E_OK;
        ck_assert(b || other.blocks == 0);
    }
    ck_assert_int_ge(failures, 10);
    b->ops->free(b);
    ck_assert_int_eq(other.blocks, 0);
}
END_TEST

/* A call with every allocation of it failing in turn, in a fresh exchange each time: it fails cleanly or it works. */
START_TEST(no_memory_in_a_call)
{
    bool worked = false;
    int nomem = 0, temporary = 0;

    for (long n = 0; !worked; n++) {
        struct fixture other;
        const char *text;

        fixture_open(&other);
        other.allowed = n;
        text = place_as(&other, 0, 0, "101", "12345", false);
        if (!strcmp(text, "- done NOMEM")) {
            nomem++;
            ck_assert_uint_eq(other.b->ops->legs(other.b), 0);
        } else if (!strcmp(text, "a done, a DIALING, a PROCEEDING, a DISCONNECTED(TEMPFAILURE)")) {
            temporary++;
            ck_assert_uint_eq(other.b->ops->legs(other.b), 0);
        } else {
            says(text, RINGS("a", "b", "1.0", "12345", "101"));
            worked = true;
        }
        other.allowed = -1;
        if (worked) {
            says(command(&other, ANSWER, 'b'), "b done=12345, a CONNECTED=101");
            says(command(&other, DROP, 'b'), "b done, a DISCONNECTED(NORMAL)");
        }
        ck_assert_ptr_nonnull(strstr(place(&other, 2, 0, "601"), "BUSY(STATION)"));
        fixture_close(&other);
    }
    ck_assert_int_ge(nomem, 3);
    ck_assert_int_eq(temporary, 0); /* legs come many at a time: see the next test */
}
END_TEST

/* With the last free leg taken by the caller, there is none for the called end. */
START_TEST(no_memory_for_the_called_end)
{
    int calls = 0;

    while (f->b->ops->legs(f->b) < 255) {
        fixture_forget(f);
        says(place(f, 0, 0, ""), "a done, a DIALTONE");
        calls++;
    }
    f->allowed = 0;
    fixture_forget(f);
    says(place(f, 0, 0, "101"), "a done, a DIALING, a PROCEEDING, a DISCONNECTED(TEMPFAILURE)");
    says(place(f, 0, 0, "602"), "b done, b DIALING, b PROCEEDING, b RINGBACK");
    says(place(f, 0, 0, "602"), "- done NOMEM");
    says(place(f, 0, 0, "101;"), "- done NOMEM");
    f->allowed = -1;
    says(command(f, DROP, 'b'), "b done");
    for (int i = 0; i < calls; i++) {
        struct session_cmd drop = {.type = SESSION_CMD_DROP, .leg = (uint32_t)i + 1};
        give(f, &drop);
    }
    says(take(f), "");
}
END_TEST

START_TEST(no_memory_for_digits)
{
    says(place(f, 0, 0, ""), "a done, a DIALTONE");
    f->allowed = 0;
    says(dial(f, 'a', "1;"), "a done NOMEM");
    says(dial(f, 'a', "102;"), "a done, a DIALING, a PROCEEDING, b in 2.0 100>102, a RINGBACK, b ring");
    says(place(f, 0, 0, "1;"), "- done NOMEM");
    f->allowed = -1;
    says(command(f, DROP, 'a'), "a done, b DISCONNECTED(CANCELLED)");
}
END_TEST

/* All calls end in one step without one byte more: what each of them has to say was reserved. */
START_TEST(no_memory_while_a_thousand_calls_end)
{
    enum { CALLS = 1000 };
    static uint32_t legv[2 * CALLS];
    uint32_t legc = 0, ended = 0, done = 0;
    struct session_dial d = {.number = "101"};
    struct session_ind ind;

    for (uint32_t i = 0; i < CALLS; i++) {
        struct session_cmd cmd = {.type = SESSION_CMD_PLACE, .session = i + 1, .token = i + 1, .dial = &d};
        give(f, &cmd);
        while (f->b->ops->next(f->b, 0, &ind)) {
            if (ind.type == SESSION_IND_DONE || ind.type == SESSION_IND_INCOMING) {
                legv[legc++] = ind.leg;
            }
            f->donec += ind.type == SESSION_IND_DONE;
        }
    }
    ck_assert_uint_eq(legc, 2 * CALLS);
    f->allowed = 0;
    for (uint32_t i = 0; i < CALLS; i++) {
        struct session_cmd drop = {.type = SESSION_CMD_DROP, .session = i + 1, .leg = legv[2 * i], .token = 5000 + i};
        f->b->ops->command(f->b, 0, &drop);
    }
    f->tokenc += CALLS;
    ck_assert_ptr_null(f->b->ops->check(f->b));
    while (f->b->ops->next(f->b, 0, &ind)) {
        done += ind.type == SESSION_IND_DONE;
        ended += ind.type == SESSION_IND_PROGRESS && ind.state == SESSION_DISCONNECTED;
    }
    f->donec += done;
    ck_assert_uint_eq(done, CALLS);
    ck_assert_uint_eq(ended, CALLS);
}
END_TEST

START_TEST(ten_thousand_extensions)
{
    enum { LINES = 10000 };
    struct loopback_ext *extv = calloc(LINES, sizeof(*extv));
    char(*numberv)[8] = calloc(LINES, sizeof(*numberv));
    struct loopback_conf conf = {.extc = LINES, .extv = extv};
    struct fixture other;
    char expected[256];

    for (uint32_t i = 0; i < LINES; i++) {
        snprintf(numberv[i], sizeof(numberv[i]), "%u", (unsigned)(10000 + i));
        extv[i] = (struct loopback_ext){i, 0, numberv[i], "Somebody"};
    }
    fixture_open_conf(&other, &conf);
    for (uint32_t i = 0; i < LINES; i++) {
        struct session_cmd on = {.type = SESSION_CMD_LINE, .line = i, .on = true};
        other.b->ops->command(other.b, 0, &on);
    }
    for (uint32_t i = 0; i < LINES; i += 331) {
        uint32_t to = LINES - 1 - i;

        fixture_forget(&other);
        snprintf(expected, sizeof(expected), "a done, a DIALING, a PROCEEDING, b in %u.0 %s>%s, a RINGBACK, b ring",
                 (unsigned)to, numberv[i], numberv[to]);
        says(place_as(&other, i, 0, numberv[to], numberv[i], false), expected);
        says(command(&other, DROP, 'b'), "b done, a DISCONNECTED(REJECT)");
    }
    fixture_close(&other);
    free(numberv);
    free(extv);
}
END_TEST

START_TEST(free_with_calls_in_every_phase)
{
    struct fixture other;

    fixture_open(&other);
    attend(&other, 3, false);
    place_as(&other, 0, 0, "", "12345", false);
    place_as(&other, 0, 0, "1;", "12345", false);
    place_as(&other, 0, 0, "101", "12345", false);
    place_as(&other, 0, 0, "103", "12345", false);
    place_as(&other, 0, 0, "601", "12345", false);
    place_as(&other, 0, 0, "603", "12345", false);
    place_as(&other, 0, 0, "102", "12345", false);
    command(&other, ANSWER, (char)('a' + other.legc - 1));
    ck_assert_uint_gt(other.b->ops->legs(other.b), 8);
    fixture_close(&other);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("loopback");
    TCase *tc = tcase_create("exchange");
    SRunner *sr;
    int failed;

    tcase_set_timeout(tc, 0);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, call_answered_and_dropped_by_caller);
    tcase_add_test(tc, call_answered_and_dropped_by_called);
    tcase_add_test(tc, called_refuses);
    tcase_add_test(tc, caller_gives_up);
    tcase_add_test(tc, unknown_number);
    tcase_add_test(tc, special_answers);
    tcase_add_test(tc, special_busy);
    tcase_add_test(tc, special_never_answers);
    tcase_add_test(tc, special_hangs_up);
    tcase_add_test(tc, special_hangs_up_after_drop);
    tcase_add_test(tc, special_answers_late);
    tcase_add_test(tc, rings_in_cadence);
    tcase_add_test(tc, cadence_is_configurable);
    tcase_add_test(tc, overlap_dialling);
    tcase_add_test(tc, overlap_number_that_begins_another);
    tcase_add_test(tc, overlap_ends_with_last_piece);
    tcase_add_test(tc, overlap_too_long);
    tcase_add_test(tc, own_number_is_busy_other_address_rings);
    tcase_add_test(tc, core_rejects_before_ringback);
    tcase_add_test(tc, core_rejects);
    tcase_add_test(tc, unattended_line_rings_silently);
    tcase_add_test(tc, unattended_caller_gives_up);
    tcase_add_test(tc, line_no_longer_attended);
    tcase_add_test(tc, attended_off_and_on_offers_once);
    tcase_add_test(tc, answer_and_cancel_cross);
    tcase_add_test(tc, cancel_crosses_answer);
    tcase_add_test(tc, both_drop_at_once);
    tcase_add_test(tc, drop_before_place_is_done);
    tcase_add_test(tc, commands_on_unknown_legs);
    tcase_add_test(tc, commands_in_wrong_phases);
    tcase_add_test(tc, line_without_extension);
    tcase_add_test(tc, caller_id);
    tcase_add_test(tc, null_dial_is_off_hook);
    tcase_add_test(tc, many_calls_and_reuse);
    tcase_add_test(tc, bad_configurations);
    tcase_add_test(tc, works_with_the_c_library);
    tcase_add_test(tc, no_memory_at_alloc);
    tcase_add_test(tc, no_memory_in_a_call);
    tcase_add_test(tc, no_memory_for_the_called_end);
    tcase_add_test(tc, no_memory_for_digits);
    tcase_add_test(tc, no_memory_while_a_thousand_calls_end);
    tcase_add_test(tc, ten_thousand_extensions);
    tcase_add_test(tc, free_with_calls_in_every_phase);
    suite_add_tcase(s, tc);
    sr = srunner_create(s);
    srunner_run_all(sr, CK_ENV);
    failed = srunner_ntests_failed(sr);
    srunner_free(sr);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
