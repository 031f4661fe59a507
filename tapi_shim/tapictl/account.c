/* tapictl account: lines that are accounts of SIP servers. SPDX-License-Identifier: MIT */
#include "tapi_shim/tapictl/tool.h"

#include "include/sessiontsp.h"
#include "tapi_shim/channel/remote.h"
#include "tapi_shim/platform/link.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char account_help[] =
    "usage: tapictl account list\n"
    "       tapictl account add --uri sip:USER@DOMAIN [--number N] [OPTION...] [KEY=VALUE...]\n"
    "       tapictl account remove N\n"
    "       tapictl account test [N | --uri sip:USER@DOMAIN] [--seconds S] [OPTION...] [KEY=VALUE...]\n"
    "\n"
    "Lists, adds and removes the sections [account N] of the configuration, each of which is a line, an account of a "
    "SIP\n"
    "server; all else in the configuration stays as it is. KEY is one of an account (see README.md): registrar=HOST,\n"
    "proxy=HOST, srtp=mandatory, name=TEXT... Lines come and go with their accounts, also while the\n"
    "telephony service runs.\n"
    "\n"
    "'test' registers account N once (without N, each one; with --uri one that is in no configuration), takes that "
    "back,\n"
    "and says in a line what came of it. KEY=VALUE then counts instead of what is configured; sip.KEY is one of the\n"
    "section [sip]. While the telephony service runs, which has the configured ports, it uses any other port.\n"
    "\n"
    "options:\n"
    "  --uri URI             user, domain and transport: sip:201@pbx.example.com:5060;transport=tcp, or sips: for TLS\n"
    "  --user NAME           the name that the password belongs to, if it is not the user\n"
    "  --password-stdin      the password is the first line of the input\n"
    "  --password-file FILE  it is the first line of FILE, a whole path, which the configuration then names\n"
    "  --number N            the account's number; the next one that is free if not given\n"
    "  --seconds S           how long a server may take to answer; 32 if not given\n"
    "\n"
    "A configuration with a password in it is for its owner's eyes alone; no password is ever shown. The exit status "
    "is 0,\n"
    "1 if it failed, 2 for a command line that makes no sense; of 'test' also 10 wrong password, 11 unknown host,\n"
    "12 untrusted certificate, 13 port in use, 14 no answer, 15 refused, 16 unreachable.\n";

enum { ACCOUNTS_MAX = 10000, KEYS_BYTES = 3 * SESSIONTSP_ACCOUNT_KEYS_MAX, PASSWORD_MAX = 202 };

/* ---- what is configured ------------------------------------------------------------------------------------------ */

struct entry {
    uint32_t n;
    char user[64], domain[64], transport[8], server[64], name[64];
    bool secret, trunk;
};

struct book {
    struct entry *v;
    size_t count, room;
    bool no_memory;
};

static bool same(const char *a, const char *b)
{
    for (; *a && (*a | 32) == (*b | 32); a++, b++)
        ;
    return !*a && !*b;
}

/* The number of a section [account N]. */
static bool account_number(const char *section, uint32_t *n)
{
    char word[8] = "";
    size_t len = strcspn(section, " \t");

    if (len >= sizeof(word))
        return false;
    memcpy(word, section, len);
    section += len;
    return same(word, "account") && tool_number(section + strspn(section, " \t"), UINT32_MAX, n);
}

static void take(const struct platform_conf_entry *e, void *arg)
{
    struct book *b = arg;
    struct entry *entry = NULL;
    uint32_t n;

    if (!account_number(e->section, &n))
        return;
    for (size_t i = b->count; i-- > 0 && !entry;)
        if (b->v[i].n == n)
            entry = &b->v[i];
    if (!entry) {
        if (b->count == b->room) {
            struct entry *more = realloc(b->v, (b->room ? 2 * b->room : 16) * sizeof(*more));

            if (!more) {
                b->no_memory = true;
                return;
            }
            b->v = more;
            b->room = b->room ? 2 * b->room : 16;
        }
        entry = &b->v[b->count++];
        memset(entry, 0, sizeof(*entry));
        entry->n = n;
        memcpy(entry->transport, "udp", 4);
    }
    if (same(e->key, "user"))
        (void)snprintf(entry->user, sizeof(entry->user), "%s", e->value);
    else if (same(e->key, "domain"))
        (void)snprintf(entry->domain, sizeof(entry->domain), "%s", e->value);
    else if (same(e->key, "transport"))
        (void)snprintf(entry->transport, sizeof(entry->transport), "%s", e->value);
    else if (same(e->key, "registrar"))
        (void)snprintf(entry->server, sizeof(entry->server), "%s", e->value);
    else if (same(e->key, "name"))
        (void)snprintf(entry->name, sizeof(entry->name), "%s", e->value);
    else if (same(e->key, "password") || same(e->key, "password_file"))
        entry->secret = true;
    else if (same(e->key, "register"))
        entry->trunk = !strcmp(e->value, "0");
}

