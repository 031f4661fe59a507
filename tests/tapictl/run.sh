#!/usr/bin/env bash
# tapictl as a person uses it, natively and under Wine: outcomes, exit status, messages, and the registry of a fresh prefix before
# and after a provider is installed. build/test runs it; by hand: build/test scripts. Ends with "N passed, N failed".
# SPDX-License-Identifier: MIT
set -uo pipefail
export LC_ALL=C.UTF-8
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
top=$(cd -- "$here/../.." && pwd)
posix=${TAPI_OUT_POSIX:-$top/build/out/posix}
w64=${TAPI_OUT_W64:-$top/build/out/w64}
work=$(mktemp -d)
export XDG_CONFIG_HOME=$work/config HOME=$work/home
unset TAPI_SHIM_CONFIG TAPI_SHIM_PROVIDERS TAPI_SHIM_LOG
# tests/service is about the other way.
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
    [ "$#" -lt 2 ] || head -n 20 <<<"     ${2//$'\n'/$'\n'     }"
}

# run ARGUMENT...: native tapictl; leaves status, out, err.
run() {
    LD_LIBRARY_PATH=$posix/lib "$posix/bin/tapictl" "$@" >"$work/out" 2>"$work/err" </dev/null
    status=$?
    out=$(tr -d '\0' <"$work/out") err=$(tr -d '\0' <"$work/err")
}
wine_run() {
    (cd "$w64/bin" && WINEDLLOVERRIDES='tapi32=n;mscoree,mshtml,winemenubuilder.exe=' TAPI_WINEPREFIX=$prefix \
        "$top/build/wine64" ./tapictl.exe "$@") >"$work/out" 2>"$work/err" </dev/null
    status=$?
    # What Wine says of its own services, which write to the same place, is not ours; a crash of ours shows in the status.
    out=$(tr -d '\0\r' <"$work/out") err=$(tr -d '\0\r' <"$work/err" | grep -v '^wine: ')
}

# expect NAME STATUS [PATTERN]: of the last run; PATTERN (extended) must be in the output.
expect() {
    local name=$1 want=$2 pattern=${3:-}
    if [ "$status" -ne "$want" ]; then
        bad "$name" "status $status, not $want"$'\n'"$out"$'\n'"$err"
    elif [ -n "$pattern" ] && ! grep -Eq -- "$pattern" <<<"$out"; then
        bad "$name" "no \"$pattern\" in:"$'\n'"$out"$'\n'"$err"
    else
        ok "$name"
    fi
}
# complains NAME PATTERN [LINES]: the last run failed by itself (no signal) with one line of error (or up to LINES: the log says
# why, the tool what) that has PATTERN in it.
complains() {
    local name=$1 pattern=$2 most=${3:-1} lines
    lines=$(grep -c . <<<"$err")
    if [ "$status" -eq 0 ] || [ "$status" -ge 124 ]; then
        bad "$name" "status $status"$'\n'"$err"
    elif [ "$lines" -lt 1 ] || [ "$lines" -gt "$most" ] || ! grep -Eqi -- "$pattern" <<<"$err" || [ "${#err}" -gt $((most * 400)) ]; then
        bad "$name" "not a clear line with \"$pattern\":"$'\n'"$err"
    else
        ok "$name"
    fi
}

conf() { cat >"$work/tapi.ini"; }

# ---- native --------------------------------------------------------------------------------------------------------------

