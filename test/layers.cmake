# SPDX-License-Identifier: BSD-3-Clause
#
# Checks what the compiler does not: which layer may include or mention what.
#
# Usage: cmake -DROOT=<source tree> -P layers.cmake

# -- folders, from the ground up -----------------------------------------------

# A file includes files of its own folder and of folders before it. Folders that
# share an entry do not include each other. `top` is the component's own folder;
# its umbrella header may include everything and is included by nobody.
set(core_order
    top json log timing limits subscription market trading venue feed config delivery
    "session|connection" "recording|pool|supervision|desk")
set(actors_order
    caf messages delivery market recording client "supervision|pool|desk" top)

# -- rules ---------------------------------------------------------------------

# Reports each line of `file` that matches `pattern`.
function(forbid file pattern reason)
  file(STRINGS "${ROOT}/${file}" lines REGEX "${pattern}")
  foreach(line IN LISTS lines)
    message(SEND_ERROR "${file}: ${reason}: ${line}")
  endforeach()
endfunction()

# Same for each #include of a path that matches `pattern`.
function(forbid_include file pattern reason)
  forbid("${file}" "^ *# *include *[<\"](${pattern})" "${reason}")
endfunction()

# Reports each type of a public header that fwd.hpp leaves out.
file(READ "${ROOT}/libzenws/zenws/fwd.hpp" forward_declarations)
function(require_forward_declarations file)
  file(STRINGS "${ROOT}/${file}" lines
       REGEX "^(class|struct|enum class) [a-z_0-9]+( final)?( : [^;]+)? {")
  foreach(line IN LISTS lines)
    string(REGEX REPLACE "^(class|struct|enum class) ([a-z_0-9]+).*" "\\2"
           name "${line}")
    if(NOT forward_declarations MATCHES " ${name}( : [a-z0-9_]+)?;")
      message(SEND_ERROR "${file}: fwd.hpp does not declare ${name}")
    endif()
  endforeach()
endfunction()

# Sets `level` to the position of the folder of `path` in `order`, and `folder`
# to its name.
function(find_level path order level folder)
  set(name top)
  if(NOT path MATCHES "^internal/" AND path MATCHES "^([^/]+)/")
    set(name "${CMAKE_MATCH_1}")
  endif()
  set(result -1)
  set(position 0)
  foreach(entry IN LISTS order)
    if("${name}" MATCHES "^(${entry})$")
      set(result ${position})
    endif()
    math(EXPR position "${position} + 1")
  endforeach()
  set(${level} ${result} PARENT_SCOPE)
  set(${folder} "${name}" PARENT_SCOPE)
endfunction()

# Reports each #include of `file`, which lies at `path` in the component with
# this include prefix, that does not lead to a folder below.
function(check_order file path prefix order)
  find_level("${path}" "${order}" own_level own_folder)
  if(own_level EQUAL -1)
    message(SEND_ERROR "${file}: layers.cmake does not know this folder")
  endif()
  file(STRINGS "${ROOT}/${file}" lines REGEX "^ *# *include *\"${prefix}")
  foreach(line IN LISTS lines)
    string(REGEX REPLACE "^.*\"${prefix}([^\"]*)\".*$" "\\1" target "${line}")
    find_level("${target}" "${order}" level folder)
    if(level EQUAL -1)
      continue() # another component: see below
    endif()
    if(target STREQUAL "all.hpp"
       OR level GREATER own_level
       OR (level EQUAL own_level AND NOT folder STREQUAL own_folder))
      message(SEND_ERROR "${file}: a folder above or beside: ${line}")
    endif()
  endforeach()
endfunction()

# -- the tree ------------------------------------------------------------------

file(GLOB_RECURSE files RELATIVE "${ROOT}"
     "${ROOT}/libzenws/*.[ch]pp" "${ROOT}/actors/*.[ch]pp"
     "${ROOT}/apps/*.[ch]pp" "${ROOT}/test/*.[ch]pp")
if(NOT files)
  message(FATAL_ERROR "no sources below '${ROOT}'")
endif()

