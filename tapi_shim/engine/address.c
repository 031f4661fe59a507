/* Addresses: read. SPDX-License-Identifier: MIT */
#include "include/tapi_port.h"
#include "tapi_shim/engine/country.h"
#include "tapi_shim/engine/translate.h"

#include <stdlib.h>
#include <string.h>

static bool is_digit(uint16_t c)
{
    return c >= '0' && c <= '9';
}

bool address_is_format(uint16_t c)
{
    /* No-break space, thin spaces, hyphens and dashes of every length. */
    return c == ' ' || c == '.' || c == '-' || c == '/' || c == 0xA0 || (c >= 0x2000 && c <= 0x2015) || c == 0x202F;
}

/* What a number may have in it besides digits: what else is dialled, and what tells how. */
static bool is_dialled(uint16_t c)
{
    return is_digit(c) || (c && c < 0x80 && strchr("*#ABCDabcd,!?@$PpTtWw:;", (int)c));
}

size_t address_digits(const struct address_span *number, char *digits, size_t size)
{
    size_t i, n = 0;

    for (i = 0; i < number->len && n + 1 < size; i++) {
        if (is_digit(number->text[i]))
            digits[n++] = (char)number->text[i];
        else if (!address_is_format(number->text[i]))
            break;
    }
    digits[n] = 0;
    return n;
}

static void trim(struct address_span *s)
{
    while (s->len && address_is_format(s->text[0])) {
        s->text++;
        s->len--;
    }
    while (s->len && address_is_format(s->text[s->len - 1]))
        s->len--;
}

/* Whether the text begins so, in either case. */
static bool begins(const struct address_span *s, const char *word)
{
    size_t i;

    for (i = 0; word[i]; i++) {
        uint16_t c = i < s->len ? s->text[i] : 0;

        if (c >= 'A' && c <= 'Z')
            c = (uint16_t)(c - 'A' + 'a');
        if (c != (uint16_t)(unsigned char)word[i])
            return false;
    }
    return true;
}

/* ---- tel: -------------------------------------------------------------------------------------------------------- */

