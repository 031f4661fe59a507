#!/usr/bin/env bash
# Accounts of SIP servers from the command line, natively and under Wine: entered, struck out, tried, called from, drawn; and no secret of
# theirs anywhere. build/test runs it; by hand: build/test scripts. Ends with "N passed, N failed".
# SPDX-License-Identifier: MIT
set -uo pipefail
export LC_ALL=C.UTF-8
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
top=$(cd -- "$here/../.." && pwd)
posix=${TAPI_OUT_POSIX:-$top/build/out/posix}
w64=${TAPI_OUT_W64:-$top/build/out/w64}
work=$(mktemp -d)
home=$HOME
export XDG_CONFIG_HOME=$work/config HOME=$work/home XDG_RUNTIME_DIR=$work/run
unset TAPI_SHIM_CONFIG TAPI_SHIM_PROVIDERS TAPI_SHIM_LOG TAPI_SHIM_TRACE TAPI_SHIM_SOCKET TAPI_SHIM_SERVER
export TAPI_SHIM_MODE=in-process
mkdir -p "$XDG_CONFIG_HOME/tapi_shim" "$HOME"
mkdir -m 700 "$work/run"
ini=$XDG_CONFIG_HOME/tapi_shim/tapi_shim.ini

passed=0 failed=0
ok() {
    passed=$((passed + 1))
    printf 'ok   %s\n' "$1"
}
bad() {
    failed=$((failed + 1))
    printf 'FAIL %s\n' "$1"
    [ "$#" -lt 2 ] || head -n 30 <<<"     ${2//$'\n'/$'\n'     }"
}

# go ARGUMENT...: tapictl, its input from $work/in; leaves status, out, err. Everything that was ever said is kept in $work/said.
native() {
    LD_LIBRARY_PATH=$posix/lib "$posix/bin/tapictl" "$@" >"$work/out" 2>"$work/err" <"$work/in"
}
wine() {
    (cd "$w64/bin" && HOME=$home WINEDLLOVERRIDES='tapi32=n;mscoree,mshtml,winemenubuilder.exe=' "$top/build/wine64" ./tapictl.exe "$@") \
        >"$work/out" 2>"$work/err" <"$work/in"
}
go() {
    "$on" "$@"
    status=$?
    out=$(tr -d '\0\r' <"$work/out") err=$(tr -d '\0\r' <"$work/err" | grep -v '^wine: ')
    : >"$work/in"
    printf '%s\n%s\n' "$out" "$err" >>"$work/said"
}
: >"$work/in"

# expect NAME STATUS OUT [ERR]: of the last run: one line each, or none if the pattern (extended, whole line) is "".
expect() {
    local name="$on: $1" got_out got_err
    got_out=$(grep -c . <<<"$out") got_err=$(grep -c . <<<"$err")
    if [ "$status" -ne "$2" ] || { [ -n "$3" ] && { [ "$got_out" -ne 1 ] || ! grep -Exq -- "$3" <<<"$out"; }; } || { [ -z "$3" ] && [ "$got_out" -ne 0 ]; } ||
        { [ -n "${4:-}" ] && { [ "$got_err" -ne 1 ] || ! grep -Exq -- "tapictl: $4" <<<"$err"; }; } || { [ -z "${4:-}" ] && [ "$got_err" -ne 0 ]; }; then
        bad "$name" "status $status, not $2; \"$3\" and \"${4:-}\" are not:"$'\n'"$out"$'\n'"$err"
    else
        ok "$name"
    fi
}
has() { # NAME PATTERN: in the output
    if [ "$status" -eq 0 ] && grep -Eq -- "$2" <<<"$out"; then ok "$on: $1"; else bad "$on: $1" "status $status, no \"$2\" in:"$'\n'"$out"$'\n'"$err"; fi
}
same() { # NAME A B
    if [ "$2" = "$3" ]; then ok "$on: $1"; else bad "$on: $1" "$(diff <(printf '%s\n' "$2") <(printf '%s\n' "$3"))"; fi
}

# ---- servers -------------------------------------------------------------------------------------------------------------

