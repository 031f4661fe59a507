/* Seeds and the hashes of their traces, from test_sim --print-hashes. SPDX-License-Identifier: MIT */
{1001, UINT64_C(0x876b6e32a16c3fc2)},
{1002, UINT64_C(0xb23ff986f90c14aa)},
{1003, UINT64_C(0xad3035087174273a)},
{1004, UINT64_C(0x3896422aa9aab72e)},
{1005, UINT64_C(0x71de005c56b1364e)},
{1006, UINT64_C(0xe30bb32c2fc8972b)},
{1007, UINT64_C(0xb2251ef27c7baf6a)},
{1008, UINT64_C(0x80530619d6c46729)},
