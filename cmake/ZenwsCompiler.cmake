# SPDX-License-Identifier: BSD-3-Clause
#
# How zenws compiles its own code: compiler cache, sanitizers, warnings.
#
# Defines the interface target zenws::warnings. Own targets link to it
# privately; it is never exported.

# -- compiler cache ------------------------------------------------------------

# The sloppiness settings are those that ccache asks for before it caches a
# compilation with a precompiled header.
find_program(ZENWS_CCACHE ccache)
mark_as_advanced(ZENWS_CCACHE)
if(ZENWS_CCACHE AND PROJECT_IS_TOP_LEVEL AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  string(JOIN "," sloppiness pch_defines time_macros include_file_mtime
         include_file_ctime)
  set(CMAKE_CXX_COMPILER_LAUNCHER
      "${CMAKE_COMMAND}" -E env "CCACHE_SLOPPINESS=${sloppiness}"
      "${ZENWS_CCACHE}")
  unset(sloppiness)
endif()

# -- precompiled headers -------------------------------------------------------

# Precompiles headers that most tests of a target include. No test may rely on it:
# each includes what it uses. caf/test/ fixes the name of the suite when it is
# first included, so it is left out.
function(zenws_precompile target)
  if(NOT ZENWS_PCH)
    return()
  endif()
  target_precompile_headers(${target} PRIVATE ${ARGN})
  if(ZENWS_CCACHE AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(${target} PRIVATE -fpch-preprocess)
  endif()
endfunction()

# -- sanitizers ----------------------------------------------------------------

if(ZENWS_SANITIZE STREQUAL "address")
  add_compile_options(-fsanitize=address,undefined
                      -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
elseif(ZENWS_SANITIZE STREQUAL "thread")
  add_compile_options(-fsanitize=thread -fno-omit-frame-pointer)
  add_link_options(-fsanitize=thread)
elseif(ZENWS_SANITIZE STREQUAL "fuzzer")
  set(ignorelist "${PROJECT_SOURCE_DIR}/test/fuzz/ignorelist.txt")
  add_compile_options(-fsanitize=fuzzer-no-link,address,undefined
                      -fsanitize-ignorelist=${ignorelist}
                      -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  unset(ignorelist)
  add_link_options(-fsanitize=address,undefined)
elseif(ZENWS_SANITIZE)
  message(FATAL_ERROR "ZENWS_SANITIZE is '${ZENWS_SANITIZE}': "
                      "expected nothing, 'address', 'thread' or 'fuzzer'")
endif()
if(ZENWS_SANITIZE OR CMAKE_BUILD_TYPE STREQUAL "Debug")
  # Does not change the ABI, unlike _GLIBCXX_DEBUG.
  add_compile_definitions(_GLIBCXX_ASSERTIONS)
endif()

# -- warnings ------------------------------------------------------------------

add_library(zenws_warnings INTERFACE)
add_library(zenws::warnings ALIAS zenws_warnings)
target_compile_options(
  zenws_warnings
  INTERFACE -Wall -Wextra -Wpedantic -Wnon-virtual-dtor -Woverloaded-virtual
            -Wextra-semi
            # A designated initializer names what it means to set.
            -Wno-missing-field-initializers)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION
                                            VERSION_LESS 13)
  # GCC 12 is wrong about strings that are built with operator+, and about what
  # a variant does not hold.
  target_compile_options(
    zenws_warnings
    INTERFACE -Wno-restrict -Wno-array-bounds -Wno-stringop-overflow
              -Wno-stringop-overread -Wno-maybe-uninitialized)
endif()
if(ZENWS_SANITIZE AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # The instrumentation confuses GCC's flow analysis.
  target_compile_options(zenws_warnings INTERFACE -Wno-maybe-uninitialized)
  if(ZENWS_SANITIZE STREQUAL "thread")
    # Asio has fences, which TSan does not see, next to locks, which it does.
    target_compile_options(zenws_warnings INTERFACE -Wno-tsan)
  endif()
endif()
# Too strict for tests, with their literals and their fixtures.
set(ZENWS_LIBRARY_WARNINGS -Wconversion -Wsign-conversion -Wshadow)
# What GCC sees, once optimised, in the checks of CAF's test framework.
set(ZENWS_TEST_WARNINGS "")
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  set(ZENWS_TEST_WARNINGS -Wno-dangling-pointer -Wno-maybe-uninitialized)
  if(ZENWS_SANITIZE) # in coroutines
    list(APPEND ZENWS_TEST_WARNINGS -Wno-mismatched-new-delete)
  endif()
endif()
# Optimizing code that runs once would take longer than it saves. The checks
# left out take GCC as long as all others; the product is compiled with them.
set(ZENWS_TEST_OPTIONS -O0)
if(ZENWS_SANITIZE STREQUAL "address")
  list(APPEND ZENWS_TEST_OPTIONS
       -fno-sanitize=null,alignment,object-size,vptr)
endif()
if(ZENWS_WERROR)
  target_compile_options(zenws_warnings INTERFACE -Werror)
endif()
