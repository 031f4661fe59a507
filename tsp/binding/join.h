/* Two bindings as one: the embedded exchange and real telephony. SPDX-License-Identifier: MIT */
#ifndef TSP_BINDING_JOIN_H
#define TSP_BINDING_JOIN_H

#include "tsp/binding/binding.h"

/*
 * Lines below `first` belong to `lower`, the others to `upper`; both know them by the same index. Takes over both
 * bindings (freed with the join) on success only. `mem` is copied; its functions may be NULL. OK, NOMEM.
 * Thread: as for every binding.
 */
enum session_err join_alloc(struct binding **bp, struct binding *lower, struct binding *upper, uint32_t first,
                            const struct session_mem *mem);

#endif
