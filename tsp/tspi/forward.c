/* TSPI functions on lines beside their calls: forwarding, call completion, status. SPDX-License-Identifier: MIT */
#include "tsp/tspi/forward.h"

#include <stdlib.h>
#include <string.h>

/* The members behind these came with 3.1, later than any version here: entries follow each other without them. */
enum { ENTRY_SIZE = FILL_UPTO(LINEFORWARD, dwDestAddressOffset), HEAD_SIZE = offsetof(LINEFORWARDLIST, ForwardList) };

/* ---- forwarding -------------------------------------------------------------------------------------------------- */

enum { TEXT_BYTES_MAX = 2 * 512 }; /* no number is longer, with all that may be written in between */

/* One text of the list, `size` bytes at `offset`, both from outside, as UTF-8 at `*at`, which moves on. */
static LONG entry_text(const unsigned char *list, uint32_t size, uint32_t offset, char **at, const char **out,
                       size_t *lenp)
{
    uint16_t units[TEXT_BYTES_MAX / 2];
    struct tspi_text text;

    if (!size)
        return 0;
    memcpy(units, list + offset, size);
    if (!tspi_text_from(&text, (const WCHAR *)units, size / sizeof *units))
        return (LONG)LINEERR_INVALADDRESS;
    memcpy(*at, text.text, text.len);
    *out = *at;
    *lenp = text.len;
    *at += text.len;
    return 0;
}

/* Whether a text lies in the list; `*room` grows by what it takes as UTF-8. */
static LONG text_check(uint32_t total, uint32_t size, uint32_t offset, size_t *room)
{
    if (!size)
        return 0;
    if (offset < HEAD_SIZE || offset > total || size > total - offset)
        return (LONG)LINEERR_INVALPARAM;
    if (size % sizeof(uint16_t) || size > TEXT_BYTES_MAX)
        return (LONG)LINEERR_INVALADDRESS;
    *room += size / sizeof(uint16_t) * 3;
    return 0;
}

static void *mem_alloc(size_t size)
{
    return tspi.mem.alloc ? tspi.mem.alloc(size, tspi.mem.arg) : calloc(1, size);
}

static void mem_free(void *p)
{
    if (tspi.mem.free)
        tspi.mem.free(p, tspi.mem.arg);
    else
        free(p);
}

/* All entries of a list; the core checks what they say. `*roomp` has their texts and is to be freed. */
static LONG entries(const LINEFORWARDLIST *list, struct session_forward *entryv, uint32_t *countp, char **roomp)
{
    const unsigned char *bytes = (const unsigned char *)list;
    LINEFORWARD f[SESSION_FORWARD_MAX];
    uint32_t total, count;
    size_t size = 1;
    LONG result = 0;
    char *at;

    if (!list)
        return 0;
    memcpy(&total, bytes + offsetof(LINEFORWARDLIST, dwTotalSize), sizeof total);
    if (total < HEAD_SIZE)
        return (LONG)LINEERR_STRUCTURETOOSMALL;
    memcpy(&count, bytes + offsetof(LINEFORWARDLIST, dwNumEntries), sizeof count);
    if (count > (total - HEAD_SIZE) / ENTRY_SIZE)
        return (LONG)LINEERR_STRUCTURETOOSMALL;
    if (count > SESSION_FORWARD_MAX)
        return (LONG)LINEERR_INVALPARAM;
    for (uint32_t i = 0; i < count && !result; i++) {
        memcpy(&f[i], bytes + HEAD_SIZE + (size_t)i * ENTRY_SIZE, ENTRY_SIZE);
        if (!(f[i].dwForwardMode & SESSION_FORWARD_SPECIFIC))
            f[i].dwCallerAddressSize = 0;
        result = text_check(total, f[i].dwCallerAddressSize, f[i].dwCallerAddressOffset, &size);
        if (!result)
            result = text_check(total, f[i].dwDestAddressSize, f[i].dwDestAddressOffset, &size);
    }
    if (result || !count)
        return result;
    at = *roomp = mem_alloc(size);
    if (!at)
        return (LONG)LINEERR_NOMEM;
    for (uint32_t i = 0; i < count && !result; i++) {
        struct session_forward *e = &entryv[i];

        memset(e, 0, sizeof *e);
        e->mode = f[i].dwForwardMode;
        e->country = f[i].dwDestCountryCode;
        result =
            entry_text(bytes, f[i].dwCallerAddressSize, f[i].dwCallerAddressOffset, &at, &e->caller, &e->caller_len);
        if (!result)
            result = entry_text(bytes, f[i].dwDestAddressSize, f[i].dwDestAddressOffset, &at, &e->dest, &e->dest_len);
    }
    *countp = count;
    return result;
}