static int by_number(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;

    return x->n < y->n ? -1 : x->n > y->n;
}

static bool book_read(struct book *b)
{
    int err;

    memset(b, 0, sizeof(*b));
    err = platform_conf_read(NULL, take, NULL, b);
    if (err || b->no_memory) {
        tool_error("the configuration cannot be read");
        free(b->v);
        return false;
    }
    if (b->count)
        qsort(b->v, b->count, sizeof(*b->v), by_number);
    return true;
}

static int account_list(void)
{
    struct book b;

    if (!book_read(&b))
        return TOOL_FAILED;
    printf("   N  ADDRESS                         BY   PASSWORD  REGISTERS WITH            NAME\n");
    for (size_t i = 0; i < b.count; i++) {
        const struct entry *e = &b.v[i];
        char address[sizeof(e->user) + sizeof(e->domain)];

        (void)snprintf(address, sizeof(address), "%s@%s", e->user, e->domain);
        printf("%4lu  %-30s  %-3s  %-8s  %-24s  %s\n", (unsigned long)e->n, address, e->transport,
               e->secret ? "***" : "none",
               e->trunk       ? "(a trunk)"
               : e->server[0] ? e->server
                              : e->domain,
               e->name);
    }
    if (!b.count)
        printf("(no accounts)\n");
    free(b.v);
    return TOOL_OK;
}

/* ---- what the provider is asked ---------------------------------------------------------------------------------- */

struct ask {
    DWORD command, account;
    uint32_t seconds;
    bool number_given, uri_given, port_given;
    char keys[KEYS_BYTES];
    size_t len;
};

/* One more "key=value"; false: there is no room. */
static bool put(struct ask *a, const char *key, const char *value, size_t len)
{
    int n = snprintf(a->keys + a->len, sizeof(a->keys) - a->len, "%s%s=%.*s", a->len ? "\n" : "", key, (int)len, value);

    if (n < 0 || (size_t)n >= sizeof(a->keys) - a->len || memchr(value, '\n', len))
        return false;
    a->len += (size_t)n;
    return true;
}

/* sip:user@host:port;transport=tcp */
static bool put_uri(struct ask *a, const char *uri)
{
    const char *user, *at, *host;
    bool tls = false;
    size_t len;

    if (!strncmp(uri, "sips:", 5))
        tls = true;
    else if (strncmp(uri, "sip:", 4))
        return false;
    user = strchr(uri, ':') + 1;
    at = strchr(user, '@');
    if (!at || at == user)
        return false;
    host = at + 1;
    len = strcspn(host, ";");
    if (!len || !put(a, "user", user, (size_t)(at - user)) || !put(a, "domain", host, len))
        return false;
    a->uri_given = true;
    if (!host[len])
        return !tls || put(a, "transport", "tls", 3);
    return !tls && !strncmp(host + len, ";transport=", 11) &&
           put(a, "transport", host + len + 11, strlen(host + len + 11));
}

static bool put_password(struct ask *a)
{
    char line[PASSWORD_MAX];
    size_t len;
    bool good = fgets(line, sizeof(line), stdin) != NULL;

    len = good ? strcspn(line, "\r\n") : 0;
    good = good && len > 0 && (line[len] || feof(stdin)) && put(a, "password", line, len);
    platform_wipe(line, sizeof(line));
    if (!good)
        tool_error("account: the input has no password of 1 to 200 bytes in its first line");
    return good;
}

static bool is_whole_path(const char *path)
{
    return path[0] == '/' || path[0] == '\\' || (path[0] && path[1] == ':');
}

