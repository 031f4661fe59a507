/* tapictl trace: the messages of a scenario as a diagram. SPDX-License-Identifier: MIT */
#include "tapi_shim/tapictl/names.h"
#include "tapi_shim/tapictl/shell/shell.h"
#include "tapi_shim/tapictl/tool.h"

#include "tapi_shim/client/error_name.h"
#include "tapi_shim/platform/trace.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char trace_help[] =
    "usage: tapictl trace [--all] FILE.svg SCENARIO\n"
    "       tapictl trace [--all] FILE.svg --record RECORD\n"
    "\n"
    "Runs the commands of SCENARIO (see 'tapictl shell --help') with lines of this process alone, and draws what goes\n"
    "between application, host, provider and exchange as a ladder of messages with times, for a browser. The messages of\n"
    "SIP, of lines that are accounts, are there as well: the first line of each, with the beginning of its Call-ID and its\n"
    "CSeq.\n"
    "\n"
    "options:\n"
    "  --all            also the functions that only ask\n"
    "  --record RECORD  draws what a program has written to the file that TAPI_SHIM_TRACE named\n"
    "\n"
    "The exit status is that of the scenario: 0, 1 if a command failed (the diagram then ends there), 2 if the "
    "command\n"
    "line or a line of the scenario makes no sense.\n";

enum { COLUMNS = 5, LEFT = 130, WIDE = 360, ROW = 24, TOP = 60, TEXT_MAX = 400, NAMED_MAX = 4096 };

static const char *const columns[COLUMNS] = {PLATFORM_TRACE_APPLICATION, PLATFORM_TRACE_HOST, PLATFORM_TRACE_PROVIDER,
                                             PLATFORM_TRACE_EXCHANGE, PLATFORM_TRACE_PEER};

struct rung {
    uint64_t ns;
    int from, to;
    const char *text; /* in the text that was read */
};

struct ladder {
    struct rung *rungv;
    size_t rungc;
    bool all;
    int columns; /* the last one only if anything is in it */
    /* names that the scenario gave to calls */
    struct {
        unsigned long handle;
        char name[SHELL_NAME_MAX];
    } namev[NAMED_MAX];
    size_t namec;
};

/* ---- reading ----------------------------------------------------------------------------------------------------- */

static int column_of(const char *word, size_t len)
{
    int i;

    for (i = 0; i < COLUMNS; i++)
        if (strlen(columns[i]) == len && strncmp(columns[i], word, len) == 0)
            return i;
    return -1;
}

static bool rung_of(char *line, struct rung *r)
{
    char *p = line;
    size_t len;

    r->ns = strtoull(p, &p, 10);
    if (*p++ != ' ')
        return false;
    len = strcspn(p, " ");
    r->from = column_of(p, len);
    p += len + (p[len] == ' ');
    len = strcspn(p, " ");
    r->to = column_of(p, len);
    r->text = p + len + (p[len] == ' ');
    return r->from >= 0 && r->to >= 0;
}

static int by_time(const void *a, const void *b)
{
    const struct rung *x = a, *y = b;

    /* Lines of one time stay in the order of the file. */
    return x->ns != y->ns ? (x->ns < y->ns ? -1 : 1) : (x->text < y->text ? -1 : x->text > y->text);
}

static bool only_asks(const struct rung *r)
{
    static const char *const words[] = {"NEGOTIATE", "CAPS", "_INFO", "_STATUS", "_GET ", "ADDRESS_ID", "NEW_CALLS"};
    size_t i;

    if (strncmp(r->text, "TSPI ", 5) == 0)
        return strncmp(r->text + 5, "lineGet", 7) == 0 || strncmp(r->text + 5, "lineNegotiate", 13) == 0;
    if (strncmp(r->text, "CALL ", 5) != 0)
        return false;
    for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strstr(r->text, words[i]))
            return true;
    return false;
}

static bool ladder_read(struct ladder *l, char *text)
{
    size_t room = 0;
    char *line, *end;

    for (line = text; *line; line = end) {
        struct rung r;
        char name[SHELL_NAME_MAX];
        unsigned long handle;

        end = line + strcspn(line, "\n");
        if (*end)
            *end++ = 0;
        if (!rung_of(line, &r))
            continue;
        if (sscanf(r.text, "NAME %lx %31s", &handle, name) == 2) {
            if (l->namec < NAMED_MAX) {
                l->namev[l->namec].handle = handle;
                strcpy(l->namev[l->namec++].name, name);
            }
            continue;
        }
        if (!l->all && only_asks(&r))
            continue;
        if (l->rungc == room) {
            struct rung *more = realloc(l->rungv, (room ? 2 * room : 256) * sizeof(*more));

            if (!more)
                return false;
            l->rungv = more;
            room = room ? 2 * room : 256;
        }
        l->rungv[l->rungc++] = r;
        if (r.from == COLUMNS - 1 || r.to == COLUMNS - 1)
            l->columns = COLUMNS;
    }
    if (l->rungc)
        qsort(l->rungv, l->rungc, sizeof(*l->rungv), by_time);
    return true;
}

