/* Negotiation, devices, parameters of calls, errors. SPDX-License-Identifier: MIT */
#include "include/sessiontsp.h"
#include "tests/unit/tspi/host.h"

#include "tsp/tspi/errors.h"

static void up(void)
{
    host_start(NULL);
    host_open(0, 0x00020002, false);
    host_open(1, 0x00020002, false);
}

static void nothing(void)
{
}

/* ---- without a running provider ------------------------------------------------------------------------------------
 */

START_TEST(negotiation)
{
    static const struct {
        DWORD low, high, result;
    } casev[] = {
        {0x00010003, 0x00020002, 0x00020002},
        {0x00010003, 0x00030001, 0x00020002},
        {0x00010000, 0x00010003, 0x00010003},
        {0x00010003, 0x0001000F, 0x00010004},
        {0x00020000, 0x00020001, 0x00020001},
        {0x00020000, 0x00020000, 0x00020000},
        {0, 0xFFFFFFFF, 0x00020002},
        {0x00030000, 0x00030001, 0},
        {0x00010005, 0x0001FFFF, 0},
        {0x00020002, 0x00010003, 0},
        {0, 0, 0},
    };

    for (size_t i = 0; i < sizeof casev / sizeof *casev; i++) {
        DWORD version = 0;
        LONG result =
            TSPI_lineNegotiateTSPIVersion((DWORD)INITIALIZE_NEGOTIATION, casev[i].low, casev[i].high, &version);

        ck_assert_int_eq(result, casev[i].result ? 0 : ERR(INCOMPATIBLEAPIVERSION));
        ck_assert_uint_eq(version, casev[i].result);
        version = 0;
        result = TSPI_phoneNegotiateTSPIVersion((DWORD)INITIALIZE_NEGOTIATION, casev[i].low, casev[i].high, &version);
        ck_assert_int_eq(result, casev[i].result ? 0 : (LONG)PHONEERR_INCOMPATIBLEAPIVERSION);
        ck_assert_uint_eq(version, casev[i].result);
    }
    ck_assert_int_eq(TSPI_lineNegotiateTSPIVersion((DWORD)INITIALIZE_NEGOTIATION, 0x10003, 0x20002, NULL),
                     ERR(INVALPOINTER));
}
END_TEST

START_TEST(nothing_runs)
{
    DWORD n;
    HDRVLINE line;

    ck_assert_int_eq(TSPI_lineNegotiateTSPIVersion(0, 0x10003, 0x20002, &n), ERR(NODRIVER));
    ck_assert_int_eq(TSPI_lineOpen(0, HOST_LINE(0), &line, 0x20002, host_line_event), ERR(NODRIVER));
    ck_assert_int_eq(TSPI_lineClose(NULL), ERR(INVALLINEHANDLE));
    ck_assert_int_eq(TSPI_lineCloseCall((HDRVCALL)(uintptr_t)5), ERR(INVALCALLHANDLE));
    ck_assert_int_eq(TSPI_providerShutdown(0x20002, 1), 0);
    ck_assert_int_eq(TSPI_providerInit(0x30000, 1, 0, 0, 1, 0, host_completion, &n), ERR(INCOMPATIBLEAPIVERSION));
    ck_assert_int_eq(TSPI_providerInit(0x20002, 1, 0, 0, 1, 0, NULL, &n), ERR(INVALPOINTER));
    ck_assert_int_eq(TSPI_providerEnumDevices(1, NULL, &n, NULL, NULL, NULL), ERR(INVALPOINTER));
}
END_TEST

START_TEST(init_twice_is_counted)
{
    DWORD n;

    host_start(NULL);
    ck_assert_int_eq(host_init(4), 0);
    ck_assert_int_eq(TSPI_providerShutdown(0x20002, 42), 0);
    ck_assert_int_eq(TSPI_lineNegotiateTSPIVersion(HOST_DEVICE_BASE, 0x10003, 0x20002, &n), 0);
    host_stop();
    ck_assert_int_eq(TSPI_lineNegotiateTSPIVersion(HOST_DEVICE_BASE, 0x10003, 0x20002, &n), ERR(NODRIVER));
}
END_TEST

START_TEST(host_takes_fewer_lines)
{
    DWORD n;

    host_start(NULL);
    ck_assert_int_eq(TSPI_providerShutdown(0x20002, 42), 0);
    ck_assert_int_eq(host_init(2), 0);
    ck_assert_int_eq(TSPI_lineNegotiateTSPIVersion(HOST_DEVICE_BASE + 1, 0x10003, 0x20002, &n), 0);
    ck_assert_int_eq(TSPI_lineNegotiateTSPIVersion(HOST_DEVICE_BASE + 2, 0x10003, 0x20002, &n), ERR(NODRIVER));
    ck_assert_int_eq(TSPI_lineNegotiateTSPIVersion(HOST_DEVICE_BASE - 1, 0x10003, 0x20002, &n), ERR(NODRIVER));
    host_stop();
}
END_TEST

