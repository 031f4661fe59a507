/* Lines that are accounts, through TSPI, beside those of the exchange. SPDX-License-Identifier: MIT */
#include "tests/unit/sip/fixture.h"
#include "include/sessiontsp.h"
#include "tests/support/support.h"
#include "tests/unit/tspi/host.h"
#include "tsp/tspi/account.h"

#include <stdio.h>

static struct config *conf;
static struct peer p;

/* ---- configuration ----------------------------------------------------------------------------------------------- */

static void read_ini(const char *ini)
{
    static const struct session_mem none;

    host_ini = ini;
    conf = NULL;
    ck_assert_int_eq(config_read(&conf, host_source, &none), SESSION_E_OK);
}

static void bad(const char *ini, const char *message, uint32_t accountc)
{
    read_ini(ini);
    ck_assert_uint_eq(conf->messagec, 1);
    ck_assert_str_eq(conf->messagev[0], message);
    ck_assert_uint_eq(conf->linec - conf->first_account, accountc);
    config_free(conf);
}

START_TEST(all_of_it)
{
    const struct sip_account_conf *a;

    read_ini("[account 9]\nuser=bob\ndomain=b.example\n"
             "[account 3]\nuser=ann\ndomain=a.example:5070\nregistrar=r.example, "
             "s.example:5080\nregister=0\nexpires=60\nauth_user=x\n"
             "password=geheim\nproxy=p.example\ntransport=TLS\nsrtp=mandatory\nname=Ann\naddresses=+49301, 302\n"
             "max_sessions=5\nmedia=automatedvoice\nmwi=0\ncompletion=1\nconference_uri=conf\nwatch=701,sip:702@c."
             "example\ndtmf=info\noverlap=1\nkeep_alive=Options\nkeep_alive_s=20\ntemplate=generic\ncode_park="
             "none\ncode_pickup=#8\nreject=486\nid=77\n"
             "[sip]\nbind=127.0.0.1\npublish=192.0.2.1\nstun=stun.example:3479\nport=0\ntls_port=1\nmedia_ports=4000-"
             "4100\ncodecs=G722, pcma\nca_file=/ca\n"
             "cert_file=/c\nkey_file=/k\nverify=0\nnameservers=192.0.2.53, "
             "192.0.2.54:5353\nsession_timer=90\nmax_calls=7\nring_ms=100\n"
             "[line 1]\nnumber=100\n");
    ck_assert_msg(conf->messagec == 0, "%s", conf->messagec ? conf->messagev[0] : "");
    ck_assert_uint_eq(conf->linec, 3);
    ck_assert_uint_eq(conf->first_account, 1);
    ck_assert_str_eq(conf->linev[1].name, "Ann");
    ck_assert_uint_eq(conf->linev[1].addressc, 4);
    ck_assert_str_eq(conf->linev[1].numberv[2], "sip:701@a.example:5070");
    ck_assert_str_eq(conf->linev[1].numberv[3], "sip:702@c.example");
    ck_assert(conf->linev[1].sharingv[1] == SESSION_SHARING_PRIVATE &&
              conf->linev[1].sharingv[3] == SESSION_SHARING_MONITORED);
    ck_assert_str_eq(conf->linev[1].numberv[0], "+49301");
    ck_assert_uint_eq(conf->linev[1].max_sessions, 5);
    ck_assert_uint_eq(conf->linev[1].media_modes, SESSION_MEDIA_AUTOMATEDVOICE);
    ck_assert_uint_eq(conf->linev[1].permanent_id, 77);
    ck_assert_str_eq(conf->linev[2].numberv[0], "bob");
    ck_assert_uint_eq(conf->accounts->sip.accountc, 2);
    a = &conf->accounts->sip.accountv[0];
    ck_assert_uint_eq(a->line, 1);
    ck_assert_str_eq(a->domain, "a.example:5070");
    ck_assert_uint_eq(a->registrarc, 2);
    ck_assert_str_eq(a->registrarv[1], "s.example:5080");
    ck_assert_str_eq(a->password, "geheim");
    ck_assert(a->completion && a->addressc == 2 && a->watchc == 2);
    ck_assert_str_eq(a->watchv[0], "sip:701@a.example:5070");
    ck_assert_str_eq(a->conference, "sip:conf@a.example:5070");
    ck_assert(!conf->accounts->sip.accountv[1].completion && !conf->accounts->sip.accountv[1].watchc);
    ck_assert(!a->do_register && !a->mwi && a->digits == SIP_DIGITS_INFO);
    ck_assert_str_eq(a->codev[SIP_CODE_FORWARD], "*72");
    ck_assert_str_eq(a->codev[SIP_CODE_PICKUP], "#8");
    ck_assert_ptr_null(a->codev[SIP_CODE_PARK]);
    ck_assert(a->overlap && a->alive == SIP_ALIVE_OPTIONS && a->alive_s == 20);
    ck_assert_int_eq(a->transport, SIP_TLS);
    ck_assert_int_eq(a->srtp, SIP_SRTP_MANDATORY);
    ck_assert_uint_eq(a->reject_code, 486);
    ck_assert(conf->accounts->sip.accountv[1].do_register);
    ck_assert_str_eq(conf->accounts->sip.stun, "stun.example:3479");
    ck_assert_uint_eq(conf->accounts->sip.media_first, 4000);
    ck_assert_uint_eq(conf->accounts->sip.media_last, 4100);
    ck_assert_uint_eq(conf->accounts->sip.codecc, 2);
    ck_assert(conf->accounts->sip.codecv[0] == SIP_G722 && conf->accounts->sip.codecv[1] == SIP_PCMA);
    ck_assert_str_eq(conf->accounts->sip.nameserverv[1], "192.0.2.54:5353");
    ck_assert_uint_eq(conf->accounts->sip.min_se, 90);
    ck_assert_uint_eq(conf->accounts->sip.ring_ms, 100);
    config_free(conf);
}
END_TEST

