/* Texts of A and W functions, copied into the form that travels. SPDX-License-Identifier: MIT */
#include "tapi_shim/client/client.h"

#include <stdlib.h>
#include <string.h>

LONG client_text_a(struct client_text *t, const char *text, size_t max)
{
    size_t units;

    t->text = NULL;
    t->bytes = 0;
    if (!text)
        return 0;
    if (max != SIZE_MAX) {
        const char *end = memchr(text, 0, max);

        if (end)
            max = (size_t)(end - text);
    }
    units = platform_ansi_to_utf16(text, max, NULL, 0);
    if (units > UINT32_MAX / 4)
        return client_err(LINEERR_NOMEM);
    t->text = malloc(units * sizeof(*t->text));
    if (!t->text)
        return client_err(LINEERR_NOMEM);
    /* The text may have grown in between: what was measured holds. */
    if (platform_ansi_to_utf16(text, max, t->text, units) > units)
        t->text[units - 1] = 0;
    t->bytes = (uint32_t)(units * sizeof(*t->text));
    return 0;
}

LONG client_text_w(struct client_text *t, const WCHAR *text, size_t max)
{
    size_t units = 0;

    t->text = NULL;
    t->bytes = 0;
    if (!text)
        return 0;
    while (units < max && text[units])
        units++;
    if (units > UINT32_MAX / 4)
        return client_err(LINEERR_NOMEM);
    t->text = malloc((units + 1) * sizeof(*t->text));
    if (!t->text)
        return client_err(LINEERR_NOMEM);
    memcpy(t->text, text, units * sizeof(*t->text));
    t->text[units] = 0;
    t->bytes = (uint32_t)((units + 1) * sizeof(*t->text));
    return 0;
}

void client_text_free(struct client_text *t)
{
    free(t->text);
    t->text = NULL;
    t->bytes = 0;
}
