#!/usr/bin/env bash
# The telephony service with programs of its own: they meet on its lines, come, go, die, and so does it. Ends with "N passed, N failed".
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2016  # what is in single quotes is for the shell that "check" starts
set -uo pipefail
export LC_ALL=C.UTF-8
top=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
posix=${TAPI_OUT_POSIX:-$top/build/out/posix}
work=$(mktemp -d)
home=$HOME
mkdir -m 700 "$work/run"
mkdir -p "$work/config/tapi_shim" "$work/home"
export XDG_CONFIG_HOME=$work/config HOME=$work/home XDG_RUNTIME_DIR=$work/run LD_LIBRARY_PATH=$posix/lib
unset TAPI_SHIM_CONFIG TAPI_SHIM_PROVIDERS TAPI_SHIM_LOG TAPI_SHIM_MODE TAPI_SHIM_SOCKET TAPI_SHIM_SERVER
printf '[service]\nlinger_s = 600\n' >"$XDG_CONFIG_HOME/tapi_shim/tapi_shim.ini"

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
ctl() { "$posix/bin/tapictl" "$@"; }
# In the background, as the process that $! names; its output in a file that is empty at once.
begin() { # FILE ARGUMENT...
    local file=$1
    shift
    : >"$file"
    "$posix/bin/tapictl" "$@" >"$file" 2>&1 &
}
exits() { # STATUS COMMAND...
    local want=$1 got=0
    shift
    "$@" || got=$?
    [ "$got" -eq "$want" ] || { echo "status $got, not $want"; return 1; }
}
has() { grep -Eq -- "$2" "$1" || { cat -- "$1"; return 1; }; }
# until_has FILE PATTERN: waits for a line that a program writes; the program ends it if it ends without.
until_has() {
    local pid=${3:-$!}
    while ! grep -Eq -- "$2" "$1" 2>/dev/null; do
        kill -0 "$pid" 2>/dev/null || { grep -Eq -- "$2" "$1" && return 0; cat "$1"; return 1; }
    done
}
pid_of_service() { ctl service status | sed -n 's/^running: process \([0-9]*\) .*/\1/p'; }
until_gone() { while kill -0 "$1" 2>/dev/null; do :; done; }
# Programs that died are cleared away a moment later.
until_clear() { until ctl service status >"$work/status" && grep -q '^handles: 0 programs, 0 open lines, 0 of calls$' "$work/status" &&
    grep -q '^calls: 0, requests: 0' "$work/status"; do :; done; }
# A child that is killed before it became the program it is to be has this trap too.
trap '[ "$BASHPID" -ne "$$" ] || { ctl service stop >/dev/null 2>&1; rm -rf -- "$work"; }' EXIT

# ---- nothing runs
check "no service: status says so" exits 1 ctl service status
check "no service: in one line" bash -c '[ "$("$0" service status 2>&1 | wc -l)" -eq 1 ]' "$posix/bin/tapictl"
check "no service: log" exits 1 ctl service log
check "no service: stop" exits 1 ctl service stop
check "in process: a call" exits 0 ctl --in-process call 600 --seconds 0
check "in process: no service was started" exits 1 ctl service status
check "usage" exits 2 ctl service dance

# ---- one is started by whoever comes first, and only one
for _ in 1 2 3 4 5 6 7 8; do ctl lines >>"$work/lines" 2>&1 & done
wait
check "eight programs at once see four lines each" test "$(grep -c 'Extension 10[0-3]' "$work/lines")" -eq 32
service=$(pid_of_service)
check "they have one service" bash -c '[ "$(pgrep -fc "tapishimsrv --place $0/")" -eq 1 ]' "$work/run"
check "its socket is its user's alone" test "$(stat -c %a "$work/run/tapi_shim" "$work/run/tapi_shim/service.sock" | tr '\n' ' ')" = "700 600 "

