# SPDX-License-Identifier: BSD-3-Clause
#
# The libraries of zenws.

# Adds the library zenws_<name>, called zenws::<name> here and where it is
# installed. HEADERS are its interface; those below internal/ are SOURCES' own.
# USES and USES_PRIVATELY are the libraries that it is linked with.
function(zenws_add_component name)
  cmake_parse_arguments(
    PARSE_ARGV 1 arg "STATIC" "" "SOURCES;HEADERS;USES;USES_PRIVATELY")
  set(library zenws_${name})
  set(kind)
  if(arg_STATIC)
    set(kind STATIC)
  endif()
  add_library(${library} ${kind} ${arg_SOURCES})
  add_library(zenws::${name} ALIAS ${library})
  set_target_properties(
    ${library} PROPERTIES EXPORT_NAME ${name} LINKER_LANGUAGE CXX)
  target_compile_features(${library} PUBLIC cxx_std_20)
  target_compile_options(${library} PRIVATE ${ZENWS_LIBRARY_WARNINGS})
  target_link_libraries(
    ${library}
    PUBLIC ${arg_USES}
    PRIVATE ${arg_USES_PRIVATELY} $<BUILD_INTERFACE:zenws::warnings>)
  target_sources(
    ${library}
    PUBLIC FILE_SET HEADERS BASE_DIRS "${CMAKE_CURRENT_SOURCE_DIR}"
           FILES ${arg_HEADERS})
endfunction()
