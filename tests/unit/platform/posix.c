/* What only POSIX has: INI files, good and broken, and the file of the list of providers. SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE
#include "tests/unit/platform/entries.h"
#include "tests/unit/platform/suite.h"
#include "tests/support/support.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct entries e;
static char folder[1024], file[1100];

static void setup(void)
{
    support_folder_make("ini", folder, sizeof(folder));
    support_path(file, sizeof(file), folder, "test.ini");
}

static void teardown(void)
{
    support_folder_remove(folder);
}

/* The errors without the name of the file: "LINE: text". */
static const char *errors(void)
{
    static char text[65536];
    const size_t n = strlen(file) + 1;
    char *out = text;

    for (const char *line = e.errors; *line;) {
        const char *end = strchr(line, '\n') + 1;

        ck_assert(strncmp(line, file, n - 1) == 0);
        memcpy(out, line + n, (size_t)(end - line) - n);
        out += (size_t)(end - line) - n;
        line = end;
    }
    *out = 0;
    return text;
}

#define BYTES(s) s, sizeof(s) - 1

static const struct {
    const char *text;
    size_t len;
    const char *got, *errors;
} files[] = {
    {BYTES(""), "", ""},
    {BYTES("\n\n  \n\t\n"), "", ""},
    {BYTES("a=1"), "[] a = 1\n", ""},
    {BYTES("a = 1\nb:2\n"), "[] a = 1\n[] b = 2\n", ""},
    {BYTES("; c\n# d\n  ; e\n[s]\nk = v ; comment\nl = v;no comment\nm = v # no comment\n"),
     "[s] k = v\n[s] l = v;no comment\n[s] m = v # no comment\n", ""},
    {BYTES("[s]\r\nk = v\r\nl =\r\n"), "[s] k = v\n[s] l = \n", ""},
    {BYTES("\xEF\xBB\xBF[s]\nk=v\n"), "[s] k = v\n", ""},
    {BYTES("\xEF\xBB\xBFk=v\n"), "[] k = v\n", ""},
    /* An indented line is a line like others, not more of the one before. */
    {BYTES("[s]\na = 1\n   b = 2\n\tc = 3\n"), "[s] a = 1\n[s] b = 2\n[s] c = 3\n", ""},
    {BYTES("[s]\na = 1\n   more\nb = 2\n"), "[s] a = 1\n[s] b = 2\n", "3: neither a section nor \"key = value\"\n"},
    {BYTES("  [ s t ]  ; c\n k = v w  \n"), "[s t] k = v w\n", ""},
    {BYTES("[]\nk=v\n"), "[] k = v\n", ""},
    {BYTES("k = a = b : c\n"), "[] k = a = b : c\n", ""},
    {BYTES("[s]\nk = \xC3\xA4\n\xC3\xA4 = k\n"), "[s] k = \xC3\xA4\n[s] \xC3\xA4 = k\n", ""},
    {BYTES("[a]\nk=1\n[a]\nk=2\n"), "[a] k = 1\n[a] k = 2\n", ""},
    /* Each broken line costs itself alone, and is told by its number. */
    {BYTES("nonsense\na=1\nmore nonsense\n\nb=2\n!\n"), "[] a = 1\n[] b = 2\n",
     "1: neither a section nor \"key = value\"\n3: neither a section nor \"key = value\"\n6: neither a section nor "
     "\"key = value\"\n"},
    {BYTES("= v\na=1\n : w\n"), "[] a = 1\n", "1: no key before '='\n3: no key before '='\n"},
    {BYTES("a=1\nb=\0x\nc=3\n"), "[] a = 1\n[] c = 3\n", "2: contains a NUL byte\n"},
    {BYTES("a=1\nb=\xFF\nc=3\nd=\xC3\ne=5"), "[] a = 1\n[] c = 3\n[] e = 5\n", "2: is not UTF-8\n4: is not UTF-8\n"},
    {BYTES("a=\xED\xA0\x80\nb=\xC0\x80\n"), "", "1: is not UTF-8\n2: is not UTF-8\n"},
    /* A section that cannot be read must not give its lines to the one before. */
    {BYTES("[a]\nk=1\n[b\nk=2\nl=3\n[c]\nk=4\n"), "[a] k = 1\n[c] k = 4\n",
     "3: no ']' after the name of a section; its lines are passed over\n"
     "4: passed over, because the line of its section is in error\n5: passed over, because the line of its section is "
     "in error\n"},
    {BYTES("[a]\nk=1\n[b] c\nk=2\n"), "[a] k = 1\n",
     "3: something follows the name of the section; its lines are passed over\n"
     "4: passed over, because the line of its section is in error\n"},
    {BYTES("[a]\nk=1\n[b\xFF]\nk=2\n[c]\nk=3\n"), "[a] k = 1\n[c] k = 3\n",
     "3: is not UTF-8\n4: passed over, because the line of its section is in error\n"},
    {BYTES("[01234567890123456789012345678901234567890123456789]\nk=1\n["
           "0123456789012345678901234567890123456789012345678]\nk=2\n"),
     "[0123456789012345678901234567890123456789012345678] k = 2\n",
     "1: the name of the section is too long; its lines are passed over\n2: passed over, because the line of its "
     "section is in error\n"},
    {BYTES("\0"), "", "1: contains a NUL byte\n"},
    {BYTES("[\n]\n[]]\n"), "",
     "1: no ']' after the name of a section; its lines are passed over\n2: neither a section nor \"key = value\"\n"
     "3: something follows the name of the section; its lines are passed over\n"},
};

