/* tapictl phone: telephone sets, what they show, keys pressed. SPDX-License-Identifier: MIT */
#include "tapi_shim/tapictl/names.h"
#include "tapi_shim/tapictl/tool.h"

#include "include/sessiontsp.h"
#include "tapi_shim/client/error_name.h"
#include "tapi_shim/platform/platform.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char phone_help[] =
    "usage: tapictl phone list\n"
    "       tapictl phone show N\n"
    "       tapictl phone press N KEY...\n"
    "       tapictl phone lift N [DEVICE]\n"
    "       tapictl phone replace N [DEVICE]\n"
    "       tapictl phone message N on|off\n"
    "       tapictl phone watch [N] [--seconds S]\n"
    "\n"
    "Telephone sets that the lines have. Phones are numbered from 0.\n"
    "\n"
    "  list      number, name, permanent id, size of the display, buttons\n"
    "  show      display, ringer, hook switches, lamps that are not off\n"
    "  press     presses keys, one after the other: a button's number, a text of digits, * and # (each a key of the\n"
    "            keypad, also where that is a number: #12 is button 12), or hold, transfer, conference, drop, redial,\n"
    "            dnd, message, speaker, call1 to call4\n"
    "  lift      takes a device off the hook: handset (if not given), speaker or headset; replace puts it back\n"
    "  message   the lamp 'Message'\n"
    "  watch     shows every message of the phones (or of one) until Ctrl-C, or for S seconds\n"
    "\n"
    "press, lift, replace and message do what a person would do at a set of the embedded exchange. The set is part of\n"
    "the telephony service: calls made so go on after this command has ended only if a program of the same service "
    "has\n"
    "the line open. The exit status is 0, 1 if something failed or the set refused it, 2 for a command line that "
    "makes\n"
    "no sense.\n";

enum { SHOWN_MS = 10000 };

struct phone_run {
    HPHONEAPP app;
    DWORD phones, number, version, ext;
    HPHONE phone;
    struct tool_app lines; /* whose lines are open, so that calls can be made */
    bool with_lines;
};

static bool run_open(struct phone_run *r)
{
    PHONEINITIALIZEEXPARAMS params;
    DWORD version = TAPI_CURRENT_VERSION;
    LONG rc;

    memset(&params, 0, sizeof(params));
    params.dwTotalSize = sizeof(params);
    params.dwOptions = PHONEINITIALIZEEXOPTION_USEEVENT;
    rc = phoneInitializeExA(&r->app, NULL, NULL, tool_name, &r->phones, &version, &params);
    if (rc) {
        (void)tool_failed("telephony cannot be started", rc);
        return false;
    }
    return true;
}

static void run_close(struct phone_run *r)
{
    (void)phoneShutdown(r->app);
    if (r->with_lines)
        tool_close(&r->lines);
}

/* Negotiates for phone r->number. False after saying why not. */
static bool negotiate(struct phone_run *r)
{
    PHONEEXTENSIONID id;
    LONG rc = phoneNegotiateAPIVersion(r->app, r->number, 0x00010003, TAPI_CURRENT_VERSION, &r->version, &id);

    r->ext = 0;
    if (!rc && id.dwExtensionID0 == SESSIONTSP_PHONE_EXT_ID0 && id.dwExtensionID1 == SESSIONTSP_PHONE_EXT_ID1 &&
        id.dwExtensionID2 == SESSIONTSP_PHONE_EXT_ID2 && id.dwExtensionID3 == SESSIONTSP_PHONE_EXT_ID3)
        (void)phoneNegotiateExtVersion(r->app, r->number, r->version, SESSIONTSP_PHONE_EXT_VERSION,
                                       SESSIONTSP_PHONE_EXT_VERSION, &r->ext);
    if (!rc)
        return true;
    if (rc == (LONG)PHONEERR_BADDEVICEID && r->phones)
        tool_error("there is no phone %lu, the last one is %lu", (unsigned long)r->number,
                   (unsigned long)(r->phones - 1));
    else if (rc == (LONG)PHONEERR_BADDEVICEID)
        tool_error("there is no phone %lu, there are no phones at all", (unsigned long)r->number);
    else
        tool_error("phone %lu: %s", (unsigned long)r->number, error_name(rc));
    return false;
}