# The server ends with this script, whose end of the pipe closes.
mkfifo "$work/keep"
exec 8<>"$work/keep"
: >"$work/port"
"$here/server.pl" "$work/dump" <"$work/keep" >"$work/port" 2>"$work/server" 8>&- &
server=$!
port=
while [ -z "$port" ] && kill -0 "$server" 2>/dev/null; do read -r port <"$work/port" || port=; done
[ -n "$port" ] && ok "the server is there" || bad "the server is there" "$(cat "$work/server")"
at=127.0.0.1:$port

# A TLS server whose certificate nobody knows.
tls=
: >"$work/tls"
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$work/key.pem" -out "$work/cert.pem" -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 \
    >/dev/null 2>&1
(exec openssl s_server -accept 127.0.0.1:0 -cert "$work/cert.pem" -key "$work/key.pem" <"$work/keep" >"$work/tls" 2>&1 8>&-) &
tls_server=$!
while [ -z "$tls" ] && kill -0 "$tls_server" 2>/dev/null; do tls=$(sed -n 's/^ACCEPT .*:\([0-9]*\)$/\1/p' "$work/tls"); done
[ -n "$tls" ] && ok "the TLS server is there" || bad "the TLS server is there" "$(cat "$work/tls")"

finish() {
    LD_LIBRARY_PATH=$posix/lib "$posix/bin/tapictl" service stop >/dev/null 2>&1
    kill "$server" "$tls_server" 2>/dev/null
    [ -z "${prefix:-}" ] || { WINEPREFIX=$prefix wineserver -k; WINEPREFIX=$prefix wineserver -w; } 2>/dev/null
    rm -rf -- "$work"
}
trap '[ "$BASHPID" -ne "$$" ] || finish' EXIT

# ---- the cases -----------------------------------------------------------------------------------------------------------

# What is stored of all that the script stores, sorted.
stored() {
    if [ "$on" = native ]; then
        cat "$ini"
    else
        HOME=$home "$top/build/wine64" reg query 'HKCU\Software\SessionTSP-account' /s 2>/dev/null </dev/null | tr -d '\r'
    fi
}

# Calls from an account that wants the password and encrypts the media; $work is where Windows programs find it as well.
calls() {
    printf 'geheim-201\n' >"$work/in"
    go account add --uri "sip:201@$at" --password-stdin register=0 mwi=0 srtp=mandatory
    expect "a trunk" 0 'account 1 is added'
    : >"$work/dump"
    printf '%s\n' "open 1" "call a sip:bob@$at on 1" 'expect a CONNECTED' 'drop a' 'expect a IDLE' 'release a' >"$work/call.scenario"
    go trace "$drive$work/ladder.svg" "$drive$work/call.scenario"
    has "trace: a call" ''
    for pattern in '>peer</text>' "INVITE sip:bob@$at \[[^ ]{6} [0-9]+\]" '401 Unauthorized \(INVITE\) \[' '>180 Ringing \(INVITE\) \[' \
        '>200 OK \(INVITE\) \[' '>ACK sip:' '>BYE sip:' '>200 OK \(BYE\) \[' 'TSPI_lineMakeCall' 'LINE_CALLSTATE CONNECTED'; do
        if grep -Eq -- "$pattern" "$work/ladder.svg"; then ok "$on: trace: $pattern"; else bad "$on: trace: $pattern" "$(grep -o '>[^<]*\[[^<]*<' "$work/ladder.svg")"; fi
    done
    if [ "$(grep -c '>INVITE sip' "$work/ladder.svg")" -eq 2 ]; then ok "$on: trace: both INVITEs"; else bad "$on: trace: both INVITEs" "$(grep 'INVITE' "$work/ladder.svg")"; fi
    key=$(sed -n 's/^a=crypto:.* inline:\([A-Za-z0-9+/]*\).*/\1/p' "$work/dump" | head -n 1)
    response=$(sed -n 's/^Authorization: .*response="\([0-9a-f]*\)".*/\1/p' "$work/dump" | head -n 1)
    [ "${#key}" -ge 30 ] && [ "${#response}" -eq 32 ] && ok "$on: there were a key and a digest" || bad "$on: there were a key and a digest" "$(cat "$work/dump")"
    cat "$work/ladder.svg" >>"$work/said"
    no_secret "$work/said" "$key" "$response" "geheim-201"
}