START_TEST(table_of_files)
{
    support_file_write(file, files[_i].text, files[_i].len);
    ck_assert_int_eq(entries_read(&e, file), 0);
    ck_assert_str_eq(e.got, files[_i].got);
    ck_assert_str_eq(errors(), files[_i].errors);
}
END_TEST

/* Every cut and every changed byte of a good file: never more than an error, and the lines before stay. */
START_TEST(damaged_files)
{
    static const char good[] = "[one]\nalpha = 1 ; c\n\n# x\n[two]\nbeta = \xC3\xA4\ngamma = 3\n";
    char text[sizeof(good)];

    for (size_t n = 0; n < sizeof(good); n++) {
        support_file_write(file, good, n);
        ck_assert_int_eq(entries_read(&e, file), 0);
        ck_assert_uint_le(e.errorc, 1);
        for (int b = (int)n % 17; b < 256; b += 17) {
            memcpy(text, good, sizeof(good));
            text[n] = (char)b;
            support_file_write(file, text, sizeof(good) - 1);
            ck_assert_int_eq(entries_read(&e, file), 0);
            if (n > 21)
                ck_assert(strncmp(e.got, "[one] alpha = 1\n", 16) == 0);
        }
    }
}
END_TEST

START_TEST(length_of_lines)
{
    /* The library's limit is its own; whatever it is, a line is either whole or an error, and the next one comes
     * through. */
    size_t longest = 0;

    for (size_t n = 150; n < 3000; n += n < 250 ? 1 : 97) {
        char text[4096], expected[4096];

        (void)snprintf(text, sizeof(text), "[s]\nk=%0*d\nnext=1\n", (int)n - 2, 7);
        support_file_write(file, text, strlen(text));
        ck_assert_int_eq(entries_read(&e, file), 0);
        if (e.errorc == 0) {
            (void)snprintf(expected, sizeof(expected), "[s] k = %0*d\n[s] next = 1\n", (int)n - 2, 7);
            ck_assert_str_eq(e.got, expected);
            longest = n;
        } else {
            ck_assert_str_eq(e.got, "[s] next = 1\n");
            ck_assert_ptr_nonnull(strstr(errors(), "2: longer than "));
            ck_assert_uint_le(longest, n);
        }
    }
    ck_assert_uint_ge(longest, 198);
    /* The message tells the true limit. */
    char text[64];
    (void)snprintf(text, sizeof(text), "2: longer than %u bytes\n", (unsigned)longest);
    if (longest < 250)
        ck_assert_str_eq(errors(), text);
}
END_TEST

