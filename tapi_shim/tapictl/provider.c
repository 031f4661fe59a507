/* tapictl provider: who provides the lines. SPDX-License-Identifier: MIT */
#include "tapi_shim/tapictl/tool.h"

#include "tapi_shim/client/error_name.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char provider_help[] =
    "usage: tapictl provider list\n"
    "       tapictl provider install FILE\n"
    "       tapictl provider remove ID\n"
    "\n"
    "Lists, adds and removes telephony service providers. FILE is copied nowhere: on Windows it is looked for in the\n"
    "folder of tapi32.dll and in the system folder if it is a bare name. Lines of a provider that was added are there\n"
    "when telephony starts the next time. ID is the number that the list shows. Adding and removing needs the right "
    "to\n"
    "write the list (on Windows that of an administrator).\n"
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
    tool_error("provider: list, install FILE or remove ID (tapictl provider --help)");
    return TOOL_USAGE;
}
