#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
#
# Formats the manual pages; warnings are errors.
#
# Usage: manuals.sh <folder of pages>

set -euo pipefail
command -v groff > /dev/null || { echo "groff is missing"; exit 77; }
for page in "$1"/*.1; do
  problems=$(groff -K utf8 -man -Tutf8 -ww -z -rCHECKSTYLE=1 "$page" 2>&1)
  [[ -z $problems ]] || { echo "$page: $problems"; exit 1; }
done
