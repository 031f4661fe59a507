/* Seeds and the hashes of their traces, from test_sim --print-hashes. SPDX-License-Identifier: MIT */
{1001, UINT64_C(0x39c482e41cc84dab)},
{1002, UINT64_C(0x42ee4f7f2d6bcbec)},
{1003, UINT64_C(0x678742280443e447)},
{1004, UINT64_C(0x4d36c4ef2b653cf5)},
{1005, UINT64_C(0x2699a023c7691978)},
{1006, UINT64_C(0x462728c691bdfc8d)},
{1007, UINT64_C(0x31f3116d524f98f0)},
{1008, UINT64_C(0xac55fe0d9f59d931)},
