/* Frames of the channel: their bytes, the same on every system, and what is no frame. SPDX-License-Identifier: MIT */
#include "tapi_shim/channel/wire.h"

#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- golden bytes: what another build, another word size, another system sends and expects
 * ----------------------------- */

static const unsigned char hello_bytes[] = {
    24, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 'T', 'A', 'P', 'I', 1, 0, 0, 0, 0x78, 0x56, 0x34, 0x12,
};
static const unsigned char welcome_bytes[] = {
    28, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 'T', 'A', 'P', 'I', 1, 0, 0, 0, 2, 0, 0, 0, 0xFE, 0xFF, 0, 0,
};
static const unsigned char call_bytes[] = {
    64, 0, 0, 0, 3,    0,    0,    0,    0xEF, 0xBE, 0xAD, 0xDE, 16,   0,    0,    0,    /* head, op */
    1,  0, 0, 0, 2,    0,    0,    0,    3,    0,    0,    0,    4,    0,    0,    0,    /* arg */
    5,  0, 0, 0, 6,    0,    0,    0,    7,    0,    0,    0,    0xFF, 0xFF, 0xFF, 0xFF, /* arg */
    6,  0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, '1',  0,    '0',  0,    0,    0,    0,    0,    /* sizes, in0 */
};
static const unsigned char result_bytes[] = {
    40,   0, 0, 0, 4,    0, 0, 0, 7,    0, 0, 0, 0x0C, 0, 0, 0x80,                         /* head, result */
    0x11, 0, 0, 0, 0x22, 0, 0, 0, 0x33, 0, 0, 0, 0x44, 0, 0, 0,    3, 0, 0, 0, 9, 8, 7, 0, /* ret, size, out, padding */
};
static const unsigned char event_bytes[] = {
    60,   0, 0, 0,    5,    0,    0,    0,    0, 0, 0, 0, 0x01, 0,    0,    0x40, 2,    0,    0,    0,
    0x03, 0, 0, 0x60, 0,    0,    0,    0,    8, 7, 6, 5, 4,    3,    2,    1,    0,    1,    0,    0,
    0,    0, 0, 0,    0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
};

static const uint16_t number[] = {'1', '0', 0};

static void call_make(struct channel_call *call)
{
    uint32_t i;

    memset(call, 0, sizeof(*call));
    call->op = 16;
    for (i = 0; i < CHANNEL_ARGS; i++)
        call->arg[i] = i < 7 ? i + 1 : 0xFFFFFFFF;
    call->in0 = number;
    call->in0_len = sizeof(number);
}

static const struct channel_event event_made = {.app = 0x40000001,
                                                .message = 2,
                                                .device = 0x60000003,
                                                .instance = 0x0102030405060708,
                                                .p1 = 0x100,
                                                .p2 = 0xFFFFFFFF,
                                                .p3 = UINT64_MAX};

START_TEST(golden_bytes)
{
    const struct wire_hello hello = {1, 0x12345678};
    const struct wire_welcome welcome = {1, WIRE_STATUS_FULL, 0xFFFE};
    const unsigned char out[] = {9, 8, 7};
    unsigned char frame[128];
    struct channel_call call;

    ck_assert_uint_eq(wire_put_hello(frame, sizeof(frame), &hello), sizeof(hello_bytes));
    ck_assert_mem_eq(frame, hello_bytes, sizeof(hello_bytes));
    ck_assert_uint_eq(wire_put_welcome(frame, sizeof(frame), &welcome), sizeof(welcome_bytes));
    ck_assert_mem_eq(frame, welcome_bytes, sizeof(welcome_bytes));
    call_make(&call);
    memset(frame, 0xA5, sizeof(frame));
    ck_assert_uint_eq(wire_put_call(frame, sizeof(frame), 0xDEADBEEF, &call), sizeof(call_bytes));
    ck_assert_mem_eq(frame, call_bytes, sizeof(call_bytes));
    memset(&call, 0, sizeof(call));
    call.ret[0] = 0x11;
    call.ret[1] = 0x22;
    call.ret[2] = 0x33;
    call.ret[3] = 0x44;
    call.out = (void *)(uintptr_t)out;
    call.out_len = sizeof(out);
    memset(frame, 0xA5, sizeof(frame));
    ck_assert_uint_eq(wire_put_result(frame, sizeof(frame), 7, (int32_t)0x8000000C, &call), sizeof(result_bytes));
    ck_assert_mem_eq(frame, result_bytes, sizeof(result_bytes));
    ck_assert_uint_eq(wire_put_event(frame, sizeof(frame), &event_made), sizeof(event_bytes));
    ck_assert_mem_eq(frame, event_bytes, sizeof(event_bytes));
    ck_assert_uint_eq(sizeof(event_bytes), WIRE_EVENT_SIZE);
}
END_TEST

