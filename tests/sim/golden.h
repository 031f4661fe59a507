/* Seeds and the hashes of their traces, from test_sim --print-hashes. SPDX-License-Identifier: MIT */
{1001, UINT64_C(0x09850c903a53f742)},
{1002, UINT64_C(0xd50bf71d002f0e03)},
{1003, UINT64_C(0xd1dca04254fd0585)},
{1004, UINT64_C(0xae1a384c012ec43e)},
{1005, UINT64_C(0x81e76dbe18cba7ae)},
{1006, UINT64_C(0x6d6cda02aebc6ea9)},
{1007, UINT64_C(0x752fe551ad1191b0)},
{1008, UINT64_C(0x14c4990e845dc1f0)},
