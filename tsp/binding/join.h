/* Two bindings as one: the embedded exchange and real telephony. SPDX-License-Identifier: MIT */
#ifndef TSP_BINDING_JOIN_H
#define TSP_BINDING_JOIN_H

#include "tsp/binding/binding.h"

/*
 * The `count` lines from `first` on belong to `upper`, all others to `lower`; both know them by the same index. Lines come
 * and go as each of them has it. `lower` may have been alone before, and its calls go on. Takes over both
 * bindings (freed with the join) on success only. `mem` is copied; its functions may be NULL. OK, NOMEM.
 * Thread: as for every binding.
 */
enum session_err join_alloc(struct binding **bp, struct binding *lower, struct binding *upper, uint32_t first,
                            uint32_t count, const struct session_mem *mem);
/* Whose the line is that comes next with this index. OK, NOMEM (only for `upper`). */
enum session_err join_line(struct binding *b, uint32_t line, bool upper);

#endif
