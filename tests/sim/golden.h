/* Seeds and the hashes of their traces, from test_sim --print-hashes. SPDX-License-Identifier: MIT */
{1001, UINT64_C(0x895e20fca46ee3c1)},
{1002, UINT64_C(0xffc05a9da109838e)},
{1003, UINT64_C(0x0a3924dd7abb7807)},
{1004, UINT64_C(0x2750a064a4eee4f3)},
{1005, UINT64_C(0xcb20a35a24db85df)},
{1006, UINT64_C(0x9a82f09354c86e94)},
{1007, UINT64_C(0xab1b9316c4841435)},
{1008, UINT64_C(0x76106f73af7bded1)},
