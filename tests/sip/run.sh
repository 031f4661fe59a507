#!/usr/bin/env bash
# Our lines with other people's programs: Kamailio as registrar and proxy, baresip as a telephone, sipp for what those do not do; natively
# and with the x64 provider under Wine. A .scenario is what tapictl does, and in lines that are comments to it
#
#   #= ...   the configuration of ours; without any a trunk to {peer}, number 100
#   #1 ...   what the other end at {peer} does (peer.pl); #2: at {peer2}; #3: at {peer}, when #1 is done ("#: peer3")
#   #: ...   a command of lib.sh; those before the first line of tapictl's are done before it starts, the others beside it
#   #? ...   lines that Kamailio's log has to have, in this order
#
# The messages that come out are those of the .trace beside it. build/test runs all; by hand: build/test scripts, or
# tests/sip/run.sh [--accept|--keep] [--native|--wine] [NAME...]. Ends with "N passed, N failed".
# build/demo: tests/sip/run.sh --demo native|wine. Shows the messages of one, and ends with what became of its calls.
# SPDX-License-Identifier: MIT
set -uo pipefail
export LC_ALL=C.UTF-8
tests_sip=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
top=$(cd -- "$tests_sip/../.." && pwd)
posix=${TAPI_OUT_POSIX:-$top/build/out/posix}
w64=${TAPI_OUT_W64:-$top/build/out/w64}
work=$(mktemp -d)
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$tests_sip/lib.sh"
export XDG_CONFIG_HOME=$work/config XDG_STATE_HOME=$work/state HOME_BEFORE=$HOME HOME=$work/home
unset TAPI_SHIM_CONFIG TAPI_SHIM_PROVIDERS TAPI_SHIM_LOG TAPI_SHIM_TRACE
# What goes wrong is told where scenarios look for it, also on Windows.
export TAPI_SHIM_MODE=in-process TAPI_SHIM_LOG=warning
mkdir -p "$XDG_CONFIG_HOME" "$HOME"
key='HKEY_CURRENT_USER\Software\SessionTSP-sip'

accept='' keep='' only='' demo=''
names=()
while [ "$#" -gt 0 ]; do
    case $1 in
        --accept) accept=1 ;;
        --keep) keep=1 ;;
        --demo)
            demo=$2
            shift
            ;;
        --native | --wine) only=${1#--} ;;
        *) names+=("$1") ;;
    esac
    shift
done
trap '[ -n "$keep" ] && echo "kept: $work" || rm -rf -- "$work"' EXIT
cd "$tests_sip" || exit 1
[ "${#names[@]}" -gt 0 ] || for file in *.scenario; do names+=("${file%.scenario}"); done

at_once=$(($(nproc) + 2))
passed=0 failed=0
ok() {
    passed=$((passed + 1))
    printf 'ok   %s\n' "$1"
}
bad() {
    failed=$((failed + 1))
    printf 'FAIL %s\n' "$1"
    [ "$#" -lt 2 ] || head -n 60 <<<"     ${2//$'\n'/$'\n'     }"
}

native() { LD_LIBRARY_PATH=$posix/lib TAPI_SHIM_CONFIG=$place/ini exec "$posix/bin/tapictl" "$@"; }
wine() {
    cd "$w64/bin" || exit 1
    export TAPI_SHIM_CONFIG="HKCU\\Software\\SessionTSP-sip\\${place##*/}" HOME=$HOME_BEFORE
    # Wine's own words about its services are not ours.
    "$top/build/wine64" ./tapictl.exe "${@:1:$#-1}" "Z:${*: -1}" 2> >(sed -u 's/[\r\x00]//g; /^wine: /d' >&2) | sed -u 's/[\r\x00]//g; /^wine: /d'
    return "${PIPESTATUS[0]}"
}

