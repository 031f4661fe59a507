/* Requests to make a call, handing calls on, priorities: what goes to the engine and what comes of it.
 * SPDX-License-Identifier: MIT */
#include "tests/unit/client/suite.h"

#undef lineGetAppPriority
#undef lineGetRequest
#undef lineHandoff
#undef lineSetAppPriority
#undef tapiRequestMakeCall

static HLINEAPP app;

static void open_app(void)
{
    fake_reset();
    app = app_open(NULL);
}

static void close_app(void)
{
    (void)lineShutdown(app);
    check_clean();
}

static bool text_is(const uint16_t *text, const char *want)
{
    while (*want && *text == (unsigned char)*want) {
        text++;
        want++;
    }
    return *text == (unsigned char)*want;
}

START_TEST(handoff)
{
    static const WCHAR wide[] = {'w', '.', 'e', 'x', 'e', 0};

    ck_assert_int_eq(lineHandoff(7, "b.exe", 3), 0);
    ck_assert(text_is(fake.text0[CHANNEL_CALL_HANDOFF], "b.exe"));
    ck_assert_uint_eq(fake.last[CHANNEL_CALL_HANDOFF].in0_len, 12);
    ck_assert_int_eq(lineHandoffW(7, wide, 3), 0);
    ck_assert(text_is(fake.text0[CHANNEL_CALL_HANDOFF], "w.exe"));
    ck_assert_int_eq(lineHandoffA(7, NULL, LINEMEDIAMODE_G3FAX), 0);
    ck_assert_ptr_null(fake.last[CHANNEL_CALL_HANDOFF].in0);
    ck_assert_uint_eq(fake.last[CHANNEL_CALL_HANDOFF].arg[0], 7);
    ck_assert_uint_eq(fake.last[CHANNEL_CALL_HANDOFF].arg[1], LINEMEDIAMODE_G3FAX);
    fake.rc[CHANNEL_CALL_HANDOFF] = ERR(TARGETSELF);
    ck_assert_int_eq(lineHandoffA(7, NULL, LINEMEDIAMODE_G3FAX), ERR(TARGETSELF));
    ck_assert_int_eq(lineShutdown(app), 0);
    ck_assert_int_eq(lineHandoffA(7, NULL, LINEMEDIAMODE_G3FAX), ERR(UNINITIALIZED));
}
END_TEST

static int32_t second(struct channel_call *call, int32_t rc)
{
    call->ret[0] = 2;
    return rc;
}

/* Also with nothing initialised. */
START_TEST(priorities)
{
    static const WCHAR wide[] = {'w', '.', 'e', 'x', 'e', 0};
    DWORD priority = 9;

    if (_i)
        ck_assert_int_eq(lineShutdown(app), 0);
    ck_assert_int_eq(lineSetAppPriority(NULL, 4, NULL, 0, NULL, 1), ERR(INVALPOINTER));
    ck_assert_int_eq(lineSetAppPriorityW(NULL, 4, NULL, 0, NULL, 1), ERR(INVALPOINTER));
    ck_assert_int_eq(lineSetAppPriority("b.exe", 4, NULL, 1, NULL, 1), 0);
    ck_assert(text_is(fake.text0[CHANNEL_PRIORITY_SET], "b.exe"));
    ck_assert_uint_eq(fake.last[CHANNEL_PRIORITY_SET].arg[0], 4);
    ck_assert_uint_eq(fake.last[CHANNEL_PRIORITY_SET].arg[1], 1);
    ck_assert_uint_eq(fake.last[CHANNEL_PRIORITY_SET].arg[2], 1);
    ck_assert_int_eq(lineSetAppPriorityW(wide, 0, NULL, 1, NULL, 0), 0);
    ck_assert(text_is(fake.text0[CHANNEL_PRIORITY_SET], "w.exe"));
    fake.h[CHANNEL_PRIORITY_GET] = second;
    ck_assert_int_eq(lineGetAppPriority("b.exe", 4, NULL, 1, NULL, NULL), ERR(INVALPOINTER));
    ck_assert_int_eq(lineGetAppPriority(NULL, 4, NULL, 1, NULL, &priority), ERR(INVALPOINTER));
    fake.rc[CHANNEL_PRIORITY_GET] = ERR(INVALMEDIAMODE);
    ck_assert_int_eq(lineGetAppPriority("b.exe", 4, NULL, 1, NULL, &priority), ERR(INVALMEDIAMODE));
    ck_assert_uint_eq(priority, 9);
    fake.rc[CHANNEL_PRIORITY_GET] = 0;
    ck_assert_int_eq(lineGetAppPriorityW(wide, 4, NULL, 1, NULL, &priority), 0);
    ck_assert_uint_eq(priority, 2);
    ck_assert(text_is(fake.text0[CHANNEL_PRIORITY_GET], "w.exe"));
}
END_TEST

static struct channel_make_call made;

static int32_t keep(struct channel_call *call, int32_t rc)
{
    ck_assert_uint_eq(call->in0_len, sizeof(made));
    memcpy(&made, call->in0, sizeof(made));
    return rc;
}

