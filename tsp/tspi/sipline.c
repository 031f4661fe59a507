/* Lines that are accounts of SIP servers, as they come while the provider runs. SPDX-License-Identifier: MIT */
#include "tsp/binding/join.h"
#include "tsp/tspi/account.h"
#include "tsp/tspi/state.h"

struct binding *tspi_sip_start(const struct config *conf)
{
    struct binding *sip = NULL;
    struct sip_conf own;
    enum session_err err;

    if (!conf->accounts || !conf->accounts->sip.accountc)
        return NULL;
    platform_mutex_lock(&tspi.lock);
    sip = tspi.sip;
    platform_mutex_unlock(&tspi.lock);
    if (sip)
        return NULL;
    own = conf->accounts->sip;
    own.mem = tspi.mem;
    own.wake = tspi_wake;
    own.accountc = 0;
    err = sip_alloc(&sip, &own);
    if (!err)
        return sip;
    platform_log(PLATFORM_LOG_ERROR, "sessiontsp: SIP does not start: %s", session_err_text(err));
    return NULL;
}

struct binding *tspi_sip_join(struct binding *sip, const struct config *conf)
{
    struct binding *both = NULL;

    if (!sip || tspi.sip || join_alloc(&both, pump_binding(tspi.pump), sip, 0, 0, &tspi.mem))
        return sip;
    pump_binding_set(tspi.pump, both);
    tspi.sip = sip;
    tspi.sip_digest = conf->accounts->digest;
    return NULL;
}

void tspi_sip_free(struct binding *sip)
{
    if (sip)
        sip->ops->free(sip);
}

static enum session_err account_add(uint32_t place, const struct config_line *line,
                                    const struct session_line_conf *conf)
{
    struct session_cmd undo = {.type = SESSION_CMD_LINE_REMOVE, .line = place};
    struct sip_account_conf account = *line->sip;
    enum session_err err = tspi.sip ? join_line(pump_binding(tspi.pump), place, true) : SESSION_E_UNAVAIL;

    if (err)
        return err;
    account.line = place;
    err = sip_account_add(tspi.sip, &account);
    if (err)
        return err;
    err = pump_line_add(tspi.pump, place, conf);
    if (err)
        tspi.sip->ops->command(tspi.sip, 0, &undo);
    else
        (void)session_line_limit(tspi.core, place, sip_account_ops(&account, NULL), true);
    return err;
}

enum session_err tspi_line_add(uint32_t place, const struct config_line *line, const struct session_line_conf *conf)
{
    enum session_err err;

    if (line->account)
        return account_add(place, line, conf);
    if (tspi.sip)
        (void)join_line(pump_binding(tspi.pump), place, false); /* which needs no memory */
    err = pump_line_add(tspi.pump, place, conf);
    if (!err && tspi.exchange_ops)
        (void)session_line_limit(tspi.core, place, tspi.exchange_ops, false);
    return err;
}

void tspi_sip_compare(const struct config *conf)
{
    if (tspi.sip && conf->accounts && conf->accounts->digest != tspi.sip_digest)
        platform_log(PLATFORM_LOG_WARNING, "sessiontsp: what is new in [sip] counts from the next start on");
}
