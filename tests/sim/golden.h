/* Seeds and the hashes of their traces, from test_sim --print-hashes. SPDX-License-Identifier: MIT */
{1001, UINT64_C(0x491bd0aa303b55d6)},
{1002, UINT64_C(0x4d691a558a8e99d6)},
{1003, UINT64_C(0x1fd5574b25c3b723)},
{1004, UINT64_C(0x01b506c8dc1b2edd)},
{1005, UINT64_C(0xf1e06f3b30e969d7)},
{1006, UINT64_C(0xeaf57efead197705)},
{1007, UINT64_C(0x3d9e5db5c703a125)},
{1008, UINT64_C(0x7c3762829f2cb2d8)},
