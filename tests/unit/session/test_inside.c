/* What happens inside a session of the core: user-user information, call data, parameters.
 * SPDX-License-Identifier: MIT */
#include "tests/contract/fake_core.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct fake_core f;

static void setup(void)
{
    fake_start(&f, NULL);
}

static void teardown(void)
{
    fake_end(&f);
}

static enum session_err op(struct session_req *req)
{
    struct session_in in = {.type = SESSION_IN_OP, .u.op = *req};
    uint32_t idv[2];

    in.u.op.request = f.next_request++;
    return fake_step(&f, &in, idv);
}

static struct session_bytes bytes(const char *text)
{
    struct session_bytes b = {text, text ? (uint32_t)strlen(text) : 0};

    return b;
}

static enum session_err inform(uint32_t session, const struct session_attach *a)
{
    struct session_in in = {.type = SESSION_IN_IND};

    in.u.ind.type = SESSION_IND_INFORM;
    in.u.ind.session = session;
    in.u.ind.leg = f.next_leg;
    in.u.ind.seq = ++f.seq;
    in.u.ind.attach = a;
    return fake_step(&f, &in, NULL);
}

static void shows(const struct session_bytes *b, const char *text)
{
    ck_assert_uint_eq(b->len, strlen(text));
    if (b->len)
        ck_assert_int_eq(memcmp(b->data, text, b->len), 0);
}

START_TEST(uui_is_sent)
{
    uint32_t id = fake_in_state(&f, SESSION_CONNECTED);
    struct session_req req = {.op = SESSION_OP_SENDUSERUSER, .session = id, .attach.uui = bytes("hi")};
    char big[SESSION_UUI_MAX + 1];

    ck_assert_int_eq(op(&req), SESSION_E_OK);
    shows(&fake_cmd(&f, SESSION_CMD_INFORM)->attach->uui, "hi");
    ck_assert_uint_eq(fake_count(&f, SESSION_ACT_REPLY), 1);
    ck_assert_ptr_null(session_media(f.core, id)); /* the sender keeps nothing */
    memset(big, 'x', sizeof big);
    req.attach.uui = (struct session_bytes){big, sizeof big};
    for (int i = 0; i < 4; i++) {
        static const enum session_op opv[] = {SESSION_OP_SENDUSERUSER, SESSION_OP_DROP, SESSION_OP_ACCEPT,
                                              SESSION_OP_ANSWER};

        req.op = opv[i];
        ck_assert_int_eq(op(&req), i < 2 ? SESSION_E_UUITOOBIG : SESSION_E_BADSTATE);
        ck_assert_uint_eq(f.actc, 0);
    }
    req.op = SESSION_OP_MAKE;
    ck_assert_int_eq(op(&req), SESSION_E_UUITOOBIG);
    req.op = SESSION_OP_DROP;
    req.attach.uui.len = SESSION_UUI_MAX;
    ck_assert_int_eq(op(&req), SESSION_E_OK);
    ck_assert_uint_eq(fake_cmd(&f, SESSION_CMD_DROP)->attach->uui.len, SESSION_UUI_MAX);
    req.op = SESSION_OP_SENDUSERUSER;
    ck_assert_int_eq(op(&req), SESSION_E_BADSTATE);
}
END_TEST