START_TEST(errors_of_one_file_are_limited)
{
    FILE *f = fopen(file, "w");

    ck_assert_ptr_nonnull(f);
    for (int i = 0; i < 5000; i++)
        (void)fputs("nonsense\n", f);
    (void)fputs("a=1\n", f);
    (void)fclose(f);
    ck_assert_int_eq(entries_read(&e, file), 0);
    ck_assert_uint_eq(e.errorc, 101);
    ck_assert_ptr_nonnull(strstr(e.errors, "passed over without a message"));
    ck_assert_str_eq(e.got, "[] a = 1\n");
}
END_TEST

static void check_unreadable(const char *path, int expected, const char *why)
{
    ck_assert_int_eq(entries_read(&e, path), expected);
    ck_assert_uint_eq(e.errorc, 1);
    ck_assert_uint_eq(e.entryc, 0);
    ck_assert_msg(strncmp(e.errors, path, strlen(path)) == 0 && strstr(e.errors, why), "%s", e.errors);
}

START_TEST(what_is_no_file)
{
    check_unreadable(folder, EIO, "is a folder");
    ck_assert_int_eq(mkfifo(file, 0600), 0);
    check_unreadable(file, EIO, "not a regular file"); /* and does not wait for somebody to write */
    (void)unlink(file);
    check_unreadable(file, ENOENT, "no such file");
    char below[1200];
    support_file_write(file, "", 0);
    support_path(below, sizeof(below), file, "below");
    check_unreadable(below, ENOENT, "no such file");
    (void)unlink(file);
    ck_assert_int_eq(symlink(file, file), 0);
    check_unreadable(file, EACCES, "may not be read");
    check_unreadable("/dev/zero", EIO, "not a regular file");
    ck_assert_int_eq(entries_read(&e, "/dev/null"), 0);
    ck_assert_uint_eq(e.errorc, 0);
}
END_TEST

START_TEST(what_is_too_large_or_another_encoding)
{
    ck_assert_int_eq(truncate(file, 0), -1);
    support_file_write(file, "a=1\n", 4);
    ck_assert_int_eq(truncate(file, 16 * 1024 * 1024 + 1), 0);
    check_unreadable(file, EIO, "larger than 16 MiB");
    support_file_write(file,
                       "\xFF\xFE"
                       "a\0=\0"
                       "1\0",
                       8);
    check_unreadable(file, EIO, "UTF-16");
    /* Exactly as large as it may be. */
    char *big = malloc(16 * 1024 * 1024);
    ck_assert_ptr_nonnull(big);
    memset(big, '\n', 16 * 1024 * 1024);
    memcpy(big + 16 * 1024 * 1024 - 4, "\na=1", 4);
    support_file_write(file, big, 16 * 1024 * 1024);
    free(big);
    ck_assert_int_eq(entries_read(&e, file), 0);
    ck_assert_str_eq(e.got, "[] a = 1\n");
    ck_assert_ptr_nonnull(strstr(e.where, ":16777214\n"));
}
END_TEST

/* Root may read everything, so as somebody else. Each test has a process of its own. */
static void become_nobody(void)
{
    ck_assert_int_eq(chmod(folder, 0711), 0);
    if (geteuid() == 0)
        ck_assert_int_eq(seteuid(65534), 0);
}

static void become_root_again(void)
{
    if (getuid() == 0)
        ck_assert_int_eq(seteuid(0), 0);
}

START_TEST(what_may_not_be_read)
{
    support_file_write(file, "a=1\n", 4);
    ck_assert_int_eq(chmod(file, 0), 0);
    become_nobody();
    check_unreadable(file, EACCES, "may not be read");
    become_root_again();
}
END_TEST

