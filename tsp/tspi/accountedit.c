/* Accounts of SIP servers entered in the configuration, struck out of it, and tried. SPDX-License-Identifier: MIT */
#include "tsp/tspi/accountedit.h"

#include "tsp/binding/sip/probe.h"
#include "tsp/tspi/account.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    KEYS_MAX = 32,
    SECTION_MAX = 64,
    KEYS_BYTES = 3 * SESSIONTSP_ACCOUNT_KEYS_MAX,
    SECONDS_MAX = 3600,
    SECONDS_DEFAULT = 32,
};

/* "key=value" as it was given; "sip.key" is of [sip]. */
struct key {
    const char *name, *value;
    bool sip;
};

struct plan {
    char text[KEYS_BYTES]; /* the keys live in it */
    struct key keyv[KEYS_MAX];
    uint32_t keyc;
    uint32_t n; /* of the account */
    bool alone; /* of what there is, only [sip] and this account count, and given keys instead of theirs */
    char section[SECTION_MAX];
    /* of one reading */
    platform_conf_h *h;
    void *arg;
};

/* A source has no argument of its own. */
static struct platform_mutex lock = PLATFORM_MUTEX_INIT;
static const struct plan *current;

static LONG answer(struct sessiontsp_provider_account *a, DWORD outcome, const char *fmt, ...) PLATFORM_PRINTF(3, 4);

static LONG answer(struct sessiontsp_provider_account *a, DWORD outcome, const char *fmt, ...)
{
    const size_t units = sizeof a->szText / sizeof *a->szText;
    char text[3 * SESSIONTSP_ACCOUNT_TEXT_MAX];
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    a->dwOutcome = outcome;
    (void)platform_utf8_to_utf16(text, SIZE_MAX, (uint16_t *)a->szText, units);
    return 0;
}

/* ---- sections
 * -------------------------------------------------------------------------------------------------------- */

/* The number of a section [account N]. */
static bool account_number(const char *section, uint32_t *np)
{
    size_t word = strcspn(section, " \t");
    char first[8] = "";

    if (word >= sizeof first)
        return false;
    memcpy(first, section, word);
    if (!config_same(first, "account"))
        return false;
    section += word;
    section += strspn(section, " \t");
    return config_to_uint(section, 0, UINT32_MAX, np);
}

/* What there is of accounts. */
struct book {
    uint32_t next, n;
    char found[SECTION_MAX]; /* a section of account n; "": there is none */
};

static void book_entry(const struct platform_conf_entry *e, void *arg)
{
    struct book *b = arg;
    uint32_t n;

    if (!account_number(e->section, &n))
        return;
    if (n >= b->next && n < SESSIONTSP_ACCOUNT_NEW - 1)
        b->next = n + 1;
    if (n == b->n)
        (void)snprintf(b->found, sizeof b->found, "%s", e->section);
}

static int book_read(struct book *b, uint32_t n)
{
    *b = (struct book){.next = 1, .n = n};
    return platform_conf_read(NULL, book_entry, NULL, b);
}

/* ---- keys
 * ------------------------------------------------------------------------------------------------------------ */

/* Takes the block's keys apart; false: one of them is none. */
static bool plan_keys(struct plan *p, const struct sessiontsp_provider_account *a)
{
    const size_t units = sizeof a->szKeys / sizeof *a->szKeys;
    size_t len = 0;
    char *at, *end;

    while (len < units && a->szKeys[len])
        len++;
    if (len == units ||
        platform_utf16_to_utf8((const uint16_t *)a->szKeys, len, p->text, sizeof p->text) > sizeof p->text)
        return false;
    for (at = p->text; *at; at = end) {
        struct key *k = &p->keyv[p->keyc];
        char *equals;

        end = at + strcspn(at, "\n");
        if (*end)
            *end++ = 0;
        equals = strchr(at, '=');
        if (!equals || equals == at || p->keyc == KEYS_MAX)
            return false;
        *equals = 0;
        k->sip = !strncmp(at, "sip.", 4);
        k->name = at + (k->sip ? 4 : 0);
        k->value = equals + 1;
        if (!*k->name || strlen(k->name) >= PLATFORM_STORE_NAME_MAX)
            return false;
        p->keyc++;
    }
    return true;
}

static bool is_secret(const char *name)
{
    return config_same(name, "password") || config_same(name, "password_file");
}

static bool is_given(const struct plan *p, const char *name, bool sip)
{
    for (uint32_t i = 0; i < p->keyc; i++)
        if (p->keyv[i].sip == sip &&
            (config_same(p->keyv[i].name, name) || (!sip && is_secret(p->keyv[i].name) && is_secret(name))))
            return true;
    return false;
}

