/* Commands of the shell for what happens inside a call: digits, tones, user-user information, its attributes.
 * SPDX-License-Identifier: MIT */
#include "tapi_shim/tapictl/shell/shell.h"

#include <stdlib.h>
#include <string.h>

enum { TONES_MAX = 8 };

static bool digit_mode(const char *word, DWORD *mode)
{
    DWORD_PTR bits;

    if (!names_value(NAMES_DIGITMODE, word, &bits))
        return false;
    *mode = (DWORD)bits;
    return true;
}

enum shell_result shell_cmd_digits(struct shell *sh, int argc, char **argv)
{
    struct shell_call *c = shell_call_find(sh, argv[1]);
    DWORD mode = LINEDIGITMODE_DTMF;
    uint32_t duration = 0;

    if ((argc > 3 && !digit_mode(argv[3], &mode)) || (argc > 4 && !tool_number(argv[4], 100000, &duration)))
        return SHELL_USAGE;
    return c ? shell_sync(sh, lineGenerateDigitsA(c->call, mode, argv[2], duration), "lineGenerateDigits", "%s, \"%s\"",
                          argv[1], argv[2])
             : SHELL_FAILED;
}

enum shell_result shell_cmd_monitor_digits(struct shell *sh, int argc, char **argv)
{
    struct shell_call *c = shell_call_find(sh, argv[1]);
    DWORD mode = LINEDIGITMODE_DTMF;

    if (argc > 2 && strcmp(argv[2], "off") == 0)
        mode = 0;
    else if (argc > 2 && !digit_mode(argv[2], &mode))
        return SHELL_USAGE;
    return c ? shell_sync(sh, lineMonitorDigits(c->call, mode), "lineMonitorDigits", "%s, %s", argv[1],
                          argc > 2 ? argv[2] : "DTMF")
             : SHELL_FAILED;
}

enum shell_result shell_cmd_gather(struct shell *sh, int argc, char **argv)
{
    struct shell_call *c = shell_call_find(sh, argv[1]);
    uint32_t count = 0, first = 0, between = 0;
    const char *until = NULL;
    bool off = argc == 3 && strcmp(argv[2], "off") == 0;
    int i;

    if (!c)
        return SHELL_FAILED;
    if (off)
        return shell_sync(sh, lineGatherDigitsA(c->call, LINEDIGITMODE_DTMF, NULL, 0, NULL, 0, 0), "lineGatherDigits",
                          "%s, off", argv[1]);
    if (!tool_number(argv[2], SHELL_DIGITS_MAX - 1, &count) || !count)
        return SHELL_USAGE;
    for (i = 3; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "until") == 0)
            until = argv[i + 1];
        else if (strcmp(argv[i], "first") != 0 && strcmp(argv[i], "between") != 0)
            return SHELL_USAGE;
        else if (!tool_number(argv[i + 1], 1000000, argv[i][0] == 'f' ? &first : &between))
            return SHELL_USAGE;
    }
    if (i != argc)
        return SHELL_USAGE;
    memset(c->digits, 0, sizeof(c->digits));
    return shell_sync(sh, lineGatherDigitsA(c->call, LINEDIGITMODE_DTMF, c->digits, count, until, first, between),
                      "lineGatherDigits", "%s, %lu, \"%s\"", argv[1], (unsigned long)count, until ? until : "");
}

/* FREQUENCY... */
static int frequencies(int argc, char **argv, int from, uint32_t *v, int max)
{
    int n = 0;

    while (n < max && from + n < argc && tool_number(argv[from + n], 20000, &v[n]))
        n++;
    return from + n == argc ? n : -1;
}

enum shell_result shell_cmd_tone(struct shell *sh, int argc, char **argv)
{
    struct shell_call *c = shell_call_find(sh, argv[1]);
    LINEGENERATETONE tones[TONES_MAX];
    uint32_t v[TONES_MAX], duration = 0;
    DWORD_PTR mode;
    int n = 0, i;

    if (!names_value(NAMES_TONEMODE, argv[2], &mode) || (argc > 3 && !tool_number(argv[3], 100000, &duration)))
        return SHELL_USAGE;
    if (mode == LINETONEMODE_CUSTOM)
        n = frequencies(argc, argv, 4, v, TONES_MAX);
    if (n < 0 || (mode != LINETONEMODE_CUSTOM && argc > 4))
        return SHELL_USAGE;
    memset(tones, 0, sizeof(tones));
    for (i = 0; i < n; i++)
        tones[i].dwFrequency = v[i];
    return c ? shell_sync(sh, lineGenerateTone(c->call, (DWORD)mode, duration, (DWORD)n, n ? tones : NULL),
                          "lineGenerateTone", "%s, %s, %lu", argv[1], argv[2], (unsigned long)duration)
             : SHELL_FAILED;
}

