/* Lines entered in the configuration, and struck out of it. SPDX-License-Identifier: MIT */
#include "tsp/tspi/configedit.h"
#include "tsp/tspi/config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SECTION_MAX = 64, TEXT_MAX = 300 };

/* What the configuration says about lines, as it stands there. */
struct book {
    uint32_t next;       /* number of the next [line N] */
    uint32_t sectionc;   /* entries of [line N], and of [lines] */
    uint32_t lines_keys; /* of [lines] */
    bool usual;          /* they are those of `usual` below */
    const char *number;  /* looked for */
    char found[SECTION_MAX], lines[SECTION_MAX];
};

/* What stands for the lines that there are without a configuration. */
static const struct platform_store_value usual[] = {{"count", true, "4"}, {"name", false, "Extension"}};
enum { USUAL = sizeof usual / sizeof *usual };

static int lower(int c)
{
    return c >= 'A' && c <= 'Z' ? c + 32 : c;
}

static bool same(const char *a, const char *b)
{
    while (*a && lower((unsigned char)*a) == lower((unsigned char)*b)) {
        a++;
        b++;
    }
    return lower((unsigned char)*a) == lower((unsigned char)*b);
}

/* The number of a section [line N]. */
static bool line_section(const char *section, uint32_t *np)
{
    char word[6] = "";
    char *end;
    unsigned long n;

    for (int i = 0; i < 5 && section[i]; i++)
        word[i] = section[i];
    if (!same(word, "line ") && !same(word, "line\t"))
        return false;
    section += 5 + strspn(section + 5, " \t");
    if (*section < '0' || *section > '9')
        return false;
    errno = 0;
    n = strtoul(section, &end, 10);
    if (*end || errno || n >= UINT32_MAX)
        return false;
    *np = (uint32_t)n;
    return true;
}

static void entry(const struct platform_conf_entry *e, void *arg)
{
    struct book *b = arg;
    uint32_t n;

    if (same(e->section, "lines")) {
        bool known = false;

        for (int i = 0; i < USUAL; i++)
            known |= same(e->key, usual[i].name) && !strcmp(e->value, usual[i].text);
        b->usual &= known;
        b->lines_keys++;
        (void)snprintf(b->lines, sizeof b->lines, "%s", e->section);
        return;
    }
    if (!line_section(e->section, &n))
        return;
    b->sectionc++;
    if (n >= b->next)
        b->next = n + 1;
    if (same(e->key, "number") || same(e->key, "addresses")) {
        size_t len = strcspn(e->value, ", \t");

        if (len == strlen(b->number) && !memcmp(e->value, b->number, len))
            (void)snprintf(b->found, sizeof b->found, "%s", e->section);
    }
}

static int book_read(struct book *b, const char *number)
{
    *b = (struct book){.next = 1, .usual = true, .number = number};
    return platform_conf_read(NULL, entry, NULL, b);
}

/* The configuration as the provider takes it. *linep: a line has the number; *specialp: a special number is it. */
static int conf_check(const char *number, bool *linep, bool *specialp)
{
    struct session_mem mem = {NULL, NULL, NULL};
    struct config *conf = NULL;
    enum session_err err = config_read(&conf, NULL, &mem);
    int result = err == SESSION_E_NOMEM ? ENOMEM : err ? EIO : conf->messagec ? EBADMSG : 0;

    *linep = *specialp = false;
    for (uint32_t i = 0; !result && i < conf->linec; i++)
        for (uint32_t k = 0; k < conf->linev[i].addressc; k++)
            *linep |= !strcmp(conf->linev[i].numberv[k], number);
    for (uint32_t i = 0; !result && i < conf->specialc; i++)
        *specialp |= !strcmp(conf->specialv[i].number, number);
    config_free(conf);
    return result;
}

static bool number_ok(const char *number)
{
    size_t len = strlen(number);

    return len > 0 && len <= SESSION_NUMBER_MAX && strspn(number, "0123456789ABCD*#+") == len;
}

int config_line_add(const char *number, const char *name, bool phone)
{
    struct platform_store_value valuev[3];
    char section[SECTION_MAX];
    bool of_line, special;
    size_t valuec = 0;
    struct book b;
    int err;

    if (!number_ok(number) || (name && strlen(name) >= TEXT_MAX))
        return EINVAL;
    err = conf_check(number, &of_line, &special);
    if (!err)
        err = book_read(&b, number);
    if (err)
        return err;
    if (of_line || special)
        return EEXIST;
    if (!b.sectionc && !b.lines_keys) {
        err = platform_conf_section_write("lines", usual, USUAL);
        if (err)
            return err;
    }
    (void)snprintf(section, sizeof section, "line %lu", (unsigned long)b.next);
    valuev[valuec++] = (struct platform_store_value){"number", false, number};
    if (name && *name)
        valuev[valuec++] = (struct platform_store_value){"name", false, name};
    if (!phone)
        valuev[valuec++] = (struct platform_store_value){"phone", true, "0"};
    return platform_conf_section_write(section, valuev, valuec);
}

int config_line_remove(const char *number)
{
    bool of_line, special;
    struct book b;
    int err = conf_check(number, &of_line, &special);

    if (!err)
        err = book_read(&b, number);
    if (err)
        return err;
    if (!b.found[0])
        return of_line ? EPERM : ENODEV;
    err = platform_conf_section_write(b.found, NULL, 0);
    if (err)
        return err;
    err = book_read(&b, number);
    if (!err && !b.sectionc && b.usual && b.lines_keys == USUAL)
        err = platform_conf_section_write(b.lines, NULL, 0);
    return err;
}
