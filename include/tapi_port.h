/*
 * tapi_port.h - tapi.h and tspi.h on any platform: ours on POSIX, the SDK's on Windows.
 *
 * SPDX-License-Identifier: MIT
 *
 * Include it before any other header that includes windows.h.
 */
#ifndef TAPI_PORT_H
#define TAPI_PORT_H

#ifndef TAPI_CURRENT_VERSION
#define TAPI_CURRENT_VERSION 0x00020002
#endif

#ifdef _WIN32

#ifndef WINVER
#define WINVER 0x0601
#endif
#ifndef _WIN32_WINNT
#define _WIN32_WINNT 0x0601
#endif
#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <windows.h>
/* The SDK's tspi.h has a constant of four characters. */
#ifdef __GNUC__
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#endif
#include <tapi.h>
#include <tspi.h>
#ifdef __GNUC__
#pragma GCC diagnostic pop
#endif

#else

#include "tapi.h"
#include "tspi.h"

#endif

#endif
