/* Names of error codes. SPDX-License-Identifier: MIT */
#include "tapi_shim/client/error_name.h"

#define ERRORS(X)                                                                                                                                           \
    X(LINEERR_ALLOCATED)                                                                                                                                    \
    X(LINEERR_BADDEVICEID)                                                                                                                                  \
    X(LINEERR_BEARERMODEUNAVAIL) X(LINEERR_CALLUNAVAIL) X(LINEERR_COMPLETIONOVERRUN) X(LINEERR_CONFERENCEFULL) X(                                           \
        LINEERR_DIALBILLING) X(LINEERR_DIALDIALTONE) X(LINEERR_DIALPROMPT) X(LINEERR_DIALQUIET) X(LINEERR_INCOMPATIBLEAPIVERSION)                           \
        X(LINEERR_INCOMPATIBLEEXTVERSION) X(LINEERR_INIFILECORRUPT) X(LINEERR_INUSE) X(LINEERR_INVALADDRESS) X(                                             \
            LINEERR_INVALADDRESSID) X(LINEERR_INVALADDRESSMODE) X(LINEERR_INVALADDRESSSTATE) X(LINEERR_INVALAPPHANDLE)                                      \
            X(LINEERR_INVALAPPNAME) X(LINEERR_INVALBEARERMODE) X(LINEERR_INVALCALLCOMPLMODE) X(LINEERR_INVALCALLHANDLE) X(                                  \
                LINEERR_INVALCALLPARAMS) X(LINEERR_INVALCALLPRIVILEGE) X(LINEERR_INVALCALLSELECT) X(LINEERR_INVALCALLSTATE)                                 \
                X(LINEERR_INVALCALLSTATELIST) X(LINEERR_INVALCARD) X(LINEERR_INVALCOMPLETIONID) X(LINEERR_INVALCONFCALLHANDLE) X(                           \
                    LINEERR_INVALCONSULTCALLHANDLE) X(LINEERR_INVALCOUNTRYCODE) X(LINEERR_INVALDEVICECLASS) X(LINEERR_INVALDEVICEHANDLE)                    \
                    X(LINEERR_INVALDIALPARAMS) X(LINEERR_INVALDIGITLIST) X(LINEERR_INVALDIGITMODE) X(LINEERR_INVALDIGITS) X(                                \
                        LINEERR_INVALEXTVERSION) X(LINEERR_INVALGROUPID) X(LINEERR_INVALLINEHANDLE) X(LINEERR_INVALLINESTATE)                               \
                        X(LINEERR_INVALLOCATION) X(LINEERR_INVALMEDIALIST) X(LINEERR_INVALMEDIAMODE) X(LINEERR_INVALMESSAGEID) X(                           \
                            LINEERR_INVALPARAM) X(LINEERR_INVALPARKID) X(LINEERR_INVALPARKMODE) X(LINEERR_INVALPOINTER) X(LINEERR_INVALPRIVSELECT)          \
                            X(LINEERR_INVALRATE) X(LINEERR_INVALREQUESTMODE) X(                                                                             \
                                LINEERR_INVALTERMINALID) X(LINEERR_INVALTERMINALMODE) X(LINEERR_INVALTIMEOUT)                                               \
                                X(LINEERR_INVALTONE) X(LINEERR_INVALTONELIST) X(LINEERR_INVALTONEMODE) X(                                                   \
                                    LINEERR_INVALTRANSFERMODE) X(LINEERR_LINEMAPPERFAILED) X(LINEERR_NOCONFERENCE) X(LINEERR_NODEVICE) X(LINEERR_NODRIVER)  \
                                    X(LINEERR_NOMEM) X(LINEERR_NOREQUEST) X(LINEERR_NOTOWNER) X(LINEERR_NOTREGISTERED) X(                                   \
                                        LINEERR_OPERATIONFAILED) X(LINEERR_OPERATIONUNAVAIL) X(LINEERR_RATEUNAVAIL) X(LINEERR_RESOURCEUNAVAIL)              \
                                        X(LINEERR_REQUESTOVERRUN) X(LINEERR_STRUCTURETOOSMALL) X(LINEERR_TARGETNOTFOUND) X(                                 \
                                            LINEERR_TARGETSELF) X(LINEERR_UNINITIALIZED) X(LINEERR_USERUSERINFOTOOBIG) X(LINEERR_REINIT)                    \
                                            X(LINEERR_ADDRESSBLOCKED) X(LINEERR_BILLINGREJECTED) X(LINEERR_INVALFEATURE) X(                                 \
                                                LINEERR_NOMULTIPLEINSTANCE) X(LINEERR_INVALAGENTID) X(LINEERR_INVALAGENTGROUP) X(LINEERR_INVALPASSWORD)     \
                                                X(LINEERR_INVALAGENTSTATE) X(LINEERR_INVALAGENTACTIVITY) X(                                                 \
                                                    LINEERR_DIALVOICEDETECT) X(LINEERR_USERCANCELLED) X(LINEERR_INVALADDRESSTYPE)                           \
                                                    X(LINEERR_INVALAGENTSESSIONSTATE) X(LINEERR_DISCONNECTED) X(LINEERR_SERVICE_NOT_RUNNING) X(             \
                                                        PHONEERR_ALLOCATED) X(PHONEERR_BADDEVICEID) X(PHONEERR_INCOMPATIBLEAPIVERSION)                      \
                                                        X(PHONEERR_INCOMPATIBLEEXTVERSION) X(PHONEERR_INIFILECORRUPT) X(                                    \
                                                            PHONEERR_INUSE) X(PHONEERR_INVALAPPHANDLE) X(PHONEERR_INVALAPPNAME)                             \
                                                            X(PHONEERR_INVALBUTTONLAMPID) X(PHONEERR_INVALBUTTONMODE) X(                                    \
                                                                PHONEERR_INVALBUTTONSTATE) X(PHONEERR_INVALDATAID)                                          \
                                                                X(PHONEERR_INVALDEVICECLASS) X(PHONEERR_INVALEXTVERSION) X(                                 \
                                                                    PHONEERR_INVALHOOKSWITCHDEV) X(PHONEERR_INVALHOOKSWITCHMODE)                            \
                                                                    X(PHONEERR_INVALLAMPMODE) X(PHONEERR_INVALPARAM) X(                                     \
                                                                        PHONEERR_INVALPHONEHANDLE) X(PHONEERR_INVALPHONESTATE) X(PHONEERR_INVALPOINTER)     \
                                                                        X(PHONEERR_INVALPRIVILEGE) X(PHONEERR_INVALRINGMODE) X(                             \
                                                                            PHONEERR_NODEVICE) X(PHONEERR_NODRIVER) X(PHONEERR_NOMEM)                       \
                                                                            X(PHONEERR_NOTOWNER) X(PHONEERR_OPERATIONFAILED) X(                             \
                                                                                PHONEERR_OPERATIONUNAVAIL) X(PHONEERR_RESOURCEUNAVAIL)                      \
                                                                                X(PHONEERR_REQUESTOVERRUN) X(PHONEERR_STRUCTURETOOSMALL) X(                 \
                                                                                    PHONEERR_UNINITIALIZED) X(PHONEERR_REINIT)                              \
                                                                                    X(PHONEERR_DISCONNECTED) X(                                             \
                                                                                        PHONEERR_SERVICE_NOT_RUNNING) X(TAPIERR_DROPPED)                    \
                                                                                        X(TAPIERR_NOREQUESTRECIPIENT) X(                                    \
                                                                                            TAPIERR_REQUESTQUEUEFULL) X(TAPIERR_INVALDESTADDRESS)           \
                                                                                            X(TAPIERR_INVALWINDOWHANDLE) X(                                 \
                                                                                                TAPIERR_INVALDEVICECLASS) X(TAPIERR_INVALDEVICEID)          \
                                                                                                X(TAPIERR_DEVICECLASSUNAVAIL) X(                            \
                                                                                                    TAPIERR_DEVICEIDUNAVAIL)                                \
                                                                                                    X(TAPIERR_DEVICEINUSE) X(                               \
                                                                                                        TAPIERR_DESTBUSY) X(TAPIERR_DESTNOANSWER)           \
                                                                                                        X(TAPIERR_DESTUNAVAIL) X(                           \
                                                                                                            TAPIERR_UNKNOWNWINHANDLE)                       \
                                                                                                            X(TAPIERR_UNKNOWNREQUESTID) X(                  \
                                                                                                                TAPIERR_REQUESTFAILED)                      \
                                                                                                                X(TAPIERR_REQUESTCANCELLED) X(              \
                                                                                                                    TAPIERR_INVALPOINTER)                   \
                                                                                                                    X(TAPIERR_NOTADMIN) X(                  \
                                                                                                                        TAPIERR_MMCWRITELOCKED)             \
                                                                                                                        X(TAPIERR_PROVIDERALREADYINSTALLED) \
                                                                                                                            X(TAPIERR_SCP_ALREADY_EXISTS)   \
                                                                                                                                X(TAPIERR_SCP_DOES_NOT_EXIST)

const char *error_name(LONG err)
{
    if (!err)
        return "success";
    switch ((unsigned long)err & 0xFFFFFFFFu) {
#define ERROR_CASE(name)                                                                                               \
    case (unsigned long)name & 0xFFFFFFFFu:                                                                            \
        return #name;
        ERRORS(ERROR_CASE)
#undef ERROR_CASE
    default:
        return "unknown";
    }
}
