#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
#
# Installs packages of zenws in a fresh Debian, and uses them there.
#
# Usage: try_packages.sh <folder of .deb files>, as root. It takes the network.

set -euo pipefail
packages=$(realpath "$1")
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

inside() { chroot "$root" "$@"; }
step() { printf -- '-- %s\n' "$*"; }

step "make a fresh Debian"
# shellcheck disable=SC1091
mmdebstrap --quiet --variant=minbase \
  "$(. /etc/os-release && echo "$VERSION_CODENAME")" "$root" \
  > "$packages/fresh.log" 2>&1 || { cat "$packages/fresh.log" >&2; exit 1; }
cp "$packages"/*.deb "$root/tmp"

step "install all packages but those for development"
# shellcheck disable=SC2016 # the shell inside expands it
inside sh -ec 'export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -qq -y --no-install-recommends \
    /tmp/zenws-tools_*.deb /tmp/zenws-gateway_*.deb /tmp/zenws-engine_*.deb \
    /tmp/libzenws-doc_*.deb systemd' > "$packages/install.log" 2>&1 \
  || { cat "$packages/install.log" >&2; exit 1; }

step "run the programs"
version=$(dpkg-deb -f "$packages"/zenws-tools_*.deb Version)
inside zenws --version | tee /dev/stderr | grep -qF "$version"
inside trading-engine --config /usr/share/doc/zenws/examples/engine.toml --check
[[ $(stat -c %a "$root/etc/zenws/credentials") == 700 ]]

step "follow the trades of a simulated exchange"
# shellcheck disable=SC2016
inside sh -ec 'exchange-sim > /tmp/sim.log &
  trap "kill $!" EXIT
  until grep -q listening /tmp/sim.log; do sleep 0.1; done
  timeout 60 zenws subscribe deribit trades.BTC-PERPETUAL.100ms --count 3 \
    --url "$(sed -n "s/.*listening on //p" /tmp/sim.log)/ws/api/v2"'

step "the services are installed and not enabled"
test -e "$root/lib/systemd/system/zenws-gateway.service"
[[ -z $(find "$root/etc/systemd" -name 'zenws*') ]]

step "have systemd run the services"
"$(dirname "$0")/try_services.sh" "$root"

step "compile a program with the core, without CAF"
inside sh -ec 'export DEBIAN_FRONTEND=noninteractive
  apt-get install -qq -y --no-install-recommends /tmp/libzenws-dev_*.deb \
    g++ pkg-config' >> "$packages/install.log" 2>&1 \
  || { cat "$packages/install.log" >&2; exit 1; }
[[ ! -e $root/usr/include/caf ]] || { echo "CAF came along" >&2; exit 1; }
cp "$(dirname "$0")/core.cpp" "$root/tmp"
# shellcheck disable=SC2016
inside sh -ec 'cd /tmp
  g++ -std=c++20 core.cpp -o core $(pkg-config --cflags --libs zenws-core)
  ./core'

step "remove everything"
inside sh -ec 'apt-get purge -qq -y "zenws-*" "libzenws-*"' \
  >> "$packages/install.log" 2>&1
[[ -z $(find "$root/usr" "$root/lib/systemd/system" -name '*zenws*') ]]