START_TEST(event_with_data)
{
    struct channel_event event = event_made, read;
    unsigned char bytes[128];
    struct wire_frame frame = {WIRE_EVENT, 0, bytes + WIRE_HEADER, 0};
    uint32_t size;

    event.data = "abcde";
    event.data_len = 5;
    ck_assert_uint_eq(wire_put_event(bytes, WIRE_EVENT_SIZE, &event), WIRE_EVENT_SIZE + 12);
    size = wire_put_event(bytes, sizeof(bytes), &event);
    ck_assert_uint_eq(size, WIRE_EVENT_SIZE + 12);
    frame.body_len = size - WIRE_HEADER;
    ck_assert(wire_get_event(&frame, &read));
    ck_assert_uint_eq(read.data_len, 5);
    ck_assert_mem_eq(read.data, "abcde", 5);
    ck_assert_uint_eq(read.p3, event.p3);
    /* Cut, and with a size that is not its own. */
    for (frame.body_len = 0; frame.body_len < size - WIRE_HEADER; frame.body_len += 4)
        ck_assert(wire_get_event(&frame, &read) == (frame.body_len == WIRE_EVENT_SIZE - WIRE_HEADER));
    frame.body_len = size - WIRE_HEADER;
    memset(bytes + WIRE_EVENT_SIZE, 0xFF, 4);
    ck_assert(!wire_get_event(&frame, &read));
    event.data_len = 0xFFFFFFF0;
    ck_assert_uint_eq(wire_put_event(bytes, sizeof(bytes), &event), 0);
}
END_TEST

/* ---- a stream
 * ------------------------------------------------------------------------------------------------------------ */

static struct {
    unsigned hellos, welcomes, calls, results, events, others;
    unsigned stop_at; /* the handler says no to this one, counted from 1 */
} seen;

static unsigned seen_all(void)
{
    return seen.hellos + seen.welcomes + seen.calls + seen.results + seen.events + seen.others;
}

static bool see(const struct wire_frame *frame, void *arg)
{
    struct wire_hello hello;
    struct wire_welcome welcome;
    struct wire_result result;
    struct channel_event event;
    struct channel_call call;
    int i;

    ck_assert_ptr_eq(arg, &seen);
    ck_assert_uint_eq((uintptr_t)frame->body % 4, 0);
    if (wire_get_hello(frame, &hello)) {
        ck_assert_uint_eq(hello.version, 1);
        ck_assert_uint_eq(hello.pid, 0x12345678);
        seen.hellos++;
    } else if (wire_get_welcome(frame, &welcome)) {
        ck_assert_uint_eq(welcome.status, WIRE_STATUS_FULL);
        ck_assert_uint_eq(welcome.pid, 0xFFFE);
        seen.welcomes++;
    } else if (wire_get_call(frame, &call)) {
        ck_assert_uint_eq(frame->tag, 0xDEADBEEF);
        ck_assert_uint_eq(call.op, 16);
        for (i = 0; i < CHANNEL_ARGS; i++)
            ck_assert_uint_eq(call.arg[i], i < 7 ? (uint32_t)i + 1 : 0xFFFFFFFF);
        ck_assert_uint_eq(call.in0_len, sizeof(number));
        ck_assert_mem_eq(call.in0, number, sizeof(number));
        ck_assert_ptr_null(call.in1);
        seen.calls++;
    } else if (wire_get_result(frame, &result)) {
        ck_assert_int_eq(result.rc, (int32_t)0x8000000C);
        ck_assert_uint_eq(result.ret[3], 0x44);
        ck_assert_uint_eq(result.out_len, 3);
        ck_assert_mem_eq(result.out, "\x09\x08\x07", 3);
        seen.results++;
    } else if (wire_get_event(frame, &event)) {
        ck_assert_mem_eq(&event, &event_made, sizeof(event));
        seen.events++;
    } else {
        seen.others++;
    }
    return seen_all() != seen.stop_at;
}

