#!/usr/bin/env perl
# What a running baresip is told, and what it says: a line of the pipe is a command, what comes back is written.
# usage: control.pl HOST PORT PIPE, which it makes. SPDX-License-Identifier: MIT
use strict;
use warnings;
use IO::Socket::INET;
use IO::Select;
use JSON::PP;
use POSIX 'mkfifo';

my ($host, $port, $pipe) = @ARGV;
my $s = IO::Socket::INET->new(PeerAddr => $host, PeerPort => $port) or die "$host:$port: $!\n";
mkfifo($pipe, 0600) or die "$pipe: $!\n";
# Also for writing: so it has no end.
open my $in, '+<', $pipe or die "$pipe: $!\n";
$| = 1;
my $json = JSON::PP->new->utf8->canonical;
my $select = IO::Select->new($s, $in);
my ($from_baresip, $from_pipe) = ('', '');
while (1) {
    for my $ready ($select->can_read) {
        if ($ready == $s) {
            sysread($s, $from_baresip, 65536, length $from_baresip) or exit;
            while ($from_baresip =~ /^(\d+):/ && length $from_baresip >= length($1) + 2 + $1) {
                my $text = substr $from_baresip, length($1) + 1, $1;
                $from_baresip = substr $from_baresip, length($1) + 2 + $1;
                my $d = eval { $json->decode($text) } or next;
                print $d->{event} ? "$d->{type} " . ($d->{param} // '') . "\n" : 'answer ' . ($d->{ok} ? 'ok' : 'failed') . "\n";
            }
        } else {
            sysread($in, $from_pipe, 65536, length $from_pipe) or exit;
            while ($from_pipe =~ s/^([^\n]*)\n//) {
                my ($command, $params) = split ' ', $1, 2;
                my $text = $json->encode({command => $command, params => $params // '', token => '1'});
                syswrite $s, length($text) . ":$text,";
            }
        }
    }
}
