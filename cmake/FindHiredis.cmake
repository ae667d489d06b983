# SPDX-License-Identifier: BSD-3-Clause

#[=======================================================================[.rst:
FindHiredis
-----------

Finds hiredis, the client library of Redis.

Defines the imported target ``Hiredis::hiredis`` and ``Hiredis_FOUND``. The cache
variables ``Hiredis_INCLUDE_DIR`` and ``Hiredis_LIBRARY`` hold what was found and
may be set by hand.
#]=======================================================================]

include(FindPackageHandleStandardArgs)

find_path(Hiredis_INCLUDE_DIR NAMES hiredis/hiredis.h)
find_library(Hiredis_LIBRARY NAMES hiredis)
mark_as_advanced(Hiredis_INCLUDE_DIR Hiredis_LIBRARY)

find_package_handle_standard_args(
  Hiredis
  REQUIRED_VARS Hiredis_LIBRARY Hiredis_INCLUDE_DIR
  REASON_FAILURE_MESSAGE
    "Debian and Ubuntu ship it: apt-get install libhiredis-dev")

if(Hiredis_FOUND AND NOT TARGET Hiredis::hiredis)
  add_library(Hiredis::hiredis UNKNOWN IMPORTED)
  set_target_properties(
    Hiredis::hiredis PROPERTIES
    IMPORTED_LOCATION "${Hiredis_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${Hiredis_INCLUDE_DIR}")
endif()
