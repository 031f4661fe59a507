/* Values of the configuration, out of their texts. SPDX-License-Identifier: MIT */
#include "tsp/tspi/configvalue.h"

#include "tsp/session/session.h"

#include <string.h>

static int lower(int c)
{
    return c >= 'A' && c <= 'Z' ? c + 32 : c;
}

bool config_same(const char *a, const char *b)
{
    while (*a && lower((unsigned char)*a) == lower((unsigned char)*b)) {
        a++;
        b++;
    }
    return lower((unsigned char)*a) == lower((unsigned char)*b);
}

bool config_to_uint(const char *text, uint32_t min, uint32_t max, uint32_t *out)
{
    uint64_t v = 0;

    if (!*text)
        return false;
    for (; *text; text++) {
        if (*text < '0' || *text > '9')
            return false;
        v = v * 10 + (uint64_t)(*text - '0');
        if (v > UINT32_MAX)
            return false;
    }
    if (v < min || v > max)
        return false;
    *out = (uint32_t)v;
    return true;
}

bool config_address_ok(const char *text, size_t len)
{
    size_t i = 0;

    while (i < len && text[i] && strchr("0123456789ABCD*#+", text[i]))
        i++;
    return len > 0 && len <= SESSION_NUMBER_MAX && i == len;
}

/* The next part of a list with commas, without the space around it. False: there is none. */
bool config_list_next(const char **at, const char **part, size_t *len)
{
    const char *p = *at, *end;

    if (!p)
        return false;
    end = strchr(p, ',');
    *at = end ? end + 1 : NULL;
    if (!end)
        end = p + strlen(p);
    while (p < end && (*p == ' ' || *p == '\t'))
        p++;
    while (end > p && (end[-1] == ' ' || end[-1] == '\t'))
        end--;
    *part = p;
    *len = (size_t)(end - p);
    return true;
}

bool config_to_media(const char *text, uint32_t *out)
{
    static const struct {
        const char *name;
        uint32_t mode;
    } modev[] = {{"interactivevoice", SESSION_MEDIA_INTERACTIVEVOICE},
                 {"automatedvoice", SESSION_MEDIA_AUTOMATEDVOICE}};
    const char *part;
    size_t len;
    uint32_t modes = 0;

    while (config_list_next(&text, &part, &len)) {
        uint32_t mode = 0;

        for (size_t i = 0; i < sizeof modev / sizeof *modev; i++) {
            char name[32] = "";

            if (len < sizeof name)
                memcpy(name, part, len);
            if (config_same(name, modev[i].name))
                mode = modev[i].mode;
        }
        if (!mode)
            return false;
        modes |= mode;
    }
    *out = modes;
    return modes != 0;
}

bool config_to_behaviour(const char *text, uint32_t *out)
{
    static const char *const namev[] = {"answer", "busy", "noanswer", "answer_hangup"};

    for (uint32_t i = 0; i < 4; i++) {
        if (config_same(text, namev[i])) {
            *out = i;
            return true;
        }
    }
    return false;
}
