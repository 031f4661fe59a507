/* Messages of SIP that have been changed here and there. SPDX-License-Identifier: MIT */
#include "tests/fuzz/sip_words.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define SDP                                                                                                            \
    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8 0 101\r\n"        \
    "a=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=rtcp:4001 IN IP4 127.0.0.1\r\n" \
    "a=ptime:20\r\na=sendrecv\r\n"
#define SDP_SAFE                                                                                                       \
    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 4000 RTP/SAVP 0\r\nc=IN IP4 127.0.0.1\r\n"             \
    "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz|2^20|1:4\r\n"                  \
    "a=crypto:2 AES_CM_128_HMAC_SHA1_32 inline:NzB4d1BINUAvLEw6UzF3WSJ+PSdFcGdUJShpX1Zj\r\n"                           \
    "m=video 0 RTP/AVP 31\r\n"

/* Method, more headers, type of the body, body. Of an answer the method is code and reason. */
static const struct {
    const char *method, *more, *type, *body;
} kindv[WORDS_KINDS] = {
    [WORDS_INVITE] =
        {"INVITE",
         "Supported: 100rel, timer, replaces\r\nAllow: INVITE, ACK, BYE, CANCEL, UPDATE, PRACK, INFO\r\n"
         "Session-Expires: 90;refresher=uac\r\nMin-SE: 90\r\nP-Asserted-Identity: \"Zo\xC3\xAB \\\"Z\\\"\" "
         "<sip:+49301@h>\r\n"
         "Privacy: none\r\nDiversion: \"B\" <sip:300@h>;reason=no-answer;counter=1, <sip:301@h>;reason=user-busy\r\n"
         "History-Info: <sip:400@h?Reason=SIP%3Bcause%3D486>;index=1, <sip:u0@h>;index=1.1\r\nAlert-Info: <urn:x>\r\n"
         "User-to-User: 04616263;encoding=hex;purpose=isdn-uui, \"q,\\\"\";encoding=text\r\n"
         "Call-Info: <http://h/x>;purpose=icon\r\nSubject: none\r\n",
         "application/sdp", SDP},
    [WORDS_ACK] = {"ACK", "", "application/sdp", SDP},
    [WORDS_REFER] =
        {"REFER",
         "Refer-To: <sip:9@127.0.0.1:9?Replaces=a%3Bto-tag%3Db%3Bfrom-tag%3Dc>\r\nReferred-By: <sip:a@b>;cid=\"x\"\r\n"
         "Refer-Sub: true\r\nSupported: norefersub\r\n",
         NULL, ""},
    [WORDS_NOTIFY_REFER] = {"NOTIFY", "Event: refer;id=1\r\nSubscription-State: terminated;reason=noresource\r\n",
                            "message/sipfrag;version=2.0", "SIP/2.0 200 OK\r\n"},
    [WORDS_NOTIFY_MWI] = {"NOTIFY", "Event: message-summary\r\nSubscription-State: active;expires=3600\r\n",
                          "application/simple-message-summary",
                          "Messages-Waiting: yes\r\nVoice-Message: 2/8 (0/2)\r\n"},
    [WORDS_INFO] = {"INFO", "Info-Package: dtmf\r\nReason: SIP;cause=200;text=\"Call completed elsewhere\"\r\n",
                    "application/dtmf-relay", "Signal=10\r\nDuration=160\r\n"},
    [WORDS_UPDATE] = {"UPDATE", "Supported: timer\r\nSession-Expires: 90;refresher=uas\r\n", "application/sdp",
                      SDP "a=sendonly\r\n"},
    [WORDS_PRACK] = {"PRACK", "RAck: 1 1 INVITE\r\nRSeq: 1\r\n", NULL, ""},
    [WORDS_BYE] = {"BYE", "Reason: SIP;cause=500, Q.850;cause=16;text=\"x\"\r\nUser-to-User: 0461;encoding=hex\r\n",
                   NULL, ""},
    [WORDS_CANCEL] = {"CANCEL", "Reason: SIP;cause=200;text=\"Call completed elsewhere\"\r\n", NULL, ""},
    [WORDS_OPTIONS] = {"OPTIONS", "Accept: application/sdp\r\nRoute: <sip:a@127.0.0.1:9;lr>\r\n", NULL, ""},
    [WORDS_MESSAGE] = {"MESSAGE", "Expires: 10\r\nDate: Sat, 21 Nov 2026 15:00:00 GMT\r\n", "text/plain", "hello"},
    [WORDS_SUBSCRIBE] = {"SUBSCRIBE",
                         "Event: dialog;call-id=\"x\"\r\nExpires: 600\r\nAccept: application/dialog-info+xml\r\n", NULL,
                         ""},
    [WORDS_REGISTER] = {"REGISTER",
                        "Expires: 600\r\nAuthorization: Digest username=\"a\", realm=\"r\", nonce=\"n\"\r\n", NULL, ""},
    [WORDS_REINVITE] = {"INVITE", "Replaces: x;to-tag=y;from-tag=z;early-only\r\nRequire: replaces\r\n",
                        "application/sdp", SDP_SAFE},
    [WORDS_ANSWER] =
        {"200 OK",
         "Retry-After: 5;duration=3600 (later)\r\nWarning: 399 h \"x\"\r\nRequire: 100rel\r\nRSeq: 1\r\nMin-SE: 90\r\n"
         "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", algorithm=MD5, qop=\"auth,auth-int\", opaque=\"\"\r\n"
         "Proxy-Authenticate: Digest realm=\"r\", nonce=\"n\", algorithm=SHA-256\r\nService-Route: "
         "<sip:127.0.0.1:9;lr>\r\n"
         "Reason: Q.850;cause=17\r\nUser-to-User: 00;encoding=hex\r\nExpires: 600\r\nAllow-Events: refer\r\n",
         "application/sdp", SDP},
};