START_TEST(ids_depend_on_the_account_alone)
{
    uint32_t id;

    read_ini("[account 1]\nuser=u\ndomain=d\n");
    id = conf->linev[conf->first_account].permanent_id;
    ck_assert_uint_ne(id, 0);
    config_free(conf);
    read_ini("[line 1]\nnumber=5\n[account 7]\nuser=u\ndomain=d\nname=other\n");
    ck_assert_uint_eq(conf->linev[conf->first_account].permanent_id, id);
    config_free(conf);
}
END_TEST

START_TEST(mistakes)
{
    bad("[account 1]\nuser=u\n", "test.ini:2: [account 1] domain: it is missing", 0);
    bad("[account 1]\ndomain=d\n[account 2]\nuser=u\ndomain=d\n", "test.ini:2: [account 1] user: it is missing", 1);
    bad("[account 1]\nuser=u@x\ndomain=d\n", "test.ini:2: [account 1] user: \"u@x\" is not the name of a user", 0);
    bad("[account 1]\nuser=u\ndomain=a b\n",
        "test.ini:3: [account 1] domain: \"a b\" is not the name or address of a host", 0);
    bad("[account 1]\nuser=u\ndomain=d\ntransport=x\n",
        "test.ini:4: [account 1] transport: \"x\" is none of udp, tcp, tls", 0);
    bad("[account x]\nuser=u\n", "test.ini:2: [account x]: \"x\" is not a number", 0);
    bad("[account 1]\nuser=u\ndomain=d\nwatch=1, http://x\n",
        "test.ini:4: [account 1] watch: \"1, http://x\" is not a list, with commas, of users and sip: addresses", 0);
    bad("[account 1]\nuser=u\ndomain=d\nconference_uri=a b\n",
        "test.ini:4: [account 1] conference_uri: \"a b\" is neither a user nor a sip: address", 0);
    bad("[account 1]\nuser=u\ndomain=d\nfoo=1\n", "test.ini:4: [account 1] foo: there is no such key", 1);
    bad("[sip]\nport=99999\n", "test.ini:2: [sip] port: \"99999\" is not a number from 0 to 65535", 0);
    bad("[sip]\nmedia_ports=5-5\n", "test.ini:2: [sip] media_ports: \"5-5\" is neither 0 nor two ports with - between",
        0);
    bad("[account 1]\nuser=u\ndomain=d\npassword_file=/does/not/exist\n",
        "test.ini:4: [account 1] password_file: \"/does/not/exist\" cannot be read", 0);
}
END_TEST

