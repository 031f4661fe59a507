/* Reads [account N] and [sip]. SPDX-License-Identifier: MIT */
#include "tsp/tspi/account.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum kind { KIND_ACCOUNT, KIND_SIP };
enum type {
    TYPE_UINT,
    TYPE_TEXT,
    TYPE_USER,
    TYPE_USERS,
    TYPE_WATCHED,
    TYPE_ADDRESS,
    TYPE_HOST,
    TYPE_HOSTS,
    TYPE_FILE,
    TYPE_SECRET,
    TYPE_TRANSPORT,
    TYPE_SRTP,
    TYPE_ALIVE,
    TYPE_DIGITS,
    TYPE_TEMPLATE,
    TYPE_CODE,
    TYPE_PORTS,
    TYPE_CODECS,
    TYPE_MEDIA
};

enum key {
#define CONFIG_KEY(kind, section, key, type, min, max, def, text) KEY_##kind##_##key,
#include "tsp/tspi/account.def"
#undef CONFIG_KEY
    KEY_COUNT
};

static const struct key_row {
    enum kind kind;
    const char *key;
    enum type type;
    uint32_t min, max;
} keyv[KEY_COUNT] = {
#define CONFIG_KEY(kind, section, key, type, min, max, def, text) {KIND_##kind, #key, TYPE_##type, min, max},
#include "tsp/tspi/account.def"
#undef CONFIG_KEY
};

enum { ADDRESSES_MAX = CONFIG_ADDRESSES_MAX, NAMESERVERS_MAX = 4, SECRET_MAX = 200, SECRET_FILE_MAX = 64 * 1024 };

/* A value that is right. */
struct value {
    uint32_t u, u2;
    const char *text;
    uint32_t count;
    const char **listv;
    enum sip_codec codecv[SIP_CODECS]; /* `count` */
};

/* ---- values
 * ---------------------------------------------------------------------------------------------------------- */

/* A name that stands in a URI as it is. */
static bool user_ok(const char *text, size_t len)
{
    size_t i = 0;

    while (i < len && text[i] > ' ' && text[i] <= '~' && !strchr("<>\"@:;?,%/\\[]{}^`|", text[i]))
        i++;
    return len > 0 && i == len;
}

/* A user of the domain, or a SIP address as it can be dialled. */
static bool watched_ok(const char *text, size_t len)
{
    struct session_dial dial;

    return user_ok(text, len) ||
           ((!strncmp(text, "sip:", 4) || !strncmp(text, "sips:", 5)) && len > 5 && !memchr(text, '^', len) &&
            session_dial_parse_uri(text, len, &dial) == SESSION_E_OK);
}

static bool host_ok(const char *text, size_t len)
{
    static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._:[]";
    size_t i = 0;

    while (i < len && text[i] && strchr(set, text[i]))
        i++;
    return len > 0 && i == len;
}

static bool to_list(struct config *conf, const char *text, const struct key_row *row, struct value *out, bool *memory)
{
    const char *at = text, *part;
    size_t len;

    for (out->count = 0; config_list_next(&at, &part, &len); out->count++)
        if (len < row->min || len > row->max || out->count == ADDRESSES_MAX ||
            !(row->type == TYPE_USERS     ? user_ok(part, len)
              : row->type == TYPE_WATCHED ? watched_ok(part, len)
                                          : host_ok(part, len)))
            return false;
    if (row->type == TYPE_HOSTS && out->count > NAMESERVERS_MAX)
        return false;
    out->listv = config_keep(conf, (out->count + 1) * sizeof *out->listv);
    *memory = out->listv != NULL;
    at = text;
    for (uint32_t i = 0; *memory && config_list_next(&at, &part, &len); i++) {
        out->listv[i] = config_keep_text(conf, part, len);
        *memory = out->listv[i] != NULL;
    }
    return true;
}

static bool to_word(const char *text, const char *const *wordv, uint32_t wordc, uint32_t *out)
{
    for (uint32_t i = 0; i < wordc; i++) {
        if (config_same(text, wordv[i])) {
            *out = i;
            return true;
        }
    }
    return false;
}

static bool to_ports(const char *text, struct value *out)
{
    const char *dash = strchr(text, '-');
    char first[8] = "";

    if (!strcmp(text, "0"))
        return true;
    if (!dash || (size_t)(dash - text) >= sizeof first)
        return false;
    memcpy(first, text, (size_t)(dash - text));
    return config_to_uint(first, 1, 65535, &out->u) && config_to_uint(dash + 1, 1, 65535, &out->u2) &&
           out->u2 >= out->u + 1;
}

