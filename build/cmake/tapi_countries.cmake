# Defines tapi_country_table: the C file with all countries, made from what others keep (build/cmake/countries.cmake). A folder that
# compiles it includes this.
# SPDX-License-Identifier: MIT
if(DEFINED ENV{XDG_CACHE_HOME} AND NOT "$ENV{XDG_CACHE_HOME}" STREQUAL "")
  set(tapi_countries_cache "$ENV{XDG_CACHE_HOME}")
else()
  set(tapi_countries_cache "$ENV{HOME}/.cache")
endif()
set(TAPI_PHONE_METADATA "${tapi_countries_cache}/tapi_shim/phone/PhoneNumberMetadata.xml" CACHE FILEPATH
  "Calling codes and prefixes: a file of libphonenumber, which build/setup fetches")
set(TAPI_COUNTRY_NAMES /usr/share/iso-codes/json/iso_3166-1.json CACHE FILEPATH "Names of countries: a file of iso-codes")
foreach(file TAPI_PHONE_METADATA TAPI_COUNTRY_NAMES)
  if(NOT EXISTS "${${file}}")
    message(FATAL_ERROR "${file}: ${${file}} does not exist; build/setup brings it")
  endif()
endforeach()

set(tapi_country_table "${CMAKE_CURRENT_BINARY_DIR}/country_table.c")
add_custom_command(OUTPUT "${tapi_country_table}"
  COMMAND ${CMAKE_COMMAND} "-DMETADATA=${TAPI_PHONE_METADATA}" "-DNAMES=${TAPI_COUNTRY_NAMES}" "-DOUT=${tapi_country_table}"
    -P "${PROJECT_SOURCE_DIR}/build/cmake/countries.cmake"
  DEPENDS "${PROJECT_SOURCE_DIR}/build/cmake/countries.cmake" "${TAPI_PHONE_METADATA}" "${TAPI_COUNTRY_NAMES}"
  COMMENT "Countries" VERBATIM)
