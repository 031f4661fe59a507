/* Seeds and the hashes of their traces, from test_sim --print-hashes. SPDX-License-Identifier: MIT */
{1001, UINT64_C(0x4f8542c295c24b57)},
{1002, UINT64_C(0x2d12c28aabf462de)},
{1003, UINT64_C(0x2748aef8555ad8c3)},
{1004, UINT64_C(0xe67882e0d4cdc15e)},
{1005, UINT64_C(0x2af8ff2e56cf0fd9)},
{1006, UINT64_C(0x1fb4ec5a49655a69)},
{1007, UINT64_C(0xbe3d3b9af283c756)},
{1008, UINT64_C(0xa0ecab9c3c5fcb6d)},