/* What is wrong leaves the ones that are usual. */
START_TEST(codecs)
{
    static const char *const v[] = {"",      "g729",       "pcmu, g729", "pcmu, pcmu", "pcmu,,g722",
                                    "pcmu,", "pcmu2",      "pcm",        "g722 pcmu",  "pcmu, pcma, g722, pcmu",
                                    ",",     "everything", "g722/16000"};
    char text[100], message[200];

    for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
        (void)snprintf(text, sizeof(text), "[sip]\nbind=127.0.0.1\ncodecs=%s\n", v[i]);
        (void)snprintf(message, sizeof(message),
                       "test.ini:3: [sip] codecs: \"%s\" is not a list, with commas, of pcmu, pcma, g722, each once",
                       v[i]);
        read_ini(text);
        ck_assert_uint_eq(conf->messagec, 1);
        ck_assert_str_eq(conf->messagev[0], message);
        ck_assert_uint_eq(conf->accounts->sip.codecc, 0); /* all of them */
        config_free(conf);
    }
    read_ini("[sip]\ncodecs=Pcmu\n");
    ck_assert_uint_eq(conf->messagec, 0);
    ck_assert(conf->accounts->sip.codecc == 1 && conf->accounts->sip.codecv[0] == SIP_PCMU);
    config_free(conf);
}
END_TEST

/* In a folder whose letters are in no code page. */
START_TEST(a_password_in_a_file)
{
    static const struct {
        const char *has, *wrong;
    } v[] = {
        {"geheim", NULL},
        {"geheim\n", NULL},
        {"geheim\r\nand more\n", NULL},
        {"", "has no password in its first line"},
        {"\ngeheim\n", "has no password in its first line"},
    };
    static char large[64 * 1024 + 1];
    char folder[240], path[300], text[400], message[500];

    support_folder_make("\xD0\x9F\xD0\xB0\xD0\xBF\xD0\xBA\xD0\xB0 \xE6\x96\x87", folder, sizeof folder);
    support_path(path, sizeof path, folder, "\xD0\xBF");
    (void)snprintf(text, sizeof text, "[account 1]\nuser=u\ndomain=d\npassword_file=%s\n", path);
    for (size_t i = 0; i < sizeof v / sizeof v[0]; i++) {
        support_file_write(path, v[i].has, strlen(v[i].has));
        if (v[i].wrong) {
            (void)snprintf(message, sizeof message, "test.ini:4: [account 1] password_file: \"%s\" %s", path,
                           v[i].wrong);
            bad(text, message, 0);
            continue;
        }
        read_ini(text);
        ck_assert_uint_eq(conf->messagec, 0);
        ck_assert_str_eq(conf->accounts->sip.accountv[0].password, "geheim");
        config_free(conf);
    }
    memset(large, 's', sizeof large);
    support_file_write(path, large, 201);
    (void)snprintf(message, sizeof message, "test.ini:4: [account 1] password_file: \"%s\" has too long a first line",
                   path);
    bad(text, message, 0);
    support_file_write(path, large, sizeof large);
    (void)snprintf(message, sizeof message, "test.ini:4: [account 1] password_file: \"%s\" is larger than 64 KiB",
                   path);
    bad(text, message, 0);
    (void)snprintf(text, sizeof text, "[account 1]\nuser=u\ndomain=d\npassword_file=%s\n", folder);
    (void)snprintf(message, sizeof message, "test.ini:4: [account 1] password_file: \"%s\" is a folder", folder);
    bad(text, message, 0);
    support_folder_remove(folder);
}
END_TEST

