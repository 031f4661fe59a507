/* tapictl lines: what lines there are. SPDX-License-Identifier: MIT */
#include "tapi_shim/tapictl/names.h"
#include "tapi_shim/tapictl/registration.h"
#include "tapi_shim/tapictl/tool.h"

#include "tapi_shim/platform/platform.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char lines_help[] =
    "usage: tapictl lines [--json] [--wait S]\n"
    "\n"
    "Lists the lines: number, permanent id, name, addresses, calls that fit, provider; of accounts of SIP servers also\n"
    "until when they are registered, or why they are not.\n"
    "\n"
    "options:\n"
    "  --json     as a JSON array of objects, in UTF-8\n"
    "  --wait S   first waits until all accounts are in service, for S seconds at most\n"
    "\n"
    "The exit status is 0, 1 if telephony cannot be started, 2 for a command line that makes no sense.\n";

struct query {
    const struct tool_app *tool;
    HLINEAPP app;
    DWORD line, address, version;
    bool wide;
};

static LONG fetch_caps(void *block, const void *arg)
{
    const struct query *q = arg;

    return q->wide ? lineGetDevCapsW(q->app, q->line, q->version, 0, block)
                   : lineGetDevCapsA(q->app, q->line, q->version, 0, block);
}

static LONG fetch_address(void *block, const void *arg)
{
    const struct query *q = arg;

    return q->wide ? lineGetAddressCapsW(q->app, q->line, q->address, q->version, 0, block)
                   : lineGetAddressCapsA(q->app, q->line, q->address, q->version, 0, block);
}

/* ---- table ---- */

static bool table_row(struct query *q)
{
    LINEDEVCAPS *caps = tool_fetch("lineGetDevCaps", sizeof(*caps), fetch_caps, q);
    struct sessiontsp_registration r;
    char text[REGISTRATION_TEXT_MAX];

    if (!caps)
        return false;
    printf("%4lu  %10lu  %-20s  %5lu  %-24s  ", (unsigned long)q->line, (unsigned long)caps->dwPermanentLineID,
           tool_text(caps, caps->dwLineNameSize, caps->dwLineNameOffset), (unsigned long)caps->dwMaxNumActiveCalls,
           tool_text(caps, caps->dwProviderInfoSize, caps->dwProviderInfoOffset));
    for (q->address = 0; q->address < caps->dwNumAddresses; q->address++) {
        LINEADDRESSCAPS *address = tool_fetch("lineGetAddressCaps", sizeof(*address), fetch_address, q);

        if (address)
            printf("%s%s", q->address ? "," : "", tool_text(address, address->dwAddressSize, address->dwAddressOffset));
        free(address);
    }
    if (registration_of(q->tool, q->line, &r))
        printf("  %s", registration_text(&r, text));
    printf("\n");
    free(caps);
    return true;
}

/* ---- JSON ---- */

static void json_text(const WCHAR *text)
{
    size_t need = platform_utf16_to_utf8((const uint16_t *)text, SIZE_MAX, NULL, 0), i;
    char *utf8 = malloc(need);

    putchar('"');
    if (utf8) {
        (void)platform_utf16_to_utf8((const uint16_t *)text, SIZE_MAX, utf8, need);
        for (i = 0; utf8[i]; i++) {
            unsigned char c = (unsigned char)utf8[i];

            if (c == '"' || c == '\\')
                printf("\\%c", c);
            else if (c < 0x20)
                printf("\\u%04x", c);
            else
                putchar(c);
        }
    }
    putchar('"');
    free(utf8);
}

static bool json_object(struct query *q)
{
    LINEDEVCAPS *caps = tool_fetch("lineGetDevCaps", sizeof(*caps), fetch_caps, q);
    struct sessiontsp_registration r;
    const char *between = "";
    int bit;

    if (!caps)
        return false;
    printf("  {\"line\": %lu, \"permanent_id\": %lu, \"name\": ", (unsigned long)q->line,
           (unsigned long)caps->dwPermanentLineID);
    json_text(tool_wide(caps, caps->dwLineNameSize, caps->dwLineNameOffset));
    printf(", \"provider\": ");
    json_text(tool_wide(caps, caps->dwProviderInfoSize, caps->dwProviderInfoOffset));
    printf(", \"api_version\": \"%lu.%lu\", \"max_active_calls\": %lu, \"media_modes\": [",
           (unsigned long)(q->version >> 16), (unsigned long)(q->version & 0xFFFF),
           (unsigned long)caps->dwMaxNumActiveCalls);
    for (bit = 0; bit < 32; bit++) {
        char text[NAMES_TEXT_MAX];

        if (!(caps->dwMediaModes & (1u << bit)))
            continue;
        printf("%s\"%s\"", between, names_bits(NAMES_MEDIAMODE, 1u << bit, text));
        between = ", ";
    }
    printf("], \"addresses\": [");
    for (q->address = 0; q->address < caps->dwNumAddresses; q->address++) {
        LINEADDRESSCAPS *address = tool_fetch("lineGetAddressCaps", sizeof(*address), fetch_address, q);

        printf("%s", q->address ? ", " : "");
        if (address)
            json_text(tool_wide(address, address->dwAddressSize, address->dwAddressOffset));
        else
            printf("null");
        free(address);
    }
    printf("]");
    if (registration_of(q->tool, q->line, &r)) {
        static const char *const states[] = {"none", "trunk", "registered", "not registered"};

        printf(", \"registration\": {\"state\": \"%s\", \"seconds\": %lu, \"why\": ",
               r.dwState < sizeof(states) / sizeof(states[0]) ? states[r.dwState] : "?", (unsigned long)r.dwSeconds);
        json_text(r.szText);
        printf("}");
    }
    printf("}");
    free(caps);
    return true;
}

int lines_command(int argc, char **argv)
{
    struct tool_app app;
    struct query q;
    bool json = false, good = true;
    uint32_t wait = 0;
    const char *between = "";
    int i;

    for (i = 0; i < argc; i++) {
        if (strcmp(argv[i], "--wait") == 0 && i + 1 < argc && tool_number(argv[i + 1], 1000000, &wait)) {
            i++;
            continue;
        }
        if (strcmp(argv[i], "--json") != 0) {
            tool_error("lines: unknown argument '%.64s' (tapictl lines --help)", argv[i]);
            return TOOL_USAGE;
        }
        json = true;
    }
    if (!tool_open(&app))
        return TOOL_FAILED;
    memset(&q, 0, sizeof(q));
    q.app = app.app;
    q.tool = &app;
    q.wide = json;
    if (wait)
        registration_wait(&app, false, wait);
    printf("%s", json ? "[" : "LINE          ID  NAME                  CALLS  PROVIDER                  ADDRESSES\n");
    for (q.line = 0; q.line < app.lines; q.line++) {
        q.version = tool_version(&app, q.line);
        if (!q.version) {
            good = false;
            continue;
        }
        if (json) {
            printf("%s\n", between);
            between = ",";
            good = json_object(&q) && good;
        } else {
            good = table_row(&q) && good;
        }
    }
    if (json)
        printf("\n]\n");
    else if (!app.lines)
        printf("(no lines)\n");
    tool_close(&app);
    return good ? TOOL_OK : TOOL_FAILED;
}