/**
 * Sets all forwarding of an address, or of all (`bAllAddresses`), in place of what there was; NULL or an empty list
 * cancels it. No call is needed for that, so `*lphdConsultCall` is NULL and `lpCallParams` not looked at. An entry
 * without a destination is "do not disturb".
 * @param dwNumRingsNoAnswer  1 to 20; what is outside is the nearest of them
 * @return `dwRequestID`, INVALPARAM (also: a mode that is none or several, the same one twice, too many entries, a text
 *         that lies outside), STRUCTURETOOSMALL (the entries are not in the list), INVALLINEHANDLE, INVALADDRESSID,
 *         INVALADDRESS (also in the completion: no such number, or the address itself), DIAL..., NOMEM,
 *         RESOURCEUNAVAIL. Thread: any. Source: TSPI_lineForward, LINEFORWARDLIST.
 */
LONG TSPIAPI TSPI_lineForward(DRV_REQUESTID dwRequestID, HDRVLINE hdLine, DWORD bAllAddresses, DWORD dwAddressID,
                              LPLINEFORWARDLIST const lpForwardList, DWORD dwNumRingsNoAnswer, HTAPICALL htConsultCall,
                              LPHDRVCALL lphdConsultCall, LPLINECALLPARAMS const lpCallParams)
{
    struct session_in in = {.type = SESSION_IN_OP};
    struct session_forward entryv[SESSION_FORWARD_MAX];
    char *room = NULL;
    enum session_err err;
    LONG result;

    (void)htConsultCall;
    (void)lpCallParams;
    if (!tspi_request_ok(dwRequestID))
        return (LONG)LINEERR_INVALPARAM;
    result = tspi_enter_line(hdLine, &in.u.op.line);
    if (result)
        return result;
    if (!bAllAddresses && dwAddressID >= session_address_count(tspi.core, in.u.op.line))
        result = (LONG)LINEERR_INVALADDRESSID;
    else
        result = entries(lpForwardList, entryv, &in.u.op.forwardc, &room);
    if (result) {
        mem_free(room);
        tspi_exit();
        return result;
    }
    if (lphdConsultCall)
        *lphdConsultCall = NULL;
    in.u.op.op = SESSION_OP_FORWARD;
    in.u.op.request = dwRequestID;
    in.u.op.address = bAllAddresses ? SESSION_ADDRESS_ALL : dwAddressID;
    in.u.op.forwardv = entryv;
    in.u.op.value = dwNumRingsNoAnswer;
    err = tspi_step(&in, NULL);
    mem_free(room);
    tspi_leave();
    return tspi_request_result(dwRequestID, err);
}