START_TEST(a_password_is_not_told)
{
    char ini[400] = "[account 1]\nuser=u\ndomain=d\npassword=";

    memset(ini + strlen(ini), 's', 250);
    bad(ini, "test.ini:4: [account 1] password: it is not a text of 1 to 200 bytes", 0);
}
END_TEST

/* ---- lines ------------------------------------------------------------------------------------------------------- */

static char ini[1000];

static void up(const char *more)
{
    peer_open(&p);
    (void)snprintf(ini, sizeof ini,
                   "[line 1]\nnumber=100\n[line 2]\nnumber=101\n[sip]\nbind=127.0.0.1\nport=0\n"
                   "[account 1]\nuser=ann\naddresses=ann,+49301\ndomain=127.0.0.1:%u\nmwi=0\n%s",
                   (unsigned)p.number, more);
    host_start(ini);
    host_open(0, 0x00020002, false);
    host_open(1, 0x00020002, false);
    host_open(2, 0x00020002, true);
}

static void down(void)
{
    host_stop();
    peer_close(&p);
}

static bool is_ringback(const struct host_event *e)
{
    return e->msg == LINE_CALLSTATE && e->p1 == LINECALLSTATE_RINGBACK;
}

static bool is_connected(const struct host_event *e)
{
    return e->msg == LINE_CALLSTATE && e->p1 == LINECALLSTATE_CONNECTED;
}

static bool is_gone(const struct host_event *e)
{
    return e->msg == LINE_CALLSTATE && e->p1 == LINECALLSTATE_DISCONNECTED;
}

static bool is_in_service(const struct host_event *e)
{
    return e->msg == LINE_LINEDEVSTATE && e->p1 == LINEDEVSTATE_INSERVICE;
}

static bool is_new(const struct host_event *e)
{
    return e->msg == (DWORD)LINE_NEWCALL;
}

static DWORD status_flags(void)
{
    LINEDEVSTATUS s = {.dwTotalSize = sizeof s};

    ck_assert_int_eq(TSPI_lineGetLineDevStatus(host.linev[2], &s), 0);
    return s.dwDevStatusFlags;
}

START_TEST(placed)
{
    HDRVCALL out;

    up("register=0\n");
    ck_assert_uint_eq(status_flags(), LINEDEVSTATUSFLAGS_CONNECTED | LINEDEVSTATUSFLAGS_INSERVICE);
    out = host_make(2, 1, u"+49 (30) 7");
    peer_expect(&p, "INVITE");
    ck_assert(peer_has(&p, "INVITE sip:+49307@127.0.0.1:"));
    peer_answer(&p, 180, NULL);
    host_wait(is_ringback);
    peer_answer(&p, 200, peer_sdp);
    host_wait(is_connected);
    peer_expect(&p, "ACK");
    ck_assert_uint_eq(host_state(out), LINECALLSTATE_CONNECTED);
    ck_assert_int_eq(TSPI_lineDrop(host_request(), out, NULL, 0), 1 + 1);
    peer_expect(&p, "BYE");
    peer_answer(&p, 200, NULL);
    ck_assert_int_eq(TSPI_lineCloseCall(out), 0);
    /* a URI is dialled there, and nowhere else */
    out = host_make(2, 2, u"sip:x@127.0.0.1:9");
    ck_assert_int_eq(TSPI_lineCloseCall(out), 0);
    {
        DRV_REQUESTID request = host.next_request;
        HDRVCALL hd = NULL;

        ck_assert_int_eq(TSPI_lineMakeCall(request, host.linev[0], HOST_CALL(3), &hd, u"sip:x@y", 0, NULL),
                         ERR(INVALADDRESS));
    }
    down();
}
END_TEST