/* Each once. */
static bool to_codecs(const char *text, struct value *out)
{
    static const char *const namev[SIP_CODECS] = {[SIP_PCMU] = "pcmu", [SIP_PCMA] = "pcma", [SIP_G722] = "g722"};
    const char *part;
    uint32_t seen = 0;
    size_t len;

    for (out->count = 0; config_list_next(&text, &part, &len); out->count++) {
        char name[8] = "";
        uint32_t codec;

        if (len >= sizeof name)
            return false;
        memcpy(name, part, len);
        if (!to_word(name, namev, SIP_CODECS, &codec) || (seen & 1u << codec))
            return false;
        seen |= 1u << codec;
        out->codecv[out->count] = (enum sip_codec)codec;
    }
    return true; /* there is one at least */
}

static bool to_value(struct config *conf, const struct key_row *row, const char *text, struct value *out, bool *memory)
{
    static const char *const transportv[] = {"udp", "tcp", "tls"}, *const srtpv[] = {"off", "optional", "mandatory"},
                             *const alivev[] = {"auto", "off", "crlf", "options"},
                             *const templatev[] = {"none", "generic"},
                             *const digitsv[] = {"auto", "auto-info", "info", "inband"};
    size_t len = strlen(text);

    *memory = true;
    switch (row->type) {
    case TYPE_UINT:
        return config_to_uint(text, row->min, row->max, &out->u);
    case TYPE_MEDIA:
        return config_to_media(text, &out->u);
    case TYPE_TRANSPORT:
        return to_word(text, transportv, 3, &out->u);
    case TYPE_SRTP:
        return to_word(text, srtpv, 3, &out->u);
    case TYPE_ALIVE:
        return to_word(text, alivev, 4, &out->u);
    case TYPE_DIGITS:
        return to_word(text, digitsv, 4, &out->u);
    case TYPE_TEMPLATE:
        return to_word(text, templatev, 2, &out->u);
    case TYPE_CODE:
        out->u = config_same(text, "none");
        if (!out->u && (len < row->min || len > row->max || strspn(text, "0123456789*#") != len))
            return false;
        out->text = config_keep_text(conf, out->u ? "" : text, out->u ? 0 : len);
        *memory = out->text != NULL;
        return true;
    case TYPE_PORTS:
        return to_ports(text, out);
    case TYPE_CODECS:
        return to_codecs(text, out);
    case TYPE_USERS:
    case TYPE_WATCHED:
    case TYPE_HOSTS:
        return to_list(conf, text, row, out, memory);
    case TYPE_USER:
    case TYPE_ADDRESS:
    case TYPE_HOST:
    case TYPE_TEXT:
    case TYPE_FILE:
    case TYPE_SECRET:
        if (len < row->min || len > row->max || (row->type == TYPE_USER && !user_ok(text, len)) ||
            (row->type == TYPE_HOST && !host_ok(text, len)) || (row->type == TYPE_ADDRESS && !watched_ok(text, len)))
            return false;
        out->text = config_keep_text(conf, text, len);
        *memory = out->text != NULL;
        return true;
    }
    return false;
}

static const char *why_not(const struct key_row *row, char *buf, size_t size)
{
    switch (row->type) {
    case TYPE_UINT:
        (void)snprintf(buf, size, "not a number from %lu to %lu", (unsigned long)row->min, (unsigned long)row->max);
        return buf;
    case TYPE_USER:
        return "not the name of a user";
    case TYPE_USERS:
        return "not a list, with commas, of names of users";
    case TYPE_WATCHED:
        return "not a list, with commas, of users and sip: addresses";
    case TYPE_ADDRESS:
        return "neither a user nor a sip: address";
    case TYPE_HOST:
        return "not the name or address of a host";
    case TYPE_HOSTS:
        return "not a list, with commas, of up to 4 hosts";
    case TYPE_TRANSPORT:
        return "none of udp, tcp, tls";
    case TYPE_SRTP:
        return "none of off, optional, mandatory";
    case TYPE_ALIVE:
        return "none of auto, off, crlf, options";
    case TYPE_DIGITS:
        return "none of auto, auto-info, info, inband";
    case TYPE_TEMPLATE:
        return "neither none nor generic";
    case TYPE_CODE:
        return "neither none nor 1 to 20 digits, * and #";
    case TYPE_PORTS:
        return "neither 0 nor two ports with - between";
    case TYPE_CODECS:
        return "not a list, with commas, of pcmu, pcma, g722, each once";
    case TYPE_MEDIA:
        return "not a list, with commas, of interactivevoice, automatedvoice";
    case TYPE_TEXT:
    case TYPE_FILE:
    case TYPE_SECRET:
        break;
    }
    (void)snprintf(buf, size, "not a text of %lu to %lu bytes", (unsigned long)row->min, (unsigned long)row->max);
    return buf;
}

