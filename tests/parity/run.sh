#!/usr/bin/env bash
# Compares include/ with mingw's tapi.h and tspi.h and compiles every header alone. Runs nothing that it compiles and needs
# no network, no Wine and no 32-bit C library. Ends with "N passed, N failed".
# Environment: CC (gcc; its reports are read), CLANG, CC_W64, CC_W32 (mingw's gcc), OBJDUMP, OBJDUMP_W64, OBJDUMP_W32.
# SPDX-License-Identifier: MIT
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
include=$(cd -- "$here/../../include" && pwd)
top=${include%/*}
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
export LC_ALL=C

# first COMMAND...: the first that exists, else the last, whose absence will be reported where it is used.
first() {
    local command
    for command in "$@"; do
        if command -v "$command" >/dev/null; then break; fi
    done
    printf '%s\n' "$command"
}
export CC=${CC:-gcc} CLANG=${CLANG:-clang} OBJDUMP=${OBJDUMP:-objdump}
export CC_W64=${CC_W64:-$(first x86_64-w64-mingw32-gcc-win32 x86_64-w64-mingw32-gcc)}
export CC_W32=${CC_W32:-$(first i686-w64-mingw32-gcc-win32 i686-w64-mingw32-gcc)}
export OBJDUMP_W64=${OBJDUMP_W64:-x86_64-w64-mingw32-objdump} OBJDUMP_W32=${OBJDUMP_W32:-i686-w64-mingw32-objdump}

passed=0 failed=0
group_passed=0 group_failed=0
# compiles NAME FILE COMMAND...: one check.
compiles() {
    local name=$1 file=$2
    shift 2
    if "$@" -fsyntax-only "$file" >"$work/log" 2>&1; then
        passed=$((passed + 1)) group_passed=$((group_passed + 1))
    else
        failed=$((failed + 1)) group_failed=$((group_failed + 1))
        printf 'FAIL %s:\n' "$name"
        head -n 20 "$work/log" | sed 's/^/    /'
    fi
}
group_done() {
    local state=ok
    # An empty group has not passed.
    if [ "$((group_passed + group_failed))" -eq 0 ]; then failed=$((failed + 1)) group_failed=1; fi
    [ "$group_failed" -eq 0 ] || state=FAIL
    printf '%-4s %s: %d passed, %d failed\n' "$state" "$1" "$group_passed" "$group_failed"
    group_passed=0 group_failed=0
}

if ! perl "$here/parity.pl" "$include" "$work"; then
    echo "FAIL comparison: it could not be made"
    echo "0 passed, 1 failed"
    exit 1
fi
read -r passed failed <"$work/counts"

strict=(-Wall -Wextra -Wpedantic -Werror)
languages=("$CC -std=c11" "$CLANG -std=c11" "$CLANG -x c++ -std=c++11" "$CLANG -x c++ -std=c++20")
if [ -x "$("$CC" -print-prog-name=cc1plus)" ]; then
    languages+=("$CC -x c++ -std=c++11" "$CC -x c++ -std=c++20")
else
    echo "     $CC has no C++: headers are compiled as C++ by $CLANG alone"
fi
# Freestanding: no C library, so both sizes work on any machine.
for language in "${languages[@]}"; do
    read -ra command <<<"$language"
    for size in -m64 -m32; do
        compiles "table, $language $size" "$here/table.c" "${command[@]}" "$size" -ffreestanding "${strict[@]}" -I"$include" \
            -DPARITY_TABLE="\"$work/table-$([ "$size" = -m64 ] && echo x64 || echo x86).h\""
    done
done
group_done "generated table, each compiler and language"

for header in "$include"/*.h; do
    name=${header##*/}
    # Twice: a header without a guard shows.
    printf '#include "%s"\n#include "%s"\nextern int parity_nothing;\n' "$name" "$name" >"$work/alone.c"
    for language in "${languages[@]}"; do
        read -ra command <<<"$language"
        compiles "$name alone, $language" "$work/alone.c" "${command[@]}" "${strict[@]}" -I"$include"
    done
    compiles "$name alone, UNICODE" "$work/alone.c" "$CC" -std=c11 -DUNICODE "${strict[@]}" -I"$include"
    compiles "$name alone, freestanding -m32" "$work/alone.c" "$CC" -std=c11 -m32 -ffreestanding "${strict[@]}" -I"$include"
done
group_done "every header alone"

# On Windows tapi.h is the SDK's, found because include/ is not searched.
for name in tapi_port.h tapi_shim.h tapi_fixed_size.h; do
    printf '#include "include/%s"\n#include "include/%s"\nextern int parity_nothing;\n' "$name" "$name" >"$work/alone.c"
    compiles "$name alone, Windows x64" "$work/alone.c" "$CC_W64" -std=c11 "${strict[@]}" -I"$top"
    compiles "$name alone, Windows x86" "$work/alone.c" "$CC_W32" -std=c11 "${strict[@]}" -I"$top"
done
group_done "headers for both platforms, Windows"

for language in "${languages[@]}"; do
    read -ra command <<<"$language"
    compiles "a program, $language" "$here/consumer.c" "${command[@]}" "${strict[@]}" -I"$include"
    compiles "a program, $language, UNICODE" "$here/consumer.c" "${command[@]}" -DUNICODE "${strict[@]}" -I"$include"
done
# Calls from C++ must reach the same symbols as calls from C.
cat >"$work/linkage" <<'END'
#!/bin/sh
for last; do :; done
"$CLANG" -x c++ -std=c++11 -I"$1" -c "$last" -o "$2" || exit
if ! "$OBJDUMP" -t "$2" | grep -q 'UND.* TSPI_lineMakeCall$'; then echo "TSPI_lineMakeCall is not called by this name"; exit 1; fi
if "$OBJDUMP" -t "$2" | grep 'UND.* _Z'; then echo "names of C++"; exit 1; fi
END
compiles "a program in C++ links with C" "$here/consumer.c" sh "$work/linkage" "$include" "$work/consumer.o"
group_done "a program of a user"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
