/* What differs between versions of TSPI. SPDX-License-Identifier: MIT */
#include "tsp/tspi/state.h"

static const DWORD versionv[] = {0x00010003, 0x00010004, 0x00020000, 0x00020001, 0x00020002};
enum { VERSIONC = sizeof versionv / sizeof *versionv };

DWORD tspi_version_of(DWORD low, DWORD high)
{
    for (int i = VERSIONC; i-- > 0;) {
        if (versionv[i] >= low && versionv[i] <= high)
            return versionv[i];
    }
    return 0;
}

bool tspi_version_known(DWORD version)
{
    return tspi_version_of(version, version) != 0;
}

uint32_t tspi_disconnect_of(DWORD version, uint32_t mode)
{
    if (version >= 0x00020000 || mode <= LINEDISCONNECTMODE_UNAVAIL)
        return mode;
    if (mode == LINEDISCONNECTMODE_NODIALTONE && version >= 0x00010004)
        return mode;
    return mode == LINEDISCONNECTMODE_CANCELLED ? LINEDISCONNECTMODE_NORMAL : LINEDISCONNECTMODE_UNKNOWN;
}

/* Offering and connected modes came with 1.4: before, dwParam2 of those states is 0. */
uint32_t tspi_mode_of(DWORD version, uint32_t state, uint32_t mode)
{
    if (version >= 0x00020000)
        return mode;
    if (state == LINECALLSTATE_CONNECTED && version >= 0x00010004 && mode) /* HELD came with 2.0 */
        return mode & (LINECONNECTEDMODE_INACTIVE | LINECONNECTEDMODE_INACTIVEHELD) ? LINECONNECTEDMODE_INACTIVE
                                                                                    : LINECONNECTEDMODE_ACTIVE;
    if (state == LINECALLSTATE_DISCONNECTED)
        return tspi_disconnect_of(version, mode);
    if (version < 0x00010004 && (state == LINECALLSTATE_OFFERING || state == LINECALLSTATE_CONNECTED))
        return 0;
    return mode;
}

uint32_t tspi_call_features_of(DWORD version, uint32_t features)
{
    if (version < 0x00010004)
        features &= ~(uint32_t)LINECALLFEATURE_RELEASEUSERUSERINFO;
    if (version < 0x00020000)
        features &= ~(uint32_t)(LINECALLFEATURE_SETTREATMENT | LINECALLFEATURE_SETQOS | LINECALLFEATURE_SETCALLDATA);
    return features;
}

uint32_t tspi_address_features_of(DWORD version, uint32_t features)
{
    if (version < 0x00020000)
        return features & ~(uint32_t)(LINEADDRFEATURE_FORWARDFWD | LINEADDRFEATURE_FORWARDDND);
    if (features & LINEADDRFEATURE_PICKUP)
        features |= LINEADDRFEATURE_PICKUPGROUP | LINEADDRFEATURE_PICKUPDIRECT | LINEADDRFEATURE_PICKUPWAITING;
    return features;
}

uint32_t tspi_line_features_of(DWORD version, uint32_t features)
{
    return version >= 0x00020000
               ? features
               : features & ~(uint32_t)(LINEFEATURE_FORWARDFWD | LINEFEATURE_FORWARDDND | LINEFEATURE_SETDEVSTATUS);
}