# ---- programs meet
begin "$work/listen" listen --answer --line 2 --calls 1
listener=$!
until_has "$work/listen" '^listening on 1 line'
begin "$work/monitor" monitor
monitor=$!
until_has "$work/monitor" '^monitoring 4 lines'
check "a call to another program" exits 0 ctl call 102 --seconds 0
wait "$listener"
check "the listener ends by itself" test $? -eq 0
check "the listener saw it come, and go" has "$work/listen" 'line 2 .* OFFERING'
check "the listener has it connected" has "$work/listen" 'line 2 .* CONNECTED'
check "the listener knows who called" has "$work/listen" 'caller +100 \(Extension 100\)'
check "the monitor sees the caller's side" has "$work/monitor" 'line 0 .*CONNECTED'
check "the monitor sees the other side" has "$work/monitor" 'line 2 .*OFFERING'
# Locations are everybody's: what one program changes, and what is changed where they are kept.
check "a location is added" exits 0 ctl location add Vienna Country=AT Area=1
until_has "$work/monitor" 'line 3 .*TRANSLATECHANGE' "$monitor"
ctl location list >"$work/locations"
check "the service knows it" has "$work/locations" '^ +1 +43 +1 .*Vienna$'
check "a location is chosen" exits 0 ctl location select 1
ctl translate '+43 (1) 234' >"$work/translated"
check "the others translate for it" has "$work/translated" '^T 234$'
kill "$monitor"
wait "$monitor"
until_clear
check "nothing is left in the service" has "$work/status" "^running: process $service "

# ---- programs die
begin "$work/listen" listen --answer --line 1
listener=$!
until_has "$work/listen" '^listening'
begin "$work/call" call 101 --seconds 600
caller=$!
until_has "$work/call" ' CONNECTED'
ctl service status >"$work/status"
check "status: the calls" test "$(grep -c '^call on line [01]: CONNECTED, 1 owners, 0 monitors$' "$work/status")" -eq 2
check "status: the programs by process" has "$work/status" "^program .* tapictl .*process $caller, 1 lines open"
kill -9 "$caller"
check "the caller is killed: the other side hears it" until_has "$work/listen" 'line 1 .* DISCONNECTED' "$listener"
check "and its call ends" until_has "$work/listen" 'line 1 .* IDLE' "$listener"
begin "$work/call" call 101 --seconds 600
caller=$!
until_has "$work/call" ' CONNECTED'
kill -9 "$listener"
check "the listener is killed: the caller hears it" until_has "$work/call" 'DISCONNECTED' "$caller"
wait "$caller"
until_clear
check "nothing is left of either" has "$work/status" '^calls: 0,'
for round in 1 2 3 4 5 6 7 8; do
    begin "$work/listen" listen --answer --line 3
    listener=$!
    until_has "$work/listen" '^listening'
    for line in 0 1 2; do begin "$work/call$line" call 103 --line $line --seconds 600; callers[line]=$!; done
    until_has "$work/call0" 'DIALING|DIALTONE|cannot' "${callers[0]}" >/dev/null
    # Whatever they are doing now.
    kill -9 $((round % 2 ? listener : callers[round % 3])) "${callers[0]}"
    kill "${callers[@]}" "$listener" 2>/dev/null
    wait
done 2>/dev/null
until_clear
check "killed at any moment, nothing is left" has "$work/status" "^running: process $service "

# ---- a call moves from one program to another, which outlives the first one
begin "$work/bee" --name bee listen --monitor --line 0
bee=$!
until_has "$work/bee" '^listening'
begin "$work/call" --name ay call 600 --seconds 600 --hand-to BEE
caller=$!
check "handoff: the other program watches the call" until_has "$work/bee" 'DIALING, of another program' "$bee"
check "handoff: the caller hands it over" until_has "$work/call" 'handed over' "$caller"
check "handoff: the other program has it now" until_has "$work/bee" ' CONNECTED[^,]*$' "$bee"
ctl service status >"$work/status"
check "handoff: both own it" has "$work/status" '^call on line 0: CONNECTED, 2 owners, 0 monitors$'
kill -9 "$caller"
wait "$caller" 2>/dev/null
until ctl service status >"$work/status" && ! grep -q "process $caller," "$work/status"; do :; done
check "handoff: the caller is killed, the call lives" has "$work/status" '^call on line 0: CONNECTED, 1 owners, 0 monitors$'
check "handoff: nobody was told that it ended" bash -c '! grep -E "DISCONNECTED|IDLE" "$0"' "$work/bee"
kill -9 "$bee"
wait "$bee" 2>/dev/null
until_clear
check "handoff: the other is killed, the call is gone" has "$work/status" "^running: process $service "
begin "$work/bee" --name bee listen --monitor --line 0 --calls 1
bee=$!
until_has "$work/bee" '^listening'
check "handoff: to nobody" bash -c '"$0" call 600 --seconds 0 --hand-to nobody 2>&1 |
    grep -q "cannot be given to .nobody.: LINEERR_TARGETNOTFOUND"' "$posix/bin/tapictl"
