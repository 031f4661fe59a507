#!/usr/bin/env bash
# The scenarios of tests/contract, natively and under Wine: each writes the same trace everywhere, that which lies beside it. build/test
# runs it; by hand: build/test scripts, or "tests/scenarios/run.sh --accept [NAME...]" to take what native tapictl writes as what is right.
# Ends with "N passed, N failed".
# SPDX-License-Identifier: MIT
set -uo pipefail
export LC_ALL=C.UTF-8
top=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
posix=${TAPI_OUT_POSIX:-$top/build/out/posix}
w64=${TAPI_OUT_W64:-$top/build/out/w64}
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
export XDG_CONFIG_HOME=$work/config XDG_STATE_HOME=$work/state HOME_BEFORE=$HOME HOME=$work/home
unset TAPI_SHIM_CONFIG TAPI_SHIM_PROVIDERS TAPI_SHIM_LOG TAPI_SHIM_TRACE
export TAPI_SHIM_MODE=in-process
mkdir -p "$XDG_CONFIG_HOME" "$HOME"

passed=0 failed=0
ok() {
    passed=$((passed + 1))
    printf 'ok   %s\n' "$1"
}
bad() {
    failed=$((failed + 1))
    printf 'FAIL %s\n' "$1"
    [ "$#" -lt 2 ] || head -n 40 <<<"     ${2//$'\n'/$'\n'     }"
}

native() { LD_LIBRARY_PATH=$posix/lib "$posix/bin/tapictl" "$@" </dev/null 2>&1; }
# Wine's own words about its services are not ours.
wine() { (cd "$w64/bin" && HOME=$HOME_BEFORE "$top/build/wine64" ./tapictl.exe "$@" </dev/null 2>&1) | tr -d '\r\0' | grep -v '^wine: '; return "${PIPESTATUS[0]}"; }

# A scenario with an .ini beside it runs with that configuration: a file, or under Wine a registry key made from it.
configure() {
    [ -e "$2.ini" ] || return 0
    if [ "$1" != wine ]; then
        export TAPI_SHIM_CONFIG=$top/tests/contract/$2.ini
        return
    fi
    {
        printf 'REGEDIT4\n\n[-HKEY_CURRENT_USER\\Software\\SessionTSP-scenario]\n'
        sed -nE 's/^\[(.*)\]$/[HKEY_CURRENT_USER\\Software\\SessionTSP-scenario\\\1]/p; s/^([a-z_]+) *= *(.*)$/"\1"="\2"/p' "$2.ini"
    } >"$work/config.reg"
    (HOME=$HOME_BEFORE "$top/build/wine64" regedit /S "Z:$work/config.reg" </dev/null >"$work/regedit" 2>&1) || { cat "$work/regedit"; return 1; }
    export TAPI_SHIM_CONFIG='HKCU\Software\SessionTSP-scenario'
}

# compare ON NAME RUNNER: its trace and its exit status.
compare() {
    local on=$1 name=$2 runner=$3 status=0 difference
    (cd "$top/tests/contract" && configure "$runner" "$name" && "$runner" shell --trace "$4") >"$work/trace" || status=$?
    if [ "$status" -ne 0 ]; then
        bad "$on: $name" "exit status $status"$'\n'"$(tail -n 15 "$work/trace")"
    elif ! difference=$(diff -u --label expected --label "$on" "$top/tests/contract/$name.trace" "$work/trace"); then
        bad "$on: $name" "$difference"
    else
        ok "$on: $name"
    fi
}

cd "$top/tests/contract" || exit 1
names=()
for file in *.scenario; do names+=("${file%.scenario}"); done

if [ "${1:-}" = --accept ]; then
    shift
    [ "$#" -eq 0 ] || names=("$@")
    for name in "${names[@]}"; do
        if (configure native "$name" && native shell --trace "$name.scenario") >"$work/trace"; then
            cp -- "$work/trace" "$name.trace"
        else
            printf '%s fails:\n' "$name"
            tail -n 5 "$work/trace"
        fi
    done
    exit
fi

if [ ! -x "$posix/bin/tapictl" ]; then
    bad "native tapictl is there" "$posix/bin/tapictl is missing"
