/* Terminals of a line: what they are, and TSPI_lineSetTerminal. SPDX-License-Identifier: MIT */
#include "tsp/tspi/extra.h"
#include "tsp/tspi/phone.h"

#include <string.h>

#define SAME(name)                                                                                                     \
    _Static_assert((DWORD)SESSION_TERM_##name == (DWORD)LINETERMMODE_##name, #name " differs from TAPI")
SAME(BUTTONS);
SAME(LAMPS);
SAME(DISPLAY);
SAME(RINGER);
SAME(HOOKSWITCH);
SAME(MEDIATOLINE);
SAME(MEDIAFROMLINE);
#undef SAME

enum { TEXT_UNITS = 14 }; /* of each terminal's text, terminator included */

static const struct {
    DWORD dev;
    char text[TEXT_UNITS];
} terminalv[SESSION_TERMINALS] = {
    [SESSION_TERMINAL_SET] = {LINETERMDEV_PHONE, "Telephone set"},
    [SESSION_TERMINAL_HEADSET] = {LINETERMDEV_HEADSET, "Headset"},
    [SESSION_TERMINAL_SPEAKER] = {LINETERMDEV_SPEAKER, "Speakerphone"},
};

void tspi_fill_terminals(struct fill *f, LINEDEVCAPS *caps)
{
    LINETERMCAPS capv[SESSION_TERMINALS];
    uint16_t textv[SESSION_TERMINALS][TEXT_UNITS];

    for (uint32_t i = 0; i < SESSION_TERMINALS; i++) {
        capv[i].dwTermDev = terminalv[i].dev;
        capv[i].dwTermModes = session_terminal_modes(i);
        capv[i].dwTermSharing = LINETERMSHARING_PRIVATE;
        for (int k = 0; k < TEXT_UNITS; k++)
            textv[i][k] = (uint16_t)terminalv[i].text[k];
    }
    caps->dwNumTerminals = SESSION_TERMINALS;
    caps->dwTerminalTextEntrySize = sizeof textv[0];
    FILL_PART(f, LINEDEVCAPS, dwTerminalCaps, capv, sizeof capv);
    FILL_PART(f, LINEDEVCAPS, dwTerminalText, textv, sizeof textv);
}

void tspi_fill_routes(struct fill *f, size_t size_at, size_t offset_at, const uint8_t *termv)
{
    DWORD modev[SESSION_TERMINALS];

    for (int i = 0; i < SESSION_TERMINALS; i++)
        modev[i] = termv ? termv[i] : 0;
    fill_part(f, size_at, offset_at, modev, sizeof modev);
}

/**
 * Routes events and media to a terminal, or takes them away from it: for a call, or for a line or address with all its
 * calls, those that are there and those to come. The telephone set obeys: without RINGER it does not ring, without LAMPS
 * and DISPLAY it shows nothing new, without BUTTONS and HOOKSWITCH it does nothing. Where sound goes is only kept: what
 * is beyond the line is not the exchange's.
 * @return `dwRequestID`, INVALPARAM (a request id that is none), INVALCALLSELECT, INVALLINEHANDLE, INVALADDRESSID,
 *         INVALCALLHANDLE, INVALTERMINALID, INVALTERMINALMODE (none, or one that the terminal does not have), NOMEM.
 * Thread: any. Source: TSPI_lineSetTerminal.
 */
LONG TSPIAPI TSPI_lineSetTerminal(DRV_REQUESTID dwRequestID, HDRVLINE hdLine, DWORD dwAddressID, HDRVCALL hdCall,
                                  DWORD dwSelect, DWORD dwTerminalModes, DWORD dwTerminalID, DWORD bEnable)
{
    struct session_in in = {.type = SESSION_IN_OP, .u.op = {.op = SESSION_OP_SETTERMINAL, .request = dwRequestID}};
    struct session_route route = {dwTerminalID, dwTerminalModes, bEnable != 0};
    const struct session_info *info;
    enum session_err err;
    LONG result;

    if (!tspi_request_ok(dwRequestID))
        return (LONG)LINEERR_INVALPARAM;
    result = tspi_select_enter(hdLine, dwAddressID, hdCall, dwSelect, &in.u.op);
    if (result)
        return result;
    if (dwTerminalID >= SESSION_TERMINALS)
        result = (LONG)LINEERR_INVALTERMINALID;
    else if (!dwTerminalModes || dwTerminalModes & ~session_terminal_modes(dwTerminalID))
        result = (LONG)LINEERR_INVALTERMINALMODE;
    if (result) {
        tspi_exit();
        return result;
    }
    in.u.op.route = &route;
    err = tspi_step(&in, NULL);
    info = session_get(tspi.core, in.u.op.session);
    if (!err)
        tspi_phone_check(info ? info->line : in.u.op.line);
    tspi_leave();
    return tspi_request_result(dwRequestID, err);
}
