/* What the tests of the client half share. SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_CLIENT_SUITE_H
#define TESTS_UNIT_CLIENT_SUITE_H

#include "include/tapi_port.h"
#include "tapi_shim/client/client.h"
#include "tests/support/support.h"
#include "tests/unit/client/fake.h"

#include <check.h>
#include <string.h>

/* The test uses the A functions by their own names. */

#define ERR(name) ((LONG)LINEERR_##name)
#define PHONE_ERR(name) ((LONG)PHONEERR_##name)

/* An application that takes its messages with lineGetMessage; `event` may be NULL. */
static inline HLINEAPP app_open(HANDLE *event)
{
    LINEINITIALIZEEXPARAMS params = {.dwTotalSize = sizeof(params), .dwOptions = LINEINITIALIZEEXOPTION_USEEVENT};
    DWORD devices, version = 0x00020002;
    HLINEAPP app = 0;

    ck_assert_int_eq(lineInitializeExA(&app, NULL, NULL, "test", &devices, &version, &params), 0);
    if (event)
        *event = params.Handles.hEvent;
    return app;
}

static inline HLINE line_open(HLINEAPP app, DWORD version, DWORD_PTR instance)
{
    HLINE line = 0;

    ck_assert_int_eq(lineOpenA(app, 0, &line, version, 0, instance, LINECALLPRIVILEGE_NONE, 0, NULL), 0);
    ck_assert_uint_ne(line, 0);
    return line;
}

/* Every object is gone. */
static inline void check_clean(void)
{
    ck_assert_ptr_null(client.conn);
    ck_assert_uint_eq(client.apps.count + client.phones.count + client.lines.count + client.handles.count, 0);
    ck_assert_uint_eq(client.requests.count, 0);
    ck_assert_uint_eq(client.old_lines, 0);
    ck_assert_ptr_null(client.apps.slots);
    ck_assert_ptr_null(client.early);
    ck_assert_int_eq(fake.opened, fake.closed);
    ck_assert_uint_eq(fake.outputs, 0);
}

TCase *init_tests(void);
TCase *messages_tests(void);
TCase *requests_tests(void);
TCase *delivery_tests(void);
TCase *others_tests(void);
TCase *requested_tests(void);
TCase *operations_tests(void);
TCase *plain_tests(void);
TCase *ansi_tests(void);
TCase *dialogs_tests(void);

#endif
