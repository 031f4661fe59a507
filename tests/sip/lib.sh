# Real programs on the other end of SIP: Kamailio, baresip and sipp, each scenario with an address of 127.0.0.0/8 and ports of its own.
# Sourced by run.sh and by build/demo, never run. They set tests_sip to this folder and `work` to a folder of their own.
# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154

# sip_place DIR: where the programs of a scenario listen: $host, $us, $proxy, $peer, $peer2, $phone, $control (ports). A folder for them.
sip_place() {
    place=$1
    pids=()
    mkdir -p -- "$place"
    read -r host base < <(perl "$tests_sip/place.pl")
    us=$host:$base proxy=$host:$((base + 2)) peer=$host:$((base + 4)) peer2=$host:$((base + 6)) phone=$host:$((base + 8)) control=$((base + 10))
    media=$((base + 20))
}

# Ends what was started, by its number: what came last goes first, as telephones take leave of their registrar.
sip_end() {
    local i
    for ((i = ${#pids[@]} - 1; i >= 0; i--)); do
        kill "${pids[i]}" && wait "${pids[i]}"
    done 2>/dev/null
    pids=()
    return 0
}

# What {us}, {peer}... stand for; and back.
sip_fill() {
    sed "s/{us}/$us/g; s/{proxy}/$proxy/g; s/{peer}/$peer/g; s/{peer2}/$peer2/g; s/{phone}/$phone/g; s/{host}/$host/g; s/{port}/${us##*:}/g; s/{peer_port}/${peer##*:}/g"
}
sip_unfill() {
    sed "s/\\b$us\\b/{us}/g; s/\\b$proxy\\b/{proxy}/g; s/\\b$peer\\b/{peer}/g; s/\\b$peer2\\b/{peer2}/g; s/\\b$phone\\b/{phone}/g; s/\\b$host\\b/{host}/g"
}

# until_there WHAT COMMAND...: waits until it succeeds. Nothing takes as long as the limit: it is there for what never comes.
until_there() {
    local what=$1 limit=$((SECONDS + 60))
    shift
    until "$@"; do
        if [ "$SECONDS" -ge "$limit" ]; then
            echo "did not come: $what"
            return 1
        fi
        sleep 0.02
    done
}

# listens udp|tcp HOST:PORT PID: whether that is bound; fails for good if the process has gone.
listens() {
    local hex
    hex=$(perl -e 'my ($h, $p) = split /:/, $ARGV[0]; printf "%02X%02X%02X%02X:%04X", reverse(split /\./, $h), $p' "$2")
    grep -q " $hex 0" "/proc/net/$1"
}
is_up() { ! kill -0 "$3" 2>/dev/null || listens "$@"; }
came_up() {
    until_there "$4 at $2" is_up "$1" "$2" "$3" && kill -0 "$3" 2>/dev/null
}

# says LOG REGEX: waits for a line in that log behind the one found before.
declare -A said=()
says() {
    local log=$place/$1.log
    until_there "'$2' in $1" has_line "$log" "$2" || return 1
    said[$log]=$line_found
}
has_line() {
    line_found=$(awk -v from="${said[$1]:-0}" -v regex="$2" 'NR > from && $0 ~ regex { print NR; exit }' "$1" 2>/dev/null)
    [ -n "$line_found" ]
}
# tapi WORD...: waits until the shell of ours has written the words by "echo".
tapi() { says tapi "^  $*\$"; }

# go NAME: lets the shell of ours go on that waits for it by "await {place}/NAME".
go() { : >"$place/$1"; }

# server [ALGORITHM]: Kamailio; passwords are "secret-" and the user.
server() {
    local config=$place/kamailio.cfg
    sip_fill <"$tests_sip/kamailio.cfg" | sed "s/{algorithm}/${1:-MD5}/" >"$config"
    mkdir -p "$place/kamailio"
    # In a session of its own: at its end it tells its whole group to go.
    PATH=$PATH:/usr/sbin setsid kamailio -f "$config" -DD -E -m 16 -M 4 -Y "$place/kamailio" -P "$place/kamailio/pid" >>"$place/kamailio.log" 2>&1 9>&- &
    pids+=("$!")
    came_up udp "$proxy" "$!" Kamailio
}

# telephone USER [PARAMETER...]: a baresip, which registers with Kamailio, and waits for that.
telephone() {
    local user=$1
    shift
    mkdir -p "$place/baresip"
    sip_fill <"$tests_sip/baresip.conf" | sed "s|{control}|$host:$control|; s|{media}|$media-$((media + 20))|; s|{folder}|$place/baresip|" >"$place/baresip/config"
    printf '<sip:%s@%s>;auth_user=%s;auth_pass=secret-%s;regint=600%s\n' "$user" "$proxy" "$user" "$user" "$(printf ';%s' "$@")" >"$place/baresip/accounts"
    : >"$place/baresip/contacts"
    (cd "$place/baresip" && HOME=$place/baresip exec baresip -f "$place/baresip" >>"$place/baresip.log" 2>&1 </dev/null 9>&-) &
    pids+=("$!")
    came_up tcp "$host:$control" "$!" baresip || return 1
    perl "$tests_sip/control.pl" "$host" "$control" "$place/phone.in" >>"$place/phone.log" 2>&1 9>&- &
    pids+=("$!")
    until_there "baresip's control" test -p "$place/phone.in"
    exec {phone_in}>"$place/phone.in"
    says baresip 'bindings?]'
}
# certificate [HOST [FROM UNTIL]]: of a server, $place/server.pem and server.key, and of who signs it, $place/ca.pem; each time another
# one. HOST "itself": it is $host's, and signs itself. The times are YYYYMMDDHHMMSSZ.
certificate() {
    local at=$place/tls name=${1:-$host} kind=IP new=(-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes) until=(-days 2)
    [ "$#" -lt 3 ] || until=(-startdate "$2" -enddate "$3")
    [ "$name" != itself ] || name=$host
    [[ $name != *[a-z]* ]] || kind=DNS
    mkdir -p "$at"
    : >"$at/index"
    printf '%s\n' '[ca]' default_ca=d '[d]' "database=$at/index" "new_certs_dir=$at" rand_serial=yes unique_subject=no default_md=sha256 \
        policy=p x509_extensions=x '[p]' commonName=supplied '[x]' "subjectAltName=$kind:$name" '[req]' distinguished_name=n '[n]' >"$at/conf"
    {
        if [ "${1:-}" = itself ]; then
            openssl req -config "$at/conf" -x509 "${new[@]}" -keyout "$place/server.key" -out "$place/server.pem" -subj "/CN=$name" "${until[@]}" \
                -addext "subjectAltName=$kind:$name"
        else
            openssl req -config "$at/conf" -x509 "${new[@]}" -keyout "$at/ca.key" -out "$place/ca.pem" -subj "/CN=Authority $RANDOM" -days 2 \
                -addext basicConstraints=critical,CA:TRUE &&
                openssl req -config "$at/conf" "${new[@]}" -keyout "$place/server.key" -out "$at/request" -subj "/CN=$name" &&
                openssl ca -config "$at/conf" -batch -notext -cert "$place/ca.pem" -keyfile "$at/ca.key" -in "$at/request" \
                    -out "$place/server.pem" "${until[@]}"
        fi
    } >"$at/log" 2>&1 || {
        cat "$at/log"
        return 1
    }
}
# account WORD...: tapictl account, in the configuration of ours.
account() {
    if [ "$on" = native ]; then
        LD_LIBRARY_PATH=$posix/lib TAPI_SHIM_CONFIG=$place/ini "$posix/bin/tapictl" account "$@"
    else
        (cd "$w64/bin" && TAPI_SHIM_CONFIG="HKCU\\Software\\SessionTSP-sip\\${place##*/}" HOME=$HOME_BEFORE "$top/build/wine64" ./tapictl.exe account "$@")
    fi >"$place/account.log" 2>&1 || {
        cat "$place/account.log"
        return 1
    }
}
# system_trusts FILE: that and nobody else.
system_trusts() { export SSL_CERT_FILE=$([ "$on" = native ] || echo Z:)$1; }
# stun ADDRESS: a STUN server at {proxy} that says this is where we are.
stun() {
    perl "$tests_sip/stun.pl" "$proxy" "$1" >"$place/stun.out" 2>&1 9>&- &
    pids+=("$!")
    came_up udp "$proxy" "$!" "STUN"
}
# tls: what is said to {peer} by TLS is said to {peer2} by TCP.
tls() {
    perl "$tests_sip/tls.pl" "$peer" "$peer2" "$place/server.pem" "$place/server.key" >"$place/tls.out" 2>&1 9>&- &
    pids+=("$!")
    came_up tcp "$peer" "$!" "TLS"
}
# phone COMMAND...: has baresip do something; what it says of its calls is in phone.log.
phone() { printf '%s\n' "$*" | sip_fill >&"$phone_in"; }

# sipp_as N [OPTION...]: the other end that the lines beginning with #N describe.
sipp_as() {
    local n=$1 at=$peer xml=$place/sipp$1.xml
    shift
    [ "$n" != 2 ] || at=$peer2
    set -- "$@"
    grep -q '^<\|^<send' "$xml" || return 1
    sipp -sf "$xml" -i "$host" -p "${at##*:}" -mi "$host" -mp "$((media + 30 + 10 * n))" -m 1 -nostdin -timeout 60 -timeout_error -deadcall_wait 0 \
        -trace_err -error_file "$place/sipp$n.err" -trace_msg -message_file "$place/sipp$n.log" "$@" >"$place/sipp$n.out" 2>&1 </dev/null 9>&- &
    sipp_pid[n]=$!
    until_there "sipp $n at $at" is_up "${sipp_over:-udp}" "$at" "$!" || return 1
    # One that calls may have seen all it was to see by now.
    kill -0 "$!" 2>/dev/null || wait "$!"
}
# peer: answers; caller: calls us.
peer() { sipp_as 1 "$@"; }
peer2() { sipp_as 2 "$@"; }
# peer3: in the place of the first, when that has seen all.
peer3() {
    sipp_seen 1 || return 1
    unset 'sipp_pid[1]'
    sipp_as 3 "$@"
}
caller() { sipp_as 1 "$us" "$@"; }
caller2() { sipp_as 2 "$us" "$@"; }
# over N: waits until it has seen all it was to see.
over() {
    wait "${sipp_pid[$1]}" && unset "sipp_pid[$1]"
}
# wav make FILE, wav same PLAYED RECORDED: sound of which any part can be found again.
wav() {
    local do=$1
    shift
    perl "$tests_sip/wav.pl" "$do" "${@/#/$place/}"
}
# Whether it saw what it was to see.
sipp_done() {
    local n status=0
    for n in "${!sipp_pid[@]}"; do
        sipp_seen "$n" || status=1
    done
    return "$status"
}
sipp_seen() {
    wait "${sipp_pid[$1]}" || {
        echo "sipp $1: exit status $?"
        tail -n 25 "$place/sipp$1.err" 2>/dev/null
        return 1
    }
}