# Everyone's cases; $1 runs tapictl, $2 says where.
common() {
    local go=$1 on=$2 long
    "$go" --help
    expect "$on: --help" 0 'lines'
    for word in lines call listen monitor account provider service shell trace hold transfer conference park pickup forward digits translate location card phone; do
        expect "$on: --help tells of $word" 0 "^  $word"
    done
    for word in 'lines --json' 'lines --wait' 'account --uri' 'account --password-stdin' 'call --line' 'call --seconds' 'monitor --line' 'provider install' 'provider remove' \
        'phone show' 'phone press' 'phone lift' 'phone replace' 'phone watch'; do
        "$go" "${word% *}" --help
        expect "$on: ${word% *} --help tells of ${word#* }" 0 "^ .*${word#* } "
    done
    "$go" --version
    expect "$on: --version" 0 '[0-9]+\.[0-9]+'
    "$go" lines
    expect "$on: lines shows the extensions" 0 '100'
    [ "$(grep -cE '\b10[0-3]\b' <<<"$out")" -eq 4 ] && ok "$on: four lines" || bad "$on: four lines" "$out"
    "$go" lines --json
    expect "$on: lines --json" 0
    if perl -MJSON::PP -e 'local $/; my $d = JSON::PP->new->utf8->decode(<STDIN>); my $l = ref $d eq "ARRAY" ? $d : $d->{lines};
            exit !(@$l == 4)' <<<"$out" 2>"$work/json"; then
        ok "$on: its JSON has four lines"
    else
        bad "$on: its JSON has four lines" "$out$(cat "$work/json")"
    fi
    "$go" phone list
    expect "$on: phone list" 0 '^ *0 .*Phone Extension 100.* 2 x 24 '
    [ "$(grep -c 'Phone Extension' <<<"$out")" -eq 4 ] && ok "$on: four phones" || bad "$on: four phones" "$out"
    "$go" phone show 2
    expect "$on: phone show: the display" 0 '\|102 '
    expect "$on: phone show: the handset" 0 'handset +on hook'
    "$go" phone show 4
    complains "$on: a phone that is not there" 'phone 4'
    "$go" phone press 1 dnd
    expect "$on: phone press" 0
    "$go" phone press 1 '#99'
    complains "$on: a button that is not there" 'INVALBUTTONLAMPID'
    "$go" phone press 1 drop
    complains "$on: a key that has nothing to act on" 'not now'
    "$go" phone press 1 call1 '100' drop
    expect "$on: dialling by hand" 0
    "$go" phone lift 3 speaker
    expect "$on: phone lift" 0
    "$go" phone message 0 on
    expect "$on: phone message" 0
    "$go" phone watch --seconds 0
    expect "$on: phone watch" 0 'watching 4 phones'
    "$go" call 600 --seconds 0
    expect "$on: 600 answers" 0 'CONNECTED|connected'
    "$go" call 601
    expect "$on: 601 is busy" 3 'BUSY|busy'
    "$go" call 777
    expect "$on: another number cannot be reached" 5
    "$go" call 600 --seconds 0 --line 3
    expect "$on: from another line" 0
    "$go" call 600 --line 99
    complains "$on: unknown line" 'line'
    "$go" call ''
    complains "$on: empty number" 'number|address'
    long=$(printf '%010000d' 0)
    "$go" call "$long"
    complains "$on: number of 10,000 digits" 'number|address'
    "$go" call 12x4
    complains "$on: not a number" 'number|address|dial'
    "$go" shell --help
    expect "$on: shell --help tells of --trace" 0 '^  --trace '
    for words in 'shell --frob' 'shell a b' 'trace' 'trace x.svg' 'hold' 'hold 600 601' 'hold 600 --line' 'transfer 600' 'conference 600' \
        'park' 'pickup --parked 5 101' 'forward' 'forward --line 0' 'forward --line 0 --off --busy 1' 'digits 600'; do
        # shellcheck disable=SC2086
        "$go" $words
        if [ "$status" -eq 2 ] && [ "$(grep -c . <<<"$err")" -eq 1 ]; then
            ok "$on: bad usage: $words"
        else
            bad "$on: bad usage: $words" "status $status: $err"
        fi
    done
    "$go" hold 601
    complains "$on: hold: a number that is busy" 'cannot come any more.*BUSY'
    for words in '' 'dance' 'call' 'call 600 601' 'call 600 --seconds' 'call 600 --seconds x' 'call 600 --seconds -1' \
        'call 600 --line x' 'lines --frob' 'lines --wait' 'account' 'account frob' 'phone' 'phone dance' 'phone show' 'phone show x' 'phone press 0' 'phone press 0 frob' \
        'phone lift 0 foot' 'phone message 0' 'phone watch --seconds' 'provider' 'provider dance' 'provider install' 'provider remove x'; do
        # shellcheck disable=SC2086
        "$go" $words
        if [ "$status" -eq 2 ] && [ "$(grep -c . <<<"$err")" -eq 1 ]; then
            ok "$on: bad usage: $words"
        else
            bad "$on: bad usage: $words" "status $status: $err"
        fi
    done
}

if [ ! -x "$posix/bin/tapictl" ]; then
    bad "native tapictl is there" "$posix/bin/tapictl is missing"
