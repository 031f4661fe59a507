# What real telephony is built on: PJSIP and OpenSSL from Debian's source packages, made once for each system and kept in the cache.
# Sourced by lib.sh, never run.
# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# shellcheck disable=SC2154  # what lib.sh has set
#
#   openssl-ARCH-KEY  static libraries for Windows (a POSIX system brings its own)
#   pjsip-ARCH-KEY    static libraries with TLS; ARCH: native, w64, w32
#   spandsp-ARCH-KEY  what hears digits and tones, as a static library

# Debian ships PJSIP as a part of this package, with its fixes in patches; it is 2.12.1.
readonly tapi_pjsip_package=ring
readonly tapi_pjsip_file=ring_20230206.0~ds2.orig.tar.gz
readonly tapi_pjsip_sha256=028661c72b962a32d30a310f5f24e77540c96c479576e886bc3a0a8e9ececff0

readonly tapi_spandsp_file=spandsp_0.0.6+dfsg.orig.tar.xz
readonly tapi_spandsp_sha256=3dcdc611b8a119f1f26540d05e6279c4c1e5cd576271f6d45df431359fc190f9

# Compiler and target of an ARCH.
sip_host() {
    case $1 in
        w64) echo x86_64-w64-mingw32 ;;
        w32) echo i686-w64-mingw32 ;;
    esac
}

# Of Debian's source package, whatever 3.0 it has. One that is in the cache is good enough.
fetch_openssl() { [ -n "$(openssl_file)" ] || fetch_source openssl 'openssl_3.0.*.orig.tar.gz'; }

openssl_file() { find "$tapi_cache/sources" -maxdepth 1 -name 'openssl_3.0.*.orig.tar.gz' 2>/dev/null | sort -V | tail -n 1; }

# build_openssl ARCH PREFIX: it has no configuration, and looks for none at run time, least of all below a folder that anybody can make:
# what it puts together of the two folders ("/openssl/C:/...") is no path on Windows.
build_openssl() {
    local arch=$1 prefix=$2 tmp host target status=0
    host=$(sip_host "$arch")
    [ "$arch" = w64 ] && target=mingw64 || target=mingw
    tmp=$(mktemp -d)
    rm -rf -- "$prefix.part"
    tar -xf "$(openssl_file)" -C "$tmp" --strip-components=1 &&
        (cd "$tmp" && ./Configure "$target" --cross-compile-prefix="$host-" CC="$(sip_cc "$arch")" --prefix=/openssl --libdir=lib \
            --openssldir='C:/Program Files/Common Files/SSL' \
            no-shared no-tests no-engine no-dso no-module no-legacy no-comp no-autoload-config -D_WIN32_WINNT=0x0601 &&
            make -j"$(nproc)" build_libs && make install_dev INSTALLTOP="$prefix.part") &&
        rm -rf -- "$prefix" && mv -- "$prefix.part" "$prefix" || status=$?
    rm -rf -- "$tmp" "$prefix.part"
    return "$status"
}

# The compilers whose threads are Windows' own; OpenSSL puts the prefix before the name.
sip_cc() { echo gcc-win32; }

# fetch_pjsip: the source, its patch beside it.
fetch_pjsip() {
    local dir=$tapi_cache/sources
    [ -f "$dir/$tapi_pjsip_file" ] && [ -n "$(find "$dir" -maxdepth 1 -name 'ring_*.debian.tar.xz')" ] ||
        fetch_source "$tapi_pjsip_package" "$tapi_pjsip_file" 'ring_*.debian.tar.xz' || return 1
    fetch_pinned "$tapi_pjsip_package" "$tapi_pjsip_file" "$tapi_pjsip_sha256"
}

