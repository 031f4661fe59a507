#!/usr/bin/env perl
# Draws a record of TAPI_SHIM_TRACE as text: a column for each layer, an arrow for each message, calls by their names.
# usage: ladder.pl RECORD. SPDX-License-Identifier: MIT
use strict;
use warnings;

my @columns = qw(application host provider exchange peer);
my %title = (exchange => 'SIP', peer => 'peer');
my %at = map { $columns[$_] => 1 + 12 * $_ } 0 .. $#columns;
my (@lines, %name, $first);
binmode STDIN;
open my $in, '<', $ARGV[0] or die "$ARGV[0]: $!\n";
for my $line (sort { ($a =~ /^(\d+)/)[0] <=> ($b =~ /^(\d+)/)[0] } grep { /^\d+ \S+ \S+ / } <$in>) {
    $line =~ s/[\r\n]+$//;
    my ($ns, $from, $to, $text) = split ' ', $line, 4;
    if ($text =~ /^NAME (0x[0-9a-f]+) (\S+)$/) { $name{$1} = $2; next }
    # What only asks, and lines without a command.
    next if $text =~ /^>\s*$|^(CALL )?(DEV_NEGOTIATE|DEV_CAPS|LINE_STATUS|STATUS_\w+|ADDRESS_\w+|CALL_INFO|CALL_STATUS)\b|^TSPI line(Get|Negotiate)/;
    $first //= $ns;
    push @lines, [($ns - $first) / 1e6, $from, $to, $text];
}
printf "%10s  %s\n", 'ms', join '', map { sprintf '%-12s', $title{$_} // $_ } @columns;
for (@lines) {
    my ($ms, $from, $to, $text) = @$_;
    my @row = (' ') x (12 * @columns);
    $row[$at{$_}] = '|' for @columns;
    my ($a, $b) = @at{$from, $to};
    next unless defined $a && defined $b;
    $text =~ s/\b(0x[0-9a-f]+)\b/$name{$1} \/\/ $1/ge;
    if ($a != $b) {
        my ($low, $high) = $a < $b ? ($a, $b) : ($b, $a);
        $row[$_] = '-' for $low + 1 .. $high - 1;
        if ($a < $b) { $row[$high - 1] = '>' } else { $row[$low + 1] = '<' }
    } else {
        $row[$a] = '*';
    }
    printf "%10.1f  %s %s\n", $ms, join('', @row), length $text > 150 ? substr($text, 0, 147) . '...' : $text;
}