static int hex(uint16_t c)
{
    return is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Copies with "%2B" and the like resolved; returns the units written. */
static size_t unescape(uint16_t *out, const uint16_t *text, size_t len)
{
    size_t i, n = 0;

    for (i = 0; i < len; i++) {
        if (text[i] == '%' && i + 2 < len && hex(text[i + 1]) >= 0 && hex(text[i + 2]) >= 0) {
            int c = 16 * hex(text[i + 1]) + hex(text[i + 2]);

            /* Line ends would make two addresses of it. */
            if (c >= 0x20 && c < 0x7F)
                out[n++] = (uint16_t)c;
            i += 2;
        } else {
            out[n++] = text[i];
        }
    }
    return n;
}

/* The value of a parameter (";name=..."); false: it has none. */
static bool parameter(const struct address_span *all, const char *name, struct address_span *value)
{
    size_t i;

    for (i = 0; i < all->len; i++) {
        struct address_span at = {all->text + i + 1, all->len - i - 1};
        size_t n = strlen(name);

        if (all->text[i] != ';' || !begins(&at, name) || at.len <= n || at.text[n] != '=')
            continue;
        value->text = at.text + n + 1;
        for (value->len = 0; value->len < at.len - n - 1 && value->text[value->len] != ';'; value->len++)
            ;
        return value->len > 0;
    }
    return false;
}

/* RFC 3966: the number and, behind semicolons, what else is said of it. */
static int32_t tel_read(struct address *a)
{
    struct address_span uri = {a->whole.text + 4, a->whole.len - 4}, context, sub;
    size_t number, n = 0;
    uint16_t *made;

    for (number = 0; number < uri.len && uri.text[number] != ';'; number++)
        ;
    made = malloc((uri.len + 3) * sizeof(*made));
    if (!made)
        return (int32_t)LINEERR_NOMEM;
    a->made = made;
    /* "tel:7042;phone-context=+43" is a number below +43. A context that is a domain tells nothing here. */
    if (number && uri.text[0] != '+' && uri.text[0] != '%' && parameter(&uri, "phone-context", &context) &&
        (context.text[0] == '+' || begins(&context, "%2b"))) {
        n += unescape(made, context.text, context.len);
        made[n++] = '-';
    }
    n += unescape(made + n, uri.text, number);
    if (n && made[0] != '+') {
        size_t i, k = 0;

        /* Dialled as it is, but nobody dials the marks in it. */
        for (i = 0; i < n; i++)
            if (!address_is_format(made[i]) && made[i] != '(' && made[i] != ')')
                made[k++] = made[i];
        n = k;
    } else {
        size_t i, k = 0;

        /* Parentheses are marks only, there is no area code in them. */
        for (i = 0; i < n; i++)
            if (made[i] != '(' && made[i] != ')')
                made[k++] = made[i];
        n = k;
    }
    if (parameter(&uri, "isub", &sub)) {
        made[n++] = '|';
        n += unescape(made + n, sub.text, sub.len);
    }
    a->whole.text = made;
    a->whole.len = n;
    return 0;
}

/* ---- canonical --------------------------------------------------------------------------------------------------- */

/* The calling code. What comes behind it is s. */
static bool code_read(struct address *a, struct address_span *s)
{
    char digits[8];
    uint32_t code = 0;
    size_t n, i;

    for (n = 0; n < s->len && is_digit(s->text[n]); n++)
        if (n + 1 < sizeof(digits))
            digits[n] = (char)s->text[n];
    digits[n + 1 < sizeof(digits) ? n : sizeof(digits) - 1] = 0;
    if (!n)
        return false;
    if (n <= 3 && n < s->len && (address_is_format(s->text[n]) || s->text[n] == '(')) {
        /* Its end is marked: one that we do not know counts as well. */
        for (i = 0; i < n; i++)
            code = 10 * code + (uint32_t)(digits[i] - '0');
        if (code && digits[0] != '0' && (s->text[n] == ' ' || country_by_code(code))) {
            a->code = code;
            s->text += n;
            s->len -= n;
            return true;
        }
    }
    n = country_code_of(digits, &a->code);
    s->text += n;
    s->len -= n;
    return n > 0;
}

/* "(1)": the area code, if there is one. False: what is in parentheses is none. */
static bool area_read(struct address *a, struct address_span *s)
{
    const struct country *country = country_by_code(a->code);
    size_t i, n = 0;

    if (!s->len || s->text[0] != '(')
        return true;
    for (i = 1; i < s->len && s->text[i] != ')'; i++) {
        if (is_digit(s->text[i]) && n + 1 < sizeof(a->area))
            a->area[n++] = (char)s->text[i];
        else if (!address_is_format(s->text[i]))
            return false;
    }
    if (i >= s->len)
        return false;
    a->area[n] = 0;
    /* "+43 (0)1 234": what is dialled before area codes within the country is no part of them. */
    if (country && strcmp(a->area, country->trunk) == 0)
        a->area[0] = 0;
    s->text += i + 1;
    s->len -= i + 1;
    return true;
}

static int32_t canonical_read(struct address *a)
{
    struct address_span s = {a->whole.text + 1, a->whole.len - 1};
    bool digit = false;
    size_t i;

    for (i = 0; i < s.len && s.text[i] != '|' && s.text[i] != '^'; i++)
        ;
    a->tail.text = s.text + i;
    a->tail.len = s.len - i;
    s.len = i;
    trim(&s);
    if (!code_read(a, &s))
        return (int32_t)LINEERR_INVALADDRESS;
    trim(&s);
    if (!area_read(a, &s))
        return (int32_t)LINEERR_INVALADDRESS;
    trim(&s);
    for (i = 0; i < s.len; i++) {
        if (!is_dialled(s.text[i]) && !address_is_format(s.text[i]))
            return (int32_t)LINEERR_INVALADDRESS;
        digit = digit || is_digit(s.text[i]);
    }
    if (!digit)
        return (int32_t)LINEERR_INVALADDRESS;
    a->number = s;
    a->canonical = true;
    return 0;
}

/* ---- all --------------------------------------------------------------------------------------------------------- */

/* A scheme, and not a digit string with ":" in it. */
static bool is_uri(const struct address_span *s)
{
    size_t i;

    for (i = 0; i < s->len; i++) {
        uint16_t c = (uint16_t)(s->text[i] | 0x20);

        if (s->text[i] == ':')
            return i > 1;
        if ((c < 'a' || c > 'z') && !(i && (is_digit(s->text[i]) || c == '+' || c == '-' || c == '.')))
            return false;
    }
    return false;
}

int32_t address_read(struct address *a, const uint16_t *text)
{
    size_t len = 0, i;
    int32_t rc = 0;

    memset(a, 0, sizeof(*a));
    while (text[len] && text[len] != '\r' && text[len] != '\n')
        if (++len > ADDRESS_UNITS_MAX)
            return (int32_t)LINEERR_INVALADDRESS;
    a->whole.text = text;
    a->whole.len = len;
    if (begins(&a->whole, "tel:"))
        rc = tel_read(a);
    else
        a->uri = is_uri(&a->whole);
    if (!rc && a->whole.len && a->whole.text[0] == '+') {
        rc = canonical_read(a);
    } else if (!rc && !a->uri) {
        for (i = 0; i < a->whole.len && a->whole.text[i] != '|' && a->whole.text[i] != '^'; i++)
            ;
        a->tail.text = a->whole.text + i;
        a->tail.len = a->whole.len - i;
    }
    if (rc)
        address_free(a);
    return rc;
}

void address_free(struct address *a)
{
    free(a->made);
    a->made = NULL;
}