wait "$bee"
check "handoff: a monitor sees the end of a call that was not for it" has "$work/bee" ' IDLE, of another program'

# ---- the service dies
begin "$work/listen" listen --answer --line 1
listener=$!
until_has "$work/listen" '^listening'
begin "$work/call" call 600 --seconds 600
caller=$!
until_has "$work/call" ' CONNECTED'
kill -9 "$service"
wait "$listener"
check "the service is killed: the listener ends with 1" test $? -eq 1
check "and says why" has "$work/listen" 'telephony service has gone'
wait "$caller"
check "the caller ends too" test $? -ne 139
check "the next program starts another one" exits 0 ctl call 600 --seconds 0
check "which is another process" test "$(pid_of_service)" != "$service"

# ---- a provider takes the service with it
printf '[Providers]\nNumProviders=1\nProviderID0=1\nProviderFilename0=%s\n' "${TAPI_TREE_POSIX:-$top/build/out/native}/bin/badtsp.so" >"$work/bad.ini"
bad() { env BADTSP=crash TAPI_SHIM_PROVIDERS="$work/bad.ini" "$posix/bin/tapictl" "$@"; }
: >"$work/listen"
BADTSP=crash TAPI_SHIM_PROVIDERS=$work/bad.ini "$posix/bin/tapictl" listen --line 2 >"$work/listen" 2>&1 &
listener=$!
check "crash: a program listens on its line" until_has "$work/listen" '^listening'
crashed=$(bad service status | sed -n 's/^running: process \([0-9]*\) .*/\1/p')
check "crash: a call fails" exits 1 bad call 1 --line 0 --seconds 0
until_gone "$crashed"
wait "$listener"
check "crash: the listener is told, and lives to say so" test $? -eq 1
check "crash: it says why" has "$work/listen" 'telephony service has gone'
bad lines >"$work/lines" 2>/dev/null
check "crash: the next program has lines again" has "$work/lines" '^ +2 '
check "crash: which is another process" bash -c '[ "$1" != "$0" ]' "$crashed" "$(bad service status | sed -n 's/^running: process \([0-9]*\) .*/\1/p')"
check "crash: that one ends in order" exits 0 bad service stop
check "crash: the usual service went on" test "$(pid_of_service)" != ""

# ---- programs that leave calls to each other; the names of their files count
for name in one two; do cp "${TAPI_TREE_POSIX:-$top/build/out/native}/bin/service_assist" "$work/$name"; done
begin_assist() { # FILE NAME ARGUMENT...
    local file=$1 name=$2
    shift 2
    : >"$file"
    "$work/$name" "$@" >"$file" 2>&1 &
}
# Either of the two, whichever is right.
one_of() { until grep -q -- "$1" "$work/got1" "$work/got2"; do ctl service status >/dev/null || break; done; }
end_assist() {
    kill -9 "$one" "$two"
    wait "$one" "$two"
    until_clear
} 2>/dev/null
until_clear
check "request: nobody takes it" bash -c '"$0" ask 5551 | grep -q "^tapiRequestMakeCall: 0xfffffffe$"' "$work/one"
begin_assist "$work/got1" one recipient 3
one=$!
until_has "$work/got1" '^registered'
check "request: it is accepted" exits 0 "$work/two" ask 5551
check "request: it reaches the other program" until_has "$work/got1" '^request 5551\|asker\|party\|a comment$' "$one"
check "request: LINE_REQUEST has mode and instance" has "$work/got1" '^LINE_REQUEST of mode 1 for 77$'
begin_assist "$work/got2" two recipient 1
two=$!
until_has "$work/got2" '^registered'
check "request: who came first has the next one" exits 0 "$work/two" ask 5552
check "request: and gets it" until_has "$work/got1" '^request 5552' "$one"
check "priority: set by a program that has no lines" exits 0 "$work/one" priority two 0 1
check "priority: the other one is first" exits 0 "$work/one" ask 5553
one_of '^request 5553'
check "priority: it got the request" has "$work/got2" '^request 5553'
end_assist
check "request: the recipient was killed: nobody takes it" exits 1 "$work/two" ask 5554
begin_assist "$work/got1" one recipient 1
until_has "$work/got1" '^registered'
check "request: the next recipient takes new ones" exits 0 "$work/two" ask 5555
wait $!
check "request: and only those" bash -c 'grep -q "^request 5555" "$0" && ! grep -q "^request 5554" "$0"' "$work/got1"
check "priority: out of the list" exits 0 "$work/one" priority two 0 0

