/* Seeds and the hashes of their traces, from test_sim --print-hashes. SPDX-License-Identifier: MIT */
{1001, UINT64_C(0xec1ba92ecda4572d)},
{1002, UINT64_C(0x1f549639f57ad61c)},
{1003, UINT64_C(0xb0307732e1bb3467)},
{1004, UINT64_C(0xe765aab94ca52539)},
{1005, UINT64_C(0x8fc4d52e1c07beba)},
{1006, UINT64_C(0x09025830c73dabb1)},
{1007, UINT64_C(0x05fdc84ee3b2dd12)},
{1008, UINT64_C(0xa8dcce21f50671bd)},
