/* The configuration: what it gives, what it says of mistakes. SPDX-License-Identifier: MIT */
#include "tests/unit/tspi/host.h"

#include <stdio.h>

static struct config *conf;

static enum session_err read_ini(const char *ini, const struct session_mem *mem)
{
    static const struct session_mem none;

    host_ini = ini;
    conf = NULL;
    return config_read(&conf, host_source, mem ? mem : &none);
}

static void good(const char *ini)
{
    ck_assert_int_eq(read_ini(ini, NULL), SESSION_E_OK);
    ck_assert_msg(conf->messagec == 0, "%s", conf->messagec ? conf->messagev[0] : "");
}

/* One mistake: its message, and so many lines left. */
static void bad(const char *ini, const char *message, uint32_t linec)
{
    ck_assert_int_eq(read_ini(ini, NULL), SESSION_E_OK);
    ck_assert_uint_eq(conf->messagec, 1);
    ck_assert_str_eq(conf->messagev[0], message);
    ck_assert_uint_eq(conf->linec, linec);
    config_free(conf);
}

START_TEST(nothing_configured)
{
    good("");
    ck_assert_uint_eq(conf->linec, 4);
    for (uint32_t i = 0; i < 4; i++) {
        char number[8], name[20];

        (void)snprintf(number, sizeof number, "%u", 100 + (unsigned)i);
        (void)snprintf(name, sizeof name, "Extension %u", 100 + (unsigned)i);
        ck_assert_uint_eq(conf->linev[i].addressc, 1);
        ck_assert_str_eq(conf->linev[i].numberv[0], number);
        ck_assert_str_eq(conf->linev[i].name, name);
        ck_assert_uint_eq(conf->linev[i].max_sessions, 2);
    }
    ck_assert_uint_eq(conf->specialc, 4);
    ck_assert_str_eq(conf->specialv[3].number, "603");
    ck_assert_uint_eq(conf->specialv[3].hangup_ms, 2000);
    ck_assert_uint_eq(conf->no_answer_ms, 60000);
    ck_assert_uint_eq(conf->placec, 10);
    ck_assert_str_eq(conf->placev[0].number, "700");
    ck_assert_str_eq(conf->placev[9].name, "Park 709");
    ck_assert_uint_eq(conf->park_reminder_ms, 60000);
    ck_assert_uint_eq(conf->park_timeout_ms, 600000);
    ck_assert_str_eq(conf->linev[3].pickup_group, "1");
    config_free(conf);
}
END_TEST

/* Places where calls are parked, and pickup groups. */
START_TEST(park_configured)
{
    good("[lines]\ncount=3\nfirst=699\n[number 702]\nbehaviour=busy\n");
    ck_assert_uint_eq(conf->placec, 7); /* numbers that others have are none, which is nobody's mistake */
    ck_assert_str_eq(conf->placev[0].number, "703");
    config_free(conf);
    good("[provider]\npark_first=4000000000\npark_count=2\npark_reminder_ms=5\npark_timeout_ms=0\n"
         "[lines]\ncount=1\npickup_group=all of us\n[line 1]\nnumber=5\npickup_group=two\n");
    ck_assert_uint_eq(conf->placec, 2);
    ck_assert_str_eq(conf->placev[1].number, "4000000001");
    ck_assert_uint_eq(conf->place_max, 10);
    ck_assert_uint_eq(conf->park_reminder_ms, 5);
    ck_assert_uint_eq(conf->park_timeout_ms, 0);
    ck_assert_str_eq(conf->linev[0].pickup_group, "two");
    ck_assert_str_eq(conf->linev[1].pickup_group, "all of us");
    config_free(conf);
    good("[provider]\npark_count=0\n");
    ck_assert_uint_eq(conf->placec, 0);
    config_free(conf);
    bad("[provider]\npark_first=100\npark_count=1\n", "[provider] park_first: 100 is taken already", 4);
    bad("[provider]\npark_count=1001\n", "test.ini:2: [provider] park_count: \"1001\" is not a number from 0 to 1000", 4);
    bad("[line 0]\nnumber=100\npickup_group=\n[line 1]\nnumber=101\n",
        "test.ini:3: [line 0] pickup_group: \"\" is not a text of 1 to 255 bytes", 1);
}
END_TEST