# What lines say of themselves, and calls from them.
lines() {
    go call "sip:bob@$at"
    expect "call: a URI without an account" 1 '' 'call: no line is an account of a SIP server .*'
    printf 'geheim-201\n' >"$work/in"
    go account add --uri "sip:201@$at" --password-stdin mwi=0 name=Ann expires=600
    expect "add, to register" 0 'account 1 is added'
    go account add --uri "sip:open@$at" register=0 mwi=0
    expect "add a trunk" 0 'account 2 is added'
    go lines --wait 3600
    has "lines: registered" '^ *1 .* Ann .*  201  registered until [0-2][0-9]:[0-5][0-9]:[0-5][0-9]$'
    has "lines: a trunk" '^ *2 .* open  a trunk$'
    has "lines: one of the exchange" '^ *0 .* 100$'
    go lines --wait 3600 --json
    has "lines --json: registered" '"registration": \{"state": "registered", "seconds": (5[0-9][0-9]|600), "why": ""\}'
    has "lines --json: a trunk" '"registration": \{"state": "trunk", "seconds": 0, "why": ""\}'
    go call "sip:bob@$at" --seconds 0
    has "call: a SIP URI" '^connected$'
    go call "SIP:busy@$at" --seconds 0
    [ "$status" -eq 3 ] && ok "$on: call: a SIP URI that is busy" || bad "$on: call: a SIP URI that is busy" "$status: $out$err"
    : >"$work/dump"
    go call tel:+49301234 --seconds 0
    has "call: a tel URI" '^connected$'
    grep -q "^INVITE [a-z]*:+49301234" "$work/dump" && ok "$on: call: its number is called" || bad "$on: call: its number is called" "$(grep -a ^INVITE "$work/dump")"
    go call 4711 --line 2 --seconds 0
    has "call: a number from an account" '^connected$'
    go account remove 2
    go account remove 1
}

# The telephony service has the lines, and says how they are.
service() {
    printf 'falsch\n' >"$work/in"
    go account add --uri "sip:201@$at" --password-stdin mwi=0
    expect "add, with a wrong password" 0 'account 1 is added'
    export TAPI_SHIM_MODE=service
    go service start
    [ "$status" -eq 0 ] && ok "$on: the service starts" || bad "$on: the service starts" "$out$err"
    # the server has not answered yet
    while go lines && grep -q '  out of service: not registered yet$' <<<"$out"; do :; done
    has "lines: why one is not registered" "^ *1 .* 201  out of service: .*$at.*"
    no_secret "$work/out" falsch
    go account test 1
    expect "test: while the service runs" 10 "account 1, 201@$at: wrong password: .*"
    # while a program is there that wants lines
    local files
    files=$([ "$on" = native ] || echo Z:)$work
    rm -rf "$work/hold" "$work/let-go"
    mkdir "$work/hold"
    : >"$work/hold/in"
    printf 'echo holds\nawait %s/let-go\n' "$files" >"$work/hold/script"
    (work=$work/hold; "$on" shell "$files/hold/script") &
    holder=$!
    while ! grep -q holds "$work/hold/out" 2>/dev/null && kill -0 "$holder" 2>/dev/null; do :; done
    go account add --uri "sip:203@$at" register=0 mwi=0
    has "add: while the service has lines" '^the telephony service has taken it over$'
    go lines
    has "add: the line is there" ' 203 '
    go account remove 1
    has "remove: while the service has lines" '^the telephony service has taken it over$'
    go account remove 2
    : >"$work/let-go"
    wait "$holder"
    go lines
    if grep -q ' 201 ' <<<"$out"; then bad "$on: remove: the line has gone" "$out"; else ok "$on: remove: the line has gone"; fi
    go service stop
    export TAPI_SHIM_MODE=in-process
}