START_TEST(provider_functions)
{
    ck_assert_int_eq(TSPI_providerInstall(NULL, 1), 0);
    ck_assert_int_eq(TSPI_providerRemove(NULL, 1), 0);
    ck_assert_int_eq(TSPI_providerConfig(NULL, 1), ERR(OPERATIONFAILED));
    ck_assert_int_eq(TSPI_providerCreateLineDevice(1, 2), ERR(BADDEVICEID));
    ck_assert_int_eq(TSPI_providerCreatePhoneDevice(1, 2), (LONG)PHONEERR_BADDEVICEID);
    ck_assert_int_eq(TSPI_providerGenericDialogData(1, 1, NULL, 0), ERR(INVALPARAM));
    ck_assert_int_eq(TSPI_providerFreeDialogInstance(NULL), ERR(INVALPARAM));
    ck_assert_int_eq(TSPI_providerUIIdentify(NULL), ERR(INVALPOINTER));
}
END_TEST

START_TEST(names_ui_library)
{
    WCHAR path[260] = {0};
    char text[600];
    LONG result = TSPI_providerUIIdentify(path);

    if (result == ERR(OPERATIONUNAVAIL))
        return; /* where there are no dialogs */
    ck_assert_int_eq(result, 0);
    (void)platform_utf16_to_utf8((const uint16_t *)path, SIZE_MAX, text, sizeof text);
    ck_assert_ptr_nonnull(strstr(text, "sessiontspui.dll"));
    ck_assert(strchr(text, '\\') || strchr(text, '/'));
}
END_TEST

static const char *const all_namev[] = {
#define TSPI_NAME(name) #name,
#include "tsp/tspi/names.def"
#undef TSPI_NAME
};

START_TEST(every_name_is_found)
{
    ck_assert_uint_eq(sizeof all_namev / sizeof *all_namev, 114);
    for (size_t i = 0; i < sizeof all_namev / sizeof *all_namev; i++)
        ck_assert_ptr_nonnull(sessiontsp_lookup(all_namev[i]));
    ck_assert_ptr_null(sessiontsp_lookup("TSPI_lineNothing"));
    ck_assert_ptr_null(sessiontsp_lookup(""));
    ck_assert_ptr_null(sessiontsp_lookup(NULL));
    ck_assert_int_eq(TSPI_lineDevSpecific(1, NULL, 0, NULL, NULL, 0), ERR(INVALPOINTER));
    ck_assert_int_eq(TSPI_phoneOpen(0, NULL, NULL, 0, NULL), (LONG)PHONEERR_INVALPOINTER);
    ck_assert_int_eq(TSPI_phoneNegotiateTSPIVersion(0, 0x10003, 0x20002, &(DWORD){0}), (LONG)PHONEERR_NODRIVER);
    ck_assert_int_eq(TSPI_lineSetCurrentLocation(0), ERR(OPERATIONFAILED));
}
END_TEST

START_TEST(error_table)
{
    static const struct {
        enum session_err err;
        LONG result;
    } rowv[] = {
#define ROW(name, value) {SESSION_E_##name, (LONG)(value)},
        TSPI_ERROR_MAP(ROW)
#undef ROW
    };

    ck_assert_uint_eq(sizeof rowv / sizeof *rowv, SESSION_E_COUNT);
    for (size_t i = 0; i < SESSION_E_COUNT; i++) {
        ck_assert_int_eq(tspi_error((enum session_err)i), i ? rowv[i].result : 0);
        ck_assert_int_eq(rowv[i].err, i);
        ck_assert(i == 0 || tspi_error((enum session_err)i) < 0);
        for (size_t k = 0; k < i; k++)
            ck_assert_int_ne(tspi_error((enum session_err)k), tspi_error((enum session_err)i));
    }
    ck_assert_int_eq(tspi_error((enum session_err)1000), ERR(OPERATIONFAILED));
}
END_TEST

/* ---- lines ---------------------------------------------------------------------------------------------------------
 */

START_TEST(open_errors)
{
    HDRVLINE line;

    ck_assert_int_eq(TSPI_lineOpen(HOST_DEVICE_BASE, HOST_LINE(0), &line, 0x20002, host_line_event), ERR(ALLOCATED));
    ck_assert_int_eq(TSPI_lineOpen(HOST_DEVICE_BASE + 4, HOST_LINE(0), &line, 0x20002, host_line_event), ERR(NODRIVER));
    ck_assert_int_eq(TSPI_lineOpen(HOST_DEVICE_BASE + 2, HOST_LINE(0), &line, 0x30000, host_line_event),
                     ERR(INCOMPATIBLEAPIVERSION));
    ck_assert_int_eq(TSPI_lineOpen(HOST_DEVICE_BASE + 2, HOST_LINE(0), NULL, 0x20002, host_line_event),
                     ERR(INVALPOINTER));
    ck_assert_int_eq(TSPI_lineOpen(HOST_DEVICE_BASE + 2, HOST_LINE(0), &line, 0x20002, NULL), ERR(INVALPOINTER));
}
END_TEST

