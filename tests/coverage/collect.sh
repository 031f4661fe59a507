#!/usr/bin/env bash
# What gcov knows of a run: collect.sh TREE DATA; DATA/SUITE/ has the .gcda files that the suite wrote (GCOV_PREFIX), TREE is the build tree.
# One "SUITE FUNCTION PERCENT LINES" a line, for the functions that applications and telephony call.
# SPDX-License-Identifier: MIT
set -euo pipefail
export LC_ALL=C
tree=$1 data=$2
for suite in "$data"/*/; do
    name=$(basename -- "$suite")
    find "$suite" -name '*.gcda' | grep -E '/(tsp/tspi|tsp/ui|tapi_shim/client|tapi_shim/tapi32)/' | while read -r file; do
        object=${file#"$suite"}
        # gcov wants the notes of the compiler beside the counts of the run.
        ln -sf -- "$tree/${object%.gcda}.gcno" "${file%.gcda}.gcno"
        (cd "$suite" && gcov -n -f "$object" 2>/dev/null) || true
    done | awk -v suite="$name" '
        /^Function / { f = $2; gsub(/\x27/, "", f); next }
        f != "" && /^Lines executed:/ { split($2, a, ":"); sub(/%/, "", a[2]); printf "%s %s %d %d\n", suite, f, a[2], $4; f = ""; next }
        f != "" && /^No executable lines/ { f = "" }' | grep -E ' (TSPI_|TUISPI_|line|phone|tapi)' || true
done