START_TEST(uui_is_queued)
{
    uint32_t id = fake_in_state(&f, SESSION_CONNECTED);
    struct session_attach a = {.uui = bytes("one")};

    ck_assert_int_eq(inform(id, &a), SESSION_E_OK);
    ck_assert_uint_eq(fake_find(&f, SESSION_ACT_INFO, 0)->bits, SESSION_INFO_USERUSERINFO);
    a.uui = bytes("two");
    ck_assert_int_eq(inform(id, &a), SESSION_E_OK);
    ck_assert_uint_eq(f.actc, 0);
    f.seq--; /* a duplicate */
    ck_assert_int_eq(inform(id, &a), SESSION_E_OK);
    shows(&session_media(f.core, id)->uui, "one");
    ck_assert_int_eq(fake_op(&f, SESSION_OP_RELEASEUSERUSER, id), SESSION_E_OK);
    ck_assert_uint_eq(fake_find(&f, SESSION_ACT_INFO, 0)->bits, SESSION_INFO_USERUSERINFO);
    shows(&session_media(f.core, id)->uui, "two");
    ck_assert_int_eq(fake_op(&f, SESSION_OP_RELEASEUSERUSER, id), SESSION_E_OK);
    ck_assert_ptr_null(fake_find(&f, SESSION_ACT_INFO, 0));
    shows(&session_media(f.core, id)->uui, "");
    ck_assert_int_eq(fake_op(&f, SESSION_OP_RELEASEUSERUSER, id), SESSION_E_OK);
    for (int i = 0; i < SESSION_UUI_QUEUE + 3; i++)
        ck_assert_int_eq(inform(id, &a), SESSION_E_OK);
    for (int i = 0; i < SESSION_UUI_QUEUE; i++) {
        shows(&session_media(f.core, id)->uui, "two");
        ck_assert_int_eq(fake_op(&f, SESSION_OP_RELEASEUSERUSER, id), SESSION_E_OK);
    }
    shows(&session_media(f.core, id)->uui, "");
}
END_TEST

START_TEST(call_data)
{
    uint32_t id = fake_in_state(&f, SESSION_CONNECTED);
    struct session_req req = {.op = SESSION_OP_SETCALLDATA, .session = id, .attach.call_data = bytes("abc")};
    struct session_attach a = {.call_data = bytes("other"), .set_data = true};

    ck_assert_int_eq(op(&req), SESSION_E_OK);
    ck_assert_uint_eq(fake_find(&f, SESSION_ACT_INFO, 0)->bits, SESSION_INFO_CALLDATA);
    shows(&session_media(f.core, id)->call_data, "abc");
    f.answer_err = SESSION_E_NOMEM;
    req.attach.call_data = bytes("lost");
    ck_assert_int_eq(op(&req), SESSION_E_OK);
    ck_assert_int_eq(fake_find(&f, SESSION_ACT_REPLY, 0)->err, SESSION_E_NOMEM);
    f.answer_err = SESSION_E_OK;
    shows(&session_media(f.core, id)->call_data, "abc");
    ck_assert_int_eq(inform(id, &a), SESSION_E_OK);
    ck_assert_uint_eq(fake_find(&f, SESSION_ACT_INFO, 0)->bits, SESSION_INFO_CALLDATA);
    shows(&session_media(f.core, id)->call_data, "other");
    a.call_data.len = SESSION_CALL_DATA_MAX + 1; /* from outside: any length */
    ck_assert_int_eq(inform(id, &a), SESSION_E_OK);
    shows(&session_media(f.core, id)->call_data, "other");
    a.call_data.len = 0;
    ck_assert_int_eq(inform(id, &a), SESSION_E_OK);
    shows(&session_media(f.core, id)->call_data, "");
    ck_assert_int_eq(fake_op(&f, SESSION_OP_DROP, id), SESSION_E_OK);
    ck_assert_int_eq(op(&req), SESSION_E_OK); /* also of an ended call, silently */
    shows(&session_media(f.core, id)->call_data, "lost");
    ck_assert_ptr_null(fake_find(&f, SESSION_ACT_INFO, 0));
    req.attach.call_data.len = SESSION_CALL_DATA_MAX + 1;
    ck_assert_int_eq(op(&req), SESSION_E_BADPARAM);
    /* pending while the session goes */
    id = fake_in_state(&f, SESSION_CONNECTED);
    req.session = id;
    req.attach.call_data = bytes("pending");
    f.answer = false;
    ck_assert_int_eq(op(&req), SESSION_E_OK);
    ck_assert_int_eq(fake_op(&f, SESSION_OP_RELEASE, id), SESSION_E_OK);
    ck_assert_int_eq(fake_find(&f, SESSION_ACT_REPLY, 0)->err, SESSION_E_FAILED);
}
END_TEST

