# SPDX-License-Identifier: BSD-3-Clause
#
# Finds the libraries of the stores that sinks write into. Sets ZENWS_STORES to
# those that are built, beside SQLite.

# Looks for the package of a store unless the option ZENWS_WITH_<store> is OFF.
macro(zenws_find_store store package)
  if(NOT ZENWS_WITH_${store} STREQUAL "AUTO" AND ZENWS_WITH_${store})
    find_package(${package} REQUIRED)
  elseif(ZENWS_WITH_${store} STREQUAL "AUTO")
    find_package(${package} QUIET)
  endif()
  if(ZENWS_WITH_${store} AND ${package}_FOUND)
    list(APPEND ZENWS_STORES ${store})
  endif()
endmacro()

set(ZENWS_STORES "")
zenws_find_store(POSTGRES PostgreSQL)
zenws_find_store(REDIS Hiredis)
zenws_find_store(KAFKA RdKafka)
message(STATUS "Sinks: SQLITE ${ZENWS_STORES}")
