/* The embedded exchange alone: park, unpark, pickup. SPDX-License-Identifier: MIT */
#include "tests/unit/loopback/fixture.h"

#include <stdlib.h>
#include <string.h>

#define ANSWER SESSION_CMD_ANSWER
#define DROP SESSION_CMD_DROP
#define HOLD SESSION_CMD_HOLD
#define UNHOLD SESSION_CMD_UNHOLD

enum { REMINDER_MS = 20000, TIMEOUT_MS = 50000, LINES = 5 };

static const struct loopback_ext extv[] = {
    {0, 0, "100", "Ann"}, {1, 0, "101", "Bob"}, {2, 0, "102", "Cid"}, {3, 0, "103", NULL}, {4, 0, "104", NULL},
};
static const char *const groupv[] = {"a", "a", "a", "b", "b"};
static const struct loopback_place placev[] = {{"70", "Park 70"}, {"71", NULL}};

static struct fixture fix;
static struct fixture *f = &fix;

static void open_conf(uint32_t reminder_ms, uint32_t timeout_ms)
{
    struct loopback_conf conf = {.extc = LINES,
                                 .extv = extv,
                                 .groupv = groupv,
                                 .specialc = LOOPBACK_DEFAULT_SPECIALC,
                                 .specialv = loopback_default_specialv,
                                 .placec = 2,
                                 .placev = placev,
                                 .reminder_ms = reminder_ms,
                                 .timeout_ms = timeout_ms};

    fixture_open_conf(f, &conf);
    for (uint32_t line = 0; line < LINES; line++) {
        says(attend(f, line, true), "");
    }
}

static void setup(void)
{
    open_conf(REMINDER_MS, TIMEOUT_MS);
}

static void teardown(void)
{
    ck_assert_uint_eq(f->b->ops->legs(f->b), 0);
    fixture_close(f);
}

/* 100 is an address of lines 0 and 2, 101 and 103 are those of lines 1 and 3. */
static void open_shared(uint8_t sharing)
{
    static const struct loopback_ext sharedv[] = {
        {0, 0, "100", "Ann"}, {1, 0, "101", "Bob"}, {2, 0, "100", "Ann"}, {3, 0, "103", NULL}};
    uint8_t sharingv[] = {sharing, 0, sharing, 0};
    struct loopback_conf conf = {
        .extc = 4, .extv = sharedv, .sharingv = sharingv, .placec = 2, .placev = placev, .reminder_ms = REMINDER_MS};

    fixture_open_conf(f, &conf);
    for (uint32_t line = 0; line < 4; line++) {
        says(attend(f, line, true), "");
    }
}

static const char *remove_line(uint32_t line)
{
    struct session_cmd cmd = {.type = SESSION_CMD_LINE_REMOVE, .line = line};

    give(f, &cmd);
    return take(f);
}

static const char *on_legs(enum session_cmd_type type, char leg, char leg2, const char *number)
{
    struct session_dial d;
    struct session_cmd cmd = {.type = type, .dial = &d, .token = ++f->token};

    ck_assert_int_eq(session_dial_parse(number, strlen(number), &d), SESSION_E_OK);
    cmd.leg = f->legv[leg - 'a'];
    cmd.session = f->sessionv[leg - 'a'];
    cmd.leg2 = leg2 ? f->legv[leg2 - 'a'] : 0;
    cmd.session2 = 60;
    give(f, &cmd);
    return take(f);
}

static const char *park(char leg, const char *number)
{
    return on_legs(SESSION_CMD_PARK, leg, 0, number);
}

/* UNPARK or PICKUP at the first address of a line. */
static const char *grab(enum session_cmd_type type, uint32_t line, const char *number, const char *group)
{
    struct session_party *party;
    struct session_mem mem = f->mem;
    struct session_dial d;
    struct session_cmd cmd = {
        .type = type, .session = ++f->session, .token = ++f->token, .line = line, .dial = &d, .group = group};
    long allowed = f->allowed;

    ck_assert_int_eq(session_dial_parse(number, strlen(number), &d), SESSION_E_OK);
    f->allowed = -1;
    cmd.caller = party = session_party_alloc(&mem, extv[line].number, extv[line].name);
    f->allowed = allowed;
    give(f, &cmd);
    session_party_deref(party);
    return take(f);
}

