/* Whose a call is: the numbers of accounts. SPDX-License-Identifier: MIT */
#include "tsp/binding/sip/ua.h"

#include <string.h>

static uint32_t hash_of(const char *text, size_t len)
{
    uint32_t h = 2166136261u;

    for (size_t i = 0; i < len; i++) {
        h = (h ^ (unsigned char)text[i]) * 16777619u;
    }
    return h;
}

static void list_number(struct sip_ua *ua, struct sip_number *n)
{
    uint32_t at = hash_of(n->text, strlen(n->text)) & ua->number_mask;

    n->next = ua->numberv[at];
    ua->numberv[at] = n;
}

/* The old table lies in the pool until the end, but all of them are no longer than the last. */
bool sip_numbers_room(struct sip_ua *ua, uint32_t count)
{
    struct sip_number **old = ua->numberv, **v;
    uint32_t oldc = old ? ua->number_mask + 1 : 0, mask = old ? ua->number_mask : 63;

    while (mask < count * 2) {
        mask = mask * 2 + 1;
    }
    v = old && mask == ua->number_mask ? NULL : pj_pool_calloc(ua->pool, mask + 1, sizeof(struct sip_number *));
    if (v) {
        ua->numberv = v;
        ua->number_mask = mask;
        for (uint32_t i = 0; i < oldc; i++) {
            for (struct sip_number *n = old[i], *next; n; n = next) {
                next = n->next;
                list_number(ua, n);
            }
        }
    }
    return ua->numberv != NULL;
}

static bool add(struct sip_ua *ua, struct sip_account *acc, uint32_t address, const char *text)
{
    struct sip_number *n = pj_pool_zalloc(acc->pool, sizeof(*n));

    if (!n || !sip_numbers_room(ua, ua->numberc + 1)) {
        return false;
    }
    n->account = acc;
    n->address = address;
    n->text = text;
    list_number(ua, n);
    ua->numberc++;
    return true;
}

bool sip_numbers_add(struct sip_ua *ua, struct sip_account *acc)
{
    const struct sip_account_conf *c = acc->conf;
    bool own = false;

    for (uint32_t i = 0; i < c->addressc; i++) {
        own = own || !strcmp(c->addressv[i], c->user);
        if (!add(ua, acc, i, c->addressv[i])) {
            return false;
        }
    }
    /* its Contact says so: who is sent there, or replaces one of its calls, calls it by that */
    return own || add(ua, acc, 0, c->user);
}

static void remove_text(struct sip_ua *ua, const struct sip_account *acc, const char *text)
{
    struct sip_number **at = &ua->numberv[hash_of(text, strlen(text)) & ua->number_mask];

    while (*at) {
        if ((*at)->account == acc) {
            *at = (*at)->next;
            ua->numberc--;
        } else {
            at = &(*at)->next;
        }
    }
}

void sip_numbers_remove(struct sip_ua *ua, const struct sip_account *acc)
{
    for (uint32_t i = 0; i < acc->conf->addressc; i++) {
        remove_text(ua, acc, acc->conf->addressv[i]);
    }
    remove_text(ua, acc, acc->conf->user);
}

struct sip_account *sip_account_called(struct sip_ua *ua, const pj_str_t *user, const pj_str_t *host, uint32_t *address)
{
    struct sip_account *found = NULL;

    for (struct sip_number *n = ua->numberv[hash_of(user->ptr, (size_t)user->slen) & ua->number_mask]; n; n = n->next) {
        bool here = !pj_strcmp2(user, n->text);

        /* the same name with two servers: where the call was sent to decides, else the first account */
        if (here && (!found || !pj_stricmp(host, &n->account->domain) ||
                     (n->account->index < found->index && pj_stricmp(host, &found->domain)))) {
            found = n->account;
            *address = n->address;
        }
    }
    return found;
}
