#!/usr/bin/env perl
# TLS in front of a program that speaks TCP: what comes in at LISTEN goes on to TARGET, and back, connection after connection.
# usage: tls.pl LISTEN TARGET CERTIFICATE KEY (HOST:PORT each; PEM files). SPDX-License-Identifier: MIT
use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;
use IPC::Open2;

my ($listen, $target, $cert, $key) = @ARGV;
# It takes what it is given on its standard input for the connection that it has.
my $pid = open2(my $from, my $to, 'openssl', 's_server', '-quiet', '-accept', $listen, '-cert', $cert, '-key', $key);
$SIG{TERM} = sub { kill 'TERM', $pid; waitpid $pid, 0; exit };
$SIG{PIPE} = 'IGNORE';
my $select = IO::Select->new($from);
my $s;
while (1) {
    for my $ready ($select->can_read) {
        my $got = sysread $ready, my $data, 65536;
        if ($ready == $from) {
            $got or exit;
            if (!$s) {
                $s = IO::Socket::INET->new(PeerAddr => $target) or die "$target: $!\n";
                $select->add($s);
            }
            syswrite $s, $data;
        } elsif ($got) {
            syswrite $to, $data;
        } else {
            $select->remove($s);
            undef $s;
        }
    }
}
