/* One function by three names: for the same arguments the plain one sends what the A one does, and the W one as well.
 * SPDX-License-Identifier: MIT */
#include "tests/unit/client/suite.h"

#undef lineAddProvider
#undef lineBlindTransfer
#undef lineDial
#undef lineForward
#undef lineGatherDigits
#undef lineGenerateDigits
#undef lineGetAddressID
#undef lineGetIcon
#undef lineMakeCall
#undef lineOpen
#undef linePark
#undef linePickup
#undef linePrepareAddToConference
#undef lineRedirect
#undef lineSetDevConfig
#undef lineSetupConference
#undef lineSetupTransfer
#undef lineUnpark
#undef phoneGetIcon
#undef phoneSetButtonInfo
#undef tapiRequestMediaCall

static HLINEAPP app;
static HLINE line;
static HPHONEAPP phone_app;
static HPHONE phone;

/* What the last function sent. */
struct sent {
    unsigned count; /* calls */
    struct channel_call call;
    unsigned char in0[1024], in1[1024];
};
static struct sent sent;

static int32_t keep(struct channel_call *call, int32_t rc)
{
    sent.count++;
    sent.call = *call;
    ck_assert_uint_le(call->in0_len, sizeof(sent.in0));
    ck_assert_uint_le(call->in1_len, sizeof(sent.in1));
    if (call->in0)
        memcpy(sent.in0, call->in0, call->in0_len);
    if (call->in1)
        memcpy(sent.in1, call->in1, call->in1_len);
    if (call->op == CHANNEL_DEV_ICON || call->op == CHANNEL_PHONE_ICON)
        call->ret[0] = 0x1C0;
    return rc;
}

/* Takes what was sent, exactly one call; request ids differ. */
static struct sent take(void)
{
    struct sent s = sent;

    ck_assert_uint_eq(s.count, 1);
    s.call.arg[1] = 0;
    s.call.in0 = s.call.in1 = NULL;
    memset(&sent, 0, sizeof(sent));
    return s;
}

static void same(const struct sent *want, const struct sent *is, const char *name)
{
    ck_assert_msg(want->call.op == is->call.op, "%s: operation %u, not %u", name, is->call.op, want->call.op);
    ck_assert_msg(memcmp(want->call.arg, is->call.arg, sizeof(is->call.arg)) == 0, "%s: arguments", name);
    ck_assert_msg(want->call.in0_len == is->call.in0_len && want->call.in1_len == is->call.in1_len,
                  "%s: %u, %u bytes, not %u, %u", name, is->call.in0_len, is->call.in1_len, want->call.in0_len,
                  want->call.in1_len);
    ck_assert_msg(memcmp(want->in0, is->in0, sizeof(is->in0)) == 0, "%s: first block", name);
    ck_assert_msg(memcmp(want->in1, is->in1, sizeof(is->in1)) == 0, "%s: second block", name);
}

