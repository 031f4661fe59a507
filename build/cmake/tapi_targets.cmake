# Helper functions of the build: DLLs with a .def file, version resources, Check suites.
# SPDX-License-Identifier: MIT
include_guard(GLOBAL)

# tapi_def(TARGET DEF)
#   Makes the DLL TARGET export exactly the names of the module definition file DEF (written or generated; a generated one
#   must come from an add_custom_command of the same folder). Functions are WINAPI: the names in DEF are plain, and stay
#   plain in the 32-bit DLL, where the compiler's names carry "_" and "@bytes". Does nothing where the target is not Windows.
#   The import library that comes of it is of no use on x86, where callers look for the names with "@bytes": programs link
#   the SDK's import library (-ltapi32) instead, as programs of others do.
function(tapi_def target def)
  if(NOT WIN32)
    return()
  endif()
  target_sources(${target} PRIVATE "${def}")
  target_link_options(${target} PRIVATE -Wl,--enable-stdcall-fixup -Wl,--kill-at)
endfunction()

# tapi_version_resource(TARGET FILENAME DESCRIPTION [exe])
#   Links a version resource into the DLL (or program) TARGET, whose file is FILENAME. Windows only.
function(tapi_version_resource target filename description)
  if(NOT WIN32)
    return()
  endif()
  set(TAPI_RC_FILENAME "${filename}")
  set(TAPI_RC_DESCRIPTION "${description}")
  set(TAPI_RC_TYPE VFT_DLL)
  if(ARGN STREQUAL "exe")
    set(TAPI_RC_TYPE VFT_APP)
  endif()
  string(REPLACE "." "," TAPI_RC_NUMBERS "${PROJECT_VERSION}.0")
  set(rc "${CMAKE_CURRENT_BINARY_DIR}/${target}.rc")
  configure_file("${CMAKE_SOURCE_DIR}/build/cmake/version.rc.in" "${rc}" @ONLY)
  target_sources(${target} PRIVATE "${rc}")
endfunction()

# Where Check comes from: pkg-config natively, a static build of Debian's source package (made by build/setup) for Windows.
# Defines the target tapi_check when found.
function(tapi_find_check)
  if(TARGET tapi_check)
    return()
  endif()
  if(WIN32)
    if(DEFINED ENV{XDG_CACHE_HOME} AND NOT "$ENV{XDG_CACHE_HOME}" STREQUAL "")
      set(cache "$ENV{XDG_CACHE_HOME}")
    else()
      set(cache "$ENV{HOME}/.cache")
    endif()
    set(TAPI_CHECK_ROOT "${cache}/tapi_shim/check-${TAPI_ARCH}" CACHE PATH "Prefix of Check built for Windows")
    if(EXISTS "${TAPI_CHECK_ROOT}/lib/libcheck.a")
      add_library(tapi_check INTERFACE IMPORTED GLOBAL)
      target_include_directories(tapi_check SYSTEM INTERFACE "${TAPI_CHECK_ROOT}/include")
      # Check's threads come from winpthreads, linked statically like everything else.
      target_link_libraries(tapi_check INTERFACE "${TAPI_CHECK_ROOT}/lib/libcheck.a" pthread)
    endif()
  else()
    find_package(PkgConfig)
    if(PKG_CONFIG_FOUND)
      pkg_check_modules(CHECK IMPORTED_TARGET GLOBAL check)
      if(CHECK_FOUND)
        add_library(tapi_check INTERFACE IMPORTED GLOBAL)
        target_link_libraries(tapi_check INTERFACE PkgConfig::CHECK)
      endif()
    endif()
  endif()
endfunction()

# tapi_test(NAME name SOURCES file... [NO_THREADS] [OBJECTS object_library...] [LIBS library...] [DEFINES name=value...])
#   Declares a Check suite: the program test_<name>, which runs on every platform, ends with Check's summary line and is found
#   by build/test without being listed anywhere. It runs in the folder of the build's programs and DLLs.
#   Assertions stay on in the test's own sources whatever the build type. A suite without the platform layer has no threads
#   (tests/rules sees to that), and NO_THREADS says it of another: the thread sanitizer does not run it.
function(tapi_test)
  cmake_parse_arguments(arg "NO_THREADS" "NAME" "SOURCES;OBJECTS;LIBS;DEFINES" ${ARGN})
  if(NOT arg_NAME OR NOT arg_SOURCES OR arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "tapi_test: NAME and SOURCES are needed, and nothing unknown: ${arg_UNPARSED_ARGUMENTS}")
  endif()
  tapi_find_check()
  if(NOT TARGET tapi_check)
    message(FATAL_ERROR "tapi_test: Check is not there for this platform; build/setup gets it, -DTAPI_TESTS=OFF does without")
  endif()
  foreach(object IN LISTS arg_OBJECTS)
    if(NOT TARGET ${object})
      # Counted as a failed suite by build/test, so that it cannot go unnoticed.
      message(WARNING "tapi_test: ${arg_NAME} needs ${object}, which is not in the tree")
      set_property(GLOBAL APPEND_STRING PROPERTY TAPI_SUITES "test_${arg_NAME} missing:${object}\n")
      return()
    endif()
  endforeach()
  if(TAPI_SANITIZE STREQUAL "thread" AND (arg_NO_THREADS OR NOT "platform_obj" IN_LIST arg_OBJECTS))
    return()
  endif()
  set(target test_${arg_NAME})
  add_executable(${target} ${arg_SOURCES})
  target_compile_options(${target} PRIVATE -UNDEBUG -fno-lto)
  target_compile_definitions(${target} PRIVATE ${arg_DEFINES})
  target_link_libraries(${target} PRIVATE ${arg_OBJECTS} ${arg_LIBS} tapi_check)
  target_link_options(${target} PRIVATE -fno-lto)
  if(NOT WIN32)
    target_link_libraries(${target} PRIVATE Threads::Threads ${CMAKE_DL_LIBS})
  endif()
  set_property(GLOBAL APPEND_STRING PROPERTY TAPI_SUITES "${target} $<TARGET_FILE:${target}>\n")
  if(NOT CMAKE_CROSSCOMPILING)
    add_test(NAME ${target} COMMAND ${target} WORKING_DIRECTORY "${CMAKE_RUNTIME_OUTPUT_DIRECTORY}")
  endif()
endfunction()

# Writes the list of the suites declared in this tree, a line "name file" each, for build/test.
function(tapi_write_suites)
  get_property(suites GLOBAL PROPERTY TAPI_SUITES)
  file(GENERATE OUTPUT "${CMAKE_BINARY_DIR}/suites.txt" CONTENT "${suites}")
endfunction()