static const char *unpark(uint32_t line, const char *number)
{
    return grab(SESSION_CMD_UNPARK, line, number, NULL);
}

static const char *pickup(uint32_t line, const char *number, const char *group)
{
    return grab(SESSION_CMD_PICKUP, line, number, group);
}

/* a and b are connected, of lines 0 and 1. */
static void connect(void)
{
    place(f, 0, 0, "101");
    command(f, ANSWER, 'b');
}

START_TEST(parked_and_taken)
{
    connect();
    says(park('a', "999"), "a done BADADDRESS");
    says(park('a', "600"), "a done BADADDRESS");
    says(unpark(2, "70"), "- done BADADDRESS");
    says(park('a', "70"), "a done=70, b CONNECTED(HELD)=70");
    says(park('b', "71"), "b done FAILED"); /* nobody is there to be parked */
    says(command(f, DROP, 'a'), "a done");  /* the old leg is nobody's */
    says(on_legs(SESSION_CMD_DEFLECT, 'b', 0, "102"), "b done FAILED");
    says(unpark(2, "70"), "c done=101 101>70 by 100 for 20, b party connected 102, b CONNECTED=102");
    says(unpark(3, "70"), "- done BADADDRESS");
    says(command(f, DROP, 'b'), "b done, c DISCONNECTED(NORMAL)");
}
END_TEST

START_TEST(where_there_is_room)
{
    connect();
    place(f, 2, 0, "103");
    command(f, ANSWER, 'd');
    place(f, 4, 0, "600");
    says(park('a', ""), "a done=70, b CONNECTED(HELD)=70");
    says(park('c', "70"), "c done FAILED"); /* it is taken */
    says(park('c', ""), "c done=71, d CONNECTED(HELD)=71");
    says(park('e', ""), "e done RESOURCE");
    says(command(f, DROP, 'b'), "b done"); /* who waits hangs up */
    says(unpark(0, "70"), "- done BADADDRESS");
    says(park('e', ""), "e done=70");
    says(unpark(0, "70"), "f done=600 600>70 by 104 for 20"); /* a special number can wait as well */
    says(command(f, DROP, 'f'), "f done");
    says(command(f, DROP, 'd'), "d done");
}
END_TEST

START_TEST(not_everything_can_be_parked)
{
    place(f, 0, 0, "101");
    says(park('a', "70"), "a done BADSTATE");
    says(park('b', "70"), "b done BADSTATE");
    command(f, ANSWER, 'b');
    command(f, HOLD, 'a');
    says(park('a', "70"), "a done BADSTATE");
    says(park('b', "70"), "b done=70, a party connected 70"); /* who holds hears nothing */
    says(command(f, UNHOLD, 'a'), "a done held");
    says(unpark(2, "70"), "c done=100 100>70 by 101 for 20, a party connected 102, a CONNECTED=102");
    says(command(f, DROP, 'a'), "a done, c DISCONNECTED(NORMAL)");
}
END_TEST

/* Who waits is transferred by its own side: the place stays. */
START_TEST(parked_one_is_transferred)
{
    connect();
    park('a', "70");
    says(on_legs(SESSION_CMD_CONSULT, 'b', 0, "102"),
         "b done leg c held=70, c DIALING, c PROCEEDING, d in 2.0 ->102, c RINGBACK, d ring");
    command(f, ANSWER, 'd');
    says(on_legs(SESSION_CMD_TRANSFER, 'b', 'c', ""), "b done, d party connected 70, d CONNECTED(HELD)=70");
    says(unpark(0, "70"), "e done=102 102>70 by 100 for 20, d party connected 100, d CONNECTED=100");
    says(command(f, DROP, 'e'), "e done, d DISCONNECTED(NORMAL)");
}
END_TEST