# Of two owners of a line: 4 is INTERACTIVEVOICE, 16 DATAMODEM.
begin_owners() {
    begin_assist "$work/got1" one own 0 4
    one=$!
    until_has "$work/got1" '^open'
    begin_assist "$work/got2" two own 0 4
    two=$!
    until_has "$work/got2" '^open'
}
begin_owners
check "handoff by media mode: to whom opened first" exits 0 "$work/two" give 0 4
one_of 'mine'
check "handoff by media mode: it has it" has "$work/got1" '^state 0x100, mine$'
check "handoff by media mode: and ends it" until_has "$work/got1" '^state 0x1$' "$one"
check "handoff by media mode: the other was not asked" bash -c '! grep -q "mine" "$0"' "$work/got2"
check "handoff by media mode: nobody for that one" bash -c '"$0" give 0 16 | grep -qx "lineHandoff: 0x8000004e"' "$work/one"
end_assist
check "priority by media mode: set" exits 0 "$work/one" priority two 4 1
begin_owners
check "priority by media mode: handed to the first of the list" exits 0 "$work/one" give 0 4
one_of 'mine'
check "priority by media mode: it has it" has "$work/got2" '^state 0x100, mine$'
end_assist
begin_owners
begin "$work/call" call 100 --line 1 --seconds 600
caller=$!
one_of 'mine'
check "priority by media mode: a call that comes in is offered there" has "$work/got2" '^state 0x2, mine$'
check "priority by media mode: and only there" bash -c '! grep -q "mine" "$0"' "$work/got1"
kill -9 "$caller"
wait "$caller" 2>/dev/null
end_assist
check "priority by media mode: out of the list" exits 0 "$work/one" priority two 4 0

# ---- its end
begin "$work/listen" listen --line 1
listener=$!
until_has "$work/listen" '^listening'
service=$(pid_of_service)
check "stop" exits 0 ctl service stop
until_gone "$service"
wait "$listener"
check "stop tells those who use it" test $? -eq 1
check "stopped" exits 1 ctl service status
check "its socket went with it" test ! -e "$work/run/tapi_shim/service.sock"
check "start" exits 0 ctl service start
check "started" exits 0 ctl service status
check "a second one gives way" exits 3 "$posix/bin/tapishimsrv"
check "stop again" exits 0 ctl service stop
printf '[service]\nlinger_s = 0\n' >"$XDG_CONFIG_HOME/tapi_shim/tapi_shim.ini"
check "no linger: a call" exits 0 ctl call 600 --seconds 0
while ctl service status >/dev/null 2>&1; do :; done
check "no linger: gone after the last one" exits 1 ctl service status
"$posix/bin/tapishimsrv" --stay >"$work/stay" 2>&1 &
stay=$!
until ctl service status >/dev/null 2>&1; do :; done
check "told to stay it stays" exits 0 ctl lines
check "and is still there" test "$(pid_of_service)" = "$stay"
kill "$stay"
wait "$stay"
check "SIGTERM ends it in order" test $? -eq 0