START_TEST(offered)
{
    HDRVCALL in;
    LINECALLINFO *info = calloc(1, 2000);

    up("register=0\n");
    {
        /* where it listens is in its first request */
        HDRVCALL out = host_make(2, 1, u"1");

        peer_expect(&p, "INVITE");
        peer_answer(&p, 486, NULL);
        host_wait(is_gone);
        ck_assert_int_eq(TSPI_lineCloseCall(out), 0);
    }
    peer_send(&p, p.from,
              "INVITE sip:+49301@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bK1\r\n"
              "Max-Forwards: 70\r\nFrom: \"Bob\" <sip:200@127.0.0.1>;tag=1\r\nTo: <sip:+49301@127.0.0.1>\r\n"
              "Call-ID: 1\r\nCSeq: 1 INVITE\r\nContact: <sip:200@127.0.0.1:%u>\r\nContent-Length: 0\r\n\r\n",
              (unsigned)p.number, (unsigned)p.number);
    host_wait(is_new);
    peer_expect(&p, "180");
    in = host_new(1000);
    info->dwTotalSize = 2000;
    ck_assert_int_eq(TSPI_lineGetCallInfo(in, info), 0);
    ck_assert_uint_eq(info->dwAddressID, 1); /* it was called by its second number */
    ck_assert_uint_eq(info->dwOrigin, LINECALLORIGIN_EXTERNAL);
    ck_assert_uint_eq(info->dwCallerIDFlags, LINECALLPARTYID_ADDRESS | LINECALLPARTYID_NAME);
    ck_assert_int_gt(TSPI_lineDrop(host_request(), in, NULL, 0), 0);
    peer_expect(&p, "603");
    ck_assert_int_eq(TSPI_lineCloseCall(in), 0);
    free(info);
    down();
}
END_TEST

/* What the extension says of a line's registration. */
static struct sessiontsp_registration registration(DWORD line)
{
    struct {
        LINEDEVSTATUS s;
        char room[1000];
    } status = {.s = {.dwTotalSize = sizeof status}};
    struct sessiontsp_registration r;

    ck_assert_int_eq(TSPI_lineGetLineDevStatus(host.linev[line], &status.s), 0);
    ck_assert_uint_eq(status.s.dwDevSpecificSize, 0);
    ck_assert_int_eq(TSPI_lineSelectExtVersion(host.linev[line], SESSIONTSP_LINE_EXT_VERSION), 0);
    ck_assert_int_eq(TSPI_lineGetLineDevStatus(host.linev[line], &status.s), 0);
    ck_assert_uint_eq(status.s.dwDevSpecificSize, sizeof r);
    memcpy(&r, (char *)&status + status.s.dwDevSpecificOffset, sizeof r);
    ck_assert_int_eq(TSPI_lineSelectExtVersion(host.linev[line], 0), 0);
    return r;
}

START_TEST(service_follows_registration)
{
    struct sessiontsp_registration r;
    char text[200];

    up("");
    ck_assert_uint_eq(status_flags() & LINEDEVSTATUSFLAGS_INSERVICE, 0);
    r = registration(2);
    ck_assert_uint_eq(r.dwState, SESSIONTSP_REGISTRATION_NOT);
    ck_assert_uint_eq(r.dwSeconds, 0);
    (void)platform_utf16_to_utf8((const uint16_t *)r.szText, SIZE_MAX, text, sizeof text);
    ck_assert_str_eq(text, "not registered yet");
    ck_assert_uint_eq(registration(0).dwState, SESSIONTSP_REGISTRATION_NONE);
    {
        DRV_REQUESTID request = host.next_request;
        HDRVCALL hd = NULL;

        /* no calls before it is registered; a trunk has nothing to wait for */
        ck_assert_int_eq(TSPI_lineMakeCall(request, host.linev[2], HOST_CALL(3), &hd, u"1", 0, NULL), ERR(CALLUNAVAIL));
    }
    peer_expect(&p, "REGISTER");
    {
        char extra[300];

        (void)snprintf(extra, sizeof extra, "Contact: %s;expires=600\r\n", peer_header(&p, "Contact"));
        peer_answer(&p, 200, extra);
    }
    host_wait(is_in_service);
    ck_assert_uint_eq(status_flags(), LINEDEVSTATUSFLAGS_CONNECTED | LINEDEVSTATUSFLAGS_INSERVICE);
    r = registration(2);
    ck_assert_uint_eq(r.dwState, SESSIONTSP_REGISTRATION_REGISTERED);
    ck_assert(r.dwSeconds > 0 && r.dwSeconds <= 600);
    ck_assert_uint_eq(r.szText[0], 0);
    down();
    up("register=0\n");
    ck_assert_uint_eq(registration(2).dwState, SESSIONTSP_REGISTRATION_TRUNK);
    down();
}
END_TEST