/* The words behind add and test. */
static bool words(struct ask *a, int argc, char **argv)
{
    bool add = a->command == SESSIONTSP_PROVIDER_ACCOUNT_ADD, secret = false;

    for (int i = 0; i < argc; i++) {
        const char *word = argv[i], *equals = strchr(word, '='), *value = i + 1 < argc ? argv[i + 1] : NULL;
        uint32_t n;

        if (!strcmp(word, "--password-stdin") && !secret) {
            secret = true;
            if (!put_password(a))
                return false;
            continue;
        }
        if (word[0] == '-') {
            bool good = false;

            if (!value) {
                tool_error("account: %.64s: unknown, or something is missing behind it (tapictl account --help)", word);
                return false;
            }
            if (!strcmp(word, "--uri") && !a->uri_given)
                good = put_uri(a, value);
            else if (!strcmp(word, "--user"))
                good = put(a, "auth_user", value, strlen(value));
            else if (!strcmp(word, "--password-file") && !secret)
                good = secret = (!add || is_whole_path(value)) && put(a, "password_file", value, strlen(value));
            else if (!strcmp(word, "--number") && add)
                good = a->number_given = tool_number(value, SESSIONTSP_ACCOUNT_NEW - 1, &n);
            else if (!strcmp(word, "--seconds") && !add)
                good = tool_number(value, 3600, &a->seconds) && a->seconds > 0;
            if (good && !strcmp(word, "--number"))
                a->account = n;
            if (!good) {
                tool_error("account: %s %.64s makes no sense (tapictl account --help)", word, value);
                return false;
            }
            i++;
        } else if (equals) {
            if (!strncmp(word, "password=", 9)) {
                tool_error("account: others can see the command line: --password-stdin, or --password-file");
                return false;
            }
            a->port_given |= !strncmp(word, "sip.port=", 9) || !strncmp(word, "sip.tls_port=", 13);
            a->uri_given |= !strncmp(word, "user=", 5);
            if (equals == word || memchr(word, '\n', strlen(word)) || a->len + strlen(word) + 2 > sizeof(a->keys)) {
                tool_error("account: '%.64s' makes no sense", word);
                return false;
            }
            a->len += (size_t)snprintf(a->keys + a->len, sizeof(a->keys) - a->len, "%s%s", a->len ? "\n" : "", word);
        } else if (!add && !a->number_given && tool_number(word, SESSIONTSP_ACCOUNT_NEW - 1, &n)) {
            a->account = n;
            a->number_given = true;
        } else {
            tool_error("account: unknown argument '%.64s' (tapictl account --help)", word);
            return false;
        }
    }
    if (add && !a->uri_given) {
        tool_error("account add: --uri sip:USER@DOMAIN is needed (tapictl account --help)");
        return false;
    }
    return true;
}

/* Asks, and prints the answer behind `before`; exit status. */
static int ask(const struct ask *a, const char *before)
{
    struct sessiontsp_provider_account *block = calloc(1, sizeof(*block));
    const char *between = before[0] ? ": " : "";
    char text[3 * SESSIONTSP_ACCOUNT_TEXT_MAX];
    DWORD id;
    LONG rc;
    int exit = TOOL_FAILED;

    if (!block) {
        tool_error("out of memory");
        return TOOL_FAILED;
    }
    block->Result.dwCommand = a->command;
    block->dwAccount = a->account;
    block->dwSeconds = a->seconds;
    if (platform_utf8_to_utf16(a->keys, SIZE_MAX, (uint16_t *)block->szKeys, SESSIONTSP_ACCOUNT_KEYS_MAX) >
        SESSIONTSP_ACCOUNT_KEYS_MAX) {
        tool_error("account: too many keys");
        goto out;
    }
    id = tool_provider();
    if (!id)
        goto out;
    rc = tool_provider_data(id, block, sizeof(*block));
    if (rc) {
        tool_error("account: %s", rc == (LONG)LINEERR_INVALPARAM ? "a key is none, or the provider is not SessionTSP"
                                                                 : tool_provider_error(rc));
        goto out;
    }
    (void)platform_utf16_to_utf8((const uint16_t *)block->szText, SIZE_MAX, text, sizeof(text));
    exit = (int)block->dwOutcome;
    if (exit == TOOL_FAILED)
        tool_error("account: %s%s%s", before, between, text);
    else
        printf("%s%s%s\n", before, between, text);
    (void)fflush(stdout);
out:
    platform_wipe(block->szKeys, sizeof(block->szKeys));
    free(block);
    return exit;
}

/* ---- trying ------------------------------------------------------------------------------------------------------ */

static void no_event(const struct channel_event *event, void *arg)
{
    (void)event;
    (void)arg;
}

static void no_loss(void *arg)
{
    (void)arg;
}

