/* Seeds and the hashes of their traces, from test_sim --print-hashes. SPDX-License-Identifier: MIT */
{1001, UINT64_C(0xb68bcbfcad28c10a)},
{1002, UINT64_C(0xfe3f9ca00ac8f142)},
{1003, UINT64_C(0x80f3c395f5857c6a)},
{1004, UINT64_C(0xc4bd502a91509a8e)},
{1005, UINT64_C(0x81e76dbe18cba7ae)},
{1006, UINT64_C(0xaa931b361bbd3974)},
{1007, UINT64_C(0x5b3242ff2bd80ebd)},
{1008, UINT64_C(0x3665f1f6fc411b99)},