START_TEST(extensions)
{
    LINEEXTENSIONID id;
    DWORD version;

    memset(&id, 0xFF, sizeof id);
    ck_assert_int_eq(TSPI_lineGetExtensionID(HOST_DEVICE_BASE, 0x20002, &id), 0);
    ck_assert_uint_eq(id.dwExtensionID0, SESSIONTSP_LINE_EXT_ID0);
    ck_assert_uint_eq(id.dwExtensionID1, SESSIONTSP_LINE_EXT_ID1);
    ck_assert_uint_eq(id.dwExtensionID2, SESSIONTSP_LINE_EXT_ID2);
    ck_assert_uint_eq(id.dwExtensionID3, SESSIONTSP_LINE_EXT_ID3);
    ck_assert_int_eq(TSPI_lineGetExtensionID(HOST_DEVICE_BASE, 0x30000, &id), ERR(INCOMPATIBLEAPIVERSION));
    ck_assert_int_eq(TSPI_lineGetExtensionID(99, 0x20002, &id), ERR(NODRIVER));
    ck_assert_int_eq(TSPI_lineNegotiateExtVersion(HOST_DEVICE_BASE, 0x20002, 0, 0xFFFFFFFF, &version), 0);
    ck_assert_uint_eq(version, SESSIONTSP_LINE_EXT_VERSION);
    ck_assert_int_eq(TSPI_lineNegotiateExtVersion(HOST_DEVICE_BASE, 0x20002, 0, 0xFFFF, &version),
                     ERR(INCOMPATIBLEEXTVERSION));
    ck_assert_int_eq(TSPI_lineNegotiateExtVersion(HOST_DEVICE_BASE, 0x20002, 0x10001, 0x20000, &version),
                     ERR(INCOMPATIBLEEXTVERSION));
    ck_assert_int_eq(TSPI_lineNegotiateExtVersion(HOST_DEVICE_BASE, 0x30000, 0, 0xFFFFFFFF, &version),
                     ERR(INCOMPATIBLEAPIVERSION));
    ck_assert_int_eq(TSPI_lineSelectExtVersion(host.linev[0], 0), 0);
    ck_assert_int_eq(TSPI_lineSelectExtVersion(host.linev[0], 1), ERR(INCOMPATIBLEEXTVERSION));
}
END_TEST

START_TEST(caps_errors)
{
    LINEDEVCAPS caps = {.dwTotalSize = sizeof caps};
    LINEADDRESSCAPS acaps = {.dwTotalSize = sizeof acaps};

    ck_assert_int_eq(TSPI_lineGetDevCaps(99, 0x20002, 0, &caps), ERR(NODRIVER));
    ck_assert_int_eq(TSPI_lineGetDevCaps(HOST_DEVICE_BASE, 0x30000, 0, &caps), ERR(INCOMPATIBLEAPIVERSION));
    ck_assert_int_eq(TSPI_lineGetDevCaps(HOST_DEVICE_BASE, 0x20002, 7, &caps), ERR(INCOMPATIBLEEXTVERSION));
    ck_assert_int_eq(TSPI_lineGetAddressCaps(HOST_DEVICE_BASE, 1, 0x20002, 0, &acaps), ERR(INVALADDRESSID));
    ck_assert_int_eq(TSPI_lineGetAddressCaps(HOST_DEVICE_BASE, 0xFFFFFFFF, 0x20002, 0, &acaps), ERR(INVALADDRESSID));
}
END_TEST

START_TEST(masks)
{
    ck_assert_int_eq(TSPI_lineSetStatusMessages(host.linev[0], 0x02000000, 0), ERR(INVALLINESTATE));
    ck_assert_int_eq(TSPI_lineSetStatusMessages(host.linev[0], 0, 0x200), ERR(INVALADDRESSSTATE));
    ck_assert_int_eq(TSPI_lineSetStatusMessages(host.linev[0], 0x01FFFFFF, 0x1FF), 0);
    ck_assert_int_eq(TSPI_lineSetDefaultMediaDetection(host.linev[0], LINEMEDIAMODE_DATAMODEM), ERR(INVALMEDIAMODE));
    ck_assert_int_eq(TSPI_lineSetDefaultMediaDetection(host.linev[0], 0), 0);
    ck_assert_int_eq(TSPI_lineConditionalMediaDetection(host.linev[0], LINEMEDIAMODE_INTERACTIVEVOICE, NULL), 0);
    ck_assert_int_eq(TSPI_lineConditionalMediaDetection(host.linev[0], LINEMEDIAMODE_G3FAX, NULL), ERR(INVALMEDIAMODE));
    (void)host_make(0, 1, u"602");
    (void)host_make(0, 2, u"602");
    ck_assert_int_eq(TSPI_lineConditionalMediaDetection(host.linev[0], LINEMEDIAMODE_INTERACTIVEVOICE, NULL),
                     ERR(RESOURCEUNAVAIL));
}
END_TEST

