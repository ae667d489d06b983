# SPDX-License-Identifier: BSD-3-Clause
#
# Compiles files into a program.

if(CMAKE_SCRIPT_MODE_FILE)
  # Writes the bytes of all files of FOLDER to OUTPUT, by TEMPLATE, where
  # @arrays@ and @entries@ stand for an array and an initializer for each.
  file(GLOB files LIST_DIRECTORIES FALSE RELATIVE "${FOLDER}" "${FOLDER}/*")
  set(number 0)
  foreach(name IN LISTS files)
    file(READ "${FOLDER}/${name}" bytes HEX)
    string(REGEX REPLACE "(..)" "'\\\\x\\1'," bytes "${bytes}")
    string(APPEND arrays
           "constexpr char file_${number}[] = {${bytes}'\\0'};\n")
    string(APPEND entries
           "    {\"${name}\", {file_${number}, sizeof(file_${number}) - 1}},\n")
    math(EXPR number "${number} + 1")
  endforeach()
  configure_file("${TEMPLATE}" "${OUTPUT}" @ONLY)
  return()
endif()

# Sets `source` to a generated source with all files of `folder`.
function(zenws_embed source folder template)
  file(GLOB files CONFIGURE_DEPENDS LIST_DIRECTORIES FALSE "${folder}/*")
  cmake_path(GET folder FILENAME name)
  set(output "${CMAKE_CURRENT_BINARY_DIR}/embedded_${name}.cpp")
  set(script "${PROJECT_SOURCE_DIR}/cmake/ZenwsEmbed.cmake")
  add_custom_command(
    OUTPUT "${output}"
    COMMAND "${CMAKE_COMMAND}" "-DFOLDER=${folder}" "-DTEMPLATE=${template}"
            "-DOUTPUT=${output}" -P "${script}"
    DEPENDS ${files} "${template}" "${script}"
    COMMENT "Embedding ${folder}"
    VERBATIM)
  set(${source} "${output}" PARENT_SCOPE)
endfunction()