/* ---- sections
 * ---------------------------------------------------------------------------------------------------------- */

/* The text behind the first word; NULL: another word. */
static const char *behind(const char *section, const char *word)
{
    size_t len = strcspn(section, " \t");
    char first[16] = "";

    if (len >= sizeof first)
        return NULL;
    memcpy(first, section, len);
    if (!config_same(first, word))
        return NULL;
    section += len;
    while (*section == ' ' || *section == '\t')
        section++;
    return section;
}

bool account_section(const char *section)
{
    const char *account = behind(section, "account"), *sip = behind(section, "sip");

    return (account && *account) || (sip && !*sip);
}

static struct config_accounts *accounts_of(struct config *conf)
{
    if (!conf->accounts) {
        conf->accounts = config_keep(conf, sizeof *conf->accounts);
        if (conf->accounts) {
            conf->accounts->sip.port = 5060;
            conf->accounts->sip.tls_port = 5061;
            conf->accounts->sip.verify = true;
            conf->accounts->sip.ring_ms = SIP_RING_MS;
        }
    }
    return conf->accounts;
}

/* The record of an account, made at its first entry, in order of N. NULL: no memory. */
static struct config_account *record(struct config *conf, uint32_t n, const char *where)
{
    struct config_accounts *all = accounts_of(conf);
    struct config_account **at = all ? &all->first : NULL, *a;

    if (!at)
        return NULL;
    /* entries of a section come together, and sections mostly in their order: the last one is looked at first */
    if (conf->account_last && conf->account_last->n <= n)
        at = conf->account_last->n == n ? &conf->account_last : &conf->account_last->next;
    while (*at && (*at)->n < n)
        at = &(*at)->next;
    if (*at && (*at)->n == n) {
        conf->account_last = *at;
        return *at;
    }
    a = config_keep(conf, sizeof *a);
    if (!a || !(a->where = config_keep_text(conf, where, strlen(where))))
        return NULL;
    a->n = n;
    a->max_sessions = 2;
    a->media_modes = SESSION_MEDIA_INTERACTIVEVOICE | SESSION_MEDIA_AUTOMATEDVOICE;
    a->sip.do_register = a->sip.mwi = true;
    a->next = *at;
    *at = a;
    all->count++;
    conf->account_last = a;
    return a;
}

/* The first line of a file. NULL: a message was made, or no memory. */
static const char *read_secret(struct config *conf, const struct platform_conf_entry *e, bool *memory)
{
    char *data = NULL;
    size_t size = 0, len = 0;
    int err = platform_file_read(&data, &size, e->value, SECRET_FILE_MAX);
    const char *text = NULL;

    if (!err)
        len = strcspn(data, "\r\n");
    if (err == ENOMEM)
        *memory = false;
    else if (!len || len > SECRET_MAX)
        config_message(conf, "%s: [%s] password_file: \"%.300s\" %s", e->where, e->section, e->value,
                       err == EISDIR  ? "is a folder"
                       : err == EFBIG ? "is larger than 64 KiB"
                       : err          ? "cannot be read"
                       : len          ? "has too long a first line"
                                      : "has no password in its first line");
    else
        *memory = (text = config_keep_text(conf, data, len)) != NULL;
    platform_wipe(data, size);
    free(data);
    return text;
}

