/* Until when an account is registered. SPDX-License-Identifier: MIT */
#include "tsp/binding/sip/front.h"

void sip_line_registered(struct sip *x, uint32_t line, uint32_t seconds)
{
    uint64_t until = seconds ? platform_wall_ms() + 1000 * (uint64_t)seconds : 0;

    platform_mutex_lock(&x->lock);
    if (line < x->linec && x->linev[line].is_account && !x->linev[line].coming) {
        x->linev[line].until_ms = until;
    }
    platform_mutex_unlock(&x->lock);
}

uint64_t sip_line_until(struct binding *b, uint32_t line)
{
    struct sip *x = (struct sip *)b;
    uint64_t until;

    platform_mutex_lock(&x->lock);
    until = line < x->linec ? x->linev[line].until_ms : 0;
    platform_mutex_unlock(&x->lock);
    return until;
}
