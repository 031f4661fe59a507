/* Seeds and the hashes of their traces, from test_sim --print-hashes. SPDX-License-Identifier: MIT */
{1001, UINT64_C(0xfe42369c3eef59eb)},
{1002, UINT64_C(0xe5514ec7fb5731fc)},
{1003, UINT64_C(0xa864abbd1e4f9952)},
{1004, UINT64_C(0x20af6facad949d40)},
{1005, UINT64_C(0x94f9d0f604856ac5)},
{1006, UINT64_C(0x3410d5d829ad59dc)},
{1007, UINT64_C(0x1ef9a158d78f8dfa)},
{1008, UINT64_C(0x6ede447f163ccd75)},
