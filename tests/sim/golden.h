/* Seeds and the hashes of their traces, from test_sim --print-hashes. SPDX-License-Identifier: MIT */
{1001, UINT64_C(0x19ed28d2b68bdfc0)},
{1002, UINT64_C(0x537a8930e965080e)},
{1003, UINT64_C(0x75675c98030ae6fb)},
{1004, UINT64_C(0x694db8eb9769c9ed)},
{1005, UINT64_C(0x3a82274eaa06f4bb)},
{1006, UINT64_C(0x2fd33d616d04f27e)},
{1007, UINT64_C(0x37171b43a849f4a0)},
{1008, UINT64_C(0xfd168b99a9e03fdb)},