/* As lineOpen with LINEMAPPER asks: any address will do, or one that is named; only some of the parameters count. */
START_TEST(conditional_detection)
{
    struct {
        LINECALLPARAMS p;
        WCHAR number[4];
    } u = {.p = {.dwTotalSize = sizeof u, .dwAddressMode = LINEADDRESSMODE_ADDRESSID}, .number = {'2', '0', '1', 0}};
    const DWORD voice = LINEMEDIAMODE_INTERACTIVEVOICE;
    HDRVLINE line;
    HDRVCALL call;

    host_stop();
    host_start("[line 0]\naddresses=200,201\naddress_max_sessions=1\n[line 1]\naddresses=200,300\n"
               "sharing=monitored,private\n[line 2]\nnumber=300\n");
    line = host_open(0, 0x00020002, false);
    u.p.dwAddressID = 77; /* any will do */
    u.p.dwUserUserInfoSize = 4;
    u.p.dwUserUserInfoOffset = (DWORD)((char *)u.number - (char *)&u);
    u.p.dwCallDataSize = 8;
    u.p.dwCallDataOffset = u.p.dwUserUserInfoOffset;
    u.p.dwPredictiveAutoTransferStates = LINECALLSTATE_CONNECTED;
    ck_assert_int_eq(TSPI_lineConditionalMediaDetection(line, voice, &u.p), 0);
    u.p.dwCallParamFlags = LINECALLPARAMFLAGS_IDLE | LINECALLPARAMFLAGS_BLOCKID;
    ck_assert_int_eq(TSPI_lineConditionalMediaDetection(line, voice | LINEMEDIAMODE_UNKNOWN, &u.p), 0);
    call = host_make(0, 1, u"602");
    ck_assert_int_eq(TSPI_lineConditionalMediaDetection(line, voice, &u.p), ERR(RESOURCEUNAVAIL)); /* it is not idle */
    u.p.dwCallParamFlags = 0;
    ck_assert_int_eq(TSPI_lineConditionalMediaDetection(line, voice, &u.p), 0); /* the second address is free */
    u.p.dwAddressMode = LINEADDRESSMODE_DIALABLEADDR;
    u.p.dwOrigAddressSize = sizeof u.number;
    u.p.dwOrigAddressOffset = u.p.dwUserUserInfoOffset;
    ck_assert_int_eq(TSPI_lineConditionalMediaDetection(line, voice, &u.p), 0);
    u.number[2] = '0';
    ck_assert_int_eq(TSPI_lineConditionalMediaDetection(line, voice, &u.p), ERR(RESOURCEUNAVAIL));
    u.number[2] = '9';
    ck_assert_int_eq(TSPI_lineConditionalMediaDetection(line, voice, &u.p), ERR(OPERATIONUNAVAIL));
    u.p.dwAddressMode = LINEADDRESSMODE_ADDRESSID;
    u.p.dwMediaMode = LINEMEDIAMODE_G3FAX;
    ck_assert_int_eq(TSPI_lineConditionalMediaDetection(line, voice, &u.p), ERR(INVALMEDIAMODE));
    u.p.dwMediaMode = voice;
    u.p.dwBearerMode = LINEBEARERMODE_DATA;
    ck_assert_int_eq(TSPI_lineConditionalMediaDetection(line, voice, &u.p), ERR(OPERATIONUNAVAIL));
    u.p.dwBearerMode = LINEBEARERMODE_VOICE;
    u.p.dwMinRate = 10000000;
    ck_assert_int_eq(TSPI_lineConditionalMediaDetection(line, voice, &u.p), ERR(OPERATIONUNAVAIL));
    u.p.dwMinRate = 0;
    u.p.dwTotalSize = 8;
    ck_assert_int_eq(TSPI_lineConditionalMediaDetection(line, voice, &u.p), ERR(OPERATIONUNAVAIL));
    ck_assert_int_eq(TSPI_lineConditionalMediaDetection(line, 0, NULL), 0);
    ck_assert_int_eq(host_state(call), LINECALLSTATE_RINGBACK); /* nothing has changed */
}
END_TEST

