/* Seeds and the hashes of their traces, from test_sim --print-hashes. SPDX-License-Identifier: MIT */
{1001, UINT64_C(0xcaa5a396ab38b4a9)},
{1002, UINT64_C(0x3951c9f500f62003)},
{1003, UINT64_C(0x065f562126080064)},
{1004, UINT64_C(0x7919dc96f21976d0)},
{1005, UINT64_C(0x2eb30488e883a0c8)},
{1006, UINT64_C(0x762484e0a5648eed)},
{1007, UINT64_C(0x86b60988586227d7)},
{1008, UINT64_C(0xcfb79ce2d4310cca)},
