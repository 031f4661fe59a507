/* Messages of every kind that RFC 4475 describes, one after the other: what comes back, and that the line goes on.
 * SPDX-License-Identifier: MIT */
#include "tests/unit/sip/faults.h"

#include <stdio.h>
#include <string.h>

static struct fixture f;
static struct peer p;
static char domain[64];
static unsigned number; /* of the message */

/* {p} is the peer's port, {n} a number of the message's own, {s} the length of SDP. */
#define VIA "Via: SIP/2.0/UDP 127.0.0.1:{p};branch=z9hG4bKt{n}\r\n"
#define REST(method) "Call-ID: t{n}\r\nCSeq: 7 " method "\r\nMax-Forwards: 70\r\n"
#define WHO "From: <sip:200@127.0.0.1>;tag=t{n}\r\nTo: <sip:u0@127.0.0.1>\r\n"
#define CONTACT "Contact: <sip:peer@127.0.0.1:{p}>\r\n"
#define EMPTY "Content-Length: 0\r\n\r\n"
#define SDP "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8\r\n"
#define SDP_TYPE "Content-Type: application/sdp\r\n"
#define INVITE_LINE "INVITE sip:u0@127.0.0.1 SIP/2.0\r\n"
#define LONG "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
#define LONGER LONG LONG LONG

/*
 * `want`: what may come back, with spaces between: a code; "-": nothing; "call": the call is offered. Where the RFC has
 * an element reject what PJSIP's parser does not take, silence is as good: it says nothing to who cannot speak.
 */
