/* A provider that does everything wrong that providers were seen to do, one fault for each of its lines.
 * SPDX-License-Identifier: MIT
 *
 * Faults at load are chosen by badtsp_fault or the environment variable BADTSP: "version0", "versionhigh", "enumfail",
 * "initfail", "countless" (of lines), "crash" (of the process, when a call is made), "nonreentrant" (no fault: it says so, and counts threads that come together).
 */
#ifndef TESTS_BADTSP_BADTSP_H
#define TESTS_BADTSP_BADTSP_H

/* What the line with this number does. */
enum badtsp_line {
    BAD_NOTHING,    /* as it should be; completes within the function */
    BAD_EARLY,      /* completes before it sets the handle, and before it returns */
    BAD_TWICE,      /* completes twice, and fails thereafter */
    BAD_NEVER,      /* never completes */
    BAD_FOREIGN,    /* completes requests that nobody made, then its own */
    BAD_ZERO,       /* returns 0 and never completes */
    BAD_POSITIVE,   /* returns a number that is not the request's */
    BAD_NO_HANDLE,  /* succeeds, its call handle is NULL */
    BAD_STRUCTURES, /* sizes and offsets of everything are nonsense */
    BAD_EVENTS,     /* NULL and foreign handles in all events */
    BAD_ZOMBIE,     /* calls go on after IDLE, and after TSPI_lineCloseCall */
    BAD_LATE,       /* calls back after TSPI_lineClose, when told */
    BAD_BLOCK,      /* stays in TSPI_lineOpen until told */
    BAD_STORM,      /* calls back from many threads at once, when told */
    BAD_SAME,       /* its handles are those of the host */
    BAD_LOOP,       /* ends the call itself while it is closed, and completes what is pending */
    BAD_SHUT_OPEN,  /* closes the line by force while it is opened */
    BAD_SHUT_CALL,  /* and while a call is made */
    BAD_CREATE,     /* wants thousands of lines created */
    BAD_VERSION,    /* negotiates version 0 for this line */
    BAD_BOTH,       /* completes, then returns an error */
    BAD_RESULT,     /* completes with a positive result */
    BAD_OPEN_MORE,  /* TSPI_lineOpen returns a positive number */
    BAD_CALL_FIRST, /* reports a call before TSPI_lineOpen returned, and then refuses to open */
    BAD_LINES
};

enum badtsp_what {
    BADTSP_WAIT_BLOCKED, /* until a thread stays in TSPI_lineOpen of BAD_BLOCK */
    BADTSP_RELEASE,      /* lets it go */
    BADTSP_LATE_NOW,     /* BAD_LATE calls back with all handles it ever had */
    BADTSP_STORM_START,  /* threads of BAD_STORM */
    BADTSP_STORM_END,    /* joins them */
    BADTSP_OPEN_LINES,   /* number of lines open */
    BADTSP_LIVE_CALLS,   /* calls not closed */
    BADTSP_DOUBLE,       /* calls and lines closed that were not open */
    BADTSP_TOGETHER,     /* most threads inside at once */
    BADTSP_CREATED       /* lines created */
};

/* Exported as "badtsp_hook". */
typedef int(badtsp_hook_h)(int what);
/* Exported as "badtsp_fault"; the text stays the caller's, "" is none, NULL is what the environment says. */
typedef void(badtsp_fault_h)(const char *name);

#endif
