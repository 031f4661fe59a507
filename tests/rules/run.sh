#!/usr/bin/env bash
# Checks the rules of the tree and of the built artefacts, and that each rule sees a planted violation. Ends with "N passed, N failed".
# build/test tells where things were built (TAPI_TREE_POSIX, TAPI_OUT_W64, ...); by hand: build/test scripts.
# SPDX-License-Identifier: MIT
set -uo pipefail
export LC_ALL=C
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
top=$(cd -- "$here/../.." && pwd)
rules_work=$(mktemp -d)
trap 'rm -rf -- "$rules_work"' EXIT
# shellcheck source-path=SCRIPTDIR source=rules.sh
. "$here/rules.sh"

passed=0 failed=0
ok() {
    passed=$((passed + 1))
    printf 'ok   %s\n' "$1"
}
bad() {
    failed=$((failed + 1))
    printf 'FAIL %s\n' "$1"
}

# keeps NAME RULE ARGUMENT...: the rule finds nothing.
keeps() {
    local name=$1 found
    shift
    found=$("$@" 2>&1)
    if [ -z "$found" ]; then
        ok "$name"
    else
        bad "$name"
        head -n 40 <<<"     ${found//$'\n'/$'\n'     }"
    fi
}

# sees NAME TEXT RULE ARGUMENT...: the rule finds the planted violation TEXT, and nothing else.
sees() {
    local name=$1 text=$2 found
    shift 2
    found=$("$@" 2>&1)
    if [[ $found == *"$text"* ]] && [ "$(wc -l <<<"$found")" -eq 1 ]; then
        ok "$name: a violation is seen"
    else
        bad "$name: planted \"$text\", seen \"$found\""
    fi
}

# ---- the rules themselves, on small trees with one violation among things that are right

plant=$rules_work/plant
# put FILE: its content comes from the standard input.
put() {
    mkdir -p "$(dirname "$plant/$1")"
    cat >"$plant/$1"
}
fresh() {
    rm -rf -- "$plant"
    put tsp/session/good.c <<<'#include "tsp/session/good.h"
#include <string.h>'
    put tapi_shim/platform/posix/good.c <<<'#include "tapi_shim/platform/platform.h"
#ifdef __linux__
#endif'
    put tapi_shim/client/good.c <<<'#include "include/tapi_port.h"
#include "tapi_shim/platform/platform.h"
/* TSPI_lineOpen() is for the engine. */'
    put tapi_shim/engine/good.c <<<'int x(void) { return TSPI_lineOpen(1); }'
    put tests/unit/good.c <<<'#include "tsp/session/good.h"'
    find "$plant" -name '*.c' -exec sed -i '1i/* SPDX-License-Identifier: MIT */' {} +
}
violate() {
    local name=$1 rule=$2 file=$3 line=$4
    fresh
    keeps "$name: a good tree is good" "$rule" "$plant"
    put "$file" <<<"/* SPDX-License-Identifier: MIT */
$line"
    sees "$name" "$file" "$rule" "$plant"
}
violate "layers, session includes a binding" rule_include_layers tsp/session/bad.c '#include "tsp/binding/binding.h"'
violate "layers, session includes the platform" rule_include_layers tsp/session/bad.h '  #  include "tapi_shim/platform/platform.h"'
violate "layers, platform includes the engine" rule_include_layers tapi_shim/platform/posix/bad.c '#include "tapi_shim/engine/engine.h"'
violate "layers, the host includes the provider" rule_include_layers tapi_shim/client/bad.c '#include "tsp/tspi/tspi.h"'
violate "layers, a binding includes the entry points" rule_include_layers tsp/binding/bad.c '#include "tsp/tspi/queue.h"'
violate "layers, a bare name" rule_include_layers tapi_shim/client/bad.c '#include "client.h"'
violate "headers of the session core" rule_session_headers tsp/session/bad.c '#include <time.h>'
violate "calls of a provider" rule_tspi_calls tapi_shim/client/bad.c 'int x(void) { return TSPI_lineOpen (1); }'
violate "conditionals on the system" rule_system_conditionals tsp/tspi/bad.c '#if defined(_WIN32)'
violate "structure typedefs" rule_struct_typedefs tapi_shim/client/bad.h 'typedef struct line { int x; } line;'
violate "promises" rule_promises tsp/tspi/bad.c '/* TODO */'
violate "scripts can be run" rule_scripts tests/unit/run.sh ':'
fresh
yes '/* */' | head -n 1000 | put tsp/tspi/just.c
keeps "length, 1000 lines are good" rule_file_length "$plant"
yes '/* */' | head -n 1001 | put tsp/tspi/long.c
sees "length" "tsp/tspi/long.c" rule_file_length "$plant"
fresh
put .hidden <<<''
keeps "top level, a good tree is good" rule_top_level "$plant"
put docs/x <<<''
sees "top level" docs rule_top_level "$plant"
fresh
keeps "licence line, a good tree is good" rule_licence_line "$plant"
put tsp/tspi/bad.c <<<'int x;'
sees "licence line" tsp/tspi/bad.c rule_licence_line "$plant"
fresh
RULES_HOSTS=http://archive.example.test keeps "archive hosts, a good tree is good" rule_archive_hosts "$plant"
put tests/bad.txt <<<'http://archive.example.test/debian'
RULES_HOSTS=http://archive.example.test sees "archive hosts" tests/bad.txt rule_archive_hosts "$plant"

