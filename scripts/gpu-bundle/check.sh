#!/bin/sh
# Everything that the check starts comes from this folder, and what it writes goes below work/.
set -eu
here=$(cd "$(dirname "$0")" && pwd -P)
umask 022
PATH=${PATH:-/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}
rm -rf "$here/work"
mkdir -p "$here/work/tmp"
TMPDIR=$here/work/tmp
HOME=$here/work
ORT_DISABLE_TELEMETRY=1
export PATH TMPDIR HOME ORT_DISABLE_TELEMETRY
exec "$here/bin/node" "$here/scripts/gpu-bundle/check/main.mjs" "$@"
