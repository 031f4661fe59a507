/* Lines entered in the configuration and struck out of it, by themselves and by the provider.
 * SPDX-License-Identifier: MIT */
#include "include/sessiontsp.h"
#include "tests/support/support.h"
#include "tests/unit/tspi/host.h"
#include "tsp/tspi/configedit.h"

#include <errno.h>
#include <stdio.h>

enum { ENTRIES = 40, ENTRY = 100 };

struct entries {
    char v[ENTRIES][ENTRY];
    int count;
};

static void take(const struct platform_conf_entry *e, void *arg)
{
    struct entries *all = arg;

    ck_assert_int_lt(all->count, ENTRIES);
    (void)snprintf(all->v[all->count++], ENTRY, "%s/%s=%s ", e->section, e->key, e->value);
}

static int order(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* What there is, sorted: a registry has no order. */
static const char *stored(void)
{
    static char text[ENTRIES * ENTRY];
    struct entries all = {.count = 0};

    ck_assert_int_eq(platform_conf_read(NULL, take, NULL, &all), 0);
    qsort(all.v, (size_t)all.count, ENTRY, order);
    text[0] = 0;
    for (int i = 0; i < all.count; i++)
        strcat(text, all.v[i]);
    return text;
}

START_TEST(first_line_keeps_those_that_nothing_stands_for)
{
    support_conf_begin();
    support_conf_put("provider", "ring_ms", "5000");
    ck_assert_int_eq(config_line_add("105", "Front", false), 0);
    ck_assert_str_eq(stored(), "line 1/name=Front line 1/number=105 line 1/phone=0 lines/count=4 lines/name=Extension "
                               "provider/ring_ms=5000 ");
    ck_assert_int_eq(config_line_add("106", NULL, true), 0);
    ck_assert_int_eq(config_line_remove("105"), 0);
    ck_assert_str_eq(stored(), "line 2/number=106 lines/count=4 lines/name=Extension provider/ring_ms=5000 ");
    ck_assert_int_eq(config_line_remove("106"), 0);
    ck_assert_str_eq(stored(), "provider/ring_ms=5000 ");
    support_conf_end();
}
END_TEST

START_TEST(what_somebody_wrote_stays)
{
    support_conf_begin();
    support_conf_put("Line 7", "addresses", "200, 201");
    support_conf_put("Line 7", "max_sessions", "3");
    support_conf_put("lines", "count", "2");
    support_conf_put("number 700", "behaviour", "busy");
    ck_assert_int_eq(config_line_add("300", "", true), 0);
    ck_assert_int_eq(config_line_add("201", NULL, true), EEXIST);
    ck_assert_int_eq(config_line_add("100", NULL, true), EEXIST);
    ck_assert_int_eq(config_line_add("700", NULL, true), EEXIST);
    ck_assert_int_eq(config_line_add("?", NULL, true), EINVAL);
    ck_assert_int_eq(config_line_add("", NULL, true), EINVAL);
    ck_assert_int_eq(config_line_remove("201"), EPERM); /* not its first */
    ck_assert_int_eq(config_line_remove("100"), EPERM); /* of [lines] */
    ck_assert_int_eq(config_line_remove("999"), ENODEV);
    ck_assert_int_eq(config_line_remove("200"), 0);
    ck_assert_str_eq(stored(), "line 8/number=300 lines/count=2 number 700/behaviour=busy ");
    ck_assert_int_eq(config_line_remove("300"), 0);
    ck_assert_str_eq(stored(), "lines/count=2 number 700/behaviour=busy ");
    support_conf_put("line 1", "number", "?");
    ck_assert_int_eq(config_line_add("300", NULL, true), EBADMSG);
    ck_assert_int_eq(config_line_remove("?"), EBADMSG);
    support_conf_end();
    support_env_set("TAPI_SHIM_CONFIG", support_conf_nowhere());
    ck_assert_int_eq(config_line_add("300", NULL, true), EIO);
    support_env_set("TAPI_SHIM_CONFIG", NULL);
}
END_TEST

static void units(WCHAR *out, const char *in)
{
    (void)platform_utf8_to_utf16(in, SIZE_MAX, (uint16_t *)out, 64);
}

static LONG edit(DWORD command, const char *number, const char *name, struct sessiontsp_provider *out)
{
    struct sessiontsp_provider_line line = {.Result = {.dwCommand = command}};
    LONG result;

    units(line.szNumber, number);
    units(line.szName, name);
    result = TSPI_providerGenericDialogData(1, TUISPIDLL_OBJECT_PROVIDERID, &line, sizeof line);
    *out = line.Result;
    return result;
}

START_TEST(provider_enters_and_strikes_out)
{
    struct sessiontsp_provider_line bad = {.Result = {.dwCommand = SESSIONTSP_PROVIDER_LINE_ADD}, .dwFlags = 2};
    struct sessiontsp_provider out;
    DWORD lines, phones;

    support_conf_begin();
    /* not started: it is entered all the same */
    ck_assert_int_eq(edit(SESSIONTSP_PROVIDER_LINE_ADD, "105", "Front", &out), 0);
    ck_assert_uint_eq(out.dwRunning, 0);
    host_start(NULL);
    sessiontsp_set_config(NULL);
    ck_assert_int_eq(TSPI_providerEnumDevices(42, &lines, &phones, NULL, host_line_event, NULL), 0);
    ck_assert_uint_eq(lines, 4); /* host_start has its own configuration */
    ck_assert_int_eq(edit(SESSIONTSP_PROVIDER_LINE_ADD, "106", "", &out), 0);
    ck_assert_uint_eq(out.dwAdded, 2);
    ck_assert_uint_eq(out.dwRemoved + out.dwFailed + out.dwChanged, 0);
    ck_assert_int_eq(edit(SESSIONTSP_PROVIDER_LINE_ADD, "106", "", &out), ERR(INUSE));
    ck_assert_int_eq(edit(SESSIONTSP_PROVIDER_LINE_ADD, "x", "", &out), ERR(INVALADDRESS));
    ck_assert_int_eq(edit(SESSIONTSP_PROVIDER_LINE_REMOVE, "100", "", &out), ERR(OPERATIONUNAVAIL));
    ck_assert_int_eq(edit(SESSIONTSP_PROVIDER_LINE_REMOVE, "999", "", &out), ERR(NODEVICE));
    ck_assert_int_eq(edit(SESSIONTSP_PROVIDER_LINE_REMOVE, "106", "", &out), 0);
    ck_assert_uint_eq(out.dwRemoved, 1);
    ck_assert_int_eq(TSPI_providerGenericDialogData(1, TUISPIDLL_OBJECT_PROVIDERID, &bad, sizeof bad),
                     ERR(INVALPARAM));
    ck_assert_int_eq(TSPI_providerGenericDialogData(1, TUISPIDLL_OBJECT_PROVIDERID, &bad, sizeof bad - 1),
                     ERR(INVALPARAM));
    bad.dwFlags = 0;
    for (size_t i = 0; i < 64; i++)
        bad.szName[i] = 'x';
    ck_assert_int_eq(TSPI_providerGenericDialogData(1, TUISPIDLL_OBJECT_PROVIDERID, &bad, sizeof bad),
                     ERR(INVALPARAM));
    ck_assert_str_eq(stored(), "line 1/name=Front line 1/number=105 lines/count=4 lines/name=Extension ");
    host_stop();
    support_conf_end();
}
END_TEST

Suite *suite_edit(void)
{
    Suite *s = suite_create("edit");
    TCase *tc = tcase_create("edit");

    tcase_set_timeout(tc, 0);
    tcase_add_test(tc, first_line_keeps_those_that_nothing_stands_for);
    tcase_add_test(tc, what_somebody_wrote_stays);
    tcase_add_test(tc, provider_enters_and_strikes_out);
    suite_add_tcase(s, tc);
    return s;
}
