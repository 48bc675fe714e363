#!/bin/sh
# Everything that the check starts comes from this folder, and what it writes goes below run/.
set -eu
here=$(cd "$(dirname "$0")" && pwd -P)
umask 022
PATH=${PATH:-/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}
rm -rf "$here/run"
mkdir -p "$here/run/tmp"
TMPDIR=$here/run/tmp
HOME=$here/run
ORT_DISABLE_TELEMETRY=1
export PATH TMPDIR HOME ORT_DISABLE_TELEMETRY
exec "$here/bin/node" "$here/scripts/gpu-bundle/check/main.mjs" "$@"
