/* Seeds and the hashes of their traces, from test_sim --print-hashes. SPDX-License-Identifier: MIT */
{1001, UINT64_C(0xbd7cd1969f733d51)},
{1002, UINT64_C(0xe6e90b4d9f719fee)},
{1003, UINT64_C(0xc11302f2a6189763)},
{1004, UINT64_C(0xeaefe65eb5c19501)},
{1005, UINT64_C(0xd18224abf85689d3)},
{1006, UINT64_C(0x6dabbdc2dd8eac59)},
{1007, UINT64_C(0x60f38bd2125182d3)},
{1008, UINT64_C(0x1a64adee3f0b3ba2)},
