#!/usr/bin/env perl
# Prints an address of 127.0.0.0/8 and the first of 100 ports that nobody uses there. usage: place.pl [N]: places of different N have
# different ports, 200 of them: Wine takes a port for used that is in use at another address. SPDX-License-Identifier: MIT
use strict;
use warnings;
use Socket;

sub is_free {
    my ($host, $port) = @_;
    for my $type (SOCK_DGRAM, SOCK_STREAM) {
        socket(my $s, PF_INET, $type, 0) or die "socket: $!\n";
        bind($s, sockaddr_in($port, inet_aton($host))) or return 0;
    }
    return 1;
}

# Below the ports that systems give out by themselves, above those of services.
for (1 .. 1000) {
    my $host = join '.', 127, map({ 1 + int rand 254 } 1 .. 3);
    my $base = 10000 + 100 * ((@ARGV ? $ARGV[0] : int rand 200) % 200);
    next unless is_free($host, $base);
    next if grep { !is_free($host, $base + $_) } 1 .. 99;
    print "$host $base\n";
    exit;
}
die "no free ports\n";
