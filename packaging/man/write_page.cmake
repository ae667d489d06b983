# SPDX-License-Identifier: BSD-3-Clause
#
# Writes a manual page: its source, with the options as the program tells them.
#
# Usage: cmake -DPROGRAM=... -DSOURCE=... -DPAGE=... -DVERSION=... -P write_page.cmake

execute_process(COMMAND "${PROGRAM}" --help OUTPUT_VARIABLE HELP
                COMMAND_ERROR_IS_FATAL ANY)
# What roff would take for its own.
string(REPLACE "\\" "\\e" HELP "${HELP}")
string(REPLACE "-" "\\-" HELP "${HELP}")
string(REGEX REPLACE "(^|\n)([.'])" "\\1\\\\&\\2" HELP "${HELP}")
string(STRIP "${HELP}" HELP)
configure_file("${SOURCE}" "${PAGE}" @ONLY)