static const struct {
    const char *section, *what, *want, *message;
} casev[] = {
    {"3.1.1.1", "blanks, folded lines and odd cases", "call",
     "INVITE sip:u0@127.0.0.1;unknownparam SIP/2.0\r\nTO :\r\n sip:u0@127.0.0.1 ;   x    = y\r\nfrom   : \"A Caller "
     "\\\"\"  "
     "     <sip:200@127.0.0.1>\r\n  ;\r\n  tag = t{n}\r\nMaX-fOrWaRdS: 0068\r\nCall-ID: t{n}\r\nContent-Length   : "
     "0\r\ncseq: 0009\r\n  INVITE\r\nVia  : SIP  /   2.0\r\n /UDP\r\n    127.0.0.1:{p};branch=t{n}\r\ns "
     ":\r\nNewHeader:   a "
     "value\r\n continued\r\nOddValue: ;;,,;;,;\r\nv:  SIP  / 2.0  / TCP     host.example   ;\r\n  branch  =   "
     "z9hG4bK9  "
     ",\r\n SIP  /    2.0   / UDP  192.0.2.111   ; branch=\r\n z9hG4bK3\r\nm:\"Quoted \\\"\\\"\" "
     "<sip:peer@127.0.0.1:{p}> ; p "
     "=\r\n      v ;\r\n  second ; q = 0.33\r\n\r\n"},
    {"3.1.1.2", "characters that are seldom seen", "405 501",
     "!odd-Method0123456789_*+`.%indeed'~ "
     "sip:1_odd.!~*'()&=+$,;?/%40:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@127.0.0.1 "
     "SIP/2.0\r\n" VIA "To: \"BEL:\x07 NUL:x DEL:\x7F\" <sip:1_odd.!~*'()&=+$,;?/%40@127.0.0.1>\r\nFrom: token1~` "
     "token2'+_ token3*%!.- "
     "<sip:mundane@127.0.0.1>;fromParam''~+*_!.-%=\"\xD1\x80\xD0\xB0\xD0\xB1\";tag=_token~1'+`*%!-."
     "\r\nCall-ID: odd.{n}-%ZY~!.*'@*()<>:\\/\"][?}{\r\nCSeq: 139122385 "
     "!odd-Method0123456789_*+`.%indeed'~\r\nMax-Forwards: "
     "255\r\nextensionHeader-!.%*+_`'~:\xEF\xBB\xBF\xE5\xA4\xA7\r\n" EMPTY},
    {"3.1.1.3", "a user that is escaped and means the same", "call",
     "INVITE sip:%75%30@127.0.0.1 SIP/2.0\r\n" VIA WHO REST("INVITE") CONTACT EMPTY},
    {"3.1.1.3", "a user that only looks like another URI", "404",
     "INVITE sip:sips%3Au0%40127.0.0.1@127.0.0.1 SIP/2.0\r\n" VIA WHO REST("INVITE") CONTACT EMPTY},
    {"3.1.1.4", "zeros that are escaped", "405",
     "REGISTER sip:127.0.0.1 SIP/2.0\r\n" VIA
     "From: sip:null-%00-null@127.0.0.1;tag=t{n}\r\nTo: sip:null-%00-null@127.0.0.1\r\n" REST(
         "REGISTER") "Contact: <sip:%00@127.0.0.1:{p}>, <sip:%00%00@127.0.0.1:{p}>\r\n" EMPTY},
    {"3.1.1.4", "a user with a zero behind it is another", "404",
     "INVITE sip:u0%00@127.0.0.1 SIP/2.0\r\n" VIA WHO REST("INVITE") CONTACT EMPTY},
    {"3.1.1.5", "percent signs that escape nothing", "405 501",
     "RE%47IST%45R sip:127.0.0.1 SIP/2.0\r\n" VIA
     "From: \"%Z%45\" <sip:resource@127.0.0.1>;tag=t{n}\r\nTo: \"%Z%45\" <sip:resource@127.0.0.1>\r\n" REST(
         "RE%47IST%45R") "Contact: <sip:alias1@127.0.0.1>\r\n" EMPTY},
    {"3.1.1.6", "no blank between name and address", "200",
     "OPTIONS sip:u0@127.0.0.1 SIP/2.0\r\n" VIA "From: caller<sip:200@127.0.0.1>;tag=t{n}\r\nTo: "
     "sip:u0@127.0.0.1\r\n" REST("OPTIONS") EMPTY},
    {"3.1.1.7", "long values", "call",
     INVITE_LINE "To: \"I have a name of more than a hundred characters " LONG "\" <sip:u0@127.0.0.1;unknownparam=" LONG
                 ";other=" LONG ">\r\nFrom: sip:" LONG "@127.0.0.1;tag=" LONG ";unknownparameter=" LONG
                 ";valueless" LONG "\r\nCall-ID: t{n}-" LONGER
                 "\r\nCSeq: 7 INVITE\r\nMax-Forwards: 70\r\nUnknownHeader-" LONG ": " LONGER " " LONGER "\r\n" VIA
                 "Via: SIP/2.0/TCP host1.example;branch=z9hG4bK" LONG ", SIP/2.0/UDP host2.example;branch=z9hG4bK" LONG
                 "\r\n"
                 "Contact: <sip:peer@127.0.0.1:{p};x=" LONG ">\r\n" EMPTY},
    {"3.1.1.8", "more in the datagram than the message: it is not looked at", "405",
     "REGISTER sip:127.0.0.1 SIP/2.0\r\n" VIA WHO REST("REGISTER") EMPTY INVITE_LINE
     "Via: SIP/2.0/UDP 127.0.0.1:{p};branch=z9hG4bKtt{n}\r\nFrom: <sip:200@127.0.0.1>;tag=tt{n}\r\nTo: "
     "<sip:u0@127.0.0.1>\r\nCall-ID: tt{n}\r\nCSeq: 7 INVITE\r\nMax-Forwards: 70\r\n" CONTACT EMPTY},
    {"3.1.1.8", "nor is what comes behind a description", "call",
     INVITE_LINE VIA WHO REST("INVITE") CONTACT SDP_TYPE "Content-Length: {s}\r\n\r\n" SDP "\1\2\3\r\nv=9\r\n"},
    {"3.1.1.9", "parameters in the user", "200",
     "OPTIONS sip:user;par=u%40example.net@127.0.0.1 SIP/2.0\r\n" VIA "From: sip:200@127.0.0.1;tag=t{n}\r\nTo: "
     "sip:user;par=u%40example.net@127.0.0.1\r\n" REST("OPTIONS") "Accept: application/sdp\r\n" EMPTY},
    {"3.1.1.10", "transports of all kinds on the way", "200",
     "OPTIONS sip:u0@127.0.0.1 SIP/2.0\r\n" VIA "Via: SIP/2.0/SCTP t1.example;branch=z9hG4bKa\r\nVia: SIP/2.0/TLS "
     "t2.example;branch=z9hG4bKb\r\nVia: SIP/2.0/UNKNOWN "
     "t3.example;branch=z9hG4bKc\r\nVia: SIP/2.0/TCP t4.example;branch=z9hG4bKd\r\n" WHO REST("OPTIONS") EMPTY},
    {"3.1.1.11", "a body of several parts, with all bytes in it", "405",
     "MESSAGE sip:u0@127.0.0.1 SIP/2.0\r\n" VIA WHO REST(
         "MESSAGE") "Content-Type: multipart/mixed;boundary=7a9cbec02ceef655\r\n\r\n"
                    "--7a9cbec02ceef655\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: "
                    "binary\r\n\r\nHello\r\n"
                    "--7a9cbec02ceef655\r\nContent-Type: application/octet-stream\r\n\r\n\x80\xFF\x01\r\n"},
    {"3.1.1.11", "a description that is one part of several", "call",
     INVITE_LINE VIA WHO REST("INVITE") CONTACT
     "Content-Type: multipart/mixed;boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b\r\n" SDP_TYPE
     "\r\n" SDP "\r\n--b--\r\n"},
    {"3.1.2.1", "separators that do not belong there", "400 -",
     INVITE_LINE "Via: SIP/2.0/UDP 127.0.0.1:{p};;,;,,\r\n" WHO REST(
         "INVITE") "Contact: \"Joe\" <sip:joe@127.0.0.1>;;;;\r\n" EMPTY},
    {"3.1.2.2", "a length that is more than there is", "400",
     INVITE_LINE VIA WHO REST("INVITE") CONTACT SDP_TYPE "Content-Length: 9999\r\n\r\n" SDP},
    {"3.1.2.3", "a length below zero", "400 -",
     INVITE_LINE VIA WHO REST("INVITE") CONTACT SDP_TYPE "Content-Length: -999\r\n\r\n" SDP},
    {"3.1.2.4", "numbers that are too large", "400 -",
     "REGISTER sip:127.0.0.1 SIP/2.0\r\n" VIA WHO
     "CSeq: 36893488147419103232 REGISTER\r\nCall-ID: t{n}\r\nMax-Forwards: 300\r\nExpires: "
     "1000000000000000000000000000000000\r\nContact: <sip:200@127.0.0.1>;expires=280297596632815\r\n" EMPTY},
    {"3.1.2.6", "a quote that is not closed", "400 -",
     INVITE_LINE VIA "From: <sip:200@127.0.0.1>;tag=t{n}\r\nTo: \"Mr. J. User <sip:u0@127.0.0.1>\r\n" REST("INVITE")
         CONTACT EMPTY},
    {"3.1.2.7", "a target in brackets", "400 -",
     "INVITE <sip:u0@127.0.0.1> SIP/2.0\r\n" VIA WHO REST("INVITE") CONTACT EMPTY},
    {"3.1.2.8", "a blank in the target", "400 -",
     "INVITE sip:u0@127.0.0.1; lr SIP/2.0\r\n" VIA WHO REST("INVITE") CONTACT EMPTY},
    {"3.1.2.9", "two blanks between the parts of the first line", "400 - call",
     "INVITE  sip:u0@127.0.0.1  SIP/2.0\r\n" VIA WHO REST("INVITE") CONTACT EMPTY},
    {"3.1.2.10", "blanks at the end of the first line", "400 200",
     "OPTIONS sip:u0@127.0.0.1 SIP/2.0  \r\n" VIA WHO REST("OPTIONS") EMPTY},
    {"3.1.2.11", "headers in the target: they are not obeyed", "400 - call",
     "INVITE sip:u0@127.0.0.1?Route=%3Csip:nobody@127.0.0.1%3E SIP/2.0\r\n" VIA WHO REST("INVITE") CONTACT EMPTY},
    {"3.1.2.12", "a date of a zone that there is not", "400 call",
     INVITE_LINE VIA WHO REST("INVITE") CONTACT "Date: Fri, 01 Jan 2010 16:00:00 EST\r\n" EMPTY},
    {"3.1.2.13", "an address that should be in brackets", "400 405 -",
     "REGISTER sip:127.0.0.1 SIP/2.0\r\n" VIA WHO REST(
         "REGISTER") "Contact: sip:user@127.0.0.1?Route=%3Csip:sip.example%3E\r\n" EMPTY},
    {"3.1.2.14", "blanks inside of brackets", "400 200 -",
     "OPTIONS sip:u0@127.0.0.1 SIP/2.0\r\n" VIA
     "From: <sip:200@127.0.0.1>;tag=t{n}\r\nTo: \"User, T\" < sip:u0@127.0.0.1 >\r\n" REST("OPTIONS") EMPTY},
    {"3.1.2.15", "a name with a comma and no quotes", "400 200 -",
     "OPTIONS sip:u0@127.0.0.1 SIP/2.0\r\n" VIA "From: Bell, Alexander <sip:200@127.0.0.1>;tag=t{n}\r\nTo: User, T. "
     "<sip:u0@127.0.0.1>\r\n" REST("OPTIONS") EMPTY},
    {"3.1.2.16", "a version that there is not", "505 400 -",
     "OPTIONS sip:u0@127.0.0.1 SIP/7.0\r\nVia: SIP/7.0/UDP 127.0.0.1:{p};branch=z9hG4bKt{n}\r\n" WHO REST("OPTIONS")
         EMPTY},
    {"3.1.2.17", "methods that differ", "400", "OPTIONS sip:u0@127.0.0.1 SIP/2.0\r\n" VIA WHO REST("INVITE") EMPTY},
    {"3.1.2.18", "methods that differ, one of them unknown", "400 405 501",
     "NEWMETHOD sip:u0@127.0.0.1 SIP/2.0\r\n" VIA WHO REST("INVITE") EMPTY},
    {"3.2.1", "a branch that says nothing", "200 400",
     "OPTIONS sip:u0@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{p};branch=z9hG4bK\r\n" WHO REST("OPTIONS") EMPTY},
    {"3.3.1", "headers that are missing", "400 -",
     INVITE_LINE VIA "CSeq: 193942 INVITE\r\nContact: <sip:peer@127.0.0.1:{p}>\r\n" SDP_TYPE "\r\n" SDP},
    {"3.3.2", "a target of an unknown scheme", "416 -",
     "OPTIONS nobodyKnowsThisScheme:totallyopaquecontent SIP/2.0\r\n" VIA WHO REST("OPTIONS") EMPTY},
    {"3.3.3", "a target of a scheme that is not SIP's", "416 -",
     "OPTIONS soap.beep://192.0.2.103:3002 SIP/2.0\r\n" VIA WHO REST("OPTIONS") EMPTY},
    {"3.3.4", "unknown schemes in all headers", "405 400 404",
     "REGISTER sip:127.0.0.1 SIP/2.0\r\n" VIA "From: <http://www.example.com>;tag=t{n}\r\nTo: isbn:2983792873\r\n" REST(
         "REGISTER") "Contact: <name:John_Smith>\r\n" EMPTY},
    {"3.3.5", "extensions that are not known", "420",
     "OPTIONS sip:u0@127.0.0.1 SIP/2.0\r\n" VIA WHO REST(
         "OPTIONS") "Require: nothingSupportsThis, nothingSupportsThisEither\r\nProxy-Require: "
                    "noProxiesSupportThis\r\n" EMPTY},
    {"3.3.5", "extensions of a call that are not known", "420",
     INVITE_LINE VIA WHO REST("INVITE") CONTACT "Require: nothingSupportsThis\r\n" EMPTY},
    {"3.3.6", "a body of an unknown type", "415",
     INVITE_LINE VIA WHO REST("INVITE") CONTACT
     "Content-Type: application/unknownformat\r\nContent-Length: 14\r\n\r\n<audio>x</a>\r\n"},
    {"3.3.7", "an unknown way to show who one is", "405 -",
     "REGISTER sip:127.0.0.1 SIP/2.0\r\n" VIA WHO REST(
         "REGISTER") "Authorization: NoOneKnowsThisScheme opaque-data=here\r\n" EMPTY},
    {"3.3.7", "the same with a call: nobody has asked", "call -",
     INVITE_LINE VIA WHO REST("INVITE") CONTACT "Authorization: NoOneKnowsThisScheme opaque-data=here\r\n" EMPTY},
    {"3.3.8", "several of what there is one of", "400",
     INVITE_LINE VIA WHO REST(
         "INVITE") "From: <sip:201@127.0.0.1>;tag=x{n}\r\nTo: <sip:u1@127.0.0.1>\r\nCall-ID: x{n}\r\n"
                   "CSeq: 8 INVITE\r\nMax-Forwards: 5\r\n" CONTACT EMPTY},
    {"3.3.9", "two lengths", "400",
     "OPTIONS sip:u0@127.0.0.1 SIP/2.0\r\n" VIA WHO REST(
         "OPTIONS") "Content-Length: 13\r\nContent-Length: 5\r\nContent-Type: text/plain\r\n\r\nThere are no."},
    {"3.3.11", "it may go no further, and need not", "200 483",
     "OPTIONS sip:u0@127.0.0.1 SIP/2.0\r\n" VIA WHO "Call-ID: t{n}\r\nCSeq: 7 OPTIONS\r\nMax-Forwards: 0\r\n" EMPTY},
    {"3.3.12", "parameters of a contact", "405",
     "REGISTER sip:127.0.0.1 SIP/2.0\r\n" VIA WHO REST(
         "REGISTER") "Contact: sip:+19725552222@gw1.example.net;unknownparam\r\n" EMPTY},
    {"3.3.13", "parameters of the address in a contact", "405",
     "REGISTER sip:127.0.0.1 SIP/2.0\r\n" VIA WHO REST(
         "REGISTER") "Contact: <sip:+19725552222@gw1.example.net;unknownparam>\r\n" EMPTY},
    {"3.3.14", "headers of the address in a contact", "405",
     "REGISTER sip:127.0.0.1 SIP/2.0\r\n" VIA WHO REST(
         "REGISTER") "Contact: <sip:user@127.0.0.1?Route=%3Csip:sip.example%3E>\r\n" EMPTY},
    {"3.3.15", "who calls takes nothing that there is", "406",
     INVITE_LINE VIA WHO REST("INVITE") CONTACT "Accept: text/nobodyKnowsThis\r\n" EMPTY},
    {"3.4.1", "a call as RFC 2543 had it", "call",
     INVITE_LINE
     "Via: SIP/2.0/UDP 127.0.0.1:{p}\r\nRecord-Route: <sip:127.0.0.1:{p}>\r\nFrom: "
     "<sip:+13035551111@127.0.0.1;user=phone>\r\nTo: <sip:u0@127.0.0.1>\r\nCall-ID: t{n}\r\nCSeq: 1 INVITE\r\n" CONTACT
         SDP_TYPE "\r\n" SDP},
};

