# SPDX-License-Identifier: BSD-3-Clause
#
# The stores of this build, for the tests of sinks. Without its server, a suite
# says so and passes.

target_compile_definitions(
  zenws-sinks-test PRIVATE "ZENWS_SERVERS=\"${PROJECT_SOURCE_DIR}/build/servers\"")
foreach(store IN ITEMS POSTGRES:PostgreSQL::PostgreSQL REDIS:Hiredis::hiredis
        KAFKA:RdKafka::rdkafka)
  string(REGEX MATCH "^([A-Z]+):(.+)$" ignored "${store}")
  if(CMAKE_MATCH_1 IN_LIST ZENWS_STORES)
    target_compile_definitions(
      zenws-sinks-test PRIVATE ZENWS_WITH_${CMAKE_MATCH_1})
    target_link_libraries(zenws-sinks-test PRIVATE ${CMAKE_MATCH_2})
  else()
    # Nothing but the includes is left of the suite.
    string(TOLOWER "${CMAKE_MATCH_1}" name)
    set_tests_properties(sinks.sinks.${name} PROPERTIES DISABLED TRUE)
  endif()
endforeach()

if(ZENWS_SANITIZE STREQUAL "thread")
  # librdkafka starts threads as C11 has them, which the sanitizer of GCC 12 does
  # not notice: it crashes.
  set_tests_properties(sinks.sinks.kafka PROPERTIES DISABLED TRUE)
endif()