# ---- started by its socket, as systemd does
begin_activated() {
    perl -MIO::Socket::UNIX -MPOSIX -e '$^F = 10; my $s = IO::Socket::UNIX->new(Local => $ARGV[0], Listen => 16) or die;
        POSIX::dup2(fileno($s), 3); $ENV{LISTEN_PID} = $$; $ENV{LISTEN_FDS} = 1; exec $ARGV[1]' \
        "$work/run/tapi_shim/service.sock" "$posix/bin/tapishimsrv" >"$work/activated" 2>&1 &
}
printf '[service]\nlinger_s = 600\n' >"$XDG_CONFIG_HOME/tapi_shim/tapi_shim.ini"
begin_activated
activated=$!
until ctl service status >/dev/null 2>&1; do :; done
check "activated: a call" exits 0 ctl call 600 --seconds 0
check "activated: it was that one" test "$(pid_of_service)" = "$activated"
kill "$activated"
wait "$activated"
check "activated: the socket is left to who made it" test -S "$work/run/tapi_shim/service.sock"
check "a socket where nobody is: a service is started" exits 0 ctl lines
check "and ended" exits 0 ctl service stop

# ---- nobody takes requests: the default dialer is started for them, once
printf '#!/bin/sh\necho started >>"%s"\nexec "%s" recipient 2 >"%s"\n' "$work/dialed" "$work/one" "$work/got1" >"$work/dialer"
chmod 755 "$work/dialer"
printf '[service]\nlinger_s = 600\ndefault_dialer = %s\n' "$work/dialer" >"$XDG_CONFIG_HOME/tapi_shim/tapi_shim.ini"
: >"$work/got1"
before=$failed
check "dialer: a request is accepted" exits 0 "$work/two" ask 5561
check "dialer: another one too" exits 0 "$work/two" ask 5562
# Both were accepted: they are not lost.
if [ "$failed" -eq "$before" ]; then until grep -q '^request 5562' "$work/got1"; do ctl service status >/dev/null || break; done; fi
check "dialer: it is started, and gets both in order" test "$(grep -o '^request 556[0-9]' "$work/got1" | tr '\n' ' ')" = "request 5561 request 5562 "
check "dialer: one of it" test "$(wc -l <"$work/dialed")" -eq 1
until_clear
printf '[service]\nlinger_s = 600\ndefault_dialer = %s\n' "$work/none" >"$XDG_CONFIG_HOME/tapi_shim/tapi_shim.ini"
check "dialer: the service takes the new configuration" exits 0 ctl service stop
check "dialer: one that is not there: nobody takes requests" exits 1 "$work/two" ask 5563
check "dialer: end" exits 0 ctl service stop

# ---- configuration
printf '[service]\nmode = in-process\n' >"$XDG_CONFIG_HOME/tapi_shim/tapi_shim.ini"
check "mode in-process: a call" exits 0 ctl call 600 --seconds 0
check "mode in-process: no service" exits 1 ctl service status
printf '[service]\nmode = sometimes\nlinger_s = 0\n' >"$XDG_CONFIG_HOME/tapi_shim/tapi_shim.ini"
ctl call 600 --seconds 0 >"$work/call" 2>&1
check "a mode that is none is named with its place" has "$work/call" 'tapi_shim.ini:2: \[service\] mode: "sometimes"'
printf '[service]\nlinger_s = 0\n[line 0]\nnumber = 7\n' >"$work/other.ini"
printf '[service]\nlinger_s = 600\n' >"$XDG_CONFIG_HOME/tapi_shim/tapi_shim.ini"
check "the usual lines" bash -c '"$0" lines | grep -q "Extension 100"' "$posix/bin/tapictl"
check "another configuration has a service of its own" bash -c '"$0" --config "$1" lines | grep -qE "^ +0 .* 7$"' "$posix/bin/tapictl" "$work/other.ini"
check "the first one goes on" bash -c '"$0" lines | grep -q "Extension 100"' "$posix/bin/tapictl"
check "stop the first one" exits 0 ctl service stop
mkdir -m 777 "$work/open" && chmod 777 "$work/open"
check "a folder that others may write to is refused" exits 1 "$posix/bin/tapishimsrv" --place "$work/open/s"
check "and so is a socket that cannot be named" exits 1 "$posix/bin/tapishimsrv" --place "$work/$(printf '%0200d' 0)/s"
check "a service that is not installed: in process" env TAPI_SHIM_SERVER="$work/none" "$posix/bin/tapictl" call 600 --seconds 0
check "a service that must be there and is not" exits 1 env TAPI_SHIM_MODE=service TAPI_SHIM_SERVER="$work/none" "$posix/bin/tapictl" lines
check "--version" bash -c '"$0" --version | grep -qE "^tapishimsrv [0-9]"' "$posix/bin/tapishimsrv"
check "--help" bash -c '"$0" --help | grep -q -- "--stay"' "$posix/bin/tapishimsrv"
check "bad usage" exits 2 "$posix/bin/tapishimsrv" --dance

