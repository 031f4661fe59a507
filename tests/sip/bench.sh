#!/usr/bin/env bash
# How fast calls are over SIP on this machine: ours with sipp, sipp with itself, PJSIP's own benchmark with itself, in one run.
# usage: bench.sh SIP_BENCH PJSIP_PERF [CALLS [WINDOW]]. SPDX-License-Identifier: MIT
set -uo pipefail
bench=$1 perf=$2 calls=${3:-5000} window=${4:-20}
work=$(mktemp -d)
pids=()
clean_up() {
    local pid
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null; done
    wait 2>/dev/null
    rm -rf -- "$work"
}
trap clean_up EXIT
read -r host base < <(perl "$(dirname -- "${BASH_SOURCE[0]}")/place.pl")
options=(-i "$host" -nostdin -buff_size 4000000 -deadcall_wait 0)
perf_in=$work/perf.in
mkfifo "$perf_in"
exec {perf_fd}<>"$perf_in"

bound() {
    local hex
    hex=$(perl -e 'printf ":%04X 0", $ARGV[0]' "$1")
    until grep -q "$hex" /proc/net/udp; do
        kill -0 "$2" 2>/dev/null || return 1
        sleep 0.02
    done
}
# per_second COMMAND...: calls per second by the clock; those that failed make it 0.
per_second() {
    local begin end
    begin=$(date +%s%N)
    timeout 300 "$@" >"$work/out" 2>&1 </dev/null || {
        echo 0
        return
    }
    end=$(date +%s%N)
    echo "$((calls * 1000000000 / (end - begin)))"
}
uac() { per_second sipp -sn uac "$1" -s u1 -r 100000 -l "$window" -m "$calls" "${options[@]}" -p "$2"; }

sipp -sn uas -p "$base" "${options[@]}" >"$work/uas" 2>&1 </dev/null &
pids+=("$!")
bound "$base" "$!" || exit 1
sipp_sipp=$(uac "$host:$base" "$((base + 2))")

placed=$(timeout 300 "$bench" place "$calls" "$window" "sip:service@$host:$base" | sed -n 's/.*calls_per_second=\([0-9]*\).*/\1/p')

"$bench" answer "$calls" >"$work/answer" 2>&1 &
pids+=("$!")
answerer=$!
until port=$(sed -n 's/^port=//p' "$work/answer") && [ -n "$port" ]; do sleep 0.02; done
# It listens at 127.0.0.1; sipp has to be there as well.
options[1]=127.0.0.1
taken_sipp=$(uac "127.0.0.1:$port" "$((base + 4))")
wait "$answerer"
taken=$(sed -n 's/.*calls_per_second=\([0-9]*\).*/\1/p' "$work/answer")
memory=$(sed -n 's/^taken.*resident_kib=\([0-9]*\) before_kib=\([0-9]*\).*/\1 \2/p' "$work/answer")

"$perf" "--local-port=$((base + 6))" <"$perf_in" >"$work/perf-server" 2>&1 &
pids+=("$!")
bound "$((base + 6))" "$!" || exit 1
timeout 300 "$perf" "--local-port=$((base + 8))" --method=INVITE "--count=$calls" "--window=$window" "sip:2@127.0.0.1:$((base + 6))" <"$perf_in" >"$work/perf" 2>&1
pjsip=$(sed -nE 's/^Total [0-9]+ responses .* at rate of ([0-9]+)\/sec.*/\1/p' "$work/perf" | tail -n 1)

ratio() { awk -v a="${1:-0}" -v b="${2:-0}" 'BEGIN { if (b > 0) printf "%.2f", a / b; else printf "-" }'; }
printf '| %s calls, %s at a time | calls/s | of sipp with sipp | of pjsip-perf |\n| --- | ---: | ---: | ---: |\n' "$calls" "$window"
while read -r number name; do
    printf '| %s | %s | %s | %s |\n' "$name" "${number:--}" "$(ratio "$number" "$sipp_sipp")" "$(ratio "$number" "$pjsip")"
done <<END
${placed:-0} placed by ours, answered by sipp
${taken:-${taken_sipp:-0}} answered by ours, placed by sipp
$sipp_sipp sipp with sipp
${pjsip:-0} pjsip-perf with pjsip-perf
END
# Half of the calls have ended then, each not longer than 32 s ago.
read -r now before <<<"${memory:-0 0}"
echo "resident memory for each call that was answered and has ended, for the 32 s that SIP remembers it: $(((now - before) * 2 / calls)) KiB"
