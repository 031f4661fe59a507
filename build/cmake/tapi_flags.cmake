# Language, warnings, visibility, sanitizers and output folders for everything in the tree.
# SPDX-License-Identifier: MIT
include_guard(GLOBAL)

set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "RelWithDebInfo is what ships; Debug keeps assertions" FORCE)
endif()
# What ships has no assertion in it, because it lives in somebody else's process. Debug is optimised as well: it differs by assertions alone.
set(CMAKE_C_FLAGS_RELWITHDEBINFO "-O2 -g -DNDEBUG")
set(CMAKE_C_FLAGS_DEBUG "-O2 -g")

set(TAPI_SANITIZE "" CACHE STRING "Value for -fsanitize=, empty for none")

add_compile_options(-Wall -Wextra -Wpedantic -Werror)
# The same bytes from whichever folder the sources were built in.
add_compile_options("-ffile-prefix-map=${CMAKE_SOURCE_DIR}/=")
include_directories("${CMAKE_SOURCE_DIR}")

option(TAPI_COVERAGE "Count what runs, for gcov" OFF)

# What ships is optimised across its files: a call goes through a dozen of them. The objects are complete without it, too,
# so that suites link in no time, and whoever links the static library needs not the same compiler.
option(TAPI_LTO "Optimise across files" ON)
if(TAPI_LTO AND NOT TAPI_SANITIZE AND NOT TAPI_COVERAGE AND CMAKE_C_COMPILER_ID STREQUAL "GNU" AND
   NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
  add_compile_options(-flto=auto -ffat-lto-objects)
  add_link_options(-flto=auto)
endif()

# By itself gcc clears and copies a structure of 100 bytes with "rep stos" or "rep movs", which take longer to start than
# all of the work takes, several times in each call.
include(CheckCCompilerFlag)
foreach(what memset memcpy)
  set(flag "-m${what}-strategy=unrolled_loop:64:noalign,libcall:-1:noalign")
  check_c_compiler_flag("${flag}" TAPI_HAVE_${what}_STRATEGY)
  if(TAPI_HAVE_${what}_STRATEGY)
    add_compile_options("${flag}")
  endif()
endforeach()

if(TAPI_SANITIZE)
  add_compile_options(-fsanitize=${TAPI_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${TAPI_SANITIZE})
endif()

# Which functions the tests run. Threads count as well.
if(TAPI_COVERAGE)
  add_compile_options(--coverage -O0 -fprofile-update=atomic)
  add_link_options(--coverage)
endif()

if(WIN32)
  enable_language(RC)
  # mingw's printf is the C one, so that one set of format strings serves both platforms.
  add_compile_definitions(_WIN32_WINNT=0x0601 WINVER=0x0601 TAPI_CURRENT_VERSION=0x00020002
                          __USE_MINGW_ANSI_STDIO=1 WIN32_LEAN_AND_MEAN)
  add_link_options(-static -static-libgcc -Wl,--no-insert-timestamp)
  # One name for a DLL on every arch, and none with the "lib" in front that mingw adds.
  set(CMAKE_SHARED_LIBRARY_PREFIX "")
  set(CMAKE_SHARED_MODULE_PREFIX "")
else()
  set(THREADS_PREFER_PTHREAD_FLAG ON)
  find_package(Threads REQUIRED)
endif()

# Everything a program needs at run time lies beside it, on every platform; tests rely on that.
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/lib")
# Installed programs find libtapi_shim.so relative to themselves, so that a prefix can be moved.
set(CMAKE_INSTALL_LIBDIR lib)
set(CMAKE_BUILD_RPATH_USE_ORIGIN ON)
set(CMAKE_INSTALL_RPATH "$ORIGIN/../lib")
# Where install(TARGETS ... LIBRARY DESTINATION) puts modules: beside the programs on Windows, with the libraries elsewhere.
if(WIN32)
  set(TAPI_MODULE_DIR bin)
else()
  set(TAPI_MODULE_DIR lib)
endif()
