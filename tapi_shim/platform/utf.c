/* UTF-8 and UTF-16, portable. SPDX-License-Identifier: MIT */
#include "tapi_shim/platform/internal.h"

#include <string.h>

enum { UTF_REPLACEMENT = 0xFFFD, UTF_BAD = 0x110000 };

size_t platform_utf16_len(const uint16_t *text)
{
    size_t n = 0;

    if (text)
        while (text[n])
            n++;
    return n;
}

/* Takes one character from text[0..len), len > 0; how many bytes it took. *cp is UTF_BAD for a bad sequence, of which
 * the longest part that could have begun a character is taken at once (Unicode chapter 3, "maximal subpart"). */
static size_t utf8_next(const char *text, size_t len, uint32_t *cp)
{
    const unsigned char *p = (const unsigned char *)text;
    unsigned char low = 0x80, high = 0xBF; /* range of the second byte: excludes overlong forms, surrogates, > 10FFFF */
    uint32_t c = p[0];
    size_t more, i;

    if (c < 0x80) {
        *cp = c;
        return 1;
    }
    *cp = UTF_BAD;
    if (c >= 0xC2 && c <= 0xDF) {
        more = 1;
        c &= 0x1F;
    } else if (c >= 0xE0 && c <= 0xEF) {
        more = 2;
        if (c == 0xE0)
            low = 0xA0;
        if (c == 0xED)
            high = 0x9F;
        c &= 0x0F;
    } else if (c >= 0xF0 && c <= 0xF4) {
        more = 3;
        if (c == 0xF0)
            low = 0x90;
        if (c == 0xF4)
            high = 0x8F;
        c &= 0x07;
    } else {
        return 1;
    }
    for (i = 1; i <= more; i++) {
        if (i >= len || p[i] < low || p[i] > high)
            return i;
        low = 0x80;
        high = 0xBF;
        c = c << 6 | (p[i] & 0x3F);
    }
    *cp = c;
    return i;
}

static size_t utf16_next(const uint16_t *text, size_t len, uint32_t *cp)
{
    uint32_t c = text[0];

    *cp = c;
    if (c < 0xD800 || c > 0xDFFF)
        return 1;
    if (c > 0xDBFF || len < 2 || text[1] < 0xDC00 || text[1] > 0xDFFF) {
        *cp = UTF_BAD;
        return 1;
    }
    *cp = 0x10000 + ((c - 0xD800) << 10 | (uint32_t)(text[1] - 0xDC00));
    return 2;
}

size_t platform_utf8_to_utf16(const char *text, size_t len, uint16_t *out, size_t cap)
{
    size_t need = 0, used = 0, pos = 0;
    bool fits = cap > 0;

    if (!text)
        len = 0;
    else if (len == SIZE_MAX)
        len = strlen(text);
    while (pos < len) {
        uint32_t cp;
        size_t units;

        pos += utf8_next(text + pos, len - pos, &cp);
        if (cp == UTF_BAD)
            cp = UTF_REPLACEMENT;
        units = cp < 0x10000 ? 1 : 2;
        /* After the first character that does not fit none is written, else one in the middle would be missing. */
        fits = fits && units < cap - used;
        if (fits) {
            if (units == 1) {
                out[used] = (uint16_t)cp;
            } else {
                out[used] = (uint16_t)(0xD800 + ((cp - 0x10000) >> 10));
                out[used + 1] = (uint16_t)(0xDC00 + (cp & 0x3FF));
            }
            used += units;
        }
        need += units;
    }
    if (cap > 0)
        out[used] = 0;
    return need + 1;
}

static size_t utf8_put(uint32_t cp, unsigned char b[4])
{
    if (cp < 0x80) {
        b[0] = (unsigned char)cp;
        return 1;
    }
    if (cp < 0x800) {
        b[0] = (unsigned char)(0xC0 | cp >> 6);
        b[1] = (unsigned char)(0x80 | (cp & 0x3F));
        return 2;
    }
    if (cp < 0x10000) {
        b[0] = (unsigned char)(0xE0 | cp >> 12);
        b[1] = (unsigned char)(0x80 | (cp >> 6 & 0x3F));
        b[2] = (unsigned char)(0x80 | (cp & 0x3F));
        return 3;
    }
    b[0] = (unsigned char)(0xF0 | cp >> 18);
    b[1] = (unsigned char)(0x80 | (cp >> 12 & 0x3F));
    b[2] = (unsigned char)(0x80 | (cp >> 6 & 0x3F));
    b[3] = (unsigned char)(0x80 | (cp & 0x3F));
    return 4;
}

size_t platform_utf16_to_utf8(const uint16_t *text, size_t len, char *out, size_t cap)
{
    size_t need = 0, used = 0, pos = 0;
    bool fits = cap > 0;

    if (!text)
        len = 0;
    else if (len == SIZE_MAX)
        len = platform_utf16_len(text);
    while (pos < len) {
        unsigned char b[4];
        uint32_t cp;
        size_t bytes;

        pos += utf16_next(text + pos, len - pos, &cp);
        bytes = utf8_put(cp == UTF_BAD ? UTF_REPLACEMENT : cp, b);
        fits = fits && bytes < cap - used;
        if (fits) {
            memcpy(out + used, b, bytes);
            used += bytes;
        }
        need += bytes;
    }
    if (cap > 0)
        out[used] = 0;
    return need + 1;
}

bool platform_utf8_valid(const char *text, size_t len)
{
    while (len > 0) {
        uint32_t cp;
        size_t n = utf8_next(text, len, &cp);

        if (cp == UTF_BAD)
            return false;
        text += n;
        len -= n;
    }
    return true;
}

bool platform_utf16_valid(const uint16_t *text, size_t len)
{
    while (len > 0) {
        uint32_t cp;
        size_t n = utf16_next(text, len, &cp);

        if (cp == UTF_BAD)
            return false;
        text += n;
        len -= n;
    }
    return true;
}

size_t platform_utf8_cut(const char *text, size_t max)
{
    size_t back = 0;

    /* Bad text may have any number of trailing bytes in a row: three at most belong to a character. */
    while (back < 3 && back < max && ((unsigned char)text[max - back] & 0xC0) == 0x80)
        back++;
    return ((unsigned char)text[max - back] & 0xC0) == 0x80 ? max : max - back;
}

bool platform_text_copy(char *out, size_t size, const char *text)
{
    size_t len = strlen(text);
    bool whole = len < size;

    if (size == 0)
        return false;
    if (!whole)
        len = platform_utf8_cut(text, size - 1);
    memcpy(out, text, len);
    out[len] = 0;
    return whole;
}
