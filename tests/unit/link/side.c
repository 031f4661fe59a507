/* Two ends of links that check what they get. SPDX-License-Identifier: MIT */
#include "tests/unit/link/suite.h"

#include <stdlib.h>
#include <string.h>

unsigned char side_byte(unsigned seed, size_t at)
{
    return (unsigned char)(seed * 31 + at + (at >> 8) * 7 + (at >> 16) * 13);
}

void side_init(struct side *s, unsigned seed)
{
    memset(s, 0, sizeof(*s));
    s->seed = seed;
    ck_assert_int_eq(platform_mutex_init(&s->lock), 0);
    ck_assert_int_eq(platform_cond_init(&s->change), 0);
}

void side_close(struct side *s)
{
    platform_link_unref(s->l);
    platform_cond_destroy(&s->change);
    platform_mutex_destroy(&s->lock);
}

static void side_data(struct platform_link *l, const void *data, size_t size, void *arg)
{
    struct side *s = arg;
    const unsigned char *p = data;
    bool close;

    if (s->echo)
        (void)platform_link_send(l, data, size);
    platform_mutex_lock(&s->lock);
    /* Before anybody can see what it got, and resume it. */
    if (s->pause_at && s->got + size >= s->pause_at)
        platform_link_pause(l, true);
    for (size_t i = 0; i < size; i++)
        s->bad += p[i] != side_byte(s->seed, s->got + i);
    s->bad += s->closed;
    s->got += size;
    close = s->close_at && s->got >= s->close_at;
    platform_cond_broadcast(&s->change);
    platform_mutex_unlock(&s->lock);
    if (close)
        platform_link_close(l);
}

static void side_closed(struct platform_link *l, int err, void *arg)
{
    struct side *s = arg;

    (void)l;
    platform_mutex_lock(&s->lock);
    s->closed++;
    s->err = err;
    platform_cond_broadcast(&s->change);
    platform_mutex_unlock(&s->lock);
}

void side_start(struct side *s, struct platform_link *l)
{
    s->l = platform_link_ref(l);
    if (s->is_paused)
        platform_link_pause(l, true);
    platform_link_start(l, s->datah ? s->datah : side_data, side_closed, s);
}

void side_send(struct side *s, unsigned seed, size_t from, size_t size, size_t piece)
{
    unsigned char *data = malloc(piece);

    ck_assert_ptr_nonnull(data);
    while (size > 0) {
        size_t n = size < piece ? size : piece;

        for (size_t i = 0; i < n; i++)
            data[i] = side_byte(seed, from + i);
        ck_assert_int_eq(platform_link_send(s->l, data, n), 0);
        from += n;
        size -= n;
    }
    free(data);
}

void side_wait_got(struct side *s, size_t size)
{
    platform_mutex_lock(&s->lock);
    while (s->got < size && !s->closed)
        platform_cond_wait(&s->change, &s->lock);
    ck_assert_uint_eq(s->got, size);
    ck_assert_uint_eq(s->bad, 0);
    platform_mutex_unlock(&s->lock);
}

void side_wait_closed(struct side *s)
{
    platform_mutex_lock(&s->lock);
    while (!s->closed)
        platform_cond_wait(&s->change, &s->lock);
    platform_mutex_unlock(&s->lock);
}

size_t side_got(struct side *s)
{
    size_t got;

    platform_mutex_lock(&s->lock);
    got = s->got;
    platform_mutex_unlock(&s->lock);
    return got;
}

static void server_accept(struct platform_link *l, void *arg)
{
    struct server *v = arg;
    struct side *s = NULL;

    platform_mutex_lock(&v->lock);
    if (v->used < v->sidec && !v->refuse)
        s = &v->sidev[v->used];
    platform_mutex_unlock(&v->lock);
    if (s)
        side_start(s, l);
    else
        platform_link_close(l);
    platform_mutex_lock(&v->lock);
    v->used++;
    platform_cond_broadcast(&v->change);
    platform_mutex_unlock(&v->lock);
}

void server_begin(struct server *v, struct side *sidev, size_t sidec)
{
    memset(v, 0, sizeof(*v));
    ck_assert_int_eq(platform_mutex_init(&v->lock), 0);
    ck_assert_int_eq(platform_cond_init(&v->change), 0);
    v->sidev = sidev;
    v->sidec = sidec;
    place_make(v->place, sizeof(v->place));
    ck_assert_int_eq(platform_hub_alloc(&v->h), 0);
    ck_assert_int_eq(platform_listen(v->h, v->place, NULL, server_accept, v, &v->listener), 0);
}

void server_wait(struct server *v, size_t used)
{
    platform_mutex_lock(&v->lock);
    while (v->used < used)
        platform_cond_wait(&v->change, &v->lock);
    platform_mutex_unlock(&v->lock);
}

void server_end(struct server *v)
{
    platform_hub_free(v->h);
    place_remove();
    platform_cond_destroy(&v->change);
    platform_mutex_destroy(&v->lock);
}

void server_connect(struct server *v, struct platform_hub *h, struct side *client, size_t used)
{
    struct platform_link *l;

    ck_assert_int_eq(platform_connect(h, v->place, &l), 0);
    side_start(client, l);
    server_wait(v, used);
}
