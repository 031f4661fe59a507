/* Lines: opening, privileges, masks, status. SPDX-License-Identifier: MIT */
#include "tests/unit/engine/suites.h"

#include "tests/unit/engine/client.h"
#include "tests/unit/engine/fake.h"

#include <string.h>

static void setup(void)
{
    fixture_setup();
    ck_assert_int_eq(client_open(&a, V2_2), 0);
    ck_assert_int_eq(client_open(&b, V2_2), 0);
}

START_TEST(privileges)
{
    static const uint32_t good[] = {1, 2, 4, 6}, bad[] = {0, 3, 5, 7, 8, 0x20000004};
    uint32_t l;

    for (unsigned i = 0; i < 4; i++)
        ck_assert_int_eq(line_open(&a, 0, V2_2, good[i], VOICE, &l), 0);
    for (unsigned i = 0; i < 6; i++)
        ck_assert_int_eq(line_open(&a, 0, V2_2, bad[i], VOICE, &l), (int32_t)LINEERR_INVALPRIVSELECT);
    ck_assert_int_eq(line_open(&a, 0, V1_4, OWNER | LINEOPENOPTION_SINGLEADDRESS, VOICE, &l),
                     (int32_t)LINEERR_INVALPRIVSELECT);
    ck_assert_int_eq(line_open(&a, 0, V2_2, OWNER | LINEOPENOPTION_PROXY, VOICE, &l),
                     (int32_t)LINEERR_INVALPOINTER);
    ck_assert_int_eq(line_open(&a, 0, 0x00020003, OWNER, VOICE, &l), (int32_t)LINEERR_INCOMPATIBLEAPIVERSION);
    ck_assert_int_eq(line_open(&a, 9, V2_2, OWNER, VOICE, &l), (int32_t)LINEERR_BADDEVICEID);
    a.app++;
    ck_assert_int_eq(line_open(&a, 0, V2_2, OWNER, VOICE, &l), (int32_t)LINEERR_INVALAPPHANDLE);
}
END_TEST

START_TEST(media_modes)
{
    uint32_t l;

    ck_assert_int_eq(line_open(&a, 0, V2_2, OWNER, 0, &l), (int32_t)LINEERR_INVALMEDIAMODE);
    ck_assert_int_eq(line_open(&a, 0, V2_2, OWNER, 1, &l), (int32_t)LINEERR_INVALMEDIAMODE);
    ck_assert_int_eq(line_open(&a, 0, V2_2, OWNER, 0x00010000, &l), (int32_t)LINEERR_INVALMEDIAMODE);
    ck_assert_int_eq(line_open(&a, 0, V2_2, MONITOR, 1, &l), 0);
    fake.media_result = (int32_t)LINEERR_INVALMEDIAMODE;
    ck_assert_int_eq(line_open(&a, 0, V2_2, OWNER, VOICE, &l), (int32_t)LINEERR_INVALMEDIAMODE);
    fake_log();
    ck_assert_int_eq(line_open(&a, 1, V2_2, OWNER, VOICE, &l), (int32_t)LINEERR_INVALMEDIAMODE);
    ck_assert_str_eq(fake_log(), "open 1 close 1");
}
END_TEST

START_TEST(opened_once)
{
    uint32_t l1, l2, l3;

    l1 = line(&a, 0, OWNER);
    l2 = line(&b, 0, MONITOR);
    l3 = line(&a, 0, NONE);
    ck_assert_uint_ne(l1, l3);
    ck_assert_uint_eq(fake.opens, 1);
    ck_assert_int_eq(op(&a, CHANNEL_LINE_CLOSE, l1, 0, 0, 0), 0);
    ck_assert_int_eq(op(&a, CHANNEL_LINE_CLOSE, l1, 0, 0, 0), (int32_t)LINEERR_INVALLINEHANDLE);
    ck_assert_int_eq(op(&a, CHANNEL_LINE_CLOSE, l3, 0, 0, 0), 0);
    ck_assert_uint_eq(fake.closes, 0);
    ck_assert_int_eq(op(&b, CHANNEL_LINE_CLOSE, l2, 0, 0, 0), 0);
    ck_assert_uint_eq(fake.closes, 1);
    line(&b, 0, OWNER);
    ck_assert_uint_eq(fake.opens, 2);
}
END_TEST

