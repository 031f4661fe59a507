/* An account tried once. SPDX-License-Identifier: MIT */
#ifndef TSP_BINDING_SIP_PROBE_H
#define TSP_BINDING_SIP_PROBE_H

#include "tsp/binding/sip/sip.h"

enum sip_outcome {
#define SIP_OUTCOME(name, status, words) SIP_OUTCOME_##name = (status),
#include "tsp/binding/sip/outcome.def"
#undef SIP_OUTCOME
};

struct sip_result {
    enum sip_outcome outcome;
    uint32_t code;    /* of the last answer; 0: there was none */
    uint32_t expires; /* OK: for how long it was registered, seconds */
    char text[300];   /* what came of it, in words; no secret in it */
};

/* What an outcome is called. Thread: any. */
const char *sip_outcome_words(enum sip_outcome outcome);

/* Starts the binding for the first account of `conf` alone, registers once with each of its servers until one answers,
 * takes that back, and ends. `conf` as for sip_alloc; its wake, mem and t1_ms are not looked at. `limit_ms` at least
 * 1000: a server that has not answered then does not answer. OK: *out says what came of it. NOMEM, RESOURCE, FAILED,
 * INUSE (the binding is in use in this process), UNAVAIL (built without), BADPARAM (no account). Thread: any; waits. */
enum session_err sip_probe(const struct sip_conf *conf, uint32_t limit_ms, struct sip_result *out);

#endif
