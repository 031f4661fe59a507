# Shared by the scripts of this folder: packages, cache, building, installing, running under Wine. Sourced, never run.
# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# What is kept in $tapi_cache, everything keyed by what it was made from:
#   src/            mirror of the checkout; only files whose content changed get a new time, so that a fresh clone builds nothing again
#   tree/PRESET-KEY build trees of the mirror
#   sources/        source packages; check-ARCH-KEY: Check built from one of them for Windows; phone-KEY: calling codes out of another
#   pjsip-ARCH-KEY, openssl-ARCH-KEY: what real telephony is built on (sip.sh)
#   wine64-KEY      Wine prefix; root-i386-SUITE: i386 system with a 32-bit Wine
# TAPI_SHIM_SOURCES may name a folder that holds the source packages already.

# shellcheck disable=SC2034  # used by the scripts that source this file
tapi_top=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
tapi_cache=${XDG_CACHE_HOME:-$HOME/.cache}/tapi_shim
tapi_out=$tapi_top/build/out
tapi_logs=$tapi_out/logs
tapi_src=$tapi_cache/src

readonly tapi_check_suite=bookworm
readonly tapi_check_file=check_0.15.2.orig.tar.gz
readonly tapi_check_sha256=8451b68ac5d6f3157b24f22eceff575bcf566264f6d78f3852f89d4e08cf42e1
readonly tapi_phone_file=libphonenumber_8.12.57+ds.orig.tar.xz
readonly tapi_phone_sha256=87c48b3026657fe4851da3565b046271d864acb0a218a6ebf42d23549fa93571

say() { printf '%s\n' "$*"; }

die() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

# step LOG TEXT COMMAND...: runs a long step with its output in LOG; says what it does, how long it took, and where the log is if it failed.
step() {
    local log=$tapi_logs/$1.log text=$2 start=$SECONDS
    shift 2
    mkdir -p "$tapi_logs"
    printf '== %s ...\n' "$text"
    # Descriptor 9 is the lock of the cache: nothing that may stay behind (wineserver) is to inherit it.
    if ! "$@" >"$log" 2>&1 9>&-; then
        sed -i "s#$tapi_src/#$tapi_top/#g" "$log"
        printf -- '---- last lines of the log\n' >&2
        tail -n 40 "$log" >&2
        die "failed: $text (log: $log)"
    fi
    # The compiler saw the mirror; people want to read of their own files.
    sed -i "s#$tapi_src/#$tapi_top/#g" "$log"
    local took=$((SECONDS - start))
    [ "$took" -lt 3 ] || printf '   done in %d s\n' "$took"
}

# short_hash: the first 12 digits of the hash of the standard input.
short_hash() { sha256sum | cut -c1-12; }

# lock_cache: one build or test run at a time in a cache; later ones wait.
lock_cache() {
    mkdir -p "$tapi_cache" "$tapi_logs"
    exec 9>"$tapi_cache/lock"
    if ! flock -n 9; then
        say "== waiting for another run that uses $tapi_cache ..."
        flock 9
    fi
}

# ---- packages

# A line per need: how to see that it is there, and the package that brings it.
tapi_needs() {
    cat <<'END'
cmd:gcc gcc
file:/usr/include/stdlib.h libc6-dev
cmd:clang clang
cmd:cmake cmake
cmd:ninja ninja-build
cmd:pkg-config pkg-config
cmd:git git
cmd:xz xz-utils
cmd:flock util-linux
cmd:x86_64-w64-mingw32-gcc-win32 gcc-mingw-w64-x86-64-win32
cmd:i686-w64-mingw32-gcc-win32 gcc-mingw-w64-i686-win32
cmd:wine wine
file:/usr/lib/wine/wine64|/opt/wine-stable/bin/wine64|/usr/bin/wine64 wine64
cmd:debootstrap debootstrap
cmd:make make
cmd:patch patch
file:/usr/bin/pod2man perl
pc:openssl libssl-dev
cmd:openssl openssl
pc:uuid uuid-dev
pc:check check
file:/usr/include/subunit/child.h libsubunit-dev
pc:inih libinih-dev
file:/usr/share/iso-codes/json/iso_3166-1.json iso-codes
pc:libedit libedit-dev
cmd:kamailio kamailio
cmd:baresip baresip-core
cmd:sipp sip-tester
END
}

