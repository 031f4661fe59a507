/* A core and its binding run together: one input in, all that follows settled, actions out.
 * SPDX-License-Identifier: MIT */
#ifndef TSP_BINDING_PUMP_H
#define TSP_BINDING_PUMP_H

#include "tsp/binding/binding.h"
#include "tsp/session/session.h"

/*
 * The pump gives an input to the core, hands the commands it makes to the binding, gives the binding's indications
 * back to the core, and so on until both are quiet. What is left are the actions for above (REPLY, NEW, STATE, INFO,
 * RING, LINE, ADDRESS), in the order the core made them. It owns neither thread nor clock.
 * Thread: one at a time, as for the core.
 */
struct pump;

/* Takes over `core` and `binding` (both freed with the pump, the core first) on success only. `mem` is copied; its
 * functions may be NULL. OK, NOMEM. */
enum session_err pump_alloc(struct pump **pumpp, struct session_core *core, struct binding *binding,
                            const struct session_mem *mem);
void pump_free(struct pump *pump); /* takes NULL */

/* One input, run until quiet; TIME is for the binding as well. Result and `idv` as session_step. Actions queue up
 * behind those not yet taken: unlike session_step it may be called again before they are drained. If there is no memory
 * to keep more of them, the rest of the run is put off until pump_next has taken those there are, and pump_step answers
 * NOMEM and does nothing until then: no action is lost. So who drains after every input never sees that NOMEM. */
enum session_err pump_step(struct pump *pump, uint64_t now_ms, const struct session_in *in, uint32_t *idv);

/* Adds a line to both, at any time: session_line_add_at, and the binding's line_add. OK; NOMEM, BADPARAM, UNAVAIL
 * (the binding's lines do not come and go): nothing has changed. One that is to go is a step, LINE_REMOVE. */
enum session_err pump_line_add(struct pump *pump, uint32_t line, const struct session_line_conf *conf);

/* The binding that the pump has; another one in its place, which has to know its legs and lines. Between two inputs. */
struct binding *pump_binding(const struct pump *pump);
void pump_binding_set(struct pump *pump, struct binding *binding);

/* Takes the next action for above, NULL: none. It is never a SESSION_ACT_COMMAND and has no `cmd`; valid until the next
 * call of the pump. */
const struct session_act *pump_take(struct pump *pump);

/* The same as a copy, `cmd` of which is not written. False: none. */
bool pump_next(struct pump *pump, struct session_act *act);

/* Runs whatever the binding has to say by itself (its I/O), and timers due by now. As the input TIME. */
void pump_poll(struct pump *pump, uint64_t now_ms);

/* When pump_poll is due again, UINT64_MAX: never; at once if a run was put off. */
uint64_t pump_deadline(const struct pump *pump);

/* Has `h` told of everything that goes between core and binding, before it gets there: a command or an indication, the
 * other is NULL. It must not call the pump. NULL: no longer. */
typedef void(pump_watch_h)(const struct session_cmd *cmd, const struct session_ind *ind, void *arg);
void pump_watch(struct pump *pump, pump_watch_h *h, void *arg);

struct session_core *pump_core(struct pump *pump);
const struct session_core *pump_core_const(const struct pump *pump);

#endif
