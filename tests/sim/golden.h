/* Seeds and the hashes of their traces, from test_sim --print-hashes. SPDX-License-Identifier: MIT */
{1001, UINT64_C(0xfdd036f9aaf8f405)},
{1002, UINT64_C(0x5d4daaba4709ee75)},
{1003, UINT64_C(0x60ea0036f5ff8f24)},
{1004, UINT64_C(0x60f4afec41dfcd22)},
{1005, UINT64_C(0x1fffa8c999234b56)},
{1006, UINT64_C(0x112e40ce2c427115)},
{1007, UINT64_C(0xf6bddc749049eef7)},
{1008, UINT64_C(0x88c9356efef5b5e1)},