static bool open_phone(struct phone_run *r, DWORD instance)
{
    LONG rc;

    if (!negotiate(r))
        return false;
    rc = phoneOpen(r->app, r->number, &r->phone, r->version, r->ext, instance, PHONEPRIVILEGE_MONITOR);
    if (rc)
        (void)tool_failed("the phone cannot be opened", rc);
    return rc == 0;
}

/* ---- list and show ----------------------------------------------------------------------------------------------- */

static LONG fetch_caps(void *block, const void *arg)
{
    const struct phone_run *r = arg;

    return phoneGetDevCapsA(r->app, r->number, r->version, 0, block);
}

static int list(struct phone_run *r)
{
    bool good = true;

    printf("PHONE          ID  NAME                  DISPLAY  BUTTONS\n");
    for (r->number = 0; r->number < r->phones; r->number++) {
        PHONECAPS *caps = negotiate(r) ? tool_fetch("phoneGetDevCaps", sizeof(*caps), fetch_caps, r) : NULL;

        if (!caps) {
            good = false;
            continue;
        }
        printf("%5lu  %10lu  %-20s  %2lu x %-2lu  %7lu\n", (unsigned long)r->number,
               (unsigned long)caps->dwPermanentPhoneID, tool_text(caps, caps->dwPhoneNameSize, caps->dwPhoneNameOffset),
               (unsigned long)caps->dwDisplayNumRows, (unsigned long)caps->dwDisplayNumColumns,
               (unsigned long)caps->dwNumButtonLamps);
        free(caps);
    }
    if (!r->phones)
        printf("(no phones)\n");
    return good ? TOOL_OK : TOOL_FAILED;
}

static LONG fetch_status(void *block, const void *arg)
{
    const struct phone_run *r = arg;

    return phoneGetStatusA(r->phone, block);
}

struct button_query {
    HPHONE phone;
    DWORD id;
};

static LONG fetch_button(void *block, const void *arg)
{
    const struct button_query *q = arg;

    return phoneGetButtonInfoA(q->phone, q->id, block);
}

static void show_display(const PHONECAPS *caps, const PHONESTATUS *status)
{
    DWORD unit = caps->dwStringFormat == STRINGFORMAT_UNICODE ? sizeof(uint16_t) : 1, row;
    DWORD width = caps->dwDisplayNumColumns * unit;

    for (row = 0; row < caps->dwDisplayNumRows && (row + 1) * width <= status->dwDisplaySize; row++) {
        const char *cells = (const char *)status + status->dwDisplayOffset + row * width;
        uint16_t units[256];
        char text[1024];
        DWORD count = caps->dwDisplayNumColumns < 255 ? caps->dwDisplayNumColumns : 255;

        if (unit == 1) {
            printf("  |%.*s|\n", (int)count, cells);
            continue;
        }
        memcpy(units, cells, count * sizeof(*units));
        (void)platform_utf16_to_utf8(units, count, text, sizeof(text));
        printf("  |%s|\n", text);
    }
}

static const char *lamp_name(DWORD mode)
{
    switch (mode) {
    case PHONELAMPMODE_OFF:
        return "off";
    case PHONELAMPMODE_STEADY:
        return "steady";
    case PHONELAMPMODE_WINK:
        return "winking";
    case PHONELAMPMODE_FLASH:
        return "flashing";
    case PHONELAMPMODE_FLUTTER:
        return "fluttering";
    case PHONELAMPMODE_BROKENFLUTTER:
        return "fluttering, broken";
    default:
        return "in an unknown mode";
    }
}