enum shell_result shell_cmd_monitor_tones(struct shell *sh, int argc, char **argv)
{
    struct shell_call *c = shell_call_find(sh, argv[1]);
    uint32_t v[3] = {0, 0, 0}, id;
    LINEMONITORTONE tone;

    if (!c)
        return SHELL_FAILED;
    if (argc == 3 && strcmp(argv[2], "off") == 0)
        return shell_sync(sh, lineMonitorTones(c->call, NULL, 0), "lineMonitorTones", "%s, off", argv[1]);
    if (!tool_number(argv[2], UINT32_MAX - 1, &id) || frequencies(argc, argv, 3, v, 3) < 1)
        return SHELL_USAGE;
    memset(&tone, 0, sizeof(tone));
    tone.dwAppSpecific = id;
    tone.dwFrequency1 = v[0];
    tone.dwFrequency2 = v[1];
    tone.dwFrequency3 = v[2];
    return shell_sync(sh, lineMonitorTones(c->call, &tone, 1), "lineMonitorTones", "%s, %lu", argv[1],
                      (unsigned long)id);
}

enum shell_result shell_cmd_monitor_media(struct shell *sh, int argc, char **argv)
{
    struct shell_call *c = shell_call_find(sh, argv[1]);
    DWORD_PTR bits = 0;

    (void)argc;
    if (strcmp(argv[2], "off") != 0 && !names_value(NAMES_MEDIAMODE, argv[2], &bits))
        return SHELL_USAGE;
    return c ? shell_sync(sh, lineMonitorMedia(c->call, (DWORD)bits), "lineMonitorMedia", "%s, %s", argv[1], argv[2])
             : SHELL_FAILED;
}

/* ---- user-user information, security ----------------------------------------------------------------------------- */

enum shell_result shell_cmd_uui(struct shell *sh, int argc, char **argv)
{
    struct shell_call *c = shell_call_find(sh, argv[1]);

    (void)argc;
    return c ? shell_async(sh, &c->object, lineSendUserUserInfo(c->call, argv[2], (DWORD)strlen(argv[2]) + 1),
                           "lineSendUserUserInfo", "%s", argv[1])
             : SHELL_FAILED;
}

enum shell_result shell_cmd_uui_release(struct shell *sh, int argc, char **argv)
{
    struct shell_call *c = shell_call_find(sh, argv[1]);

    (void)argc;
    return c ? shell_async(sh, &c->object, lineReleaseUserUserInfo(c->call), "lineReleaseUserUserInfo", "%s", argv[1])
             : SHELL_FAILED;
}

enum shell_result shell_cmd_secure(struct shell *sh, int argc, char **argv)
{
    struct shell_call *c = shell_call_find(sh, argv[1]);

    (void)argc;
    return c ? shell_async(sh, &c->object, lineSecureCall(c->call), "lineSecureCall", "%s", argv[1]) : SHELL_FAILED;
}

/* ---- attributes -------------------------------------------------------------------------------------------------- */

enum shell_result shell_cmd_set(struct shell *sh, int argc, char **argv)
{
    struct shell_call *c = shell_call_find(sh, argv[1]);
    uint32_t n = 0, n2 = 0;
    DWORD_PTR bits;

    if (!c)
        return SHELL_FAILED;
    if (strcmp(argv[2], "data") == 0 && argc == 4)
        return shell_async(sh, &c->object, lineSetCallData(c->call, argv[3], (DWORD)strlen(argv[3]) + 1),
                           "lineSetCallData", "%s, \"%s\"", argv[1], argv[3]);
    if (strcmp(argv[2], "media") == 0 && argc == 4 && names_value(NAMES_MEDIAMODE, argv[3], &bits))
        return shell_sync(sh, lineSetMediaMode(c->call, (DWORD)bits), "lineSetMediaMode", "%s, %s", argv[1], argv[3]);
    if (strcmp(argv[2], "bearer") == 0 && argc == 6 && names_value(NAMES_BEARERMODE, argv[3], &bits) &&
        tool_number(argv[4], UINT32_MAX - 1, &n) && tool_number(argv[5], UINT32_MAX - 1, &n2))
        return shell_async(sh, &c->object, lineSetCallParams(c->call, (DWORD)bits, n, n2, NULL), "lineSetCallParams",
                           "%s, %s, %lu, %lu", argv[1], argv[3], (unsigned long)n, (unsigned long)n2);
    if (strcmp(argv[2], "treatment") == 0 && argc == 4 && names_value(NAMES_CALLTREATMENT, argv[3], &bits))
        return shell_async(sh, &c->object, lineSetCallTreatment(c->call, (DWORD)bits), "lineSetCallTreatment", "%s, %s",
                           argv[1], argv[3]);
    if (strcmp(argv[2], "appspecific") == 0 && argc == 4 && tool_number(argv[3], UINT32_MAX - 1, &n))
        return shell_sync(sh, lineSetAppSpecific(c->call, n), "lineSetAppSpecific", "%s, %lu", argv[1],
                          (unsigned long)n);
    return SHELL_USAGE;
}