START_TEST(address_ids)
{
    DWORD n = 99;

    ck_assert_int_eq(TSPI_lineGetNumAddressIDs(host.linev[0], &n), 0);
    ck_assert_uint_eq(n, 1);
    ck_assert_int_eq(TSPI_lineGetAddressID(host.linev[1], &n, LINEADDRESSMODE_DIALABLEADDR, u"101", 4), 0);
    ck_assert_uint_eq(n, 0);
    ck_assert_int_eq(TSPI_lineGetAddressID(host.linev[1], &n, LINEADDRESSMODE_DIALABLEADDR, u"(1) 01", 7), 0);
    ck_assert_int_eq(TSPI_lineGetAddressID(host.linev[1], &n, LINEADDRESSMODE_DIALABLEADDR, u"100", 4),
                     ERR(INVALADDRESS));
    ck_assert_int_eq(TSPI_lineGetAddressID(host.linev[1], &n, LINEADDRESSMODE_DIALABLEADDR, u"101", 2),
                     ERR(INVALADDRESS));
    ck_assert_int_eq(TSPI_lineGetAddressID(host.linev[1], &n, LINEADDRESSMODE_DIALABLEADDR, u"", 1), ERR(INVALADDRESS));
    ck_assert_int_eq(TSPI_lineGetAddressID(host.linev[1], &n, LINEADDRESSMODE_ADDRESSID, u"101", 4),
                     ERR(INVALADDRESSMODE));
    ck_assert_int_eq(TSPI_lineGetAddressID(host.linev[1], &n, LINEADDRESSMODE_DIALABLEADDR, NULL, 4),
                     ERR(INVALPOINTER));
}
END_TEST

START_TEST(device_ids)
{
    struct {
        VARSTRING v;
        unsigned char room[16];
    } s = {.v = {.dwTotalSize = sizeof s}};
    HDRVCALL call = host_make(0, 1, u"602");
    DWORD device;

    ck_assert_int_eq(TSPI_lineGetID(NULL, 0, call, LINECALLSELECT_CALL, &s.v, u"TAPI/Line", NULL), 0);
    ck_assert_uint_eq(s.v.dwStringFormat, STRINGFORMAT_BINARY);
    ck_assert_uint_eq(s.v.dwStringSize, 4);
    memcpy(&device, (unsigned char *)&s + s.v.dwStringOffset, 4);
    ck_assert_uint_eq(device, HOST_DEVICE_BASE);
    ck_assert_int_eq(TSPI_lineGetID(host.linev[0], 0, NULL, LINECALLSELECT_ADDRESS, &s.v, u"tapi/line", NULL), 0);
    ck_assert_int_eq(TSPI_lineGetID(host.linev[0], 1, NULL, LINECALLSELECT_ADDRESS, &s.v, u"tapi/line", NULL),
                     ERR(INVALADDRESSID));
    ck_assert_int_eq(TSPI_lineGetID(host.linev[0], 0, NULL, LINECALLSELECT_CALL, &s.v, u"tapi/line", NULL),
                     ERR(INVALCALLHANDLE));
    ck_assert_int_eq(TSPI_lineGetID(NULL, 0, NULL, LINECALLSELECT_LINE, &s.v, u"tapi/line", NULL),
                     ERR(INVALLINEHANDLE));
    ck_assert_int_eq(TSPI_lineGetID(host.linev[0], 0, NULL, 3, &s.v, u"tapi/line", NULL), ERR(INVALCALLSELECT));
    ck_assert_int_eq(TSPI_lineGetID(host.linev[0], 0, NULL, LINECALLSELECT_LINE, &s.v, u"wave/in", NULL),
                     ERR(NODEVICE));
    ck_assert_int_eq(TSPI_lineGetID(host.linev[0], 0, NULL, LINECALLSELECT_LINE, &s.v, NULL, NULL), ERR(INVALPOINTER));
}
END_TEST

