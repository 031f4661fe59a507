#!/usr/bin/env perl
# A STUN server that says to everybody: you are ADDRESS. usage: stun.pl LISTEN ADDRESS (HOST:PORT, IPv4)
# SPDX-License-Identifier: MIT
use strict;
use warnings;
use IO::Socket::INET;
use Socket;

my ($listen, $address) = @ARGV;
my $s = IO::Socket::INET->new(LocalAddr => $listen, Proto => 'udp') or die "$listen: $!\n";
while (defined(my $from = $s->recv(my $request, 1500))) {
    next unless length $request >= 20 && unpack('n', $request) == 1;
    my ($port) = sockaddr_in($from);
    # XOR-MAPPED-ADDRESS
    my $value = pack 'xCnN', 1, $port ^ 0x2112, unpack('N', inet_aton($address)) ^ 0x2112A442;
    $s->send(pack('nn', 0x0101, 4 + length $value) . substr($request, 4, 16) . pack('nn', 0x0020, length $value) . $value, 0, $from);
}