else
    common run native
    run call 603 --seconds 30
    expect "native: 603 answers and hangs up" 0 'DISCONNECTED|disconnected'

    conf <<<$'[provider]\nno_answer_ms = 50\n[line 0]\nnumber = 100\n[number 602]\nbehaviour = noanswer\n[number 603]\nbehaviour = answer_hangup\nafter_ms = 10'
    run --config "$work/tapi.ini" call 602
    expect "native: 602 never answers" 4
    run --config "$work/tapi.ini" lines
    expect "native: lines of a configuration" 0 '100'

    run --config "$work/nothing.ini" call 600
    complains "native: missing configuration file" 'nothing\.ini'
    run --config "$work" call 600
    complains "native: a folder as configuration file" "$work"
    mkfifo "$work/fifo.ini"
    run --config "$work/fifo.ini" call 600
    complains "native: a pipe as configuration file" 'fifo\.ini'
    conf <<<$'[line 0]\nnumber = 100\nmax_sessions = many\n[line 1]\nnumber = 101\n[number 600]\nbehaviour = answer'
    run --config "$work/tapi.ini" call 600 --seconds 0
    if [ "$status" -eq 0 ] && grep -Eq 'tapi\.ini:3.*max_sessions' <<<"$err" && [ "$(grep -c . <<<"$err")" -eq 1 ]; then
        ok "native: a broken value is named with file, line and key, and the other line works"
    else
        bad "native: a broken value is named with file, line and key, and the other line works" "status $status: $err"
    fi
    head -c 4096 /dev/urandom >"$work/tapi.ini"
    run --config "$work/tapi.ini" call 600 --seconds 0
    [ "$status" -lt 124 ] && ok "native: noise as configuration" || bad "native: noise as configuration" "status $status"

    export TAPI_SHIM_PROVIDERS=$work/providers.ini
    run provider list
    expect "native: provider list" 0
    run provider install "$posix/lib/libsessiontsp.so"
    expect "native: provider install" 0
    grep -Eq '^NumProviders *= *1' "$work/providers.ini" && grep -Eq '^ProviderFilename0 *= *.*libsessiontsp\.so' "$work/providers.ini" &&
        ok "native: the list has it" || bad "native: the list has it" "$(cat "$work/providers.ini")"
    run provider list
    expect "native: provider list shows it" 0 'libsessiontsp'
    id=$(sed -n 's/^ProviderID0 *= *\([0-9]*\).*/\1/p' "$work/providers.ini")
    run lines
    expect "native: lines of the installed provider" 0 '103'
    run provider remove 4711
    complains "native: removing what is not there" '4711'
    run provider remove "${id:-1}"
    expect "native: provider remove" 0
    [ ! -e "$work/providers.ini" ] && ok "native: nothing stays behind" || bad "native: nothing stays behind" "$(cat "$work/providers.ini")"
    run provider install "$work/nothing.so"
    complains "native: a provider that is not there" 'nothing\.so' 2
    run provider install "$work/tapi.ini"
    complains "native: a provider that is none" 'tapi\.ini' 2
    [ ! -e "$work/providers.ini" ] && ok "native: a failed install leaves nothing" || bad "native: a failed install leaves nothing"
    unset TAPI_SHIM_PROVIDERS

    # Where the machine is, and what is dialled from there.
    run translate '+43 (1) 234-5678'
    expect "native: without a location the plus sign stays" 0 '^\+ 43 1 234-5678$'
    run location add Vienna Country=at Area=1 LocalAccess=0, LongAccess=00
    expect "native: location add" 0 'location 1 is added'
    run location select 1
    expect "native: location select" 0
    run location list
    expect "native: location list" 0 '^\* +1 +43 +1 .*Vienna$'
    run translate '+43 (1) 234-5678'
    expect "native: a local number" 0 '^T 0, 234-5678$'
    expect "native: it is called that" 0 '^  local, '
    run translate tel:+14258828080 --dialable
    expect "native: an international number" 0 '^T000014258828080$'
    run card add Global Number=1234 'International=0800$H,EFG'
    expect "native: card add" 0 'card 1 is added'
    run location change 1 Card=1
    expect "native: location change" 0
    run translate '+1 (425) 882-8080'
    expect "native: the number of a card is not shown" 0 '\[Global\]'
    run card list
    expect "native: card list" 0 '^ +1 +Global$'
    run location countries
    expect "native: countries" 0 '^ +49 +49 .*00EFG .*Germany$'
    run translate +
    complains "native: no number" 'INVALADDRESS'
    run translate 7 --line 77
    complains "native: translation for a line that is not there" 'BADDEVICEID'
    run location select 77
    complains "native: a location that is not there" 'INVALLOCATION'
    run location remove 77
    complains "native: removing a location that is not there" '77'
    for words in translate 'translate 1 --frob' 'translate 1 --line x' location 'location dance' 'location add' 'location add X' \
        'location add X Country=ZZ' 'location change 1 Area=x' 'location change 1 Frob=1' 'location change 1 Area' 'location remove x' card \
        'card add X' 'card add X Number=x'; do
        # shellcheck disable=SC2086
        run $words
        if [ "$status" -eq 2 ] && [ "$(grep -c . <<<"$err")" -eq 1 ]; then
            ok "native: bad usage: $words"
        else
            bad "native: bad usage: $words" "status $status: $err"
        fi
    done
    run card remove 1
    expect "native: card remove" 0
    run location remove 1
    expect "native: location remove" 0
    # The shell of a person: a word is completed, messages show by themselves, what was typed is remembered.
    export XDG_STATE_HOME=$work/state
    printf 'rele\ta\ncall a 600\nquit\n' | LD_LIBRARY_PATH=$posix/lib TERM=xterm script -qec "'$posix/bin/tapictl' shell" /dev/null >"$work/out" 2>&1
    grep -q 'a: LINE_CALLSTATE CONNECTED' "$work/out" && ok "native: shell: messages show while it waits for a command" ||
        bad "native: shell: messages show while it waits for a command" "$(cat -v "$work/out")"
    if [ -e "$work/state/tapi_shim/history" ]; then
        grep -q '^release' "$work/state/tapi_shim/history" && grep -q '^call.*600' "$work/state/tapi_shim/history" &&
            ok "native: shell: completion and history" || bad "native: shell: completion and history" "$(cat "$work/state/tapi_shim/history")"
    fi
    unset XDG_STATE_HOME

    # Ctrl-C in a call: dropped, released, and said so.
    LD_LIBRARY_PATH=$posix/lib "$posix/bin/tapictl" call 600 --seconds 3600 >"$work/out" 2>"$work/err" </dev/null &
    pid=$!
    tail -n +1 -f --pid="$pid" "$work/out" 2>/dev/null | grep -qm1 'CONNECTED\|connected'
    kill -INT "$pid"
    wait "$pid"
    status=$? out=$(cat "$work/out") err=$(cat "$work/err")
    [ "$status" -lt 128 ] && grep -q 'IDLE\|idle' <<<"$out" && ok "native: interrupted call ends cleanly" ||
        bad "native: interrupted call ends cleanly" "status $status"$'\n'"$out$err"