/* ---- words ------------------------------------------------------------------------------------------------------- */

static const char *name_of(const struct ladder *l, unsigned long handle)
{
    size_t i;

    for (i = l->namec; handle && i > 0; i--)
        if (l->namev[i - 1].handle == handle)
            return l->namev[i - 1].name;
    return "";
}

static void describe(const struct ladder *l, const struct rung *r, char text[TEXT_MAX])
{
    unsigned long message, device, arg, code;
    unsigned long long p1, p2, p3;
    char what[NAMES_TEXT_MAX], word[64], number[64] = "";
    LINEMESSAGE m;
    int at = 0;

    if (sscanf(r->text, "CALL %63s %lx %lx %63s", word, &device, &arg, number) >= 2) {
        (void)snprintf(text, TEXT_MAX, "%s %s %s", word, name_of(l, device), number);
    } else if (sscanf(r->text, "TSPI %63s", word) == 1) {
        (void)snprintf(text, TEXT_MAX, "TSPI_%s", word);
    } else if (sscanf(r->text, "RESULT %63s %lx", word, &code) == 2) {
        (void)snprintf(text, TEXT_MAX, "%s: %s", word, error_name((LONG)(uint32_t)code));
    } else if (sscanf(r->text, "COMPLETION %lx %lx", &arg, &code) == 2) {
        (void)snprintf(text, TEXT_MAX, "ASYNC_COMPLETION %s", error_name((LONG)(uint32_t)code));
    } else if (sscanf(r->text, "MESSAGE %lu %lx %llx %llx %llx", &message, &device, &p1, &p2, &p3) == 5 ||
               sscanf(r->text, "EVENT %lu %lx %llx %llx %llx", &message, &device, &p1, &p2, &p3) == 5) {
        bool told = r->text[0] == 'M';

        memset(&m, 0, sizeof(m));
        m.dwMessageID = (DWORD)message;
        m.dwParam1 = (DWORD_PTR)p1;
        m.dwParam2 = (DWORD_PTR)p2;
        m.dwParam3 = told ? (DWORD_PTR)p3 : 0;
        if (message == LINE_APPNEWCALL)
            (void)snprintf(text, TEXT_MAX, "LINE_APPNEWCALL %s", name_of(l, (unsigned long)p2));
        else if (message == LINE_REPLY)
            (void)snprintf(text, TEXT_MAX, "LINE_REPLY %s", error_name((LONG)(uint32_t)p2));
        else if (message == LINE_NEWCALL)
            (void)snprintf(text, TEXT_MAX, "LINE_NEWCALL");
        else if (message == LINE_CALLSTATE && p1 == LINECALLSTATE_CONFERENCED)
            (void)snprintf(text, TEXT_MAX, "LINE_CALLSTATE CONFERENCED %s", told ? name_of(l, device) : "");
        else
            (void)snprintf(text, TEXT_MAX, "%.350s %s", names_describe(&m, what), told ? name_of(l, device) : "");
    } else if (sscanf(r->text, "SIP %63s %lu %63s %n", number, &arg, word, &at) == 3 && at) {
        /* an answer says what it is one to; messages of one call have the same beginning of its Call-ID */
        bool answer = strncmp(r->text + at, "SIP/2.0 ", 8) == 0;
        int len = (int)strlen(r->text + at);

        if (!answer && len > 8 && strcmp(r->text + at + len - 8, " SIP/2.0") == 0)
            len -= 8;
        (void)snprintf(text, TEXT_MAX, "%.*s%s%s%s [%.6s %lu]", len - (answer ? 8 : 0), r->text + at + (answer ? 8 : 0),
                       answer ? " (" : "", answer ? word : "", answer ? ")" : "", number, arg);
    } else {
        (void)snprintf(text, TEXT_MAX, "%.*s", TEXT_MAX - 1, r->text);
    }
}

/* ---- drawing ----------------------------------------------------------------------------------------------------- */

/* Text as XML has it: well-formed, and nothing in it that means something there. */
static void put_text(FILE *f, const char *text)
{
    uint16_t wide[TEXT_MAX];
    char utf8[3 * TEXT_MAX], *p;

    (void)platform_utf8_to_utf16(text, SIZE_MAX, wide, TEXT_MAX);
    (void)platform_utf16_to_utf8(wide, SIZE_MAX, utf8, sizeof(utf8));
    for (p = utf8; *p; p++) {
        if (*p == '&')
            fputs("&amp;", f);
        else if (*p == '<')
            fputs("&lt;", f);
        else if (*p == '>')
            fputs("&gt;", f);
        else
            fputc((unsigned char)*p < 0x20 ? ' ' : *p, f);
    }
}

