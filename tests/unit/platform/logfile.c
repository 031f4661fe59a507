/* The log's file: its configuration, lines of several threads, putting aside. SPDX-License-Identifier: MIT */
#include "tapi_shim/platform/internal.h"
#include "tests/support/support.h"
#include "tests/unit/platform/suite.h"

#include <stdio.h>
#include <string.h>

enum { THREADS = 4, LINES = 50, FILES = 100 };

/* ---- configuration ----------------------------------------------------------------------------------------------- */

static char told[1000];

static void tell(const char *where, const char *text, void *arg)
{
    size_t len = strlen(told);

    (void)where;
    (void)arg;
    (void)snprintf(told + len, sizeof(told) - len, "%s\n", text);
}

static struct platform_log_conf read_conf(void)
{
    struct platform_log_conf c;

    told[0] = 0;
    platform_log_conf_read(&c, tell, NULL);
    return c;
}

START_TEST(configuration)
{
    struct platform_log_conf c;

    support_conf_begin();
    c = read_conf();
    ck_assert_str_eq(c.file, "");
    ck_assert_int_eq((int)c.level, PLATFORM_LOG_INFO);
    ck_assert_uint_eq(c.max_bytes, 1048576);
    ck_assert_uint_eq(c.keep, 5);
    ck_assert(!c.events);
    support_conf_put("Log", "File", "some.log");
    support_conf_put("Log", "level", "debug");
    support_conf_put("Log", "max_kb", "7");
    support_conf_put("Log", "keep", "0");
    support_conf_put("Log", "events", "1");
    support_conf_put("log2", "file", "other");
    c = read_conf();
    ck_assert_str_eq(told, "");
    ck_assert_str_eq(c.file, "some.log");
    ck_assert_int_eq((int)c.level, PLATFORM_LOG_DEBUG);
    ck_assert_uint_eq(c.max_bytes, 7168);
    ck_assert_uint_eq(c.keep, 0);
    ck_assert(c.events);
    support_conf_end();
}
END_TEST

static void mistake(const char *key, const char *value, const char *text)
{
    support_conf_begin();
    support_conf_put("log", key, value);
    (void)read_conf();
    ck_assert_str_eq(told, text);
    support_conf_end();
}

START_TEST(mistakes)
{
    mistake("level", "loud", "[log] level: \"loud\" is none of error, warning, info, debug\n");
    mistake("max_kb", "1048577", "[log] max_kb: \"1048577\" is not a number from 0 to 1048576\n");
    mistake("keep", "-1", "[log] keep: \"-1\" is not a number from 0 to 99\n");
    mistake("events", "yes", "[log] events: \"yes\" is not a number from 0 to 1\n");
    mistake("events", "99999999999999999999999",
            "[log] events: \"99999999999999999999999\" is not a number from 0 to 1\n");
    mistake("colour", "red", "[log] colour: there is no such key\n");
}
END_TEST

/* ---- the file ---------------------------------------------------------------------------------------------------- */

static struct platform_log_conf conf;

static void begin(uint64_t max_bytes, uint32_t keep)
{
    memset(&conf, 0, sizeof(conf));
    (void)snprintf(conf.file, sizeof(conf.file), "test_platform_%u_%llx.log", (unsigned)platform_process_id(),
                   (unsigned long long)platform_mono_ns());
    conf.max_bytes = max_bytes;
    conf.keep = keep;
}

static const char *part(unsigned i)
{
    static char path[PLATFORM_PATH_MAX + 8];

    (void)snprintf(path, sizeof(path), i ? "%s.%u" : "%s", conf.file, i);
    return path;
}

/* All of a file; "-": there is none. */
static const char *content(unsigned i)
{
    static char text[100000];
    FILE *f = fopen(part(i), "rb");
    size_t n = f ? fread(text, 1, sizeof(text) - 1, f) : 0;

    if (!f)
        return "-";
    (void)fclose(f);
    text[n] = 0;
    return text;
}

static void end(void)
{
    for (unsigned i = 0; i < FILES; i++)
        (void)remove(part(i));
}

static void put(const char *line)
{
    platform_log_file_add(&conf, line, strlen(line));
}

START_TEST(put_aside)
{
    begin(20, 2);
    put("1 345678\n");
    put("2 345678\n");
    ck_assert_str_eq(content(0), "1 345678\n2 345678\n");
    put("3 345678\n");
    ck_assert_str_eq(content(0), "3 345678\n");
    ck_assert_str_eq(content(1), "1 345678\n2 345678\n");
    put("a line that is longer than the file may be\n");
    put("4\n");
    ck_assert_str_eq(content(0), "4\n");
    ck_assert_str_eq(content(1), "a line that is longer than the file may be\n");
    ck_assert_str_eq(content(2), "3 345678\n");
    ck_assert_str_eq(content(3), "-");
    end();
}
END_TEST

START_TEST(emptied)
{
    begin(20, 0);
    put("1 345678\n");
    put("2 345678\n");
    put("3 345678\n");
    ck_assert_str_eq(content(0), "3 345678\n");
    ck_assert_str_eq(content(1), "-");
    end();
}
END_TEST

START_TEST(for_ever)
{
    begin(0, 5);
    for (int i = 0; i < 100; i++)
        put("0123456789\n");
    ck_assert_uint_eq(strlen(content(0)), 1100);
    ck_assert_str_eq(content(1), "-");
    end();
}
END_TEST

/* What cannot be written is nobody's misfortune. */
START_TEST(nowhere)
{
    begin(0, 5);
    (void)snprintf(conf.file, sizeof(conf.file), "no such folder/x.log");
    put("x\n");
    (void)snprintf(conf.file, sizeof(conf.file), ".");
    put("x\n");
}
END_TEST

static void writer(void *arg)
{
    char line[64];

    for (int i = 0; i < LINES; i++) {
        (void)snprintf(line, sizeof(line), "thread %d line %d\n", *(int *)arg, i);
        put(line);
    }
}

/* Each line is there once and whole, wherever it was put. */
START_TEST(several_threads)
{
    struct platform_thread *threadv[THREADS];
    int idv[THREADS], seen[THREADS][LINES] = {{0}}, lines = 0;

    begin(200, 99);
    for (int i = 0; i < THREADS; i++) {
        idv[i] = i;
        threadv[i] = support_thread(writer, &idv[i]);
    }
    for (int i = 0; i < THREADS; i++)
        platform_thread_join(threadv[i]);
    for (unsigned i = 0; i < FILES; i++) {
        const char *at = content(i);

        for (int thread, line, n; *at && *at != '-'; at += n) {
            n = 0;
            ck_assert_int_eq(sscanf(at, "thread %d line %d\n%n", &thread, &line, &n), 2);
            ck_assert(n > 0 && at[n - 1] == '\n' && thread >= 0 && thread < THREADS && line >= 0 && line < LINES);
            ck_assert_int_eq(seen[thread][line]++, 0);
            lines++;
        }
    }
    ck_assert_int_eq(lines, THREADS * LINES);
    end();
}
END_TEST

void logfile_tests(Suite *s)
{
    TCase *t = tcase_create("log file");

    tcase_set_timeout(t, 0);
    tcase_add_test(t, configuration);
    tcase_add_test(t, mistakes);
    tcase_add_test(t, put_aside);
    tcase_add_test(t, emptied);
    tcase_add_test(t, for_ever);
    tcase_add_test(t, nowhere);
    tcase_add_test(t, several_threads);
    suite_add_tcase(s, t);
}