void tspi_fill_forwards(struct fill *f, LINEADDRESSSTATUS *s, const struct session_forwards *forwards)
{
    unsigned char *part;
    size_t size, at;

    s->dwNumRingsNoAnswer = forwards ? forwards->rings : 0;
    s->dwForwardNumEntries = forwards ? forwards->count : 0;
    if (!forwards) {
        FILL_PART(f, LINEADDRESSSTATUS, dwForward, NULL, 0);
        return;
    }
    at = size = forwards->count * (size_t)ENTRY_SIZE;
    for (uint32_t i = 0; i < forwards->count; i++) {
        const struct session_forward *e = &forwards->entryv[i];

        size += 2 * (e->caller_len + 1) * (e->caller_len > 0) + 2 * (e->dest_len + 1) * (e->dest_len > 0);
    }
    part = fill_part_begin(f, offsetof(LINEADDRESSSTATUS, dwForwardSize), offsetof(LINEADDRESSSTATUS, dwForwardOffset),
                           (uint32_t)size);
    if (!part) {
        s->dwForwardNumEntries = 0; /* there was no room */
        return;
    }
    for (uint32_t i = 0; i < forwards->count; i++) {
        const struct session_forward *e = &forwards->entryv[i];
        const char *textv[2] = {e->caller, e->dest};
        size_t lenv[2] = {e->caller_len, e->dest_len};
        DWORD entry[ENTRY_SIZE / sizeof(DWORD)] = {e->mode, 0, 0, e->country, 0, 0};

        for (size_t k = 0; k < 2; k++) {
            if (!lenv[k])
                continue;
            entry[k ? 4 : 1] = (DWORD)(2 * (lenv[k] + 1));
            entry[k ? 5 : 2] = s->dwForwardOffset + (DWORD)at;
            for (size_t c = 0; c <= lenv[k]; c++, at += 2) {
                uint16_t unit = (unsigned char)textv[k][c]; /* digits only */

                memcpy(part + at, &unit, sizeof unit);
            }
        }
        memcpy(part + i * (size_t)ENTRY_SIZE, entry, ENTRY_SIZE);
    }
}
_Static_assert(offsetof(LINEFORWARD, dwCallerAddressSize) == 4 && offsetof(LINEFORWARD, dwDestCountryCode) == 12 &&
                   offsetof(LINEFORWARD, dwDestAddressOffset) == 20,
               "layout");

/* ---- status ------------------------------------------------------------------------------------------------------ */

/**
 * Turns status bits of a line on or off: MSGWAIT, which the message lamp of its telephone shows as well, INSERVICE,
 * LOCKED. LINE_LINEDEVSTATE tells of those that change.
 * @return `dwRequestID`, INVALPARAM (a request id that is none; no bit, or one that does not exist), INVALLINESTATE
 *         (CONNECTED is not for applications to change), INVALLINEHANDLE, NOMEM, RESOURCEUNAVAIL.
 * Thread: any. Source: TSPI_lineSetLineDevStatus.
 */
LONG TSPIAPI TSPI_lineSetLineDevStatus(DRV_REQUESTID dwRequestID, HDRVLINE hdLine, DWORD dwStatusToChange,
                                       DWORD fStatus)
{
    struct session_in in = {.type = SESSION_IN_OP};
    enum session_err err;
    LONG result;

    if (!tspi_request_ok(dwRequestID))
        return (LONG)LINEERR_INVALPARAM;
    result = tspi_enter_line(hdLine, &in.u.op.line);
    if (result)
        return result;
    if (!dwStatusToChange || dwStatusToChange & ~(DWORD)(SESSION_STATUS_CONNECTED | SESSION_STATUS_SETTABLE)) {
        tspi_exit();
        return (LONG)LINEERR_INVALPARAM;
    }
    in.u.op.op = SESSION_OP_SETLINESTATUS;
    in.u.op.request = dwRequestID;
    in.u.op.value = dwStatusToChange;
    in.u.op.on = fStatus != 0;
    err = tspi_step(&in, NULL);
    tspi_leave();
    return tspi_request_result(dwRequestID, err);
}

/* ---- call completion --------------------------------------------------------------------------------------------- */

/**
 * Has a call that found its number busy, or rings there, completed in another way. CAMPON and CALLBACK: it becomes
 * IDLE, and when there is room at the number for a call (CAMPON), or it is at rest (CALLBACK), a call is offered to
 * this line, reason CALLCOMPLETION, that calls the number when it is answered. INTRUDE: it is CONNECTED, with those who
 * talk at the number. MESSAGE: it becomes IDLE, and a message waits at the number's line. `*lpdwCompletionID` is
 * written before the completion; of INTRUDE and MESSAGE it is of no use afterwards.
 * @param dwMessageID  MESSAGE: below dwNumCompletionMessages
 * @return `dwRequestID`, INVALPARAM, INVALPOINTER, INVALCALLCOMPLMODE, INVALMESSAGEID, COMPLETIONOVERRUN,
 *         INVALCALLHANDLE, INVALCALLSTATE (also in the completion: CAMPON and INTRUDE need BUSY), NOMEM,
 *         RESOURCEUNAVAIL; OPERATIONFAILED in the completion (the number is no telephone; nobody talks there).
 * Thread: any. Source: TSPI_lineCompleteCall.
 */