# ---- other users; only root can become one of them
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null; then
    chmod 711 "$work"
    mkdir -m 755 "$work/pub"
    cp -r "$posix/bin" "$posix/lib" "$work/pub"
    as_user() { # GROUP ARGUMENT...: tapictl, as nobody in that group alone
        local group=$1
        shift
        env HOME=/nonexistent XDG_CONFIG_HOME=/nonexistent LD_LIBRARY_PATH="$work/pub/lib" TAPI_SHIM_MODE=service \
            TAPI_SHIM_SOCKET="$work/pub/run/s" setpriv --reuid=65534 --regid="$group" --clear-groups "$work/pub/bin/tapictl" "$@"
    }
    begin_group() { # [GROUP]
        mkdir -p "$work/config/tapi_shim"
        printf '[service]\nlinger_s = 600\ngroup = %s\n' "${1:-}" >"$XDG_CONFIG_HOME/tapi_shim/tapi_shim.ini"
        TAPI_SHIM_SOCKET=$work/pub/run/s "$posix/bin/tapishimsrv" --stay >"$work/grouped" 2>&1 &
        grouped=$!
        until TAPI_SHIM_SOCKET=$work/pub/run/s ctl service status >/dev/null 2>&1; do :; done
    }
    end_group() {
        kill "$grouped"
        wait "$grouped"
        rm -rf -- "$work/pub/run"
    }
    begin_group nogroup
    check "group: its folder and socket are the group's" test "$(stat -c '%a %G' "$work/pub/run" "$work/pub/run/s" | tr '\n' ' ')" = "750 nogroup 660 nogroup "
    check "group: a member calls" exits 0 as_user 65534 call 600 --seconds 0
    check "group: a member may not stop it" exits 1 as_user 65534 service stop
    check "group: a member may not read its log" exits 1 as_user 65534 service log
    check "group: a member may see what it does" exits 0 as_user 65534 service status
    check "group: a member may not add a provider" exits 1 as_user 65534 provider install libevil.so
    check "group: it goes on" test "$(TAPI_SHIM_SOCKET=$work/pub/run/s pid_of_service)" = "$grouped"
    check "group: others may not" exits 1 as_user 65533 call 600 --seconds 0
    end_group
    begin_group
    chmod 755 "$work/pub/run"
    chmod 666 "$work/pub/run/s"
    check "no group: who can reach the socket is still refused" exits 1 as_user 65534 call 600 --seconds 0
    check "no group: its own user is not" exits 0 env TAPI_SHIM_SOCKET="$work/pub/run/s" "$posix/bin/tapictl" call 600 --seconds 0
    end_group
fi

