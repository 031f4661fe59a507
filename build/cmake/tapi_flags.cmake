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

if(TAPI_SANITIZE)
  add_compile_options(-fsanitize=${TAPI_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${TAPI_SANITIZE})
endif()

# Which functions the tests run. Threads count as well.
option(TAPI_COVERAGE "Count what runs, for gcov" OFF)
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
