# Rules of the tree and of what is built from it. Sourced. Each rule prints a line per violation and nothing else.
# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# shellcheck disable=SC2154  # rules_work: a folder for what is in between, made by whoever sources this

# sources_of DIR SUFFIX...: files below DIR with one of the suffixes, relative to DIR; neither history nor what was built.
sources_of() {
    local dir=$1 suffix names=()
    shift
    for suffix in "$@"; do names+=(-o -name "*.$suffix"); done
    (cd "$dir" && find . \( -path ./.git -o -path ./build/out \) -prune -o -type f \( "${names[@]:1}" \) -print | sed 's#^\./##' | LC_ALL=C sort)
}

# ---- rules of the tree: RULE DIR

# What a folder includes of ours. The first line that fits a file counts: pattern of the file, pattern of what it may include.
rule_include_layers() {
    local file included line number allowed='' folder may
    while IFS=: read -r file number line; do
        included=${line#*\"} included=${included%%\"*}
        allowed=
        while read -r folder may; do
            [[ $file =~ ^$folder ]] || continue
            [[ $included =~ ^($may) ]] && allowed=yes
            break
        done <<'END'
tsp/session/ tsp/session/
tapi_shim/platform/ tapi_shim/platform/
tsp/binding/ tsp/binding/|tsp/media/|tsp/session/|tapi_shim/platform/|include/
tsp/media/ tsp/media/|tapi_shim/platform/
tsp/tspi/ tsp/tspi/|tsp/binding/|tsp/media/|tsp/session/|tapi_shim/platform/|include/
tsp/ui/ tsp/ui/|tsp/tspi/|tapi_shim/platform/|include/
tapi_shim/ tapi_shim/|include/
include/ include/
tests/ tests/|tsp/|tapi_shim/|include/
END
        # A header beside the file, by its bare name: how the public headers find each other. Lists are included where they lie.
        [[ $file != include/* || $included == */* ]] || allowed=yes
        [ -n "$allowed" ] || echo "$file:$number includes $included"
    done < <(sources_of "$1" c h def | grep -E '^(tsp|tapi_shim|include|tests)/' |
        (cd "$1" && xargs -r grep -HnE '^[[:space:]]*#[[:space:]]*include[[:space:]]*"' --) | grep -vE '^tests/(parity|readme)/')
}

# The session core knows no operating system: of the C library only what needs none.
rule_session_headers() {
    sources_of "$1" c h def | grep '^tsp/session/' | (cd "$1" && xargs -r grep -HnE '^[[:space:]]*#[[:space:]]*include[[:space:]]*<' --) |
        grep -vE '<(assert|ctype|errno|inttypes|limits|stdalign|stdarg|stdbool|stddef|stdint|stdio|stdlib|stdnoreturn|string)\.h>'
}

# Only the engine calls a provider; the rest of the host has never heard of TSPI.
rule_tspi_calls() {
    local file
    sources_of "$1" c h | grep '^tapi_shim/' | grep -vE '^tapi_shim/engine/' | while read -r file; do
        # Comments may speak of it.
        gcc -fpreprocessed -E -P -x c "$1/$file" 2>/dev/null | grep -nE '\bTU?I?SPI_[a-z][A-Za-z]*[[:space:]]*\(' |
            sed "s#^[0-9]*#$file#"
    done
}

# One place per system: platform/posix, platform/win32 and the headers that users compile against.
rule_system_conditionals() {
    sources_of "$1" c h def | grep -E '^(tsp|tapi_shim|tests)/' | grep -vE '^tapi_shim/platform/(posix|win32)/|(^|/)[a-z_]*port\.h$|^tests/parity/' |
        (cd "$1" && xargs -r grep -HnE '^[[:space:]]*#[[:space:]]*(if|ifdef|ifndef|elif)\b.*\b(_WIN32|WIN32|_WIN64|__linux__|__unix__|__MINGW32__|__APPLE__)\b' --)
}

rule_file_length() {
    sources_of "$1" c h def sh pl cmake | (cd "$1" && xargs -r awk 'FNR == 1001 { print FILENAME " has more than 1000 lines" }')
}

rule_top_level() {
    (cd "$1" && find . -mindepth 1 -maxdepth 1 | sed 's#^\./##') |
        grep -vxE 'tsp|tapi_shim|include|tests|build|README.md|CMakeLists.txt|CMakePresets.json|LICENSE|\..*'
}

# Types are named where they are used: no typedef of a structure of ours. include/ repeats Windows' own.
rule_struct_typedefs() {
    sources_of "$1" c h | grep -E '^(tsp|tapi_shim)/' | (cd "$1" && xargs -r grep -HnE '^[[:space:]]*typedef[[:space:]]+(struct|union|enum)\b' --)
}

rule_licence_line() {
    { sources_of "$1" c h def sh cmake rc in pl && sources_of "$1" txt | grep 'CMakeLists.txt$'; } |
        (cd "$1" && xargs -r grep -L 'SPDX-License-Identifier: MIT' --) | sed 's/$/ has no licence line/'
}

# No promise for later in what is there now.
rule_promises() {
    sources_of "$1" c h def sh cmake | grep -v '^tests/rules/' |
        (cd "$1" && xargs -r grep -HnE '\b(TODO|FIXME|XXX|HACK)\b|not implemented yet' --)
}

# Where packages come from is the machine's business: its addresses stand in its own configuration alone.
rule_archive_hosts() {
    local host
    {
        grep -rhoE '(https?|ftp)://[^/ ]+' /etc/apt/sources.list /etc/apt/sources.list.d 2>/dev/null
        printf '%s\n' "${RULES_HOSTS:-}"
    } | sed -E 's#^[a-z]+://##' | sort -u | grep -F . | while read -r host; do
        (cd "$1" && grep -rlIF --exclude-dir=.git --exclude-dir=out -- "$host" .) | sed 's#^\./##; s#$# names an archive host#'
    done
}

# Scripts say what they are and can be run.
rule_scripts() {
    sources_of "$1" sh | grep '/run\.sh$' | while read -r file; do
        [ -x "$1/$file" ] || echo "$file cannot be run"
        bash -n "$1/$file" 2>&1 || echo "$file does not parse"
    done
}

# ---- rules of what is built

# rule_core_symbols NM OBJECT...: what the session core takes from outside is memory, text and assertions, nothing that
# has a clock, a socket, a thread, a file or chance in it.
rule_core_symbols() {
    local nm=$1
    shift
    [ "$#" -gt 0 ] || {
        echo "no objects of the session core"
        return
    }
    "$nm" --defined-only -g "$@" | awk 'NF == 3 { print $3 }' | sort -u >"$rules_work/defined"
    "$nm" -u "$@" | awk '$1 == "U" { print $2 }' | sort -u | comm -23 - "$rules_work/defined" |
        grep -vxE '_?_?(imp__?)?(mem(cpy|move|set|cmp|chr)|str(len|nlen|cmp|ncmp|chr|rchr|cpy|ncpy|spn|cspn)|malloc|calloc|realloc|free|abort|v?snprintf|qsort|bsearch|assert|_?assert_fail|isdigit|isalnum|toupper|tolower)|___chkstk_ms|__chkstk_ms|__mingw_v?snprintf|___mingw_v?snprintf|_GLOBAL_OFFSET_TABLE_|__stack_chk_fail|__u?(div|mod)di3|___u?(div|mod)di3' |
        sed 's/$/ is used by the session core/'
}

# exports_of OBJDUMP FILE: names that a DLL exports, in their order.
exports_of() {
    "$1" -p "$2" | awk '/^\[Ordinal\/Name Pointer\] Table/ { on = 1; next } on && NF == 0 { exit } on && /^[ \t]*\[/ { print $NF }'
}

# rule_exports OBJDUMP FILE NAMES: every name of the list is exported, as it is.
rule_exports() {
    exports_of "$1" "$2" | LC_ALL=C sort -u >"$rules_work/exported"
    grep -v '^#' "$3" | grep . | LC_ALL=C sort -u | LC_ALL=C comm -23 - "$rules_work/exported" | sed 's/$/ is not exported/'
}

# rule_exports_only OBJDUMP FILE NAMES: nothing else is.
rule_exports_only() {
    exports_of "$1" "$2" | LC_ALL=C sort -u >"$rules_work/exported"
    [ -s "$rules_work/exported" ] || echo "nothing is exported"
    grep -v '^#' "$3" | grep . | LC_ALL=C sort -u | LC_ALL=C comm -13 - "$rules_work/exported" | sed 's/$/ is exported, and not in the list/'
}

# rule_imports OBJDUMP FILE DLL...: the DLLs that it needs are among these (upper or lower case).
rule_imports() {
    local objdump=$1 file=$2
    shift 2
    "$objdump" -p "$file" | awk '/DLL Name:/ { print tolower($3) }' | sort -u >"$rules_work/imported"
    [ -s "$rules_work/imported" ] || echo "nothing is imported"
    printf '%s\n' "$@" | sort -u | comm -13 - "$rules_work/imported" | sed 's/$/ is imported/'
}

# rule_version_resource FILE NAME: the file carries a version resource that knows its name (UTF-16 in there).
rule_version_resource() {
    tr -d '\0' <"$1" >"$rules_work/plain"
    grep -aqF "OriginalFilename" "$rules_work/plain" && grep -aqF "$2" "$rules_work/plain" || echo "no version resource that names $2"
}

# rule_so_exports NM FILE PATTERN: the library exports something, and only names that fit.
rule_so_exports() {
    "$1" -D --defined-only "$2" | awk '{ print $NF }' | sed 's/@.*//' >"$rules_work/exported"
    [ -s "$rules_work/exported" ] || echo "nothing is exported"
    grep -vxE "$3" "$rules_work/exported" | sed 's/$/ is exported/'
}

# The tables of README.md are those of the sources.
rule_readme_tables() {
    "$1/build/docs" --check >/dev/null 2>&1 || echo "README.md is not up to date: build/docs makes it so"
}
