/* Starting a program that lives on its own. SPDX-License-Identifier: MIT */
#include "tapi_shim/platform/win32/win.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Writes `arg` so that a program's start-up code reads it as one; the bytes it takes. `out` NULL: only counts. */
static size_t quote(const char *arg, char *out)
{
    size_t n = 0, slashes = 0;

#define QUOTE_PUT(c) (out ? (void)(out[n] = (c)) : (void)0, n++)
    QUOTE_PUT('"');
    for (;; arg++) {
        if (*arg == '\\') {
            slashes++;
            continue;
        }
        /* Backslashes mean themselves, unless a quotation mark follows. */
        if (*arg == '"' || !*arg)
            slashes *= 2;
        for (; slashes > 0; slashes--)
            QUOTE_PUT('\\');
        if (!*arg)
            break;
        if (*arg == '"')
            QUOTE_PUT('\\');
        QUOTE_PUT(*arg);
    }
    QUOTE_PUT('"');
#undef QUOTE_PUT
    return n;
}

static WCHAR *command_line(const char *const argv[])
{
    size_t n = 1;
    char *text, *p;
    WCHAR *wide;

    for (size_t i = 0; argv[i]; i++)
        n += quote(argv[i], NULL) + 1;
    text = malloc(n);
    if (!text)
        return NULL;
    p = text;
    for (size_t i = 0; argv[i]; i++) {
        if (i > 0)
            *p++ = ' ';
        p += quote(argv[i], p);
    }
    *p = 0;
    wide = win_wide(text);
    free(text);
    return wide;
}

/* A copy that can be inherited; NULL: none. */
static HANDLE inheritable(HANDLE handle)
{
    HANDLE copy = NULL;

    if (!handle || handle == INVALID_HANDLE_VALUE ||
        !DuplicateHandle(GetCurrentProcess(), handle, GetCurrentProcess(), &copy, 0, TRUE, DUPLICATE_SAME_ACCESS))
        return NULL;
    return copy;
}

int platform_spawn(const char *const argv[], uint32_t *pidp)
{
    SECURITY_ATTRIBUTES inherit = {sizeof(inherit), NULL, TRUE};
    STARTUPINFOEXW start;
    PROCESS_INFORMATION info;
    HANDLE handlev[2] = {NULL, NULL};
    WCHAR *program = NULL, *line = NULL;
    SIZE_T size = 0;
    bool listed = false;
    char value[32];
    int err = 0;

    if (!argv || !argv[0])
        return EINVAL;
    memset(&start, 0, sizeof(start));
    program = win_wide(argv[0]);
    line = command_line(argv);
    (void)InitializeProcThreadAttributeList(NULL, 1, 0, &size);
    start.lpAttributeList = malloc(size);
    if (!program || !line || !start.lpAttributeList) {
        err = ENOMEM;
        goto out;
    }
    handlev[0] = CreateFileW(L"NUL", GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, &inherit,
                             OPEN_EXISTING, 0, NULL);
    if (handlev[0] == INVALID_HANDLE_VALUE) {
        handlev[0] = NULL;
        err = win_errno(GetLastError());
        goto out;
    }
    if (platform_env("TAPI_SHIM_LOG", value, sizeof(value)) != ENOENT)
        handlev[1] = inheritable(GetStdHandle(STD_ERROR_HANDLE));
    start.StartupInfo.cb = sizeof(start);
    start.StartupInfo.dwFlags = STARTF_USESTDHANDLES;
    start.StartupInfo.hStdInput = start.StartupInfo.hStdOutput = handlev[0];
    start.StartupInfo.hStdError = handlev[1] ? handlev[1] : handlev[0];
    if (!InitializeProcThreadAttributeList(start.lpAttributeList, 1, 0, &size)) {
        err = ENOMEM;
        goto out;
    }
    listed = true;
    /* Nothing else that happens to be inheritable in the application. */
    if (!UpdateProcThreadAttribute(start.lpAttributeList, 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST, handlev,
                                   (handlev[1] ? 2 : 1) * sizeof(handlev[0]), NULL, NULL)) {
        err = ENOMEM;
        goto out;
    }
    if (!CreateProcessW(program, line, NULL, NULL, TRUE,
                        DETACHED_PROCESS | CREATE_NEW_PROCESS_GROUP | EXTENDED_STARTUPINFO_PRESENT, NULL, NULL,
                        &start.StartupInfo, &info)) {
        DWORD error = GetLastError();

        err = error == ERROR_BAD_EXE_FORMAT || error == ERROR_EXE_MACHINE_TYPE_MISMATCH ? ENOEXEC : win_errno(error);
        goto out;
    }
    (void)CloseHandle(info.hThread);
    (void)CloseHandle(info.hProcess);
    if (pidp)
        *pidp = info.dwProcessId;
out:
    if (listed)
        DeleteProcThreadAttributeList(start.lpAttributeList);
    free(start.lpAttributeList);
    for (int i = 0; i < 2; i++)
        if (handlev[i])
            (void)CloseHandle(handlev[i]);
    free(line);
    free(program);
    return err;
}

bool platform_process_alive(uint32_t pid)
{
    HANDLE process = OpenProcess(SYNCHRONIZE, FALSE, pid);
    bool alive;

    if (!process)
        return GetLastError() == ERROR_ACCESS_DENIED;
    alive = WaitForSingleObject(process, 0) == WAIT_TIMEOUT;
    (void)CloseHandle(process);
    return alive;
}
