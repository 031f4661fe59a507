/* Where links meet: listeners, connecting, and the places for both on named pipes. SPDX-License-Identifier: MIT */
#include "tapi_shim/platform/win32/link.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INSTANCES = 4, CONNECT_WAIT_MS = 5000, SID_BYTES_MAX = SECURITY_MAX_SID_SIZE };

static const char prefix[] = "\\\\.\\pipe\\";

enum { PREFIX_LEN = sizeof(prefix) - 1, PLACE_MAX = 256 };

#ifndef PIPE_REJECT_REMOTE_CLIENTS
#define PIPE_REJECT_REMOTE_CLIENTS 0x00000008
#endif

/* One pipe that waits for a client. */
struct instance {
    struct link_op op;
    struct platform_listener *s;
    HANDLE pipe; /* INVALID_HANDLE_VALUE: the listener was closed */
};

struct platform_listener {
    struct platform_hub *h;
    struct platform_listener *next;
    platform_link_accept_h *accept;
    void *arg;
    WCHAR *place;
    HANDLE claim; /* an object named after the place, which one listener can have */
    SECURITY_ATTRIBUTES security;
    SECURITY_DESCRIPTOR descriptor;
    ACL *acl;
    bool closed;      /* h->lock, as all of these */
    unsigned waiting; /* instances whose answer is not there yet */
    bool in_close;    /* platform_listener_close has yet to return */
    struct instance instancev[INSTANCES];
};

/* ---- who somebody is */

union sid {
    TOKEN_USER user;
    SID sid;
    unsigned char bytes[sizeof(TOKEN_USER) + SID_BYTES_MAX];
};

static PSID token_sid(HANDLE token, union sid *out)
{
    DWORD n;

    return GetTokenInformation(token, TokenUser, out, sizeof(*out), &n) ? out->user.User.Sid : NULL;
}

static PSID process_sid(HANDLE process, union sid *out)
{
    HANDLE token;
    PSID sid;

    if (!OpenProcessToken(process, TOKEN_QUERY, &token))
        return NULL;
    sid = token_sid(token, out);
    (void)CloseHandle(token);
    return sid;
}

static void peer_of(HANDLE pipe, bool server, struct platform_peer *peer)
{
    union sid mine, theirs;
    ULONG pid = 0;
    PSID a, b = NULL;
    HANDLE process;

    memset(peer, 0, sizeof(*peer));
    if (!(server ? GetNamedPipeClientProcessId(pipe, &pid) : GetNamedPipeServerProcessId(pipe, &pid)) || pid == 0)
        return;
    peer->pid = pid;
    if (pid == GetCurrentProcessId()) {
        peer->known = peer->same_user = peer->trusted = true;
        return;
    }
    process = OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, FALSE, pid);
    if (!process)
        return;
    a = process_sid(GetCurrentProcess(), &mine);
    b = process_sid(process, &theirs);
    (void)CloseHandle(process);
    peer->known = a && b;
    peer->same_user = a && b && EqualSid(a, b);
    peer->trusted = peer->same_user;
}

/* Whether the pipe was made by the system or an administrator, whose processes may not be looked into. */
static bool is_of_system(HANDLE pipe)
{
    union {
        SECURITY_DESCRIPTOR descriptor;
        unsigned char bytes[sizeof(SECURITY_DESCRIPTOR) + SID_BYTES_MAX];
    } u;
    DWORD n;
    PSID owner = NULL;
    BOOL defaulted;

    return GetKernelObjectSecurity(pipe, OWNER_SECURITY_INFORMATION, &u.descriptor, sizeof(u), &n) &&
           GetSecurityDescriptorOwner(&u.descriptor, &owner, &defaulted) && owner &&
           (IsWellKnownSid(owner, WinLocalSystemSid) || IsWellKnownSid(owner, WinBuiltinAdministratorsSid));
}

/* ---- listeners */

