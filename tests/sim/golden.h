/* Seeds and the hashes of their traces, from test_sim --print-hashes. SPDX-License-Identifier: MIT */
{1001, UINT64_C(0x3f3f55c469abedda)},
{1002, UINT64_C(0x4bdc6b1e40525466)},
{1003, UINT64_C(0x8c90517b2e99121f)},
{1004, UINT64_C(0x9d54b0b5e14fc330)},
{1005, UINT64_C(0x8a433cd055b6239c)},
{1006, UINT64_C(0xeabf2bc46fba3c45)},
{1007, UINT64_C(0x3034965939cb1fb1)},
{1008, UINT64_C(0x86c79b2b87a875b4)},