START_TEST(parameters)
{
    uint32_t id = fake_in_state(&f, SESSION_CONNECTED);
    struct session_req req = {.op = SESSION_OP_SETCALLPARAMS, .session = id, .max_rate = 9600};

    ck_assert_int_eq(op(&req), SESSION_E_OK);
    ck_assert_uint_eq(fake_find(&f, SESSION_ACT_INFO, 0)->bits, SESSION_INFO_RATE);
    ck_assert_uint_eq(session_get(f.core, id)->rate, 9600);
    req.bearer_mode = 8;
    req.attach.dial_params.speed_ms = 50;
    ck_assert_int_eq(op(&req), SESSION_E_OK);
    ck_assert_uint_eq(fake_find(&f, SESSION_ACT_INFO, 0)->bits, SESSION_INFO_BEARERMODE | SESSION_INFO_DIALPARAMS);
    ck_assert_uint_eq(session_media(f.core, id)->dial_params.speed_ms, 50);
    req = (struct session_req){.op = SESSION_OP_SETTREATMENT, .session = id, .value = 4};
    ck_assert_int_eq(op(&req), SESSION_E_OK);
    ck_assert_uint_eq(fake_find(&f, SESSION_ACT_INFO, 0)->bits, SESSION_INFO_TREATMENT);
    ck_assert_uint_eq(session_media(f.core, id)->treatment, 4);
    req = (struct session_req){.op = SESSION_OP_SETQOS, .session = id, .attach.sending = bytes("up")};
    ck_assert_int_eq(op(&req), SESSION_E_OK);
    ck_assert_uint_eq(fake_find(&f, SESSION_ACT_INFO, 0)->bits, SESSION_INFO_QOS);
    shows(&session_media(f.core, id)->sending, "up");
    ck_assert_int_eq(fake_op(&f, SESSION_OP_SECURECALL, id), SESSION_E_OK);
    ck_assert_uint_eq(fake_find(&f, SESSION_ACT_INFO, 0)->bits, SESSION_INFO_OTHER);
    ck_assert_uint_eq(session_get(f.core, id)->flags, SESSION_FLAG_SECURE);
    ck_assert_int_eq(fake_op(&f, SESSION_OP_SECURECALL, id), SESSION_E_OK);
    ck_assert_ptr_null(fake_find(&f, SESSION_ACT_INFO, 0));
    req = (struct session_req){.op = SESSION_OP_SETMEDIAMODE, .session = id, .media_modes = 0x10};
    ck_assert_int_eq(op(&req), SESSION_E_OK);
    ck_assert_uint_eq(fake_find(&f, SESSION_ACT_INFO, 0)->bits, SESSION_INFO_MEDIAMODE);
    ck_assert_uint_eq(session_get(f.core, id)->media_modes, 0x10);
    ck_assert_uint_eq(f.actc, 1); /* no reply: it is synchronous */
}
END_TEST

START_TEST(attached_to_new_sessions)
{
    struct session_attach a = {.uui = bytes("u"), .call_data = bytes("d"), .set_data = true};
    struct session_req req = {.op = SESSION_OP_MAKE, .dest = "200", .dest_len = 3, .attach = a};
    struct session_in in = {.type = SESSION_IN_IND};
    uint32_t id;

    req.attach.dial_params.speed_ms = 77;
    ck_assert_int_eq(op(&req), SESSION_E_OK);
    shows(&fake_cmd(&f, SESSION_CMD_PLACE)->attach->uui, "u");
    id = fake_find(&f, SESSION_ACT_REPLY, 0)->session;
    shows(&session_media(f.core, id)->uui, ""); /* what it sent is not what it received */
    shows(&session_media(f.core, id)->call_data, "d");
    ck_assert_uint_eq(session_media(f.core, id)->dial_params.speed_ms, 77);
    in.u.ind.type = SESSION_IND_INCOMING;
    in.u.ind.leg = 7000;
    in.u.ind.line = 1;
    in.u.ind.attach = &a;
    ck_assert_int_eq(fake_step(&f, &in, NULL), SESSION_E_OK);
    id = fake_find(&f, SESSION_ACT_NEW, 0)->session;
    shows(&session_media(f.core, id)->uui, "u");
    shows(&session_media(f.core, id)->call_data, "d");
    ck_assert_ptr_null(fake_find(&f, SESSION_ACT_INFO, 0));
    for (long left = 0; left < 8; left++) {
        f.left = left;
        (void)op(&req);
        f.left = -1;
    }
}
END_TEST