static void set_account(struct config_account *a, enum key key, const struct value *v)
{
    switch (key) {
    case KEY_ACCOUNT_user:
        a->sip.user = v->text;
        break;
    case KEY_ACCOUNT_domain:
        a->sip.domain = v->text;
        break;
    case KEY_ACCOUNT_registrar:
        a->sip.registrarv = (const char *const *)v->listv;
        a->sip.registrarc = v->count;
        break;
    case KEY_ACCOUNT_register:
        a->sip.do_register = v->u;
        break;
    case KEY_ACCOUNT_expires:
        a->sip.expires = v->u;
        break;
    case KEY_ACCOUNT_auth_user:
        a->sip.auth_user = v->text;
        break;
    case KEY_ACCOUNT_password:
    case KEY_ACCOUNT_password_file:
        a->sip.password = v->text;
        break;
    case KEY_ACCOUNT_proxy:
        a->sip.proxy = v->text;
        break;
    case KEY_ACCOUNT_transport:
        a->sip.transport = (enum sip_transport)v->u;
        break;
    case KEY_ACCOUNT_srtp:
        a->sip.srtp = (enum sip_srtp)v->u;
        break;
    case KEY_ACCOUNT_name:
        a->sip.name = v->text;
        break;
    case KEY_ACCOUNT_addresses:
        a->addressv = v->listv;
        a->addressc = v->count;
        break;
    case KEY_ACCOUNT_max_sessions:
        a->max_sessions = v->u;
        break;
    case KEY_ACCOUNT_media:
        a->media_modes = v->u;
        break;
    case KEY_ACCOUNT_mwi:
        a->sip.mwi = v->u;
        break;
    case KEY_ACCOUNT_completion:
        a->sip.completion = v->u;
        break;
    case KEY_ACCOUNT_conference_uri:
        a->sip.conference = v->text;
        break;
    case KEY_ACCOUNT_watch:
        a->watchv = v->listv;
        a->watchc = v->count;
        break;
    case KEY_ACCOUNT_dtmf:
        a->sip.digits = (enum sip_digits)v->u;
        break;
    case KEY_ACCOUNT_template:
        a->generic = v->u != 0;
        break;
    case KEY_ACCOUNT_code_forward:
        a->sip.codev[SIP_CODE_FORWARD] = v->text;
        break;
    case KEY_ACCOUNT_code_unforward:
        a->sip.codev[SIP_CODE_UNFORWARD] = v->text;
        break;
    case KEY_ACCOUNT_code_forward_busy:
        a->sip.codev[SIP_CODE_FORWARD_BUSY] = v->text;
        break;
    case KEY_ACCOUNT_code_unforward_busy:
        a->sip.codev[SIP_CODE_UNFORWARD_BUSY] = v->text;
        break;
    case KEY_ACCOUNT_code_forward_noanswer:
        a->sip.codev[SIP_CODE_FORWARD_NOANSWER] = v->text;
        break;
    case KEY_ACCOUNT_code_unforward_noanswer:
        a->sip.codev[SIP_CODE_UNFORWARD_NOANSWER] = v->text;
        break;
    case KEY_ACCOUNT_code_dnd:
        a->sip.codev[SIP_CODE_DND] = v->text;
        break;
    case KEY_ACCOUNT_code_undnd:
        a->sip.codev[SIP_CODE_UNDND] = v->text;
        break;
    case KEY_ACCOUNT_code_pickup:
        a->sip.codev[SIP_CODE_PICKUP] = v->text;
        break;
    case KEY_ACCOUNT_code_park:
        a->sip.codev[SIP_CODE_PARK] = v->text;
        break;
    case KEY_ACCOUNT_code_unpark:
        a->sip.codev[SIP_CODE_UNPARK] = v->text;
        break;
    case KEY_ACCOUNT_overlap:
        a->sip.overlap = v->u;
        break;
    case KEY_ACCOUNT_keep_alive:
        a->sip.alive = (enum sip_alive)v->u;
        break;
    case KEY_ACCOUNT_keep_alive_s:
        a->sip.alive_s = v->u;
        break;
    case KEY_ACCOUNT_reject:
        a->sip.reject_code = v->u;
        break;
    case KEY_ACCOUNT_id:
        a->id = v->u;
        break;
    default:
        break;
    }
}

