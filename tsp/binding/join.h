/* Two bindings as one: the embedded exchange and real telephony. SPDX-License-Identifier: MIT */
#ifndef TSP_BINDING_JOIN_H
#define TSP_BINDING_JOIN_H

#include "tsp/binding/binding.h"

/*
 * The `count` lines from `first` on belong to `upper`, all others to `lower`; both know them by the same index. Lines may
 * come and go as `lower` has it. Takes over both
 * bindings (freed with the join) on success only. `mem` is copied; its functions may be NULL. OK, NOMEM.
 * Thread: as for every binding.
 */
enum session_err join_alloc(struct binding **bp, struct binding *lower, struct binding *upper, uint32_t first,
                            uint32_t count, const struct session_mem *mem);

#endif
