/* Loadable modules on dlopen. SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "tapi_shim/platform/internal.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct platform_module {
    void *handle;
};

static const char anchor; /* an address within the module this code is linked into */

/* Full path of the program into `path`; false if it is not known or does not fit. */
static bool program_path(char *path, size_t size)
{
    ssize_t n = readlink("/proc/self/exe", path, size);

    if (n <= 0 || (size_t)n >= size)
        return false;
    path[n] = 0;
    return true;
}

void platform_module_self(char *path, size_t size)
{
    char full[PATH_MAX];
    Dl_info info;

    if (size == 0)
        return;
    path[0] = 0;
#ifdef __GLIBC__
    struct link_map *map = NULL;

    if (!dladdr1(&anchor, &info, (void **)&map, RTLD_DL_LINKMAP))
        return;
    /* The program itself has no name there, and dli_fname is whatever it was called by. */
    if (!map || !map->l_name || !map->l_name[0]) {
        if (!program_path(full, sizeof(full)))
            return;
    } else
#else
    if (!dladdr(&anchor, &info))
        return;
#endif
        if (!info.dli_fname || !realpath(info.dli_fname, full))
        return;
    if (strlen(full) < size)
        memcpy(path, full, strlen(full) + 1);
}

void platform_process_name(char *name, size_t size)
{
    char full[PATH_MAX];
    const char *slash;

    if (size == 0)
        return;
    name[0] = 0;
    if (!program_path(full, sizeof(full)))
        return;
    slash = strrchr(full, '/');
    (void)platform_text_copy(name, size, slash ? slash + 1 : full);
}

#ifdef __ELF__
/* Whether the file is as long as its own header says. The loader maps it and touches what is not there: a module of
 * which only a part was copied would end the process. */
static bool is_whole(int fd, uint64_t size)
{
    ElfW(Ehdr) head;
    ElfW(Phdr) segment;

    if (pread(fd, &head, sizeof(head), 0) != (ssize_t)sizeof(head) || memcmp(head.e_ident, ELFMAG, SELFMAG) != 0 ||
        head.e_ident[EI_CLASS] != (sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32) ||
        head.e_phentsize != sizeof(segment))
        return false;
    for (unsigned i = 0; i < head.e_phnum; i++) {
        uint64_t at = (uint64_t)head.e_phoff + i * sizeof(segment);

        if (at > size || pread(fd, &segment, sizeof(segment), (off_t)at) != (ssize_t)sizeof(segment))
            return false;
        if (segment.p_offset > size || segment.p_filesz > size - segment.p_offset)
            return false;
    }
    return true;
}
#else
static bool is_whole(int fd, uint64_t size)
{
    (void)fd;
    return size > 0;
}
#endif

/* ENOENT if there is no such file; dlopen() would wait for ever on a pipe. */
static int look_at(const char *path, const char **errp)
{
    struct stat st;
    bool whole;
    int fd;

    if (stat(path, &st)) {
        int err = errno;

        *errp = err == EACCES ? "a folder of its path may not be entered" : "no such file";
        return err == EACCES ? EACCES : ENOENT;
    }
    if (!S_ISREG(st.st_mode)) {
        *errp = "not a file";
        return ENOEXEC;
    }
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        *errp = "the file may not be read";
        return EACCES;
    }
    whole = is_whole(fd, (uint64_t)st.st_size);
    (void)close(fd);
    if (!whole) {
        *errp = "not a module for this type of machine, or only a part of one";
        return ENOEXEC;
    }
    return 0;
}

int platform_module_load(struct platform_module **mp, const char *path, const char **errp)
{
    char beside[PATH_MAX];
    const char *text = NULL, *file = path;
    struct platform_module *m = NULL;
    int err;

    if (!path || !path[0]) {
        text = "no file named";
        err = EINVAL;
        goto out;
    }
    m = malloc(sizeof(*m));
    if (!m) {
        text = "out of memory";
        err = ENOMEM;
        goto out;
    }
    if (!strchr(path, '/')) {
        char *slash;

        if (strlen(path) > NAME_MAX) {
            text = "no such file";
            err = ENOENT;
            goto out;
        }
        platform_module_self(beside, sizeof(beside));
        slash = strrchr(beside, '/');
        if (slash && (size_t)(slash + 1 - beside) + strlen(path) < sizeof(beside)) {
            memcpy(slash + 1, path, strlen(path) + 1);
            if (look_at(beside, &text) != ENOENT)
                file = beside;
        }
    }
    if (strchr(file, '/')) {
        err = look_at(file, &text);
        if (err)
            goto out;
    }
    m->handle = dlopen(file, RTLD_NOW | RTLD_LOCAL);
    if (!m->handle) {
        size_t len = strlen(file);

        text = dlerror();
        /* The system's search names the file itself if that is missing, and another one if it is one that it needs. */
        err = !strchr(file, '/') && text && strncmp(text, file, len) == 0 && strstr(text + len, "No such file")
                  ? ENOENT
                  : ENOEXEC;
        goto out;
    }
    *mp = m;
    m = NULL;
    text = "";
    err = 0;
out:
    free(m);
    if (errp)
        *errp = text ? text : "cannot be loaded";
    return err;
}

void platform_module_unload(struct platform_module *m)
{
    if (!m)
        return;
    (void)dlclose(m->handle);
    free(m);
}

void (*platform_module_symbol(struct platform_module *m, const char *name))(void)
{
    void (*f)(void) = NULL;
    void *p = dlsym(m->handle, name);

    /* ISO C has no cast from an object pointer to a function pointer; POSIX says that the representation is the same.
     */
    _Static_assert(sizeof(f) == sizeof(p), "pointers differ");
    memcpy(&f, &p, sizeof(f));
    return f;
}
