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
while read -r file line; do
  grep -q "$line" "$file" || { echo "$file does not have $version"; exit 1; }
done << EXPECTED
packaging/debian/changelog ^zenws ($version)
packaging/fedora/zenws.spec ^Version: *$version$
packaging/vcpkg/zenws/vcpkg.json "version": "$version"
CHANGELOG.md ^## \[$version\]
EXPECTED
