/* Any record of what went between the layers: what is drawn of it is a picture, whatever it says.
 * SPDX-License-Identifier: MIT */
#include "tapi_shim/tapictl/shell/shell.h"
#include "tapi_shim/tapictl/tool.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/support.h"

#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

const char fuzz_name[] = "records";

enum { RECORD_MAX = 8192 };

static char record[RECORD_MAX + 1], folder[512], picture[600];

/* ---- what the drawing has around it ------------------------------------------------------------------------------ */

char *shell_read_all(const char *path)
{
    char *text = malloc(sizeof(record));

    (void)path;
    MUST(text);
    memcpy(text, record, sizeof(record));
    return text;
}

int shell_script(const char *what, const char *text, enum shell_script_kind kind)
{
    (void)what;
    (void)text;
    (void)kind;
    return TOOL_FAILED;
}

void tool_error(const char *fmt, ...)
{
    (void)fmt;
    MUST(!"it complains");
}

/* ---- records ----------------------------------------------------------------------------------------------------- */

static const char *const linev[] = {"100 exchange peer SIP abc@h 1 INVITE INVITE sip:a@b SIP/2.0",
                                    "200 peer exchange SIP abc@h 1 INVITE SIP/2.0 200 OK",
                                    "300 peer exchange SIP x 99999999999999999999 y %n%s <&> SIP/2.0",
                                    "400 application host CALL MAKE 20001 3 200",
                                    "450 host application RESULT MAKE ffffffff80000048",
                                    "500 host provider TSPI lineMakeCall 1 2",
                                    "600 provider host COMPLETION 3 80000048",
                                    "700 host application MESSAGE 2 20001 100 1 4",
                                    "700 provider host EVENT 2 20001 ffffffffffffffff 8 4",
                                    "800 host application MESSAGE 23 20001 100 20002 4",
                                    "900 host host NAME 20001 abcdefghijklmnopqrstuvwxyz0123456789",
                                    "950 host application MESSAGE 12 3 4 ffffffff80000001 0",
                                    "18446744073709551615 exchange exchange note",
                                    "0 peer peer",
                                    "1 nobody host x",
                                    "",
                                    " ",
                                    "x y z"};
enum { LINES = sizeof(linev) / sizeof(linev[0]) };

static void make_record(struct fuzz_input *in)
{
    size_t n = 0;

    while (in->at < in->end && n + 700 < RECORD_MAX) {
        uint8_t how = fuzz_u8(in);
        size_t len = strlen(linev[how % LINES]);

        memcpy(record + n, linev[how % LINES], len);
        if (how >= 128 && len) {
            size_t at = fuzz_u8(in) % len, more = how >= 240 ? 500 : 1;
            char c = (char)fuzz_u8(in);

            if (more > 1) {
                memset(record + n + at, c ? c : 'x', more);
                len = at + more;
            } else if (c) {
                record[n + at] = c;
            }
        }
        n += len;
        record[n++] = '\n';
    }
    record[n] = '\0';
}

static void check_picture(void)
{
    size_t len;
    char *text = support_file_read(picture, &len);
    long open = 0;

    MUST(text && len == strlen(text));
    for (const char *at = text; *at; at++) {
        MUST((unsigned char)*at >= ' ' || *at == '\n');
        MUST(*at != '&' || !strncmp(at, "&amp;", 5) || !strncmp(at, "&lt;", 4) || !strncmp(at, "&gt;", 4));
        open += !strncmp(at, "<text ", 6);
        open -= !strncmp(at, "</text>", 7);
        MUST(open == 0 || open == 1);
    }
    MUST(!open && len > 7 && !strcmp(text + len - 7, "</svg>\n"));
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input in = {data, data + size};
    char all[] = "--all", flag[] = "--record", name[] = "a <&> \xFF record";
    char *argv[] = {all, picture, flag, name};
    bool every = fuzz_u8(&in) & 1;

    make_record(&in);
    MUST(trace_command(every ? 4 : 3, every ? argv : argv + 1) == TOOL_OK);
    check_picture();
    return 0;
}

void fuzz_begin(void)
{
    support_folder_make("fuzz", folder, sizeof(folder));
    support_path(picture, sizeof(picture), folder, "picture.svg");
}

void fuzz_end(void)
{
    support_folder_remove(folder);
}
