/* Seeds and the hashes of their traces, from test_sim --print-hashes. SPDX-License-Identifier: MIT */
{1001, UINT64_C(0xdef3b1bef7c9f1de)},
{1002, UINT64_C(0x27836d74747c22ec)},
{1003, UINT64_C(0xc93381e672359696)},
{1004, UINT64_C(0xc84698ed661bc15f)},
{1005, UINT64_C(0x5b1e8291889f20a2)},
{1006, UINT64_C(0xcf3b75c655fc12f1)},
{1007, UINT64_C(0x1f245d4f4e7c511a)},
{1008, UINT64_C(0xe9e985f72d26eb86)},