size_t words_whole(enum words_kind kind, const struct words_ids *ids, char *out, size_t size)
{
    const char *method = kindv[kind].method, *type = kindv[kind].type, *body = kindv[kind].body;
    bool answer = kind == WORDS_ANSWER;
    size_t n = answer ? (size_t)snprintf(out, size, "SIP/2.0 %s\r\n", method)
                      : (size_t)snprintf(out, size, "%s sip:%s@127.0.0.1 SIP/2.0\r\n", method, ids->user);

    n += (size_t)snprintf(out + n, size - n,
                          "Via: SIP/2.0/UDP 127.0.0.1:%u;rport;branch=%s\r\nMax-Forwards: 70\r\nFrom: %s\r\nTo: %s\r\n"
                          "Call-ID: %s\r\nCSeq: %u %s\r\nContact: \"P\" <sip:peer@127.0.0.1:%u>;expires=600\r\n%s",
                          ids->port, ids->branch, ids->from, ids->to, ids->call_id, ids->cseq,
                          answer ? "INVITE" : method, ids->port, kindv[kind].more);
    if (type) {
        n += (size_t)snprintf(out + n, size - n, "Content-Type: %s\r\n", type);
    }
    n += (size_t)snprintf(out + n, size - n, "Content-Length: %u\r\n\r\n%s", (unsigned)strlen(body), body);
    return n;
}

/* ---- changes ----------------------------------------------------------------------------------------------------- */

static const char *const valuev[] = {"",
                                     "x",
                                     "<>",
                                     "<sip:>",
                                     "\"",
                                     "\"\\",
                                     "*",
                                     ";",
                                     ",",
                                     ",,,;;;",
                                     "0",
                                     "1",
                                     "-1",
                                     "65536",
                                     "4294967295",
                                     "4294967296",
                                     "99999999999999999999",
                                     "1000000000000000000000000000000000 INVITE",
                                     "\x80\xFF\xC3",
                                     "sip:a@b;;;==",
                                     "<sip:%00@127.0.0.1>;tag=%00",
                                     "<sip:u0@127.0.0.1?Replaces=a%3Bto-tag%3D>",
                                     "<sip:u1@127.0.0.1:9;transport=tcp>",
                                     "<sip:u1@127.0.0.1:0;maddr=127.0.0.1;ttl=300>",
                                     "<tel:+1-201;phone-context=x>",
                                     "<http://x/?y#z>",
                                     "sip:u0@[::1]:99999",
                                     "<sip:9@[::1]>",
                                     "<sip:a@no.such.host>",
                                     "SIP/2.0/UDP no.such.host;branch=z9hG4bKx;received=1;rport=x",
                                     "refer;id=99999999999",
                                     "application/sdp;boundary=\"",
                                     "multipart/mixed;boundary=b",
                                     "message/sipfrag",
                                     "application/dtmf",
                                     "Q.850;cause=99999999999",
                                     "Q.850;cause=",
                                     "zz;encoding=hex",
                                     "0;encoding=hex",
                                     "\"a\\\";encoding=x",
                                     "active;expires=0",
                                     "terminated;reason=timeout;retry-after=99999999999",
                                     "Digest",
                                     "Digest realm=, nonce=\"\\",
                                     "IN IP4 no.such.host",
                                     "IN IP6 ::1",
                                     "IN IP4 0.0.0.0",
                                     "audio 0 RTP/AVP 8",
                                     "audio 65535 RTP/SAVP 8 8 8 8 8",
                                     "audio 70000/9 RTP/AVP 255",
                                     "rtpmap:8",
                                     "rtpmap:8 /",
                                     "rtpmap:101 telephone-event/0",
                                     "fmtp:101 0-99999999",
                                     "ptime:0",
                                     "ptime:99999",
                                     "maxptime:-1",
                                     "rtcp:1 IN IP4 no.such.host",
                                     "rtcp-mux",
                                     "crypto:1 AES_CM_128_HMAC_SHA1_80 inline:",
                                     "crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19z|2^99|1:99999",
                                     "crypto:99999999999 X inline:x",
                                     "crypto:",
                                     "inactive",
                                     "Signal=16\r\nDuration=99999999999",
                                     "SIP/2.0 1",
                                     "Messages-Waiting:"};