static enum session_err hear(uint32_t session, const char *digit, uint16_t f1, bool on)
{
    struct session_in in = {.type = SESSION_IN_IND};

    in.u.ind.type = SESSION_IND_SOUND;
    in.u.ind.session = session;
    in.u.ind.leg = f.next_leg;
    in.u.ind.seq = ++f.seq;
    in.u.ind.state = on;
    in.u.ind.sound.freqv[0] = f1;
    if (digit)
        (void)session_digit_sound(*digit, f1 ? f1 : SESSION_DIGIT_DTMF, &in.u.ind.sound);
    return fake_step(&f, &in, NULL);
}

static void ended(enum session_act_type type, uint32_t id, uint32_t mode)
{
    const struct session_act *act = fake_find(&f, type, 0);

    ck_assert_ptr_nonnull(act);
    ck_assert_uint_eq(act->count, id);
    ck_assert_uint_eq(act->mode, mode);
}

START_TEST(gathering)
{
    uint32_t id = fake_in_state(&f, SESSION_CONNECTED);
    uint16_t buffer[3] = {9, 9, 9};
    struct session_listen l = {.gather = {.modes = SESSION_DIGIT_DTMF | SESSION_DIGIT_PULSE,
                                          .digits = buffer,
                                          .digitc = 3,
                                          .first_ms = 1000,
                                          .inter_ms = 500,
                                          .id = 42,
                                          .term = "#"}};
    struct session_req req = {.op = SESSION_OP_GATHERDIGITS, .session = id, .listen = &l};

    ck_assert_int_eq(op(&req), SESSION_E_OK);
    fake_time(&f, f.now_ms + 999);
    ck_assert_ptr_null(fake_find(&f, SESSION_ACT_GATHER, 0));
    fake_time(&f, f.now_ms + 1);
    ended(SESSION_ACT_GATHER, 42, SESSION_GATHER_FIRSTTIMEOUT);
    ck_assert_uint_eq(buffer[0], 0);
    ck_assert_int_eq(op(&req), SESSION_E_OK);
    hear(id, "1", 0, true);
    ck_assert_uint_eq(buffer[0], '1');
    fake_time(&f, f.now_ms + 499);
    hear(id, "1", 0, false);
    hear(id, "2", SESSION_DIGIT_PULSE, true); /* counts at its end */
    ck_assert_uint_eq(buffer[1], 9);
    hear(id, "2", SESSION_DIGIT_PULSE, false);
    ck_assert_uint_eq(buffer[1], '2');
    fake_time(&f, f.now_ms + 500);
    ended(SESSION_ACT_GATHER, 42, SESSION_GATHER_INTERTIMEOUT);
    ck_assert_uint_eq(buffer[2], 0);
    ck_assert_int_eq(op(&req), SESSION_E_OK);
    hear(id, "1", 0, true);
    hear(id, "2", 0, true); /* the end of the first was lost */
    hear(id, "3", 0, true);
    ended(SESSION_ACT_GATHER, 42, SESSION_GATHER_BUFFERFULL);
    ck_assert_int_eq(op(&req), SESSION_E_OK);
    hear(id, "#", 0, true);
    ended(SESSION_ACT_GATHER, 42, SESSION_GATHER_TERMDIGIT);
    ck_assert_uint_eq(buffer[1], 0);
    ck_assert_int_eq(op(&req), SESSION_E_OK);
    ck_assert_int_eq(op(&req), SESSION_E_OK);
    ended(SESSION_ACT_GATHER, 42, SESSION_GATHER_CANCEL);
    ck_assert_int_eq(fake_op(&f, SESSION_OP_GATHERDIGITS, id), SESSION_E_OK);
    ended(SESSION_ACT_GATHER, 42, SESSION_GATHER_CANCEL);
    ck_assert_int_eq(op(&req), SESSION_E_OK);
    ck_assert_int_eq(fake_op(&f, SESSION_OP_DROP, id), SESSION_E_OK);
    ended(SESSION_ACT_GATHER, 42, SESSION_GATHER_CANCEL);
    l.gather.digitc = 0;
    req.session = fake_in_state(&f, SESSION_CONNECTED);
    ck_assert_int_eq(op(&req), SESSION_E_BADPARAM);
    l.gather.digitc = 1;
    ck_assert_int_eq(op(&req), SESSION_E_OK);
    ck_assert_int_eq(fake_op(&f, SESSION_OP_RELEASE, req.session), SESSION_E_OK);
    ck_assert_ptr_null(fake_find(&f, SESSION_ACT_GATHER, 0)); /* nobody is there to be told */
}
END_TEST

