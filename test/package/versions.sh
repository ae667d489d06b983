#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
#
# Compares the places that name the version.
#
# Usage: versions.sh <source tree> <version>

set -euo pipefail
cd "$1"
version=$2
IFS=. read -r major minor patch <<< "$version"
for part in "major = $major" "minor = $minor" "patch = $patch"; do
  grep -qxF "constexpr unsigned version_$part;" libzenws/zenws/version.hpp \
    || { echo "version.hpp does not have version_$part"; exit 1; }
done
grep -q "^zenws ($version) " packaging/debian/changelog \
  || { echo "packaging/debian/changelog does not have $version"; exit 1; }
grep -q "^## \[$version\]" CHANGELOG.md \
  || { echo "CHANGELOG.md does not have $version"; exit 1; }
