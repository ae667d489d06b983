#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
#
# Boots a Debian in which the packages are installed, and has its systemd run the
# services: they get ready, read their secrets and keep their files; a gateway that
# hangs is killed and started again; both end when asked to.
#
# Usage: try_services.sh <root of the Debian>, as root. Needs systemd-nspawn.

set -euo pipefail
root=$1
mkdir -p "$root/etc/systemd/system/zenws-gateway.service.d"
echo topsecret > "$root/etc/zenws/credentials/venue"
cat > "$root/etc/zenws/gateway.toml" <<'TOML'
[gateway]
name = "west"
port = 4242
[clients.venue]
url = "ws://127.0.0.1:1"
dialect = "deribit"
credentials = { key = "me", secret_file = "${CREDENTIALS_DIRECTORY}/secret_venue" }
TOML
cat > "$root/etc/zenws/engine-main.toml" <<'TOML'
[venues.deribit]
url = "ws://127.0.0.1:1"
dialect = "deribit"
[venues.deribit.desk]
owner = "mm1"
journal_path = "orders.db"
[venues.deribit.desk.instruments.BTC-PERPETUAL]
position = 1000
[strategies.maker]
kind = "market_maker"
venue = "deribit"
instrument = "BTC-PERPETUAL"
amount = 100
max_position = 1000
half_spread = 0.0005
TOML
printf '[Service]\nWatchdogSec=2\n' \
  > "$root/etc/systemd/system/zenws-gateway.service.d/watchdog.conf"

# Runs inside, once the machine is up.
cat > "$root/check_services.sh" <<'SH'
set -ex
property() { systemctl show "$1" -p "$2" --value; }
is() { [ "$(property "$1" "$2")" = "$3" ]; }
gateway=zenws-gateway
engine=zenws-engine@main
systemctl start $gateway $engine # waits until they are ready
is $gateway StatusText "west listening at 127.0.0.1:4242"
is $engine StatusText "trading on paper"
[ -e /run/credentials/$gateway.service/secret_venue ]
[ -s /var/lib/zenws/engine-main/orders.db.paper ]
kill -STOP "$(property $gateway MainPID)"
until is $gateway NRestarts 1; do sleep 0.2; done
journalctl -u $gateway | grep "Watchdog timeout"
until is $gateway SubState running; do sleep 0.2; done
for unit in $gateway $engine; do
  systemctl stop $unit
  is $unit Result success
done
is $gateway ExecMainStatus 0
touch /services_work
SH
cat > "$root/etc/systemd/system/check.service" <<'UNIT'
[Service]
Type=oneshot
ExecStart=/bin/sh /check_services.sh
ExecStopPost=/bin/sh -c "journalctl --no-pager > /journal; systemctl poweroff"
UNIT
ln -sf /etc/systemd/system/check.service \
  "$root/etc/systemd/system/multi-user.target.wants/"

timeout 300 systemd-nspawn --quiet --directory "$root" --register=no \
  --keep-unit --private-network --console=pipe --boot < /dev/null || true
[[ -e $root/services_work ]] || { tail -n 60 "$root/journal" >&2; exit 1; }
