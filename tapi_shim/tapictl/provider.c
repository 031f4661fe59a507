/* tapictl provider: who provides the lines. SPDX-License-Identifier: MIT */
#include "tapi_shim/tapictl/tool.h"

#include "include/sessiontsp.h"
#include "tapi_shim/client/error_name.h"
#include "tapi_shim/platform/platform.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char provider_help[] =
    "usage: tapictl provider list\n"
    "       tapictl provider install FILE\n"
    "       tapictl provider remove ID\n"
    "       tapictl provider configure ID\n"
    "       tapictl provider reload [ID]\n"
    "       tapictl provider add-line NUMBER [--name NAME] [--no-phone] [--id ID]\n"
    "       tapictl provider remove-line NUMBER [--id ID]\n"
    "\n"
    "Lists, adds and removes telephony service providers. FILE is copied nowhere: on Windows it is looked for in the\n"
    "folder of tapi32.dll and in the system folder if it is a bare name. Lines of a provider that was added are there\n"
    "when telephony starts the next time. ID is the number that the list shows. Adding and removing needs the right "
    "to\n"
    "write the list (on Windows that of an administrator).\n"
    "\n"
    "'configure' shows the dialog of a provider that has one, as those for Windows do. The others are for SessionTSP, and\n"
    "take effect while programs run: 'reload' has it read its configuration again, 'add-line' and 'remove-line' enter a\n"
    "line there and strike it out. Lines that are new come, lines that are gone go with their calls, and lines that have\n"
    "changed are closed once. Without ID it is the provider of the list that is SessionTSP.\n"
    "\n"
    "The exit status is 0, 1 if it failed, 2 for a command line that makes no sense.\n";

static LONG fetch_list(void *block, const void *arg)
{
    (void)arg;
    return lineGetProviderListA(TAPI_CURRENT_VERSION, block);
}

static int provider_list(void)
{
    LINEPROVIDERLIST *list = tool_fetch("lineGetProviderList", sizeof(*list), fetch_list, NULL);
    DWORD i;

    if (!list)
        return TOOL_FAILED;
    printf("  ID  FILE\n");
    for (i = 0; i < list->dwNumProviders; i++) {
        LINEPROVIDERENTRY entry;

        memcpy(&entry, (const char *)list + list->dwProviderListOffset + i * sizeof(entry), sizeof(entry));
        printf("%4lu  %s\n", (unsigned long)entry.dwPermanentProviderID,
               tool_text(list, entry.dwProviderFilenameSize, entry.dwProviderFilenameOffset));
    }
    free(list);
    return TOOL_OK;
}

static int provider_install(const char *file)
{
    DWORD id = 0;
    LONG rc = lineAddProviderA(file, NULL, &id);

    if (rc) {
        tool_error("%.256s was not installed: %s", file, error_name(rc));
        return TOOL_FAILED;
    }
    printf("%s is provider %lu\n", file, (unsigned long)id);
    return TOOL_OK;
}

static int provider_remove(DWORD id)
{
    LONG rc = lineRemoveProvider(id, NULL);

    if (rc) {
        tool_error("provider %lu was not removed: %s", (unsigned long)id, error_name(rc));
        return TOOL_FAILED;
    }
    printf("provider %lu is removed\n", (unsigned long)id);
    return TOOL_OK;
}

static int provider_configure(DWORD id)
{
    LONG rc = lineConfigProvider(NULL, id);

    if (rc) {
        tool_error("provider %lu: %s", (unsigned long)id,
                   rc == (LONG)LINEERR_OPERATIONUNAVAIL ? "it has no dialog here" : error_name(rc));
        return TOOL_FAILED;
    }
    return TOOL_OK;
}

/* ---- lines of SessionTSP ----------------------------------------------------------------------------------------- */

DWORD tool_provider(void)
{
    LINEPROVIDERLIST *list = tool_fetch("lineGetProviderList", sizeof(*list), fetch_list, NULL);
    DWORD found = 0, i;

    if (!list)
        return 0;
    for (i = list->dwNumProviders; i-- > 0;) {
        LINEPROVIDERENTRY entry;
        const char *file;

        memcpy(&entry, (const char *)list + list->dwProviderListOffset + i * sizeof(entry), sizeof(entry));
        file = tool_text(list, entry.dwProviderFilenameSize, entry.dwProviderFilenameOffset);
        if (!found || i == 0 || strstr(file, "sessiontsp"))
            found = entry.dwPermanentProviderID;
        if (strstr(file, "sessiontsp"))
            break;
    }
    free(list);
    if (!found)
        tool_error("there are no providers");
    return found;
}

LONG tool_provider_line(DWORD id, bool add, const char *number, const char *name, bool phone,
                        struct sessiontsp_provider *result)
{
    const size_t units = sizeof(((struct sessiontsp_provider_line *)NULL)->szNumber) / sizeof(WCHAR);
    struct sessiontsp_provider_line line;
    LONG rc;