START_TEST(everything_configured)
{
    good("[provider]\nmax_sessions=500\nno_answer_ms=0\nring_ms=3000\nreentrant=0\n"
         "[line "
         "7]\nnumber=700\nname=Seven\nmax_sessions=9\naddress_max_sessions=3\nmedia=automatedvoice\nid=4294967295\n"
         "[LINE 2]\nAddresses= 20 , 21,22\n"
         "[lines]\ncount=2\nfirst=50\nname=Desk\nmax_sessions=0\nmedia=InteractiveVoice\n"
         "[number *1]\nbehaviour=answer_hangup\nanswer_ms=10\nafter_ms=20\nname=Test\n"
         "[number 9]\nbehaviour=busy\n[number 8]\nbehaviour=noanswer\n[number 7]\n"
         "behaviour=answer\n[somebody else]\nanything=goes\n[]\nx=y\n");
    ck_assert_uint_eq(conf->max_sessions, 500);
    ck_assert_uint_eq(conf->no_answer_ms, 0);
    ck_assert_uint_eq(conf->ring_ms, 3000);
    ck_assert(!conf->reentrant);
    ck_assert_uint_eq(conf->linec, 4);
    ck_assert_uint_eq(conf->linev[0].n, 2);
    ck_assert_uint_eq(conf->linev[0].addressc, 3);
    ck_assert_str_eq(conf->linev[0].numberv[2], "22");
    ck_assert_str_eq(conf->linev[0].name, "20");
    ck_assert_str_eq(conf->linev[1].name, "Seven");
    ck_assert_uint_eq(conf->linev[1].max_sessions, 9);
    ck_assert_uint_eq(conf->linev[1].address_max_sessions, 3);
    ck_assert_uint_eq(conf->linev[1].media_modes, SESSION_MEDIA_AUTOMATEDVOICE);
    ck_assert_uint_eq(conf->linev[1].permanent_id, 4294967295u);
    ck_assert_str_eq(conf->linev[3].name, "Desk 51");
    ck_assert_str_eq(conf->linev[3].numberv[0], "51");
    ck_assert_uint_eq(conf->linev[3].max_sessions, 0);
    ck_assert_uint_eq(conf->linev[3].media_modes, SESSION_MEDIA_INTERACTIVEVOICE);
    ck_assert_uint_eq(conf->specialc, 4);
    for (uint32_t i = 0; i < conf->specialc; i++) {
        const struct loopback_special *s = &conf->specialv[i];

        if (s->number[0] == '*') {
            ck_assert_int_eq(s->kind, LOOPBACK_ANSWER);
            ck_assert_uint_eq(s->answer_ms, 10);
            ck_assert_uint_eq(s->hangup_ms, 20);
            ck_assert_str_eq(s->name, "Test");
        } else {
            ck_assert_int_eq(s->kind, s->number[0] == '9'   ? LOOPBACK_BUSY
                                      : s->number[0] == '8' ? LOOPBACK_RING
                                                            : LOOPBACK_ANSWER);
            ck_assert_uint_eq(s->hangup_ms, 0);
        }
    }
    config_free(conf);
}
END_TEST