START_TEST(parked_by_dialling_the_place)
{
    connect();
    says(place(f, 2, 0, "70"), "c done, c DIALING, c PROCEEDING, c DISCONNECTED(BADADDRESS)");
    park('a', "70");
    says(on_legs(SESSION_CMD_CONSULT, 'b', 0, "71"),
         "b done leg d held=70, d DIALING, d PROCEEDING, d DISCONNECTED(BADADDRESS)");
    says(command(f, UNHOLD, 'b'), "b done held=70");
    says(place(f, 2, 0, "7;"), "e done, e DIALING");
    says(dial(f, 'e', "0"),
         "e done, e PROCEEDING, b party connected 102, b CONNECTED=102, e CONNECTED=101, e party call 1 was 3");
    says(on_legs(SESSION_CMD_DEFLECT, 'b', 0, "70"), "b done BADADDRESS"); /* parking has its own command */
    says(command(f, DROP, 'e'), "e done, b DISCONNECTED(NORMAL)");
}
END_TEST

START_TEST(parked_at_a_line)
{
    connect();
    says(park('a', "102"), "a done, b CONNECTED(HELD)=102, c in 2.0 101>102 ONHOLD=- by 100 for 2000");
    says(command(f, HOLD, 'c'), "c done BADSTATE");
    says(later(f, REMINDER_MS), ""); /* it shows: nobody needs a reminder */
    says(command(f, UNHOLD, 'c'), "c done=101, b party connected 102, b CONNECTED=102");
    says(unpark(3, "102"), "- done BADADDRESS");
    says(park('c', "103"), "c done, b CONNECTED(HELD)=103, d in 3.0 101>103 ONHOLD=- by 102 for 2000");
    says(command(f, DROP, 'd'), "d done"); /* it stays, and is not shown */
    says(unpark(4, "103"), "e done=101 101>103 by 102 for 20, b party connected 104, b CONNECTED=104");
    says(park('e', "103"), "e done, b CONNECTED(HELD)=103, f in 3.0 101>103 ONHOLD=- by 104 for 2000");
    says(unpark(4, "103"),
         "g done=101 101>103 by 104 for 20, f DISCONNECTED(PICKUP), b party connected 104, b CONNECTED=104");
    attend(f, 3, false);
    says(park('g', "103"), "g done, b CONNECTED(HELD)=103");
    says(attend(f, 3, true), "");
    says(unpark(4, "103"), "h done=101 101>103 by 104 for 20, b party connected 104, b CONNECTED=104");
    says(park('h', "103"), "h done, b CONNECTED(HELD)=103, i in 3.0 101>103 ONHOLD=- by 104 for 2000");
    says(command(f, DROP, 'b'), "b done, i DISCONNECTED(NORMAL)");
}
END_TEST

START_TEST(shown_and_refused)
{
    connect();
    says(park('a', "102"), "a done, b CONNECTED(HELD)=102, c in 2.0 101>102 ONHOLD=- by 100 for 2000");
    says(reject(f, 'c', SESSION_DISC_BUSY), ""); /* as a core that has no room for it does */
    says(unpark(4, "102"), "d done=101 101>102 by 100 for 20, b party connected 104, b CONNECTED=104");
    says(command(f, DROP, 'd'), "d done, b DISCONNECTED(NORMAL)");
}
END_TEST

START_TEST(reminder)
{
    connect();
    park('a', "70");
    says(later(f, REMINDER_MS - 1), "");
    says(later(f, 1), "c in 0.0 101>100 by 70 for 200, c ring");
    says(later(f, LOOPBACK_RING_MS), "c ring");
    says(command(f, DROP, 'c'), "c done"); /* not now */
    says(later(f, REMINDER_MS - 1), "");
    says(later(f, 1), "d in 0.0 101>100 by 70 for 200, d ring");
    says(command(f, ANSWER, 'd'), "d done=101, b party connected 100, b CONNECTED=100");
    says(unpark(2, "70"), "- done BADADDRESS");
    says(later(f, TIMEOUT_MS), "");
    says(command(f, DROP, 'd'), "d done, b DISCONNECTED(NORMAL)");
}
END_TEST

