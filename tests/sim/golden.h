/* Seeds and the hashes of their traces, from test_sim --print-hashes. SPDX-License-Identifier: MIT */
{1001, UINT64_C(0xcaf9d5cfc9929a5d)},
{1002, UINT64_C(0x2758f3ad0552344e)},
{1003, UINT64_C(0x6889833364e37046)},
{1004, UINT64_C(0x9a227c1cb8bda73f)},
{1005, UINT64_C(0x7e88970f3a9d2fe1)},
{1006, UINT64_C(0x161f75b76ca8f03e)},
{1007, UINT64_C(0x9c8320302b450a63)},
{1008, UINT64_C(0x1eef133d1d2d2bec)},
