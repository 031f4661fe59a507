/* Parties: who the ends of a session are. SPDX-License-Identifier: MIT */
#include "tsp/session/session.h"

#include <assert.h>
#include <string.h>

struct session_party *session_party_alloc(const struct session_mem *mem, const char *number, const char *name)
{
    size_t number_len = strlen(number), name_len = name ? strlen(name) : 0;
    struct session_party *p;

    if (number_len > SESSION_NUMBER_MAX || name_len > SESSION_NAME_MAX)
        return NULL;
    p = mem->alloc(sizeof *p + number_len + name_len + 2, mem->arg);
    if (!p)
        return NULL;
    p->refs = 1;
    p->number_len = (uint16_t)number_len;
    p->name_len = (uint16_t)name_len;
    p->mem = mem;
    memcpy(p->text, number, number_len);
    if (name_len)
        memcpy(p->text + number_len + 1, name, name_len);
    return p;
}

struct session_party *session_party_ref(struct session_party *p)
{
    if (p)
        p->refs++;
    return p;
}

struct session_party *session_party_deref(struct session_party *p)
{
    if (p) {
        assert(p->refs > 0);
        if (--p->refs == 0)
            p->mem->free(p, p->mem->arg);
    }
    return NULL;
}

const char *session_party_number(const struct session_party *p)
{
    return p ? p->text : "";
}

const char *session_party_name(const struct session_party *p)
{
    return p ? p->text + p->number_len + 1 : "";
}
