#!/usr/bin/env bash
# The program in README.md, compiled as the README says, completes a call: from the shared library, from the archive, and as C++ sees it.
# SPDX-License-Identifier: MIT
set -uo pipefail
top=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
prefix=${1:-${TAPI_OUT_POSIX:-$top/build/out/posix}}
expected='call completed'

work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
passed=0 failed=0
# A telephony service that ends with the program that started it.
mkdir -p "$work/.config/tapi_shim" && printf '[service]\nlinger_s = 0\n' >"$work/.config/tapi_shim/tapi_shim.ini"
mkdir -m 700 "$work/run"

result() { # NAME STATUS
    if [ "$2" -eq 0 ]; then
        passed=$((passed + 1))
        echo "ok: $1"
    else
        failed=$((failed + 1))
        echo "FAILED: $1"
    fi
}

# The first block of C in the README; the copy beside this script is what it is made from.
extract() { awk '/^```c$/ && !seen { inside = 1; seen = 1; next } /^```$/ { inside = 0 } inside' "$1"; }

# run_call PROGRAM: it ends by itself, with the expected line, having seen the call connected.
run_call() {
    env HOME="$work" XDG_CONFIG_HOME="$work/.config" XDG_RUNTIME_DIR="$work/run" "$1" >"$work/log" 2>&1 && cat "$work/log" &&
        [ "$(tail -n 1 "$work/log")" = "$expected" ] && grep -qx connected "$work/log"
}

export PKG_CONFIG_PATH=$prefix/lib/pkgconfig
if [ -f "$top/README.md" ]; then
    extract "$top/README.md" >"$work/app.c"
    cmp -s "$work/app.c" "$top/tests/readme/program.c"
    result "README.md has the program that is tested here" $?
fi
[ -s "$work/app.c" ] || cp -- "$top/tests/readme/program.c" "$work/app.c"

# shellcheck disable=SC2046  # the options are words
cc -Wall -Wextra -Wpedantic -Werror "$work/app.c" -o "$work/app" $(pkg-config --cflags --libs tapi_shim) && run_call "$work/app"
result "cc app.c \$(pkg-config --cflags --libs tapi_shim)" $?

# A prefix that was moved, because it is found relative to the file.
cp -a -- "$prefix" "$work/moved" &&
    cc "$work/app.c" -o "$work/app2" $(PKG_CONFIG_PATH=$work/moved/lib/pkgconfig pkg-config --cflags --libs tapi_shim) &&
    readelf -d "$work/app2" | grep -q "$work/moved/" && run_call "$work/app2"
result "the same from a prefix that was moved" $?

# The archive has the provider in it: the program stands alone.
mkdir "$work/lib" && cp -- "$prefix/lib/libtapi_shim.a" "$work/lib/" &&
    cc "$work/app.c" -o "$work/app3" $(pkg-config --cflags tapi_shim) -L"$work/lib" $(pkg-config --static --libs-only-l tapi_shim) &&
    ! readelf -d "$work/app3" | grep -q libtapi_shim && rm -rf "$work/moved" && run_call "$work/app3"
result "the archive, with nothing beside the program" $?

for header in tapi.h tspi.h tapi_shim.h; do
    printf '#include <%s>\nint main() { return 0; }\n' "$header" >"$work/h.cc"
    if command -v c++ >/dev/null; then
        c++ -Wall -Wextra -Werror -fsyntax-only -I"$prefix/include" "$work/h.cc"
        result "$header in C++" $?
    fi
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