/* `rc`: what each returns, 1: a request. */
#define SAME(rc, a, plain, w)                                                                                          \
    do {                                                                                                               \
        struct sent s_, p_, w_;                                                                                        \
        LONG r_ = (a);                                                                                                 \
        ck_assert_int_eq(r_ > 0, (rc) > 0);                                                                            \
        s_ = take();                                                                                                   \
        r_ = (plain);                                                                                                  \
        ck_assert_int_eq(r_ > 0, (rc) > 0);                                                                            \
        p_ = take();                                                                                                   \
        same(&s_, &p_, #plain);                                                                                        \
        r_ = (w);                                                                                                      \
        ck_assert_int_eq(r_ > 0, (rc) > 0);                                                                            \
        w_ = take();                                                                                                   \
        same(&s_, &w_, #w);                                                                                            \
    } while (0)

enum { REQUEST = 1, DONE = 0 };

static void open_all(void)
{
    static const WCHAR name[] = {'p', 'l', 0xE4, 'n', 0};
    PHONEINITIALIZEEXPARAMS params = {.dwTotalSize = sizeof(params), .dwOptions = PHONEINITIALIZEEXOPTION_USEEVENT};
    DWORD devices, version = 0x00020002;
    int i;

    fake_reset();
    app = app_open(NULL);
    line = line_open(app, 0x00020002, 1);
    ck_assert_int_eq(phoneInitializeExW(&phone_app, NULL, NULL, name, &devices, &version, &params), 0);
    ck_assert_uint_eq(fake.text0[CHANNEL_PHONE_APP_OPEN][2], 0xE4);
    ck_assert_int_eq(phoneOpen(phone_app, 0, &phone, 0x00020002, 0, 0, PHONEPRIVILEGE_OWNER), 0);
    for (i = 0; i < CHANNEL_OP_COUNT; i++)
        if (i != CHANNEL_APP_CLOSE && i != CHANNEL_LINE_CLOSE && i != CHANNEL_UI_LIBRARY)
            fake.h[i] = keep;
    memset(&sent, 0, sizeof(sent));
}

static void close_all(void)
{
    (void)phoneShutdown(phone_app);
    (void)lineShutdown(app);
    check_clean();
}

/* With a text in it, so that the form of texts shows. */
union params {
    LINECALLPARAMS params;
    struct {
        LINECALLPARAMS head;
        char text[16];
    } a;
    struct {
        LINECALLPARAMS head;
        WCHAR text[8];
    } w;
};

static LINECALLPARAMS *params_a(void)
{
    static union params u;

    memset(&u, 0, sizeof(u));
    u.params.dwTotalSize = sizeof(u);
    memcpy(u.a.text, "Meier", 6);
    u.params.dwCalledPartySize = 6;
    u.params.dwCalledPartyOffset = sizeof(u.params);
    return &u.params;
}

static LINECALLPARAMS *params_w(void)
{
    static const WCHAR name[] = {'M', 'e', 'i', 'e', 'r', 0};
    static union params u;

    memset(&u, 0, sizeof(u));
    u.params.dwTotalSize = sizeof(u);
    memcpy(u.w.text, name, sizeof(name));
    u.params.dwCalledPartySize = sizeof(name);
    u.params.dwCalledPartyOffset = sizeof(u.params);
    return &u.params;
}

static const WCHAR w70[] = {'7', '0', 0}, wclass[] = {'t', '/', 'l', 0};

START_TEST(calls)
{
    HCALL call;
    struct {
        VARSTRING head;
        char room[16];
    } to = {.head = {.dwTotalSize = sizeof(to)}};

    SAME(REQUEST, lineMakeCallA(line, &call, "70", 43, params_a()), lineMakeCall(line, &call, "70", 43, params_a()),
         lineMakeCallW(line, &call, w70, 43, params_w()));
    SAME(REQUEST, lineDialA(5, "70", 43), lineDial(5, "70", 43), lineDialW(5, w70, 43));
    SAME(REQUEST, lineRedirectA(5, "70", 43), lineRedirect(5, "70", 43), lineRedirectW(5, w70, 43));
    SAME(REQUEST, lineBlindTransferA(5, "70", 43), lineBlindTransfer(5, "70", 43), lineBlindTransferW(5, w70, 43));
    SAME(REQUEST, lineParkA(5, LINEPARKMODE_DIRECTED, "70", NULL), linePark(5, LINEPARKMODE_DIRECTED, "70", NULL),
         lineParkW(5, LINEPARKMODE_DIRECTED, w70, NULL));
    SAME(REQUEST, lineParkA(5, LINEPARKMODE_NONDIRECTED, NULL, &to.head),
         linePark(5, LINEPARKMODE_NONDIRECTED, NULL, &to.head), lineParkW(5, LINEPARKMODE_NONDIRECTED, NULL, &to.head));
    SAME(REQUEST, lineUnparkA(line, 1, &call, "70"), lineUnpark(line, 1, &call, "70"),
         lineUnparkW(line, 1, &call, w70));
    SAME(REQUEST, linePickupA(line, 1, &call, "70", "t/l"), linePickup(line, 1, &call, "70", "t/l"),
         linePickupW(line, 1, &call, w70, wclass));
}
END_TEST

START_TEST(consultations)
{
    HCALL first, second;

    SAME(REQUEST, lineSetupTransferA(5, &first, params_a()), lineSetupTransfer(5, &first, params_a()),
         lineSetupTransferW(5, &first, params_w()));
    SAME(REQUEST, lineSetupConferenceA(5, 0, &first, &second, 3, params_a()),
         lineSetupConference(5, 0, &first, &second, 3, params_a()),
         lineSetupConferenceW(5, 0, &first, &second, 3, params_w()));
    SAME(REQUEST, linePrepareAddToConferenceA(5, &first, params_a()), linePrepareAddToConference(5, &first, params_a()),
         linePrepareAddToConferenceW(5, &first, params_w()));
}
END_TEST

START_TEST(forwards)
{
    const DWORD at = offsetof(LINEFORWARDLIST, ForwardList) + offsetof(LINEFORWARD, dwDestAddressOffset) + 4;
    union {
        LINEFORWARDLIST list;
        unsigned char room[sizeof(LINEFORWARDLIST) + 16];
    } a, w;
    HCALL call;

    memset(&a, 0, sizeof(a));
    a.list.dwTotalSize = sizeof(a);
    a.list.dwNumEntries = 1;
    a.list.ForwardList[0].dwForwardMode = LINEFORWARDMODE_UNCOND;
    a.list.ForwardList[0].dwDestAddressOffset = at;
    w = a;
    a.list.ForwardList[0].dwDestAddressSize = 3;
    memcpy(a.room + at, "70", 3);
    w.list.ForwardList[0].dwDestAddressSize = sizeof(w70);
    memcpy(w.room + at, w70, sizeof(w70));
    SAME(REQUEST, lineForwardA(line, 1, 2, &a.list, 3, &call, params_a()),
         lineForward(line, 1, 2, &a.list, 3, &call, params_a()),
         lineForwardW(line, 1, 2, &w.list, 3, &call, params_w()));
}
END_TEST

START_TEST(lines)
{
    HLINE opened;
    DWORD id;
    char blob[4] = "abc";
    HICON icon;
    struct sent one, other;

    SAME(DONE, lineGetAddressIDA(line, &id, LINEADDRESSMODE_DIALABLEADDR, "70", 3),
         lineGetAddressID(line, &id, LINEADDRESSMODE_DIALABLEADDR, "70", 3),
         lineGetAddressIDW(line, &id, LINEADDRESSMODE_DIALABLEADDR, w70, sizeof(w70)));
    SAME(DONE, lineSetDevConfigA(1, blob, 4, "t/l"), lineSetDevConfig(1, blob, 4, "t/l"),
         lineSetDevConfigW(1, blob, 4, wclass));
    SAME(DONE, lineGetIconA(1, "t/l", &icon), lineGetIcon(1, "t/l", &icon), lineGetIconW(1, wclass, &icon));
    ck_assert_uint_eq((uintptr_t)icon, 0x1C0);
    SAME(DONE, lineAddProviderA("t/l", NULL, &id), lineAddProvider("t/l", NULL, &id),
         lineAddProviderW(wclass, NULL, &id));
    ck_assert_int_eq(lineAddProviderW(NULL, NULL, &id), ERR(INVALPOINTER));
    /* Each has a number of its own, by which its messages know it. */
    ck_assert_int_eq(lineOpenA(app, LINEMAPPER, &opened, 0x00020002, 0, 7, LINECALLPRIVILEGE_OWNER, 4, params_a()), 0);
    one = take();
    ck_assert_int_eq(lineOpen(app, LINEMAPPER, &opened, 0x00020002, 0, 7, LINECALLPRIVILEGE_OWNER, 4, params_a()), 0);
    other = take();
    ck_assert_uint_ne(one.call.arg[6], other.call.arg[6]);
    one.call.arg[6] = other.call.arg[6];
    same(&one, &other, "lineOpen");
    ck_assert_int_eq(lineOpenW(app, LINEMAPPER, &opened, 0x00020002, 0, 7, LINECALLPRIVILEGE_OWNER, 4, params_w()), 0);
    other = take();
    other.call.arg[6] = one.call.arg[6];
    same(&one, &other, "lineOpenW");
}
END_TEST

START_TEST(digits)
{
    char a[8];
    WCHAR w[8];

    SAME(DONE, lineGenerateDigitsA(5, LINEDIGITMODE_DTMF, "70", 80),
         lineGenerateDigits(5, LINEDIGITMODE_DTMF, "70", 80), lineGenerateDigitsW(5, LINEDIGITMODE_DTMF, w70, 80));
    SAME(DONE, lineGatherDigitsA(5, LINEDIGITMODE_DTMF, a, 3, "70", 100, 200),
         lineGatherDigits(5, LINEDIGITMODE_DTMF, a, 3, "70", 100, 200),
         lineGatherDigitsW(5, LINEDIGITMODE_DTMF, w, 3, w70, 100, 200));
}
END_TEST

START_TEST(phones)
{
    union {
        PHONEBUTTONINFO info;
        char room[sizeof(PHONEBUTTONINFO) + 16];
    } a, w;
    HICON icon;

    SAME(DONE, phoneGetIconA(1, "t/l", &icon), phoneGetIcon(1, "t/l", &icon), phoneGetIconW(1, wclass, &icon));
    ck_assert_uint_eq((uintptr_t)icon, 0x1C0);
    ck_assert_int_eq(phoneGetIconW(1, wclass, NULL), PHONE_ERR(INVALPOINTER));
    memset(&a, 0, sizeof(a));
    a.info.dwTotalSize = sizeof(a);
    a.info.dwButtonMode = PHONEBUTTONMODE_FEATURE;
    a.info.dwButtonTextOffset = sizeof(a.info);
    w = a;
    a.info.dwButtonTextSize = 3;
    memcpy(a.room + sizeof(a.info), "70", 3);
    w.info.dwButtonTextSize = sizeof(w70);
    memcpy(w.room + sizeof(w.info), w70, sizeof(w70));
    SAME(REQUEST, phoneSetButtonInfoA(phone, 3, &a.info), phoneSetButtonInfo(phone, 3, &a.info),
         phoneSetButtonInfoW(phone, 3, &w.info));
    ck_assert_int_eq(phoneSetButtonInfoW(phone, 3, NULL), PHONE_ERR(INVALPOINTER));
}
END_TEST

/* Obsolete: whoever asks is refused, by each name. */
START_TEST(media_calls)
{
    ck_assert_int_eq(tapiRequestMediaCallA(NULL, 0, "", NULL, 0, 0, "1", "", "", ""), TAPIERR_NOREQUESTRECIPIENT);
    ck_assert_int_eq(tapiRequestMediaCall(NULL, 0, "", NULL, 0, 0, "1", "", "", ""), TAPIERR_NOREQUESTRECIPIENT);
    ck_assert_int_eq(tapiRequestMediaCallW(NULL, 0, w70, NULL, 0, 0, w70, w70, w70, w70), TAPIERR_NOREQUESTRECIPIENT);
    ck_assert_uint_eq(sent.count, 0);
}
END_TEST

TCase *plain_tests(void)
{
    TCase *t = tcase_create("plain names");

    tcase_add_checked_fixture(t, open_all, close_all);
    tcase_add_test(t, calls);
    tcase_add_test(t, consultations);
    tcase_add_test(t, forwards);
    tcase_add_test(t, lines);
    tcase_add_test(t, digits);
    tcase_add_test(t, phones);
    tcase_add_test(t, media_calls);
    return t;
}
