/* The phones of the provider inside the test. SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_ENGINE_FAKE_PHONE_H
#define TESTS_UNIT_ENGINE_FAKE_PHONE_H

#include "include/tapi_port.h"
#include "tapi_shim/engine/engine.h"
#include "tests/unit/engine/fake.h"

enum { FAKE_PHONES = 4 };

struct fake_phone {
    uint32_t phones, base, version; /* to be set before the engine starts */
    enum fake_how how;              /* of asynchronous functions: LATER, EARLY, ZERO, REFUSE */
    int32_t refusal, open_result, mask_result, negotiate_result, create_result;
    bool close_in_open; /* PHONE_CLOSE while TSPI_phoneOpen runs */
    atomic_uint opens, closes; /* an engine has several threads in here */
    HTAPIPHONE ht[FAKE_PHONES];
    uint32_t states[FAKE_PHONES], modes[FAKE_PHONES], button_states[FAKE_PHONES], ext[FAKE_PHONES];
    _Atomic uint32_t last_request, last_create;
    uint32_t value[4]; /* what the last function was given */
    unsigned char data[64];
    uint32_t data_len;
    PHONEEVENT event;
};
extern struct fake_phone fake_phone;

void fake_phone_reset(void);
engine_function_h *fake_phone_lookup(const char *name);
void fake_phone_event(unsigned phone, uint32_t message, uint64_t p1, uint64_t p2, uint64_t p3);

#endif