START_TEST(generating)
{
    uint32_t id = fake_in_state(&f, SESSION_CONNECTED);
    struct session_listen l = {.play = {.kind = SESSION_PLAY_DIGITS,
                                        .mode = SESSION_DIGIT_DTMF,
                                        .digits = "12",
                                        .digitc = 2,
                                        .digit_ms = 1,
                                        .id = 7}};
    struct session_req req = {.op = SESSION_OP_GENERATEDIGITS, .session = id, .listen = &l};
    struct session_in in = {.type = SESSION_IN_IND, .u.ind = {.type = SESSION_IND_PLAYED, .session = id}};

    ck_assert_int_eq(op(&req), SESSION_E_OK);
    ck_assert_uint_eq(f.actc, 1);
    in.u.ind.token = fake_cmd(&f, SESSION_CMD_PLAY)->play->serial;
    in.u.ind.leg = f.next_leg;
    in.u.ind.seq = ++f.seq;
    ck_assert_int_eq(fake_step(&f, &in, NULL), SESSION_E_OK);
    ended(SESSION_ACT_GENERATE, 7, SESSION_GENERATE_DONE);
    ck_assert_int_eq(fake_step(&f, &in, NULL), SESSION_E_OK);
    ck_assert_uint_eq(f.actc, 0);
    ck_assert_int_eq(op(&req), SESSION_E_OK);
    in.u.ind.seq = ++f.seq; /* of the first one: too late */
    ck_assert_int_eq(fake_step(&f, &in, NULL), SESSION_E_OK);
    ck_assert_uint_eq(f.actc, 0);
    ck_assert_int_eq(fake_op(&f, SESSION_OP_GENERATETONE, id), SESSION_E_OK);
    ended(SESSION_ACT_GENERATE, 7, SESSION_GENERATE_CANCEL);
    ck_assert_int_eq(fake_cmd(&f, SESSION_CMD_PLAY)->play->kind, SESSION_PLAY_NONE);
    l.play.digitc = SESSION_DIGITS_MAX + 1;
    ck_assert_int_eq(op(&req), SESSION_E_BADPARAM);
    l.play.digitc = 2;
    for (long left = 0; left < 2; left++) {
        req.session = fake_in_state(&f, SESSION_CONNECTED);
        f.left = left;
        ck_assert_int_eq(op(&req), SESSION_E_NOMEM);
        f.left = -1;
    }
}
END_TEST