LONG TSPIAPI TSPI_lineCompleteCall(DRV_REQUESTID dwRequestID, HDRVCALL hdCall, LPDWORD lpdwCompletionID,
                                   DWORD dwCompletionMode, DWORD dwMessageID)
{
    struct session_in in = {.type = SESSION_IN_OP};
    uint32_t idv[2] = {0, 0};
    enum session_err err;
    LONG result;

    if (!lpdwCompletionID)
        return (LONG)LINEERR_INVALPOINTER;
    if (!tspi_request_ok(dwRequestID))
        return (LONG)LINEERR_INVALPARAM;
    result = tspi_enter_call(hdCall, &in.u.op.session);
    if (result)
        return result;
    in.u.op.op = SESSION_OP_COMPLETECALL;
    in.u.op.request = dwRequestID;
    in.u.op.value = dwCompletionMode;
    in.u.op.message = dwMessageID;
    err = tspi_step(&in, idv);
    if (!err)
        *lpdwCompletionID = idv[0];
    tspi_leave();
    return tspi_request_result(dwRequestID, err);
}

/**
 * Takes a completion back that is still under way.
 * @return `dwRequestID`, INVALPARAM, INVALLINEHANDLE, INVALCOMPLETIONID (not of this line, or over), NOMEM,
 *         RESOURCEUNAVAIL. Thread: any. Source: TSPI_lineUncompleteCall.
 */
LONG TSPIAPI TSPI_lineUncompleteCall(DRV_REQUESTID dwRequestID, HDRVLINE hdLine, DWORD dwCompletionID)
{
    struct session_in in = {.type = SESSION_IN_OP};
    enum session_err err;
    LONG result;

    if (!tspi_request_ok(dwRequestID))
        return (LONG)LINEERR_INVALPARAM;
    result = tspi_enter_line(hdLine, &in.u.op.line);
    if (result)
        return result;
    in.u.op.op = SESSION_OP_UNCOMPLETECALL;
    in.u.op.request = dwRequestID;
    in.u.op.completion = dwCompletionID;
    err = tspi_step(&in, NULL);
    tspi_leave();
    return tspi_request_result(dwRequestID, err);
}

void tspi_fill_completion(struct fill *f, LINEADDRESSCAPS *caps)
{
    uint16_t text[SESSION_MESSAGES][TSPI_MESSAGE_UNITS];

    memset(text, 0, sizeof text);
    for (uint32_t i = 0; i < SESSION_MESSAGES; i++) {
        const char *message = session_message_text(i);

        for (size_t c = 0; c < TSPI_MESSAGE_UNITS - 1 && message[c]; c++)
            text[i][c] = (unsigned char)message[c];
    }
    caps->dwForwardModes = SESSION_FORWARD_ALL;
    caps->dwMaxForwardEntries = SESSION_FORWARD_MAX;
    caps->dwMaxSpecificEntries = SESSION_FORWARD_SPECIFIC_MAX;
    caps->dwMinFwdNumRings = SESSION_FORWARD_RINGS_MIN;
    caps->dwMaxFwdNumRings = SESSION_FORWARD_RINGS_MAX;
    caps->dwMaxCallCompletions = SESSION_COMPLETIONS_MAX;
    caps->dwCallCompletionConds = LINECALLCOMPLCOND_BUSY | LINECALLCOMPLCOND_NOANSWER;
    caps->dwCallCompletionModes = SESSION_COMPL_ALL;
    caps->dwNumCompletionMessages = SESSION_MESSAGES;
    caps->dwCompletionMsgTextEntrySize = sizeof text[0];
    FILL_PART(f, LINEADDRESSCAPS, dwCompletionMsgText, text, sizeof text);
}