need_met() {
    local kind=${1%%:*} what=${1#*:} file
    case $kind in
        cmd) command -v "$what" >/dev/null || [ -x "/usr/sbin/$what" ] ;;
        pc) pkg-config --exists "$what" 2>/dev/null ;;
        file)
            IFS='|' read -ra files <<<"$what"
            for file in "${files[@]}"; do
                [ ! -e "$file" ] || return 0
            done
            return 1
            ;;
    esac
}

# as_root COMMAND...: runs it as root, by sudo if need be.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

# install_quietly PACKAGE...: without starting the services that come with some: a SIP server of the tests is theirs alone.
install_quietly() {
    local policy=/usr/sbin/policy-rc.d status=0 ours=''
    if [ ! -e "$policy" ]; then
        ours=1
        # shellcheck disable=SC2016  # for the shell of the other user
        as_root sh -c 'printf "#!/bin/sh\nexit 101\n" >"$1" && chmod 755 "$1"' sh "$policy" || return 1
    fi
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install "$@" || status=$?
    [ -z "$ours" ] || as_root rm -f -- "$policy"
    return "$status"
}

install_packages() {
    local need package missing=()
    while read -r need package; do
        need_met "$need" || missing+=("$package")
    done < <(tapi_needs)
    [ "${#missing[@]}" -gt 0 ] || return 0
    command -v apt-get >/dev/null || die "missing: ${missing[*]} (only Debian's apt-get is known here; please install what corresponds)"
    [ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null || die "missing packages: ${missing[*]} (neither root nor sudo)"
    step packages-lists "package lists" as_root apt-get -q update
    step packages "installing ${missing[*]}" install_quietly "${missing[@]}"
    while read -r need package; do
        need_met "$need" || die "$package is installed, but ${need#*:} is still not there"
    done < <(tapi_needs)
}

# debian_mirror: the address of the Debian archive this machine itself uses (not the one of security updates), from apt's configuration.
debian_mirror() {
    local codename uri
    codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-$tapi_check_suite}")
    uri=$({
        # Paragraphs of "Field: value"; a disabled one does not count.
        for list in /etc/apt/sources.list.d/*.sources; do
            [ -f "$list" ] || continue
            awk 'BEGIN { RS = ""; FS = "\n" }
                 { split("", field); for (i = 1; i <= NF; i++) if (match($i, /^[A-Za-z-]+:/)) {
                       name = tolower(substr($i, 1, RLENGTH - 1)); value = substr($i, RLENGTH + 1); sub(/^[ \t]+/, "", value); field[name] = value }
                   split(field["uris"], uris, /[ \t]+/)
                   if (field["enabled"] !~ /^no/) print uris[1], field["suites"], field["components"] }' "$list"
        done
        # Lines "deb [options] address suite component...".
        cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null | sed -nE 's/^deb(-src)?[ \t]+(\[[^]]*\][ \t]+)?//p'
    } | awk -v suite="$codename" '
        { for (i = 2; i <= NF; i++) { if ($i == suite || $i == "stable") has_suite = NR; if ($i == "main") has_main = NR }
          if (has_suite == NR && has_main == NR) { if ($1 ~ /debian/) { print $1; found = 1; exit } if (other == "") other = $1 } }
        END { if (!found && other != "") print other }')
    case $uri in
        mirror+file:*) uri=$(grep -m 1 -oE '^[a-z]+:[^ ]+' "${uri#mirror+file:}") ;;
    esac
    [ -n "$uri" ] && echo "$uri"
}

# ---- what Debian's source packages bring

# fetch_source PACKAGE PATTERN...: brings files of a source package into $tapi_cache/sources, from the folder TAPI_SHIM_SOURCES or Debian's archive.
fetch_source() {
    local package=$1 dir=$tapi_cache/sources pattern mirror tmp status=0
    shift
    mkdir -p "$dir"
    if [ -n "${TAPI_SHIM_SOURCES:-}" ] && [ -n "$(find "$TAPI_SHIM_SOURCES" -maxdepth 1 -name "$1")" ]; then
        tmp=$TAPI_SHIM_SOURCES
    else
        mirror=$(debian_mirror) || {
            echo "apt's configuration names no Debian archive; put $* into a folder and name that in TAPI_SHIM_SOURCES"
            return 1
        }
        # Private lists: the system's apt configuration stays as it is.
        tmp=$(mktemp -d)
        mkdir -p "$tmp/lists/partial" "$tmp/cache/archives/partial"
        printf 'Types: deb-src\nURIs: %s\nSuites: %s\nComponents: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n' \
            "$mirror" "$tapi_check_suite" >"$tmp/x.sources"
        local apt=(apt-get -q -o "Dir::Etc::sourcelist=$tmp/x.sources" -o Dir::Etc::sourceparts=/dev/null
            -o "Dir::State::Lists=$tmp/lists" -o "Dir::Cache=$tmp/cache" -o APT::Sandbox::User=root)
        # A file that is not asked for may be missing.
        "${apt[@]}" update && (cd "$tmp" && { "${apt[@]}" source --download-only "$package" || true; })
    fi
    for pattern in "$@"; do
        find "$tmp" -maxdepth 1 -name "$pattern" -exec cp -t "$dir" -- {} +
        [ -n "$(find "$dir" -maxdepth 1 -name "$pattern")" ] || {
            echo "$package: no $pattern"
            status=1
        }
    done
    [ "$tmp" = "${TAPI_SHIM_SOURCES:-}" ] || rm -rf -- "$tmp"
    return "$status"
}

# fetch_pinned PACKAGE FILE SHA256: the same for one file that must have this content.
fetch_pinned() {
    local dir=$tapi_cache/sources file=$2
    [ -f "$dir/$file" ] || fetch_source "$1" "$file" || return 1
    echo "$3  $dir/$file" | sha256sum --check - || {
        rm -f -- "$dir/$file"
        return 1
    }
}

# build_check ARCH PREFIX
build_check() {
    local arch=$1 prefix=$2 tmp status=0
    fetch_pinned check "$tapi_check_file" "$tapi_check_sha256" || return 1
    tmp=$(mktemp -d)
    # The tarball ships a stale src/check.h, which would be found before the one that is made.
    tar -xf "$tapi_cache/sources/$tapi_check_file" -C "$tmp" --strip-components=1 && rm -f "$tmp/src/check.h" &&
        cmake -G Ninja -S "$tmp" -B "$tmp/b" --toolchain "$tapi_top/build/toolchains/$arch.cmake" -DCMAKE_BUILD_TYPE=Release \
            -DBUILD_TESTING=OFF -DCHECK_ENABLE_TESTS=OFF -DHAVE_SUBUNIT=0 -DCMAKE_INSTALL_PREFIX="$prefix.part" &&
        cmake --build "$tmp/b" --target install && rm -rf -- "$prefix" && mv -- "$prefix.part" "$prefix" || status=$?
    rm -rf -- "$tmp" "$prefix.part"
    return "$status"
}

# check_for_windows ARCH: makes $tapi_cache/check-ARCH, once.
check_for_windows() {
    local arch=$1 key prefix
    key=$({ echo "$tapi_check_sha256" && cat "$tapi_top/build/toolchains/$arch.cmake" && compiler_of "$arch"; } | short_hash)
    prefix=$tapi_cache/check-$arch-$key
    [ -f "$prefix/lib/libcheck.a" ] || step "check-$arch" "Check for Windows ($arch)" build_check "$arch" "$prefix"
    ln -sfn -- "${prefix##*/}" "$tapi_cache/check-$arch"
}

# phone_metadata: makes $tapi_cache/phone, once: what libphonenumber knows of calling codes, for the table of countries.
phone_metadata() {
    local dir
    dir=$tapi_cache/phone-$(echo "$tapi_phone_sha256" | short_hash)
    [ -f "$dir/PhoneNumberMetadata.xml" ] || step phone "metadata of telephone numbers" unpack_phone "$dir"
    ln -sfn -- "${dir##*/}" "$tapi_cache/phone"
}

unpack_phone() {
    fetch_pinned libphonenumber "$tapi_phone_file" "$tapi_phone_sha256" || return 1
    rm -rf -- "$1.part"
    mkdir -p -- "$1.part"
    tar -xf "$tapi_cache/sources/$tapi_phone_file" -C "$1.part" --wildcards --strip-components=2 '*/resources/PhoneNumberMetadata.xml' &&
        rm -rf -- "$1" && mv -- "$1.part" "$1"
}

# ---- building

# compiler_of PRESET: what identifies its compiler and build tools.
compiler_of() {
    local tool
    case $1 in
        w64) set -- x86_64-w64-mingw32-gcc-win32 x86_64-w64-mingw32-ld ;;
        w32) set -- i686-w64-mingw32-gcc-win32 i686-w64-mingw32-ld ;;
        clang) set -- clang ;;
        *) set -- gcc ;;
    esac
    for tool in "$@" cmake; do "$tool" --version | sed -n 1p; done
}