/* All frames above, one behind the other. */
static size_t stream_make(unsigned char *to)
{
    static const struct {
        const unsigned char *bytes;
        size_t size;
    } parts[] = {{hello_bytes, sizeof(hello_bytes)},
                 {call_bytes, sizeof(call_bytes)},
                 {event_bytes, sizeof(event_bytes)},
                 {result_bytes, sizeof(result_bytes)},
                 {welcome_bytes, sizeof(welcome_bytes)}};
    size_t size = 0, i;

    for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        memcpy(to + size, parts[i].bytes, parts[i].size);
        size += parts[i].size;
    }
    return size;
}

/* Split anywhere, at any address. */
START_TEST(split_anywhere)
{
    static unsigned char room[512 + 8];
    unsigned char stream[512];
    size_t size = stream_make(stream), piece, off, at;

    for (off = 0; off < 4; off++) {
        memcpy(room + off, stream, size);
        for (piece = 1; piece <= size; piece++) {
            struct wire_reader reader = {NULL, 0, 0};

            memset(&seen, 0, sizeof(seen));
            for (at = 0; at < size; at += piece)
                ck_assert_int_eq(wire_feed(&reader, room + off + at, size - at < piece ? size - at : piece, see, &seen),
                                 0);
            ck_assert_uint_eq(seen.hellos, 1);
            ck_assert_uint_eq(seen.welcomes, 1);
            ck_assert_uint_eq(seen.calls, 1);
            ck_assert_uint_eq(seen.results, 1);
            ck_assert_uint_eq(seen.events, 1);
            ck_assert_uint_eq(seen.others, 0);
            wire_reader_clear(&reader);
        }
    }
}
END_TEST

START_TEST(told_to_stop)
{
    struct wire_reader reader = {NULL, 0, 0};
    unsigned char stream[512];
    size_t size = stream_make(stream);

    memset(&seen, 0, sizeof(seen));
    seen.stop_at = 2;
    ck_assert_int_eq(wire_feed(&reader, stream, size, see, &seen), ECANCELED);
    ck_assert_uint_eq(seen_all(), 2);
    wire_reader_clear(&reader);
}
END_TEST

START_TEST(large_blocks)
{
    const uint32_t len = 1000001;
    struct wire_reader reader = {NULL, 0, 0};
    unsigned char *block = malloc(len), *frame;
    struct channel_call call = {.op = 1};
    uint32_t size, at;

    memset(block, 7, len);
    call.in0 = block;
    call.in0_len = len;
    call.in1 = block;
    call.in1_len = 0; /* empty, which is not none */
    size = wire_put_call(NULL, 0, 1, &call);
    ck_assert_uint_eq(size, WIRE_HEADER + 44 + 1000004);
    frame = malloc(size);
    ck_assert_uint_eq(wire_put_call(frame, size, 1, &call), size);
    memset(&seen, 0, sizeof(seen));
    for (at = 0; at + 1 < size; at += 4096) {
        ck_assert_int_eq(wire_feed(&reader, frame + at, size - 1 - at < 4096 ? size - 1 - at : 4096, see, &seen), 0);
        ck_assert_uint_eq(seen_all(), 0);
    }
    {
        struct channel_call got;
        const struct wire_frame whole = {WIRE_CALL, 1, frame + WIRE_HEADER, size - WIRE_HEADER};

        ck_assert(wire_get_call(&whole, &got));
        ck_assert_uint_eq(got.in0_len, len);
        ck_assert_mem_eq(got.in0, block, len);
        ck_assert_ptr_nonnull(got.in1);
        ck_assert_uint_eq(got.in1_len, 0);
    }
    wire_reader_clear(&reader);
    call.in1 = block;
    call.in1_len = WIRE_FRAME_MAX - len;
    ck_assert_uint_eq(wire_put_call(frame, size, 1, &call), 0); /* too long, nothing written */
    call.in1_len = 0xFFFFFFFE;
    ck_assert_uint_eq(wire_put_call(frame, size, 1, &call), 0);
    free(frame);
    free(block);
}
END_TEST

/* ---- what is no frame
 * ------------------------------------------------------------------------------------------------- */

