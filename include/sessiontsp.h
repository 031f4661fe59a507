/* What the provider SessionTSP adds to TAPI: the extensions of its phones and of its lines, and being told that its configuration
 * has changed. SPDX-License-Identifier: MIT */
#ifndef SESSIONTSP_H
#define SESSIONTSP_H

#include "tapi_port.h"

/*
 * A phone of the embedded exchange is a set that nobody can touch, so there is a way to do what a person would do: press
 * keys, lift, replace. An application negotiates SESSIONTSP_PHONE_EXT_VERSION with phoneNegotiateExtVersion (the
 * extension id of phoneNegotiateAPIVersion is the one below), opens the phone with it, and gives phoneDevSpecific one
 * struct sessiontsp_phone. The reply says what came of it: 0, PHONEERR_OPERATIONUNAVAIL (the exchange does not have that
 * operation, or the line is not open), PHONEERR_INVALPHONESTATE (not now), PHONEERR_INVALBUTTONLAMPID,
 * PHONEERR_INVALHOOKSWITCHDEV, PHONEERR_INVALHOOKSWITCHMODE, PHONEERR_INVALPARAM. A key that cannot act has gone down all
 * the same: PHONE_BUTTON is sent.
 */
#define SESSIONTSP_PHONE_EXT_ID0     0x50545353
#define SESSIONTSP_PHONE_EXT_ID1     0x4E4F4850
#define SESSIONTSP_PHONE_EXT_ID2     0x5E554107
#define SESSIONTSP_PHONE_EXT_ID3     0x9A315354
#define SESSIONTSP_PHONE_EXT_VERSION 0x00010000

/* dwCommand */
#define SESSIONTSP_PHONE_BUTTON  1 /* dwItem: button; dwValue: PHONEBUTTONSTATE_DOWN, _UP, or both: one after the other */
#define SESSIONTSP_PHONE_HOOK    2 /* dwItem: PHONEHOOKSWITCHDEV_; dwValue: PHONEHOOKSWITCHMODE_ */
#define SESSIONTSP_PHONE_MESSAGE 3 /* the lamp "Message"; dwValue: 1 on, 0 off */

struct sessiontsp_phone {
    DWORD dwCommand;
    DWORD dwItem;
    DWORD dwValue;
};

/*
 * A configuration that is changed while the provider runs counts from its next start on, or when it is told: that is what
 * its dialogs do through their callback (TUISPIDLLCALLBACK with TUISPIDLL_OBJECT_PROVIDERID), which ends in
 * TSPI_providerGenericDialogData; a program without dialogs calls tapi_shim_provider_data, or runs "tapictl provider
 * reload". The block is one struct sessiontsp_provider, of which all but dwCommand is filled in.
 *
 * A line is told from others by its permanent id. Lines that are new come with LINE_CREATE (phones with PHONE_CREATE), those
 * that are gone go with LINE_REMOVE, which closes them: their calls end in IDLE before. A line of
 * which anything has changed keeps its device id and is closed by force, as documented for changes of capabilities: who
 * opens it again finds it changed. A configuration with mistakes, or that cannot be read, is OPERATIONFAILED: dwMessages
 * mistakes were logged, nothing is changed. The sections [provider], [number N] and [sip] count from the next start
 * on.
 */
#define SESSIONTSP_PROVIDER_RELOAD 1

struct sessiontsp_provider {
    DWORD dwCommand;  /* SESSIONTSP_PROVIDER_RELOAD */
    DWORD dwRunning;  /* 0: the provider is not started, and reads its configuration when it is: nothing was done */
    DWORD dwAdded;    /* lines */
    DWORD dwRemoved;
    DWORD dwChanged;
    DWORD dwFailed;   /* lines that could not be had: a special number has their number, or there was no memory */
    DWORD dwMessages;
};

/*
 * The same way a line is entered in the configuration or struck out of it, and the configuration read again. Adding:
 * szNumber, and szName or "" for the number itself. A configuration without any line stands for four lines, which are
 * entered then, so that they stay. Removing: szNumber, its first number; lines of the section [lines] cannot be struck out
 * by themselves. LINEERR_INVALADDRESS (no number), INUSE (somebody has it), NODEVICE (no line has it), OPERATIONUNAVAIL (of
 * the section [lines]), INVALPARAM (not such a text), INIFILECORRUPT (the configuration cannot be read, has mistakes, or may
 * not be written).
 */
#define SESSIONTSP_PROVIDER_LINE_ADD    2
#define SESSIONTSP_PROVIDER_LINE_REMOVE 3

