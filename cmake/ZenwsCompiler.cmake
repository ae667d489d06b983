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
if(ZENWS_PCH AND ZENWS_CCACHE AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_compile_options(-fpch-preprocess)
endif()

# -- sanitizers ----------------------------------------------------------------

if(ZENWS_SANITIZE STREQUAL "address")
  add_compile_options(-fsanitize=address,undefined
                      -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
elseif(ZENWS_SANITIZE STREQUAL "thread")
  add_compile_options(-fsanitize=thread -fno-omit-frame-pointer)
  add_link_options(-fsanitize=thread)
elseif(ZENWS_SANITIZE)
  message(FATAL_ERROR "ZENWS_SANITIZE is '${ZENWS_SANITIZE}': "
                      "expected nothing, 'address' or 'thread'")
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
  INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor
            -Woverloaded-virtual -Wextra-semi
            # GCC 12 is wrong about strings that are built with operator+.
            $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict>)
# Tests and programs pass literals around; in a library a lost bit is a bug.
set(ZENWS_LIBRARY_WARNINGS -Wconversion -Wsign-conversion)
if(ZENWS_WERROR)
  target_compile_options(zenws_warnings INTERFACE -Werror)
endif()