set(numbers "")
foreach(file IN LISTS files)
  file(STRINGS "${ROOT}/${file}" lines REGEX "^ZENWS_LOCAL_MESSAGE\\(")
  foreach(line IN LISTS lines)
    string(REGEX MATCH "[0-9]+" number "${line}")
    list(FIND numbers ${number} index)
    if(NOT index EQUAL -1)
      message(SEND_ERROR "${file}: another message has this number: ${line}")
    endif()
    list(APPEND numbers ${number})
  endforeach()
  if(file MATCHES "^(libzenws|actors)/.*\\.hpp$"
     AND NOT file MATCHES "/internal/")
    forbid_include("${file}" "[^>\"]*internal/"
                   "a public header includes an internal one")
  endif()
  if(file MATCHES "^libzenws/zenws/.*\\.hpp$"
     AND NOT file MATCHES "/(internal|sim)/")
    require_forward_declarations("${file}")
  endif()
  if(file MATCHES "^libzenws/")
    forbid_include("${file}" "caf/" "libzenws must not know CAF")
    forbid_include("${file}"
                   "zenws/(actors|nodes|flows|metrics|monitor|outlet|sinks|testing)/"
                   "libzenws must not know the actors")
  elseif(file MATCHES "^actors/zenws/(actors|nodes)/")
    forbid_include("${file}" "(rapidjson|simdjson|openssl)[./]"
                   "actors leave JSON and TLS to libzenws")
  endif()
  if(file MATCHES "^libzenws/zenws/sim/")
    # An independent peer must not repeat the mistakes of the client.
    forbid_include("${file}" "zenws/([^s]|s[^i]|si[^m]|sim[^/])"
                   "the simulator must not know the rest")
  elseif(file MATCHES "^libzenws/zenws/(.+)$")
    set(path "${CMAKE_MATCH_1}")
    forbid_include("${file}" "zenws/sim/" "only tests know the simulator")
    if(NOT path STREQUAL "all.hpp")
      check_order("${file}" "${path}" "zenws/" "${core_order}")
    endif()
  elseif(file MATCHES "^actors/zenws/actors/(.+)$")
    set(path "${CMAKE_MATCH_1}")
    forbid_include("${file}"
                   "zenws/(nodes|flows|metrics|monitor|outlet|sinks|testing|sim)/"
                   "the actors must not know what is built on them")
    if(NOT path STREQUAL "all.hpp")
      check_order("${file}" "${path}" "zenws/actors/" "${actors_order}")
    endif()
  elseif(file MATCHES "^actors/zenws/monitor/")
    forbid_include("${file}" "zenws/(nodes|testing|sim)/"
                   "the monitor must not know nodes, and what tests are made of")
    forbid_include("${file}" "(rapidjson|simdjson)[./]"
                   "the monitor leaves JSON to libzenws")
  elseif(file MATCHES "^actors/zenws/outlet/")
    forbid_include("${file}" "zenws/(nodes|monitor|testing|sim)/"
                   "the outlet must not know nodes, and what tests are made of")
  elseif(file MATCHES "^actors/zenws/sinks/")
    forbid_include("${file}" "zenws/(nodes|monitor|outlet|testing|sim)/"
                   "sinks must not know nodes, and what tests are made of")
  elseif(file MATCHES "^actors/zenws/nodes/")
    forbid_include("${file}" "zenws/(metrics|monitor|outlet|sinks|testing|sim)/"
                   "nodes must not know what is built on them")
  elseif(file MATCHES "^actors/zenws/flows/")
    forbid_include("${file}"
                   "zenws/(nodes|metrics|monitor|outlet|sinks|testing|sim)/"
                   "flows must not know nodes, and what tests are made of")
  elseif(file MATCHES "^actors/zenws/metrics/")
    forbid_include("${file}" "zenws/(monitor|outlet|testing|sim)/"
                   "metrics must not know what tests are made of")
  endif()
  if(NOT file MATCHES "^(actors/zenws|test)/metrics/")
    forbid_include("${file}" "prometheus/"
                   "only zenws::metrics knows prometheus-cpp")
  endif()
  if(NOT file MATCHES "^(actors/zenws|test)/sinks/")
    forbid_include("${file}" "(libpq-fe|hiredis/|librdkafka/)"
                   "only zenws::sinks knows the libraries of stores")
  endif()
  if(NOT file MATCHES "^actors/zenws/actors/caf/caf_(compat|0|0_17|0_18|1|1_2)\\.[ch]pp$")
    forbid("${file}"
           "(CAF_VERSION|CAF_MAJOR_VERSION|CAF_LOG|CAF_ALLOW_UNSAFE|ZENWS_CAF_1_2|caf::execution_unit|caf::scheduler|void on_exit\\(\\) override|caf::replies_to|caf::reacts_to|caf::meta::|caf::type_erased|_atom::value|_atom_v|add_message_types|add_error_category|sys\\.render)"
           "what depends on the version of CAF belongs behind caf_compat.hpp")
  endif()
  if(NOT file MATCHES
     "^(test/support/(unit|actor)_test\\.hpp|actors/zenws/testing/main\\.cpp)$")
    forbid_include("${file}" "caf/test/"
                   "tests include support/unit_test.hpp")
  endif()
endforeach()