/* The current user alone, and the group if there is one; who is in it cannot make pipes of that name. */
static int security_make(struct platform_listener *s, const char *group)
{
    const DWORD size = sizeof(ACL) + 2 * (sizeof(ACCESS_ALLOWED_ACE) + SID_BYTES_MAX);
    unsigned char group_sid[SID_BYTES_MAX];
    union sid mine;
    PSID sid = process_sid(GetCurrentProcess(), &mine);

    s->acl = calloc(1, size);
    if (!s->acl)
        return ENOMEM;
    if (!sid || !InitializeAcl(s->acl, size, ACL_REVISION) ||
        !AddAccessAllowedAce(s->acl, ACL_REVISION, FILE_ALL_ACCESS, sid))
        return EIO;
    if (group) {
        WCHAR *name = win_wide(group), domain[256];
        DWORD n = sizeof(group_sid), domain_n = sizeof(domain) / sizeof(domain[0]);
        SID_NAME_USE use;
        bool found;

        if (!name)
            return ENOMEM;
        found = LookupAccountNameW(NULL, name, group_sid, &n, domain, &domain_n, &use);
        free(name);
        if (!found)
            return EINVAL;
        if (!AddAccessAllowedAce(s->acl, ACL_REVISION,
                                 (FILE_GENERIC_READ | FILE_GENERIC_WRITE) & ~(DWORD)FILE_CREATE_PIPE_INSTANCE,
                                 group_sid))
            return EIO;
    }
    if (!InitializeSecurityDescriptor(&s->descriptor, SECURITY_DESCRIPTOR_REVISION) ||
        !SetSecurityDescriptorDacl(&s->descriptor, TRUE, s->acl, FALSE))
        return EIO;
    s->security.nLength = sizeof(s->security);
    s->security.lpSecurityDescriptor = &s->descriptor;
    return 0;
}

/* Wine (8.0) lets anybody make a pipe of a name that is in use, whatever is asked for: so the name is claimed by an
 * object of its own as well, which goes with the process. */
static int claim_make(struct platform_listener *s, const char *place)
{
    char name[300];
    WCHAR *wide;
    DWORD error;
    int n = snprintf(name, sizeof(name), "Global\\tapi_shim-listens-%s", place + PREFIX_LEN);

    if (n < 0 || (size_t)n >= sizeof(name))
        return ENAMETOOLONG;
    /* Names of pipes are the same in upper and lower case. */
    for (char *p = name + strlen("Global\\"); *p; p++) {
        if (*p == '\\')
            *p = '/';
        else if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p - 'A' + 'a');
    }
    wide = win_wide(name);
    if (!wide)
        return ENOMEM;
    s->claim = CreateEventW(NULL, TRUE, FALSE, wide);
    error = GetLastError();
    free(wide);
    if (s->claim)
        return error == ERROR_ALREADY_EXISTS ? EADDRINUSE : 0;
    return error == ERROR_ACCESS_DENIED || error == ERROR_INVALID_HANDLE ? EADDRINUSE : win_errno(error);
}

static void listener_free(struct platform_listener *s)
{
    if (s->claim)
        (void)CloseHandle(s->claim);
    free(s->acl);
    free(s->place);
    free(s);
}

/* Makes a pipe and lets it wait for a client; with the first nobody else may have the name. h->lock is held. */
static int instance_begin(struct platform_listener *s, struct instance *in, bool first)
{
    DWORD error;
    HANDLE pipe = CreateNamedPipeW(
        s->place, PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED | (first ? FILE_FLAG_FIRST_PIPE_INSTANCE : 0),
        PIPE_TYPE_BYTE | PIPE_READMODE_BYTE | PIPE_WAIT | PIPE_REJECT_REMOTE_CLIENTS, PIPE_UNLIMITED_INSTANCES,
        LINK_PIPE_BYTES, LINK_PIPE_BYTES, 0, &s->security);

    if (pipe == INVALID_HANDLE_VALUE) {
        error = GetLastError();
        if (first && (error == ERROR_ACCESS_DENIED || error == ERROR_PIPE_BUSY || error == ERROR_ALREADY_EXISTS))
            return EADDRINUSE;
        return error == ERROR_INVALID_NAME ? EINVAL : win_errno(error);
    }
    memset(&in->op.ov, 0, sizeof(in->op.ov));
    if (!CreateIoCompletionPort(pipe, s->h->port, 1, 0)) {
        (void)CloseHandle(pipe);
        return ENOMEM;
    }
    in->pipe = pipe;
    s->waiting++;
    s->h->instances++;
    if (!ConnectNamedPipe(pipe, &in->op.ov)) {
        error = GetLastError();
        /* A client was faster, or has come and gone: no answer will come of itself. */
        if (error != ERROR_IO_PENDING && !PostQueuedCompletionStatus(s->h->port, 0, 1, &in->op.ov)) {
            s->waiting--;
            s->h->instances--;
            in->pipe = INVALID_HANDLE_VALUE;
            (void)CloseHandle(pipe);
            return ENOMEM;
        }
    }
    return 0;
}