static void open_line(void)
{
    peer_open(&p);
    fixture_init(&f, 2);
    (void)snprintf(domain, sizeof(domain), "127.0.0.1:%u", (unsigned)p.number);
    f.accountv[0].domain = f.accountv[1].domain = domain;
    fixture_open(&f);
    p.from = sip_port(f.b, SIP_UDP);
}

static void close_line(void)
{
    fixture_close(&f);
    peer_close(&p);
}

static size_t fill(char *out, size_t size, const char *text)
{
    size_t n = 0;

    for (; *text && n + 16 < size; text++) {
        if (text[0] == '{' && text[1] && strchr("pns", text[1]) && text[2] == '}') {
            unsigned value = text[1] == 'p' ? p.number : text[1] == 'n' ? number : (unsigned)sizeof(SDP) - 1;

            n += (size_t)snprintf(out + n, size - n, "%u", value);
            text += 2;
        } else {
            out[n++] = *text;
        }
    }
    out[n] = '\0';
    return n;
}

static bool may(const char *want, const char *what)
{
    size_t len = strlen(what);

    for (const char *at = want; (at = strstr(at, what)); at++) {
        if ((at == want || at[-1] == ' ') && (at[len] == ' ' || !at[len])) {
            return true;
        }
    }
    return false;
}

