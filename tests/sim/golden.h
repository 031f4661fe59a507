/* Seeds and the hashes of their traces, from test_sim --print-hashes. SPDX-License-Identifier: MIT */
{1001, UINT64_C(0xdbb598c1ba673719)},
{1002, UINT64_C(0x037561cfebfb4d6d)},
{1003, UINT64_C(0x5272863035f158aa)},
{1004, UINT64_C(0xcd38637a306854f7)},
{1005, UINT64_C(0xd9e181d364d89645)},
{1006, UINT64_C(0xb94bc612ed92bf63)},
{1007, UINT64_C(0x393f9a560e4a4b59)},
{1008, UINT64_C(0x0917351338ed2090)},
