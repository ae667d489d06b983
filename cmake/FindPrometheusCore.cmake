# SPDX-License-Identifier: BSD-3-Clause

#[=======================================================================[.rst:
FindPrometheusCore
------------------

Finds the core of prometheus-cpp: metrics and their text format, without a
server. The CMake package of prometheus-cpp itself wants civetweb as well.

Defines the imported target ``PrometheusCore::core`` and
``PrometheusCore_FOUND``. The cache variables ``PrometheusCore_INCLUDE_DIR`` and
``PrometheusCore_LIBRARY`` hold what was found and may be set by hand.
#]=======================================================================]

include(FindPackageHandleStandardArgs)

find_path(PrometheusCore_INCLUDE_DIR NAMES prometheus/text_serializer.h)
find_library(PrometheusCore_LIBRARY NAMES prometheus-cpp-core)
mark_as_advanced(PrometheusCore_INCLUDE_DIR PrometheusCore_LIBRARY)

find_package_handle_standard_args(
  PrometheusCore
  REQUIRED_VARS PrometheusCore_INCLUDE_DIR PrometheusCore_LIBRARY
  REASON_FAILURE_MESSAGE
    "Debian and Ubuntu ship it: apt-get install prometheus-cpp-dev")

if(PrometheusCore_FOUND AND NOT TARGET PrometheusCore::core)
  add_library(PrometheusCore::core UNKNOWN IMPORTED)
  set_target_properties(
    PrometheusCore::core PROPERTIES
    IMPORTED_LOCATION "${PrometheusCore_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${PrometheusCore_INCLUDE_DIR}")
endif()