/* What has come back, and nothing that has not to: the last code of an answer, "call", or "-". */
static const char *outcome(void)
{
    static char code[4];

    settle(&f);
    take(&f);
    (void)snprintf(code, sizeof(code), "-");
    peer_mark(&p);
    while (peer_more(&p)) {
        ck_assert_msg(!strncmp(p.data, "SIP/2.0 ", 8), "it is no answer: %.200s", p.data);
        memcpy(code, p.data + 8, 3);
    }
    return f.legc ? "call" : code;
}

START_TEST(every_section)
{
    static char text[16384];

    open_line();
    for (size_t i = 0; i < sizeof(casev) / sizeof(casev[0]); i++) {
        const char *got;

        number++;
        (void)fill(text, sizeof(text), casev[i].message);
        port_send(p.port, p.from, text, strlen(text));
        got = outcome();
        ck_assert_msg(may(casev[i].want, got), "%s, %s: %s, not %s", casev[i].section, casev[i].what, got,
                      casev[i].want);
        if (f.legc) {
            ck_assert_uint_eq(f.legc, 1);
            drop(&f, 0);
            settle(&f);
        }
        faults_calm(&f, &p);
        faults_as_ever(&f, &p);
    }
    close_line();
}
END_TEST

/* ---- answers ----------------------------------------------------------------------------------------------------- */