# ---- the same under Wine, over pipes: run by build/wine64 and build/wine32 in the folder of the programs
export WINEDEBUG=-all HOME=$home TAPI_WINE32_FOLDER=service
unset LD_LIBRARY_PATH
begin_wine() { # FILE ARGUMENT...
    local file=$1
    shift
    : >"$file"
    (cd "$folder" && exec "$top/build/$wine" ./tapictl.exe "$@") >"$file" 2>&1 &
}
wine_ctl() { (cd "$folder" && "$top/build/$wine" ./tapictl.exe "$@" | tr -d '\r'; exit "${PIPESTATUS[0]}"); }
# under_wine NAME FOLDER RUNNER [FOLDER OF THE TREE'S PROGRAMS]
under_wine() {
    local as=$1 folder=$2 wine=$3 tree=${4:-} listener monitor bee
    if [ ! -x "$folder/tapishimsrv.exe" ]; then
        check "$as: the service is built" false
        return
    fi
    check "$as: no service: status says so" exits 1 wine_ctl service status
    begin_wine "$work/listen" listen --answer --line 2 --calls 1
    listener=$!
    until_has "$work/listen" '^listening on 1 line'
    begin_wine "$work/monitor" monitor --seconds 600
    monitor=$!
    until_has "$work/monitor" '^monitoring 4 lines'
    check "$as: a call to another program" exits 0 wine_ctl call 102 --seconds 0
    wait "$listener"
    check "$as: the listener ends by itself" test $? -eq 0
    check "$as: the listener has it connected" has "$work/listen" 'line 2 .* CONNECTED'
    check "$as: the listener knows who called" has "$work/listen" 'caller +100 \(Extension 100\)'
    check "$as: the monitor sees the caller's side" until_has "$work/monitor" 'line 0 .*LINE_CALLSTATE .*CONNECTED' "$monitor"
    check "$as: the monitor sees the other side" until_has "$work/monitor" 'line 2 .*LINE_CALLSTATE .*OFFERING' "$monitor"
    begin_wine "$work/bee" --name bee listen --monitor --line 1 --calls 1
    bee=$!
    until_has "$work/bee" '^listening'
    check "$as: a call handed to another program" exits 0 wine_ctl call 603 --line 1 --seconds 0 --hand-to bee
    check "$as: it lives on there, and ends when the other party does" wait "$bee"
    check "$as: as its own call" has "$work/bee" ' DISCONNECTED[^,]*$'
    wine_ctl service status >"$work/status" 2>/dev/null
    check "$as: status: the monitor" has "$work/status" '^handles: 1 programs, 4 open lines, '
    check "$as: stop" exits 0 wine_ctl service stop
    wait "$monitor"
    check "$as: stop tells the monitor" test $? -eq 1
    check "$as: stopped" exits 1 wine_ctl service status
    check "$as: another one is started" exits 0 wine_ctl call 600 --seconds 0
    wine_ctl service status >"$work/status" 2>/dev/null
    check "$as: nothing is left in it" has "$work/status" '^handles: 0 programs, 0 open lines, 0 of calls$'
    if [ -x "$tree/service_assist.exe" ]; then
        : >"$work/got1"
        (cd "$tree" && exec "$top/build/$wine" ./service_assist.exe recipient 1) >"$work/got1" 2>&1 &
        bee=$!
        until_has "$work/got1" '^registered'
        check "$as: a request for a call" bash -c 'cd "$0" && "$1" ./service_assist.exe ask 5551' "$tree" "$top/build/$wine"
        wait "$bee"
        check "$as: it reaches the other program" has "$work/got1" '^request 5551\|asker\|party\|a comment'
    fi
    if [ -x "$tree/service_agent.exe" ]; then
        : >"$work/got1"
        (cd "$tree" && exec "$top/build/$wine" ./service_agent.exe proxy 1 5) >"$work/got1" 2>&1 &
        bee=$!
        until_has "$work/got1" '^lineOpen: 0'
        check "$as: a program asks another one about agents" bash -c 'cd "$0" && "$1" ./service_agent.exe ask 1 >"$2"' "$tree" "$top/build/$wine" "$work/got2"
        wait "$bee"
        check "$as: which answers" has "$work/got2" '^group Sales'
    fi
    check "$as: its end" exits 0 wine_ctl service stop
    check "$as: in process: a call" exits 0 wine_ctl --in-process call 600 --seconds 0
    check "$as: in process: no service was started" exits 1 wine_ctl service status
}
if command -v wine >/dev/null; then
    under_wine wine "${TAPI_OUT_W64:-$top/build/out/w64}/bin" wine64 "${TAPI_TREE_W64:-}/bin"
fi
# Says nothing where there is none.
if (cd "${TAPI_OUT_W32:-$top/build/out/w32}/bin" && "$top/build/wine32" ./tapictl.exe --version) 2>/dev/null | grep -q '^tapictl '; then
    under_wine "wine x86" "${TAPI_OUT_W32:-$top/build/out/w32}/bin" wine32
fi

# ---- agents, deaths under load: scripts of their own
for script in agents kill; do
    "$top/tests/service/$script.sh" >"$work/$script"
    sed '$d' "$work/$script"
    read -r more _ worse _ < <(tail -n 1 "$work/$script" | grep -E '^[0-9]+ passed, [0-9]+ failed$' || echo "0 passed, 1 failed")
    passed=$((passed + more)) failed=$((failed + worse))
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