START_TEST(reminder_that_others_see_to)
{
    static const char *const endv[] = {
        "d done=101 101>70 by 100 for 20, c DISCONNECTED(PICKUP), b party connected 102, b CONNECTED=102",
        "d done=101 101>100 by 100 for 10, b party by 100 to 102, c DISCONNECTED(PICKUP), b party connected 102, "
        "b CONNECTED=102",
    };

    for (int i = 0; i < 2; i++) {
        fixture_forget(f);
        connect();
        park('a', "70");
        later(f, REMINDER_MS);
        says(i ? pickup(2, "", "") : unpark(2, "70"), endv[i]);
        says(unpark(2, "70"), "- done BADADDRESS");
        says(command(f, DROP, 'b'), "b done, d DISCONNECTED(NORMAL)");
    }
    fixture_forget(f);
    connect();
    park('a', "70");
    later(f, REMINDER_MS);
    says(command(f, DROP, 'b'), "b done, c DISCONNECTED(CANCELLED)");
    says(unpark(2, "70"), "- done BADADDRESS");
}
END_TEST

START_TEST(reminder_of_nobody)
{
    connect();
    park('a', "70");
    attend(f, 0, false);
    says(later(f, REMINDER_MS), "");
    attend(f, 0, true);
    says(later(f, REMINDER_MS - 1), "");
    says(later(f, 1), "c in 0.0 101>100 by 70 for 200, c ring");
    says(reject(f, 'c', SESSION_DISC_BUSY), "");
    says(unpark(2, "70"), "d done=101 101>70 by 100 for 20, b party connected 102, b CONNECTED=102");
    says(command(f, DROP, 'd'), "d done, b DISCONNECTED(NORMAL)");
}
END_TEST

START_TEST(reminder_sent_on)
{
    connect();
    park('a', "70");
    later(f, REMINDER_MS);
    says(on_legs(SESSION_CMD_DEFLECT, 'c', 0, "102"), "c done, d in 2.0 101>100 by 100 for 40, "
                                                      "b party connected 102 by 100 to 102, d ring");
    says(unpark(2, "70"), "- done BADADDRESS");
    says(command(f, ANSWER, 'd'), "d done=101, b CONNECTED=102");
    says(command(f, DROP, 'b'), "b done, d DISCONNECTED(NORMAL)");
}
END_TEST

START_TEST(time_is_over)
{
    connect();
    park('a', "70");
    later(f, REMINDER_MS);
    command(f, DROP, 'c');
    later(f, REMINDER_MS);
    says(later(f, TIMEOUT_MS - 2 * REMINDER_MS - 1), "d ring");
    says(later(f, 1), "b DISCONNECTED(NOANSWER), d DISCONNECTED(CANCELLED)");
    says(unpark(2, "70"), "- done BADADDRESS");
    fixture_forget(f);
    place(f, 0, 0, "600");
    park('a', "70");
    says(later(f, TIMEOUT_MS), ""); /* nobody hears of it */
    says(unpark(2, "70"), "- done BADADDRESS");
    fixture_forget(f);
    place(f, 0, 0, "603");
    park('a', "70");
    says(later(f, 2000), ""); /* a special number that hangs up does so wherever it is */
    says(unpark(2, "70"), "- done BADADDRESS");
    fixture_forget(f);
    connect();
    park('a', "102");
    says(later(f, TIMEOUT_MS), "b DISCONNECTED(NOANSWER), c DISCONNECTED(NORMAL)");
}
END_TEST

START_TEST(without_reminder_or_end)
{
    teardown();
    open_conf(0, 0);
    connect();
    park('a', "70");
    ck_assert_uint_eq(f->b->ops->deadline(f->b), UINT64_MAX);
    says(unpark(2, "70"), "c done=101 101>70 by 100 for 20, b party connected 102, b CONNECTED=102");
    says(command(f, DROP, 'b'), "b done, c DISCONNECTED(NORMAL)");
}
END_TEST