static void show_lamps(const struct phone_run *r, const PHONESTATUS *status)
{
    const DWORD count = status->dwLampModesSize / sizeof(DWORD);
    struct button_query q = {r->phone, 0};

    for (; q.id < count; q.id++) {
        PHONEBUTTONINFO *info;
        DWORD mode;

        memcpy(&mode, (const char *)status + status->dwLampModesOffset + q.id * sizeof(mode), sizeof(mode));
        if (mode == PHONELAMPMODE_OFF || mode == PHONELAMPMODE_DUMMY)
            continue;
        info = tool_fetch("phoneGetButtonInfo", sizeof(*info), fetch_button, &q);
        printf("  lamp %lu (%s): %s\n", (unsigned long)q.id,
               info ? tool_text(info, info->dwButtonTextSize, info->dwButtonTextOffset) : "?", lamp_name(mode));
        free(info);
    }
}

static void show_hook(const char *name, DWORD mode, DWORD volume, DWORD gain)
{
    const char *text = mode == PHONEHOOKSWITCHMODE_ONHOOK       ? "on hook"
                       : mode == PHONEHOOKSWITCHMODE_MICSPEAKER ? "off hook"
                       : mode == PHONEHOOKSWITCHMODE_MIC        ? "off hook, silent"
                       : mode == PHONEHOOKSWITCHMODE_SPEAKER    ? "off hook, mute"
                                                                : "unknown";

    printf("  %-8s %s, volume %lu, gain %lu\n", name, text, (unsigned long)volume, (unsigned long)gain);
}

static int show(struct phone_run *r)
{
    PHONESTATUS *s;
    PHONECAPS *caps;

    if (!open_phone(r, 0))
        return TOOL_FAILED;
    caps = tool_fetch("phoneGetDevCaps", sizeof(*caps), fetch_caps, r);
    s = caps ? tool_fetch("phoneGetStatus", sizeof(*s), fetch_status, r) : NULL;
    if (s) {
        printf("phone %lu: %s\n", (unsigned long)r->number,
               tool_text(caps, caps->dwPhoneNameSize, caps->dwPhoneNameOffset));
        show_display(caps, s);
        if (s->dwRingMode)
            printf("  rings in mode %lu, volume %lu\n", (unsigned long)s->dwRingMode, (unsigned long)s->dwRingVolume);
        else
            printf("  does not ring, volume %lu\n", (unsigned long)s->dwRingVolume);
        if (caps->dwHookSwitchDevs & PHONEHOOKSWITCHDEV_HANDSET)
            show_hook("handset", s->dwHandsetHookSwitchMode, s->dwHandsetVolume, s->dwHandsetGain);
        if (caps->dwHookSwitchDevs & PHONEHOOKSWITCHDEV_SPEAKER)
            show_hook("speaker", s->dwSpeakerHookSwitchMode, s->dwSpeakerVolume, s->dwSpeakerGain);
        if (caps->dwHookSwitchDevs & PHONEHOOKSWITCHDEV_HEADSET)
            show_hook("headset", s->dwHeadsetHookSwitchMode, s->dwHeadsetVolume, s->dwHeadsetGain);
        show_lamps(r, s);
        printf("  owners %lu, monitors %lu%s%s\n", (unsigned long)s->dwNumOwners, (unsigned long)s->dwNumMonitors,
               s->dwOwnerNameSize ? ", owner " : "", tool_text(s, s->dwOwnerNameSize, s->dwOwnerNameOffset));
    }
    free(caps);
    free(s);
    return s ? TOOL_OK : TOOL_FAILED;
}

/* ---- what a person does ------------------------------------------------------------------------------------------ */

/* The line of the phone has to be open, or the exchange does not serve it: opened here, for the time of this command.
 */
static void open_its_line(struct phone_run *r)
{
    union {
        VARSTRING v;
        char room[256];
    } u;
    DWORD line, version;
    HLINE handle;

    memset(&u, 0, sizeof(u));
    u.v.dwTotalSize = sizeof(u);
    if (phoneGetIDA(r->phone, &u.v, "tapi/line") || u.v.dwStringSize < sizeof(line))
        return;
    memcpy(&line, u.room + u.v.dwStringOffset, sizeof(line));
    if (!tool_open(&r->lines))
        return;
    r->with_lines = true;
    version = tool_version(&r->lines, line);
    if (version)
        (void)lineOpenA(r->lines.app, line, &handle, version, 0, 0, LINECALLPRIVILEGE_MONITOR, 0, NULL);
}

