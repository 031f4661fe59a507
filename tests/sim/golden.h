/* Seeds and the hashes of their traces, from test_sim --print-hashes. SPDX-License-Identifier: MIT */
{1001, UINT64_C(0x652ea4864658d572)},
{1002, UINT64_C(0x11cb190ee5c158b1)},
{1003, UINT64_C(0x38b21759719199c0)},
{1004, UINT64_C(0xf3ebf548947f5a4c)},
{1005, UINT64_C(0x74aed5b711297a3f)},
{1006, UINT64_C(0x2db9ef73c402cf57)},
{1007, UINT64_C(0xc7ab4d43827f65ea)},
{1008, UINT64_C(0xbb559b2389becb68)},