uint32_t tspi_completion_features2(uint32_t modes)
{
    uint32_t features = 0;

    if (modes & SESSION_COMPL_CAMPON)
        features |= LINECALLFEATURE2_COMPLCAMPON;
    if (modes & SESSION_COMPL_CALLBACK)
        features |= LINECALLFEATURE2_COMPLCALLBACK;
    if (modes & SESSION_COMPL_INTRUDE)
        features |= LINECALLFEATURE2_COMPLINTRUDE;
    if (modes & SESSION_COMPL_MESSAGE)
        features |= LINECALLFEATURE2_COMPLMESSAGE;
    return features;
}

/* ---- both count alike -------------------------------------------------------------------------------------------- */

#define SAME(a, b) _Static_assert((DWORD)(a) == (DWORD)(b), #a)
SAME(SESSION_FORWARD_UNCOND, LINEFORWARDMODE_UNCOND);
SAME(SESSION_FORWARD_UNCOND << 1, LINEFORWARDMODE_UNCONDINTERNAL);
SAME(SESSION_FORWARD_UNCOND << 2, LINEFORWARDMODE_UNCONDEXTERNAL);
SAME(SESSION_FORWARD_UNCOND << 3, LINEFORWARDMODE_UNCONDSPECIFIC);
SAME(SESSION_FORWARD_BUSY, LINEFORWARDMODE_BUSY);
SAME(SESSION_FORWARD_BUSY << 3, LINEFORWARDMODE_BUSYSPECIFIC);
SAME(SESSION_FORWARD_NOANSW, LINEFORWARDMODE_NOANSW);
SAME(SESSION_FORWARD_NOANSW << 3, LINEFORWARDMODE_NOANSWSPECIFIC);
SAME(SESSION_FORWARD_BUSYNA, LINEFORWARDMODE_BUSYNA);
SAME(SESSION_FORWARD_BUSYNA << 3, LINEFORWARDMODE_BUSYNASPECIFIC);
SAME(SESSION_FORWARD_SPECIFIC, LINEFORWARDMODE_UNCONDSPECIFIC | LINEFORWARDMODE_BUSYSPECIFIC |
                                   LINEFORWARDMODE_NOANSWSPECIFIC | LINEFORWARDMODE_BUSYNASPECIFIC);
SAME(SESSION_COMPL_CAMPON, LINECALLCOMPLMODE_CAMPON);
SAME(SESSION_COMPL_CALLBACK, LINECALLCOMPLMODE_CALLBACK);
SAME(SESSION_COMPL_INTRUDE, LINECALLCOMPLMODE_INTRUDE);
SAME(SESSION_COMPL_MESSAGE, LINECALLCOMPLMODE_MESSAGE);
SAME(SESSION_STATUS_CONNECTED, LINEDEVSTATUSFLAGS_CONNECTED);
SAME(SESSION_STATUS_MSGWAIT, LINEDEVSTATUSFLAGS_MSGWAIT);
SAME(SESSION_STATUS_INSERVICE, LINEDEVSTATUSFLAGS_INSERVICE);
SAME(SESSION_STATUS_LOCKED, LINEDEVSTATUSFLAGS_LOCKED);
SAME(SESSION_INFO_COMPLETIONID, LINECALLINFOSTATE_COMPLETIONID);
SAME(SESSION_ADDR_FORWARD, LINEADDRESSSTATE_FORWARD);
SAME(SESSION_LINE_MSGWAITON, LINEDEVSTATE_MSGWAITON);
SAME(SESSION_LINE_MSGWAITOFF, LINEDEVSTATE_MSGWAITOFF);
SAME(SESSION_LINE_INSERVICE, LINEDEVSTATE_INSERVICE);
SAME(SESSION_LINE_OUTOFSERVICE, LINEDEVSTATE_OUTOFSERVICE);
SAME(SESSION_LINE_NUMCOMPLETIONS, LINEDEVSTATE_NUMCOMPLETIONS);
SAME(SESSION_LINE_LOCK, LINEDEVSTATE_LOCK);
SAME(SESSION_LINE_COMPLCANCEL, LINEDEVSTATE_COMPLCANCEL);
