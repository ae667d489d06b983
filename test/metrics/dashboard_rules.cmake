# SPDX-License-Identifier: BSD-3-Clause
#
# Writes the queries of a Grafana dashboard as rules, for promtool to check.
#
# Usage: cmake -DDASHBOARD=<file> -DRULES=<file> -DPROMTOOL=<program>
#              -P dashboard_rules.cmake

file(READ "${DASHBOARD}" dashboard)
string(JSON num_panels LENGTH "${dashboard}" panels)
math(EXPR last_panel "${num_panels} - 1")
set(rules "groups:\n  - name: dashboard\n    rules:\n")
set(num_queries 0)
foreach(i RANGE ${last_panel})
  string(JSON num_targets ERROR_VARIABLE none
         LENGTH "${dashboard}" panels ${i} targets)
  if(NOT num_targets OR num_targets MATCHES "NOTFOUND")
    continue() # a heading
  endif()
  math(EXPR last_target "${num_targets} - 1")
  foreach(j RANGE ${last_target})
    string(JSON query GET "${dashboard}" panels ${i} targets ${j} expr)
    string(REPLACE "$__rate_interval" "1m" query "${query}")
    string(REPLACE "$client" ".*" query "${query}")
    if(query MATCHES "\\$")
      message(SEND_ERROR "a variable that the dashboard does not have: ${query}")
    endif()
    math(EXPR num_queries "${num_queries} + 1")
    string(APPEND rules "      - record: dashboard:query_${num_queries}\n"
                        "        expr: '${query}'\n")
  endforeach()
endforeach()
if(num_queries EQUAL 0)
  message(FATAL_ERROR "no queries in ${DASHBOARD}")
endif()
file(WRITE "${RULES}" "${rules}")
execute_process(COMMAND "${PROMTOOL}" check rules "${RULES}"
                COMMAND_ERROR_IS_FATAL ANY)