START_TEST(picked_up_by_number)
{
    place(f, 0, 0, "101");
    says(pickup(2, "103", ""), "- done BADADDRESS");
    says(pickup(2, "600", ""), "- done BADADDRESS");
    says(pickup(2, "70", ""), "- done BADADDRESS");
    says(pickup(0, "101", ""), "- done BADADDRESS"); /* who calls does not pick up */
    says(pickup(2, "101", "b"), "- done BADADDRESS");
    says(pickup(2, "101", "a"), "c done=100 100>101 by 101 for 10, a party by 101 to 102, b DISCONNECTED(PICKUP), "
                                "a CONNECTED=102");
    says(pickup(3, "101", ""), "- done BADADDRESS");
    says(command(f, HOLD, 'c'), "c done=100, a CONNECTED(HELD)=102");
    says(command(f, DROP, 'a'), "a done, c DISCONNECTED(NORMAL)");
}
END_TEST

START_TEST(picked_up_from_a_group)
{
    says(pickup(2, "", ""), "- done FAILED");
    says(pickup(2, "", "c"), "- done BADGROUP");
    place(f, 0, 0, "103"); /* a calls b, in the other group */
    says(pickup(2, "", ""), "- done FAILED");
    place(f, 3, 0, "101"); /* c calls d */
    place(f, 4, 0, "100"); /* e calls f */
    says(pickup(2, "", ""), "g done=103 103>101 by 101 for 10, c party by 101 to 102, d DISCONNECTED(PICKUP), "
                            "c CONNECTED=102"); /* the oldest */
    says(pickup(2, "", "b"), "h done=100 100>103 by 103 for 10, a party by 103 to 102, b DISCONNECTED(PICKUP), "
                             "a CONNECTED=102");
    says(command(f, ANSWER, 'f'), "f done=1010, e CONNECTED=100");
    says(pickup(2, "", "a"), "- done FAILED");
    says(command(f, DROP, 'c'), "c done, g DISCONNECTED(NORMAL)");
    says(command(f, DROP, 'h'), "h done, a DISCONNECTED(NORMAL)");
    says(command(f, DROP, 'e'), "e done, f DISCONNECTED(NORMAL)");
}
END_TEST

START_TEST(call_waiting)
{
    attend(f, 2, false);
    place(f, 2, 0, "600");
    place(f, 0, 0, "101"); /* b calls c */
    says(place(f, 3, 0, "102"), "d done, d DIALING, d PROCEEDING, d RINGBACK");
    says(pickup(2, "", ""), "e done=103 103>102 by - for 10 waiting, d CONNECTED=102"); /* before an older one */
    says(command(f, DROP, 'd'), "d done, e DISCONNECTED(NORMAL)");
    says(pickup(2, "", ""),
         "f done=100 100>101 by 101 for 10, b party by 101 to 102, c DISCONNECTED(PICKUP), b CONNECTED=102");
    says(command(f, DROP, 'b'), "b done, f DISCONNECTED(NORMAL)");
    says(command(f, DROP, 'a'), "a done");
}
END_TEST

/* What the caller sent along goes to who picks up, if nobody had it yet. */
START_TEST(picked_up_with_what_it_brings)
{
    attend(f, 1, false);
    attach(f, "hello", "data");
    place(f, 0, 0, "101");
    says(pickup(2, "101", ""), "b done=100 100>101 by 101 for 10, a party by 101 to 102, b informed uui=hello, "
                               "b informed data=data, a CONNECTED=102");
    says(command(f, DROP, 'b'), "b done, a DISCONNECTED(NORMAL)");
}
END_TEST

/* A call on an address of several lines is parked and taken as a whole; who parks it must have it alone. */
START_TEST(shared_address)
{
    teardown();
    open_shared(SESSION_SHARING_BRIDGEDSHARED);
    f->outgoing = true;
    place(f, 0, 0, "101");
    says(command(f, ANSWER, 'b'), "b done=100, a CONNECTED=101, c in 2.0 100>101 CONNECTED(INACTIVE)=101");
    says(park('c', "70"), "c done BADSTATE");
    command(f, ANSWER, 'c'); /* both take part */
    says(park('a', "70"), "a done BADSTATE");
    command(f, HOLD, 'c');
    says(park('a', "70"), "a done=70, c DISCONNECTED(NORMAL), b CONNECTED(HELD)=70");
    says(unpark(3, "70"), "d done=101 101>70 by 100 for 20, b party connected 103, b CONNECTED=103");
    says(park('d', "70"), "d done=70, b CONNECTED(HELD)=70");
    f->outgoing = false;
    says(unpark(2, "70"), "e done=101 101>70 by 103 for 20, b party connected 102, b CONNECTED=102, "
                          "f in 0.0 101>70 CONNECTED(INACTIVE)=101 by 103 for 20");
    says(command(f, DROP, 'b'), "b done, e DISCONNECTED(NORMAL), f DISCONNECTED(NORMAL)");
}
END_TEST