/* An answer to the INVITE, with this first line and CSeq; `via` NULL: as it came. */
static void answer(const char *line, const char *via, const char *cseq, const char *extra)
{
    char text[4096];
    const char *body = strstr(extra, "\r\n\r\n");
    char route[300], of[300], to[300], id[300], own[64];

    memcpy(p.data, p.request, sizeof(p.data));
    (void)snprintf(route, sizeof(route), "%s", via ? via : peer_header(&p, "Via"));
    (void)snprintf(of, sizeof(of), "%s", peer_header(&p, "From"));
    (void)snprintf(to, sizeof(to), "%s", peer_header(&p, "To"));
    (void)snprintf(id, sizeof(id), "%s", peer_header(&p, "Call-ID"));
    (void)snprintf(own, sizeof(own), "%s", cseq ? cseq : peer_header(&p, "CSeq"));
    (void)snprintf(text, sizeof(text),
                   "%s\r\nVia: %s\r\nFrom: %s\r\nTo: %s;tag=%s\r\nCall-ID: %s\r\nCSeq: %s\r\nContact: "
                   "<sip:peer@127.0.0.1:%u>\r\nContent-Length: %u\r\n%s",
                   line, route, of, to, p.local_tag, id, own, (unsigned)p.number,
                   body ? (unsigned)strlen(body + 4) : 0u, extra);
    port_send(p.port, p.from, text, strlen(text));
}