START_TEST(bad_sizes)
{
    static const uint32_t sizes[] = {0, 4, 8, 11, 13, 14, WIRE_FRAME_MAX + 4, 0x7FFFFFFC, 0xFFFFFFFC, 0xFFFFFFFF};
    size_t i, split;

    for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        for (split = 0; split < 2; split++) {
            struct wire_reader reader = {NULL, 0, 0};
            uint32_t words[4] = {0, 1, 0, 0};
            unsigned char *head = (unsigned char *)words;
            int err = 0;

            head[0] = (unsigned char)sizes[i];
            head[1] = (unsigned char)(sizes[i] >> 8);
            head[2] = (unsigned char)(sizes[i] >> 16);
            head[3] = (unsigned char)(sizes[i] >> 24);
            memset(&seen, 0, sizeof(seen));
            if (split)
                err = wire_feed(&reader, head, 3, see, &seen);
            ck_assert_int_eq(err, 0);
            ck_assert_int_eq(wire_feed(&reader, head + 3 * split, sizeof(words) - 3 * split, see, &seen), EPROTO);
            ck_assert_uint_eq(seen_all(), 0);
            wire_reader_clear(&reader);
        }
    }
}
END_TEST

/* A frame that says it is huge takes no memory before its bytes come. */
START_TEST(claimed_size)
{
    struct wire_reader reader = {NULL, 0, 0};
    unsigned char head[WIRE_HEADER] = {0, 0, 0x40, 0, WIRE_CALL, 0, 0, 0, 0, 0, 0, 0};

    memset(&seen, 0, sizeof(seen));
    ck_assert_int_eq(wire_feed(&reader, head, sizeof(head), see, &seen), 0);
    ck_assert_uint_le(reader.cap, 4096);
    wire_reader_clear(&reader);
}
END_TEST

/* Each frame with its body cut to each shorter length, and each block size replaced. */
START_TEST(bad_bodies)
{
    struct wire_hello hello;
    struct wire_welcome welcome;
    struct wire_result result;
    struct channel_event event;
    struct channel_call call;
    uint32_t len;

    for (len = 0; len < sizeof(call_bytes) - WIRE_HEADER; len++) {
        /* A copy of its own size: the sanitizer sees every byte read too much. */
        unsigned char *body = malloc(len ? len : 1);
        struct wire_frame frame = {WIRE_CALL, 0, body, len};

        memcpy(body, call_bytes + WIRE_HEADER, len);
        ck_assert(!wire_get_call(&frame, &call));
        if (len <= sizeof(hello_bytes) - WIRE_HEADER) {
            memcpy(body, hello_bytes + WIRE_HEADER, len);
            frame.kind = WIRE_HELLO;
            ck_assert(wire_get_hello(&frame, &hello) == (len == sizeof(hello_bytes) - WIRE_HEADER));
        }
        if (len <= sizeof(welcome_bytes) - WIRE_HEADER) {
            memcpy(body, welcome_bytes + WIRE_HEADER, len);
            frame.kind = WIRE_WELCOME;
            ck_assert(wire_get_welcome(&frame, &welcome) == (len == sizeof(welcome_bytes) - WIRE_HEADER));
        }
        if (len < sizeof(result_bytes) - WIRE_HEADER) {
            memcpy(body, result_bytes + WIRE_HEADER, len);
            frame.kind = WIRE_RESULT;
            ck_assert(!wire_get_result(&frame, &result));
        }
        if (len < sizeof(event_bytes) - WIRE_HEADER) {
            memcpy(body, event_bytes + WIRE_HEADER, len);
            frame.kind = WIRE_EVENT;
            ck_assert(!wire_get_event(&frame, &event));
        }
        free(body);
    }
}
END_TEST

static void set32(unsigned char *p, uint32_t v)
{
    p[0] = (unsigned char)v;
    p[1] = (unsigned char)(v >> 8);
    p[2] = (unsigned char)(v >> 16);
    p[3] = (unsigned char)(v >> 24);
}