START_TEST(shared_numbers)
{
    good("[line 0]\naddresses=100,300\nsharing=private, Monitored\n[line 1]\nnumber=300\nsharing=shared\n"
         "[line 2]\naddresses=102,300,301\nsharing=private,shared,exclusive\n[line 3]\naddresses=301,103\n"
         "sharing=exclusive,private\n[line 4]\naddresses=104,100\nsharing=private,monitored\n");
    ck_assert_uint_eq(conf->linec, 5);
    ck_assert_uint_eq(conf->linev[0].sharingv[0], SESSION_SHARING_PRIVATE);
    ck_assert_uint_eq(conf->linev[0].sharingv[1], SESSION_SHARING_MONITORED);
    ck_assert_uint_eq(conf->linev[2].sharingv[2], SESSION_SHARING_BRIDGEDEXCL);
    /* the last word is for all that follow */
    config_free(conf);
    good("[line 1]\naddresses=1,2,3\nsharing=new\n[line 0]\naddresses=3,2,1\nsharing=new,new\n");
    for (int i = 0; i < 3; i++)
        ck_assert_uint_eq(conf->linev[0].sharingv[i] & conf->linev[1].sharingv[i], SESSION_SHARING_BRIDGEDNEW);
    ck_assert_uint_ne(conf->linev[0].permanent_id, conf->linev[1].permanent_id);
    config_free(conf);
    bad("[line 0]\nnumber=1\nsharing=shared\n[line 1]\nnumber=1\n", "test.ini:5: [line 1] number: 1 is taken already", 1);
    bad("[line 0]\nnumber=1\n[line 1]\nnumber=1\nsharing=shared\n", "test.ini:4: [line 1] number: 1 is taken already", 1);
    bad("[line 0]\nnumber=1\nsharing=shared\n[line 1]\nnumber=1\nsharing=new\n",
        "test.ini:5: [line 1] number: 1 is shared in another way already", 1);
    bad("[line 0]\nnumber=1\n[line 1]\naddresses=2,600\nsharing=private,monitored\n",
        "[line 1] sharing: 600 is to be monitored, but no line has it", 1);
    bad("[line 0]\nnumber=1\nsharing=both\n",
        "test.ini:3: [line 0] sharing: \"both\" is not a list, with commas, of private, exclusive, new, shared, monitored",
        0);
    bad("[line 0]\naddresses=1,1\nsharing=shared\n", "test.ini:2: [line 0] number: 1 is taken already", 0);
}
END_TEST

START_TEST(too_many_share)
{
    char ini[2000] = "";

    for (int i = 0; i <= SESSION_APPEARANCES_MAX; i++)
        (void)snprintf(ini + strlen(ini), sizeof ini - strlen(ini), "[line %d]\nnumber=1\nsharing=shared\n", i);
    bad(ini, "test.ini:50: [line 16] number: 1 is on as many lines as it may be already", SESSION_APPEARANCES_MAX);
}
END_TEST

START_TEST(mistakes)
{
    bad("[line 0]\nnumber=100\nmax_sessions=many\n[line 1]\nnumber=101\n",
        "test.ini:3: [line 0] max_sessions: \"many\" is not a number from 0 to 4194304", 1);
    bad("[line 0]\nnumber=100\nmax_sessions=-1\n[line 1]\nnumber=101\n",
        "test.ini:3: [line 0] max_sessions: \"-1\" is not a number from 0 to 4194304", 1);
    bad("[line 0]\nnumber=10 0\n[line 1]\nnumber=101\n",
        "test.ini:2: [line 0] number: \"10 0\" is not 1 to 255 of 0-9 A-D * # +", 1);
    bad("[line 0]\naddresses=100,,101\n[line 1]\nnumber=101\n",
        "test.ini:2: [line 0] addresses: \"100,,101\" is not a list, with commas, of 1 to 255 of 0-9 A-D * # + each",
        1);
    bad("[line 0]\nname=Nobody\n[line 1]\nnumber=101\n", "test.ini:2: [line 0] number: it is missing", 1);
    bad("[line 0]\nnumber=100\n[line 1]\nnumber=100\n", "test.ini:4: [line 1] number: 100 is taken already", 1);
    bad("[line 0]\naddresses=100,100\n[line 1]\nnumber=102\n", "test.ini:2: [line 0] number: 100 is taken already", 1);
    bad("[line 0]\nnumber=100\nmedia=g3fax\n[line 1]\nnumber=101\n",
        "test.ini:3: [line 0] media: \"g3fax\" is not a list, with commas, of interactivevoice, automatedvoice", 1);
    bad("[line 0]\nnumber=100\ncolour=red\n", "test.ini:3: [line 0] colour: there is no such key", 1);
    bad("[line zero]\nnumber=100\n", "test.ini:2: [line zero]: \"zero\" is not a number", 4);
    bad("[number 6a]\nbehaviour=busy\n", "test.ini:2: [number 6a]: \"6a\" is not 1 to 255 of 0-9 A-D * # +", 4);
    bad("[number 6]\nbehaviour=sing\n",
        "test.ini:2: [number 6] behaviour: \"sing\" is none of answer, busy, noanswer, answer_hangup", 4);
    bad("[number 102]\nbehaviour=busy\n", "test.ini:2: [number 102]: 102 is taken already", 4);
    bad("[provider]\nno_answer_ms=1.5\n",
        "test.ini:2: [provider] no_answer_ms: \"1.5\" is not a number from 0 to 86400000", 4);
    bad("[lines]\ncount=100001\n", "test.ini:2: [lines] count: \"100001\" is not a number from 0 to 100000", 4);
    bad("[line 0]\nnumber=51\n[lines]\ncount=3\nfirst=50\n", "[lines] first: 51 is taken already", 3);
    bad("nonsense\n", "test.ini:1: this is no key=value", 4);
    bad("[line 0]\nnumber=1\nid=5\n[line 1]\nnumber=2\nid=5\n", "[line 1] id: 5 is taken already", 2);
}
END_TEST