START_TEST(default_places)
{
    char sub[1100], path[1200], place[2048];

    support_env_set("TAPI_SHIM_CONFIG", NULL);
    support_env_set("XDG_CONFIG_HOME", folder);
    support_path(sub, sizeof(sub), folder, "tapi_shim");
    ck_assert_int_eq(mkdir(sub, 0700), 0);
    support_path(path, sizeof(path), sub, "tapi_shim.ini");
    support_file_write(path, "here=1\n", 7);
    ck_assert_int_eq(entries_read(&e, NULL), 0);
    ck_assert_str_eq(e.got, "[] here = 1\n");
    platform_conf_place(NULL, place, sizeof(place));
    ck_assert_str_eq(place, path);
    /* A relative one does not count; then ~/.config. */
    support_env_set("XDG_CONFIG_HOME", "relative");
    support_env_set("HOME", folder);
    support_path(sub, sizeof(sub), folder, ".config");
    ck_assert_int_eq(mkdir(sub, 0700), 0);
    support_path(path, sizeof(path), sub, "tapi_shim");
    ck_assert_int_eq(mkdir(path, 0700), 0);
    support_path(sub, sizeof(sub), path, "tapi_shim.ini");
    support_file_write(sub, "there=1\n", 8);
    ck_assert_int_eq(entries_read(&e, NULL), 0);
    ck_assert_str_eq(e.got, "[] there = 1\n");
    /* No home at all: the system's. */
    support_env_set("XDG_CONFIG_HOME", NULL);
    support_env_set("HOME", NULL);
    platform_conf_place(NULL, place, sizeof(place));
    ck_assert_str_eq(place, "/etc/tapi_shim/tapi_shim.ini");
    /* One that is there but broken is not passed over for another. */
    support_env_set("HOME", folder);
    ck_assert_int_eq(unlink(sub), 0);
    ck_assert_int_eq(mkdir(sub, 0700), 0);
    ck_assert_int_eq(entries_read(&e, NULL), EIO);
}
END_TEST

START_TEST(create_and_remove_have_nothing_to_do)
{
    ck_assert_int_eq(platform_conf_create(), 0);
    ck_assert_int_eq(platform_conf_create(), 0);
    ck_assert_int_eq(platform_conf_remove(), 0);
}
END_TEST

START_TEST(completion_ports_are_not_there)
{
    ck_assert_int_eq(platform_port_post(0, 0, NULL), ENOTSUP);
    ck_assert_int_eq(platform_port_message(0, 0, "x", 1), ENOTSUP);
}
END_TEST

/* ---- the file of the list */

static char *text_of_file(void)
{
    return support_file_read(file, NULL);
}

static void expect_file(const char *expected)
{
    char *text = text_of_file();

    ck_assert_ptr_nonnull(text);
    ck_assert_str_eq(text, expected);
    free(text);
}

START_TEST(list_keeps_other_lines)
{
    uint32_t id;
    static const char before[] =
        "\xEF\xBB\xBF; mine\r\n[Other]\r\nkey = value\r\nNumProviders = 9\r\n[Providers] ; here\r\nComment = kept\r\n"
        "broken line\r\nnumproviders = 7\r\n\r\n[Third]\r\nProviderID0 = 4";

    support_env_set("TAPI_SHIM_PROVIDERS", file);
    support_file_write(file, before, sizeof(before) - 1);
    ck_assert_int_eq(chmod(file, 0640), 0);
    ck_assert_int_eq(platform_providers_add("a.so", &id), 0);
    expect_file("\xEF\xBB\xBF; mine\r\n[Other]\r\nkey = value\r\nNumProviders = 9\r\n[Providers] ; here\r\n"
                "ProviderFilename0 = a.so\nProviderID0 = 1\nNextProviderID = 2\nNumProviders = 1\n"
                "Comment = kept\r\nbroken line\r\n\r\n[Third]\r\nProviderID0 = 4");
    struct stat st;
    ck_assert_int_eq(stat(file, &st), 0);
    ck_assert_int_eq(st.st_mode & 0777, 0640);
    ck_assert_int_eq(platform_providers_remove(1), 0);
    expect_file(
        "\xEF\xBB\xBF; mine\r\n[Other]\r\nkey = value\r\nNumProviders = 9\r\n[Providers] ; here\r\n"
        "NextProviderID = 2\nNumProviders = 0\nComment = kept\r\nbroken line\r\n\r\n[Third]\r\nProviderID0 = 4");
}
END_TEST

