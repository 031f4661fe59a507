/* Seeds and the hashes of their traces, from test_sim --print-hashes. SPDX-License-Identifier: MIT */
{1001, UINT64_C(0xa164fb0ff2a2ff76)},
{1002, UINT64_C(0xde27804b14769cc4)},
{1003, UINT64_C(0xa7c0b4752e6759b2)},
{1004, UINT64_C(0x5431671829ec5c7f)},
{1005, UINT64_C(0xe8e0b58d6bf39947)},
{1006, UINT64_C(0xd4cd8951010dd882)},
{1007, UINT64_C(0x17cfecbe014405ad)},
{1008, UINT64_C(0xfa1866ebf15f2221)},