START_TEST(open_fails)
{
    uint32_t l;

    fake.open_result = (int32_t)LINEERR_ALLOCATED;
    ck_assert_int_eq(line_open(&a, 0, V2_2, OWNER, VOICE, &l), (int32_t)LINEERR_ALLOCATED);
    ck_assert_uint_eq(l, 0);
    fake.open_result = 17;
    ck_assert_int_eq(line_open(&a, 0, V2_2, OWNER, VOICE, &l), (int32_t)LINEERR_OPERATIONFAILED);
    fake.open_result = 0;
    line(&a, 0, OWNER);
}
END_TEST

START_TEST(union_of_media)
{
    uint32_t l1, l2;

    ck_assert_int_eq(line_open(&a, 0, V2_2, OWNER, VOICE, &l1), 0);
    ck_assert_str_eq(fake_log(), "open 0 media 0 4");
    ck_assert_int_eq(line_open(&b, 0, V2_2, OWNER, LINEMEDIAMODE_DATAMODEM | VOICE, &l2), 0);
    ck_assert_str_eq(fake_log(), "media 0 14");
    line(&b, 0, MONITOR);
    ck_assert_str_eq(fake_log(), "");
    ck_assert_int_eq(op(&b, CHANNEL_LINE_CLOSE, l2, 0, 0, 0), 0);
    ck_assert_str_eq(fake_log(), "media 0 4");
}
END_TEST

START_TEST(union_of_masks)
{
    uint32_t l1 = line(&a, 0, NONE), l2 = line(&b, 0, NONE);

    ck_assert_int_eq(
        op(&a, CHANNEL_STATUS_SET, l1, LINEDEVSTATE_RINGING | LINEDEVSTATE_OPEN, LINEADDRESSSTATE_NUMCALLS, 0), 0);
    ck_assert_uint_eq(fake.line_mask[0], LINEDEVSTATE_RINGING);
    ck_assert_uint_eq(fake.address_mask[0], LINEADDRESSSTATE_NUMCALLS);
    ck_assert_int_eq(op(&b, CHANNEL_STATUS_SET, l2, LINEDEVSTATE_BATTERY, LINEADDRESSSTATE_OTHER, 0), 0);
    ck_assert_uint_eq(fake.line_mask[0], LINEDEVSTATE_RINGING | LINEDEVSTATE_BATTERY);
    ck_assert_int_eq(op(&a, CHANNEL_STATUS_GET, l1, 0, 0, 0), 0);
    ck_assert_uint_eq(a.call.ret[0], LINEDEVSTATE_RINGING | LINEDEVSTATE_OPEN);
    ck_assert_uint_eq(a.call.ret[1], LINEADDRESSSTATE_NUMCALLS);
    ck_assert_int_eq(op(&a, CHANNEL_STATUS_SET, l1, 0x02000000, 0, 0), (int32_t)LINEERR_INVALLINESTATE);
    ck_assert_int_eq(op(&a, CHANNEL_STATUS_SET, l1, 0, 0x200, 0), (int32_t)LINEERR_INVALADDRESSSTATE);
    fake.mask_result = (int32_t)LINEERR_RESOURCEUNAVAIL;
    ck_assert_int_eq(op(&a, CHANNEL_STATUS_SET, l1, LINEDEVSTATE_SIGNAL, 0, 0), (int32_t)LINEERR_RESOURCEUNAVAIL);
    fake.mask_result = 0;
    ck_assert_int_eq(op(&a, CHANNEL_STATUS_GET, l1, 0, 0, 0), 0);
    ck_assert_uint_eq(a.call.ret[0], LINEDEVSTATE_RINGING | LINEDEVSTATE_OPEN);
    ck_assert_int_eq(op(&b, CHANNEL_LINE_CLOSE, l2, 0, 0, 0), 0);
    ck_assert_uint_eq(fake.line_mask[0], LINEDEVSTATE_RINGING);
}
END_TEST

