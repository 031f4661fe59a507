/* Seeds and the hashes of their traces, from test_sim --print-hashes. SPDX-License-Identifier: MIT */
{1001, UINT64_C(0x1d3dabed5e5472b4)},
{1002, UINT64_C(0x49bc8e33efe5a6c4)},
{1003, UINT64_C(0x678742280443e447)},
{1004, UINT64_C(0xc853fc1c2f1ae145)},
{1005, UINT64_C(0x135b18d5b5f683d2)},
{1006, UINT64_C(0x1a1e421cda63e2ed)},
{1007, UINT64_C(0x8c143bc783571788)},
{1008, UINT64_C(0x4413a59777bc796d)},
