/* Seeds and the hashes of their traces, from test_sim --print-hashes. SPDX-License-Identifier: MIT */
{1001, UINT64_C(0xe5938528c5b6c318)},
{1002, UINT64_C(0xd079eaa562d445e9)},
{1003, UINT64_C(0x9e49f52a26f709b3)},
{1004, UINT64_C(0x900722a67bc5bac6)},
{1005, UINT64_C(0xfc88989e41ff86b9)},
{1006, UINT64_C(0x886cb6ddc0c2a611)},
{1007, UINT64_C(0x782de1921866810e)},
{1008, UINT64_C(0x55a6b1ac5c2ec216)},