    memset(&line, 0, sizeof(line));
    line.Result.dwCommand = !number ? SESSIONTSP_PROVIDER_RELOAD
                            : add   ? SESSIONTSP_PROVIDER_LINE_ADD
                                    : SESSIONTSP_PROVIDER_LINE_REMOVE;
    line.dwFlags = phone ? 0 : SESSIONTSP_LINE_NO_PHONE;
    if (platform_utf8_to_utf16(number, SIZE_MAX, (uint16_t *)line.szNumber, units) > units ||
        platform_utf8_to_utf16(name, SIZE_MAX, (uint16_t *)line.szName, units) > units)
        return (LONG)LINEERR_INVALPARAM;
    rc = tool_provider_data(id, &line, number ? sizeof(line) : sizeof(line.Result));
    *result = line.Result;
    return rc;
}

const char *tool_provider_error(LONG rc)
{
    switch ((DWORD)rc) {
    case LINEERR_INVALADDRESS:
        return "that is no number";
    case LINEERR_INUSE:
        return "somebody has that number";
    case LINEERR_NODEVICE:
        return "no line has that number";
    case LINEERR_OPERATIONUNAVAIL:
        return "it is one of the section [lines], or there is no way to tell the provider";
    case LINEERR_INIFILECORRUPT:
        return "the configuration has mistakes, or may not be written";
    case LINEERR_OPERATIONFAILED:
        return "the configuration has mistakes, which were logged; nothing is changed";
    default:
        return error_name(rc);
    }
}

static int provider_line(const char *what, DWORD id, const char *number, const char *name, bool phone)
{
    struct sessiontsp_provider result;
    LONG rc;

    if (!id)
        id = tool_provider();
    if (!id)
        return TOOL_FAILED;
    rc = tool_provider_line(id, strcmp(what, "add-line") == 0, number, name, phone, &result);
    if (rc) {
        tool_error("provider %s: %s", what, tool_provider_error(rc));
        return TOOL_FAILED;
    }
    if (!result.dwRunning) {
        printf("provider %lu is not started, and reads its configuration when it is\n", (unsigned long)id);
        return TOOL_OK;
    }
    printf("lines: %lu new, %lu gone, %lu changed\n", (unsigned long)result.dwAdded, (unsigned long)result.dwRemoved,
           (unsigned long)result.dwChanged);
    if (result.dwFailed) {
        tool_error("%lu lines could not be had, see the log", (unsigned long)result.dwFailed);
        return TOOL_FAILED;
    }
    return TOOL_OK;
}

/* The words behind "provider": those of lines. -1: none of these. */
static int line_words(int argc, char **argv)
{
    const char *number = NULL, *name = NULL;
    bool add = strcmp(argv[0], "add-line") == 0, phone = true;
    uint32_t id = 0;
    int i;

    if (strcmp(argv[0], "reload") == 0) {
        if (argc > 2 || (argc == 2 && !tool_number(argv[1], UINT32_MAX, &id)))
            return -1;
        return provider_line(argv[0], id, NULL, NULL, true);
    }
    if (!add && strcmp(argv[0], "remove-line") != 0)
        return -1;
    for (i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--id") == 0 && i + 1 < argc) {
            if (!tool_number(argv[++i], UINT32_MAX, &id))
                return -1;
        } else if (add && strcmp(argv[i], "--name") == 0 && i + 1 < argc) {
            name = argv[++i];
        } else if (add && strcmp(argv[i], "--no-phone") == 0) {
            phone = false;
        } else if (argv[i][0] != '-' && !number) {
            number = argv[i];
        } else {
            return -1;
        }
    }
    return number ? provider_line(argv[0], id, number, name, phone) : -1;
}

int provider_command(int argc, char **argv)
{
    uint32_t id;

    if (argc == 1 && strcmp(argv[0], "list") == 0)
        return provider_list();
    if (argc == 2 && strcmp(argv[0], "install") == 0 && argv[1][0])
        return provider_install(argv[1]);
    if (argc == 2 && strcmp(argv[0], "remove") == 0) {
        if (tool_number(argv[1], UINT32_MAX, &id))
            return provider_remove(id);
        tool_error("provider remove: '%.64s' is no provider id", argv[1]);
        return TOOL_USAGE;
    }
    if (argc == 2 && strcmp(argv[0], "configure") == 0 && tool_number(argv[1], UINT32_MAX, &id))
        return provider_configure(id);
    if (argc >= 1) {
        int status = line_words(argc, argv);

        if (status >= 0)
            return status;
    }
    tool_error("provider: list, install FILE, remove ID, configure ID, reload, add-line NUMBER or remove-line NUMBER "
               "(tapictl provider --help)");
    return TOOL_USAGE;
}
