/*
 * tapi_types.h - the base types that tapi.h and tspi.h are written in, for systems without windows.h.
 *
 * SPDX-License-Identifier: MIT
 *
 * Sizes are those of Windows: LONG and DWORD have 32 bits and WCHAR has 16, whatever the C compiler's
 * long and wchar_t are. Needs nothing but freestanding headers.
 */
#ifndef TAPI_TYPES_H
#define TAPI_TYPES_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Calling conventions: there is only one here. */
#ifndef WINAPI
#define WINAPI
#endif
#ifndef CALLBACK
#define CALLBACK
#endif
#ifndef APIENTRY
#define APIENTRY
#endif
#ifndef FAR
#define FAR
#endif
#ifndef PASCAL
#define PASCAL
#endif

#ifndef EXTERN_C
#ifdef __cplusplus
#define EXTERN_C extern "C"
#else
#define EXTERN_C extern
#endif
#endif

#ifndef TRUE
#define TRUE 1
#endif
#ifndef FALSE
#define FALSE 0
#endif
#ifndef INFINITE
#define INFINITE 0xFFFFFFFFU
#endif
#ifndef WM_USER
#define WM_USER 0x0400 /* TAPI_REPLY is counted from here */
#endif

/* Integers. */
typedef char CHAR;
typedef unsigned char BYTE;
typedef uint16_t WORD;
typedef int32_t BOOL;
typedef int32_t INT;
typedef uint32_t UINT;
typedef int32_t LONG;
typedef uint32_t ULONG;
typedef uint32_t DWORD;
typedef int64_t LONGLONG;
typedef uint64_t ULONGLONG;

/* Integers as wide as a pointer. */
typedef intptr_t INT_PTR;
typedef uintptr_t UINT_PTR;
typedef intptr_t LONG_PTR;
typedef uintptr_t ULONG_PTR;
typedef ULONG_PTR DWORD_PTR;
typedef UINT_PTR WPARAM;
typedef LONG_PTR LPARAM;
typedef LONG_PTR LRESULT;

/* UTF-16 code units, in a type that u"..." literals initialise in both languages. */
#ifdef __cplusplus
typedef char16_t WCHAR;
#else
typedef uint_least16_t WCHAR;
#endif

typedef void *LPVOID;
typedef void *PVOID;
typedef const void *LPCVOID;
typedef BYTE *LPBYTE;
typedef WORD *LPWORD;
typedef DWORD *LPDWORD;
typedef LONG *LPLONG;
typedef BOOL *LPBOOL;
typedef DWORD_PTR *PDWORD_PTR;

/* Strings. The A functions take UTF-8. */
typedef char *LPSTR;
typedef const char *LPCSTR;
typedef WCHAR *LPWSTR;
typedef const WCHAR *LPCWSTR;
#ifdef UNICODE
typedef WCHAR TCHAR;
typedef LPWSTR LPTSTR;
typedef LPCWSTR LPCTSTR;
#ifndef TEXT
#define TAPI_TEXT_(quoted) u##quoted
#define TEXT(quoted) TAPI_TEXT_(quoted)
#endif
#else
typedef char TCHAR;
typedef LPSTR LPTSTR;
typedef LPCSTR LPCTSTR;
#ifndef TEXT
#define TEXT(quoted) quoted
#endif
#endif

/* Handles of the operating system. Windows and icons do not exist here: pass NULL. */
#ifndef DECLARE_HANDLE
#define DECLARE_HANDLE(name)                                                                                           \
    struct name##__ {                                                                                                  \
        int unused;                                                                                                    \
    };                                                                                                                 \
    typedef struct name##__ *name
#endif
typedef void *HANDLE;
typedef HANDLE *LPHANDLE;
DECLARE_HANDLE(HINSTANCE);
DECLARE_HANDLE(HWND);
DECLARE_HANDLE(HICON);
typedef HINSTANCE HMODULE;

typedef struct _SYSTEMTIME {
    WORD wYear;
    WORD wMonth;     /* 1 to 12 */
    WORD wDayOfWeek; /* 0 is Sunday */
    WORD wDay;
    WORD wHour;
    WORD wMinute;
    WORD wSecond;
    WORD wMilliseconds;
} SYSTEMTIME, *PSYSTEMTIME, *LPSYSTEMTIME;

#ifndef GUID_DEFINED
#define GUID_DEFINED
typedef struct _GUID {
    uint32_t Data1;
    uint16_t Data2;
    uint16_t Data3;
    unsigned char Data4[8];
} GUID;
#endif
#ifndef __LPGUID_DEFINED__
#define __LPGUID_DEFINED__
typedef GUID *LPGUID;
#endif
typedef GUID CLSID;

/* Amounts in ten-thousandths: call rates of agents. */
typedef union tagCY {
#if defined(__GNUC__)
    __extension__
#endif
        struct {
        ULONG Lo;
        LONG Hi;
    };
    LONGLONG int64;
} CY, CURRENCY;

/* Days since 30 December 1899, the day's fraction behind the point. */
typedef double DATE;

#ifdef __cplusplus
}
#endif

#endif
