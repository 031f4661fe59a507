/* Seeds and the hashes of their traces, from test_sim --print-hashes. SPDX-License-Identifier: MIT */
{1001, UINT64_C(0xf8e807c1fd904d63)},
{1002, UINT64_C(0x41347a117b0e1ff7)},
{1003, UINT64_C(0x705028addaab1fa5)},
{1004, UINT64_C(0x81a95c15b6aa70ed)},
{1005, UINT64_C(0x98a3f9013af49a9f)},
{1006, UINT64_C(0x339eb357b0bea417)},
{1007, UINT64_C(0xad02449029f07869)},
{1008, UINT64_C(0x7c7ced57f0b85a2c)},