# What was logged meanwhile, at the level that tells everything.
logged() {
    cat "$work/$on.log"* >"$work/$on.all" 2>/dev/null
    if grep -Eq '^20[0-9]{2}-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9]\.[0-9]{3} tapictl(\.exe)?\[[0-9]+\] tapi_shim: debug: sip: ' "$work/$on.all"; then
        ok "$on: log: lines with date, program and process"
    else
        bad "$on: log: lines with date, program and process" "$(head -n 3 "$work/$on.all")"
    fi
    grep -q 'tapi_shim: info: sip: 201@.* is registered' "$work/$on.all" && ok "$on: log: a registration" || bad "$on: log: a registration"
    if [ -e "$work/$on.log.1" ] && [ "$(stat -c %s "$work/$on.log.1")" -le 2048 ]; then ok "$on: log: put aside"; else bad "$on: log: put aside" "$(ls -l "$work")"; fi
    [ "$on" != native ] || [ "$(stat -c %a "$work/native.log")" = 600 ] || bad "native: log: for its owner" "$(ls -l "$work/native.log")"
    no_secret "$work/$on.all" geheim falsch "$key" "$response" inline: response=
}

# no_secret FILE SECRET...
no_secret() {
    local file=$1 secret
    shift
    for secret in "$@"; do
        if grep -Fq -- "$secret" "$file"; then
            bad "$on: no secret in ${file##*/}" "$(grep -Fn -- "$secret" "$file" | cut -c 1-300)"
            return
        fi
    done
    ok "$on: no secret in ${file##*/}"
}

cases() {
    : >"$work/said"
    before=$(stored)
    go account list
    has "no accounts" '^\(no accounts\)$'
    printf 'geheim-201\nmore\n' >"$work/in"
    go account add --uri "sip:201@$at" --password-stdin name=Ann mwi=0
    expect "add" 0 'account 1 is added.*'
    go account list
    has "list: nothing of the password but that it is there" "^   1  201@$at +udp  \*\*\* +$at +Ann$"
    go account add --uri "sip:201@$at" --number 7
    expect "add: the same again" 1 '' 'account: another account has this user and domain'
    go account add --uri "sip:202@$at" --number 1
    expect "add: a number that is taken" 1 '' 'account: there is an account 1 already'
    go account add --uri "sip:202@$at" frob=1
    expect "add: no such key" 1 '' 'account: command line: \[account 2\] frob: there is no such key'
    go account add --uri "sip:202@$at" expires=1
    expect "add: a value that is none" 1 '' 'account: command line: \[account 2\] expires: "1" is not a number from 30 to 86400'
    go account add --uri "sip:202@$at" "sip.port=1"
    expect "add: a key of another section" 1 '' 'account: sip.port is not of an account'
    go account add --uri "sip:open@$at;transport=tcp" --number 30
    expect "add: with a number" 0 'account 30 is added'
    go account list
    has "list: both" "^  30  open@$at +tcp  none"
    go account remove 30
    expect "remove" 0 'account 30 is removed'
    go account remove 30
    expect "remove: not there" 1 '' 'account: there is no account 30'

    go account test 1
    expect "test: ok" 0 "account 1, 201@$at: ok: registered with $at for 300 s"
    go account test expires=600
    expect "test: all, with another value" 0 "account 1, 201@$at: ok: registered with $at for 600 s"
    printf 'falsch\n' >"$work/in"
    go account test 1 --password-stdin
    expect "test: wrong password" 10 "account 1, 201@$at: wrong password: $at does not accept user name and password of 201"
    go account test --uri "sip:202@$at"
    expect "test: no password" 10 "wrong password: $at wants a password, and the account has none"
    printf 'geheim-202\n' >"$work/in"
    go account test --uri "sip:202@$at" --password-stdin
    expect "test: an account that is nowhere" 0 "ok: registered with $at for 300 s"
    go account test --uri "sip:x@$(printf 'x%.0s' {1..70}).invalid"
    expect "test: unknown host" 11 'unknown host: there is no host x*\.invalid'
    go account test --uri "sips:x@127.0.0.1:$tls"
    expect "test: untrusted certificate" 12 "untrusted certificate: the certificate of 127.0.0.1:$tls is not trusted: it is signed by itself alone, and is none that this system trusts"
    go account test --uri "sip:open@$at" "sip.port=$port"
    expect "test: port in use" 13 "port in use: UDP port $port of this machine is in use by another program"
    go account test --uri "sip:silent@$at" --seconds 1
    expect "test: no answer" 14 "no answer: $at does not answer"
    go account test --uri "sip:gone@$at"
    expect "test: refused" 15 "refused: $at answers 404 Not Found"
    go account test --uri 'sip:x@127.0.0.1:1;transport=tcp'
    expect "test: unreachable" 16 'unreachable: 127.0.0.1:1 cannot be reached: .*'
    go account test 9
    expect "test: not there" 1 '' 'there is no account 9'
    go account test --uri "sip:x@$at" --password-file "$work/nothing"
    expect "test: a password that cannot be read" 1 '' 'account: command line: \[account [0-9]*\] password_file: ".*" cannot be read'

    for words in '' 'dance' 'list x' 'add' 'add 5' 'add --uri' 'add --uri 201@x' 'add --uri tel:5' 'add --uri sip:@x' 'add --uri sip:a@b;lr' 'add name=x' \
        'add --uri sip:a@b --password-file secret' 'add --uri sip:a@b password=x' 'add --uri sip:a@b --seconds 3' 'remove' 'remove x' 'remove 1 2' \
        'test x' 'test 1 2' 'test --seconds 0' 'test --number 3' 'test --frob 3' 'test =x'; do
        # shellcheck disable=SC2086
        go account $words
        if [ "$status" -eq 2 ] && [ "$(grep -c . <<<"$err")" -eq 1 ]; then
            ok "$on: bad usage: account $words"
        else
            bad "$on: bad usage: account $words" "status $status: $err"
        fi
    done
    : >"$work/in"
    go account add --uri "sip:205@$at" --password-stdin
    expect "add: a password that is not there" 2 '' 'account: the input has no password of 1 to 200 bytes in its first line'
    go account remove 1
    expect "remove: the last" 0 'account 1 is removed'
    lines
    calls
    go account remove 1
    same "all else is as it was" "$before" "$(stored)"
    no_secret "$work/said" geheim falsch
    logged
}