#define SESSIONTSP_LINE_NO_PHONE 1 /* dwFlags: it has no telephone set */

struct sessiontsp_provider_line {
    struct sessiontsp_provider Result;
    DWORD dwFlags;
    WCHAR szNumber[64];
    WCHAR szName[64];
};

/*
 * Accounts of SIP servers, the sections [account N]: entered in the configuration, struck out of it, and tried. The answer
 * is dwOutcome, with a line for people in szText; both count if the function returns 0. A provider that runs
 * reads its configuration again then, as with RELOAD, which Result tells. LINEERR_INVALPARAM: not such a block; OPERATIONUNAVAIL, NOMEM.
 * TEST registers once, at a SIP endpoint of its own, so not in a process that has lines of accounts, and takes that back.
 * dwAccount chooses the section, szKeys count instead of what stands there; keys "sip.KEY" are those of [sip].
 */
#define SESSIONTSP_PROVIDER_ACCOUNT_ADD    4
#define SESSIONTSP_PROVIDER_ACCOUNT_REMOVE 5
#define SESSIONTSP_PROVIDER_ACCOUNT_TEST   6

#define SESSIONTSP_ACCOUNT_NEW 0xFFFFFFFF /* dwAccount of ADD: the next number that nothing has; of TEST: none of them */

/* dwOutcome; TEST has those from PASSWORD on as well */
#define SESSIONTSP_ACCOUNT_OK          0
#define SESSIONTSP_ACCOUNT_FAILED      1  /* nothing is changed, or it could not be tried: szText says why */
#define SESSIONTSP_ACCOUNT_PASSWORD    10 /* user or password is not right */
#define SESSIONTSP_ACCOUNT_HOST        11 /* there is no such server */
#define SESSIONTSP_ACCOUNT_CERTIFICATE 12 /* its certificate is not trusted */
#define SESSIONTSP_ACCOUNT_PORT        13 /* another program has the port of this machine */
#define SESSIONTSP_ACCOUNT_SILENT      14 /* it does not answer */
#define SESSIONTSP_ACCOUNT_REFUSED     15 /* it refuses, with dwCode */
#define SESSIONTSP_ACCOUNT_UNREACHABLE 16 /* there is no way to it */

#define SESSIONTSP_ACCOUNT_KEYS_MAX 2048
#define SESSIONTSP_ACCOUNT_TEXT_MAX 400

struct sessiontsp_provider_account {
    struct sessiontsp_provider Result; /* dwCommand; the rest is filled in */
    DWORD dwAccount;                   /* N; ADD tells the one that was given */
    DWORD dwSeconds;                   /* TEST: patience; 0: 32; at most 3600 */
    DWORD dwOutcome;
    DWORD dwCode;    /* TEST: last answer of the server; 0: there was none */
    DWORD dwExpires; /* TEST: for how long it was registered, seconds */
    WCHAR szKeys[SESSIONTSP_ACCOUNT_KEYS_MAX]; /* "key=value" with line feeds between; wiped in the answer */
    WCHAR szText[SESSIONTSP_ACCOUNT_TEXT_MAX];
};

/*
 * Lines. An application negotiates SESSIONTSP_LINE_EXT_VERSION with lineNegotiateExtVersion (the extension id of
 * lineNegotiateAPIVersion is the one below) and opens the line with it. It then has
 * - in LINECALLINFO at dwDevSpecificOffset a struct sessiontsp_stream: the state of what this end plays into the call
 *   (lineGenerateDigits, lineGenerateTone), which lineSetMediaControl and SESSIONTSP_LINE_STREAM act upon; once a call of a
 *   SIP account has ended it is the beginning of a struct sessiontsp_ended_call, as dwDevSpecificSize tells;
 * - in LINEDEVSTATUS at dwDevSpecificOffset a struct sessiontsp_registration: how the line, if it is an account, is
 *   registered (LINEDEVSTATE_INSERVICE and _OUTOFSERVICE say when to look again);
 * - LINE_DEVSPECIFIC whenever they have: hDevice is the call, dwParam1 SESSIONTSP_LINE_STREAM, dwParam2 the
 *   LINEMEDIACONTROL_ bits that were carried out, dwParam3 the stream's dwState now. LINE_CALLINFO says DEVSPECIFIC as well
 *   if anything changed by it;
 * - lineDevSpecific, which takes one struct sessiontsp_line. It answers LINEERR_INVALPARAM for another size, command or
 *   value, and without the extension LINEERR_OPERATIONUNAVAIL;
 * - lineDevSpecificFeature: presses the key with that PHONEBUTTONFUNCTION_ of the line's set and lets it go;
 *   LINE_DEVSPECIFICFEATURE tells every application of it: dwParam1 is the function, dwParam2 the number of the key.
 *   LINEERR_INVALFEATURE: the set has no such key; LINEERR_OPERATIONUNAVAIL: the line has no set.
 */