enum { VALUES = sizeof(valuev) / sizeof(valuev[0]), MUCH = 3000 };

/* Puts `what` in the place of `gone` bytes; the new length, the same if there is no room. */
static size_t put(char *text, size_t len, size_t size, size_t at, size_t gone, const char *what, size_t count)
{
    if (len - gone + count + 1 > size) {
        return len;
    }
    memmove(text + at + count, text + at + gone, len - at - gone + 1);
    memcpy(text + at, what, count);
    return len - gone + count;
}

/* From the value of the line around `at` to its end. */
static size_t value_at(const char *text, size_t len, size_t at, size_t *count)
{
    size_t from = at, end;

    while (from && text[from - 1] != '\n') {
        from--;
    }
    for (end = from; end < len && text[end] != '\r' && text[end] != '\n'; end++) {
    }
    for (at = from; at < end && text[at] != ':' && text[at] != '='; at++) {
    }
    at += at < end;
    at += at < end && text[at] == ' ';
    *count = end - at;
    return at;
}

static size_t change(struct fuzz_input *in, char *text, size_t len, size_t size)
{
    static const char signs[] = "\r\n:;<>\"@,= %\\/0()[]?*";
    uint8_t how = fuzz_u8(in), arg = fuzz_u8(in);
    size_t at = (size_t)(fuzz_u8(in) | fuzz_u8(in) << 8) % len, n = arg % 24u, count;

    n = n < len - at ? n : len - at - 1;
    switch (how % 10) {
    case 0:
        text[at] = (char)arg;
        return len;
    case 1:
        text[at] = signs[arg % (sizeof(signs) - 1)];
        return len;
    case 2: /* something is missing */
        return put(text, len, size, at, n, "", 0);
    case 3: { /* something is there twice */
        char twice[24];

        memcpy(twice, text + at, n);
        return put(text, len, size, at, 0, twice, n);
    }
    case 4: /* cut off, but not often */
        if (arg < 32) {
            text[at] = '\0';
            return at ? at : len;
        }
        return len;
    case 5: { /* one that is long */
        static char much[MUCH];

        memset(much, arg, sizeof(much));
        at = value_at(text, len, at, &count);
        return put(text, len, size, at, 0, much, (size_t)arg * 8 % sizeof(much));
    }
    case 6: { /* the whole line is there once more */
        char again[600];

        at = value_at(text, len, at, &count);
        while (at && text[at - 1] != '\n') {
            at--;
        }
        count = strcspn(text + at, "\n") + 1;
        if (at + count > len || count > sizeof(again)) {
            return len;
        }
        memcpy(again, text + at, count);
        return put(text, len, size, at, 0, again, count);
    }
    default:
        at = value_at(text, len, at, &count);
        return put(text, len, size, at, count, valuev[arg % VALUES], strlen(valuev[arg % VALUES]));
    }
}

size_t words_change(struct fuzz_input *in, char *text, size_t len, size_t size)
{
    uint8_t how = fuzz_u8(in);

    for (int i = how % 4; i > 0 && len > 1; i--) {
        len = change(in, text, len, size);
    }
    text[len] = '\0';
    /* mostly its length is right, or it would not get far */
    if (how < 224) {
        char *length = strstr(text, "\r\nContent-Length: "), *body = strstr(text, "\r\n\r\n"), number[16];

        if (length && body && length < body) {
            size_t at = (size_t)(length - text) + 18, n;

            n = (size_t)snprintf(number, sizeof(number), "%u", (unsigned)strlen(body + 4));
            len = put(text, len, size, at, strcspn(text + at, "\r\n"), number, n);
        }
    }
    return len;
}

size_t words_message(struct fuzz_input *in, char *out, size_t size)
{
    static unsigned count;
    char id[32], branch[40];
    struct words_ids ids = {.port = 9, .user = "u0", .call_id = id, .branch = branch, .cseq = 1};

    count++;
    (void)snprintf(id, sizeof(id), "m%u", count);
    (void)snprintf(branch, sizeof(branch), "z9hG4bKm%u", count);
    ids.from = "\"A \\\"b\\\"\" <sip:200@127.0.0.1;x=y>;tag=z";
    ids.to = "<sip:u0@127.0.0.1>";
    return words_change(in, out, words_whole((enum words_kind)(fuzz_u8(in) % WORDS_KINDS), &ids, out, size), size);
}