fresh
put core.c <<<'#include <string.h>
int core_x(const char *a); int core_x(const char *a) { return (int)strlen(a); }'
gcc -O0 -fno-builtin -c "$plant/core.c" -o "$plant/core.o"
keeps "symbols of the core, a good object is good" rule_core_symbols nm "$plant/core.o"
for call in time:time clock_gettime:clock_gettime socket:socket pthread_create:pthread_create fopen:fopen rand:rand getenv:getenv; do
    put core.c <<<"int ${call%:*}(void); int core_x(void); int core_x(void) { return ${call%:*}(); }"
    gcc -O0 -fno-builtin -c "$plant/core.c" -o "$plant/core.o"
    sees "symbols of the core, ${call%:*}" "${call#*:} is used" rule_core_symbols nm "$plant/core.o"
done
sees "symbols of the core, no objects" "no objects" rule_core_symbols nm

for arch in x86_64 i686; do
    cc=$arch-w64-mingw32-gcc-win32 objdump=$arch-w64-mingw32-objdump
    put dll.c <<<'#include <windows.h>
LONG WINAPI TSPI_one(LONG a) { return a + (LONG)GetTickCount(); }
LONG WINAPI TSPI_two(LONG a) { MessageBoxA(NULL, "", "", 0); return a; }'
    printf 'EXPORTS\n TSPI_one\n TSPI_two\n' | put dll.def
    printf 'TSPI_one\nTSPI_two\n' | put names.txt
    # What the build does to every DLL, and what happens without it on x86.
    printf '1 VERSIONINFO\nBEGIN\nBLOCK "StringFileInfo"\nBEGIN\nBLOCK "040904B0"\nBEGIN\nVALUE "OriginalFilename", "good.dll"\nEND\nEND\nEND\n' |
        put dll.rc
    "$arch-w64-mingw32-windres" "$plant/dll.rc" "$plant/dll.o"
    "$cc" -shared -static-libgcc -o "$plant/good.dll" "$plant/dll.c" "$plant/dll.def" "$plant/dll.o" -Wl,--enable-stdcall-fixup -Wl,--kill-at -luser32
    keeps "exports, a good $arch DLL is good" rule_exports "$objdump" "$plant/good.dll" "$plant/names.txt"
    keeps "exports only, a good $arch DLL is good" rule_exports_only "$objdump" "$plant/good.dll" "$plant/names.txt"
    keeps "imports, a good $arch DLL is good" rule_imports "$objdump" "$plant/good.dll" kernel32.dll msvcrt.dll user32.dll
    sees "imports ($arch)" "user32.dll is imported" rule_imports "$objdump" "$plant/good.dll" kernel32.dll msvcrt.dll
    printf 'TSPI_one\nTSPI_three\nTSPI_two\n' | put names.txt
    sees "exports ($arch)" "TSPI_three is not exported" rule_exports "$objdump" "$plant/good.dll" "$plant/names.txt"
    printf 'TSPI_two\n' | put names.txt
    sees "exports only ($arch)" "TSPI_one is exported" rule_exports_only "$objdump" "$plant/good.dll" "$plant/names.txt"
    keeps "version resource, a good $arch DLL is good" rule_version_resource "$plant/good.dll" good.dll
    sees "version resource ($arch), another name" "no version resource" rule_version_resource "$plant/good.dll" other.dll
    "$cc" -shared -static-libgcc -o "$plant/bare.dll" "$plant/dll.c" "$plant/dll.def" -Wl,--enable-stdcall-fixup -luser32
    sees "version resource ($arch), none" "no version resource" rule_version_resource "$plant/bare.dll" good.dll
done
printf 'TSPI_one\nTSPI_two\n' | put names.txt
put dll.c <<<'#include <windows.h>
__declspec(dllexport) LONG WINAPI TSPI_one(LONG a) { return a; }
LONG TSPI_two(LONG a); __declspec(dllexport) LONG TSPI_two(LONG a) { return a; }'
i686-w64-mingw32-gcc-win32 -shared -static-libgcc -o "$plant/decorated.dll" "$plant/dll.c"
sees "exports, decorated" "TSPI_one is not exported" rule_exports i686-w64-mingw32-objdump "$plant/decorated.dll" "$plant/names.txt"

put lib.c <<<'__attribute__((visibility("default"))) int TSPI_one(void) { return 1; }
int helper(void) { return 2; }'
gcc -shared -fPIC -fvisibility=hidden -o "$plant/good.so" "$plant/lib.c"
gcc -shared -fPIC -o "$plant/bad.so" "$plant/lib.c"
keeps "exports of a library, a good one is good" rule_so_exports nm "$plant/good.so" 'TSPI_[a-z]+'
sees "exports of a library" "helper is exported" rule_so_exports nm "$plant/bad.so" 'TSPI_[a-z]+'

# ---- the tree

