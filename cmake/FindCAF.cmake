# SPDX-License-Identifier: BSD-3-Clause

#[=======================================================================[.rst:
FindCAF
-------

Finds the C++ Actor Framework. Takes its own CMake package, which it has since
0.18; else looks for the headers and libraries of CAF 0.17, the release that
Debian and Ubuntu package (libcaf-dev).

Components
^^^^^^^^^^

``core``, ``io``, ``openssl``
  One shared library each. ``io`` and ``openssl`` bring in what they depend on.
``test``
  The headers of CAF's unit test framework.

Without components, only ``core`` is looked for.

Imported targets
^^^^^^^^^^^^^^^^

``CAF::core``, ``CAF::io``, ``CAF::openssl``, ``CAF::test``
  One for each component that was found.

Result variables
^^^^^^^^^^^^^^^^

``CAF_FOUND``, ``CAF_VERSION`` (e.g., 0.17.6), ``CAF_<component>_FOUND``

Hints
^^^^^

``CAF_ROOT`` names the prefix of an installation to take before any other. The
cache variables ``CAF_DIR``, or ``CAF_INCLUDE_DIR`` and
``CAF_<component>_LIBRARY``, hold what was found and may be set by hand.
#]=======================================================================]

include(FindPackageHandleStandardArgs)

# -- CAF's own package ---------------------------------------------------------

# It takes no version but its own: the range is checked here.
set(_caf_only "")
if(CAF_ROOT)
  set(_caf_only PATHS "${CAF_ROOT}" NO_DEFAULT_PATH)
endif()
# Within a find module, CMake asks for the version that the module is to find.
set(_caf_wanted "${CAF_FIND_VERSION_COMPLETE}")
set(CAF_FIND_VERSION_COMPLETE "")
find_package(CAF CONFIG QUIET ${_caf_only})
set(CAF_FIND_VERSION_COMPLETE "${_caf_wanted}")
unset(_caf_wanted)
if(CAF_CONFIG)
  foreach(_caf_component IN LISTS CAF_FIND_COMPONENTS)
    if(TARGET CAF::${_caf_component})
      set(CAF_${_caf_component}_FOUND TRUE)
    endif()
  endforeach()
  unset(_caf_component)
  # The package of 0.18 does not say where the headers of its tests are.
  if(TARGET CAF::test AND CAF_VERSION VERSION_LESS 1)
    target_link_libraries(CAF::test INTERFACE CAF::core)
  endif()
  find_package_handle_standard_args(
    CAF
    REQUIRED_VARS CAF_CONFIG
    VERSION_VAR CAF_VERSION
    HANDLE_VERSION_RANGE
    HANDLE_COMPONENTS)
  unset(_caf_only)
  return()
endif()

# -- CAF without a package -----------------------------------------------------

if(NOT CAF_FIND_COMPONENTS)
  set(CAF_FIND_COMPONENTS core)
endif()

# -- headers and version -------------------------------------------------------

find_path(
  CAF_INCLUDE_DIR NAMES caf/config.hpp ${_caf_only} PATH_SUFFIXES include)
mark_as_advanced(CAF_INCLUDE_DIR)

# CAF_VERSION in caf/config.hpp is 10000 * major + 100 * minor + patch.
unset(CAF_VERSION)
if(CAF_INCLUDE_DIR)
  file(STRINGS "${CAF_INCLUDE_DIR}/caf/config.hpp" _caf_line
       REGEX "^#define CAF_VERSION [0-9]+")
  if(_caf_line MATCHES "CAF_VERSION ([0-9]+)")
    math(EXPR _caf_major "${CMAKE_MATCH_1} / 10000")
    math(EXPR _caf_minor "${CMAKE_MATCH_1} / 100 % 100")
    math(EXPR _caf_patch "${CMAKE_MATCH_1} % 100")
    set(CAF_VERSION "${_caf_major}.${_caf_minor}.${_caf_patch}")
  endif()
  unset(_caf_line)
  unset(_caf_major)
  unset(_caf_minor)
  unset(_caf_patch)
