/* Countries: looked up. SPDX-License-Identifier: MIT */
#include "tapi_shim/engine/country.h"

#include "tapi_shim/engine/dialling.h"

const struct country *country_by_id(uint32_t id)
{
    uint32_t i;

    for (i = 0; i < country_count; i++)
        if (country_table[i].id == id)
            return &country_table[i];
    return NULL;
}

const struct country *country_by_iso(const char *iso)
{
    uint32_t i;

    for (i = 0; i < country_count; i++)
        if (dialling_name_equal(country_table[i].iso, iso))
            return &country_table[i];
    return NULL;
}

const struct country *country_by_code(uint32_t code)
{
    const struct country *any = NULL;
    uint32_t i;

    for (i = 0; i < country_count; i++) {
        if (country_table[i].code != code)
            continue;
        if (country_table[i].id == code)
            return &country_table[i];
        any = any ? any : &country_table[i];
    }
    return any;
}

size_t country_code_of(const char *digits, uint32_t *codep)
{
    uint32_t code = 0;
    size_t n;

    /* No code is the beginning of another. */
    for (n = 0; n < 3 && digits[n] >= '0' && digits[n] <= '9'; n++) {
        code = 10 * code + (uint32_t)(digits[n] - '0');
        if (code && country_by_code(code)) {
            *codep = code;
            return n + 1;
        }
    }
    return 0;
}