static void draw_rung(FILE *f, const struct ladder *l, const struct rung *r, int y, uint64_t start)
{
    int from = LEFT + r->from * WIDE, to = LEFT + r->to * WIDE;
    char text[TEXT_MAX];

    describe(l, r, text);
    fprintf(f, "<text x=\"%d\" y=\"%d\" class=\"time\">%llu.%03llu ms</text>\n", LEFT - 14, y,
            (unsigned long long)(r->ns - start) / 1000000, (unsigned long long)(r->ns - start) / 1000 % 1000);
    if (from == to) {
        fprintf(f, "<text x=\"%d\" y=\"%d\" class=\"note\">", from + 6, y);
    } else {
        fprintf(f, "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" class=\"arrow\" marker-end=\"url(#head)\"/>\n", from,
                y, to + (to > from ? -1 : 1), y);
        fprintf(f, "<text x=\"%d\" y=\"%d\" class=\"text\">", (from + to) / 2, y - 4);
    }
    put_text(f, text);
    fputs("</text>\n", f);
}

static bool ladder_draw(const struct ladder *l, const char *path, const char *title)
{
    int width = LEFT + (l->columns - 1) * WIDE + 130, height = TOP + (int)(l->rungc + 1) * ROW, i;
    FILE *f = fopen(path, "wb");
    size_t n;

    if (!f) {
        tool_error("%s: %s", path, strerror(errno));
        return false;
    }
    fprintf(f,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">\n<title>",
            width, height, width, height);
    put_text(f, title);
    fputs(
        "</title>\n<style>text{font:12px sans-serif;fill:#222}.head{font-weight:bold;font-size:14px;text-anchor:middle}"
        ".time{text-anchor:end;fill:#888;font-size:11px}.text{text-anchor:middle}.note{font-weight:bold;fill:#06c}"
        ".life{stroke:#bbb;stroke-dasharray:4 3}.arrow{stroke:#333}</style>\n"
        "<defs><marker id=\"head\" markerWidth=\"9\" markerHeight=\"8\" refX=\"8\" refY=\"4\" orient=\"auto\">"
        "<path d=\"M0,0 L9,4 L0,8 z\" fill=\"#333\"/></marker></defs>\n"
        "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n",
        f);
    for (i = 0; i < l->columns; i++)
        fprintf(f,
                "<text x=\"%d\" y=\"28\" class=\"head\">%s</text>\n<line x1=\"%d\" y1=\"38\" x2=\"%d\" y2=\"%d\" "
                "class=\"life\"/>\n",
                LEFT + i * WIDE, columns[i], LEFT + i * WIDE, LEFT + i * WIDE, height - 8);
    for (n = 0; n < l->rungc; n++)
        draw_rung(f, l, &l->rungv[n], TOP + 10 + (int)n * ROW, l->rungv[0].ns);
    fputs("</svg>\n", f);
    if (ferror(f) | fclose(f)) {
        tool_error("%s: cannot be written", path);
        return false;
    }
    return true;
}

/* ---- the command ------------------------------------------------------------------------------------------------- */

static bool draw(const char *record, const char *path, const char *title, bool all)
{
    char *lines = shell_read_all(record);
    struct ladder *l = calloc(1, sizeof(*l));
    bool good;

    if (l) {
        l->all = all;
        l->columns = COLUMNS - 1;
    }
    good = l && lines && ladder_read(l, lines) && ladder_draw(l, path, title);
    free(l ? l->rungv : NULL);
    free(l);
    free(lines);
    return good;
}

int trace_command(int argc, char **argv)
{
    char record[PLATFORM_PATH_MAX], *text;
    bool all = argc > 0 && strcmp(argv[0], "--all") == 0;
    int exit, n;

    argc -= all;
    argv += all;
    if (argc == 3 && argv[0][0] != '-' && argv[0][0] && strcmp(argv[1], "--record") == 0)
        return draw(argv[2], argv[0], argv[2], all) ? TOOL_OK : TOOL_FAILED;
    if (argc != 2 || argv[0][0] == '-' || !argv[0][0]) {
        tool_error("trace: FILE.svg and SCENARIO are needed (tapictl trace --help)");
        return TOOL_USAGE;
    }
    n = snprintf(record, sizeof(record), "%s.record", argv[0]);
    if (n < 0 || (size_t)n >= sizeof(record)) {
        tool_error("trace: the name of the file is too long");
        return TOOL_USAGE;
    }
    text = shell_read_all(argv[1]);
    if (!text)
        return TOOL_FAILED;
    (void)remove(record);
    /* Before anything asks. */
    if (platform_env_set("TAPI_SHIM_TRACE", record) || platform_env_set("TAPI_SHIM_MODE", "in-process")) {
        free(text);
        return TOOL_FAILED;
    }
    exit = shell_script(argv[1], text, SHELL_SCRIPT_FILE);
    free(text);
    if (exit == TOOL_USAGE) {
        (void)remove(record);
        return exit;
    }
    if (!draw(record, argv[0], argv[1], all))
        exit = TOOL_FAILED;
    (void)remove(record);
    return exit;
}