# unpack_pjsip DIR: as Debian builds it.
unpack_pjsip() {
    local dir=$1 tmp patch
    tmp=$(mktemp -d)
    tar -xf "$tapi_cache/sources/$tapi_pjsip_file" -C "$tmp" --strip-components=4 --wildcards '*/daemon/contrib/tarballs-unpacked/pjproject-*' &&
        tar -xf "$(find "$tapi_cache/sources" -maxdepth 1 -name 'ring_*.debian.tar.xz' | sort -V | tail -n 1)" -C "$tmp" || return 1
    mkdir -p "$dir"
    mv -- "$tmp"/pjproject-*/pjproject-*/* "$dir" || return 1
    for patch in "$tmp"/debian/patches/CVE-*; do
        # Its paths begin above the package.
        patch -d "$dir" -p6 <"$patch" || return 1
    done
    rm -rf -- "$tmp"
}

# The limits of a service: as many calls as the provider has. Its pools look at each of their blocks for room: the two that live as long
# as the endpoint have few large ones, and those of a message or a dialog are one block, or two: the first is kept for the next one. A
# closed socket is kept for callbacks on other threads; there is one thread.
sip_config_site() {
    cat <<'END'
#define PJ_HAS_IPV6                  1
#define PJSIP_MAX_TSX_COUNT          (512 * 1024 - 1)
#define PJSIP_MAX_DIALOG_COUNT       (512 * 1024 - 1)
#define PJ_IOQUEUE_MAX_HANDLES       4096
#define PJ_IOQUEUE_KEY_FREE_DELAY    10
#define PJSIP_POOL_LEN_TDATA         8192
#define PJSIP_POOL_INC_UA            65536
#define PJSIP_POOL_INC_TRANSPORT     16384
#define PJSIP_UDP_SO_SNDBUF_SIZE     (8 * 1024 * 1024)
#define PJSIP_UDP_SO_RCVBUF_SIZE     (8 * 1024 * 1024)
#define PJ_ENABLE_EXTRA_CHECK        1
#define PJMEDIA_HAS_SRTP             1
#define PJMEDIA_SRTP_HAS_DTLS        0
END
    case $1 in
        w64 | w32) printf '#define FD_SETSIZE PJ_IOQUEUE_MAX_HANDLES\n' ;;
    esac
}

# build_pjsip ARCH PREFIX
build_pjsip() {
    local arch=$1 prefix=$2 tmp status=0 host flags=()
    tmp=$(mktemp -d)
    rm -rf -- "$prefix.part"
    flags=(--prefix="$prefix.part" --disable-shared --disable-pjsua2 --disable-video --disable-sdl --disable-ffmpeg --disable-openh264
        --disable-opencore-amr --disable-sound --disable-libwebrtc --disable-libyuv --disable-speex-codec --disable-speex-aec
        --disable-gsm-codec --disable-ilbc-codec --disable-g7221-codec --disable-silk --disable-bcg729 --disable-opus --disable-upnp)
    host=$(sip_host "$arch")
    if [ "$arch" = native ]; then
        flags+=(--enable-epoll)
    else
        flags+=(--host="$host" --with-ssl="$(openssl_prefix "$arch")")
    fi
    unpack_pjsip "$tmp/src" && sip_config_site "$arch" >"$tmp/src/pjlib/include/pj/config_site.h" &&
        (cd "$tmp/src" && if [ -n "$host" ]; then
            export CC=$host-gcc-win32 AR=$host-ar RANLIB=$host-ranlib LIBS="-lcrypt32 -lws2_32"
        fi &&
            CFLAGS="-O2 -g -DNDEBUG -ffile-prefix-map=$tmp/src/=pjproject/ $([ "$arch" = native ] && echo -fPIC)" ./configure "${flags[@]}" &&
            make dep && make -j"$(nproc)" lib && make install) &&
        rm -rf -- "$prefix" && mv -- "$prefix.part" "$prefix" && sed -i "s#$prefix\\.part#$prefix#g" "$prefix"/lib/pkgconfig/*.pc || status=$?
    rm -rf -- "$tmp" "$prefix.part"
    return "$status"
}

# What of spandsp listens to a call; the rest is for faxes, and needs libtiff.
spandsp_parts() {
    echo dtmf tone_detect tone_generate queue dds_int dds_float power_meter modem_connect_tones fsk async hdlc crc \
        vector_int vector_float complex_vector_int complex_vector_float logging bit_operations
}

# build_spandsp ARCH PREFIX
build_spandsp() {
    local arch=$1 prefix=$2 tmp part name host status=0 pic=(-fPIC)
    fetch_pinned spandsp "$tapi_spandsp_file" "$tapi_spandsp_sha256" || return 1
    tmp=$(mktemp -d)
    host=$(sip_host "$arch")
    [ -z "$host" ] || pic=()
    rm -rf -- "$prefix.part"
    mkdir -p "$prefix.part/lib" "$prefix.part/include" &&
        tar -xf "$tapi_cache/sources/$tapi_spandsp_file" -C "$tmp" --strip-components=1 &&
        # It is no DLL.
        sed -i 's/^#if defined(_M_IX86).*/#if 0/' "$tmp/src/spandsp/telephony.h" &&
        for name in INTTYPES_H STDINT_H STDBOOL_H MATH_H SINF COSF TANF ASINF ACOSF ATANF ATAN2F CEILF FLOORF POWF EXPF LOGF LOG10F; do
            echo "#define HAVE_$name 1"
        done >"$tmp/src/config.h" &&
        for part in $(spandsp_parts); do
            (cd "$tmp/src" && "${host:+$host-}gcc${host:+-win32}" -DHAVE_CONFIG_H -O2 -g -w -fvisibility=hidden "-ffile-prefix-map=$tmp/src/=spandsp/" \
                "${pic[@]}" -I. -c "$part.c" -o "$part.o") || status=$?
        done && [ "$status" = 0 ] &&
        # One object with nothing but what is used: others have a queue_init of their own.
        (cd "$tmp/src" && "${host:+$host-}ld" -r -o whole.obj ./*.o &&
            "${host:+$host-}objcopy" --wildcard --keep-global-symbol='*dtmf_rx*' --keep-global-symbol='*modem_connect_tones_rx*' whole.obj &&
            "${host:+$host-}ar" rcs "$prefix.part/lib/libspandsp.a" whole.obj) &&
        cp -r "$tmp/src/spandsp" "$prefix.part/include" && rm -rf -- "$prefix" && mv -- "$prefix.part" "$prefix" || status=1
    rm -rf -- "$tmp" "$prefix.part"
    return "$status"
}
spandsp_key() { { echo "$tapi_spandsp_sha256" && declare -f build_spandsp spandsp_parts && compiler_of "$1"; } | short_hash; }
spandsp_prefix() { echo "$tapi_cache/spandsp-$1-$(spandsp_key "$1")"; }

# spandsp_for ARCH: makes it, once; $tapi_cache/spandsp-ARCH names it.
spandsp_for() {
    local prefix
    prefix=$(spandsp_prefix "$1")
    [ -f "$prefix/lib/libspandsp.a" ] || step "spandsp-$1" "spandsp ($1)" build_spandsp "$1" "$prefix"
    ln -sfn -- "${prefix##*/}" "$tapi_cache/spandsp-$1"
}