static const struct {
    const char *section, *what, *line, *via, *cseq, *extra;
    bool is_answer; /* else it is passed over */
} answerv[] = {
    {"3.1.1.12", "odd words", "SIP/2.0 200 = 2**3 * 5**2 \xD0\xBD\xD0\xBE \xD1\x81\xD1\x82\xD0\xBE", NULL, NULL,
     peer_sdp, true},
    {"3.1.1.13", "no words", "SIP/2.0 200 ", NULL, NULL, peer_sdp, true},
    {"3.1.2.5", "numbers that are too large", "SIP/2.0 503 Service Unavailable", NULL, "9292394834772304023312 INVITE",
     "Retry-After: 949302838503028349304023988\r\nWarning: 1812 overture \"In Progress\"\r\n\r\n", false},
    {"3.1.2.19", "a code that is too large", "SIP/2.0 4294967301 better not break the receiver", NULL, NULL, "\r\n",
     false},
    {"3.1.2.19", "a code that would be 200 if it were cut", "SIP/2.0 4294967496 OK", NULL, NULL, peer_sdp, false},
    {"3.3.8", "several of what there is one of", "SIP/2.0 486 Busy", NULL, NULL, "CSeq: 9 INVITE\r\n\r\n", false},
    {"3.3.10", "a way back to everybody", "SIP/2.0 486 Busy", "SIP/2.0/UDP 255.255.255.255;branch=z9hG4bKsomebody",
     NULL, "\r\n", false},
};