START_TEST(filtered_by_mask)
{
    uint32_t l1 = line(&a, 0, NONE), l2 = line(&b, 0, NONE);

    ck_assert_int_eq(op(&a, CHANNEL_STATUS_SET, l1, LINEDEVSTATE_RINGING, LINEADDRESSSTATE_NUMCALLS, 0), 0);
    forget(&a);
    fake_line_event(0, LINE_LINEDEVSTATE, LINEDEVSTATE_RINGING | LINEDEVSTATE_SIGNAL, 1, 3);
    fake_line_event(0, LINE_LINEDEVSTATE, LINEDEVSTATE_SIGNAL, 0, 0);
    fake_line_event(0, LINE_ADDRESSSTATE, 0, LINEADDRESSSTATE_NUMCALLS | LINEADDRESSSTATE_OTHER, 0);
    fake_line_event(0, LINE_ADDRESSSTATE, 0, LINEADDRESSSTATE_OTHER, 0);
    expect(&a, LINE_LINEDEVSTATE, l1, LINEDEVSTATE_RINGING, 1, 3);
    expect(&a, LINE_ADDRESSSTATE, l1, 0, LINEADDRESSSTATE_NUMCALLS, 0);
    expect_none(&a);
    expect_none(&b);
    fake_line_event(0, LINE_DEVSPECIFIC, 1, 2, 3);
    expect(&a, LINE_DEVSPECIFIC, l1, 1, 2, 3);
    expect(&b, LINE_DEVSPECIFIC, l2, 1, 2, 3);
}
END_TEST

START_TEST(older_lines)
{
    uint32_t l = line_of_version(&a, 0, NONE, V1_3);

    ck_assert_int_eq(op(&a, CHANNEL_STATUS_SET, l, LINEDEVSTATE_CAPSCHANGE, 0, 0), (int32_t)LINEERR_INVALLINESTATE);
    ck_assert_int_eq(op(&a, CHANNEL_STATUS_SET, l, 0x7FFFF, 0xFF, 0), 0);
    fake_line_event(0, LINE_LINEDEVSTATE, LINEDEVSTATE_CAPSCHANGE, 0, 0);
    expect(&a, LINE_LINEDEVSTATE, 0, LINEDEVSTATE_REINIT, LINE_LINEDEVSTATE, LINEDEVSTATE_CAPSCHANGE);
    fake_line_event(0, LINE_LINEDEVSTATE, LINEDEVSTATE_CONFIGCHANGE, 0, 0);
    expect_none(&a);
    fake_line_event(0, LINE_ADDRESSSTATE, 0, LINEADDRESSSTATE_CAPSCHANGE, 0);
    expect(&a, LINE_LINEDEVSTATE, 0, LINEDEVSTATE_REINIT, LINE_ADDRESSSTATE, 0);
    expect_none(&a);
}
END_TEST

START_TEST(opens_and_closes_are_told)
{
    uint32_t l1 = line(&a, 0, NONE), l2;

    ck_assert_int_eq(op(&a, CHANNEL_STATUS_SET, l1, LINEDEVSTATE_OPEN | LINEDEVSTATE_CLOSE, 0, 0), 0);
    l2 = line(&b, 0, NONE);
    expect(&a, LINE_LINEDEVSTATE, l1, LINEDEVSTATE_OPEN, 0, 0);
    ck_assert_int_eq(op(&b, CHANNEL_LINE_CLOSE, l2, 0, 0, 0), 0);
    expect(&a, LINE_LINEDEVSTATE, l1, LINEDEVSTATE_CLOSE, 0, 0);
    expect_none(&a);
    expect_none(&b);
}
END_TEST

static int32_t open_with(struct client *k, uint32_t device, uint32_t privileges, uint32_t media, LINECALLPARAMS *p,
                         uint32_t size)
{
    channel_free(k->call.out);
    memset(&k->call, 0, sizeof(k->call));
    k->call.op = CHANNEL_LINE_OPEN;
    k->call.arg[0] = k->app;
    k->call.arg[1] = device;
    k->call.arg[2] = V2_2;
    k->call.arg[4] = privileges;
    k->call.arg[5] = media;
    k->call.in0 = p;
    k->call.in0_len = p ? size : 0;
    return channel_call(k->c, &k->call);
}