START_TEST(list_is_put_at_the_end)
{
    uint32_t id;

    support_env_set("TAPI_SHIM_PROVIDERS", file);
    support_file_write(file, "a = 1", 5);
    struct platform_provider *list;
    size_t count;
    ck_assert_int_eq(platform_providers_load(&list, &count), ENOENT); /* a file, but no list in it */
    ck_assert_int_eq(platform_providers_add("a.so", &id), 0);
    expect_file(
        "a = 1\n[Providers]\nProviderFilename0 = a.so\nProviderID0 = 1\nNextProviderID = 2\nNumProviders = 1\n");
    /* The list alone, with empty lines: nothing of anybody else, so it goes with the last. */
    static const char alone[] = "\n[Providers]\n\nProviderFilename0 = a.so\nProviderID0 = 1";
    support_file_write(file, alone, sizeof(alone) - 1);
    ck_assert_int_eq(platform_providers_remove(1), 0);
    ck_assert(!support_file_exists(file));
}
END_TEST

START_TEST(list_makes_its_folder_for_the_user_alone)
{
    char path[1200], sub[1100];
    struct stat st;
    uint32_t id;

    support_env_set("TAPI_SHIM_PROVIDERS", NULL);
    support_path(sub, sizeof(sub), folder, "new");
    support_env_set("XDG_CONFIG_HOME", sub);
    ck_assert_int_eq(platform_providers_add("a.so", &id), 0);
    ck_assert_int_eq(stat(sub, &st), 0);
    ck_assert_int_eq(st.st_mode & 0777, 0700);
    support_path(path, sizeof(path), sub, "tapi_shim");
    ck_assert_int_eq(stat(path, &st), 0);
    ck_assert_int_eq(st.st_mode & 0777, 0700);
    support_path(sub, sizeof(sub), path, "providers.ini");
    ck_assert(support_file_exists(sub));
    ck_assert_int_eq(platform_providers_remove(id), 0);
    ck_assert(!support_file_exists(sub));
    /* No home, no list, and no place for one. */
    struct platform_provider *list;
    size_t count;
    support_env_set("XDG_CONFIG_HOME", NULL);
    support_env_set("HOME", NULL);
    ck_assert_int_eq(platform_providers_load(&list, &count), ENOENT);
    ck_assert_int_eq(platform_providers_add("a.so", &id), EACCES);
}
END_TEST

START_TEST(list_behind_a_symbolic_link)
{
    char target[1200];
    struct stat st;
    uint32_t id;

    support_path(target, sizeof(target), folder, "real.ini");
    support_file_write(target, "[Other]\nk = v\n", 14);
    ck_assert_int_eq(symlink("real.ini", file), 0);
    support_env_set("TAPI_SHIM_PROVIDERS", file);
    ck_assert_int_eq(platform_providers_add("a.so", &id), 0);
    ck_assert_int_eq(lstat(file, &st), 0);
    ck_assert(S_ISLNK(st.st_mode));
    char *text = support_file_read(target, NULL);
    ck_assert_ptr_nonnull(strstr(text, "ProviderFilename0 = a.so\n"));
    free(text);
}
END_TEST

START_TEST(list_refuses_what_a_line_cannot_hold)
{
    static const char *const bad[] = {" leading", "trailing ", "a ;comment", ";comment"};
    char name[400];
    uint32_t id;

    support_env_set("TAPI_SHIM_PROVIDERS", file);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        ck_assert_int_eq(platform_providers_add(bad[i], &id), EINVAL);
    /* Longer than the library reads: refused, rather than stored and never read again. */
    for (size_t n = 170; n < sizeof(name); n += n < 185 ? 1 : 50) {
        struct platform_provider *list;
        size_t count;
        int err;

        memset(name, 'a', n);
        name[n] = 0;
        err = platform_providers_add(name, &id);
        if (err) {
            ck_assert_int_eq(err, EINVAL);
            ck_assert(n > 150);
            continue;
        }
        ck_assert_int_eq(platform_providers_load(&list, &count), 0);
        ck_assert_uint_eq(count, 1);
        ck_assert_str_eq(list[0].file, name);
        free(list);
        ck_assert_int_eq(platform_providers_remove(id), 0);
    }
    ck_assert(!support_file_exists(file));
}
END_TEST

static int files_in_folder(void)
{
    char command[1200];
    int n = -1;
    FILE *p;

    (void)snprintf(command, sizeof(command), "ls -A '%s' | wc -l", folder);
    p = popen(command, "r");
    if (!p || fscanf(p, "%d", &n) != 1)
        n = -1;
    if (p)
        (void)pclose(p);
    return n;
}

