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
    suite_add_tcase(s, tc);
    sr = srunner_create(s);
    srunner_run_all(sr, CK_ENV);
    failed = srunner_ntests_failed(sr);
    srunner_free(sr);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
