/* Seeds and the hashes of their traces, from test_sim --print-hashes. SPDX-License-Identifier: MIT */
{1001, UINT64_C(0xdbb598c1ba673719)},
{1002, UINT64_C(0x037561cfebfb4d6d)},
{1003, UINT64_C(0x5272863035f158aa)},
{1004, UINT64_C(0xcd38637a306854f7)},
{1005, UINT64_C(0x6614a8fe913bfd78)},
{1006, UINT64_C(0x8d4dc26949757d28)},
{1007, UINT64_C(0x15aea585fbe6c40c)},
{1008, UINT64_C(0x0917351338ed2090)},