START_TEST(every_answer)
{
    open_line();
    for (size_t i = 0; i < sizeof(answerv) / sizeof(answerv[0]); i++) {
        static char request[sizeof(p.request)];
        uint32_t a = place(&f, 0, "1");

        peer_expect(&p, "INVITE");
        memcpy(request, p.request, sizeof(request));
        answer(answerv[i].line, answerv[i].via, answerv[i].cseq, answerv[i].extra);
        settle(&f);
        take(&f);
        ck_assert_msg(
            strcmp(f.legv[a].log, answerv[i].is_answer ? "DIALING PROCEEDING CONNECTED" : "DIALING PROCEEDING") == 0,
            "%s, %s: %s", answerv[i].section, answerv[i].what, f.legv[a].log);
        if (!answerv[i].is_answer) {
            memcpy(p.request, request, sizeof(request));
            answer("SIP/2.0 200 OK", NULL, NULL, peer_sdp);
            wait_state(&f, a, SESSION_CONNECTED);
        }
        drop(&f, a);
        faults_calm(&f, &p);
        faults_as_ever(&f, &p);
    }
    close_line();
}
END_TEST

/* ---- names in descriptions --------------------------------------------------------------------------------------- */

static atomic_uint asked; /* for names, by the thread that all calls depend on */

/* As PJSIP's own, which the linker puts this before. */
struct text {
    const char *at;
    long len;
};
int __wrap_pj_gethostbyname(const struct text *name, void *he);                      /* NOLINT: the linker's name */
int __wrap_pj_getaddrinfo(int af, const struct text *name, unsigned *count, void *); /* NOLINT */
int __real_pj_getaddrinfo(int af, const struct text *name, unsigned *count, void *); /* NOLINT */

int __wrap_pj_gethostbyname(const struct text *name, void *he) /* NOLINT */
{
    (void)name;
    (void)he;
    atomic_fetch_add(&asked, 1);
    return 1;
}

int __wrap_pj_getaddrinfo(int af, const struct text *name, unsigned *count, void *v) /* NOLINT */
{
    atomic_fetch_add(&asked, memchr(name->at, 's', (size_t)name->len) != NULL);
    return __real_pj_getaddrinfo(af, name, count, v);
}

/* A description that names a host, or has RTCP go to one, keeps nobody waiting for a name server. */
START_TEST(named_hosts)
{
    static const char *const sdpv[] = {
        SDP_TYPE "\r\nv=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 no.such.host\r\nt=0 0\r\n"
                 "m=audio 4000 RTP/AVP 8\r\n",
        SDP_TYPE "\r\nv=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
                 "m=audio 4000 RTP/AVP 8\r\na=rtcp:4001 IN IP4 no.such.host\r\n"};
    static char text[4096];

    open_line();
    for (size_t i = 0; i < sizeof(sdpv) / sizeof(sdpv[0]); i++) {
        uint32_t a, b;

        number++;
        (void)fill(text, sizeof(text), INVITE_LINE VIA WHO REST("INVITE") CONTACT);
        (void)snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s", sdpv[i]);
        port_send(p.port, p.from, text, strlen(text));
        b = incoming(&f);
        ck_assert_int_eq(result(&f, order(&f, SESSION_CMD_ANSWER, b, UINT32_MAX)), SESSION_E_FAILED);
        peer_expect(&p, "488");
        faults_calm(&f, &p);
        a = place(&f, 0, "1");
        peer_expect(&p, "INVITE");
        peer_answer(&p, 200, sdpv[i]);
        wait_state(&f, a, SESSION_CONNECTED);
        drop(&f, a);
        faults_calm(&f, &p);
        faults_as_ever(&f, &p);
    }
    ck_assert_uint_eq(atomic_load(&asked), 0);
    close_line();
}
END_TEST

Suite *torture_suite(void)
{
    Suite *s = suite_create("sip torture");
    TCase *t = tcase_create("RFC 4475");

    tcase_set_timeout(t, 0);
    tcase_add_test(t, every_section);
    tcase_add_test(t, every_answer);
    tcase_add_test(t, named_hosts);
    suite_add_tcase(s, t);
    return s;
}