static void instance_done(struct link_op *op, DWORD bytes, DWORD error)
{
    struct instance *in = op->owner;
    struct platform_listener *s = in->s;
    struct platform_hub *h = s->h;
    struct platform_link *l = NULL;
    struct platform_peer peer;
    bool last;
    HANDLE pipe;

    (void)bytes;
    platform_mutex_lock(&h->lock);
    pipe = in->pipe;
    in->pipe = INVALID_HANDLE_VALUE;
    s->waiting--;
    h->instances--;
    if (!s->closed) {
        /* Without memory those that are left go on; with none left the listener is deaf, which is worth a line. */
        if (instance_begin(s, in, false) && s->waiting == 0)
            platform_log(PLATFORM_LOG_ERROR, "no pipe can be made for the next client");
        h->accepting = s;
    }
    platform_mutex_unlock(&h->lock);

    if (pipe != INVALID_HANDLE_VALUE) {
        if (error) {
            (void)CloseHandle(pipe);
        } else {
            peer_of(pipe, true, &peer);
            if (link_make(h, pipe, &peer, &l) == 0)
                s->accept(l, s->arg);
        }
    }
    platform_mutex_lock(&h->lock);
    if (h->accepting == s)
        h->accepting = NULL;
    platform_cond_broadcast(&h->accepted);
    last = s->closed && s->waiting == 0 && !s->in_close;
    platform_mutex_unlock(&h->lock);
    if (last)
        listener_free(s);
}

int platform_listen(struct platform_hub *h, const char *place, const char *group, platform_link_accept_h *accept,
                    void *arg, struct platform_listener **lp)
{
    struct platform_listener *s;
    int err;

    if (!place || strncmp(place, prefix, PREFIX_LEN) != 0 || !place[PREFIX_LEN])
        return EINVAL;
    if (strlen(place) > PLACE_MAX)
        return ENAMETOOLONG;
    s = calloc(1, sizeof(*s));
    if (!s)
        return ENOMEM;
    s->h = h;
    s->accept = accept;
    s->arg = arg;
    for (int i = 0; i < INSTANCES; i++) {
        s->instancev[i].op.owner = &s->instancev[i];
        s->instancev[i].op.doneh = instance_done;
        s->instancev[i].s = s;
        s->instancev[i].pipe = INVALID_HANDLE_VALUE;
    }
    s->place = win_wide(place);
    err = s->place ? security_make(s, group) : ENOMEM;
    if (!err)
        err = claim_make(s, place);
    if (err) {
        listener_free(s);
        return err;
    }
    platform_mutex_lock(&h->lock);
    err = h->ending ? ECANCELED : instance_begin(s, &s->instancev[0], true);
    if (!err) {
        /* More of them only so that clients who come at once need not wait. */
        for (int i = 1; i < INSTANCES; i++)
            if (instance_begin(s, &s->instancev[i], false))
                break;
        s->next = h->listeners;
        h->listeners = s;
        *lp = s;
    }
    platform_mutex_unlock(&h->lock);
    if (err)
        listener_free(s);
    return err;
}

int platform_listen_inherited(struct platform_hub *h, const char *group, platform_link_accept_h *accept, void *arg,
                              struct platform_listener **lp)
{
    (void)h;
    (void)group;
    (void)accept;
    (void)arg;
    (void)lp;
    return ENOTSUP;
}