static bool touch(struct phone_run *r, const char *what, DWORD command, DWORD item, DWORD value)
{
    struct sessiontsp_phone order = {command, item, value};
    uint64_t end = platform_mono_ms() + SHOWN_MS;
    LONG rc = phoneDevSpecific(r->phone, &order, sizeof(order)), request = rc;
    PHONEMESSAGE m;

    while (rc > 0 && platform_mono_ms() < end && phoneGetMessage(r->app, &m, SHOWN_MS) == 0) {
        if (m.dwMessageID == PHONE_REPLY && m.dwParam1 == (DWORD_PTR)request)
            rc = (LONG)(DWORD)m.dwParam2;
    }
    if (!rc)
        return true;
    if (rc > 0)
        tool_error("%s: no reply from the provider", what);
    else if (rc == (LONG)PHONEERR_OPERATIONUNAVAIL)
        tool_error("%s: the exchange does not have this", what);
    else if (rc == (LONG)PHONEERR_INVALPHONESTATE)
        tool_error("%s: not now", what);
    else
        (void)tool_failed(what, rc);
    return false;
}

static bool press(struct phone_run *r, const char *what, DWORD id)
{
    return touch(r, what, SESSIONTSP_PHONE_BUTTON, id, PHONEBUTTONSTATE_DOWN | PHONEBUTTONSTATE_UP);
}

static const struct {
    const char *name;
    DWORD id;
} keys[] = {{"hold", 12},    {"transfer", 13}, {"conference", 14}, {"drop", 15},  {"redial", 16}, {"dnd", 17},
            {"message", 18}, {"speaker", 19},  {"call1", 20},      {"call2", 21}, {"call3", 22},  {"call4", 23}};

/* What a key is called on the command line: false: nothing. `digits`: each of its characters is a key. */
static bool key_parse(const char *text, DWORD *id, bool *digits)
{
    uint32_t value;

    *digits = false;
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        if (strcmp(text, keys[i].name) == 0) {
            *id = keys[i].id;
            return true;
        }
    }
    if (text[0] == '#' && text[1] && tool_number(text + 1, 100000, &value)) {
        *id = value;
        return true;
    }
    *digits = text[0] && strspn(text, "0123456789*#") == strlen(text);
    return *digits;
}

static bool press_all(struct phone_run *r, int argc, char **argv)
{
    DWORD id = 0;
    bool digits;

    for (int i = 0; i < argc; i++) {
        (void)key_parse(argv[i], &id, &digits);
        if (!digits && !press(r, argv[i], id))
            return false;
        for (const char *p = argv[i]; digits && *p; p++)
            if (!press(r, argv[i], *p == '*' ? 10 : *p == '#' ? 11 : (DWORD)(*p - '0')))
                return false;
    }
    return true;
}

static DWORD device_parse(const char *text)
{
    return strcmp(text, "handset") == 0   ? PHONEHOOKSWITCHDEV_HANDSET
           : strcmp(text, "speaker") == 0 ? PHONEHOOKSWITCHDEV_SPEAKER
           : strcmp(text, "headset") == 0 ? PHONEHOOKSWITCHDEV_HEADSET
                                          : 0;
}

static int person(struct phone_run *r, const char *verb, int argc, char **argv)
{
    bool good;

    if (!open_phone(r, 0))
        return TOOL_FAILED;
    if (!r->ext) {
        tool_error("phone %lu is not one whose keys can be pressed from here", (unsigned long)r->number);
        return TOOL_FAILED;
    }
    open_its_line(r);
    if (strcmp(verb, "press") == 0)
        good = press_all(r, argc, argv);
    else if (strcmp(verb, "message") == 0)
        good = touch(r, verb, SESSIONTSP_PHONE_MESSAGE, 0, strcmp(argv[0], "on") == 0);
    else
        good = touch(r, verb, SESSIONTSP_PHONE_HOOK, argc ? device_parse(argv[0]) : PHONEHOOKSWITCHDEV_HANDSET,
                     strcmp(verb, "lift") == 0 ? PHONEHOOKSWITCHMODE_MICSPEAKER : PHONEHOOKSWITCHMODE_ONHOOK);
    return good ? TOOL_OK : TOOL_FAILED;
}