START_TEST(shared_address_picked_up)
{
    teardown();
    open_shared(SESSION_SHARING_BRIDGEDEXCL);
    place(f, 1, 0, "100"); /* rings at both */
    says(pickup(3, "100", ""), "d done=101 101>100 by 100 for 10, a party by 100 to 103, b DISCONNECTED(PICKUP), "
                               "c DISCONNECTED(PICKUP), a CONNECTED=103");
    says(command(f, DROP, 'd'), "d done, a DISCONNECTED(NORMAL)");
    fixture_forget(f);
    place(f, 1, 0, "103");
    says(pickup(2, "", ""), "c done=101 101>103 by 103 for 10, a party by 103 to 100, b DISCONNECTED(PICKUP), "
                            "a CONNECTED=102, d in 0.0 101>103 CONNECTED(INACTIVE)=101 by 103 for 10");
    says(command(f, DROP, 'c'), "c done, a DISCONNECTED(NORMAL), d DISCONNECTED(NORMAL)");
}
END_TEST

/* Lines go while calls are parked at them, or by them. */
START_TEST(line_that_goes)
{
    connect();
    attend(f, 2, false);
    park('a', "102"); /* unseen */
    says(remove_line(2), "b DISCONNECTED(UNREACHABLE)");
    says(unpark(3, "102"), "- done BADADDRESS");
    fixture_forget(f);
    connect();
    park('a', "103"); /* shown */
    says(remove_line(3), "b party connected 103");
    says(command(f, DROP, 'c'), "c done, b DISCONNECTED(NORMAL)"); /* the core ends its calls */
    fixture_forget(f);
    connect();
    park('a', "70");
    says(remove_line(0), "");
    says(later(f, REMINDER_MS), ""); /* nobody is there to remember */
    says(unpark(4, "70"), "c done=101 101>70 by 100 for 20, b party connected 104, b CONNECTED=104");
    says(park('c', "71"), "c done=71, b CONNECTED(HELD)=71");
    says(later(f, REMINDER_MS), "d in 4.0 101>104 by 71 for 200, d ring");
    says(remove_line(4), "");
    says(command(f, DROP, 'd'), "d done");
    says(later(f, TIMEOUT_MS), "b DISCONNECTED(NOANSWER)");
}
END_TEST

/* Where it is parked goes while the core, which has no room for what is shown there, is about to say so. */
START_TEST(shown_and_refused_when_the_line_has_gone)
{
    connect();
    park('a', "103");
    f->b->ops->taken(f->b, f->legv[2], 0);
    f->sessionv[2] = 0;
    says(remove_line(3), "b party connected 103");
    says(reject(f, 'c', SESSION_DISC_BUSY), "b DISCONNECTED(UNREACHABLE)");
    fixture_forget(f);
    connect();
    park('a', "102");
    remove_line(2);
    says(reject(f, 'c', SESSION_DISC_BUSY), ""); /* taken: it is up */
    says(command(f, DROP, 'c'), "c done, b DISCONNECTED(NORMAL)");
}
END_TEST

/* A caller who blocks its number stays unknown, and what was known before is no longer so. */
START_TEST(blocked)
{
    place_as(f, 0, 0, "101", "100", true);
    says(pickup(2, "101", ""), "c done ->101 by 101 for 10, a party by 101 to 102, b DISCONNECTED(PICKUP), "
                               "a CONNECTED=102");
    says(park('a', "70"), "a done=70, c CONNECTED(HELD)=70");
    says(command(f, DROP, 'c'), "c done");
    fixture_forget(f);
    place_as(f, 0, 0, "101", "100", true);
    command(f, ANSWER, 'b');
    says(park('b', "70"), "b done=70, a CONNECTED(HELD)=70");
    says(place(f, 2, 0, "70"), "c done, c DIALING, c PROCEEDING, a party connected 102, a CONNECTED=102, c "
                               "CONNECTED=-, c party connected  call 3 was 4");
    says(command(f, DROP, 'c'), "c done, a DISCONNECTED(NORMAL)");
}
END_TEST

