/* Objects by handle. SPDX-License-Identifier: MIT */
#include "tests/unit/engine/suites.h"

#include "tapi_shim/engine/priv.h"

#include <string.h>

struct thing {
    struct pool_item item;
    uint64_t value;
};

static struct pool pool_of(uint32_t spare)
{
    struct pool p;

    memset(&p, 0, sizeof(p));
    p.prefix = 1;
    p.prefix_bits = 2;
    p.index_bits = 22;
    p.item_size = sizeof(struct thing);
    p.spare = spare;
    p.chunk_bits = 4;
    return p;
}

START_TEST(found_by_handle)
{
    struct pool p = pool_of(0);
    struct thing *t[1000];

    for (unsigned i = 0; i < 1000; i++) {
        t[i] = pool_alloc(&p);
        ck_assert_ptr_nonnull(t[i]);
        ck_assert_uint_eq(t[i]->value, 0);
        t[i]->value = i;
        ck_assert_int_gt((int32_t)t[i]->item.handle, 0);
    }
    for (unsigned i = 0; i < 1000; i++)
        ck_assert_ptr_eq(pool_find(&p, t[i]->item.handle), t[i]);
    ck_assert_uint_eq(p.live, 1000);
    pool_clear(&p);
    ck_assert_uint_eq(p.live, 0);
}
END_TEST

START_TEST(stale_handles)
{
    struct pool p = pool_of(0);
    struct thing *t = pool_alloc(&p), *again;
    uint32_t old = t->item.handle;

    ck_assert_ptr_null(pool_find(&p, 0));
    ck_assert_ptr_null(pool_find(&p, old + 1));
    ck_assert_ptr_null(pool_find(&p, old ^ 0x40000000u));
    ck_assert_ptr_null(pool_find(&p, 0xFFFFFFFFu));
    pool_hide(t);
    ck_assert_ptr_null(pool_find(&p, old));
    pool_free(&p, t);
    again = pool_alloc(&p);
    ck_assert_ptr_eq(again, t);
    ck_assert_uint_ne(again->item.handle, old);
    ck_assert_ptr_null(pool_find(&p, old));
    pool_free(&p, again);
    pool_free(&p, NULL);
    ck_assert_uint_eq(p.live, 0);
    pool_clear(&p);
}
END_TEST

START_TEST(free_ones_rest)
{
    struct pool p = pool_of(8);
    uint32_t seen[8];

    for (unsigned i = 0; i < 8; i++) {
        struct thing *t = pool_alloc(&p);

        seen[i] = t->item.handle;
        for (unsigned k = 0; k < i; k++)
            ck_assert_uint_ne(seen[k] & 0x3FFFFF, seen[i] & 0x3FFFFF);
        pool_free(&p, t);
    }
    pool_clear(&p);
}
END_TEST

START_TEST(numbers_go_on_after_clear)
{
    struct pool p = pool_of(0);
    struct thing *t = pool_alloc(&p);
    uint32_t old = t->item.handle;

    pool_clear(&p);
    t = pool_alloc(&p);
    ck_assert_uint_ne(t->item.handle, old);
    ck_assert_ptr_null(pool_find(&p, old));
    pool_clear(&p);
}
END_TEST

START_TEST(walk)
{
    struct pool p = pool_of(0);
    struct thing *t[100];
    uint32_t i = 0, n = 0;

    for (unsigned k = 0; k < 100; k++)
        t[k] = pool_alloc(&p);
    for (unsigned k = 0; k < 100; k += 2)
        pool_free(&p, t[k]);
    pool_hide(t[1]);
    while (pool_next(&p, &i))
        n++;
    ck_assert_uint_eq(n, 49);
    pool_clear(&p);
}
END_TEST

START_TEST(sizes)
{
    /* A call and its application's handle: 300 bytes at most. */
    ck_assert_uint_le(sizeof(struct engine_call) + sizeof(struct engine_hcall), 300);
    ck_assert_uint_le(sizeof(struct engine_request), 96);
}
END_TEST

Suite *suite_handles(void)
{
    Suite *s = suite_create("engine handles");
    TCase *t = tcase_create("pool");

    tcase_add_test(t, found_by_handle);
    tcase_add_test(t, stale_handles);
    tcase_add_test(t, free_ones_rest);
    tcase_add_test(t, numbers_go_on_after_clear);
    tcase_add_test(t, walk);
    tcase_add_test(t, sizes);
    suite_add_tcase(s, t);
    return s;
}
