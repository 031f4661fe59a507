/* TSPI: call ids and call hubs. SPDX-License-Identifier: MIT */
#include "tests/unit/tspi/host.h"

static void setup(void)
{
    host_start(NULL);
    for (int i = 0; i < 3; i++)
        host_open(i, i == 1 ? 0x00010003 : 0x00020002, false); /* of every version */
}

static void teardown(void)
{
    host_stop();
}

static DWORD id_of(HDRVCALL call, DWORD *related)
{
    LINECALLINFO info = {.dwTotalSize = sizeof info - 2 * sizeof(DWORD)};
    DWORD address = 99, id = 0;

    ck_assert_int_eq(TSPI_lineGetCallIDs(call, &address, &id, related), 0);
    ck_assert_uint_eq(address, 0);
    info.dwTotalSize = sizeof info;
    ck_assert_int_eq(TSPI_lineGetCallInfo(call, &info), 0);
    ck_assert_uint_eq(info.dwCallID, id);
    ck_assert_uint_eq(info.dwRelatedCallID, *related);
    return id;
}

/* Both ends of a call have its id, also after a transfer; the consultation call is another one, related to the first.
 */
START_TEST(ids_follow_the_call)
{
    HDRVCALL call = host_make(0, 1, u"101"), consult = NULL, none = NULL;
    DWORD related = 7, id = id_of(call, &related), second;

    ck_assert_uint_eq(related, 0);
    ck_assert_uint_ne(id, 0);
    ck_assert_uint_eq(id_of(host_new(1000), &related), id);
    ck_assert_int_gt(TSPI_lineAnswer(host_request(), host_new(1000), NULL, 0), 0);
    ck_assert_int_gt(TSPI_lineSetupTransfer(host_request(), call, HOST_CALL(2), &consult, NULL), 0);
    second = id_of(consult, &related);
    ck_assert_uint_eq(related, id);
    ck_assert_uint_ne(second, id);
    ck_assert_int_gt(TSPI_lineDial(host_request(), consult, u"102", 0), 0);
    ck_assert_uint_eq(id_of(host_new(1001), &related), second);
    ck_assert_int_gt(TSPI_lineAnswer(host_request(), host_new(1001), NULL, 0), 0);
    host_forget();
    ck_assert_int_gt(TSPI_lineCompleteTransfer(host_request(), call, consult, NULL, &none, LINETRANSFERMODE_TRANSFER),
                     0);
    ck_assert_ptr_nonnull(strstr(host_trace(), "1001 info 200c0"));
    ck_assert_uint_eq(id_of(host_new(1001), &related), id);
    ck_assert_uint_eq(related, second);
    ck_assert_uint_eq(id_of(host_new(1000), &related), id);
    /* sent on: it is the same call still */
    ck_assert_int_gt(TSPI_lineBlindTransfer(host_request(), host_new(1001), u"100", 0), 0);
    ck_assert_uint_eq(id_of(host_new(1002), &related), id);
}
END_TEST

START_TEST(a_conference_is_what_its_calls_are_related_to)
{
    HDRVCALL call = host_make(0, 1, u"101"), consult = NULL, parent = NULL;
    DWORD related, id = id_of(call, &related), conference;

    ck_assert_int_gt(TSPI_lineAnswer(host_request(), host_new(1000), NULL, 0), 0);
    ck_assert_int_gt(
        TSPI_lineSetupConference(host_request(), call, NULL, HOST_CALL(2), &parent, HOST_CALL(3), &consult, 3, NULL),
        0);
    conference = id_of(parent, &related);
    ck_assert_uint_eq(id_of(call, &related), id);
    ck_assert_uint_eq(related, conference);
    (void)id_of(consult, &related);
    ck_assert_uint_eq(related, conference);
}
END_TEST