START_TEST(each_line_by_its_own)
{
    LINEDEVCAPS *caps = calloc(1, 4000);
    LINEADDRESSCAPS *address = calloc(1, 4000);
    uint32_t featurev[2];
    HDRVCALL out;

    up("register=0\n");
    for (DWORD line = 0; line < 3; line += 2) {
        address->dwTotalSize = 4000;
        ck_assert_int_eq(TSPI_lineGetAddressCaps(HOST_DEVICE_BASE + line, 0, 0x00020002, 0, address), 0);
        featurev[line / 2] = address->dwCallFeatures;
    }
    ck_assert(featurev[0] & LINECALLFEATURE_SENDUSERUSER);
    ck_assert(!(featurev[1] & LINECALLFEATURE_SENDUSERUSER));
    ck_assert(featurev[1] & LINECALLFEATURE_BLINDTRANSFER);
    caps->dwTotalSize = 4000;
    ck_assert_int_eq(TSPI_lineGetDevCaps(HOST_DEVICE_BASE + 2, 0x00020002, 0, caps), 0);
    ck_assert(caps->dwLineStates & LINEDEVSTATE_OUTOFSERVICE);
    ck_assert(!(caps->dwLineStates & LINEDEVSTATE_TERMINALS));
    ck_assert_uint_eq(caps->dwNumAddresses, 2);
    ck_assert_int_eq(TSPI_lineGetDevCaps(HOST_DEVICE_BASE, 0x00020002, 0, caps), 0);
    ck_assert(caps->dwLineStates & LINEDEVSTATE_TERMINALS);
    /* the exchange is as it was */
    host_forget();
    out = host_make(0, 1, u"101");
    ck_assert_str_eq(host_trace(),
                     "reply 1 ok\n1 DIALING 0\n1 PROCEEDING 0\nnew 1000\n1000 OFFERING 1\n1 RINGBACK 0\n");
    ck_assert_int_eq(TSPI_lineCloseCall(out), 0);
    ck_assert_int_eq(TSPI_lineCloseCall(host_new(1000)), 0);
    /* and what the account cannot do is refused there */
    out = host_make(2, 2, u"");
    ck_assert_int_eq(TSPI_lineSendUserUserInfo(host_request(), out, "x", 1), ERR(OPERATIONUNAVAIL));
    host.next_request--;
    ck_assert_int_eq(TSPI_lineCloseCall(out), 0);
    free(caps);
    free(address);
    down();
}
END_TEST

static bool is_busy(const struct host_event *e)
{
    return e->msg == LINE_CALLSTATE && e->p1 == LINECALLSTATE_BUSY;
}

static DWORD call_features2(HDRVCALL call)
{
    LINECALLSTATUS s = {.dwTotalSize = sizeof s};

    ck_assert_int_eq(TSPI_lineGetCallStatus(call, &s), 0);
    return s.dwCallFeatures2;
}

