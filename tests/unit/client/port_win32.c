/* Completion ports as an application uses them. SPDX-License-Identifier: MIT */
#include "tests/unit/client/port.h"

intptr_t port_make(void)
{
    return (intptr_t)CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 0);
}

void port_close(intptr_t port)
{
    CloseHandle((HANDLE)port);
}

bool port_take(intptr_t port, uintptr_t *key, LINEMESSAGE *message)
{
    OVERLAPPED *overlapped = NULL;
    ULONG_PTR got = 0;
    DWORD bytes;

    if (!GetQueuedCompletionStatus((HANDLE)port, &bytes, &got, &overlapped, 0))
        return false;
    *key = got;
    *message = *(LINEMESSAGE *)(void *)overlapped;
    return LocalFree(overlapped) == NULL;
}