START_TEST(no_memory)
{
    connect();
    park('a', "70");
    place(f, 3, 0, "104");
    for (long left = 0; left < 20; left++) {
        const char *text;

        f->allowed = left;
        text = unpark(2, "70");
        f->allowed = -1;
        if (strcmp(text, "- done NOMEM") != 0) {
            says(text, "e done=101 101>70 by 100 for 20, b party connected 102, b CONNECTED=102");
            break;
        }
        says(pickup(2, "101", ""), "- done BADADDRESS");
    }
    f->allowed = 0;
    says(park('e', "71"), "e done=71, b CONNECTED(HELD)=71"); /* needs none */
    f->allowed = -1;
    says(command(f, DROP, 'b'), "b done");
    says(command(f, DROP, 'c'), "c done, d DISCONNECTED(CANCELLED)");
}
END_TEST

START_TEST(bad_configuration)
{
    static const struct loopback_place twice[] = {{"70", NULL}, {"70", NULL}}, taken[] = {{"100", NULL}},
                                       none[] = {{"x", NULL}};
    static char longest[SESSION_GROUP_MAX + 2];
    static const char *const groups[] = {longest};
    struct loopback_conf conf = {.mem = f->mem, .extc = 1, .extv = extv, .placec = 2, .placev = twice};
    struct binding *b = NULL;

    ck_assert_int_eq(loopback_alloc(&b, &conf), SESSION_E_BADPARAM);
    conf.placec = 1;
    conf.placev = taken;
    ck_assert_int_eq(loopback_alloc(&b, &conf), SESSION_E_BADPARAM);
    conf.placev = none;
    ck_assert_int_eq(loopback_alloc(&b, &conf), SESSION_E_BADPARAM);
    conf.placev = NULL;
    ck_assert_int_eq(loopback_alloc(&b, &conf), SESSION_E_BADPARAM);
    memset(longest, 'g', sizeof(longest) - 1);
    longest[sizeof(longest) - 1] = '\0';
    conf.placec = 0;
    conf.groupv = groups;
    ck_assert_int_eq(loopback_alloc(&b, &conf), SESSION_E_BADPARAM);
    ck_assert_ptr_null(b);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("loopback park");
    TCase *tc = tcase_create("park");
    SRunner *sr;
    int failed;

    tcase_set_timeout(tc, 0);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, parked_and_taken);
    tcase_add_test(tc, where_there_is_room);
    tcase_add_test(tc, not_everything_can_be_parked);
    tcase_add_test(tc, parked_one_is_transferred);
    tcase_add_test(tc, parked_by_dialling_the_place);
    tcase_add_test(tc, parked_at_a_line);
    tcase_add_test(tc, shown_and_refused);
    tcase_add_test(tc, reminder);
    tcase_add_test(tc, reminder_that_others_see_to);
    tcase_add_test(tc, reminder_of_nobody);
    tcase_add_test(tc, reminder_sent_on);
    tcase_add_test(tc, time_is_over);
    tcase_add_test(tc, without_reminder_or_end);
    tcase_add_test(tc, picked_up_by_number);
    tcase_add_test(tc, picked_up_from_a_group);
    tcase_add_test(tc, call_waiting);
    tcase_add_test(tc, picked_up_with_what_it_brings);
    tcase_add_test(tc, shared_address);
    tcase_add_test(tc, shared_address_picked_up);
    tcase_add_test(tc, line_that_goes);
    tcase_add_test(tc, shown_and_refused_when_the_line_has_gone);
    tcase_add_test(tc, blocked);
    tcase_add_test(tc, no_memory);
    tcase_add_test(tc, bad_configuration);
    suite_add_tcase(s, tc);
    sr = srunner_create(s);
    srunner_run_all(sr, CK_ENV);
    failed = srunner_ntests_failed(sr);
    srunner_free(sr);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
