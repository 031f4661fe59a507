/* Seeds and the hashes of their traces, from test_sim --print-hashes. SPDX-License-Identifier: MIT */
{1001, UINT64_C(0x64ed5fd628239b27)},
{1002, UINT64_C(0xd9857594c91ad2f6)},
{1003, UINT64_C(0x405c87f9ca0e8a84)},
{1004, UINT64_C(0x1bd1fc9fbabcecba)},
{1005, UINT64_C(0xa8c1507986b9347f)},
{1006, UINT64_C(0xa6ea55a5083592c5)},
{1007, UINT64_C(0x22a954499dbd30d3)},
{1008, UINT64_C(0xb94a0269f70defc2)},