START_TEST(full_disk_keeps_the_old_list)
{
    struct rlimit full = {0, RLIM_INFINITY}, old;
    char *before, *after;
    uint32_t id;

    support_env_set("TAPI_SHIM_PROVIDERS", file);
    ck_assert_int_eq(platform_providers_add("a.so", &id), 0);
    before = text_of_file();
    (void)signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &old), 0);
    full.rlim_max = old.rlim_max;
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &full), 0);
    int err = platform_providers_add("b.so", &id);
    int err_remove = platform_providers_remove(7);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &old), 0);
    ck_assert_int_eq(err, EIO);
    ck_assert_int_eq(err_remove, ENOENT);
    after = text_of_file();
    ck_assert_str_eq(before, after);
    ck_assert_int_eq(files_in_folder(), 1);
    free(before);
    free(after);
}
END_TEST

START_TEST(list_in_a_folder_of_others)
{
    struct platform_provider *list;
    uint32_t id;
    size_t count;

    support_env_set("TAPI_SHIM_PROVIDERS", file);
    ck_assert_int_eq(platform_providers_add("a.so", &id), 0);
    ck_assert_int_eq(chmod(file, 0644), 0);
    become_nobody();
    ck_assert_int_eq(chmod(folder, 0755), getuid() == geteuid() ? 0 : -1);
    ck_assert_int_eq(platform_providers_add("b.so", &id), getuid() == geteuid() ? 0 : EACCES);
    ck_assert_int_eq(platform_providers_remove(1), getuid() == geteuid() ? 0 : EACCES);
    ck_assert_int_eq(platform_providers_load(&list, &count), 0);
    ck_assert_uint_eq(count, 1);
    free(list);
    become_root_again();
    ck_assert_int_eq(chmod(file, 0), 0);
    become_nobody();
    ck_assert_int_eq(platform_providers_load(&list, &count), EACCES);
    become_root_again();
}
END_TEST

