/* Seeds and the hashes of their traces, from test_sim --print-hashes. SPDX-License-Identifier: MIT */
{1001, UINT64_C(0x4fb6775c6b0e6c7f)},
{1002, UINT64_C(0x02c0c3755179f1fe)},
{1003, UINT64_C(0xaf60bb92d504227b)},
{1004, UINT64_C(0xaf521513a1d915a7)},
{1005, UINT64_C(0xd78247625bb07bb9)},
{1006, UINT64_C(0xb1d36501a6538874)},
{1007, UINT64_C(0x783e26c033dae2bc)},
{1008, UINT64_C(0xcd7c98ac071c73d8)},
