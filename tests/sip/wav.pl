#!/usr/bin/env perl
# usage: wav.pl make FILE          writes FILE.wav: two seconds of noise that G.711 leaves as it is
#        wav.pl same PLAYED RECORDED   whether most of one is in the other, in its order; gaps of a busy machine may be between
# SPDX-License-Identifier: MIT
use strict;
use warnings;

my ($rate, $frame) = (8000, 160);

sub samples {
    my ($name) = @_;
    open my $in, '<:raw', "$name.wav" or die "$name.wav: $!\n";
    local $/;
    my $data = <$in>;
    die "$name.wav is no WAV file\n" unless $data =~ /^RIFF.{4}WAVE/s && $data =~ /data(.{4})/sg;
    return unpack 's<*', substr $data, pos $data;
}

# Values that A-law as well as u-law can say exactly: none but zero; so nearly, and compared with some tolerance.
sub near { abs($_[0] - $_[1]) <= 40 + abs($_[1]) / 16 }

my ($do, @names) = @ARGV;
if ($do eq 'make') {
    my $seed = 1;
    my @s = map { $seed = ($seed * 1103515245 + 12345) & 0x7fffffff; ($seed >> 16) % 4000 - 2000 } 1 .. 2 * $rate - 77;
    open my $out, '>:raw', "$names[0].wav" or die "$names[0].wav: $!\n";
    print $out 'RIFF', pack('V', 36 + 2 * @s), 'WAVEfmt ', pack('VvvVVvv', 16, 1, 1, $rate, 2 * $rate, 2, 16), 'data', pack('V', 2 * @s),
        pack 's<*', @s;
    exit;
}
my @played = samples($names[0]);
my @recorded = samples($names[1]);
my ($at, $found, $frames) = (0, 0, int(@played / $frame));
for my $n (0 .. $frames - 1) {
    my @want = @played[$n * $frame .. $n * $frame + $frame - 1];
    offset: for my $o ($at .. $#recorded - $frame) {
        for my $k (0 .. $frame - 1) { next offset unless near($recorded[$o + $k], $want[$k]) }
        $found++;
        $at = $o + $frame;
        last;
    }
}
print "$found of $frames frames of $names[0].wav are in $names[1].wav\n";
exit($found < $frames / 2);