START_TEST(icon_and_config)
{
    struct {
        VARSTRING v;
        unsigned char blob[64];
    } s = {.v = {.dwTotalSize = sizeof s}};
    HICON icon = (HICON)(uintptr_t)1;
    unsigned char *blob;

    ck_assert_int_eq(TSPI_lineGetIcon(HOST_DEVICE_BASE, NULL, &icon), 0);
    ck_assert_ptr_null(icon);
    ck_assert_int_eq(TSPI_lineGetIcon(HOST_DEVICE_BASE, u"wave/in", &icon), ERR(INVALDEVICECLASS));
    ck_assert_int_eq(TSPI_lineGetDevConfig(HOST_DEVICE_BASE, &s.v, u"tapi/line"), 0);
    blob = (unsigned char *)&s + s.v.dwStringOffset;
    ck_assert_int_eq(TSPI_lineSetDevConfig(HOST_DEVICE_BASE, blob, s.v.dwStringSize, u"tapi/line"), 0);
    ck_assert_int_eq(TSPI_lineSetDevConfig(HOST_DEVICE_BASE + 1, blob, s.v.dwStringSize, u"tapi/line"),
                     ERR(INVALPARAM));
    ck_assert_int_eq(TSPI_lineSetDevConfig(HOST_DEVICE_BASE, blob, s.v.dwStringSize - 1, NULL), ERR(INVALPARAM));
    ck_assert_int_eq(TSPI_lineSetDevConfig(HOST_DEVICE_BASE, blob, 0, NULL), ERR(INVALPARAM));
    blob[5] ^= 1;
    ck_assert_int_eq(TSPI_lineSetDevConfig(HOST_DEVICE_BASE, blob, s.v.dwStringSize, NULL), ERR(INVALPARAM));
    ck_assert_int_eq(TSPI_lineSetDevConfig(HOST_DEVICE_BASE, NULL, 4, NULL), ERR(INVALPOINTER));
    ck_assert_int_eq(TSPI_lineSetDevConfig(HOST_DEVICE_BASE, blob, 4, u"comm"), ERR(INVALDEVICECLASS));
}
END_TEST

/* ---- parameters of calls
 * --------------------------------------------------------------------------------------------- */

/* Size and address mode given, and whatever else. */
#define RAW(size, mode, ...) ((LINECALLPARAMS){.dwTotalSize = (size), .dwAddressMode = (mode), __VA_ARGS__})
#define PARAMS(...) RAW(sizeof(LINECALLPARAMS), LINEADDRESSMODE_ADDRESSID, __VA_ARGS__)

static LONG make_with(LINECALLPARAMS params)
{
    HDRVCALL hd = NULL;
    LONG result = TSPI_lineMakeCall(host.next_request, host.linev[0], HOST_CALL(1), &hd, u"602", 0, &params);

    if (result > 0) {
        host.next_request++;
        ck_assert_int_eq(TSPI_lineCloseCall(hd), 0);
    }
    return result > 0 ? 0 : result;
}