START_TEST(line_mapper)
{
    LINECALLPARAMS p = params();

    ck_assert_int_eq(open_with(&a, LINEMAPPER, OWNER, VOICE, &p, params_size()), 0);
    ck_assert_uint_eq(a.call.ret[1], 2);
    ck_assert_str_eq(fake_log(),
                     "open 0 conditional 0 4 close 0 open 1 conditional 1 4 close 1 open 2 conditional 2 4 media 2 4");
    ck_assert_int_eq(open_with(&b, LINEMAPPER, OWNER, LINEMEDIAMODE_G3FAX, &p, params_size()),
                     (int32_t)LINEERR_LINEMAPPERFAILED);
    ck_assert_int_eq(open_with(&b, LINEMAPPER, OWNER, VOICE, NULL, 0), (int32_t)LINEERR_INVALPOINTER);
    ck_assert_int_eq(open_with(&b, LINEMAPPER, OWNER, VOICE, &p, 8), (int32_t)LINEERR_STRUCTURETOOSMALL);
    ck_assert_uint_eq(fake.line_open[0] + fake.line_open[1] + fake.line_open[3], 0);
}
END_TEST

START_TEST(line_mapper_by_caps)
{
    LINECALLPARAMS p = params();

    client_close(&a);
    client_close(&b);
    fake.missing = "TSPI_lineConditionalMediaDetection";
    ck_assert_int_eq(client_open(&a, V2_2), 0);
    ck_assert_int_eq(open_with(&a, LINEMAPPER, OWNER, VOICE, &p, params_size()), 0);
    ck_assert_uint_eq(a.call.ret[1], 2);
    p.dwBearerMode = LINEBEARERMODE_DATA;
    ck_assert_int_eq(open_with(&a, LINEMAPPER, OWNER, VOICE, &p, params_size()), (int32_t)LINEERR_LINEMAPPERFAILED);
}
END_TEST

START_TEST(single_address_checked)
{
    LINECALLPARAMS p = params();

    fake.addresses[1] = 2;
    p.dwAddressID = 1;
    ck_assert_int_eq(open_with(&a, 1, OWNER | LINEOPENOPTION_SINGLEADDRESS, VOICE, &p, params_size()), 0);
    p.dwAddressID = 2;
    ck_assert_int_eq(open_with(&a, 1, OWNER | LINEOPENOPTION_SINGLEADDRESS, VOICE, &p, params_size()),
                     (int32_t)LINEERR_INVALADDRESSID);
    p.dwAddressID = 0;
    p.dwAddressMode = LINEADDRESSMODE_DIALABLEADDR;
    ck_assert_int_eq(open_with(&a, 1, OWNER | LINEOPENOPTION_SINGLEADDRESS, VOICE, &p, params_size()),
                     (int32_t)LINEERR_INVALADDRESSID);
    ck_assert_int_eq(open_with(&a, 1, OWNER | LINEOPENOPTION_SINGLEADDRESS, VOICE, NULL, 0),
                     (int32_t)LINEERR_INVALADDRESSID);
}
END_TEST

static int32_t open_ext(struct client *k, uint32_t ext, uint32_t *line_handle)
{
    int32_t rc;

    channel_free(k->call.out);
    memset(&k->call, 0, sizeof(k->call));
    k->call.op = CHANNEL_LINE_OPEN;
    k->call.arg[0] = k->app;
    k->call.arg[2] = V2_2;
    k->call.arg[3] = ext;
    k->call.arg[4] = NONE;
    rc = channel_call(k->c, &k->call);
    *line_handle = k->call.ret[0];
    return rc;
}

START_TEST(extension_versions)
{
    uint32_t l1, l2, l3;

    ck_assert_int_eq(open_ext(&a, 0, &l1), 0);
    ck_assert_uint_eq(fake.ext[0], 0);
    ck_assert_int_eq(open_ext(&a, 5, &l2), 0);
    ck_assert_uint_eq(fake.ext[0], 5);
    ck_assert_int_eq(open_ext(&b, 6, &l3), (int32_t)LINEERR_INCOMPATIBLEEXTVERSION);
    ck_assert_int_eq(open_ext(&b, 5, &l3), 0);
    ck_assert_int_eq(op(&a, CHANNEL_LINE_CLOSE, l2, 0, 0, 0), 0);
    ck_assert_uint_eq(fake.ext[0], 5);
    ck_assert_int_eq(op(&b, CHANNEL_LINE_CLOSE, l3, 0, 0, 0), 0);
    ck_assert_uint_eq(fake.ext[0], 0);
    ck_assert_int_eq(open_ext(&b, 6, &l3), 0);
}
END_TEST