START_TEST(asking)
{
    static const WCHAR number[] = {'1', '0', 0}, comment[] = {'c', 0};
    char longer[CHANNEL_ADDRESS_UNITS + 1];

    if (_i)
        ck_assert_int_eq(lineShutdown(app), 0);
    memset(longer, '1', sizeof(longer));
    longer[sizeof(longer) - 1] = 0;
    fake.h[CHANNEL_REQUEST_MAKE_CALL] = keep;
    ck_assert_int_eq(tapiRequestMakeCall(longer, NULL, NULL, NULL), TAPIERR_INVALDESTADDRESS);
    ck_assert_int_eq(tapiRequestMakeCall(longer + 1, "name", longer, longer), 0);
    ck_assert(text_is(made.address, longer + 1));
    ck_assert(text_is(made.app_name, "name"));
    ck_assert(text_is(made.called_party, longer + CHANNEL_ADDRESS_UNITS + 1 - CHANNEL_NAME_UNITS));
    ck_assert(text_is(made.comment, longer + 1));
    ck_assert_int_eq(tapiRequestMakeCallW(number, NULL, NULL, comment), 0);
    ck_assert(text_is(made.address, "10"));
    ck_assert(text_is(made.app_name, ""));
    ck_assert(text_is(made.comment, "c"));
    fake.rc[CHANNEL_REQUEST_MAKE_CALL] = TAPIERR_REQUESTQUEUEFULL;
    ck_assert_int_eq(tapiRequestMakeCallW(number, NULL, NULL, comment), TAPIERR_REQUESTQUEUEFULL);
    fake.rc[CHANNEL_REQUEST_MAKE_CALL] = ERR(NOMEM);
    ck_assert_int_eq(tapiRequestMakeCallW(number, NULL, NULL, comment), TAPIERR_REQUESTFAILED);
}
END_TEST

static int32_t request_out(struct channel_call *call, int32_t rc)
{
    struct channel_make_call out;

    memset(&out, 0, sizeof(out));
    out.address[0] = '7';
    out.app_name[0] = 'n';
    out.called_party[0] = 'p';
    out.comment[0] = 'c';
    if (!rc)
        fake_out(call, &out, sizeof(out));
    return rc;
}

START_TEST(being_asked)
{
    struct linereqmakecall_tag narrow;
    LINEREQMAKECALLW wide;
    LINEMESSAGE m;

    ck_assert_int_eq(lineRegisterRequestRecipient(app, 55, LINEREQUESTMODE_MAKECALL, TRUE), 0);
    ck_assert_uint_eq(fake.last[CHANNEL_RECIPIENT_SET].arg[0], app);
    ck_assert_uint_eq(fake.last[CHANNEL_RECIPIENT_SET].arg[1], 55);
    ck_assert_uint_eq(fake.last[CHANNEL_RECIPIENT_SET].arg[2], LINEREQUESTMODE_MAKECALL);
    ck_assert_uint_eq(fake.last[CHANNEL_RECIPIENT_SET].arg[3], TRUE);
    fake_event(app, LINE_REQUEST, 0, 55, LINEREQUESTMODE_MAKECALL, 0, 0, 0);
    ck_assert_int_eq(lineGetMessage(app, &m, 0), 0);
    ck_assert_uint_eq(m.dwMessageID, LINE_REQUEST);
    ck_assert_uint_eq(m.hDevice, 0);
    ck_assert_uint_eq(m.dwCallbackInstance, 55);
    ck_assert_uint_eq(m.dwParam1, LINEREQUESTMODE_MAKECALL);
    fake.h[CHANNEL_REQUEST_GET] = request_out;
    ck_assert_int_eq(lineGetRequest(app, LINEREQUESTMODE_MAKECALL, NULL), ERR(INVALPOINTER));
    ck_assert_int_eq(lineGetRequestW(app, LINEREQUESTMODE_MAKECALL, NULL), ERR(INVALPOINTER));
    ck_assert_int_eq(lineGetRequest(app, LINEREQUESTMODE_MAKECALL, &narrow), 0);
    ck_assert_str_eq(narrow.szDestAddress, "7");
    ck_assert_str_eq(narrow.szAppName, "n");
    ck_assert_str_eq(narrow.szCalledParty, "p");
    ck_assert_str_eq(narrow.szComment, "c");
    ck_assert_int_eq(lineGetRequestW(app, LINEREQUESTMODE_MAKECALL, &wide), 0);
    ck_assert_uint_eq(wide.szDestAddress[0], '7');
    ck_assert_uint_eq(wide.szDestAddress[1], 0);
    ck_assert_uint_eq(wide.szComment[0], 'c');
    fake.rc[CHANNEL_REQUEST_GET] = ERR(NOREQUEST);
    ck_assert_int_eq(lineGetRequestA(app, LINEREQUESTMODE_MAKECALL, &narrow), ERR(NOREQUEST));
    ck_assert_int_eq(lineShutdown(app), 0);
    ck_assert_int_eq(lineGetRequestA(app, LINEREQUESTMODE_MAKECALL, &narrow), ERR(UNINITIALIZED));
    ck_assert_int_eq(lineRegisterRequestRecipient(app, 55, LINEREQUESTMODE_MAKECALL, TRUE), ERR(UNINITIALIZED));
}
END_TEST

/* The number of a registration may be that of a line as the two halves call it. */
START_TEST(request_is_of_no_line)
{
    HLINE line = line_open(app, 0x00020002, 99);
    LINEMESSAGE m;

    fake_event(app, LINE_REQUEST, 0, fake.instance, LINEREQUESTMODE_MAKECALL, 0, 0, 0);
    ck_assert_int_eq(lineGetMessage(app, &m, 0), 0);
    ck_assert_uint_eq(m.dwCallbackInstance, (DWORD_PTR)fake.instance);
    ck_assert_int_eq(lineClose(line), 0);
}
END_TEST

TCase *requested_tests(void)
{
    TCase *t = tcase_create("requested");

    tcase_add_checked_fixture(t, open_app, close_app);
    tcase_add_test(t, handoff);
    tcase_add_loop_test(t, priorities, 0, 2);
    tcase_add_loop_test(t, asking, 0, 2);
    tcase_add_test(t, being_asked);
    tcase_add_test(t, request_is_of_no_line);
    return t;
}