START_TEST(adders_in_several_processes)
{
    enum { PROCESSES = 4, EACH = 8 };
    struct platform_provider *list;
    pid_t pid[PROCESSES];
    size_t count;

    support_env_set("TAPI_SHIM_PROVIDERS", file);
    for (int p = 0; p < PROCESSES; p++) {
        pid[p] = fork();
        ck_assert_int_ge(pid[p], 0);
        if (pid[p] == 0) {
            uint32_t id;
            int failed = 0;

            for (int i = 0; i < EACH; i++)
                failed += platform_providers_add("x.so", &id) != 0;
            _exit(failed);
        }
    }
    for (int p = 0; p < PROCESSES; p++) {
        int status;

        ck_assert_int_eq(waitpid(pid[p], &status, 0), pid[p]);
        ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    ck_assert_int_eq(platform_providers_load(&list, &count), 0);
    ck_assert_uint_eq(count, PROCESSES * EACH);
    for (size_t i = 0; i < count; i++)
        ck_assert_uint_eq(list[i].id, i + 1);
    free(list);
}
END_TEST

/* A pipe has no end until somebody writes: loading must not wait for that. */
START_TEST(module_that_is_a_pipe)
{
    struct platform_module *m;

    ck_assert_int_eq(mkfifo(file, 0600), 0);
    ck_assert_int_eq(platform_module_load(&m, file, NULL), ENOEXEC);
}
END_TEST

START_TEST(module_that_may_not_be_read)
{
    struct platform_module *m;

    support_file_write(file, "x", 1);
    ck_assert_int_eq(chmod(file, 0), 0);
    if (geteuid() != 0)
        ck_assert_int_eq(platform_module_load(&m, file, NULL), EACCES);
    ck_assert_int_eq(chmod(file, 0600), 0);
    ck_assert_int_eq(platform_module_load(&m, file, NULL), ENOEXEC);
}
END_TEST

/* Signals are the application's: none arrives on threads of ours. */
static void see_mask(void *arg)
{
    (void)pthread_sigmask(SIG_BLOCK, NULL, arg);
}

START_TEST(threads_block_signals)
{
    sigset_t mine, theirs;

    (void)sigemptyset(&theirs);
    platform_thread_join(support_thread(see_mask, &theirs));
    ck_assert(sigismember(&theirs, SIGINT) == 1 && sigismember(&theirs, SIGTERM) == 1 &&
              sigismember(&theirs, SIGCHLD) == 1);
    (void)pthread_sigmask(SIG_BLOCK, NULL, &mine);
    ck_assert_int_eq(sigismember(&mine, SIGINT), 0);
}
END_TEST

/* Of a folder those that lie there under the hash of their names, as c_rehash leaves them. */
START_TEST(certificates_of_a_folder)
{
    char *pem = NULL, path[1100];
    size_t len = 0;

    support_env_set("SSL_CERT_FILE", NULL);
    support_env_set("SSL_CERT_DIR", folder);
    ck_assert_int_eq(platform_trusted(&pem, &len, path, sizeof(path)), ENOENT);
    support_path(path, sizeof(path), folder, "01ab23cd.0");
    support_file_write(path, "one", 3);
    support_path(path, sizeof(path), folder, "ca.pem");
    support_file_write(path, "two\n", 4);
    ck_assert_int_eq(platform_trusted(&pem, &len, path, sizeof(path)), 0);
    ck_assert_str_eq(pem, "one\n");
    ck_assert_uint_eq(len, 4);
    ck_assert_str_eq(path, "");
    free(pem);
    support_env_set("SSL_CERT_DIR", NULL);
}
END_TEST

/* Nobody has its other end: whoever waits for one hangs. */
START_TEST(read_of_what_is_no_file)
{
    char *data = NULL;
    size_t len = 0;

    ck_assert_int_eq(mkfifo(file, 0600), 0);
    ck_assert_int_eq(platform_file_read(&data, &len, file, 1000), EINVAL);
    ck_assert_int_eq(unlink(file), 0);
    ck_assert_int_eq(platform_file_read(&data, &len, "/dev/null", 1000), EINVAL);
    ck_assert_int_eq(symlink(file, file), 0);
    ck_assert_int_eq(platform_file_read(&data, &len, file, 1000), EACCES);
    ck_assert_int_eq(unlink(file), 0);
    if (geteuid() != 0) {
        support_file_write(file, "x", 1);
        ck_assert_int_eq(chmod(file, 0), 0);
        ck_assert_int_eq(platform_file_read(&data, &len, file, 1000), EACCES);
    }
    ck_assert_ptr_null(data);
}
END_TEST

void system_tests(Suite *s)
{
    TCase *tc = tcase_create("posix");

    tcase_set_timeout(tc, 0);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, table_of_files, 0, sizeof(files) / sizeof(files[0]));
    tcase_add_test(tc, damaged_files);
    tcase_add_test(tc, length_of_lines);
    tcase_add_test(tc, errors_of_one_file_are_limited);
    tcase_add_test(tc, what_is_no_file);
    tcase_add_test(tc, what_is_too_large_or_another_encoding);
    tcase_add_test(tc, what_may_not_be_read);
    tcase_add_test(tc, default_places);
    tcase_add_test(tc, create_and_remove_have_nothing_to_do);
    tcase_add_test(tc, completion_ports_are_not_there);
    tcase_add_test(tc, list_keeps_other_lines);
    tcase_add_test(tc, list_is_put_at_the_end);
    tcase_add_test(tc, list_makes_its_folder_for_the_user_alone);
    tcase_add_test(tc, list_behind_a_symbolic_link);
    tcase_add_test(tc, list_refuses_what_a_line_cannot_hold);
    tcase_add_test(tc, full_disk_keeps_the_old_list);
    tcase_add_test(tc, list_in_a_folder_of_others);
    tcase_add_test(tc, adders_in_several_processes);
    tcase_add_test(tc, module_that_is_a_pipe);
    tcase_add_test(tc, module_that_may_not_be_read);
    tcase_add_test(tc, threads_block_signals);
    tcase_add_test(tc, certificates_of_a_folder);
    tcase_add_test(tc, read_of_what_is_no_file);
    suite_add_tcase(s, tc);
}
