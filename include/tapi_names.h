/*
 * tapi_names.h - plain function names as macros for the A or the W functions.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TAPI_NAMES_H
#define TAPI_NAMES_H

/* clang-format off */

#ifndef TAPI_CURRENT_VERSION
#define TAPI_CURRENT_VERSION 0x00020002
#endif

#ifdef UNICODE
#define TAPI_NAME_AW(name) name##W
#else
#define TAPI_NAME_AW(name) name##A
#endif

/* Below 2.0 these exist without a suffix too. */
#if defined(UNICODE) || (TAPI_CURRENT_VERSION >= 0x00020000)
#define lineAddProvider            TAPI_NAME_AW(lineAddProvider)
#define lineBlindTransfer          TAPI_NAME_AW(lineBlindTransfer)
#define lineConfigDialog           TAPI_NAME_AW(lineConfigDialog)
#define lineConfigDialogEdit       TAPI_NAME_AW(lineConfigDialogEdit)
#define lineDial                   TAPI_NAME_AW(lineDial)
#define lineGatherDigits           TAPI_NAME_AW(lineGatherDigits)
#define lineGenerateDigits         TAPI_NAME_AW(lineGenerateDigits)
#define lineGetAddressID           TAPI_NAME_AW(lineGetAddressID)
#define lineGetAppPriority         TAPI_NAME_AW(lineGetAppPriority)
#define lineGetDevConfig           TAPI_NAME_AW(lineGetDevConfig)
#define lineGetIcon                TAPI_NAME_AW(lineGetIcon)
#define lineGetID                  TAPI_NAME_AW(lineGetID)
#define lineHandoff                TAPI_NAME_AW(lineHandoff)
#define lineMakeCall               TAPI_NAME_AW(lineMakeCall)
#define linePark                   TAPI_NAME_AW(linePark)
#define linePickup                 TAPI_NAME_AW(linePickup)
#define lineRedirect               TAPI_NAME_AW(lineRedirect)
#define lineSetAppPriority         TAPI_NAME_AW(lineSetAppPriority)
#define lineSetDevConfig           TAPI_NAME_AW(lineSetDevConfig)
#define lineSetTollList            TAPI_NAME_AW(lineSetTollList)
#define lineTranslateAddress       TAPI_NAME_AW(lineTranslateAddress)
#define lineTranslateDialog        TAPI_NAME_AW(lineTranslateDialog)
#define lineUnpark                 TAPI_NAME_AW(lineUnpark)
#define phoneConfigDialog          TAPI_NAME_AW(phoneConfigDialog)
#define phoneGetIcon               TAPI_NAME_AW(phoneGetIcon)
#define phoneGetID                 TAPI_NAME_AW(phoneGetID)
#define tapiGetLocationInfo        TAPI_NAME_AW(tapiGetLocationInfo)
#define tapiRequestMakeCall        TAPI_NAME_AW(tapiRequestMakeCall)
#define tapiRequestMediaCall       TAPI_NAME_AW(tapiRequestMediaCall)
#endif

#define lineCreateAgent            TAPI_NAME_AW(lineCreateAgent)
#define lineCreateAgentSession     TAPI_NAME_AW(lineCreateAgentSession)
#define lineForward                TAPI_NAME_AW(lineForward)
#define lineGetAddressCaps         TAPI_NAME_AW(lineGetAddressCaps)
#define lineGetAddressStatus       TAPI_NAME_AW(lineGetAddressStatus)
#define lineGetAgentActivityList   TAPI_NAME_AW(lineGetAgentActivityList)
#define lineGetAgentCaps           TAPI_NAME_AW(lineGetAgentCaps)
#define lineGetAgentGroupList      TAPI_NAME_AW(lineGetAgentGroupList)
#define lineGetAgentStatus         TAPI_NAME_AW(lineGetAgentStatus)
#define lineGetCallInfo            TAPI_NAME_AW(lineGetCallInfo)
#define lineGetCountry             TAPI_NAME_AW(lineGetCountry)
#define lineGetDevCaps             TAPI_NAME_AW(lineGetDevCaps)
#define lineGetGroupList           TAPI_NAME_AW(lineGetGroupList)
#define lineGetLineDevStatus       TAPI_NAME_AW(lineGetLineDevStatus)
#define lineGetProviderList        TAPI_NAME_AW(lineGetProviderList)
#define lineGetQueueList           TAPI_NAME_AW(lineGetQueueList)
#define lineGetRequest             TAPI_NAME_AW(lineGetRequest)
#define lineGetTranslateCaps       TAPI_NAME_AW(lineGetTranslateCaps)
#define lineInitializeEx           TAPI_NAME_AW(lineInitializeEx)
#define lineOpen                   TAPI_NAME_AW(lineOpen)
#define linePrepareAddToConference TAPI_NAME_AW(linePrepareAddToConference)
#define lineSetupConference        TAPI_NAME_AW(lineSetupConference)
#define lineSetupTransfer          TAPI_NAME_AW(lineSetupTransfer)
#define phoneGetButtonInfo         TAPI_NAME_AW(phoneGetButtonInfo)
#define phoneGetDevCaps            TAPI_NAME_AW(phoneGetDevCaps)
#define phoneGetStatus             TAPI_NAME_AW(phoneGetStatus)
#define phoneInitializeEx          TAPI_NAME_AW(phoneInitializeEx)
#define phoneSetButtonInfo         TAPI_NAME_AW(phoneSetButtonInfo)

#endif