START_TEST(bad_block_sizes)
{
    static const uint32_t sizes[] = {9, 12, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFC, 0xFFFFFFFE};
    unsigned char body[sizeof(call_bytes) - WIRE_HEADER];
    const struct wire_frame frame = {WIRE_CALL, 0, body, sizeof(body)};
    struct channel_call call;
    size_t i;

    for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        memcpy(body, call_bytes + WIRE_HEADER, sizeof(body));
        set32(body + 36, sizes[i]);
        ck_assert(!wire_get_call(&frame, &call));
        memcpy(body, call_bytes + WIRE_HEADER, sizeof(body));
        set32(body + 40, sizes[i]);
        ck_assert(!wire_get_call(&frame, &call));
    }
    /* Bytes that no block claims. */
    memcpy(body, call_bytes + WIRE_HEADER, sizeof(body));
    set32(body + 36, WIRE_NONE);
    ck_assert(!wire_get_call(&frame, &call));
    set32(body + 36, 8);
    ck_assert(wire_get_call(&frame, &call));
}
END_TEST

START_TEST(bad_magic_and_tags)
{
    unsigned char body[sizeof(hello_bytes) - WIRE_HEADER];
    struct wire_frame frame = {WIRE_HELLO, 0, body, sizeof(body)};
    struct wire_hello hello;
    struct channel_event event;

    memcpy(body, hello_bytes + WIRE_HEADER, sizeof(body));
    ck_assert(wire_get_hello(&frame, &hello));
    body[3] ^= 1;
    ck_assert(!wire_get_hello(&frame, &hello));
    body[3] ^= 1;
    frame.tag = 1;
    ck_assert(!wire_get_hello(&frame, &hello));
    frame.kind = WIRE_EVENT;
    frame.body = event_bytes + WIRE_HEADER;
    frame.body_len = sizeof(event_bytes) - WIRE_HEADER;
    ck_assert(!wire_get_event(&frame, &event));
    frame.tag = 0;
    ck_assert(wire_get_event(&frame, &event));
}
END_TEST

/* Reads whatever it can be read as. */
static bool see_noise(const struct wire_frame *frame, void *arg)
{
    struct wire_hello hello;
    struct wire_welcome welcome;
    struct wire_result result;
    struct channel_event event;
    struct channel_call call;
    const unsigned char *p;
    unsigned sum = 0;
    uint32_t i;

    (void)arg;
    (void)wire_get_hello(frame, &hello);
    (void)wire_get_welcome(frame, &welcome);
    (void)wire_get_event(frame, &event);
    if (wire_get_result(frame, &result) && result.out)
        for (p = result.out, i = 0; i < result.out_len; i++)
            sum += p[i];
    if (wire_get_call(frame, &call)) {
        for (p = call.in0, i = 0; i < call.in0_len; i++)
            sum += p[i];
        for (p = call.in1, i = 0; i < call.in1_len; i++)
            sum += p[i];
    }
    seen.others += sum != 1;
    return true;
}

/* Noise, from a seed: whatever it is, it is read without a fault, and the reader ends or goes on. */
START_TEST(noise)
{
    uint64_t state = 0x9E3779B97F4A7C15ull * (uint64_t)(_i + 1);
    struct wire_reader reader = {NULL, 0, 0};
    unsigned char stream[512], bytes[64];
    size_t size = stream_make(stream), n;
    int round, err = 0;

    memset(&seen, 0, sizeof(seen));
    for (round = 0; round < 2000 && !err; round++) {
        for (n = 0; n < sizeof(bytes); n++) {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            /* Mostly what is right, so that the noise gets inside. */
            bytes[n] =
                state % 64
                    ? stream[(size_t)round * sizeof(bytes) % size + n < size ? (size_t)round * sizeof(bytes) % size + n
                                                                             : n]
                    : (unsigned char)(state >> 32);
        }
        err = wire_feed(&reader, bytes, 1 + state % sizeof(bytes), see_noise, NULL);
    }
    ck_assert(err == 0 || err == EPROTO);
    wire_reader_clear(&reader);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("wire");
    TCase *t = tcase_create("frames");
    SRunner *runner;
    int failed;

    tcase_add_test(t, golden_bytes);
    tcase_add_test(t, event_with_data);
    tcase_add_test(t, split_anywhere);
    tcase_add_test(t, told_to_stop);
    tcase_add_test(t, large_blocks);
    tcase_add_test(t, bad_sizes);
    tcase_add_test(t, claimed_size);
    tcase_add_test(t, bad_bodies);
    tcase_add_test(t, bad_block_sizes);
    tcase_add_test(t, bad_magic_and_tags);
    tcase_add_loop_test(t, noise, 0, 20);
    suite_add_tcase(suite, t);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
