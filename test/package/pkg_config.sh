#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
#
# Compiles programs with nothing but what pkg-config says.
#
# Usage: pkg_config.sh <folder of .pc files> <compiler>

set -euo pipefail
command -v pkg-config > /dev/null || { echo "pkg-config is missing"; exit 77; }
export PKG_CONFIG_PATH=$1
compiler=$2
sources=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for file in "$PKG_CONFIG_PATH"/zenws-*.pc; do
  component=$(basename "$file" .pc)
  pkg-config --print-errors --validate "$component"
  read -ra flags <<< "$(pkg-config --cflags --libs "$component")"
  # The others need minutes to compile; all of their libraries are to be found.
  source=$sources/${component#zenws-}.cpp
  [[ -e $source ]] || source=$sources/nothing.cpp
  "$compiler" -std=c++20 "$source" -o "$work/$component" "${flags[@]}"
  LD_LIBRARY_PATH=$PKG_CONFIG_PATH/.. "$work/$component"
done
