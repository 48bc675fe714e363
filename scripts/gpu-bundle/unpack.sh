#!/bin/sh
# Maru's self-check for a Linux x64 host with a GPU and without a network: unpacks itself and runs.
# Usage: sh maru-gpu-linux-x64.sh [--into <folder>] [--unpack-only] [options of the check, see docs/gpu.md]
set -eu
umask 022
PATH=${PATH:-/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}
export PATH
payload_at=0000000000

fail() {
  echo "$1" >&2
  exit 2
}

# PostgreSQL does not run as root: its own account must be able to reach the folder.
others_can_pass() {
  at=$1
  while :; do
    case $(stat -c %a "$at") in *5 | *7) ;; *) return 1 ;; esac
    [ "$at" = / ] && return 0
    at=$(dirname "$at")
  done
}

decompress() {
  if command -v xz >/dev/null 2>&1; then
    xz -dc
  elif command -v python3 >/dev/null 2>&1 && python3 -c 'import lzma' 2>/dev/null; then
    python3 -c 'import lzma, shutil, sys; shutil.copyfileobj(lzma.open(sys.stdin.buffer), sys.stdout.buffer, 1 << 20)'
  elif command -v busybox >/dev/null 2>&1; then
    busybox xz -dc
  else
    fail 'To unpack it, this host needs xz, python3 or busybox.'
  fi
}

into=
unpack_only=
while [ $# -gt 0 ]; do
  case $1 in
    --into)
      [ $# -ge 2 ] || fail '--into needs a folder.'
      into=$2
      shift 2
      ;;
    --unpack-only)
      unpack_only=yes
      shift
      ;;
    *) break ;;
  esac
done

[ "$(uname -s) $(uname -m)" = 'Linux x86_64' ] || fail "This is for Linux x86_64; here is $(uname -s) $(uname -m)."
if [ -z "$into" ]; then
  here=$(pwd -P)
  if [ "$(id -u)" = 0 ] && ! others_can_pass "$here"; then
    into=$(mktemp -d /tmp/maru-gpu-XXXXXX)
    chmod 755 "$into"
  else
    into=$here/maru-gpu
  fi
fi
mkdir -p "$into"
into=$(cd "$into" && pwd -P)
if [ ! -e "$into/check.sh" ] && [ -n "$(ls -A "$into")" ]; then
  fail "$into is not empty: name another folder with --into."
fi

echo "Unpacking into $into"
tail -c "+$payload_at" "$0" | decompress | tar -xf - --no-same-owner -C "$into" || fail 'It could not be unpacked: is the file whole, the disk full?'
[ -x "$into/check.sh" ] || fail 'It could not be unpacked: the file is cut off.'
"$into/bin/node" --version >/dev/null || fail 'Node does not start: it needs glibc 2.28 or newer and libstdc++.'
[ -z "$unpack_only" ] || exit 0
exec "$into/check.sh" "$@"