START_TEST(many_mistakes)
{
    char ini[20000] = "[provider]\n";

    for (int i = 0; i < 250; i++)
        strcat(ini, "no_answer_ms=?\n");
    ck_assert_int_eq(read_ini(ini, NULL), SESSION_E_OK);
    ck_assert_uint_eq(conf->messagec, 250);
    ck_assert_ptr_nonnull(conf->messagev[CONFIG_MESSAGES_MAX - 1]);
    config_free(conf);
}
END_TEST

START_TEST(very_long_values)
{
    char ini[1100] = "[line 0]\nnumber=";

    memset(ini + strlen(ini), '1', 1000);
    ck_assert_int_eq(read_ini(ini, NULL), SESSION_E_OK);
    ck_assert_uint_eq(conf->messagec, 1);
    ck_assert_uint_eq(conf->linec, 0);
    ck_assert_uint_lt(strlen(conf->messagev[0]), 200);
    config_free(conf);
}
END_TEST

START_TEST(missing)
{
    ck_assert_int_eq(read_ini("missing", NULL), SESSION_E_FAILED);
    ck_assert_uint_eq(conf->messagec, 1);
    ck_assert_ptr_nonnull(strstr(conf->messagev[0], ": there is no such configuration"));
    config_free(conf);
}
END_TEST

START_TEST(missing_at_start)
{
    DWORD lines, phones;

    host_set_ini("missing");
    ck_assert_int_eq(TSPI_providerEnumDevices(42, &lines, &phones, NULL, NULL, NULL), ERR(OPERATIONFAILED));
    ck_assert_int_eq(host_init(4), ERR(INIFILECORRUPT));
    host_set_ini("[line 0]\nnumber=?\n[line 1]\nnumber=5\n");
    ck_assert_int_eq(TSPI_providerEnumDevices(42, &lines, &phones, NULL, NULL, NULL), 0);
    ck_assert_uint_eq(lines, 1);
    sessiontsp_set_config(NULL);
}
END_TEST

static uint32_t id_of(const char *ini, const char *number)
{
    uint32_t id = 0;

    good(ini);
    for (uint32_t i = 0; i < conf->linec; i++) {
        if (!strcmp(conf->linev[i].numberv[0], number))
            id = conf->linev[i].permanent_id;
    }
    config_free(conf);
    return id;
}

/* What applications remember a line by does not change when others come, go, or change places. */
START_TEST(permanent_ids)
{
    uint32_t id = id_of("[line 0]\nnumber=100\n", "100");

    ck_assert_uint_eq(id, 0x6733D49C); /* on every machine and in every release */
    ck_assert_uint_eq(id_of("[line 5]\nnumber=100\nname=Other\n[line 0]\nnumber=7\n", "100"), id);
    ck_assert_uint_eq(id_of("", "100"), id);
    ck_assert_uint_eq(id_of("[lines]\ncount=1000\nfirst=1\n", "100"), id);
    ck_assert_uint_ne(id_of("", "101"), id);
}
END_TEST

