# How each function of TAPI and TSPI is covered: functions.pl LISTS COVERED < what gcov said, one "SUITE FUNCTION PERCENT LINES" a line.
# LISTS: folder of functions-tapi.txt and functions-tspi.txt; COVERED: file of functions that answer OPERATIONUNAVAIL for a documented reason,
# "NAME reason". One line for each function, then "N passed, N failed". A function fails that is not there, that no suite has run, or that does
# nothing without a documented reason; so does a reason for one that does something, or for none.
# Environment TOP: the sources; TAPI_SURFACE: folder of tapi.csv and tspi.csv, the tables of all functions and their variants: where they
# are, the lists have to be the same.
# SPDX-License-Identifier: MIT
use strict;
use warnings;

my ($lists, $reasons_file) = @ARGV;
my $top = $ENV{TOP} // '.';
my (%by, %lines, %reason, %nothing, @names);

sub lines_of {
    my ($file) = @_;
    open my $in, '<', $file or die "$file: $!\n";
    my @lines = grep { !/^\s*(#|$)/ } <$in>;
    chomp @lines;
    return @lines;
}

while (<STDIN>) {
    my ($suite, $function, $percent, $lines) = split;
    $lines{$function} = $lines;
    $by{$function}{$suite} = $percent if $percent > ($by{$function}{$suite} // 0);
}
for (lines_of($reasons_file)) {
    /^(\w+)\s+(\S.*)$/ or die "$reasons_file: $_\n";
    $reason{$1} = $2;
}
# What does nothing: a body that only refuses.
for my $file (glob "$top/tsp/ui/*.c $top/tsp/tspi/*.c $top/tapi_shim/client/*.c") {
    open my $in, '<', $file or die "$file: $!\n";
    my $text = do { local $/; <$in> };
    while ($text =~ /\b((?:TU?I?SPI_|line|phone|tapi)\w+)\([^;{]*\)\s*\{\s*(?:\(void\)\w+;\s*)*return (?:\(LONG\)|client_err\()\w+ERR_OPERATIONUNAVAIL\)?;\s*\}/g) { $nothing{$1} = 1 }
}
my ($passed, $failed) = (0, 0);

# names_of FILE: functions of a table, each by all its names.
sub names_of {
    my ($file) = @_;
    open my $in, '<', $file or die "$file: $!\n";
    my ($head, @rows) = <$in>;
    my %names;
    my $variants = $head =~ /^function,variants,/;
    for (@rows) {
        my ($name, $second) = split /,/;
        $names{$name . ($_ eq 'plain' ? '' : $_)} = 1 for $variants ? split(/\|/, $second) : 'plain';
    }
    return \%names;
}

my $surface = $ENV{TAPI_SURFACE} // '';
for my $list ('tspi', 'tapi') {
    last if $surface eq '';
    my $table = names_of("$surface/$list.csv");
    my %listed = map { $_ => 1 } lines_of("$lists/functions-$list.txt");
    my @wrong = ((map { "$_ is not in the list" } grep { !$listed{$_} } sort keys %$table),
                 (map { "$_ is in the list alone" } grep { !$table->{$_} } sort keys %listed));
    print "FAIL $list.csv: $_\n" for @wrong;
    printf "ok   %s.csv: %d functions, those of the list\n", $list, scalar keys %$table unless @wrong;
    if (@wrong) { $failed++ } else { $passed++ }
}
for my $list ('tspi', 'tapi') {
    for my $name (lines_of("$lists/functions-$list.txt")) {
        my @suites = sort { $by{$name}{$b} <=> $by{$name}{$a} || $a cmp $b } keys %{ $by{$name} // {} };
        my $how = join ', ', map { "$_ $by{$name}{$_}%" } @suites;
        my $wrong =
            !defined $lines{$name}                    ? 'it is not there'
          : !@suites                                  ? 'no suite runs it'
          : $nothing{$name} && !$reason{$name}        ? 'it does nothing'
          : !$nothing{$name} && $reason{$name}        ? "it does something, though it is said not to: $reason{$name}"
          :                                             '';
        if ($wrong) { $failed++ } else { $passed++ }
        my $what = $nothing{$name} ? 'OPERATIONUNAVAIL (' . ($reason{$name} // 'no reason given') . ')' : ($lines{$name} // 0) . ' lines';
        printf "%-4s %s: %s%s\n", $wrong ? 'FAIL' : 'ok', $name, $wrong ? "$wrong; " : '', $how ? "$what; $how" : $what;
        delete $reason{$name};
    }
}
for my $name (sort keys %reason) {
    print "FAIL $name: a reason is given for a function that no list has\n";
    $failed++;
}
print "$passed passed, $failed failed\n";
exit($failed > 0);