/* ---- watch ------------------------------------------------------------------------------------------------------- */

static const struct {
    DWORD bit;
    const char *name;
} states[] = {{PHONESTATE_OTHER, "OTHER"},
              {PHONESTATE_CONNECTED, "CONNECTED"},
              {PHONESTATE_DISCONNECTED, "DISCONNECTED"},
              {PHONESTATE_OWNER, "OWNER"},
              {PHONESTATE_MONITORS, "MONITORS"},
              {PHONESTATE_DISPLAY, "DISPLAY"},
              {PHONESTATE_LAMP, "LAMP"},
              {PHONESTATE_RINGMODE, "RINGMODE"},
              {PHONESTATE_RINGVOLUME, "RINGVOLUME"},
              {PHONESTATE_HANDSETHOOKSWITCH, "HANDSETHOOKSWITCH"},
              {PHONESTATE_HANDSETVOLUME, "HANDSETVOLUME"},
              {PHONESTATE_HANDSETGAIN, "HANDSETGAIN"},
              {PHONESTATE_SPEAKERHOOKSWITCH, "SPEAKERHOOKSWITCH"},
              {PHONESTATE_SPEAKERVOLUME, "SPEAKERVOLUME"},
              {PHONESTATE_SPEAKERGAIN, "SPEAKERGAIN"},
              {PHONESTATE_HEADSETHOOKSWITCH, "HEADSETHOOKSWITCH"},
              {PHONESTATE_HEADSETVOLUME, "HEADSETVOLUME"},
              {PHONESTATE_HEADSETGAIN, "HEADSETGAIN"},
              {PHONESTATE_SUSPEND, "SUSPEND"},
              {PHONESTATE_RESUME, "RESUME"},
              {PHONESTATE_DEVSPECIFIC, "DEVSPECIFIC"},
              {PHONESTATE_REINIT, "REINIT"},
              {PHONESTATE_CAPSCHANGE, "CAPSCHANGE"},
              {PHONESTATE_REMOVED, "REMOVED"}};

static void print_states(DWORD_PTR bits)
{
    const char *between = "";

    for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
        if (bits & states[i].bit) {
            printf("%s%s", between, states[i].name);
            between = "|";
        }
    }
}

static void print_message(const PHONEMESSAGE *m)
{
    char time[TOOL_TIME_MAX];

    printf("%s  phone %lu  ", tool_time(platform_wall_ms(), time), (unsigned long)m->dwCallbackInstance);
    switch (m->dwMessageID) {
    case PHONE_STATE:
        printf("PHONE_STATE ");
        print_states(m->dwParam1);
        printf(" 0x%lx\n", (unsigned long)m->dwParam2);
        break;
    case PHONE_BUTTON:
        printf("PHONE_BUTTON %lu %s\n", (unsigned long)m->dwParam1,
               m->dwParam3 == PHONEBUTTONSTATE_DOWN ? "DOWN"
               : m->dwParam3 == PHONEBUTTONSTATE_UP ? "UP"
                                                    : "?");
        break;
    case PHONE_CLOSE:
        printf("PHONE_CLOSE\n");
        break;
    default:
        printf("message %lu: 0x%lx 0x%lx 0x%lx\n", (unsigned long)m->dwMessageID, (unsigned long)m->dwParam1,
               (unsigned long)m->dwParam2, (unsigned long)m->dwParam3);
        break;
    }
    (void)fflush(stdout);
}

static bool watch_one(struct phone_run *r)
{
    LONG rc;

    if (!open_phone(r, r->number))
        return false;
    rc = phoneSetStatusMessages(r->phone, r->version < 0x00010004 ? 0x003FFFFF : 0x00FFFFFF, 0x3F, 0xF);
    if (rc)
        (void)tool_failed("the phone cannot be watched", rc);
    return rc == 0;
}