# tree_of PRESET: its build tree.
tree_of() { echo "$tapi_cache/tree/$1-$(compiler_of "$1" | short_hash)"; }

# mirror_sources: brings $tapi_src up to date by content.
mirror_sources() {
    local file list
    mkdir -p "$tapi_src"
    list=$(mktemp)
    (cd "$tapi_top" && find . \( -path ./.git -o -path ./build/out \) -prune -o \( -type f -o -type l \) -print0 | sort -z) >"$list"
    while IFS= read -r -d '' file; do
        if ! cmp -s -- "$tapi_top/$file" "$tapi_src/$file"; then
            mkdir -p -- "$tapi_src/${file%/*}"
            cp --remove-destination -- "$tapi_top/$file" "$tapi_src/$file"
        elif [ -x "$tapi_top/$file" ] && [ ! -x "$tapi_src/$file" ]; then
            chmod +x -- "$tapi_src/$file"
        fi
    done <"$list"
    # What is gone from the checkout goes from the mirror, so that nothing builds by accident.
    (cd "$tapi_src" && find . -type f -print0 | sort -z) | comm -z -13 "$list" - | (cd "$tapi_src" && xargs -0 -r rm -f --)
    find "$tapi_src" -mindepth 1 -type d -empty -delete
    rm -f -- "$list"
}