static void set_sip(struct sip_conf *sip, enum key key, const struct value *v)
{
    switch (key) {
    case KEY_SIP_bind:
        sip->bind = v->text;
        break;
    case KEY_SIP_publish:
        sip->publish = v->text;
        break;
    case KEY_SIP_stun:
        sip->stun = v->text;
        break;
    case KEY_SIP_port:
        sip->port = v->u;
        break;
    case KEY_SIP_tls_port:
        sip->tls_port = v->u;
        break;
    case KEY_SIP_media_ports:
        sip->media_first = v->u;
        sip->media_last = v->u2;
        break;
    case KEY_SIP_codecs:
        sip->codecc = v->count;
        memcpy(sip->codecv, v->codecv, sizeof sip->codecv);
        break;
    case KEY_SIP_ca_file:
        sip->ca_file = v->text;
        break;
    case KEY_SIP_cert_file:
        sip->cert_file = v->text;
        break;
    case KEY_SIP_key_file:
        sip->key_file = v->text;
        break;
    case KEY_SIP_verify:
        sip->verify = v->u;
        break;
    case KEY_SIP_nameservers:
        for (uint32_t i = 0; i < NAMESERVERS_MAX; i++)
            sip->nameserverv[i] = i < v->count ? v->listv[i] : NULL;
        break;
    case KEY_SIP_max_calls:
        sip->max_calls = v->u;
        break;
    case KEY_SIP_session_timer:
        sip->min_se = v->u;
        break;
    case KEY_SIP_ring_ms:
        sip->ring_ms = v->u;
        break;
    default:
        break;
    }
}

/* FNV-1a of a key and its value; what an account is made of is the sum of them. */
static uint64_t digest(int key, const char *value)
{
    uint64_t h = UINT64_C(14695981039346656037) ^ (uint64_t)key;

    do {
        h = (h * UINT64_C(1099511628211)) ^ (unsigned char)*value;
    } while (*value++);
    return h * UINT64_C(1099511628211);
}

bool account_entry(struct config *conf, const struct platform_conf_entry *e)
{
    const char *num = behind(e->section, "account");
    enum kind kind = num ? KIND_ACCOUNT : KIND_SIP;
    struct config_account *a = NULL;
    struct value v = {0};
    bool memory = true, ok;
    uint32_t n;
    char why[80];
    int key;

    if (num && !config_to_uint(num, 0, UINT32_MAX, &n)) {
        config_message(conf, "%s: [%s]: \"%s\" is not a number", e->where, e->section, num);
        return true;
    }
    if (!accounts_of(conf) || (num && !(a = record(conf, n, e->where))))
        return false;
    for (key = 0; key < KEY_COUNT; key++)
        if (keyv[key].kind == kind && config_same(keyv[key].key, e->key))
            break;
    if (key == KEY_COUNT) {
        config_message(conf, "%s: [%s] %.80s: there is no such key", e->where, e->section, e->key);
        return true;
    }
    ok = to_value(conf, &keyv[key], e->value, &v, &memory);
    if (!ok && keyv[key].type == TYPE_SECRET)
        config_message(conf, "%s: [%s] %s: it is %s", e->where, e->section, keyv[key].key,
                       why_not(&keyv[key], why, sizeof why));
    else if (!ok)
        config_message(conf, "%s: [%s] %s: \"%.80s\" is %s", e->where, e->section, keyv[key].key, e->value,
                       why_not(&keyv[key], why, sizeof why));
    if (ok && key == KEY_ACCOUNT_password_file) {
        v.text = read_secret(conf, e, &memory);
        ok = v.text != NULL;
    }
    if (!memory)
        return false;
    if (a && ok) {
        set_account(a, (enum key)key, &v);
        a->digest += digest(key, v.text ? v.text : e->value);
    }
    else if (a)
        a->bad = true;
    if (!a && ok) {
        set_sip(&conf->accounts->sip, (enum key)key, &v);
        conf->accounts->digest += digest(key, e->value);
    }
    return true;
}

/* ---- lines
 * ------------------------------------------------------------------------------------------------------------ */