START_TEST(monitoring)
{
    uint32_t id = fake_in_state(&f, SESSION_CONNECTED);
    static const struct session_watch watchv[] = {{1, 300, {440, 0, 0}}, {2, 0, {0, 0, 0}}, {3, 100, {440, 0, 0}}};
    struct session_listen l = {.list = 9, .watchc = 3, .watchv = watchv};
    struct session_req req = {.op = SESSION_OP_MONITORTONES, .session = id, .listen = &l};

    ck_assert_int_eq(op(&req), SESSION_E_OK);
    ck_assert_uint_eq(fake_find(&f, SESSION_ACT_TONE, 0)->count, 2); /* silence at once */
    hear(id, NULL, 440, true);
    ck_assert_uint_eq(f.actc, 0);
    fake_time(&f, f.now_ms + 100);
    ck_assert_uint_eq(fake_find(&f, SESSION_ACT_TONE, 0)->count, 3);
    ck_assert_uint_eq(fake_find(&f, SESSION_ACT_TONE, 0)->bits, 9);
    fake_time(&f, f.now_ms + 199);
    hear(id, NULL, 440, false);
    ck_assert_uint_eq(fake_count(&f, SESSION_ACT_TONE), 1);
    ck_assert_uint_eq(fake_find(&f, SESSION_ACT_TONE, 0)->count, 2);
    ck_assert_uint_eq(session_deadline(f.core), UINT64_MAX);
    l.list = 10;
    l.watchc = 1;
    ck_assert_int_eq(op(&req), SESSION_E_OK);
    l.watchc = SESSION_TONE_LIST_MAX + 1;
    ck_assert_int_eq(op(&req), SESSION_E_BADPARAM);
    l.list = 9;
    l.watchc = 0;
    ck_assert_int_eq(op(&req), SESSION_E_OK);
    hear(id, NULL, 440, true);
    fake_time(&f, f.now_ms + 300);
    ck_assert_uint_eq(fake_count(&f, SESSION_ACT_TONE), 1);
    ck_assert_uint_eq(fake_find(&f, SESSION_ACT_TONE, 0)->bits, 10);
    req = (struct session_req){.op = SESSION_OP_MONITORMEDIA, .session = id, .media_modes = SESSION_MEDIA_G3FAX};
    ck_assert_int_eq(op(&req), SESSION_E_OK);
    for (int i = 0; i < 2; i++) {
        hear(id, NULL, 1100, true);
        fake_time(&f, f.now_ms + 400);
        ck_assert_uint_eq(fake_count(&f, SESSION_ACT_MEDIA), i ? 0 : 1); /* once */
        hear(id, NULL, 1100, false);
    }
    req = (struct session_req){.op = SESSION_OP_MONITORDIGITS, .session = id, .value = SESSION_DIGIT_DTMFEND};
    ck_assert_int_eq(op(&req), SESSION_E_OK);
    hear(id, "5", 0, true);
    ck_assert_uint_eq(f.actc, 0);
    ck_assert_int_eq(fake_op(&f, SESSION_OP_DROP, id), SESSION_E_OK); /* cut off by the end of the call */
    ck_assert_uint_eq(fake_find(&f, SESSION_ACT_DIGIT, 0)->mode, SESSION_DIGIT_DTMFEND);
    ck_assert_uint_eq(session_deadline(f.core), UINT64_MAX);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("session_inside");
    TCase *tc = tcase_create("data");
    SRunner *sr;
    int failed;

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_set_timeout(tc, 0);
    tcase_add_test(tc, uui_is_sent);
    tcase_add_test(tc, uui_is_queued);
    tcase_add_test(tc, call_data);
    tcase_add_test(tc, parameters);
    tcase_add_test(tc, attached_to_new_sessions);
    tcase_add_test(tc, gathering);
    tcase_add_test(tc, generating);
    tcase_add_test(tc, monitoring);
    suite_add_tcase(s, tc);
    sr = srunner_create(s);
    srunner_run_all(sr, CK_ENV);
    failed = srunner_ntests_failed(sr);
    srunner_free(sr);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