# prepare NAME ON: the files of a scenario, its places filled in.
prepare() {
    local n files
    files=$([ "$2" = native ] || echo Z:)$place
    sed -n 's/^#= //p' "$1.scenario" | sip_fill >"$place/ini"
    [ -s "$place/ini" ] || printf '[account 1]\nuser=100\ndomain=%s\nregister=0\nmwi=0\n' "$peer" >"$place/ini"
    printf '[sip]\nbind=%s\nport=%s\ntls_port=0\n%s\n' "$host" "${us##*:}" "$(sed -n 's/^#+ //p' "$1.scenario" | sip_fill | sed "s#{place}#$files#")" >>"$place/ini"
    for n in 1 2 3; do
        sed -n "s/^#$n //p" "$1.scenario" | sip_fill >"$place/peer$n"
        [ ! -s "$place/peer$n" ] || perl peer.pl <"$place/peer$n" >"$place/sipp$n.xml"
    done
    # Without the comments, which are not its business, but with as many lines.
    sip_fill <"$1.scenario" | sed "s/^#.*//; s#{place}#$files#" >"$place/scenario"
    # Those that come before tapictl, and those beside it.
    awk -v place="$place" '/^#: / { sub(/^#: /, ""); print > (place (begun ? "/beside" : "/before")); next } !/^#/ && NF { begun = 1 }' "$1.scenario"
    touch "$place/before" "$place/beside"
}

# each FILE: its lines as commands, up to the first that fails.
each() {
    local command
    while read -r command; do
        eval "$command" || {
            echo "failed: $command"
            return 1
        }
    done <"$1"
}

# What Kamailio saw: every line of #? in order.
seen() {
    sed -n 's/^#? //p' "$1.scenario" | awk 'NR == FNR { want[++n] = $0; next } at < n && $0 ~ want[at + 1] { at++ } END { if (at < n) { print "Kamailio did not see: " want[at + 1]; exit 1 } }' - <(sip_unfill <"$place/kamailio.log" 2>/dev/null)
}

# run_one ON NAME: in a shell of its own, as it ends what it started. Its words are in $place/words.
run_one() (
    on=$1 name=$2 status=0
    sipp_pid=()
    place=$work/$on-$name
    read -r host us proxy peer peer2 phone control media <"$place/at"
    pids=()
    trap sip_end EXIT
    each "$place/before" || exit 1
    : >"$place/tapi.log"
    "$on" shell --trace "$place/scenario" >"$place/tapi.log" 2>"$place/err.log" </dev/null &
    tapictl=$!
    each "$place/beside" || status=1
    [ "$status" -ne 0 ] || wait "$tapictl" || { status=1; echo "tapictl: exit status $?"; tail -n 12 "$place/tapi.log" "$place/err.log"; }
    if [ "$status" -ne 0 ]; then
        kill "$tapictl" 2>/dev/null
        for n in "${!sipp_pid[@]}"; do kill "${sipp_pid[n]}"; done
    fi
    sipp_done || status=1
    [ "$status" -eq 0 ] || exit 1
    sip_unfill <"$place/tapi.log" | sed "s#\(Z:\)\?$place#{place}#" >"$place/trace"
    want=$name.trace
    if [ "$on" = wine ]; then
        # There the characters are those of the ANSI code page.
        iconv -f CP1252 -t UTF-8 "$place/trace" >"$place/trace.utf8" && mv "$place/trace.utf8" "$place/trace"
        [ ! -e "$name.wine.trace" ] || want=$name.wine.trace
    fi
    if [ -n "$accept" ]; then
        cp -- "$place/trace" "$name.trace"
    else
        diff -u --label expected --label "$on" "$want" "$place/trace" || exit 1
    fi
    ! grep -q '^#? ' "$name.scenario" || seen "$name"
) >"$work/$1-$2/words" 2>&1

