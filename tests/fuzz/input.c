/* Reading an input. SPDX-License-Identifier: MIT */
#include "tests/fuzz/fuzz.h"

uint8_t fuzz_u8(struct fuzz_input *in)
{
    return in->at < in->end ? *in->at++ : 0;
}

uint32_t fuzz_u32(struct fuzz_input *in)
{
    uint32_t v = fuzz_u8(in);

    v |= (uint32_t)fuzz_u8(in) << 8;
    v |= (uint32_t)fuzz_u8(in) << 16;
    return v | (uint32_t)fuzz_u8(in) << 24;
}

size_t fuzz_bytes(struct fuzz_input *in, void *out, size_t cap)
{
    uint8_t *to = out;
    size_t n = 0;

    while (n < cap && in->at < in->end)
        to[n++] = *in->at++;
    return n;
}
