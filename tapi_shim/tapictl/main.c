/* tapictl: lines, calls, messages and providers from the command line. SPDX-License-Identifier: MIT */
#include "tapi_shim/tapictl/tool.h"

#include "tapi_shim/platform/platform.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const char help[] =
    "usage: tapictl [--config PATH] [--in-process] [--name NAME] COMMAND [ARGUMENT...]\n"
    "\n"
    "commands:\n"
    "  lines                  lists the lines\n"
    "  call NUMBER            makes a call, shows its progress and what is known of it afterwards\n"
    "  listen                 waits for calls, and answers them if told to\n"
    "  monitor                shows every message that telephony sends\n"
    "  phone list             lists the telephone sets; also show, press, lift, replace, message, watch\n"
    "  account list           lists the accounts of SIP servers; also add, remove, test\n"
    "  provider list          lists the providers\n"
    "  provider install FILE  adds a provider\n"
    "  provider remove ID     removes one; also configure, reload, add-line, remove-line\n"
    "  translate ADDRESS      shows what is dialled for an address\n"
    "  location list          lists the places to dial from; also countries, add, change, select, remove\n"
    "  card list              lists the calling cards; also add, change, remove\n"
    "  hold NUMBER            calls, holds, takes back\n"
    "  transfer NUMBER TO     connects two others\n"
    "  conference NUMBER...   calls several, and joins them\n"
    "  park NUMBER [PLACE]    parks a call\n"
    "  pickup [NUMBER]        takes a call that rings elsewhere, or that is parked\n"
    "  forward --line N ...   forwards the calls of a line\n"
    "  digits NUMBER DIGITS   calls and sends digits\n"
    "  shell [FILE]           several lines and calls at once, by commands that are typed or read from a file\n"
    "  trace FILE.svg FILE    draws what goes between the layers meanwhile\n"
    "  service status         what the telephony service has and does; also start, stop, log\n"
    "\n"
    "options:\n"
    "  --config PATH   configuration of the provider: a file, on Windows a registry key; else it is looked for in\n"
    "                  its usual places\n"
    "  --in-process    lines and calls of this process alone, without the telephony service\n"
    "  --name NAME     the name that other programs see, and hand calls to; else tapictl\n"
    "  --help          this, or after a command what that command does\n"
    "  --version       the version of this tool\n"
    "\n"
    "Set TAPI_SHIM_LOG=info (or debug) to see what happens inside. The exit status is 0 for success, 2 for a command\n"
    "line that makes no sense, 1 for what failed; that of 'call' tells more, see 'tapictl call --help'.\n";

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *help;
} commands[] = {{"lines", lines_command, lines_help},
                {"call", call_command, call_help},
                {"listen", listen_command, listen_help},
                {"monitor", monitor_command, monitor_help},
                {"account", account_command, account_help},
                {"provider", provider_command, provider_help},
                {"service", service_command, service_help},
                {"shell", shell_command, shell_help},
                {"trace", trace_command, trace_help},
                {"hold", hold_command, hold_help},
                {"transfer", transfer_command, transfer_help},
                {"conference", conference_command, conference_help},
                {"park", park_command, park_help},
                {"pickup", pickup_command, pickup_help},
                {"forward", forward_command, forward_help},
                {"digits", digits_command, digits_help},
                {"translate", translate_command, translate_help},
                {"location", location_command, location_help},
                {"card", card_command, card_help},
                {"phone", phone_command, phone_help}};

static void conf_entry(const struct platform_conf_entry *entry, void *arg)
{
    (void)entry;
    (void)arg;
}

/* The first line that cannot be read; there may be many. */
struct broken {
    char where[512], text[256];
    unsigned more;
};

static void conf_error(const char *where, const char *text, void *arg)
{
    struct broken *b = arg;

    if (b->where[0]) {
        b->more++;
        return;
    }
    (void)snprintf(b->where, sizeof(b->where), "%s", where);
    (void)snprintf(b->text, sizeof(b->text), "%s", text);
}

/* A configuration that was asked for is looked at before anything starts, so that what is wrong with it is said in one
 * line. */
static bool config_use(const char *path)
{
    struct broken broken = {"", "", 0};
    int err;

    if (path && !path[0]) {
        tool_error("--config needs a path");
        return false;
    }
    err = platform_conf_read(path, conf_entry, conf_error, &broken);
    if (err) {
        char place[1024];

        platform_conf_place(path, place, sizeof(place));
        tool_error("%s: the configuration %s", place,
                   err == ENOENT   ? "does not exist"
                   : err == EACCES ? "may not be read"
                                   : "cannot be read");
        return false;
    }
    /* What is wrong in a file that nobody named is for the provider to tell, which takes the rest of it. */
    if (path && broken.where[0]) {
        if (broken.more)
            tool_error("%s: %s (and %u more)", broken.where, broken.text, broken.more);
        else
            tool_error("%s: %s", broken.where, broken.text);
        return false;
    }
    if (path && platform_env_set("TAPI_SHIM_CONFIG", path)) {
        tool_error("%s: this cannot be used as a path", path);
        return false;
    }
    return true;
}

static bool asks_for_help(int argc, char **argv)
{
    int i;

    for (i = 0; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return true;
    }
    return false;
}

int main(int argc, char **argv)
{
    const char *config = NULL;
    bool is_name;
    size_t n;
    int i = 1;

    while (i < argc && argv[i][0] == '-') {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            fputs(help, stdout);
            return TOOL_OK;
        }
        if (strcmp(argv[i], "--version") == 0) {
            printf("tapictl %s\n", TAPICTL_VERSION);
            return TOOL_OK;
        }
        if (strcmp(argv[i], "--in-process") == 0) {
            if (platform_env_set("TAPI_SHIM_MODE", "in-process"))
                return TOOL_FAILED;
            i++;
            continue;
        }
        is_name = strcmp(argv[i], "--name") == 0;
        if (!is_name && strcmp(argv[i], "--config") != 0) {
            tool_error("unknown option '%.64s' (tapictl --help)", argv[i]);
            return TOOL_USAGE;
        }
        if (i + 1 >= argc || (is_name && !argv[i + 1][0])) {
            tool_error("%s needs a %s", argv[i], is_name ? "name" : "path");
            return TOOL_USAGE;
        }
        *(is_name ? &tool_name : &config) = argv[i + 1];
        i += 2;
    }
    if (i >= argc) {
        tool_error("no command (tapictl --help)");
        return TOOL_USAGE;
    }
    for (n = 0; n < sizeof(commands) / sizeof(commands[0]); n++) {
        if (strcmp(argv[i], commands[n].name) != 0)
            continue;
        if (asks_for_help(argc - i - 1, argv + i + 1)) {
            fputs(commands[n].help, stdout);
            return TOOL_OK;
        }
        if (config_use(config))
            return commands[n].run(argc - i - 1, argv + i + 1);
        return config && !config[0] ? TOOL_USAGE : TOOL_FAILED;
    }
    tool_error("unknown command '%.64s' (tapictl --help)", argv[i]);
    return TOOL_USAGE;
}