START_TEST(call_parameters)
{
    const struct {
        LINECALLPARAMS params;
        LONG result;
    } casev[] = {
        {PARAMS(.dwBearerMode = 0), 0},
        {PARAMS(.dwBearerMode = LINEBEARERMODE_VOICE), 0},
        {PARAMS(.dwBearerMode = LINEBEARERMODE_DATA), ERR(BEARERMODEUNAVAIL)},
        {PARAMS(.dwBearerMode = LINEBEARERMODE_PASSTHROUGH), ERR(BEARERMODEUNAVAIL)},
        {PARAMS(.dwBearerMode = 0x00010000), ERR(BEARERMODEUNAVAIL)},
        {PARAMS(.dwBearerMode = 3), ERR(INVALBEARERMODE)},
        {PARAMS(.dwBearerMode = 0x100), ERR(INVALBEARERMODE)},
        {PARAMS(.dwMinRate = 1000, .dwMaxRate = 999), ERR(INVALRATE)},
        {PARAMS(.dwMinRate = 64001, .dwMaxRate = 128000), ERR(RATEUNAVAIL)},
        {PARAMS(.dwMinRate = 64001), ERR(RATEUNAVAIL)},
        {PARAMS(.dwMinRate = 3100, .dwMaxRate = 128000), 0},
        {PARAMS(.dwMediaMode = LINEMEDIAMODE_INTERACTIVEVOICE), 0},
        {PARAMS(.dwMediaMode = LINEMEDIAMODE_AUTOMATEDVOICE), 0},
        {PARAMS(.dwMediaMode = LINEMEDIAMODE_INTERACTIVEVOICE | LINEMEDIAMODE_UNKNOWN), 0},
        {PARAMS(.dwMediaMode = LINEMEDIAMODE_G3FAX), ERR(INVALMEDIAMODE)},
        {PARAMS(.dwMediaMode = LINEMEDIAMODE_INTERACTIVEVOICE | LINEMEDIAMODE_AUTOMATEDVOICE), ERR(INVALMEDIAMODE)},
        {PARAMS(.dwMediaMode = 0x01000000), ERR(INVALMEDIAMODE)},
        {PARAMS(.dwMediaMode = 1), ERR(INVALMEDIAMODE)},
        {PARAMS(.dwCallParamFlags = LINECALLPARAMFLAGS_IDLE), 0},
        {PARAMS(.dwCallParamFlags = LINECALLPARAMFLAGS_ORIGOFFHOOK | LINECALLPARAMFLAGS_BLOCKID), 0},
        {PARAMS(.dwCallParamFlags = LINECALLPARAMFLAGS_SECURE), 0},
        {PARAMS(.dwCallParamFlags = LINECALLPARAMFLAGS_PREDICTIVEDIAL), ERR(INVALCALLPARAMS)},
        {PARAMS(.dwCallParamFlags = 0x80000000), ERR(INVALCALLPARAMS)},
        {PARAMS(.dwPredictiveAutoTransferStates = 1), ERR(INVALCALLPARAMS)},
        {PARAMS(.dwAddressID = 1), ERR(INVALADDRESSID)},
        {PARAMS(.dwAddressID = 0xFFFFFFFF), ERR(INVALADDRESSID)},
        {RAW(sizeof(LINECALLPARAMS), 0, .dwAddressID = 0), ERR(INVALADDRESSMODE)},
        {RAW(sizeof(LINECALLPARAMS), 3, .dwAddressID = 0), ERR(INVALADDRESSMODE)},
        {RAW(sizeof(LINECALLPARAMS), LINEADDRESSMODE_DIALABLEADDR, .dwAddressID = 0), ERR(INVALADDRESS)},
        {PARAMS(.dwUserUserInfoSize = 4, .dwUserUserInfoOffset = 120), 0},
        {RAW(0, LINEADDRESSMODE_ADDRESSID, .dwAddressID = 0), ERR(INVALCALLPARAMS)},
        {RAW(111, LINEADDRESSMODE_ADDRESSID, .dwAddressID = 0), ERR(INVALCALLPARAMS)},
        {RAW(112, LINEADDRESSMODE_ADDRESSID, .dwAddressID = 0), 0}, /* all that a party below 2.0 knows */
        {RAW(175, LINEADDRESSMODE_ADDRESSID, .dwAddressID = 0), 0},
        {RAW(112, LINEADDRESSMODE_ADDRESSID, .dwPredictiveAutoTransferStates = 1), 0}, /* not there */
        {PARAMS(.dwCommentSize = 1, .dwCommentOffset = 0), ERR(INVALCALLPARAMS)},
        {PARAMS(.dwCommentSize = 1, .dwCommentOffset = sizeof(LINECALLPARAMS)), ERR(INVALCALLPARAMS)},
        {PARAMS(.dwCommentSize = 0xFFFFFFFF, .dwCommentOffset = 120), ERR(INVALCALLPARAMS)},
        {PARAMS(.dwOrigAddressSize = 8, .dwOrigAddressOffset = 0xFFFFFFFC), ERR(INVALCALLPARAMS)},
        {PARAMS(.dwCallDataSize = 8, .dwCallDataOffset = sizeof(LINECALLPARAMS) - 7), ERR(INVALCALLPARAMS)},
        {PARAMS(.dwCallDataSize = 0, .dwCallDataOffset = 0xFFFFFFFF), 0},
    };

    for (size_t i = 0; i < sizeof casev / sizeof *casev; i++) {
        LONG result = make_with(casev[i].params);

        ck_assert_msg(result == casev[i].result, "case %u: %x", (unsigned)i, (unsigned)result);
    }
    host_forget();
}
END_TEST

START_TEST(originating_address_as_number)
{
    struct {
        LINECALLPARAMS params;
        WCHAR number[8];
    } s = {.params = {.dwTotalSize = sizeof s,
                      .dwAddressMode = LINEADDRESSMODE_DIALABLEADDR,
                      .dwOrigAddressOffset = offsetof(
                          struct {
                              LINECALLPARAMS p;
                              WCHAR n[8];
                          },
                          n)}};
    HDRVCALL hd;
    DWORD address;

    host_stop();
    host_start("[line 0]\naddresses=100,200\n");
    host_open(0, 0x20002, false);
    memcpy(s.number, u"200", 8);
    s.params.dwOrigAddressSize = 8;
    ck_assert_int_gt(TSPI_lineMakeCall(host_request(), host.linev[0], HOST_CALL(1), &hd, u"602", 0, &s.params), 0);
    ck_assert_int_eq(TSPI_lineGetCallAddressID(hd, &address), 0);
    ck_assert_uint_eq(address, 1);
    memcpy(s.number, u"201", 8);
    ck_assert_int_eq(TSPI_lineMakeCall(99, host.linev[0], HOST_CALL(1), &hd, u"602", 0, &s.params), ERR(INVALADDRESS));
    s.params.dwOrigAddressSize = 3; /* not even whole characters */
    ck_assert_int_eq(TSPI_lineMakeCall(99, host.linev[0], HOST_CALL(1), &hd, u"602", 0, &s.params), ERR(INVALADDRESS));
}
END_TEST

