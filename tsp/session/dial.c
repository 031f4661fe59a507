/* Dialable addresses. SPDX-License-Identifier: MIT */
#include "tsp/session/session.h"

#include <string.h>

enum dial_class { DIAL_BAD, DIAL_DIGIT, DIAL_SKIP, DIAL_SUBADDRESS, DIAL_NAME, DIAL_MORE, DIAL_NEXT, DIAL_UNSUPPORTED };

static bool is_of(const char *set, char c)
{
    return c && strchr(set, c);
}

static enum dial_class classify(char c, enum session_err *err)
{
    static const struct {
        const char *set;
        enum session_err err;
    } unsupportedv[] = {{"$", SESSION_E_DIALBILLING},
                        {"@", SESSION_E_DIALQUIET},
                        {"Ww", SESSION_E_DIALDIALTONE},
                        {"?", SESSION_E_DIALPROMPT}};

    if (is_of("0123456789ABCDabcd*#+", c))
        return DIAL_DIGIT;
    if (is_of(" ()-./TtPp,!", c))
        return DIAL_SKIP;
    for (unsigned i = 0; i < sizeof(unsupportedv) / sizeof(*unsupportedv); i++) {
        if (is_of(unsupportedv[i].set, c)) {
            *err = unsupportedv[i].err;
            return DIAL_UNSUPPORTED;
        }
    }
    switch (c) {
    case '|':
        return DIAL_SUBADDRESS;
    case '^':
        return DIAL_NAME;
    case ';':
        return DIAL_MORE;
    case '\r':
    case '\n':
        return DIAL_NEXT;
    default:
        return DIAL_BAD;
    }
}

/* End of a sub-address or name field: the next field, the next address, or the last ';'. */
static size_t field_end(const char *text, size_t len, size_t i)
{
    while (i < len && text[i] != '^' && text[i] != '|' && text[i] != '\r' && text[i] != '\n' &&
           !(text[i] == ';' && i + 1 == len))
        i++;
    return i;
}

/* Length of the scheme with its colon of a URI that can be called; 0: it is none. */
static size_t scheme(const char *text, size_t len)
{
    static const char *const schemev[] = {"sip:", "sips:", "tel:"};

    for (size_t i = 0; i < sizeof schemev / sizeof *schemev; i++) {
        size_t n = strlen(schemev[i]), k = 0;

        while (k < n && k < len && (text[k] == schemev[i][k] || text[k] + 'a' - 'A' == schemev[i][k]))
            k++;
        if (k == n)
            return n;
    }
    return 0;
}

enum session_err session_dial_parse_uri(const char *text, size_t len, struct session_dial *out)
{
    size_t begin = scheme(text, len), i = 0;

    if (!begin)
        return session_dial_parse(text, len, out);
    while (i < len && text[i] != '^' && text[i] != '\r' && text[i] != '\n') {
        if (text[i] <= ' ' || text[i] > '~' || strchr("<>\"", text[i]))
            return SESSION_E_BADADDRESS;
        i++;
    }
    if (i == begin || i > SESSION_NUMBER_MAX)
        return SESSION_E_BADADDRESS;
    memcpy(out->number, text, i);
    out->number[i] = '\0';
    text += i;
    len -= i;
    i = 0;
    if (len && *text == '^') {
        text++;
        len--;
        while (i < len && text[i] != '\r' && text[i] != '\n')
            i++;
        if (i > SESSION_NAME_MAX || memchr(text, 0, i))
            return SESSION_E_BADADDRESS;
        memcpy(out->name, text, i);
    }
    out->name[i] = '\0';
    out->more = false;
    out->uri = true;
    return SESSION_E_OK;
}

enum session_err session_dial_parse(const char *text, size_t len, struct session_dial *out)
{
    char number[SESSION_NUMBER_MAX];
    size_t i = 0, number_len = 0, name = 0, name_len = 0;
    enum session_err err = SESSION_E_BADADDRESS;
    bool more = false;

    while (i < len) {
        switch (classify(text[i], &err)) {
        case DIAL_DIGIT:
            if (number_len == sizeof number)
                return SESSION_E_BADADDRESS;
            number[number_len++] = text[i] >= 'a' ? (char)(text[i] - 'a' + 'A') : text[i];
            i++;
            continue;
        case DIAL_SKIP:
            i++;
            continue;
        case DIAL_SUBADDRESS:
            i = field_end(text, len, i + 1);
            continue;
        case DIAL_NAME:
            name = i + 1;
            i = field_end(text, len, name);
            name_len = i - name;
            if (name_len > SESSION_NAME_MAX || memchr(text + name, 0, name_len))
                return SESSION_E_BADADDRESS;
            continue;
        case DIAL_MORE:
            if (i + 1 != len)
                return SESSION_E_BADADDRESS;
            more = true;
            i++;
            continue;
        case DIAL_NEXT:
            len = i;
            continue;
        case DIAL_BAD:
        case DIAL_UNSUPPORTED:
            return err;
        }
    }
    memcpy(out->number, number, number_len);
    out->number[number_len] = '\0';
    if (name_len)
        memcpy(out->name, text + name, name_len);
    out->name[name_len] = '\0';
    out->more = more;
    out->uri = false;
    return SESSION_E_OK;
}