/* What an account is allowed to do shows, and nothing else. */
START_TEST(completion_and_watching_by_the_account)
{
    LINEADDRESSCAPS *address = calloc(1, 4000);
    LINEDEVCAPS *caps = calloc(1, 4000);
    LINEADDRESSSTATUS s = {.dwTotalSize = sizeof s};
    HDRVCALL out;

    for (int on = 0; on < 2; on++) {
        up(on ? "register=0\ncompletion=1\nwatch=102\n" : "register=0\n");
        address->dwTotalSize = caps->dwTotalSize = 4000;
        ck_assert_int_eq(TSPI_lineGetDevCaps(HOST_DEVICE_BASE + 2, 0x00020002, 0, caps), 0);
        ck_assert_int_eq(TSPI_lineGetAddressCaps(HOST_DEVICE_BASE + 2, 0, 0x00020002, 0, address), 0);
        ck_assert_uint_eq(caps->dwNumAddresses, on ? 3 : 2);
        ck_assert_uint_eq(caps->dwLineStates & (LINEDEVSTATE_NUMCOMPLETIONS | LINEDEVSTATE_COMPLCANCEL),
                          on ? LINEDEVSTATE_NUMCOMPLETIONS | LINEDEVSTATE_COMPLCANCEL : 0);
        ck_assert_uint_eq(address->dwCallFeatures & LINECALLFEATURE_COMPLETECALL,
                          on ? LINECALLFEATURE_COMPLETECALL : 0);
        ck_assert_uint_eq(address->dwCallFeatures2 & (LINECALLFEATURE2_COMPLCAMPON | LINECALLFEATURE2_COMPLCALLBACK |
                                                      LINECALLFEATURE2_COMPLINTRUDE | LINECALLFEATURE2_COMPLMESSAGE),
                          on ? LINECALLFEATURE2_COMPLCALLBACK : 0);
        ck_assert_uint_eq(address->dwCallCompletionModes, on ? LINECALLCOMPLMODE_CALLBACK : 0);
        ck_assert_uint_eq(address->dwMaxCallCompletions != 0, on);
        ck_assert_uint_eq(address->dwNumCompletionMessages, 0);
        ck_assert_uint_eq(address->dwAddressFeatures & LINEADDRFEATURE_PICKUP, on ? LINEADDRFEATURE_PICKUP : 0);
        if (on) {
            char text[100];

            peer_expect(&p, "SUBSCRIBE");
            ck_assert_int_eq(TSPI_lineGetAddressCaps(HOST_DEVICE_BASE + 2, 2, 0x00020002, 0, address), 0);
            ck_assert_uint_eq(address->dwAddressSharing, LINEADDRESSSHARING_MONITORED);
            ck_assert_uint_eq(address->dwAddressFeatures, 0);
            (void)platform_utf16_to_utf8((const uint16_t *)(void *)((char *)address + address->dwAddressOffset),
                                         SIZE_MAX, text, sizeof text);
            ck_assert(!strncmp(text, "sip:102@127.0.0.1:", 18));
            ck_assert_int_eq(TSPI_lineGetAddressStatus(host.linev[2], 2, &s), 0);
            ck_assert_uint_eq(s.dwNumInUse, 0);
        }
        out = host_make(2, 1, u"1");
        peer_expect(&p, "INVITE");
        peer_answer(&p, 180, NULL);
        host_wait(is_ringback);
        ck_assert_uint_eq(call_features2(out) & LINECALLFEATURE2_COMPLCALLBACK,
                          on ? LINECALLFEATURE2_COMPLCALLBACK : 0);
        ck_assert(!(call_features2(out) & LINECALLFEATURE2_COMPLMESSAGE));
        peer_answer(&p, 486, NULL);
        host_wait(on ? is_busy : is_gone);
        ck_assert(!(call_features2(out) & LINECALLFEATURE2_COMPLCAMPON));
        ck_assert_int_eq(TSPI_lineCloseCall(out), 0);
        down();
    }
    free(address);
    free(caps);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("sip lines");
    TCase *t = tcase_create("lines");
    SRunner *r;
    int failed;

    tcase_set_timeout(t, 0);
    tcase_add_test(t, all_of_it);
    tcase_add_test(t, ids_depend_on_the_account_alone);
    tcase_add_test(t, mistakes);
    tcase_add_test(t, codecs);
    tcase_add_test(t, a_password_in_a_file);
    tcase_add_test(t, a_password_is_not_told);
    tcase_add_test(t, placed);
    tcase_add_test(t, offered);
    tcase_add_test(t, service_follows_registration);
    tcase_add_test(t, each_line_by_its_own);
    tcase_add_test(t, completion_and_watching_by_the_account);
    suite_add_tcase(s, t);
    r = srunner_create(s);
    srunner_add_suite(r, dynamic_suite());
    srunner_add_suite(r, ended_suite());
    srunner_set_fork_status(r, CK_NOFORK);
    srunner_run_all(r, CK_ENV);
    failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