run_all() {
    local on=$1 name
    for name in "${names[@]}"; do
        sip_place "$work/$on-$name"
        echo "$host $us $proxy $peer $peer2 $phone $control $media" >"$place/at"
        prepare "$name" "$on"
    done
    if [ "$on" = wine ]; then
        # One key each, made at once.
        {
            printf 'REGEDIT4\n\n[-%s]\n' "$key"
            for name in "${names[@]}"; do
                sed -nE "s/^\\[(.*)\\]\$/[${key//\\/\\\\}\\\\wine-$name\\\\\\1]/p; s/^([a-z_]+) *= *(.*)\$/\"\\1\"=\"\\2\"/p" "$work/wine-$name/ini"
            done
        } >"$work/config.reg"
        (HOME=$HOME_BEFORE "$top/build/wine64" regedit /S "Z:$work/config.reg" </dev/null >"$work/regedit" 2>&1) ||
            bad "wine: a configuration can be made" "$(cat "$work/regedit")"
    fi
    # They wait most of the time, each for its own: several at once.
    for name in "${names[@]}"; do
        while [ "$(jobs -rp | wc -l)" -ge "$at_once" ]; do wait -n || true; done
        run_one "$on" "$name" && touch "$work/$on-$name/passed" &
    done
    wait
    for name in "${names[@]}"; do
        if [ -e "$work/$on-$name/passed" ]; then ok "$on: $name"; else bad "$on: $name" "$(cat "$work/$on-$name/words")"; fi
    done
}

# What the calls of a trace came to, counted from what was said of each; what is left of them says the line at its end.
counts() {
    awk '/^  lineMakeCall\(.*: request$/ || /: LINE_APPNEWCALL / { calls++ }
         /: LINE_CALLSTATE CONNECTED/ { connected[$1] = 1 }
         /: LINE_CALLSTATE (IDLE|DISCONNECTED)/ { dropped[$1] = 1 }
         /^  lineDeallocateCall\(.*: success$/ { released++ }
         /^  active [0-9]+, on hold / { gsub(/[^0-9 ]/, ""); leaked += $1 + $2 + $3; asked++ }
         /^> / { listing = $2 == "calls" }
         listing && /^  / && !/\(no calls\)/ { leaked++ }
         function count(v, k, n) { for (k in v) n++; return n + 0 }
         END { printf "calls=%d connected=%d dropped=%d released=%d leaked=%d\n", calls, count(connected), count(dropped), released, asked ? leaked : calls }' "$1"
}

if [ -n "$demo" ]; then
    names=(demo)
    export TAPI_SHIM_TRACE=$work/record
    [ "$demo" != wine ] || TAPI_SHIM_TRACE=Z:${work//\//\\}\\record
    run_all "$demo"
    perl ladder.pl "$work/record"
    if ! grep -q ' peer ' "$work/record"; then
        # The record has no SIP in it: from the proxy's log, then.
        printf -- '---- what the proxy saw\n'
        sed -n 's/.*<script>: \(SIP .*\)/\1/p' "$work/$demo-demo/kamailio.log" 2>/dev/null
    fi
    [ ! -e "$work/$demo-demo/trace" ] || counts "$work/$demo-demo/trace"
    exit "$((failed > 0))"
fi

if [ "$only" != wine ]; then
    [ -x "$posix/bin/tapictl" ] && run_all native || bad "native tapictl is there" "$posix/bin/tapictl is missing"
fi
if [ "$only" != native ] && [ -z "$accept" ]; then
    if [ -z "${TAPI_OUT_W64:-}" ] && [ ! -e "$w64/bin/tapictl.exe" ]; then
        printf 'Wine: skipped, there is no %s\n' "$w64/bin/tapictl.exe"
    elif [ ! -e "$w64/bin/tapictl.exe" ]; then
        bad "tapictl.exe is there" "$w64/bin/tapictl.exe is missing"
    else
        run_all wine
        HOME=$HOME_BEFORE "$top/build/wine64" reg delete "$key" /f >"$work/reg" 2>&1
    fi
fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