START_TEST(status)
{
    uint32_t l = line(&a, 3, OWNER);
    const LINEDEVSTATUS *s;
    LINEAPPINFO info;

    ck_assert_int_eq(op(&a, CHANNEL_LINE_STATUS, l, 0, 0, 0), 0);
    s = a.call.out;
    ck_assert_uint_eq(s->dwNumOpens, 1);
    line(&b, 3, MONITOR);
    ck_assert_int_eq(op(&a, CHANNEL_LINE_STATUS, l, 0, 0, 0), 0);
    s = a.call.out;
    ck_assert_uint_eq(s->dwNumOpens, 2);
    ck_assert_uint_eq(s->dwOpenMediaModes, VOICE);
    ck_assert_uint_eq(s->dwNumActiveCalls, 8);
    ck_assert_uint_eq(s->dwAppInfoSize, 2 * sizeof(info));
    ck_assert_uint_eq(s->dwTotalSize, a.call.out_len);
    memcpy(&info, (const char *)s + s->dwAppInfoOffset + sizeof(info), sizeof(info));
    ck_assert_uint_eq(info.dwFriendlyNameSize, 8);
    ck_assert_mem_eq((const char *)s + info.dwFriendlyNameOffset, "a\0p\0B\0\0", 8);
    ck_assert_int_eq(op(&a, CHANNEL_ADDRESS_STATUS, l, 0, 0, 0), 0);
    ck_assert_uint_eq(((LINEADDRESSSTATUS *)a.call.out)->dwNumInUse, 9);
    ck_assert_int_eq(op(&a, CHANNEL_ADDRESS_STATUS, l, 1, 0, 0), (int32_t)LINEERR_INVALADDRESSID);
    ck_assert_int_eq(op(&a, CHANNEL_LINE_STATUS, 0, 0, 0, 0), (int32_t)LINEERR_INVALLINEHANDLE);
}
END_TEST

START_TEST(address_ids)
{
    static const uint16_t seven[] = {'7', 0};
    uint32_t l = line(&a, 0, NONE);

    ck_assert_int_eq(op_data(&a, CHANNEL_ADDRESS_ID, l, LINEADDRESSMODE_DIALABLEADDR, 0, seven, sizeof(seven), NULL, 0),
                     0);
    ck_assert_uint_eq(a.call.ret[0], 7);
    ck_assert_int_eq(op_data(&a, CHANNEL_ADDRESS_ID, l, LINEADDRESSMODE_ADDRESSID, 0, seven, sizeof(seven), NULL, 0),
                     (int32_t)LINEERR_INVALADDRESSMODE);
    ck_assert_int_eq(op_data(&a, CHANNEL_ADDRESS_ID, l, LINEADDRESSMODE_DIALABLEADDR, 0, NULL, 0, NULL, 0),
                     (int32_t)LINEERR_INVALPOINTER);
}
END_TEST

START_TEST(nonreentrant)
{
    client_close(&a);
    client_close(&b);
    fake.options = LINETSPIOPTION_NONREENTRANT;
    ck_assert_int_eq(client_open(&a, V2_2), 0);
    fake.make = FAKE_EARLY;
    made_call(&a, line(&a, 0, OWNER));
}
END_TEST

Suite *suite_lines(void)
{
    Suite *s = suite_create("engine lines");
    TCase *t = tcase_create("lines");

    tcase_add_checked_fixture(t, setup, fixture_teardown);
    tcase_add_test(t, privileges);
    tcase_add_test(t, media_modes);
    tcase_add_test(t, opened_once);
    tcase_add_test(t, open_fails);
    tcase_add_test(t, union_of_media);
    tcase_add_test(t, union_of_masks);
    tcase_add_test(t, filtered_by_mask);
    tcase_add_test(t, older_lines);
    tcase_add_test(t, opens_and_closes_are_told);
    tcase_add_test(t, line_mapper);
    tcase_add_test(t, line_mapper_by_caps);
    tcase_add_test(t, single_address_checked);
    tcase_add_test(t, extension_versions);
    tcase_add_test(t, status);
    tcase_add_test(t, address_ids);
    tcase_add_test(t, nonreentrant);
    suite_add_tcase(s, t);
    return s;
}