else
    for name in "${names[@]}"; do compare native "$name" native "$name.scenario"; done
    # The same through the telephony service.
    if [ -x "$posix/bin/tapishimsrv" ]; then
        mkdir -m 700 "$work/run"
        served() { TAPI_SHIM_MODE=service XDG_RUNTIME_DIR=$work/run native "$@"; }
        for name in "${names[@]}"; do compare service "$name" served "$name.scenario"; done
        served service stop >/dev/null
        for name in *.ini; do (configure served "${name%.ini}" && served service stop) >/dev/null; done
    fi
    # One that makes no sense is not begun, one that fails says where.
    printf 'call a 101\ndance\n' >"$work/wrong.scenario"
    out=$(native shell --trace "$work/wrong.scenario") && status=0 || status=$?
    [ "$status" -eq 2 ] && grep -q "wrong.scenario:2: unknown command 'dance'" <<<"$out" && [ "$(grep -c . <<<"$out")" -eq 1 ] &&
        ok "native: a command that there is not" || bad "native: a command that there is not" "status $status: $out"
    printf 'limit 1\ncall a 600\nexpect a CONNECTED\nexpect a BUSY\n' >"$work/wrong.scenario"
    out=$(native shell --quiet "$work/wrong.scenario") && status=0 || status=$?
    [ "$status" -eq 1 ] && grep -q 'wrong.scenario:4: a: expected BUSY, but within 1 s there was' <<<"$out" &&
        ok "native: a message that does not come" || bad "native: a message that does not come" "status $status: $out"
    out=$(printf 'call a 600\nexpect-error answer a LINEERR_NOMEM\n' | LD_LIBRARY_PATH=$posix/lib "$posix/bin/tapictl" shell --quiet 2>&1) && status=0 || status=$?
    [ "$status" -eq 1 ] && grep -q '(input):2: answer: expected LINEERR_NOMEM, but it answered LINEERR_INVALCALLSTATE' <<<"$out" &&
        ok "native: another error than expected, from the standard input" || bad "native: another error than expected, from the standard input" "status $status: $out"
    # The diagram is XML, and has the four columns and the calls' names in it.
    native trace "$work/ladder.svg" makecall.scenario >"$work/out" && status=0 || status=$?
    if [ "$status" -eq 0 ] && perl -0ne '
            s/<\?xml[^>]*\?>//; my @open; my $text = $_;
            while ($text =~ m{<(/?)([a-z]+)([^<>]*?)(/?)>}g) { if ($1) { exit 1 unless @open && pop(@open) eq $2 } elsif (!$4) { push @open, $2 } }
            exit 1 if @open || $text =~ /&(?!amp;|lt;|gt;)/;
            for my $word (qw(application host provider exchange TSPI_lineMakeCall LINE_REPLY), "place 101", "LINE_APPNEWCALL b", "> call a 101 on 0") {
                (my $in = $word) =~ s/>/&gt;/; exit 1 if index($text, $in) < 0 }' "$work/ladder.svg"; then
        ok "native: tapictl trace draws a ladder"
    else
        bad "native: tapictl trace draws a ladder" "status $status"$'\n'"$(cat "$work/out")"
    fi
    [ ! -e "$work/ladder.svg.record" ] && ok "native: and leaves nothing else" || bad "native: and leaves nothing else"
fi

if [ -z "${TAPI_OUT_W64:-}" ] && [ ! -e "$w64/bin/tapictl.exe" ]; then
    printf 'Wine: skipped, there is no %s\n' "$w64/bin/tapictl.exe"
elif [ ! -e "$w64/bin/tapictl.exe" ]; then
    bad "tapictl.exe is there" "$w64/bin/tapictl.exe is missing"
else
    # A configuration of their own, which a scenario may write to.
    key='HKCU\Software\TapiShimScenario'
    wine_reg() { HOME=$HOME_BEFORE "$top/build/wine64" reg "$@" /f >"$work/reg" 2>&1; }
    wine_reg add "$key" || bad "wine: a configuration can be made" "$(cat "$work/reg")"
    export TAPI_SHIM_CONFIG=$key
    for name in "${names[@]}"; do compare wine "$name" wine "Z:$top/tests/contract/$name.scenario"; done
    unset TAPI_SHIM_CONFIG
    wine_reg delete "$key"
fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
