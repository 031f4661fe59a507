#!/usr/bin/env bash
# Agents across programs: one is the proxy, others ask it by the service; they come, go and die. Ends with "N passed, N failed".
# SPDX-License-Identifier: MIT
set -uo pipefail
export LC_ALL=C.UTF-8
top=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
posix=${TAPI_OUT_POSIX:-$top/build/out/posix}
agent=${TAPI_TREE_POSIX:-$top/build/out/native}/bin/service_agent
work=$(mktemp -d)
mkdir -m 700 "$work/run"
mkdir -p "$work/config/tapi_shim" "$work/home"
export XDG_CONFIG_HOME=$work/config HOME=$work/home XDG_RUNTIME_DIR=$work/run LD_LIBRARY_PATH=$posix/lib
unset TAPI_SHIM_CONFIG TAPI_SHIM_PROVIDERS TAPI_SHIM_LOG TAPI_SHIM_MODE TAPI_SHIM_SOCKET TAPI_SHIM_SERVER
export TAPI_SHIM_SERVER=$posix/bin/tapishimsrv TAPI_SHIM_MODE=service
printf '[service]\nlinger_s = 600\n' >"$XDG_CONFIG_HOME/tapi_shim/tapi_shim.ini"
ctl() { "$posix/bin/tapictl" "$@"; }
trap '[ "$BASHPID" -ne "$$" ] || { ctl service stop >/dev/null 2>&1; rm -rf -- "$work"; }' EXIT

passed=0 failed=0
check() { # NAME COMMAND...
    local name=$1
    shift
    if "$@" >"$work/check" 2>&1; then
        passed=$((passed + 1))
        printf 'ok   %s\n' "$name"
    else
        failed=$((failed + 1))
        printf 'FAIL %s\n' "$name"
        head -n 20 "$work/check" | sed 's/^/     /'
    fi
}
has() { grep -Eq -- "$2" "$1" || { cat -- "$1"; return 1; }; }
# begin FILE ARGUMENT...: in the background, as the process that $! names.
begin() {
    local file=$1
    shift
    : >"$file"
    "$agent" "$@" >"$file" 2>&1 &
}
# until_has FILE PATTERN PID: waits for a line that a program writes; the program ends it if it ends without.
until_has() {
    while ! grep -Eq -- "$2" "$1" 2>/dev/null; do
        kill -0 "$3" 2>/dev/null || { grep -Eq -- "$2" "$1" && return 0; cat "$1"; return 1; }
    done
}
until_clear() { until ctl service status >"$work/status" && grep -q '^handles: 0 programs, 0 open lines, 0 of calls$' "$work/status" &&
    grep -q '^calls: 0, requests: 0' "$work/status"; do :; done; }

"$agent" ask 1 >"$work/asked" 2>&1
check "nobody is there: refused" has "$work/asked" '^lineGetAgentCaps: 0x80000049$'

begin "$work/watch" watch 1 6
watcher=$!
until_has "$work/watch" '^lineOpen: 0$' "$watcher"
begin "$work/proxy" proxy 1 5
proxy=$!
until_has "$work/proxy" '^lineOpen: 0$' "$proxy"
"$agent" proxy 1 1 >"$work/second" 2>&1
check "a second one for the same requests is refused" has "$work/second" '^lineOpen: 0x80000047$'
check "a program asks, the other one answers" "$agent" ask 1
cp "$work/check" "$work/asked"
wait "$proxy"
check "each request reached it" bash -c '[ "$(grep -c ^request "$0")" -eq 5 ]' "$work/proxy"
check "features are those that somebody serves" has "$work/asked" '^features 0x2$'
check "what it accepts succeeds" has "$work/asked" '^lineSetAgentState: 0$'
check "what it refuses fails" has "$work/asked" '^lineSetAgentState: 0x8000005a$'
check "what it does not take is unavailable" has "$work/asked" '^lineSetAgentGroup: 0x80000049$'
check "a handle of its making" has "$work/asked" '^agent 4711$'
check "a text of its making" has "$work/asked" '^group Sales$'
wait "$watcher"
check "others hear that it came" has "$work/watch" '^proxy 1 2 0$'
check "and what it says" has "$work/watch" '^agent 0 2 4$'

begin "$work/silent" silent 1 1
proxy=$!
until_has "$work/silent" '^lineOpen: 0$' "$proxy"
begin "$work/asked" ask 1
asker=$!
until_has "$work/silent" '^taken' "$proxy"
kill -9 "$proxy"
wait "$proxy" 2>/dev/null
wait "$asker"
check "a proxy that is killed: what it had taken fails" has "$work/asked" '^lineGetAgentCaps: 0x80000048$'
until_clear

begin "$work/silent" silent 1 1
proxy=$!
until_has "$work/silent" '^lineOpen: 0$' "$proxy"
begin "$work/asked" ask 1
asker=$!
until_has "$work/silent" '^taken' "$proxy"
kill -9 "$asker"
wait "$asker" 2>/dev/null
check "one that asked is killed: the proxy goes on" kill -0 "$proxy"
kill -9 "$proxy"
wait "$proxy" 2>/dev/null
until_clear
check "nothing is left" has "$work/status" '^calls: 0, requests: 0'

begin "$work/silent" silent 1 1
proxy=$!
until_has "$work/silent" '^lineOpen: 0$' "$proxy"
begin "$work/asked" ask 1
asker=$!
until_has "$work/silent" '^taken' "$proxy"
service=$(ctl service status | sed -n 's/^running: process \([0-9]*\) .*/\1/p')
kill -9 "$service"
wait "$asker" "$proxy"
check "the service is killed: both hear it" bash -c 'grep -q "^the service has gone" "$0" && grep -q "^the service has gone" "$1"' "$work/asked" "$work/silent"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
