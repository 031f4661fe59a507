/*
 * tapi_structs.h - structures of line and phone devices.
 *
 * SPDX-License-Identifier: MIT
 *
 * All are packed to bytes. Those that begin with dwTotalSize, dwNeededSize and dwUsedSize vary in size:
 * the caller fills dwTotalSize (bytes allocated), the callee the two others, and each field that varies is
 * found by a size and an offset, both in bytes, the offset from the start of the structure.
 *
 * The layout is that of the newest version, as SDK headers have it. How much of the fixed part exists
 * follows from the version that was negotiated: comments say with which one the members behind them came,
 * and tapi_fixed_size.h computes the sizes. Elements of lists shrink likewise.
 */
#ifndef TAPI_STRUCTS_H
#define TAPI_STRUCTS_H

#include "tapi_agent_structs.h"
#include "tapi_handles.h"
#include "tapi_phone_const.h"
#include "tapi_types.h"

#ifdef __cplusplus
extern "C" {
#endif

#pragma pack(push, 1)

/* ---- General ---- */

/* Any string or block of data that a function returns. */
typedef struct varstring_tag {
    DWORD dwTotalSize, dwNeededSize, dwUsedSize;
    DWORD dwStringFormat;
    DWORD dwStringSize, dwStringOffset;
} VARSTRING, *LPVARSTRING;

/* Names a provider's set of extensions; all zero: there are none. */
typedef struct lineextensionid_tag {
    DWORD dwExtensionID0;
    DWORD dwExtensionID1;
    DWORD dwExtensionID2;
    DWORD dwExtensionID3;
} LINEEXTENSIONID, *LPLINEEXTENSIONID;

/* How messages are to arrive. On POSIX wait for hEvent with tapi_shim_event_fd. */
typedef struct lineinitializeexparams_tag {
    DWORD dwTotalSize, dwNeededSize, dwUsedSize;
    DWORD dwOptions;
    union {
        HANDLE hEvent;
        HANDLE hCompletionPort;
    } Handles;
    DWORD dwCompletionKey;
} LINEINITIALIZEEXPARAMS, *LPLINEINITIALIZEEXPARAMS;

/* One message, from lineGetMessage. */
typedef struct linemessage_tag {
    DWORD hDevice;
    DWORD dwMessageID;
    DWORD_PTR dwCallbackInstance;
    DWORD_PTR dwParam1;
    DWORD_PTR dwParam2;
    DWORD_PTR dwParam3;
} LINEMESSAGE, *LPLINEMESSAGE;

/* ---- Lines and addresses ---- */

/* Durations in milliseconds; 0 is the provider's default. */
typedef struct linedialparams_tag {
    DWORD dwDialPause;
    DWORD dwDialSpeed;
    DWORD dwDigitDuration;
    DWORD dwWaitForDialtone;
} LINEDIALPARAMS, *LPLINEDIALPARAMS;

/* One element of the list at LINEDEVCAPS.dwTerminalCapsOffset. */
typedef struct linetermcaps_tag {
    DWORD dwTermDev;
    DWORD dwTermModes;
    DWORD dwTermSharing;
} LINETERMCAPS, *LPLINETERMCAPS;

/* What a line can do. */
typedef struct linedevcaps_tag {
    DWORD dwTotalSize, dwNeededSize, dwUsedSize;
    DWORD dwProviderInfoSize, dwProviderInfoOffset;
    DWORD dwSwitchInfoSize, dwSwitchInfoOffset;
    DWORD dwPermanentLineID;
    DWORD dwLineNameSize, dwLineNameOffset;
    DWORD dwStringFormat;
    DWORD dwAddressModes;
    DWORD dwNumAddresses;
    DWORD dwBearerModes;
    DWORD dwMaxRate;
    DWORD dwMediaModes;
    DWORD dwGenerateToneModes;
    DWORD dwGenerateToneMaxNumFreq;
    DWORD dwGenerateDigitModes;
    DWORD dwMonitorToneMaxNumFreq;
    DWORD dwMonitorToneMaxNumEntries;
    DWORD dwMonitorDigitModes;
    DWORD dwGatherDigitsMinTimeout;
    DWORD dwGatherDigitsMaxTimeout;
    DWORD dwMedCtlDigitMaxListSize;
    DWORD dwMedCtlMediaMaxListSize;
    DWORD dwMedCtlToneMaxListSize;
    DWORD dwMedCtlCallStateMaxListSize;
    DWORD dwDevCapFlags;
    DWORD dwMaxNumActiveCalls;
    DWORD dwAnswerMode;
    DWORD dwRingModes;
    DWORD dwLineStates;
    DWORD dwUUIAcceptSize;
    DWORD dwUUIAnswerSize;
    DWORD dwUUIMakeCallSize;
    DWORD dwUUIDropSize;
    DWORD dwUUISendUserUserInfoSize;
    DWORD dwUUICallInfoSize;
    LINEDIALPARAMS MinDialParams;
    LINEDIALPARAMS MaxDialParams;
    LINEDIALPARAMS DefaultDialParams;
    DWORD dwNumTerminals;
    DWORD dwTerminalCapsSize, dwTerminalCapsOffset;
    DWORD dwTerminalTextEntrySize;
    DWORD dwTerminalTextSize, dwTerminalTextOffset;
    DWORD dwDevSpecificSize, dwDevSpecificOffset;
    /* from here on: 1.4 */
    DWORD dwLineFeatures;
    /* from here on: 2.0 */
    DWORD dwSettableDevStatus;
    DWORD dwDeviceClassesSize, dwDeviceClassesOffset;
    /* from here on: 2.2 */
    GUID PermanentLineGuid;
    /* from here on: 3.0 */
    DWORD dwAddressTypes;
    GUID ProtocolGuid;
    DWORD dwAvailableTracking;
} LINEDEVCAPS, *LPLINEDEVCAPS;

/* One application that has the line open: the list in LINEDEVSTATUS. */
typedef struct lineappinfo_tag {
    DWORD dwMachineNameSize, dwMachineNameOffset;
    DWORD dwUserNameSize, dwUserNameOffset;
    DWORD dwModuleFilenameSize, dwModuleFilenameOffset;
    DWORD dwFriendlyNameSize, dwFriendlyNameOffset;
    DWORD dwMediaModes;
    DWORD dwAddressID;
} LINEAPPINFO, *LPLINEAPPINFO;

/* What a line does now. */
typedef struct linedevstatus_tag {
    DWORD dwTotalSize, dwNeededSize, dwUsedSize;
    DWORD dwNumOpens;
    DWORD dwOpenMediaModes;
    DWORD dwNumActiveCalls;
    DWORD dwNumOnHoldCalls;
    DWORD dwNumOnHoldPendCalls;
    DWORD dwLineFeatures;
    DWORD dwNumCallCompletions;
    DWORD dwRingMode;
    DWORD dwSignalLevel;
    DWORD dwBatteryLevel;
    DWORD dwRoamMode;
    DWORD dwDevStatusFlags;
    DWORD dwTerminalModesSize, dwTerminalModesOffset;
    DWORD dwDevSpecificSize, dwDevSpecificOffset;
    /* from here on: 2.0 */
    DWORD dwAvailableMediaModes;
    DWORD dwAppInfoSize, dwAppInfoOffset;
} LINEDEVSTATUS, *LPLINEDEVSTATUS;

/* One element of the list at LINEADDRESSCAPS.dwCallTreatmentListOffset. */
typedef struct linecalltreatmententry_tag {
    DWORD dwCallTreatmentID;
    DWORD dwCallTreatmentNameSize, dwCallTreatmentNameOffset;
} LINECALLTREATMENTENTRY, *LPLINECALLTREATMENTENTRY;

/* What an address of a line can do. */
typedef struct lineaddresscaps_tag {
    DWORD dwTotalSize, dwNeededSize, dwUsedSize;
    DWORD dwLineDeviceID;
    DWORD dwAddressSize, dwAddressOffset;
    DWORD dwDevSpecificSize, dwDevSpecificOffset;
    DWORD dwAddressSharing;
    DWORD dwAddressStates;
    DWORD dwCallInfoStates;
    DWORD dwCallerIDFlags;
    DWORD dwCalledIDFlags;
    DWORD dwConnectedIDFlags;
    DWORD dwRedirectionIDFlags;
    DWORD dwRedirectingIDFlags;
    DWORD dwCallStates;
    DWORD dwDialToneModes;
    DWORD dwBusyModes;
    DWORD dwSpecialInfo;
    DWORD dwDisconnectModes;
    DWORD dwMaxNumActiveCalls;
    DWORD dwMaxNumOnHoldCalls;
    DWORD dwMaxNumOnHoldPendingCalls;
    DWORD dwMaxNumConference;
    DWORD dwMaxNumTransConf;
    DWORD dwAddrCapFlags;
    DWORD dwCallFeatures;
    DWORD dwRemoveFromConfCaps;
    DWORD dwRemoveFromConfState;
    DWORD dwTransferModes;
    DWORD dwParkModes;
    DWORD dwForwardModes;
    DWORD dwMaxForwardEntries;
    DWORD dwMaxSpecificEntries;
    DWORD dwMinFwdNumRings;
    DWORD dwMaxFwdNumRings;
    DWORD dwMaxCallCompletions;
    DWORD dwCallCompletionConds;
    DWORD dwCallCompletionModes;
    DWORD dwNumCompletionMessages;
    DWORD dwCompletionMsgTextEntrySize;
    DWORD dwCompletionMsgTextSize, dwCompletionMsgTextOffset;
    /* from here on: 1.4 */
    DWORD dwAddressFeatures;
    /* from here on: 2.0 */
    DWORD dwPredictiveAutoTransferStates;
    DWORD dwNumCallTreatments;
    DWORD dwCallTreatmentListSize, dwCallTreatmentListOffset;
    DWORD dwDeviceClassesSize, dwDeviceClassesOffset;
    DWORD dwMaxCallDataSize;
    DWORD dwCallFeatures2;
    DWORD dwMaxNoAnswerTimeout;
    DWORD dwConnectedModes;
    DWORD dwOfferingModes;
    DWORD dwAvailableMediaModes;
} LINEADDRESSCAPS, *LPLINEADDRESSCAPS;

/* What an address does now; the list of LINEFORWARD is at dwForwardOffset. */
typedef struct lineaddressstatus_tag {
    DWORD dwTotalSize, dwNeededSize, dwUsedSize;
    DWORD dwNumInUse;
    DWORD dwNumActiveCalls;
    DWORD dwNumOnHoldCalls;
    DWORD dwNumOnHoldPendCalls;
    DWORD dwAddressFeatures;
    DWORD dwNumRingsNoAnswer;
    DWORD dwForwardNumEntries;
    DWORD dwForwardSize, dwForwardOffset;
    DWORD dwTerminalModesSize, dwTerminalModesOffset;
    DWORD dwDevSpecificSize, dwDevSpecificOffset;
} LINEADDRESSSTATUS, *LPLINEADDRESSSTATUS;

/* One instruction of forwarding. */
typedef struct lineforward_tag {
    DWORD dwForwardMode;
    DWORD dwCallerAddressSize, dwCallerAddressOffset;
    DWORD dwDestCountryCode;
    DWORD dwDestAddressSize, dwDestAddressOffset;
    /* from here on: 3.1 */
    DWORD dwCallerAddressType;
    DWORD dwDestAddressType;
} LINEFORWARD, *LPLINEFORWARD;

/* What lineForward sets; no entries cancel all forwarding. */
typedef struct lineforwardlist_tag {
    DWORD dwTotalSize;
    DWORD dwNumEntries;
    LINEFORWARD ForwardList[1];
} LINEFORWARDLIST, *LPLINEFORWARDLIST;

/* ---- Calls ---- */

/* How a call is to be made. */
typedef struct linecallparams_tag {
    DWORD dwTotalSize;
    DWORD dwBearerMode;
    DWORD dwMinRate;
    DWORD dwMaxRate;
    DWORD dwMediaMode;
    DWORD dwCallParamFlags;
    DWORD dwAddressMode;
    DWORD dwAddressID;
    LINEDIALPARAMS DialParams;
    DWORD dwOrigAddressSize, dwOrigAddressOffset;
    DWORD dwDisplayableAddressSize, dwDisplayableAddressOffset;
    DWORD dwCalledPartySize, dwCalledPartyOffset;
    DWORD dwCommentSize, dwCommentOffset;
    DWORD dwUserUserInfoSize, dwUserUserInfoOffset;
    DWORD dwHighLevelCompSize, dwHighLevelCompOffset;
    DWORD dwLowLevelCompSize, dwLowLevelCompOffset;
    DWORD dwDevSpecificSize, dwDevSpecificOffset;
    /* from here on: 2.0 */
    DWORD dwPredictiveAutoTransferStates;
    DWORD dwTargetAddressSize, dwTargetAddressOffset;
    DWORD dwSendingFlowspecSize, dwSendingFlowspecOffset;
    DWORD dwReceivingFlowspecSize, dwReceivingFlowspecOffset;
    DWORD dwDeviceClassSize, dwDeviceClassOffset;
    DWORD dwDeviceConfigSize, dwDeviceConfigOffset;
    DWORD dwCallDataSize, dwCallDataOffset;
    DWORD dwNoAnswerTimeout;
    DWORD dwCallingPartyIDSize, dwCallingPartyIDOffset;
    /* from here on: 3.0 */
    DWORD dwAddressType;
} LINECALLPARAMS, *LPLINECALLPARAMS;

/* What is known of a call. */
typedef struct linecallinfo_tag {
    DWORD dwTotalSize, dwNeededSize, dwUsedSize;
    HLINE hLine;
    DWORD dwLineDeviceID;
    DWORD dwAddressID;
    DWORD dwBearerMode;
    DWORD dwRate;
    DWORD dwMediaMode;
    DWORD dwAppSpecific;
    DWORD dwCallID;
    DWORD dwRelatedCallID;
    DWORD dwCallParamFlags;
    DWORD dwCallStates;
    DWORD dwMonitorDigitModes;
    DWORD dwMonitorMediaModes;
    LINEDIALPARAMS DialParams;
    DWORD dwOrigin;
    DWORD dwReason;
    DWORD dwCompletionID;
    DWORD dwNumOwners;
    DWORD dwNumMonitors;
    DWORD dwCountryCode;
    DWORD dwTrunk;
    DWORD dwCallerIDFlags;
    DWORD dwCallerIDSize, dwCallerIDOffset;
    DWORD dwCallerIDNameSize, dwCallerIDNameOffset;
    DWORD dwCalledIDFlags;
    DWORD dwCalledIDSize, dwCalledIDOffset;
    DWORD dwCalledIDNameSize, dwCalledIDNameOffset;
    DWORD dwConnectedIDFlags;
    DWORD dwConnectedIDSize, dwConnectedIDOffset;
    DWORD dwConnectedIDNameSize, dwConnectedIDNameOffset;
    DWORD dwRedirectionIDFlags;
    DWORD dwRedirectionIDSize, dwRedirectionIDOffset;
    DWORD dwRedirectionIDNameSize, dwRedirectionIDNameOffset;
    DWORD dwRedirectingIDFlags;
    DWORD dwRedirectingIDSize, dwRedirectingIDOffset;
    DWORD dwRedirectingIDNameSize, dwRedirectingIDNameOffset;
    DWORD dwAppNameSize, dwAppNameOffset;
    DWORD dwDisplayableAddressSize, dwDisplayableAddressOffset;
    DWORD dwCalledPartySize, dwCalledPartyOffset;
    DWORD dwCommentSize, dwCommentOffset;
    DWORD dwDisplaySize, dwDisplayOffset;
    DWORD dwUserUserInfoSize, dwUserUserInfoOffset;
    DWORD dwHighLevelCompSize, dwHighLevelCompOffset;
    DWORD dwLowLevelCompSize, dwLowLevelCompOffset;
    DWORD dwChargingInfoSize, dwChargingInfoOffset;
    DWORD dwTerminalModesSize, dwTerminalModesOffset;
    DWORD dwDevSpecificSize, dwDevSpecificOffset;
    /* from here on: 2.0 */
    DWORD dwCallTreatment;
    DWORD dwCallDataSize, dwCallDataOffset;
    DWORD dwSendingFlowspecSize, dwSendingFlowspecOffset;
    DWORD dwReceivingFlowspecSize, dwReceivingFlowspecOffset;
    /* from here on: 3.0 */
    DWORD dwCallerIDAddressType;
    DWORD dwCalledIDAddressType;
    DWORD dwConnectedIDAddressType;
    DWORD dwRedirectionIDAddressType;
    DWORD dwRedirectingIDAddressType;
} LINECALLINFO, *LPLINECALLINFO;

/* State of a call, and what may be done with it. */
typedef struct linecallstatus_tag {
    DWORD dwTotalSize, dwNeededSize, dwUsedSize;
    DWORD dwCallState;
    DWORD dwCallStateMode;
    DWORD dwCallPrivilege;
    DWORD dwCallFeatures;
    DWORD dwDevSpecificSize, dwDevSpecificOffset;
    /* from here on: 2.0 */
    DWORD dwCallFeatures2;
    SYSTEMTIME tStateEntryTime;
} LINECALLSTATUS, *LPLINECALLSTATUS;

/* Calls, as an array of HCALL. */
typedef struct linecalllist_tag {
    DWORD dwTotalSize, dwNeededSize, dwUsedSize;
    DWORD dwCallsNumEntries;
    DWORD dwCallsSize, dwCallsOffset;
} LINECALLLIST, *LPLINECALLLIST;

/* Tracking of calls that belong together (3.0). */
typedef struct linecallhubtrackinginfo_tag {
    DWORD dwTotalSize, dwNeededSize, dwUsedSize;
    DWORD dwAvailableTracking;
    DWORD dwCurrentTracking;
} LINECALLHUBTRACKINGINFO, *LPLINECALLHUBTRACKINGINFO;

/* One tone to generate: frequency in hertz, cadence in milliseconds, volume to 0xFFFF. */
typedef struct linegeneratetone_tag {
    DWORD dwFrequency;
    DWORD dwCadenceOn;
    DWORD dwCadenceOff;
    DWORD dwVolume;
} LINEGENERATETONE, *LPLINEGENERATETONE;

/* One tone to listen for: up to three frequencies in hertz, all 0 for silence; milliseconds. */
typedef struct linemonitortone_tag {
    DWORD dwAppSpecific;
    DWORD dwDuration;
    DWORD dwFrequency1;
    DWORD dwFrequency2;
    DWORD dwFrequency3;
} LINEMONITORTONE, *LPLINEMONITORTONE;

/* What to do with the media when a call enters one of the states. */
typedef struct linemediacontrolcallstate_tag {
    DWORD dwCallStates;
    DWORD dwMediaControl;
} LINEMEDIACONTROLCALLSTATE, *LPLINEMEDIACONTROLCALLSTATE;

/* What to do with the media when a digit is heard. */
typedef struct linemediacontroldigit_tag {
    DWORD dwDigit;
    DWORD dwDigitModes;
    DWORD dwMediaControl;
} LINEMEDIACONTROLDIGIT, *LPLINEMEDIACONTROLDIGIT;

/* What to do with the media when a media mode lasts dwDuration milliseconds. */
typedef struct linemediacontrolmedia_tag {
    DWORD dwMediaModes;
    DWORD dwDuration;
    DWORD dwMediaControl;
} LINEMEDIACONTROLMEDIA, *LPLINEMEDIACONTROLMEDIA;

/* What to do with the media when a tone is heard. */
typedef struct linemediacontroltone_tag {
    DWORD dwAppSpecific;
    DWORD dwDuration;
    DWORD dwFrequency1;
    DWORD dwFrequency2;
    DWORD dwFrequency3;
    DWORD dwMediaControl;
} LINEMEDIACONTROLTONE, *LPLINEMEDIACONTROLTONE;

/* ---- Phones ---- */

/* One button or lamp. */
typedef struct phonebuttoninfo_tag {
    DWORD dwTotalSize, dwNeededSize, dwUsedSize;
    DWORD dwButtonMode;
    DWORD dwButtonFunction;
    DWORD dwButtonTextSize, dwButtonTextOffset;
    DWORD dwDevSpecificSize, dwDevSpecificOffset;
    /* from here on: 1.4 */
    DWORD dwButtonState;
} PHONEBUTTONINFO, *LPPHONEBUTTONINFO;

/* What a phone can do. */
typedef struct phonecaps_tag {
    DWORD dwTotalSize, dwNeededSize, dwUsedSize;
    DWORD dwProviderInfoSize, dwProviderInfoOffset;
    DWORD dwPhoneInfoSize, dwPhoneInfoOffset;
    DWORD dwPermanentPhoneID;
    DWORD dwPhoneNameSize, dwPhoneNameOffset;
    DWORD dwStringFormat;
    DWORD dwPhoneStates;
    DWORD dwHookSwitchDevs;
    DWORD dwHandsetHookSwitchModes;
    DWORD dwSpeakerHookSwitchModes;
    DWORD dwHeadsetHookSwitchModes;
    DWORD dwVolumeFlags;
    DWORD dwGainFlags;
    DWORD dwDisplayNumRows;
    DWORD dwDisplayNumColumns;
    DWORD dwNumRingModes;
    DWORD dwNumButtonLamps;
    DWORD dwButtonModesSize, dwButtonModesOffset;
    DWORD dwButtonFunctionsSize, dwButtonFunctionsOffset;
    DWORD dwLampModesSize, dwLampModesOffset;
    DWORD dwNumSetData;
    DWORD dwSetDataSize, dwSetDataOffset;
    DWORD dwNumGetData;
    DWORD dwGetDataSize, dwGetDataOffset;
    DWORD dwDevSpecificSize, dwDevSpecificOffset;
    /* from here on: 2.0 */
    DWORD dwDeviceClassesSize, dwDeviceClassesOffset;
    DWORD dwPhoneFeatures;
    DWORD dwSettableHandsetHookSwitchModes;
    DWORD dwSettableSpeakerHookSwitchModes;
    DWORD dwSettableHeadsetHookSwitchModes;
    DWORD dwMonitoredHandsetHookSwitchModes;
    DWORD dwMonitoredSpeakerHookSwitchModes;
    DWORD dwMonitoredHeadsetHookSwitchModes;
    /* from here on: 2.2 */
    GUID PermanentPhoneGuid;
} PHONECAPS, *LPPHONECAPS;

/* Names a provider's set of extensions; all zero: there are none. */
typedef struct phoneextensionid_tag {
    DWORD dwExtensionID0;
    DWORD dwExtensionID1;
    DWORD dwExtensionID2;
    DWORD dwExtensionID3;
} PHONEEXTENSIONID, *LPPHONEEXTENSIONID;

/* How messages are to arrive. On POSIX wait for hEvent with tapi_shim_event_fd. */
typedef struct phoneinitializeexparams_tag {
    DWORD dwTotalSize, dwNeededSize, dwUsedSize;
    DWORD dwOptions;
    union {
        HANDLE hEvent;
        HANDLE hCompletionPort;
    } Handles;
    DWORD dwCompletionKey;
} PHONEINITIALIZEEXPARAMS, *LPPHONEINITIALIZEEXPARAMS;

/* One message, from phoneGetMessage. */
typedef struct phonemessage_tag {
    DWORD hDevice;
    DWORD dwMessageID;
    DWORD_PTR dwCallbackInstance;
    DWORD_PTR dwParam1;
    DWORD_PTR dwParam2;
    DWORD_PTR dwParam3;
} PHONEMESSAGE, *LPPHONEMESSAGE;

/* What a phone does now. Volumes and gains go to 0xFFFF. */
typedef struct phonestatus_tag {
    DWORD dwTotalSize, dwNeededSize, dwUsedSize;
    DWORD dwStatusFlags;
    DWORD dwNumOwners;
    DWORD dwNumMonitors;
    DWORD dwRingMode;
    DWORD dwRingVolume;
    DWORD dwHandsetHookSwitchMode;
    DWORD dwHandsetVolume;
    DWORD dwHandsetGain;
    DWORD dwSpeakerHookSwitchMode;
    DWORD dwSpeakerVolume;
    DWORD dwSpeakerGain;
    DWORD dwHeadsetHookSwitchMode;
    DWORD dwHeadsetVolume;
    DWORD dwHeadsetGain;
    DWORD dwDisplaySize, dwDisplayOffset;
    DWORD dwLampModesSize, dwLampModesOffset;
    DWORD dwOwnerNameSize, dwOwnerNameOffset;
    DWORD dwDevSpecificSize, dwDevSpecificOffset;
    /* from here on: 2.0 */
    DWORD dwPhoneFeatures;
} PHONESTATUS, *LPPHONESTATUS;

/* ---- Countries, calling cards, locations, providers and requests ---- */

/* One country and its rules of dialling. */
typedef struct linecountryentry_tag {
    DWORD dwCountryID;
    DWORD dwCountryCode;
    DWORD dwNextCountryID;
    DWORD dwCountryNameSize, dwCountryNameOffset;
    DWORD dwSameAreaRuleSize, dwSameAreaRuleOffset;
    DWORD dwLongDistanceRuleSize, dwLongDistanceRuleOffset;
    DWORD dwInternationalRuleSize, dwInternationalRuleOffset;
} LINECOUNTRYENTRY, *LPLINECOUNTRYENTRY;

/* From lineGetCountry. */
typedef struct linecountrylist_tag {
    DWORD dwTotalSize, dwNeededSize, dwUsedSize;
    DWORD dwNumCountries;
    DWORD dwCountryListSize, dwCountryListOffset;
} LINECOUNTRYLIST, *LPLINECOUNTRYLIST;

/* One calling card. */
typedef struct linecardentry_tag {
    DWORD dwPermanentCardID;
    DWORD dwCardNameSize, dwCardNameOffset;
    /* from here on: 1.4 */
    DWORD dwCardNumberDigits;
    DWORD dwSameAreaRuleSize, dwSameAreaRuleOffset;
    DWORD dwLongDistanceRuleSize, dwLongDistanceRuleOffset;
    DWORD dwInternationalRuleSize, dwInternationalRuleOffset;
    DWORD dwOptions;
} LINECARDENTRY, *LPLINECARDENTRY;

/* One place that the machine dials from. */
typedef struct linelocationentry_tag {
    DWORD dwPermanentLocationID;
    DWORD dwLocationNameSize, dwLocationNameOffset;
    DWORD dwCountryCode;
    DWORD dwCityCodeSize, dwCityCodeOffset;
    DWORD dwPreferredCardID;
    /* from here on: 1.4 */
    DWORD dwLocalAccessCodeSize, dwLocalAccessCodeOffset;
    DWORD dwLongDistanceAccessCodeSize, dwLongDistanceAccessCodeOffset;
    DWORD dwTollPrefixListSize, dwTollPrefixListOffset;
    DWORD dwCountryID;
    DWORD dwOptions;
    DWORD dwCancelCallWaitingSize, dwCancelCallWaitingOffset;
} LINELOCATIONENTRY, *LPLINELOCATIONENTRY;

/* All places and calling cards. */
typedef struct linetranslatecaps_tag {
    DWORD dwTotalSize, dwNeededSize, dwUsedSize;
    DWORD dwNumLocations;
    DWORD dwLocationListSize, dwLocationListOffset;
    DWORD dwCurrentLocationID;
    DWORD dwNumCards;
    DWORD dwCardListSize, dwCardListOffset;
    DWORD dwCurrentPreferredCardID;
} LINETRANSLATECAPS, *LPLINETRANSLATECAPS;

/* From lineTranslateAddress. */
typedef struct linetranslateoutput_tag {
    DWORD dwTotalSize, dwNeededSize, dwUsedSize;
    DWORD dwDialableStringSize, dwDialableStringOffset;
    DWORD dwDisplayableStringSize, dwDisplayableStringOffset;
    DWORD dwCurrentCountry;
    DWORD dwDestCountry;
    DWORD dwTranslateResults;
} LINETRANSLATEOUTPUT, *LPLINETRANSLATEOUTPUT;

/* One provider that is installed. */
typedef struct lineproviderentry_tag {
    DWORD dwPermanentProviderID;
    DWORD dwProviderFilenameSize, dwProviderFilenameOffset;
} LINEPROVIDERENTRY, *LPLINEPROVIDERENTRY;

/* From lineGetProviderList. */
typedef struct lineproviderlist_tag {
    DWORD dwTotalSize, dwNeededSize, dwUsedSize;
    DWORD dwNumProviders;
    DWORD dwProviderListSize, dwProviderListOffset;
} LINEPROVIDERLIST, *LPLINEPROVIDERLIST;

/* From lineGetRequest: a call that another application asks for. */
typedef struct linereqmakecall_tag {
    char szDestAddress[TAPIMAXDESTADDRESSSIZE];
    char szAppName[TAPIMAXAPPNAMESIZE];
    char szCalledParty[TAPIMAXCALLEDPARTYSIZE];
    char szComment[TAPIMAXCOMMENTSIZE];
} LINEREQMAKECALL, *LPLINEREQMAKECALL;

/* The same for lineGetRequestW. */
typedef struct linereqmakecallW_tag {
    WCHAR szDestAddress[TAPIMAXDESTADDRESSSIZE];
    WCHAR szAppName[TAPIMAXAPPNAMESIZE];
    WCHAR szCalledParty[TAPIMAXCALLEDPARTYSIZE];
    WCHAR szComment[TAPIMAXCOMMENTSIZE];
} LINEREQMAKECALLW, *LPLINEREQMAKECALLW;

#ifdef UNICODE
#define LINEREQMAKECALL LINEREQMAKECALLW
#endif

/* From lineGetRequest: a media call that another application asks for. */
typedef struct linereqmediacall_tag {
    HWND hWnd;
    WPARAM wRequestID;
    char szDeviceClass[TAPIMAXDEVICECLASSSIZE];
    unsigned char ucDeviceID[TAPIMAXDEVICEIDSIZE];
    DWORD dwSize;
    DWORD dwSecure;
    char szDestAddress[TAPIMAXDESTADDRESSSIZE];
    char szAppName[TAPIMAXAPPNAMESIZE];
    char szCalledParty[TAPIMAXCALLEDPARTYSIZE];
    char szComment[TAPIMAXCOMMENTSIZE];
} LINEREQMEDIACALL, *LPLINEREQMEDIACALL;

/* The same for lineGetRequestW. */
typedef struct linereqmediacallW_tag {
    HWND hWnd;
    WPARAM wRequestID;
    WCHAR szDeviceClass[TAPIMAXDEVICECLASSSIZE];
    unsigned char ucDeviceID[TAPIMAXDEVICEIDSIZE];
    DWORD dwSize;
    DWORD dwSecure;
    WCHAR szDestAddress[TAPIMAXDESTADDRESSSIZE];
    WCHAR szAppName[TAPIMAXAPPNAMESIZE];
    WCHAR szCalledParty[TAPIMAXCALLEDPARTYSIZE];
    WCHAR szComment[TAPIMAXCOMMENTSIZE];
} LINEREQMEDIACALLW, *LPLINEREQMEDIACALLW;

#ifdef UNICODE
#define LINEREQMEDIACALL LINEREQMEDIACALLW
#endif

#pragma pack(pop)

#ifdef __cplusplus
}
#endif

#endif
