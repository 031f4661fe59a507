/* Seeds and the hashes of their traces, from test_sim --print-hashes. SPDX-License-Identifier: MIT */
{1001, UINT64_C(0xb2fc719ee4e0ae02)},
{1002, UINT64_C(0xfb068b54c7ada73f)},
{1003, UINT64_C(0x33673de44c4093bc)},
{1004, UINT64_C(0x64ca669599f45a95)},
{1005, UINT64_C(0x4291857ee356b6ee)},
{1006, UINT64_C(0xfcaacfc72f9230b3)},
{1007, UINT64_C(0x7f134233c0e5ad1c)},
{1008, UINT64_C(0x9a5c8ec4ed2e174b)},