static void pass(const struct platform_conf_entry *e, void *arg)
{
    struct plan *p = arg;
    bool sip = config_same(e->section, "sip");
    uint32_t n;

    if (p->alone && ((!sip && (!account_number(e->section, &n) || n != p->n)) || is_given(p, e->key, sip)))
        return;
    p->h(e, p->arg);
}

/* The configuration with the plan's keys in it. */
static int source(const char *path, platform_conf_h *h, platform_conf_error_h *errorh, void *arg)
{
    struct plan p = *current;
    int err;

    (void)errorh; /* lines that cannot be read are told elsewhere */
    p.h = h;
    p.arg = arg;
    err = platform_conf_read(path, pass, NULL, &p);
    for (uint32_t i = 0; !err && i < p.keyc; i++) {
        const struct platform_conf_entry e = {p.keyv[i].sip ? "sip" : p.section, p.keyv[i].name, p.keyv[i].value,
                                              "command line"};

        h(&e, arg);
    }
    memset(&p, 0, sizeof p);
    return err;
}

static enum session_err plan_read(const struct plan *p, struct config **confp)
{
    const struct session_mem none = {NULL, NULL, NULL};
    enum session_err err;

    platform_mutex_lock(&lock);
    current = p;
    err = config_read(confp, source, &none);
    current = NULL;
    platform_mutex_unlock(&lock);
    return err;
}

/* ---- what is done
 * ---------------------------------------------------------------------------------------------------- */

static const char *edit_text(int err)
{
    return err == EINVAL   ? "a text cannot be stored: it is too long, or has \" ;\" or space at an end"
           : err == EBUSY  ? "another program is changing the configuration"
           : err == EACCES ? "the configuration may not be written"
                           : "the configuration cannot be written";
}

/* Whether the account would be a line. What is wrong elsewhere in the configuration does not matter. */
static bool is_right(struct sessiontsp_provider_account *a, struct plan *p, LONG *result)
{
    struct config *conf = NULL;
    const char *wrong = NULL;
    enum session_err err;
    const struct config_line *line = NULL;
    char section[SECTION_MAX + 2];

    (void)snprintf(section, sizeof section, "[%s]", p->section);
    p->alone = false;
    err = plan_read(p, &conf);
    *result = err == SESSION_E_NOMEM ? (LONG)LINEERR_NOMEM : 0;
    if (err) {
        if (!*result)
            (void)answer(a, SESSIONTSP_ACCOUNT_FAILED, "%s",
                         conf && conf->messagec ? conf->messagev[0] : "the configuration cannot be read");
        goto out;
    }
    for (uint32_t i = 0; !wrong && i < conf->messagec && i < CONFIG_MESSAGES_MAX; i++)
        if (strstr(conf->messagev[i], section))
            wrong = conf->messagev[i];
    for (uint32_t i = conf->first_account; !wrong && i < conf->linec; i++)
        if (conf->linev[i].n == p->n)
            line = &conf->linev[i];
    if (!wrong && !line)
        wrong = sip_available() ? "it makes no line" : "this program was built without SIP";
    for (uint32_t i = conf->first_account; !wrong && i < conf->linec; i++)
        if (&conf->linev[i] != line && !strcmp(conf->linev[i].id_text, line->id_text))
            wrong = "another account has this user and domain";
    if (wrong)
        (void)answer(a, SESSIONTSP_ACCOUNT_FAILED, "%s", wrong);
out:
    config_free(conf);
    return !*result && !err && !wrong;
}

static LONG add(struct sessiontsp_provider_account *a, struct plan *p)
{
    struct platform_store_value valuev[KEYS_MAX];
    bool secret = false, others = false;
    LONG result;
    struct book b;
    int err;

    for (uint32_t i = 0; i < p->keyc; i++) {
        if (p->keyv[i].sip)
            return answer(a, SESSIONTSP_ACCOUNT_FAILED, "sip.%s is not of an account", p->keyv[i].name);
        valuev[i] = (struct platform_store_value){"", false, p->keyv[i].value};
        (void)snprintf(valuev[i].name, sizeof valuev[i].name, "%s", p->keyv[i].name);
        secret |= config_same(p->keyv[i].name, "password");
    }
    err = book_read(&b, a->dwAccount);
    if (err)
        return answer(a, SESSIONTSP_ACCOUNT_FAILED, "the configuration cannot be read");
    if (b.found[0])
        return answer(a, SESSIONTSP_ACCOUNT_FAILED, "there is an account %lu already", (unsigned long)a->dwAccount);
    p->n = a->dwAccount == SESSIONTSP_ACCOUNT_NEW ? b.next : a->dwAccount;
    (void)snprintf(p->section, sizeof p->section, "account %lu", (unsigned long)p->n);
    if (!is_right(a, p, &result))
        return result;
    /* before the password is there */
    if (secret)
        err = platform_conf_section_private(p->section, &others);
    if (!err)
        err = platform_conf_section_write(p->section, valuev, p->keyc);
    if (err)
        return answer(a, SESSIONTSP_ACCOUNT_FAILED, "%s", edit_text(err));
    a->dwAccount = p->n;
    return answer(a, SESSIONTSP_ACCOUNT_OK, "account %lu is added%s", (unsigned long)p->n,
                  others ? "; only its owner can read the configuration from now on" : "");
}

