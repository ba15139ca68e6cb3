#!/bin/sh
# Runs a DNS server on the loopback address that has one zone, which this machine may change (RFC 2136).
#
#   sh dns-server.sh 5354 shop.example
#
# It is Knot DNS, of this machine if it has one; else of Debian's packages, which are unpacked below the folder
# KNOT_FOLDER (default .knot) and not installed. Ctrl-C stops it. Exit code 3: there is none to be had here.
# Where DNS_KEY is set ("hmac-sha256:NAME SECRET"), changes have to be signed with that key.
set -eu
port=${1:?port}
zone=${2:?zone}
folder=$(mkdir -p "${KNOT_FOLDER:-.knot}" && cd "${KNOT_FOLDER:-.knot}" && pwd)

unavailable() {
    echo "dns-server.sh: $1; install the packages knot and knot-dnsutils" >&2
    exit 3
}

unpack() {
    command -v apt-get >/dev/null && command -v dpkg >/dev/null || unavailable "no knotd, and no apt-get to fetch it with"
    mkdir -p "$folder/archives/partial"
    apt-get -o Debug::NoLocking=1 -o "Dir::Cache::archives=$folder/archives" -o Acquire::Retries=1 \
        --download-only --no-install-recommends -y install knot knot-dnsutils >"$folder/apt.log" 2>&1 ||
        unavailable "no knotd, and apt-get cannot fetch it ($(tail -n 1 "$folder/apt.log"))"
    for archive in "$folder"/archives/*.deb; do dpkg -x "$archive" "$folder/root"; done
}

PATH=$PATH:/usr/sbin
if ! command -v knotd >/dev/null || ! command -v knsupdate >/dev/null; then
    [ -x "$folder/root/usr/sbin/knotd" ] || unpack
    for libraries in "$folder"/root/usr/lib/*-linux-gnu*; do LD_LIBRARY_PATH=$libraries; done
    export LD_LIBRARY_PATH
    PATH=$folder/root/usr/sbin:$folder/root/usr/bin:$PATH
    # For the program, which changes records with it.
    mkdir -p "$folder/bin"
    printf '#!/bin/sh\nLD_LIBRARY_PATH="%s" exec "%s/root/usr/bin/knsupdate" "$@"\n' "$LD_LIBRARY_PATH" "$folder" \
        >"$folder/bin/knsupdate"
    chmod +x "$folder/bin/knsupdate"
fi

run=$(mktemp -d)
trap 'rm -rf "$run"' EXIT
trap 'kill "$knot" 2>/dev/null; wait "$knot" 2>/dev/null; exit 0' INT TERM
cat >"$run/$zone.zone" <<ZONE
\$ORIGIN $zone.
\$TTL 60
@ SOA ns.$zone. hostmaster.$zone. 1 3600 600 86400 60
@ NS ns.$zone.
ns A 127.0.0.1
ZONE
who="address: 127.0.0.1"
if [ -n "${DNS_KEY:-}" ]; then
    name=${DNS_KEY#*:}
    who="key: ${name% *}"
    cat >"$run/key.conf" <<CONF
key:
  - id: ${name% *}
    algorithm: ${DNS_KEY%%:*}
    secret: ${name#* }
CONF
fi
cat >"$run/knot.conf" <<CONF
$(cat "$run/key.conf" 2>/dev/null)
server:
    rundir: "$run"
    listen: 127.0.0.1@$port
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
database:
    storage: "$run"
log:
  - target: stderr
    any: error
acl:
  - id: pipeline
    $who
    action: update
zone:
  - domain: $zone
    storage: "$run"
    file: $zone.zone
    acl: pipeline
CONF
knotd -c "$run/knot.conf" &
knot=$!
tries=0
until knotc -c "$run/knot.conf" zone-status "$zone" 2>/dev/null | grep -q "serial: [0-9]"; do
    kill -0 "$knot" 2>/dev/null || unavailable "knotd ended at once (is port $port in use?)"
    tries=$((tries + 1))
    [ "$tries" -lt 100 ] || unavailable "knotd did not load the zone"
    sleep 0.1
done
echo "DNS server for $zone on 127.0.0.1:$port"
wait "$knot"
