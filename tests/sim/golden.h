/* Seeds and the hashes of their traces, from test_sim --print-hashes. SPDX-License-Identifier: MIT */
{1001, UINT64_C(0xb0c2e3edb3162d7b)},
{1002, UINT64_C(0x8849e7cf1ad777ed)},
{1003, UINT64_C(0x19f246bd828e712b)},
{1004, UINT64_C(0x104977c39d4275ef)},
{1005, UINT64_C(0xabfabd432f7f843c)},
{1006, UINT64_C(0x66005febacb23b16)},
{1007, UINT64_C(0x1543135db43eceac)},
{1008, UINT64_C(0x8d08f7c83bfc2371)},