/* The addresses of its line: its own, and those it watches, as URIs. False: no memory. */
static bool make_addresses(struct config *conf, struct config_account *a, struct config_line *line)
{
    const char **numberv = config_keep(conf, (a->addressc + a->watchc) * sizeof *numberv);
    uint8_t *sharingv = config_keep(conf, a->addressc + a->watchc);
    uint32_t watchc = 0;
    char text[512];

    if (!numberv || !sharingv)
        return false;
    for (uint32_t i = 0; i < a->addressc; i++) {
        numberv[i] = a->addressv[i];
        sharingv[i] = SESSION_SHARING_PRIVATE;
    }
    for (uint32_t i = 0; i < a->watchc; i++) {
        const char *watched = a->watchv[i];

        if (!strchr(watched, ':')) {
            (void)snprintf(text, sizeof text, "sip:%s@%s", watched, a->sip.domain);
            watched = config_keep_text(conf, text, strlen(text));
            if (!watched)
                return false;
        }
        if (strlen(watched) > SESSION_NUMBER_MAX) {
            config_message(conf, "%s: [account %lu] watch: \"%.80s\" is too long an address", a->where,
                           (unsigned long)a->n, watched);
            continue;
        }
        a->watchv[watchc] = watched;
        numberv[a->addressc + watchc] = watched;
        sharingv[a->addressc + watchc++] = SESSION_SHARING_MONITORED;
    }
    a->watchc = watchc;
    if (a->sip.conference && !strchr(a->sip.conference, ':')) {
        (void)snprintf(text, sizeof text, "sip:%s@%s", a->sip.conference, a->sip.domain);
        a->sip.conference = config_keep_text(conf, text, strlen(text));
        if (!a->sip.conference)
            return false;
    }
    line->addressc = a->addressc + watchc;
    line->numberv = numberv;
    line->sharingv = sharingv;
    return true;
}

bool account_lines(struct config *conf)
{
    static const char *const genericv[SIP_CODES] = {[SIP_CODE_FORWARD] = "*72",
                                                    [SIP_CODE_UNFORWARD] = "*73",
                                                    [SIP_CODE_FORWARD_BUSY] = "*90",
                                                    [SIP_CODE_UNFORWARD_BUSY] = "*91",
                                                    [SIP_CODE_FORWARD_NOANSWER] = "*92",
                                                    [SIP_CODE_UNFORWARD_NOANSWER] = "*93",
                                                    [SIP_CODE_DND] = "*78",
                                                    [SIP_CODE_UNDND] = "*79",
                                                    [SIP_CODE_PICKUP] = "*8",
                                                    [SIP_CODE_PARK] = "*68",
                                                    [SIP_CODE_UNPARK] = "*88"};
    struct sip_account_conf *v;

    conf->first_account = conf->linec;
    if (!conf->accounts || !conf->accounts->count)
        return true;
    if (!sip_available()) {
        config_message(conf, "%s: [account %lu]: this program was built without SIP", conf->accounts->first->where,
                       (unsigned long)conf->accounts->first->n);
        return true;
    }
    v = config_keep(conf, conf->accounts->count * sizeof *v);
    if (!v)
        return false;
    conf->accounts->sip.accountv = v;
    for (struct config_account *a = conf->accounts->first; a; a = a->next) {
        struct config_line *line = &conf->linev[conf->linec];
        const char *missing = !a->sip.user ? "user" : !a->sip.domain ? "domain" : NULL;
        char id[512];

        if (a->bad)
            continue;
        if (missing) {
            config_message(conf, "%s: [account %lu] %s: it is missing", a->where, (unsigned long)a->n, missing);
            continue;
        }
        if (!a->addressc) {
            a->addressv = config_keep(conf, sizeof *a->addressv);
            if (!a->addressv)
                return false;
            a->addressv[0] = a->sip.user;
            a->addressc = 1;
        }
        (void)snprintf(id, sizeof id, "%s@%s", a->sip.user, a->sip.domain);
        line->n = a->n;
        line->account = true;
        line->pickup_group = "";
        if (!make_addresses(conf, a, line))
            return false;
        line->name = a->sip.name ? a->sip.name : a->sip.user;
        line->max_sessions = a->max_sessions;
        line->media_modes = a->media_modes;
        line->permanent_id = a->id;
        line->id_text = config_keep_text(conf, id, strlen(id));
        if (!line->id_text)
            return false;
        for (int i = 0; i < SIP_CODES; i++)
            a->sip.codev[i] = !a->sip.codev[i]   ? (a->generic ? genericv[i] : NULL)
                              : *a->sip.codev[i] ? a->sip.codev[i]
                                                 : NULL;
        a->sip.addressc = a->addressc;
        a->sip.addressv = (const char *const *)a->addressv;
        a->sip.watchc = a->watchc;
        a->sip.watchv = (const char *const *)a->watchv;
        a->sip.max_sessions = a->max_sessions;
        a->sip.line = conf->linec++;
        line->digest = a->digest;
        line->sip = &v[conf->accounts->sip.accountc];
        v[conf->accounts->sip.accountc++] = a->sip;
    }
    return true;
}