# build_preset PRESET [CMAKE_ARGUMENT...]: configures and builds the mirror.
build_preset() {
    local preset=$1 tree args=(-DTAPI_TESTS=ON)
    shift
    tree=$(tree_of "$preset")
    phone_metadata
    args+=("-DTAPI_PHONE_METADATA=$(readlink -f "$tapi_cache/phone")/PhoneNumberMetadata.xml")
    case $preset in
        w64 | w32)
            check_for_windows "$preset"
            args+=("-DTAPI_CHECK_ROOT=$(readlink -f "$tapi_cache/check-$preset")")
            ;;
    esac
    sip_arguments "$preset"
    args+=("${sip_args[@]}")
    step "build-$preset" "building $preset" build_tree "$preset" "$tree" "${args[@]}" "$@"
    # Trees of compilers that are gone.
    find "$tapi_cache/tree" -mindepth 1 -maxdepth 1 -name "$preset-*" ! -path "$tree" -mtime +14 -exec rm -rf -- {} +
    touch -- "$tree"
}

build_tree() {
    local preset=$1 tree=$2
    shift 2
    cd "$tapi_src" && cmake --preset "$preset" -B "$tree" "$@" && cmake --build "$tree" -j "$(nproc)"
}

# out_of PRESET: where its finished artefacts go.
out_of() {
    case $1 in
        native) echo "$tapi_out/posix" ;;
        *) echo "$tapi_out/$1" ;;
    esac
}

# install_preset PRESET: puts the artefacts of a built tree where people look for them.
install_preset() {
    local out tree
    out=$(out_of "$1")
    tree=$(tree_of "$1")
    rm -rf -- "$out"
    step "install-$1" "artefacts in ${out#"$tapi_top"/}" cmake --install "$tree" --prefix "$out"
}

# ---- Wine