openssl_key() { { basename -- "$(openssl_file)" && declare -f build_openssl && compiler_of "$1"; } | short_hash; }
openssl_prefix() { echo "$tapi_cache/openssl-$1-$(openssl_key "$1")"; }
pjsip_key() {
    {
        echo "$tapi_pjsip_sha256" && sip_config_site "$1" && declare -f build_pjsip unpack_pjsip && compiler_of "$1"
        # A POSIX system keeps its OpenSSL compatible within a major version.
        if [ "$1" = native ]; then pkg-config --modversion openssl | cut -d. -f1; else openssl_key "$1"; fi
    } | short_hash
}
pjsip_prefix() { echo "$tapi_cache/pjsip-$1-$(pjsip_key "$1")"; }

# pjsip_for ARCH: makes it, once; $tapi_cache/pjsip-ARCH and, for Windows, openssl-ARCH name it.
pjsip_for() {
    local arch=$1 prefix
    if [ "$arch" != native ]; then
        [ -n "$(openssl_file)" ] || step openssl-source "source of OpenSSL" fetch_openssl
        prefix=$(openssl_prefix "$arch")
        [ -f "$prefix/lib/libssl.a" ] || step "openssl-$arch" "OpenSSL for Windows ($arch; once, some minutes)" build_openssl "$arch" "$prefix"
        ln -sfn -- "${prefix##*/}" "$tapi_cache/openssl-$arch"
    fi
    prefix=$(pjsip_prefix "$arch")
    if [ ! -f "$prefix/lib/pkgconfig/libpjproject.pc" ]; then
        step pjsip-source "source of PJSIP" fetch_pjsip
        # There is no C++ in it, but its configure wants to have linked an empty main() by a compiler for that.
        CXX="$([ "$arch" = native ] && echo gcc || echo "$(sip_host "$arch")-gcc-win32") -x c" step "pjsip-$arch" "PJSIP ($arch; once, some minutes)" build_pjsip "$arch" "$prefix"
    fi
    ln -sfn -- "${prefix##*/}" "$tapi_cache/pjsip-$arch"
    spandsp_for "$arch"
}

# sip_arguments PRESET: makes what the preset needs; what to tell CMake of it is in sip_args then.
sip_arguments() {
    local arch=native
    case $1 in w64 | w32) arch=$1 ;; esac
    pjsip_for "$arch"
    sip_args=(-DTAPI_SIP=ON "-DTAPI_PJSIP_ROOT=$(pjsip_prefix "$arch")" "-DTAPI_SPANDSP_ROOT=$(spandsp_prefix "$arch")")
    [ "$arch" = native ] || sip_args+=("-DTAPI_OPENSSL_ROOT=$(openssl_prefix "$arch")")
}

# pjsip_perf: makes the benchmark program of PJSIP itself, from its source and the native libraries, once; $tapi_cache/pjsip-perf.
pjsip_perf() {
    local key
    pjsip_for native
    key=$tapi_cache/pjsip-perf-$(pjsip_key native)
    if [ ! -x "$key/pjsip-perf" ]; then
        step pjsip-source "source of PJSIP" fetch_pjsip
        step pjsip-perf "PJSIP's own benchmark" build_pjsip_perf "$key"
    fi
    ln -sfn -- "${key##*/}" "$tapi_cache/pjsip-perf"
}

build_pjsip_perf() {
    local flags
    rm -rf -- "$1.part"
    mkdir -p -- "$1.part"
    tar -xzf "$tapi_cache/sources/$tapi_pjsip_file" --wildcards -O '*/pjsip-apps/src/samples/pjsip-perf.c' >"$1.part/pjsip-perf.c" || return 1
    flags=$(PKG_CONFIG_PATH=$tapi_cache/pjsip-native/lib/pkgconfig pkg-config --cflags --libs --static libpjproject) || return 1
    # shellcheck disable=SC2086  # words of the compiler
    gcc -O2 -DNDEBUG "$1.part/pjsip-perf.c" -o "$1.part/pjsip-perf" $flags && rm -rf -- "$1" && mv -- "$1.part" "$1"
}
