/* Seeds and the hashes of their traces, from test_sim --print-hashes. SPDX-License-Identifier: MIT */
{1001, UINT64_C(0x23ad9e2821014bab)},
{1002, UINT64_C(0x830fbcfd910d4108)},
{1003, UINT64_C(0xb37a11b6cf3f1785)},
{1004, UINT64_C(0x6e164b68ecd05123)},
{1005, UINT64_C(0x8a7e5b9e44bfd2fb)},
{1006, UINT64_C(0xc6d3b33ea07f7f43)},
{1007, UINT64_C(0x7e6d1a97dd3810af)},
{1008, UINT64_C(0x218fcf8ec4d5c73d)},
