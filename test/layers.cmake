# Checks what the compiler does not: which layer may include or mention what.
#
# Usage: cmake -DROOT=<source tree> -P layers.cmake

# Reports each line of `file` that matches `pattern`.
function(forbid file pattern why)
  file(STRINGS "${ROOT}/${file}" lines REGEX "${pattern}")
  foreach(line IN LISTS lines)
    message(SEND_ERROR "${file}: ${why}: ${line}")
  endforeach()
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

# The folders of libzenws in their order: each may include earlier ones only.
# `top` are the files beside the folders.
set(core_folders internal top json timing limits subscription venue config
    session delivery connection market recording supervision pool)

# Reports includes of later folders.
function(require_folder_order file)
  set(own "top")
  if(file MATCHES "^libzenws/zenws/([a-z_]+)/")
    set(own "${CMAKE_MATCH_1}")
  endif()
  list(FIND core_folders "${own}" own_index)
  file(STRINGS "${ROOT}/${file}" lines REGEX "^#include \"zenws/")
  foreach(line IN LISTS lines)
    set(other "top")
    if(line MATCHES "\"zenws/([a-z_]+)/")
      set(other "${CMAKE_MATCH_1}")
    endif()
    list(FIND core_folders "${other}" other_index)
    if(own_index LESS 0 OR other_index LESS 0 OR other_index GREATER own_index)
      message(SEND_ERROR "${file}: ${own} comes before ${other}: ${line}")
    endif()
  endforeach()
endfunction()

file(GLOB_RECURSE files RELATIVE "${ROOT}"
     "${ROOT}/libzenws/*.[ch]pp" "${ROOT}/actors/*.[ch]pp"
     "${ROOT}/apps/*.[ch]pp" "${ROOT}/test/*.[ch]pp")
if(NOT files)
  message(FATAL_ERROR "no sources below '${ROOT}'")
endif()

foreach(file IN LISTS files)
  if(file MATCHES "^(libzenws|actors)/.*\\.hpp$" AND NOT file MATCHES "/internal/")
    forbid("${file}" "^ *# *include *[<\"][^>\"]*internal/"
           "a public header includes an internal one")
  endif()
  if(file MATCHES "^libzenws/" AND NOT file MATCHES "/sim/|/all\\.hpp$")
    require_folder_order("${file}")
  endif()
  if(file MATCHES "^libzenws/zenws/.*\\.hpp$"
     AND NOT file MATCHES "/(internal|sim)/")
    require_forward_declarations("${file}")
  endif()
  if(file MATCHES "^libzenws/")
    forbid("${file}" "^ *# *include *[<\"]caf/"
           "libzenws must not know CAF")
    forbid("${file}" "^ *# *include *[<\"]zenws/actors/"
           "libzenws must not know the actors")
  elseif(file MATCHES "^actors/")
    forbid("${file}" "^ *# *include *[<\"](rapidjson|simdjson|openssl)[./]"
           "actors leave JSON and TLS to libzenws")
  endif()
  if(NOT file STREQUAL "actors/zenws/actors/caf/caf_compat.hpp")
    forbid("${file}" "CAF_VERSION"
           "only caf_compat.hpp may depend on the version of CAF")
  endif()
endforeach()