static LONG strike_out(struct sessiontsp_provider_account *a)
{
    struct book b;
    int err = book_read(&b, a->dwAccount);

    if (!err && !b.found[0])
        return answer(a, SESSIONTSP_ACCOUNT_FAILED, "there is no account %lu", (unsigned long)a->dwAccount);
    /* one account may stand in sections of several spellings */
    while (!err && b.found[0]) {
        char last[SECTION_MAX];

        memcpy(last, b.found, sizeof last);
        err = platform_conf_section_write(b.found, NULL, 0);
        if (!err)
            err = book_read(&b, a->dwAccount);
        if (!err && !strcmp(b.found, last))
            err = EIO;
    }
    if (err)
        return answer(a, SESSIONTSP_ACCOUNT_FAILED, "%s", edit_text(err));
    return answer(a, SESSIONTSP_ACCOUNT_OK, "account %lu is removed", (unsigned long)a->dwAccount);
}

static LONG try_it(struct sessiontsp_provider_account *a, struct plan *p)
{
    struct config *conf = NULL;
    struct sip_result res;
    enum session_err err;
    LONG result = 0;

    p->alone = true;
    p->n = a->dwAccount;
    (void)snprintf(p->section, sizeof p->section, "account %lu", (unsigned long)p->n);
    err = plan_read(p, &conf);
    if (err == SESSION_E_NOMEM)
        return (LONG)LINEERR_NOMEM;
    if (err || conf->messagec) {
        result = answer(a, SESSIONTSP_ACCOUNT_FAILED, "%s",
                        conf->messagec ? conf->messagev[0] : "the configuration cannot be read");
    } else if (!conf->accounts || !conf->accounts->sip.accountc) {
        result = answer(a, SESSIONTSP_ACCOUNT_FAILED, "there is no account %lu", (unsigned long)a->dwAccount);
    } else {
        err = sip_probe(&conf->accounts->sip, 1000 * (a->dwSeconds ? a->dwSeconds : SECONDS_DEFAULT), &res);
        if (err == SESSION_E_NOMEM)
            result = (LONG)LINEERR_NOMEM;
        else if (err)
            result = answer(a, SESSIONTSP_ACCOUNT_FAILED, "%s",
                            err == SESSION_E_INUSE ? "this process has its lines open: only another one can try"
                                                   : session_err_text(err));
        else
            result = answer(a, (DWORD)res.outcome, "%s: %s", sip_outcome_words(res.outcome), res.text);
        a->dwCode = err ? 0 : res.code;
        a->dwExpires = err ? 0 : res.expires;
    }
    config_free(conf);
    return result;
}

bool account_command(DWORD command)
{
    return command == SESSIONTSP_PROVIDER_ACCOUNT_ADD || command == SESSIONTSP_PROVIDER_ACCOUNT_REMOVE ||
           command == SESSIONTSP_PROVIDER_ACCOUNT_TEST;
}

LONG account_block(struct sessiontsp_provider_account *a)
{
    struct plan *p = calloc(1, sizeof *p);
    LONG result;

    a->dwOutcome = a->dwCode = a->dwExpires = 0;
    a->szText[0] = 0;
    if (!p)
        result = (LONG)LINEERR_NOMEM;
    else if (!plan_keys(p, a) || a->dwSeconds > SECONDS_MAX)
        result = (LONG)LINEERR_INVALPARAM;
    else if (a->Result.dwCommand == SESSIONTSP_PROVIDER_ACCOUNT_ADD)
        result = add(a, p);
    else if (a->Result.dwCommand == SESSIONTSP_PROVIDER_ACCOUNT_REMOVE)
        result = strike_out(a);
    else
        result = try_it(a, p);
    platform_wipe(a->szKeys, sizeof a->szKeys);
    platform_wipe(p, sizeof *p);
    free(p);
    return result;
}