rm -rf -- "$plant" && mkdir -p "$plant/tsp" "$plant/build" && cp -r "$top/tsp/session" "$top/tsp/tspi" "$plant/tsp" &&
    cp "$top/build/docs" "$plant/build" && grep -v 'no_answer_ms' "$top/README.md" >"$plant/README.md"
sees "tables of the README" 'not up to date' rule_readme_tables "$plant"

keeps "layers" rule_include_layers "$top"
keeps "headers of the session core" rule_session_headers "$top"
keeps "calls of a provider" rule_tspi_calls "$top"
keeps "conditionals on the system" rule_system_conditionals "$top"
keeps "length" rule_file_length "$top"
keeps "top level" rule_top_level "$top"
keeps "structure typedefs" rule_struct_typedefs "$top"
keeps "licence line" rule_licence_line "$top"
keeps "promises" rule_promises "$top"
keeps "archive hosts" rule_archive_hosts "$top"
keeps "scripts can be run" rule_scripts "$top"
keeps "tables of the README" rule_readme_tables "$top"

# ---- what was built

# DLLs that every Windows has. USER32 and GDI32 are not for the provider: it lives in a service.
system=(advapi32.dll kernel32.dll msvcrt.dll ws2_32.dll bcrypt.dll rpcrt4.dll ole32.dll crypt32.dll)
windowed=("${system[@]}" user32.dll gdi32.dll shell32.dll comctl32.dll)

core_objects() { find "${1:-/nonexistent}" -path '*/session_obj.dir/*' \( -name '*.o' -o -name '*.obj' \) 2>/dev/null; }
for place in POSIX:nm W64:x86_64-w64-mingw32-nm W32:i686-w64-mingw32-nm; do
    tree=TAPI_TREE_${place%:*}
    mapfile -t objects < <(core_objects "${!tree:-}")
    keeps "symbols of the core (${place%:*})" rule_core_symbols "${place#*:}" "${objects[@]}"
done

# built NAME FILE: false, and a failure, if the file is not there.
built() {
    [ ! -f "$2" ] || return 0
    bad "$1: ${2#"$top"/} was not built"
    return 1
}
for place in W64:x86_64 W32:i686; do
    arch=${place%:*} objdump=${place#*:}-w64-mingw32-objdump out=TAPI_OUT_${place%:*}
    bin=${!out:-$top/build/out/${arch,,}}/bin
    if built "provider ($arch)" "$bin/sessiontsp.tsp"; then
        keeps "provider exports every TSPI function, undecorated ($arch)" rule_exports "$objdump" "$bin/sessiontsp.tsp" "$here/tspi-names.txt"
        keeps "provider exports nothing else ($arch)" rule_exports_only "$objdump" "$bin/sessiontsp.tsp" "$here/tspi-names.txt"
        keeps "provider imports from the system's DLLs only, none of them for windows ($arch)" rule_imports "$objdump" "$bin/sessiontsp.tsp" "${system[@]}"
        keeps "provider has a version resource ($arch)" rule_version_resource "$bin/sessiontsp.tsp" sessiontsp.tsp
    fi
    if built "provider's dialogs ($arch)" "$bin/sessiontspui.dll"; then
        keeps "dialogs export their functions ($arch)" rule_exports "$objdump" "$bin/sessiontspui.dll" "$here/tuispi-names.txt"
        keeps "dialogs import from the system's DLLs only ($arch)" rule_imports "$objdump" "$bin/sessiontspui.dll" "${windowed[@]}"
        keeps "dialogs have a version resource ($arch)" rule_version_resource "$bin/sessiontspui.dll" sessiontspui.dll
    fi
    if built "tapi32 ($arch)" "$bin/tapi32.dll"; then
        keeps "tapi32 exports names of the real one only, undecorated ($arch)" rule_exports_only "$objdump" "$bin/tapi32.dll" "$here/tapi32-names.txt"
        keeps "tapi32 imports from the system's DLLs only ($arch)" rule_imports "$objdump" "$bin/tapi32.dll" "${windowed[@]}"
        keeps "tapi32 has a version resource ($arch)" rule_version_resource "$bin/tapi32.dll" tapi32.dll
    fi
    if built "tapictl ($arch)" "$bin/tapictl.exe"; then
        keeps "tapictl imports from the system's DLLs and tapi32 only ($arch)" rule_imports "$objdump" "$bin/tapictl.exe" "${windowed[@]}" tapi32.dll
    fi
done
lib=${TAPI_OUT_POSIX:-$top/build/out/posix}/lib
if built "provider (POSIX)" "$lib/libsessiontsp.so"; then
    keeps "provider exports TSPI functions only (POSIX)" rule_so_exports nm "$lib/libsessiontsp.so" 'TSPI_[A-Za-z]+'
fi
if built "host (POSIX)" "$lib/libtapi_shim.so"; then
    keeps "host exports functions of tapi.h and its own only (POSIX)" rule_so_exports nm "$lib/libtapi_shim.so" '(line|phone|tapi|mmc)[A-Z][A-Za-z]*|MMC[A-Za-z]+|tapi_shim_[a-z0-9_]+'
fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
