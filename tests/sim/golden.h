/* Seeds and the hashes of their traces, from test_sim --print-hashes. SPDX-License-Identifier: MIT */
{1001, UINT64_C(0x652ea4864658d572)},
{1002, UINT64_C(0x969530d40c6f5c92)},
{1003, UINT64_C(0x5b861d23dbc7d130)},
{1004, UINT64_C(0x22e768bbc48f3e68)},
{1005, UINT64_C(0xc6d2b7d34e592e51)},
{1006, UINT64_C(0x7c4687f85ca34b5f)},
{1007, UINT64_C(0x304d77ce214ba802)},
{1008, UINT64_C(0xbb559b2389becb68)},
