# SPDX-License-Identifier: BSD-3-Clause
#
# Installs zenws to a fresh prefix, then configures, builds and runs the consumer
# against nothing but that prefix.

function(step title)
  message(STATUS "${title}")
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "${title}: failed (${result})")
  endif()
endfunction()

set(prefix "${WORK_DIR}/prefix")
set(build "${WORK_DIR}/build")
file(REMOVE_RECURSE "${prefix}" "${build}")

step("install zenws"
     "${CMAKE_COMMAND}" --install "${ZENWS_BINARY_DIR}" --prefix "${prefix}"
     --config "${BUILD_TYPE}")
file(GLOB_RECURSE internal "${prefix}/include/*/internal/*")
if(internal)
  message(FATAL_ERROR "internal headers were installed: ${internal}")
endif()

# A list in a -D argument would be split on the way to the child.
string(REPLACE ";" "\\;" launcher "${LAUNCHER}")
step("configure the consumer"
     "${CMAKE_COMMAND}" -S "${SOURCE_DIR}" -B "${build}" -G "${GENERATOR}"
     "-DCMAKE_BUILD_TYPE=${BUILD_TYPE}"
     "-DCMAKE_CXX_COMPILER=${CXX_COMPILER}"
     "-DCMAKE_CXX_COMPILER_LAUNCHER=${launcher}"
     "-DCMAKE_PREFIX_PATH=${prefix}" "-DEXAMPLES_DIR=${EXAMPLES_DIR}")
step("build the consumer"
     "${CMAKE_COMMAND}" --build "${build}" --config "${BUILD_TYPE}")
step("run the consumer" "${build}/consumer")
step("run the test of the consumer" "${build}/my_engine_test")