static int watch(struct phone_run *r, bool all, uint64_t deadline)
{
    DWORD opened = 0;

    if (!all)
        opened += watch_one(r);
    for (r->number = 0; all && r->number < r->phones; r->number++)
        opened += watch_one(r);
    if (all && !r->phones)
        tool_error("there are no phones");
    if (!opened)
        return TOOL_FAILED;
    tool_catch_interrupt();
    printf("watching %lu phone%s, Ctrl-C ends\n", (unsigned long)opened, opened == 1 ? "" : "s");
    (void)fflush(stdout);
    while (!tool_interrupted()) {
        uint64_t now = platform_mono_ms(), left = now < deadline ? deadline - now : 0;
        PHONEMESSAGE m;
        LONG rc;

        if (!left)
            break;
        rc = phoneGetMessage(r->app, &m, left < 200 ? (DWORD)left : 200);
        if (rc == (LONG)PHONEERR_OPERATIONFAILED)
            continue;
        if (rc)
            return tool_failed("phoneGetMessage", rc);
        print_message(&m);
        if (m.dwMessageID == PHONE_STATE && !m.hDevice && m.dwParam1 == PHONESTATE_REINIT) {
            tool_error("the telephony service has gone");
            return TOOL_FAILED;
        }
    }
    return TOOL_OK;
}

/* ---- the command ------------------------------------------------------------------------------------------------- */

static bool arguments_good(const char *verb, int argc, char **argv)
{
    DWORD id;
    bool digits;

    if (strcmp(verb, "show") == 0)
        return argc == 0;
    if (strcmp(verb, "message") == 0)
        return argc == 1 && (strcmp(argv[0], "on") == 0 || strcmp(argv[0], "off") == 0);
    if (strcmp(verb, "lift") == 0 || strcmp(verb, "replace") == 0)
        return argc == 0 || (argc == 1 && device_parse(argv[0]));
    if (strcmp(verb, "press") != 0 || !argc)
        return false;
    for (int i = 0; i < argc; i++)
        if (!key_parse(argv[i], &id, &digits))
            return false;
    return true;
}

static int wrong(const char *what)
{
    tool_error("phone: %s (tapictl phone --help)", what);
    return TOOL_USAGE;
}

static int watch_command(struct phone_run *r, int argc, char **argv)
{
    uint64_t deadline = UINT64_MAX;
    bool all = true;
    uint32_t value;
    int exit;

    for (int i = 0; i < argc; i++) {
        if (strcmp(argv[i], "--seconds") == 0) {
            if (i + 1 >= argc || !tool_number(argv[++i], 1000000, &value))
                return wrong("--seconds needs a number");
            deadline = platform_mono_ms() + 1000 * (uint64_t)value;
        } else if (all && tool_number(argv[i], UINT32_MAX - 1, &value)) {
            r->number = value;
            all = false;
        } else {
            return wrong("watch which phone?");
        }
    }
    if (!run_open(r))
        return TOOL_FAILED;
    exit = watch(r, all, deadline);
    run_close(r);
    return exit;
}

int phone_command(int argc, char **argv)
{
    struct phone_run r;
    uint32_t number = 0;
    int exit;

    memset(&r, 0, sizeof(r));
    if (!argc)
        return wrong("list, show, press, lift, replace, message or watch?");
    if (strcmp(argv[0], "watch") == 0)
        return watch_command(&r, argc - 1, argv + 1);
    if (strcmp(argv[0], "list") == 0) {
        if (argc != 1)
            return wrong("list takes no arguments");
    } else if (argc < 2 || !tool_number(argv[1], UINT32_MAX - 1, &number) ||
               !arguments_good(argv[0], argc - 2, argv + 2)) {
        return wrong("these arguments make no sense");
    }
    if (!run_open(&r))
        return TOOL_FAILED;
    r.number = number;
    if (strcmp(argv[0], "list") == 0)
        exit = list(&r);
    else if (strcmp(argv[0], "show") == 0)
        exit = show(&r);
    else
        exit = person(&r, argv[0], argc - 2, argv + 2);
    run_close(&r);
    return exit;
}