endif()

# -- components ----------------------------------------------------------------

set(_caf_dependencies_openssl io)
set(_caf_dependencies_io core)
set(_caf_dependencies_test core)

# Adds what the requested components need, in front of them.
set(_caf_components "")
foreach(_caf_component IN LISTS CAF_FIND_COMPONENTS)
  set(_caf_chain "")
  while(_caf_component)
    list(PREPEND _caf_chain "${_caf_component}")
    set(_caf_component "${_caf_dependencies_${_caf_component}}")
  endwhile()
  list(APPEND _caf_components ${_caf_chain})
endforeach()
list(REMOVE_DUPLICATES _caf_components)

find_package(Threads QUIET)
foreach(_caf_component IN LISTS _caf_components)
  set(CAF_${_caf_component}_FOUND FALSE)
  if(_caf_component STREQUAL "test")
    if(CAF_INCLUDE_DIR AND EXISTS
       "${CAF_INCLUDE_DIR}/caf/test/unit_test_impl.hpp")
      set(CAF_test_FOUND TRUE)
    endif()
  elseif(_caf_component MATCHES "^(core|io|openssl)$")
    find_library(
      CAF_${_caf_component}_LIBRARY NAMES caf_${_caf_component} ${_caf_only}
      PATH_SUFFIXES lib lib64 "lib/${CMAKE_LIBRARY_ARCHITECTURE}")
    mark_as_advanced(CAF_${_caf_component}_LIBRARY)
    if(_caf_component STREQUAL "core")
      set(_caf_header caf/all.hpp)
    else()
      set(_caf_header caf/${_caf_component}/all.hpp)
    endif()
    if(CAF_${_caf_component}_LIBRARY
       AND EXISTS "${CAF_INCLUDE_DIR}/${_caf_header}")
      set(CAF_${_caf_component}_FOUND TRUE)
    endif()
  endif()
endforeach()

find_package_handle_standard_args(
  CAF
  REQUIRED_VARS CAF_INCLUDE_DIR CAF_core_LIBRARY
  VERSION_VAR CAF_VERSION
  HANDLE_VERSION_RANGE
  HANDLE_COMPONENTS
  REASON_FAILURE_MESSAGE
    "Debian and Ubuntu ship CAF 0.17 as libcaf-dev: apt-get install libcaf-dev.
    CAF_ROOT names the prefix of another CAF. The core and the simulator of zenws
    do without (to build them: -DZENWS_BUILD_ACTORS=OFF)")

# -- imported targets ----------------------------------------------------------

if(CAF_FOUND)
  foreach(_caf_component IN LISTS _caf_components)
    if(NOT CAF_${_caf_component}_FOUND OR TARGET CAF::${_caf_component})
      continue()
    endif()
    if(_caf_component STREQUAL "test")
      add_library(CAF::test INTERFACE IMPORTED)
    else()
      add_library(CAF::${_caf_component} UNKNOWN IMPORTED)
      set_target_properties(
        CAF::${_caf_component} PROPERTIES
        IMPORTED_LOCATION "${CAF_${_caf_component}_LIBRARY}")
    endif()
    set_target_properties(
      CAF::${_caf_component} PROPERTIES
      INTERFACE_INCLUDE_DIRECTORIES "${CAF_INCLUDE_DIR}")
    if(_caf_component STREQUAL "core")
      target_link_libraries(CAF::core INTERFACE Threads::Threads)
    else()
      target_link_libraries(
        CAF::${_caf_component}
        INTERFACE CAF::${_caf_dependencies_${_caf_component}})
    endif()
  endforeach()
endif()

unset(_caf_chain)
unset(_caf_component)
unset(_caf_components)
unset(_caf_header)
unset(_caf_dependencies_io)
unset(_caf_dependencies_openssl)
unset(_caf_dependencies_test)
unset(_caf_only)