fi

# ---- Wine ----------------------------------------------------------------------------------------------------------------

if [ -z "${TAPI_OUT_W64:-}" ] && [ ! -e "$w64/bin/tapictl.exe" ]; then
    printf 'Wine: skipped, there is no %s\n' "$w64/bin/tapictl.exe"
elif [ ! -e "$w64/bin/tapictl.exe" ]; then
    bad "tapictl.exe is there" "$w64/bin/tapictl.exe is missing"
else
    prefix=$work/prefix
    export TAPI_WINEPREFIX=$prefix
    wine_end() {
        WINEPREFIX=$prefix wineserver -k 2>/dev/null
        WINEPREFIX=$prefix wineserver -w 2>/dev/null
        rm -rf -- "$work"
    }
    trap wine_end EXIT
    common wine_run wine
    key='HKLM\Software\Microsoft\Windows\CurrentVersion\Telephony'
    # The part of the registry that matters: TAPI's key and ours, in full.
    registry() {
        local k
        for k in "$key" 'HKLM\Software\SessionTSP'; do
            "$top/build/wine64" reg query "$k" /s 2>/dev/null | tr -d '\r'
        done
    }
    before=$(registry)
    wine_run provider install sessiontsp.tsp
    expect "wine: provider install" 0
    during=$("$top/build/wine64" reg query "$key\\Providers" 2>/dev/null | tr -d '\r')
    grep -Eq 'NumProviders +REG_DWORD +0x1$' <<<"$during" && grep -Eq 'NextProviderID +REG_DWORD' <<<"$during" &&
        grep -Eq 'ProviderID0 +REG_DWORD' <<<"$during" && grep -Eq 'ProviderFilename0 +REG_SZ +.*sessiontsp\.tsp' <<<"$during" &&
        ok "wine: the Providers values" || bad "wine: the Providers values" "$during"
    wine_run lines
    expect "wine: lines of the installed provider" 0 '103'
    wine_run provider list
    expect "wine: provider list" 0 'sessiontsp'
    id=$(sed -n 's/.*ProviderID0 *REG_DWORD *\(0x[0-9a-f]*\).*/\1/p' <<<"$during")
    wine_run provider remove "$((${id:-1}))"
    expect "wine: provider remove" 0
    after=$(registry)
    [ "$before" = "$after" ] && ok "wine: the registry is as it was" ||
        bad "wine: the registry is as it was" "$(diff <(printf '%s' "$before") <(printf '%s' "$after"))"
    wine_run lines
    expect "wine: lines again without a list" 0 '103'
fi

[ -n "${prefix:-}" ] || rm -rf -- "$work"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
