# SPDX-License-Identifier: BSD-3-Clause

#[=======================================================================[.rst:
FindRdKafka
-----------

Finds librdkafka, a client library of Kafka.

Defines the imported target ``RdKafka::rdkafka`` and ``RdKafka_FOUND``. The cache
variables ``RdKafka_INCLUDE_DIR`` and ``RdKafka_LIBRARY`` hold what was found and
may be set by hand.
#]=======================================================================]

include(FindPackageHandleStandardArgs)

find_path(RdKafka_INCLUDE_DIR NAMES librdkafka/rdkafka.h)
find_library(RdKafka_LIBRARY NAMES rdkafka)
mark_as_advanced(RdKafka_INCLUDE_DIR RdKafka_LIBRARY)

find_package_handle_standard_args(
  RdKafka
  REQUIRED_VARS RdKafka_LIBRARY RdKafka_INCLUDE_DIR
  REASON_FAILURE_MESSAGE
    "Debian and Ubuntu ship it: apt-get install librdkafka-dev")

if(RdKafka_FOUND AND NOT TARGET RdKafka::rdkafka)
  add_library(RdKafka::rdkafka UNKNOWN IMPORTED)
  set_target_properties(
    RdKafka::rdkafka PROPERTIES
    IMPORTED_LOCATION "${RdKafka_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${RdKafka_INCLUDE_DIR}")
endif()