/* Two numbers with the same hash. */
#define TWIN_A "438152896"
#define TWIN_B "904674996"

START_TEST(permanent_ids_collide)
{
    uint32_t a = id_of("[line 0]\nnumber=" TWIN_A "\n", TWIN_A), b = id_of("[line 0]\nnumber=" TWIN_B "\n", TWIN_B);

    ck_assert_uint_eq(a, b);
    ck_assert_uint_eq(id_of("[line 0]\nnumber=" TWIN_A "\n[line 1]\nnumber=" TWIN_B "\n", TWIN_A), a);
    ck_assert_uint_eq(id_of("[line 0]\nnumber=" TWIN_A "\n[line 1]\nnumber=" TWIN_B "\n", TWIN_B), a + 1);
    ck_assert_uint_eq(id_of("[line 1]\nnumber=" TWIN_A "\n[line 0]\nnumber=" TWIN_B "\n", TWIN_A), a);
    ck_assert_uint_eq(id_of("[line 1]\nnumber=" TWIN_A "\n[line 0]\nnumber=" TWIN_B "\n", TWIN_B), a + 1);
}
END_TEST

START_TEST(many_lines)
{
    LINEDEVCAPS caps = {.dwTotalSize = sizeof caps};

    host_start("[lines]\ncount=10000\nfirst=1000\n");
    ck_assert_int_eq(TSPI_lineGetDevCaps(HOST_DEVICE_BASE + 9999, 0x20002, 0, &caps), 0);
    ck_assert_int_eq(TSPI_lineGetDevCaps(HOST_DEVICE_BASE + 10000, 0x20002, 0, &caps), ERR(NODRIVER));
    host_open(0, 0x20002, false);
    (void)host_make(0, 1, u"10999");
    ck_assert_ptr_nonnull(strstr(host_trace(), "1 RINGBACK 0\n"));
    host_stop();
}
END_TEST

/* ---- memory --------------------------------------------------------------------------------------------------------
 */

static size_t left, live;

static void *scarce_alloc(size_t size, void *arg)
{
    (void)arg;
    if (!left)
        return NULL;
    left--;
    live++;
    return calloc(1, size);
}

static void scarce_free(void *p, void *arg)
{
    (void)arg;
    live -= p != NULL;
    free(p);
}

START_TEST(out_of_memory)
{
    const struct session_mem mem = {scarce_alloc, scarce_free, NULL};
    enum session_err err = SESSION_E_NOMEM;

    live = 0;
    for (size_t n = 0; err; n++) {
        ck_assert_uint_lt(n, 100);
        left = n;
        err = read_ini(
            "[line 0]\nnumber=100\nmax_sessions=?\n[lines]\ncount=100\nfirst=1000\n[number 5]\nbehaviour=busy\n", &mem);
        if (err)
            ck_assert_int_eq(err, SESSION_E_NOMEM);
        else
            config_free(conf);
        ck_assert_uint_eq(live, 0);
    }
}
END_TEST

Suite *suite_config(void)
{
    Suite *s = suite_create("config");
    TCase *c = tcase_create("config");

    tcase_set_timeout(c, 0);
    tcase_add_test(c, nothing_configured);
    tcase_add_test(c, everything_configured);
    tcase_add_test(c, park_configured);
    tcase_add_test(c, shared_numbers);
    tcase_add_test(c, too_many_share);
    tcase_add_test(c, mistakes);
    tcase_add_test(c, many_mistakes);
    tcase_add_test(c, very_long_values);
    tcase_add_test(c, missing);
    tcase_add_test(c, missing_at_start);
    tcase_add_test(c, permanent_ids);
    tcase_add_test(c, permanent_ids_collide);
    tcase_add_test(c, many_lines);
    tcase_add_test(c, out_of_memory);
    suite_add_tcase(s, c);
    return s;
}