if [ ! -x "$posix/bin/tapictl" ]; then
    bad "native tapictl is there" "$posix/bin/tapictl is missing"
else
    on=native drive=
    printf '# what people write\n[service]\nlinger_s = 3600 ; stays\n\n[line 1]\n  number = 100\n[sip]\nbind = 127.0.0.1\nport = 0\ntls_port = 0\n[log]\nfile = %s\nlevel = debug\nmax_kb = 2\nkeep = 99\n; the end\n' "$work/native.log" >"$ini"
    chmod 644 "$ini"
    cases
    service
    printf '[log]\nlevel = loud\n' >"$work/log.ini"
    TAPI_SHIM_CONFIG=$work/log.ini go lines
    grep -qx 'tapi_shim: error: .*/log.ini:2: \[log\] level: "loud" is none of error, warning, info, debug' <<<"$err" && ok "native: log: a mistake is told" ||
        bad "native: log: a mistake is told" "$err"
    [ "$(stat -c %a "$ini")" = 600 ] && ok "native: a configuration with a password is its owner's" || bad "native: a configuration with a password is its owner's" "$(ls -l "$ini")"
fi

if [ -z "${TAPI_OUT_W64:-}" ] && [ ! -e "$w64/bin/tapictl.exe" ]; then
    printf 'Wine: skipped, there is no %s\n' "$w64/bin/tapictl.exe"
elif [ ! -e "$w64/bin/tapictl.exe" ]; then
    bad "tapictl.exe is there" "$w64/bin/tapictl.exe is missing"
else
    on=wine drive=Z: prefix=$work/prefix
    export TAPI_WINEPREFIX=$prefix TAPI_SHIM_CONFIG='HKCU\Software\SessionTSP-account'
    {
        printf 'REGEDIT4\n\n[%s\\line 1]\n"number"="100"\n' 'HKEY_CURRENT_USER\Software\SessionTSP-account'
        printf '[%s\\sip]\n"bind"="127.0.0.1"\n"port"="0"\n"tls_port"="0"\n' 'HKEY_CURRENT_USER\Software\SessionTSP-account'
        printf '[%s\\log]\n"file"="Z:%s"\n"level"="debug"\n"max_kb"=dword:00000002\n"keep"=dword:00000063\n"events"=dword:00000001\n' \
            'HKEY_CURRENT_USER\Software\SessionTSP-account' "$work/wine.log"
    } >"$work/config.reg"
    HOME=$home "$top/build/wine64" regedit /S "Z:$work/config.reg" >"$work/reg" 2>&1 </dev/null || bad "wine: a configuration" "$(cat "$work/reg")"
    cases
fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