#define SESSIONTSP_LINE_EXT_ID0     0x4C545353
#define SESSIONTSP_LINE_EXT_ID1     0x454E494C
#define SESSIONTSP_LINE_EXT_ID2     0x5E554107
#define SESSIONTSP_LINE_EXT_ID3     0x9A315354
#define SESSIONTSP_LINE_EXT_VERSION 0x00010000

/* dwCommand */
#define SESSIONTSP_LINE_STREAM 1 /* of a call; dwValue: LINEMEDIACONTROL_ bits to be carried out, 0: none. Stream: answer */
#define SESSIONTSP_LINE_SIGNAL 2 /* LINE_DEVSPECIFIC of the line to all that have it open: dwParam1 SESSIONTSP_LINE_SIGNAL,
                                  * dwParam2 dwValue, dwParam3 the address */

/* With a struct sessiontsp_file, in calls of SIP accounts (else LINEERR_OPERATIONUNAVAIL), by whoever owns the call. The
 * file belongs to the provider's process, with its rights: the telephony service's on Windows. PLAY goes in place of
 * what lineGenerateDigits or lineGenerateTone play; LINE_DEVSPECIFIC of the call tells its end:
 * dwParam1 SESSIONTSP_LINE_PLAY, dwParam2 dwValue, dwParam3 LINEGENERATETERM_DONE, or LINEGENERATETERM_CANCEL if it was
 * ended, or if there is no such WAV file (16 bits PCM, or G.711). RECORD writes what is heard from the
 * other end, 8,000 samples of 16 bits a second, until the call ends or another is told; LINEERR_OPERATIONFAILED: it
 * cannot be written. Without a path both end what is under way. SESSIONTSP_LINE_STREAM has no rates there. */
#define SESSIONTSP_LINE_PLAY   3
#define SESSIONTSP_LINE_RECORD 4

/* dwState: it runs; it is silent and waits where it is; it was reset, and runs with what is played next */
#define SESSIONTSP_STREAM_RUNNING 0
#define SESSIONTSP_STREAM_PAUSED  1
#define SESSIONTSP_STREAM_STOPPED 2

struct sessiontsp_stream {
    DWORD dwState;
    DWORD dwRate;   /* percent of the usual: 25 to 400, in steps of 25 */
    DWORD dwVolume; /* percent of the usual: 0 (nothing is heard) to 200, in steps of 10 */
};

/* dwState */
#define SESSIONTSP_REGISTRATION_NONE       0 /* a line of the exchange */
#define SESSIONTSP_REGISTRATION_TRUNK      1 /* an account that does not register */
#define SESSIONTSP_REGISTRATION_REGISTERED 2
#define SESSIONTSP_REGISTRATION_NOT        3 /* not now; szText says why */

struct sessiontsp_registration {
    DWORD dwState;
    DWORD dwSeconds; /* REGISTERED: for how long still; it is renewed before */
    WCHAR szText[200];
};

struct sessiontsp_file {
    DWORD dwCommand;
    DWORD dwValue; /* PLAY: an id of the application's, for LINE_DEVSPECIFIC */
    WCHAR szPath[260];
};

/* What LINECALLINFO has in place of the stream once a call of a SIP account has ended. */
struct sessiontsp_ended_call {
    struct sessiontsp_stream Stream;
    DWORD dwSipCode;     /* answer of SIP that it was refused with or ended after; 0: none */
    DWORD dwCause;       /* of Q.850, if the other end gave one; else 0 */
    DWORD dwSent;        /* RTP packets */
    DWORD dwReceived;
    DWORD dwLost;        /* of those that the other end sent */
    DWORD dwLostThere;   /* of those that this end sent, as the other end reports (RTCP) */
    DWORD dwJitter;      /* mean of what came here, in microseconds */
    DWORD dwRoundTrip;   /* in microseconds, by RTCP; 0: it was not measured */
};

struct sessiontsp_line {
    DWORD dwCommand;
    DWORD dwValue;
    struct sessiontsp_stream Stream;
};

#endif
