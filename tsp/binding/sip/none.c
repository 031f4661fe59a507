/* A program without the SIP binding. SPDX-License-Identifier: MIT */
#include "tsp/binding/sip/probe.h"

uint64_t sip_session_ops(void)
{
    return 0;
}

uint64_t sip_account_ops(const struct sip_account_conf *conf, uint32_t *forwards)
{
    (void)conf;
    if (forwards) {
        *forwards = 0;
    }
    return 0;
}

enum session_err sip_alloc(struct binding **bp, const struct sip_conf *conf)
{
    (void)bp;
    (void)conf;
    return SESSION_E_UNAVAIL;
}

enum session_err sip_probe(const struct sip_conf *conf, uint32_t limit_ms, struct sip_result *out)
{
    (void)conf;
    (void)limit_ms;
    (void)out;
    return SESSION_E_UNAVAIL;
}

enum session_err sip_account_add(struct binding *b, const struct sip_account_conf *conf)
{
    (void)b;
    (void)conf;
    return SESSION_E_UNAVAIL;
}

uint16_t sip_port(const struct binding *b, enum sip_transport transport)
{
    (void)b;
    (void)transport;
    return 0;
}

uint64_t sip_line_until(struct binding *b, uint32_t line)
{
    (void)b;
    (void)line;
    return 0;
}

enum sip_fault sip_line_fault(struct binding *b, uint32_t line)
{
    (void)b;
    (void)line;
    return SIP_FAULT_NONE;
}

void sip_line_text(struct binding *b, uint32_t line, char *text, size_t size)
{
    (void)b;
    (void)line;
    if (size) {
        text[0] = '\0';
    }
}