/* Whether the telephony service runs, which has the ports. */
static bool service_runs(void)
{
    char place[PLATFORM_PATH_MAX];
    struct remote *remote = NULL;

    platform_service_place(place, sizeof(place));
    if (remote_open(&remote, place, no_event, no_loss, NULL, NULL))
        return false;
    remote_close(remote);
    return true;
}

static int account_test(struct ask *a)
{
    int exit = TOOL_OK;
    bool any = false;
    struct book b;

    if (!a->port_given && service_runs() && (!put(a, "sip.port", "0", 1) || !put(a, "sip.tls_port", "0", 1))) {
        tool_error("account: too many keys");
        return TOOL_FAILED;
    }
    if (!a->number_given && a->uri_given)
        return ask(a, "");
    if (!book_read(&b))
        return TOOL_FAILED;
    for (size_t i = 0; i < b.count; i++) {
        char before[200];
        int one;

        if (a->number_given && b.v[i].n != a->account)
            continue;
        any = true;
        (void)snprintf(before, sizeof(before), "account %lu, %s@%s", (unsigned long)b.v[i].n, b.v[i].user,
                       b.v[i].domain);
        if (!a->number_given)
            a->account = b.v[i].n;
        one = ask(a, before);
        exit = exit ? exit : one;
        if (a->number_given)
            break;
        a->account = SESSIONTSP_ACCOUNT_NEW;
    }
    free(b.v);
    if (!any) {
        if (a->number_given)
            tool_error("there is no account %lu", (unsigned long)a->account);
        else
            tool_error("there are no accounts");
        return TOOL_FAILED;
    }
    return exit;
}

/* ---- the command ------------------------------------------------------------------------------------------------- */

/* The configuration has changed: the telephony service, if there is one, has its provider read it again. */
static void service_reload(DWORD provider)
{
    struct sessiontsp_provider block = {.dwCommand = SESSIONTSP_PROVIDER_RELOAD};
    struct channel_call call = {.op = CHANNEL_UI_DATA,
                                .arg = {provider, TUISPIDLL_OBJECT_PROVIDERID},
                                .in0 = &block,
                                .in0_len = sizeof(block)};
    char place[PLATFORM_PATH_MAX];
    struct remote *remote = NULL;
    int32_t rc;

    platform_service_place(place, sizeof(place));
    if (remote_open(&remote, place, no_event, no_loss, NULL, NULL))
        return;
    rc = remote_call(remote, &call);
    if (!rc && call.out_len >= sizeof(block))
        memcpy(&block, call.out, sizeof(block));
    free(call.out);
    remote_close(remote);
    if (rc || block.dwFailed)
        printf("the telephony service runs, and takes that over when it starts the next time (tapictl service stop)\n");
    else if (block.dwRunning)
        printf("the telephony service has taken it over\n");
}

static int account_edit(struct ask *a)
{
    int exit = ask(a, "");
    DWORD provider = exit ? 0 : tool_provider();

    if (provider)
        service_reload(provider);
    return exit;
}

int account_command(int argc, char **argv)
{
    struct ask a = {.account = SESSIONTSP_ACCOUNT_NEW};
    int exit = TOOL_USAGE;
    uint32_t n;

    if (argc == 1 && !strcmp(argv[0], "list"))
        return account_list();
    /* the provider is asked in this process: the configuration is changed with the rights of who asks, and no password
     * goes anywhere */
    if (platform_env_set("TAPI_SHIM_MODE", "in-process"))
        return TOOL_FAILED;
    if (argc == 2 && !strcmp(argv[0], "remove")) {
        a.command = SESSIONTSP_PROVIDER_ACCOUNT_REMOVE;
        if (!tool_number(argv[1], SESSIONTSP_ACCOUNT_NEW - 1, &n)) {
            tool_error("account remove: '%.64s' is no number of an account", argv[1]);
            return TOOL_USAGE;
        }
        a.account = n;
        return account_edit(&a);
    }
    if (argc >= 1 && !strcmp(argv[0], "add"))
        a.command = SESSIONTSP_PROVIDER_ACCOUNT_ADD;
    else if (argc >= 1 && !strcmp(argv[0], "test"))
        a.command = SESSIONTSP_PROVIDER_ACCOUNT_TEST;
    else
        tool_error("account: list, add, remove N or test? (tapictl account --help)");
    if (a.command && words(&a, argc - 1, argv + 1))
        exit = a.command == SESSIONTSP_PROVIDER_ACCOUNT_ADD ? account_edit(&a) : account_test(&a);
    platform_wipe(&a, sizeof(a));
    return exit;
}
