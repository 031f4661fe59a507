/* What the library of dialogs of the tests tells its provider. SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_CLIENT_UI_MODULE_H
#define TESTS_UNIT_CLIENT_UI_MODULE_H

#include "include/tapi_port.h"

enum ui_said { UI_LINE = 1, UI_EDIT, UI_PHONE, UI_PROVIDER };

/* Device ids of which each has a dialog that does something else. */
enum { UI_SUCCEEDS = 1, UI_FAILS = 2, UI_WRONG = 3 };

struct ui_told {
    DWORD function; /* enum ui_said */
    DWORD object;   /* the id it was called for */
    DWORD reply;    /* what the provider makes of it */
    WCHAR class_name[8];
};

#endif