void platform_listener_close(struct platform_listener *s)
{
    struct platform_hub *h;
    bool last;

    if (!s)
        return;
    h = s->h;
    platform_mutex_lock(&h->lock);
    for (struct platform_listener **p = &h->listeners; *p; p = &(*p)->next) {
        if (*p == s) {
            *p = s->next;
            break;
        }
    }
    s->closed = true;
    s->in_close = true;
    for (int i = 0; i < INSTANCES; i++) {
        struct instance *in = &s->instancev[i];

        if (in->pipe == INVALID_HANDLE_VALUE)
            continue;
        (void)CancelIoEx(in->pipe, &in->op.ov);
        (void)CloseHandle(in->pipe);
        in->pipe = INVALID_HANDLE_VALUE;
    }
    if (s->claim)
        (void)CloseHandle(s->claim);
    s->claim = NULL;
    while (h->accepting == s && h->thread_id != platform_thread_id())
        platform_cond_wait(&h->accepted, &h->lock);
    s->in_close = false;
    /* From within accept the one that runs it frees. */
    last = s->waiting == 0 && h->accepting != s;
    platform_mutex_unlock(&h->lock);
    if (last)
        listener_free(s);
}

/* ---- connecting */

int platform_connect(struct platform_hub *h, const char *place, struct platform_link **lp)
{
    const uint64_t end = platform_mono_ms() + CONNECT_WAIT_MS;
    struct platform_peer peer;
    HANDLE pipe;
    DWORD error;
    WCHAR *wide;

    if (!place || strncmp(place, prefix, PREFIX_LEN) != 0 || !place[PREFIX_LEN])
        return EINVAL;
    if (strlen(place) > PLACE_MAX)
        return ENAMETOOLONG;
    wide = win_wide(place);
    if (!wide)
        return ENOMEM;
    for (;;) {
        uint64_t now;

        /* Who listens there may know who we are, and no more than that. */
        pipe = CreateFileW(wide, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING,
                           FILE_FLAG_OVERLAPPED | SECURITY_SQOS_PRESENT | SECURITY_IDENTIFICATION, NULL);
        error = pipe == INVALID_HANDLE_VALUE ? GetLastError() : 0;
        now = platform_mono_ms();
        if (error != ERROR_PIPE_BUSY || now >= end)
            break;
        (void)WaitNamedPipeW(wide, (DWORD)(end - now));
    }
    free(wide);
    if (error)
        return error == ERROR_PIPE_BUSY ? EBUSY : win_errno(error);
    peer_of(pipe, false, &peer);
    if (!peer.same_user && !is_of_system(pipe)) {
        (void)CloseHandle(pipe);
        return EACCES;
    }
    if (!CreateIoCompletionPort(pipe, h->port, 1, 0)) {
        (void)CloseHandle(pipe);
        return ENOMEM;
    }
    return link_make(h, pipe, &peer, lp);
}

void platform_service_place(char *place, size_t size)
{
    union sid mine;
    PSID sid;
    char text[16 + SID_MAX_SUB_AUTHORITIES * 11], suffix[16];
    int n;

    if (platform_env("TAPI_SHIM_SOCKET", place, size) != ENOENT)
        return;
    sid = process_sid(GetCurrentProcess(), &mine);
    n = snprintf(text, sizeof(text), "S-1-%u", sid ? (unsigned)GetSidIdentifierAuthority(sid)->Value[5] : 0U);
    for (DWORD i = 0; sid && i < *GetSidSubAuthorityCount(sid); i++)
        n += snprintf(text + n, sizeof(text) - (size_t)n, "-%lu", *GetSidSubAuthority(sid, i));
    platform_place_suffix(suffix, sizeof(suffix), "");
    n = snprintf(place, size, "\\\\.\\pipe\\tapi_shim-%s%s", text, suffix);
    if (size > 0 && (n < 0 || (size_t)n >= size))
        place[0] = 0;
}
