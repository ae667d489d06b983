# SPDX-License-Identifier: BSD-3-Clause
#
# Tests by promtool, the checker of Prometheus: of the alert rules, the queries of
# the dashboard, and a scrape. Skipped where it is missing.

find_program(ZENWS_PROMTOOL promtool HINTS "${PROJECT_SOURCE_DIR}/build/promtool")
mark_as_advanced(ZENWS_PROMTOOL)

# Adds a test; the remaining arguments are its command.
function(zenws_add_promtool_test name)
  if(ZENWS_PROMTOOL)
    add_test(NAME monitoring.${name} COMMAND ${ARGN})
  else()
    add_test(NAME monitoring.${name}
             COMMAND "${CMAKE_COMMAND}" -E echo
                     "skipped: promtool is missing, './dev test' fetches it")
    set_tests_properties(monitoring.${name} PROPERTIES
                         SKIP_REGULAR_EXPRESSION "skipped: promtool")
  endif()
  set_tests_properties(monitoring.${name} PROPERTIES
                       LABELS monitoring TIMEOUT 60)
endfunction()

set(monitoring "${PROJECT_SOURCE_DIR}/docs/monitoring")
zenws_add_promtool_test(
  rules "${ZENWS_PROMTOOL}" check rules "${monitoring}/alerts.yml")
zenws_add_promtool_test(
  rule_tests "${ZENWS_PROMTOOL}" test rules "${monitoring}/alerts_test.yml")
zenws_add_promtool_test(
  dashboard
  "${CMAKE_COMMAND}" "-DDASHBOARD=${monitoring}/dashboard.json"
  "-DRULES=${CMAKE_CURRENT_BINARY_DIR}/dashboard_rules.yml"
  "-DPROMTOOL=${ZENWS_PROMTOOL}"
  -P "${CMAKE_CURRENT_SOURCE_DIR}/metrics/dashboard_rules.cmake")
# The suite leaves a scrape behind.
zenws_add_promtool_test(
  scrape sh -c "exec '${ZENWS_PROMTOOL}' check metrics < scrape.txt")
set_tests_properties(
  metrics.metrics_page PROPERTIES FIXTURES_SETUP zenws_scrape)
set_tests_properties(
  monitoring.scrape PROPERTIES FIXTURES_REQUIRED zenws_scrape)
