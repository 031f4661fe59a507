/* The parts that POSIX does in its own way. SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "tests/support/support.h"
#include "tests/support/internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_SIZE = 1024 };

static char conf_folder[PATH_SIZE], conf_file[PATH_SIZE + 32];
static char list_folder[PATH_SIZE], list_file[PATH_SIZE + 32];
static int stderr_saved = -1, stderr_file = -1;

void support_wait(struct platform_event *e)
{
    if (!platform_event_wait(e, UINT32_MAX))
        support_fail("platform_event_wait");
}

void support_pump(void)
{
}

void support_fill_queue(void)
{
}

bool support_native_ready(intptr_t native)
{
    struct pollfd p = {.fd = (int)native, .events = POLLIN};

    return poll(&p, 1, 0) == 1 && p.revents == POLLIN;
}

bool support_runner_has_thread(void)
{
    return true;
}

void support_env_set(const char *name, const char *value)
{
    if (value ? setenv(name, value, 1) : unsetenv(name))
        support_fail("setenv");
}

void support_folder_make(const char *name, char *path, size_t size)
{
    const char *base = getenv("TMPDIR");
    int n = snprintf(path, size, "%s/tapi-%s-XXXXXX", base && base[0] == '/' ? base : "/tmp", name);

    if (n < 0 || (size_t)n >= size || !mkdtemp(path))
        support_fail("support_folder_make");
}

void support_folder_remove(const char *path)
{
    DIR *dir = opendir(path);
    struct dirent *entry;

    if (!dir)
        support_fail("support_folder_remove");
    while ((entry = readdir(dir))) {
        struct stat st;

        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (fstatat(dirfd(dir), entry->d_name, &st, AT_SYMLINK_NOFOLLOW))
            support_fail("support_folder_remove");
        if (S_ISDIR(st.st_mode)) {
            char sub[PATH_SIZE + 300];

            (void)snprintf(sub, sizeof(sub), "%s/%s", path, entry->d_name);
            support_folder_remove(sub);
        } else if (unlinkat(dirfd(dir), entry->d_name, 0)) {
            support_fail("support_folder_remove");
        }
    }
    (void)closedir(dir);
    if (rmdir(path))
        support_fail("support_folder_remove");
}

void support_file_write(const char *path, const void *data, size_t len)
{
    FILE *f = fopen(path, "wbe");

    if (!f || fwrite(data, 1, len, f) != len || fclose(f))
        support_fail("support_file_write");
}

char *support_file_read(const char *path, size_t *lenp)
{
    FILE *f = fopen(path, "rbe");
    char *text = NULL;
    size_t len = 0, n;

    if (!f)
        return NULL;
    do {
        char *more = realloc(text, len + 65536 + 1);

        if (!more)
            support_fail("support_file_read");
        text = more;
        n = fread(text + len, 1, 65536, f);
        len += n;
    } while (n > 0);
    (void)fclose(f);
    text[len] = 0;
    if (lenp)
        *lenp = len;
    return text;
}

void support_path(char *path, size_t size, const char *folder, const char *file)
{
    int n = snprintf(path, size, "%s/%s", folder, file);

    if (n < 0 || (size_t)n >= size)
        support_fail("support_path");
}

void support_pipe_open(const char *folder, char *path, size_t size)
{
    support_path(path, size, folder, "pipe");
    if (mkfifo(path, 0600))
        support_fail("support_pipe_open");
}

void support_pipe_close(void)
{
}

bool support_path_is_full(const char *path)
{
    return path[0] == '/';
}

void support_folder_enter(const char *path)
{
    if (chdir(path))
        support_fail("support_folder_enter");
}

void support_folder_current(char *path, size_t size)
{
    if (!getcwd(path, size))
        support_fail("support_folder_current");
}

void support_stderr_begin(void)
{
    char name[] = "/tmp/tapi-stderr-XXXXXX";

    (void)fflush(stderr);
    stderr_saved = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 10);
    stderr_file = mkostemp(name, O_CLOEXEC | O_APPEND);
    if (stderr_saved < 0 || stderr_file < 0 || dup2(stderr_file, STDERR_FILENO) < 0)
        support_fail("support_stderr_begin");
    (void)unlink(name);
}

char *support_stderr_end(void)
{
    off_t len;
    char *text;

    (void)fflush(stderr);
    if (dup2(stderr_saved, STDERR_FILENO) < 0)
        support_fail("support_stderr_end");
    (void)close(stderr_saved);
    len = lseek(stderr_file, 0, SEEK_END);
    text = len < 0 ? NULL : malloc((size_t)len + 1);
    if (!text || pread(stderr_file, text, (size_t)len, 0) != len)
        support_fail("support_stderr_end");
    text[len] = 0;
    (void)close(stderr_file);
    return text;
}

void support_store_put(const char *place, const char *section, const char *name, const char *text, uint32_t number)
{
    char *old = NULL, *rest = NULL;
    FILE *f;

    /* What is in no section comes before all sections; a section may be opened any number of times. */
    if (!section[0]) {
        old = support_file_read(place, NULL);
        rest = old && old[0] != '[' ? strstr(old, "\n[") : NULL;
        rest = rest ? rest + 1 : old && old[0] == '[' ? old : NULL;
    }
    f = fopen(place, rest ? "wbe" : "abe");
    if (!f)
        support_fail("support_store_put");
    if (rest)
        (void)fwrite(old, 1, (size_t)(rest - old), f);
    if (section[0])
        (void)fprintf(f, "[%s]\n", section);
    if (text)
        (void)fprintf(f, "%s = %s\n", name, text);
    else
        (void)fprintf(f, "%s = %" PRIu32 "\n", name, number);
    if (rest)
        (void)fputs(rest, f);
    if (fclose(f))
        support_fail("support_store_put");
    free(old);
}