START_TEST(bad_pointers_and_handles)
{
    HDRVCALL call = host_make(0, 1, u"600");
    DWORD v[3];

    ck_assert_int_eq(TSPI_lineGetCallIDs(call, NULL, &v[1], &v[2]), ERR(INVALPOINTER));
    ck_assert_int_eq(TSPI_lineGetCallIDs(call, &v[0], NULL, &v[2]), ERR(INVALPOINTER));
    ck_assert_int_eq(TSPI_lineGetCallIDs(call, &v[0], &v[1], NULL), ERR(INVALPOINTER));
    ck_assert_int_eq(TSPI_lineCloseCall(call), 0);
    ck_assert_int_eq(TSPI_lineGetCallIDs(call, &v[0], &v[1], &v[2]), ERR(INVALCALLHANDLE));
    ck_assert_int_eq(TSPI_lineGetCallIDs(NULL, &v[0], &v[1], &v[2]), ERR(INVALCALLHANDLE));
}
END_TEST

START_TEST(tracking)
{
    LINECALLHUBTRACKINGINFO info = {.dwTotalSize = sizeof info + 8};
    HDRVLINE line = host.linev[1];

    ck_assert_int_eq(TSPI_lineGetCallHubTracking(line, &info), 0);
    ck_assert_uint_eq(info.dwTotalSize, sizeof info + 8);
    ck_assert_uint_eq(info.dwNeededSize, sizeof info);
    ck_assert_uint_eq(info.dwUsedSize, sizeof info);
    ck_assert_uint_eq(info.dwAvailableTracking, LINECALLHUBTRACKING_PROVIDERLEVEL | LINECALLHUBTRACKING_ALLCALLS);
    ck_assert_uint_eq(info.dwCurrentTracking, LINECALLHUBTRACKING_NONE);
    info.dwCurrentTracking = LINECALLHUBTRACKING_ALLCALLS;
    ck_assert_int_eq(TSPI_lineSetCallHubTracking(line, &info), 0);
    info.dwCurrentTracking = 4;
    ck_assert_int_eq(TSPI_lineSetCallHubTracking(line, &info), ERR(OPERATIONUNAVAIL));
    ck_assert_int_eq(TSPI_lineGetCallHubTracking(line, &info), 0);
    ck_assert_uint_eq(info.dwCurrentTracking, LINECALLHUBTRACKING_ALLCALLS);
    ck_assert_int_eq(TSPI_lineGetCallHubTracking(host.linev[0], &info), 0); /* each line by itself */
    ck_assert_uint_eq(info.dwCurrentTracking, LINECALLHUBTRACKING_NONE);
    ck_assert_int_eq(TSPI_lineClose(line), 0);
    ck_assert_int_eq(TSPI_lineGetCallHubTracking(line, &info), ERR(INVALLINEHANDLE));
    ck_assert_int_eq(TSPI_lineSetCallHubTracking(line, &info), ERR(INVALLINEHANDLE));
    line = host_open(1, 0x00020000, false);
    ck_assert_int_eq(TSPI_lineGetCallHubTracking(line, &info), 0);
    ck_assert_uint_eq(info.dwCurrentTracking, LINECALLHUBTRACKING_NONE);
    ck_assert_int_eq(TSPI_lineGetCallHubTracking(line, NULL), ERR(INVALPOINTER));
    ck_assert_int_eq(TSPI_lineSetCallHubTracking(line, NULL), ERR(INVALPOINTER));
    info.dwTotalSize = sizeof info - 1;
    ck_assert_int_eq(TSPI_lineGetCallHubTracking(line, &info), ERR(STRUCTURETOOSMALL));
    ck_assert_int_eq(TSPI_lineSetCallHubTracking(line, &info), ERR(STRUCTURETOOSMALL));
}
END_TEST

Suite *suite_hub(void)
{
    Suite *s = suite_create("hub");
    TCase *c = tcase_create("hub");

    tcase_add_checked_fixture(c, setup, teardown);
    tcase_set_timeout(c, 0);
    tcase_add_test(c, ids_follow_the_call);
    tcase_add_test(c, a_conference_is_what_its_calls_are_related_to);
    tcase_add_test(c, bad_pointers_and_handles);
    tcase_add_test(c, tracking);
    suite_add_tcase(s, c);
    return s;
}