START_TEST(make_call_errors)
{
    static WCHAR longest[10001];
    HDRVCALL hd = (HDRVCALL)(uintptr_t)0x55;

    for (int i = 0; i < 10000; i++)
        longest[i] = '1';
    ck_assert_int_eq(TSPI_lineMakeCall(1, host.linev[0], HOST_CALL(1), NULL, u"602", 0, NULL), ERR(INVALPOINTER));
    ck_assert_int_eq(TSPI_lineMakeCall(0, host.linev[0], HOST_CALL(1), &hd, u"602", 0, NULL), ERR(INVALPARAM));
    ck_assert_int_eq(TSPI_lineMakeCall(0x80000001, host.linev[0], HOST_CALL(1), &hd, u"602", 0, NULL), ERR(INVALPARAM));
    ck_assert_int_eq(TSPI_lineMakeCall(1, host.linev[0], HOST_CALL(1), &hd, longest, 0, NULL), ERR(INVALADDRESS));
    memcpy(longest, u"602", 6);
    for (int i = 3; i < 9999; i++)
        longest[i] = ' '; /* only formatting, but not to be cut to another number */
    ck_assert_int_eq(TSPI_lineMakeCall(1, host.linev[0], HOST_CALL(1), &hd, longest, 0, NULL), ERR(INVALADDRESS));
    for (int i = 0; i < 10000; i++)
        longest[i] = '1';
    longest[0] = 0x20AC;
    ck_assert_int_eq(TSPI_lineMakeCall(1, host.linev[0], HOST_CALL(1), &hd, longest, 0, NULL), ERR(INVALADDRESS));
    longest[0] = '1';
    longest[300] = 0;
    ck_assert_int_eq(TSPI_lineMakeCall(1, host.linev[0], HOST_CALL(1), &hd, longest, 0, NULL), ERR(INVALADDRESS));
    ck_assert_int_eq(TSPI_lineMakeCall(1, host.linev[0], HOST_CALL(1), &hd, u"6\u20AC", 0, NULL), ERR(INVALADDRESS));
    ck_assert_int_eq(TSPI_lineMakeCall(1, host.linev[0], HOST_CALL(1), &hd, u"602$", 0, NULL), ERR(DIALBILLING));
    ck_assert_int_eq(TSPI_lineMakeCall(1, host.linev[0], HOST_CALL(1), &hd, u"W602", 0, NULL), ERR(DIALDIALTONE));
    ck_assert_ptr_eq(hd, (HDRVCALL)(uintptr_t)0x55);
    ck_assert_str_eq(host_trace(), "");
    ck_assert_int_eq(TSPI_lineDrop(0, hd, NULL, 0), ERR(INVALPARAM));
}
END_TEST

START_TEST(limits)
{
    HDRVCALL hd;

    (void)host_make(0, 1, u"602");
    ck_assert_int_eq(make_with(PARAMS(.dwCallParamFlags = LINECALLPARAMFLAGS_IDLE)), ERR(CALLUNAVAIL));
    (void)host_make(0, 2, u"602");
    ck_assert_int_eq(TSPI_lineMakeCall(9, host.linev[0], HOST_CALL(3), &hd, u"602", 0, NULL), ERR(CALLUNAVAIL));
    host_stop();
    host_start("[provider]\nmax_sessions=1\n");
    host_open(0, 0x20002, false);
    (void)host_make(0, 1, u"602");
    ck_assert_int_eq(TSPI_lineMakeCall(9, host.linev[0], HOST_CALL(2), &hd, u"602", 0, NULL), ERR(RESOURCEUNAVAIL));
}
END_TEST

Suite *suite_lines(void)
{
    Suite *s = suite_create("lines");
    TCase *off = tcase_create("off"), *c = tcase_create("lines");

    tcase_set_timeout(off, 0);
    tcase_add_checked_fixture(off, nothing, nothing);
    tcase_add_test(off, negotiation);
    tcase_add_test(off, nothing_runs);
    tcase_add_test(off, init_twice_is_counted);
    tcase_add_test(off, host_takes_fewer_lines);
    tcase_add_test(off, provider_functions);
    tcase_add_test(off, names_ui_library);
    tcase_add_test(off, every_name_is_found);
    tcase_add_test(off, error_table);
    suite_add_tcase(s, off);
    tcase_set_timeout(c, 0);
    tcase_add_checked_fixture(c, up, host_stop);
    tcase_add_test(c, open_errors);
    tcase_add_test(c, extensions);
    tcase_add_test(c, caps_errors);
    tcase_add_test(c, masks);
    tcase_add_test(c, conditional_detection);
    tcase_add_test(c, address_ids);
    tcase_add_test(c, device_ids);
    tcase_add_test(c, icon_and_config);
    tcase_add_test(c, call_parameters);
    tcase_add_test(c, originating_address_as_number);
    tcase_add_test(c, make_call_errors);
    tcase_add_test(c, limits);
    suite_add_tcase(s, c);
    return s;
}
