/* Files that are read whole. SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L
#include "tapi_shim/platform/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* errno of a failed system call as one of those that the header knows. */
static int one_of_ours(int err)
{
    switch (err) {
    case ENOENT:
    case ENOTDIR:
    case ENAMETOOLONG:
        return ENOENT;
    case EACCES:
    case EPERM:
    case ELOOP:
        return EACCES;
    case ENXIO: /* a socket, a device that is not there */
    case ENODEV:
        return EINVAL;
    case EOVERFLOW:
        return EFBIG;
    case EISDIR:
    case ENOMEM:
        return err;
    default:
        return EIO;
    }
}

static int read_some(void *to, size_t size, size_t *gotp, void *arg)
{
    ssize_t got;

    do {
        got = read(*(int *)arg, to, size);
    } while (got < 0 && errno == EINTR);
    *gotp = got > 0 ? (size_t)got : 0;
    return got < 0 ? one_of_ours(errno) : 0;
}

int platform_file_read(char **datap, size_t *lenp, const char *path, size_t max)
{
    struct stat st;
    int fd, err = 0;

    /* Without O_NONBLOCK the open of a pipe waits for its other end. */
    do {
        fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    } while (fd < 0 && errno == EINTR);
    if (fd < 0)
        return one_of_ours(errno);
    if (fstat(fd, &st))
        err = one_of_ours(errno);
    else if (!S_ISREG(st.st_mode))
        err = S_ISDIR(st.st_mode) ? EISDIR : EINVAL;
    if (!err)
        err = platform_read_all(datap, lenp, (uint64_t)st.st_size, max, read_some, &fd);
    (void)close(fd);
    return err;
}
