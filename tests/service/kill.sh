#!/usr/bin/env bash
# Programs under load on one service, and deaths among them: of one program, or of the service. Who is left checks what it is told
# (load.c), and nothing may be left in the service. KILL_SEED, KILL_ROUNDS and KILL_WINE_ROUNDS change what is drawn, and how often;
# run.sh runs it behind its own tests. Ends with "N passed, N failed".
# SPDX-License-Identifier: MIT
set -uo pipefail
export LC_ALL=C.UTF-8
top=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
work=$(mktemp -d)
home=$HOME
mkdir -m 700 "$work/run"
mkdir -p "$work/config/tapi_shim" "$work/home"
export XDG_CONFIG_HOME=$work/config XDG_RUNTIME_DIR=$work/run WINEDEBUG=-all
unset TAPI_SHIM_CONFIG TAPI_SHIM_PROVIDERS TAPI_SHIM_LOG TAPI_SHIM_MODE TAPI_SHIM_SOCKET TAPI_SHIM_SERVER LD_LIBRARY_PATH
printf '[service]\nlinger_s = 600\n' >"$XDG_CONFIG_HOME/tapi_shim/tapi_shim.ini"

passed=0 failed=0
ok() {
    passed=$((passed + 1))
    printf 'ok   %s\n' "$1"
}
bad() { # NAME FILE...
    failed=$((failed + 1))
    printf 'FAIL %s\n' "$1"
    shift
    head -n 12 -- "$@" | sed 's/^/     /'
}
seed=${KILL_SEED:-20220}
# draw N: a number from 1 to N in $drawn; the same ones for the same seed.
draw() {
    seed=$(((seed * 1103515245 + 12345) & 0x7fffffff))
    drawn=$(((seed >> 8) % $1 + 1))
}

# How a program is run, and how told of one that is under way.
native() { # PROGRAM ARGUMENT...
    local program=$1
    shift
    HOME=$work/home exec "$folder/$program" "$@"
}
wine64() {
    local program=$1
    shift
    cd "$folder" && HOME=$home exec "$top/build/wine64" "./$program.exe" "$@"
}
run() { ("$runner" "$@") 2>/dev/null | tr -d '\r'; }
begin() { # I ARGUMENT...: the load program on line I in the background, which watches the next one
    local i=$1
    shift
    : >"$work/load$i"
    draw 1000000
    ("$runner" service_load --own "$i" --watch $(((i + 1) % 4)) --seed "$drawn" "$@") >"$work/load$i" 2>&1 &
    pids[i]=$!
}
pid_of_service() { run tapictl service status | sed -n 's/^running: process \([0-9]*\) .*/\1/p'; }
# Those that died are cleared away a moment later.
until_clear() {
    until run tapictl service status >"$work/status" && grep -q '^handles: 0 programs, 0 open lines, 0 of calls$' "$work/status" &&
        grep -q '^calls: 0, requests: 0' "$work/status"; do :; done
}
# The load program I ended as it should, without a violation.
clean() { # I DEATHS
    wait "${pids[$1]}" && tr -d '\r' <"$work/load$1" | grep -q "^calls=[0-9]* messages=[0-9]* deaths=$2 violations=0$"
}
trap '[ "$BASHPID" -ne "$$" ] || { run tapictl service stop >/dev/null; rm -rf -- "$work"; }' EXIT

# One of four programs dies at a message that is drawn; the service and the others go on.
program_dies() { # NAME CALLS
    local i good=1 victim service
    run tapictl service start >/dev/null
    service=$(pid_of_service)
    draw 4
    victim=$((drawn - 1))
    for i in 0 1 2 3; do
        draw "$2"
        if [ "$i" -eq "$victim" ]; then begin "$i" --calls "$2" --die "$drawn"; else begin "$i" --calls "$2"; fi
    done
    for i in 0 1 2 3; do
        if [ "$i" -eq "$victim" ]; then
            wait "${pids[i]}" && good=0
            grep -q violation "$work/load$i" && good=0
        else
            clean "$i" 0 || good=0
        fi
    done 2>/dev/null
    until_clear
    [ "$service" = "$(pid_of_service)" ] || good=0
    if [ "$good" -eq 1 ]; then ok "$1"; else bad "$1" "$work"/load? "$work/status"; fi
}

# The service dies when each program has had as many messages as was drawn for it; all go on with another one.
service_dies() { # NAME CALLS
    local i good=1 service
    run tapictl service start >/dev/null
    service=$(pid_of_service)
    for i in 0 1 2 3; do
        draw "$2"
        begin "$i" --calls "$2" --deaths 1 --tell "$drawn"
    done
    for i in 0 1 2 3; do
        until grep -q '^told' "$work/load$i" || ! kill -0 "${pids[i]}"; do :; done
    done 2>/dev/null
    run service_load --kill "$service" || good=0
    for i in 0 1 2 3; do clean "$i" 1 || good=0; done
    until_clear
    [ "$service" != "$(pid_of_service)" ] || good=0
    if [ "$good" -eq 1 ]; then ok "$1"; else bad "$1" "$work"/load? "$work/status"; fi
}

rounds() { # NAME FOLDER RUNNER ROUNDS CALLS
    local name=$1 round
    folder=$2 runner=$3
    for ((round = 1; round <= $4; round++)); do
        program_dies "$name: a program dies under load ($round)" "$5"
        service_dies "$name: the service dies under load ($round)" "$5"
    done
    run tapictl service stop >/dev/null
}
echo "seed $seed"
rounds native "${TAPI_TREE_POSIX:-$top/build/out/native}/bin" native "${KILL_ROUNDS:-10}" 100
# A pipe of its own: the prefix may be in use.
export TAPI_SHIM_SOCKET="\\\\.\\pipe\\tapi_shim-kill-$$"
if command -v wine >/dev/null && [ -x "${TAPI_TREE_W64:-$top/build/out/w64}/bin/service_load.exe" ]; then
    rounds wine "${TAPI_TREE_W64:-$top/build/out/w64}/bin" wine64 "${KILL_WINE_ROUNDS:-4}" 50
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
