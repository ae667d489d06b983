#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
#
# Has systemd check the units, and how much of the system they expose: at most
# 2.0 of 10.
#
# Usage: units.sh <prefix>

set -euo pipefail
command -v systemd-analyze > /dev/null || { echo "no systemd-analyze"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# systemd would look for the programs in /usr/bin.
for unit in "$1"/lib/systemd/system/*.service; do
  sed "s,^ExecStart=,&$1/bin/," "$unit" > "$work/$(basename "$unit")"
done
cd "$work"
for unit in zenws-gateway.service zenws-engine@.service; do
  problems=$(systemd-analyze verify --man=no "./${unit/@/@main}" 2>&1) || true
  [[ -z $problems ]] || { echo "$unit: $problems"; exit 1; }
  systemd-analyze security --offline=true --threshold=20 --no-pager "$unit" \
    | tail -n 1
done
