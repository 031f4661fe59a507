/* Any address, from any location, with any card: what comes out is text, and says no more of the card than it may.
 * SPDX-License-Identifier: MIT */
#include "include/tapi_port.h"
#include "tapi_shim/engine/country.h"
#include "tapi_shim/engine/translate.h"
#include "tapi_shim/platform/platform.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

const char fuzz_name[] = "addresses";

enum { TEXT_MAX = 64, ADDRESS_MAX = 256 };

void fuzz_begin(void)
{
}

void fuzz_end(void)
{
}

/* Mostly of the characters that mean something in `signs`. */
static void text_of(struct fuzz_input *in, const char *signs, char *out, size_t size)
{
    size_t n = fuzz_u8(in) % size, i;

    for (i = 0; i < n; i++) {
        uint8_t c = fuzz_u8(in);

        out[i] = c < 250 ? signs[c % strlen(signs)] : (char)c;
    }
    out[n] = 0;
}

static void fields_of(struct fuzz_input *in, struct location *l, struct card *c)
{
    static const char *const fields[] = {"Area",          "LocalAccess", "LongAccess", "LongCarrier", "IntlCarrier",
                                         "CancelWaiting", "Toll",        "Rule",       "Rule",        "Pulse"};
    static const char *const rules[] = {"SameArea",    "LongDistance", "International",
                                        "LocalAccess", "IntlAccess",   "Pin"};
    char text[TEXT_MAX];
    int i, n = fuzz_u8(in) % 12;

    if (country_count)
        l->country = fuzz_u8(in) % 4 ? country_table[fuzz_u8(in) % country_count].id : 0;
    for (i = 0; i < n; i++) {
        uint8_t which = fuzz_u8(in);

        text_of(in, which % 2 ? "0123456789, -yesno" : "012345678", text, sizeof(text));
        (void)location_set(l, fields[which % (sizeof(fields) / sizeof(fields[0]))], text);
        text_of(in, "EFGHJKLMNS0123456789,W$@?:T", text, sizeof(text));
        (void)card_set(c, rules[which % (sizeof(rules) / sizeof(rules[0]))], text);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char signs[] = "+()0123456789 -.|^%;=:,+43+1tel:isub=phone-context=W$@?\r\n";
    static const char *const heads[] = {"", "", "+43 (1) 2", "+1 (425) 882", "+", "tel:+43-1-2", "+441"};
    struct fuzz_input in = {data, data + size};
    struct location l;
    struct card c;
    struct translation t;
    uint16_t wide[ADDRESS_MAX];
    char address[ADDRESS_MAX], shown[8 * ADDRESS_MAX];
    bool secret;
    size_t at;

    memset(&l, 0, sizeof(l));
    memset(&c, 0, sizeof(c));
    /* Letters that no address here has. */
    MUST(!card_set(&c, "Number", "ABDABDAB") && !card_set(&c, "Name", "Z"));
    fields_of(&in, &l, &c);
    /* Most begin as an address does, so that they get somewhere. */
    (void)snprintf(address, sizeof(address), "%s", heads[fuzz_u8(&in) % (sizeof(heads) / sizeof(heads[0]))]);
    at = strlen(address);
    text_of(&in, at ? "0123456789 -0123456789" : signs, address + at, sizeof(address) - at);
    (void)platform_utf8_to_utf16(address, SIZE_MAX, wide, ADDRESS_MAX);
    if (translate(&t, &l, &c, wide, fuzz_u8(&in) % 16))
        return 0;
    MUST(t.dialable_bytes == 2 * (platform_utf16_len(t.dialable) + 1));
    MUST(t.displayable_bytes == 2 * (platform_utf16_len(t.displayable) + 1));
    (void)platform_utf16_to_utf8(t.displayable, SIZE_MAX, shown, sizeof(shown));
    secret = strstr(shown, "ABDABDAB") != NULL;
    MUST(!secret);
    MUST(!(t.flags & LINETRANSLATERESULT_CANONICAL) == !t.dest_country);
    translation_free(&t);
    return 0;
}