# Neither .NET, nor a browser, nor menus, nor a display; tapi32 is the one in the folder of the program, never Wine's.
export WINEDEBUG=${WINEDEBUG:--all}
export WINEDLLOVERRIDES="mscoree,mshtml,winemenubuilder.exe=d;tapi32=n"

# wine_make_prefix PREFIX COMMAND...: makes the prefix; COMMAND runs things in it.
wine_make_prefix() {
    local prefix=$1
    shift
    "$@" wine wineboot -i &&
        # Windows need no screen then, and none is touched if there is one.
        "$@" wine reg add 'HKCU\Software\Wine\Drivers' /v Graphics /d null /f &&
        # A crash is a backtrace in the log and an end, not a dialog that nobody answers.
        "$@" wine reg add 'HKCU\Software\Wine\WineDbg' /v ShowCrashDialog /t REG_DWORD /d 0 /f &&
        "$@" wineserver -w && mkdir -p -- "$prefix/.tapi-ready" && cp -- "$prefix"/*.reg "$prefix/.tapi-ready/"
}

# wine_reset PREFIX: gives a prefix, in which nothing runs, the registry back that it was made with.
wine_reset() { cp -- "$1/.tapi-ready"/*.reg "$1/"; }

# wine64_prefix: the private prefix for 64-bit programs; TAPI_WINEPREFIX names another.
wine64_prefix() {
    if [ -n "${TAPI_WINEPREFIX:-}" ]; then
        echo "$TAPI_WINEPREFIX"
    else
        echo "$tapi_cache/wine64-$(wine --version 2>/dev/null | short_hash)"
    fi
}

# wine64_setup: makes that prefix if it is not there.
wine64_setup() {
    local prefix
    prefix=$(wine64_prefix)
    [ ! -e "$prefix/.tapi-ready" ] || return 0
    mkdir -p -- "$prefix"
    step wine64-prefix "Wine prefix (x64)" wine_make_prefix "$prefix" env WINEPREFIX="$prefix" WINEARCH=win64
}

# wine64_fresh: that prefix, with nothing running in it and nothing left of earlier runs in its registry.
wine64_fresh() {
    wine64_setup
    wine64_stop 2>/dev/null
    wine_reset "$(wine64_prefix)"
}

# wine64_run EXE ARGUMENT...
wine64_run() { env WINEPREFIX="$(wine64_prefix)" WINEARCH=win64 wine "$@" 9>&-; }

wine64_stop() { WINEPREFIX=$(wine64_prefix) wineserver -k 9>&- || true; }

# The 32-bit Wine of this machine if it has one, else an i386 system of its own, which only root can make and enter.
wine32_kind() {
    if [ -x /usr/lib/wine/wine ]; then
        echo host
    elif [ "$(id -u)" -eq 0 ]; then
        echo root
    else
        echo none
    fi
}

wine32_root() { (. /etc/os-release && echo "$tapi_cache/root-i386-${VERSION_CODENAME:-$tapi_check_suite}"); }

# in_root32 COMMAND...: runs it in the i386 system. No mount is made, so none can stay behind; without /proc Wine has to be told where it is.
in_root32() {
    local name vars=()
    for name in $(compgen -e | grep -E '^(TAPI|CK)_'); do vars+=("$name=${!name}"); done
    chroot "$(wine32_root)" /usr/bin/env -i "${vars[@]}" PATH=/usr/bin:/bin HOME=/root LANG=C.UTF-8 WINEPREFIX=/prefix \
        WINEDEBUG="$WINEDEBUG" WINEDLLOVERRIDES="$WINEDLLOVERRIDES" WINEDLLPATH=/usr/lib/i386-linux-gnu/wine/i386-unix "$@" 9>&-
}

make_root32() {
    local root=$1 mirror proxy
    mirror=$(debian_mirror) || {
        echo "apt's configuration names no Debian archive"
        return 1
    }
    proxy=$(apt-config dump --format '%v' Acquire::http::Proxy 2>/dev/null) || proxy=
    rm -rf -- "$root.part"
    env PATH="$PATH:/usr/sbin:/sbin" ${proxy:+http_proxy="$proxy"} \
        debootstrap --arch=i386 --variant=minbase --include=wine,wine32 "${root##*-}" "$root.part" "$mirror" || {
        # Its own log tells why.
        cat "$root.part/debootstrap/debootstrap.log" 2>/dev/null
        return 1
    }
    rm -rf -- "$root.part/var/cache/apt/archives" "$root.part/var/lib/apt/lists"
    mkdir -p "$root.part/w32"
    rm -rf -- "$root" && mv -- "$root.part" "$root"
}

# wine32_prefix: as seen from outside.
wine32_prefix() {
    case $(wine32_kind) in
        host) echo "$tapi_cache/wine32-$(wine --version | short_hash)" ;;
        *) echo "$(wine32_root)/prefix" ;;
    esac
}

wine32_setup() {
    local root prefix
    prefix=$(wine32_prefix)
    case $(wine32_kind) in
        host)
            [ -e "$prefix/.tapi-ready" ] ||
                step wine32-prefix "Wine prefix (x86)" wine_make_prefix "$prefix" env WINEPREFIX="$prefix" WINEARCH=win32
            ;;
        root)
            root=$(wine32_root)
            [ -x "$root/usr/lib/wine/wine" ] || step root-i386 "i386 system with a 32-bit Wine (once; a few minutes)" make_root32 "$root"
            # debootstrap leaves it without a name for itself.
            [ -e "$root/etc/hosts" ] || printf '127.0.0.1 localhost\n::1 localhost\n' >"$root/etc/hosts"
            [ -e "$prefix/.tapi-ready" ] ||
                step wine32-prefix "Wine prefix (x86)" wine_make_prefix "$prefix" in_root32
            ;;
        none) return 1 ;;
    esac
}

# wine32_fresh: as wine64_fresh; fails where there is no 32-bit Wine.
wine32_fresh() {
    wine32_setup || return 1
    wine32_stop 2>/dev/null
    wine_reset "$(wine32_prefix)"
    if [ "$(wine32_kind)" = root ]; then
        # Folders of runs that were killed.
        find "$(wine32_root)/w32" -mindepth 1 -maxdepth 1 -exec rm -rf -- {} +
    fi
}

# wine32_run EXE ARGUMENT...: in the i386 system the program runs in a copy of its folder, which is gone afterwards. With TAPI_WINE32_FOLDER,
# a name, the copy stays until wine32_fresh, for programs that start others which outlive them.
wine32_run() {
    local exe=$1 root dir status=0
    shift
    if [ "$(wine32_kind)" = host ]; then
        WINEPREFIX=$(wine32_prefix) WINEARCH=win32 wine "$exe" "$@" 9>&-
        return
    fi
    root=$(wine32_root)
    dir=$root/w32/${TAPI_WINE32_FOLDER:-}
    if [ -z "${TAPI_WINE32_FOLDER:-}" ]; then
        dir=$(mktemp -d "$root/w32/XXXXXX")
    elif ! mkdir -- "$dir" 2>/dev/null; then
        in_folder32 "$dir" "$exe" "$@"
        return
    fi
    # Links where they can be made: the folder of a build tree is large.
    find "$(dirname -- "$exe")" -maxdepth 1 -type f -exec sh -c 'cp -lt "$0" -- "$@" 2>/dev/null || cp -ft "$0" -- "$@"' "$dir" {} +
    in_folder32 "$dir" "$exe" "$@" || status=$?
    [ -n "${TAPI_WINE32_FOLDER:-}" ] || rm -rf -- "$dir"
    return "$status"
}

# in_folder32 FOLDER EXE ARGUMENT...: the program of that name in the folder of the i386 system.
in_folder32() {
    local root dir=$1 exe=$2
    root=$(wine32_root)
    shift 2
    # shellcheck disable=SC2016  # for the shell in there
    in_root32 /bin/sh -c 'cd "$1" && shift && exec wine "$@"' sh "${dir#"$root"}" "./${exe##*/}" "$@"
}

wine32_stop() {
    case $(wine32_kind) in
        host) WINEPREFIX=$(wine32_prefix) wineserver -k 9>&- || true ;;
        root) in_root32 wineserver -k || true ;;
        none) ;;
    esac
}

# shellcheck source-path=SCRIPTDIR source=sip.sh
. "$tapi_top/build/sip.sh"
