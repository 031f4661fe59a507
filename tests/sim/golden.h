/* Seeds and the hashes of their traces, from test_sim --print-hashes. SPDX-License-Identifier: MIT */
{1001, UINT64_C(0xfe5cc111b1bdb0e8)},
{1002, UINT64_C(0x8de0adff484d5c80)},
{1003, UINT64_C(0xcc8e76c396766f29)},
{1004, UINT64_C(0x11bb526019d5009c)},
{1005, UINT64_C(0x6ce05c779bc4d230)},
{1006, UINT64_C(0x6a97f2e3b3d09abf)},
{1007, UINT64_C(0xb30a21d8c2a7dd87)},
{1008, UINT64_C(0x576df9ee8400b03f)},