void support_conf_begin(void)
{
    support_folder_make("conf", conf_folder, sizeof(conf_folder));
    support_path(conf_file, sizeof(conf_file), conf_folder, "test.ini");
    support_file_write(conf_file, "", 0);
    support_env_set("TAPI_SHIM_CONFIG", conf_file);
}

void support_conf_end(void)
{
    support_env_set("TAPI_SHIM_CONFIG", NULL);
    support_folder_remove(conf_folder);
}

const char *support_conf_place(void)
{
    return conf_file;
}

const char *support_conf_nowhere(void)
{
    return "/nonexistent-folder/of-tapi.ini";
}

void support_providers_begin(void)
{
    support_folder_make("list", list_folder, sizeof(list_folder));
    support_path(list_file, sizeof(list_file), list_folder, "providers.ini");
    support_env_set("TAPI_SHIM_PROVIDERS", list_file);
}

void support_providers_end(void)
{
    support_env_set("TAPI_SHIM_PROVIDERS", NULL);
    support_folder_remove(list_folder);
}

void support_providers_put(const char *name, const char *text)
{
    support_store_put(list_file, "Providers", name, text, 0);
}

void support_providers_put_number(const char *name, uint32_t value)
{
    support_store_put(list_file, "Providers", name, NULL, value);
}

void support_providers_put_other(void)
{
    support_store_put(list_file, "Somebody else", "key", "text", 0);
}

char *support_providers_snapshot(void)
{
    DIR *dir = opendir(list_folder);
    struct dirent *entry;

    if (!dir)
        support_fail("support_providers_snapshot");
    /* Nothing but the file itself is in its folder, whatever happened. */
    while ((entry = readdir(dir)))
        if (entry->d_name[0] != '.' && strcmp(entry->d_name, "providers.ini") != 0)
            support_fail("support_providers_snapshot: something was left behind");
    (void)closedir(dir);
    return support_file_read(list_file, NULL);
}

char *support_providers_get(const char *name)
{
    char *text = support_file_read(list_file, NULL), *save = NULL, *found = NULL;
    size_t n = strlen(name);

    for (char *line = text ? strtok_r(text, "\n", &save) : NULL; line; line = strtok_r(NULL, "\n", &save)) {
        if (strncmp(line, name, n) == 0 && strncmp(line + n, " = ", 3) == 0) {
            free(found);
            found = strdup(line + n + 3);
        }
    }
    free(text);
    return found;
}

void support_providers_block(void)
{
    char path[sizeof(list_file) + 32];

    /* A file where a folder would have to be: also root cannot make anything in it. */
    support_file_write(list_file, "# no folder\n", 12);
    (void)snprintf(path, sizeof(path), "%s/sub/providers.ini", list_file);
    support_env_set("TAPI_SHIM_PROVIDERS", path);
}
