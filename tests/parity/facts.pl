#!/usr/bin/perl
# Reads "objdump --dwarf=info" of an object file and prints what it says about types and functions:
#   T name type              a typedef, what it stands for
#   S tag size               a structure or union
#   M tag path offset type   a member; members of nested structures by path
#   F name type              a function, from the variable parity_fn_NAME
# Types are written without the names that differ between compilers: u4 is an unsigned integer of 4 bytes.
# SPDX-License-Identifier: MIT
use strict;
use warnings;

my (%die, @open);
while (my $line = <STDIN>) {
    if ($line =~ /^\s*<(\d+)><([0-9a-f]+)>: Abbrev Number: \d+ \(DW_TAG_(\w+)\)/) {
        my $die = { tag => $3, kids => [] };
        $die{ hex $2 } = $die;
        push @{ $open[ $1 - 1 ]{kids} }, $die if $1 > 0;
        $open[$1] = $die;
        $#open = $1;
    } elsif ($line =~ /^\s*<[0-9a-f]+>\s+DW_AT_(name|byte_size|encoding|data_member_location|upper_bound|count)\s*: (.*?)\s*$/) {
        my ($at, $value) = ($1, $2);
        next unless @open;
        $value =~ s/^\(indirect (?:line )?string, offset: [0-9a-fx]+\): // if $at eq 'name';
        $value =~ s/^(-?\w+).*/$1/ if $at ne 'name';
        $open[-1]{$at} = $value;
    } elsif ($line =~ /^\s*<[0-9a-f]+>\s+DW_AT_type\s*: <0x([0-9a-f]+)>/) {
        $open[-1]{type} = hex $1 if @open;
    }
}
die "no debugging information on standard input\n" unless %die;

my %letter = (2 => 'b', 4 => 'f', 5 => 's', 6 => 'c', 7 => 'u', 8 => 'u', 16 => 'u');

sub type_of {
    my ($at) = @_;
    return 'void' unless defined $at;
    my $die = $die{$at} or die "no entry at $at\n";
    my $tag = $die->{tag};
    return ($letter{ $die->{encoding} } // "e$die->{encoding}_") . $die->{byte_size} if $tag eq 'base_type';
    return type_of($die->{type})             if $tag eq 'typedef';
    return 'const ' . type_of($die->{type})  if $tag eq 'const_type';
    return type_of($die->{type})             if $tag eq 'volatile_type';
    return '*' . type_of($die->{type})       if $tag eq 'pointer_type';
    if ($tag eq 'array_type') {
        my $dims = join '', map { '[' . (defined $_->{count} ? hex_or_dec($_->{count}) : defined $_->{upper_bound} ? hex_or_dec($_->{upper_bound}) + 1 : '') . ']' }
            grep { $_->{tag} eq 'subrange_type' } @{ $die->{kids} };
        return type_of($die->{type}) . $dims;
    }
    if ($tag eq 'subroutine_type') {
        my @params = map { $_->{tag} eq 'unspecified_parameters' ? '...' : type_of($_->{type}) } @{ $die->{kids} };
        return 'fn(' . join(',', @params) . ')' . type_of($die->{type});
    }
    if ($tag eq 'structure_type' || $tag eq 'union_type') {
        return "struct $die->{name}" if defined $die->{name};
        return '{' . join(';', map { join ' ', @$_ } members($die, '', 0)) . '}';
    }
    return 'enum' if $tag eq 'enumeration_type';
    return $tag;
}

sub hex_or_dec {
    my ($text) = @_;
    return $text =~ /^0x/ ? hex $text : $text;
}

# The structure behind typedefs and qualifiers, or nothing.
sub aggregate {
    my ($at) = @_;
    while (defined $at && defined $die{$at}) {
        my $die = $die{$at};
        return $die if $die->{tag} eq 'structure_type' || $die->{tag} eq 'union_type';
        return unless $die->{tag} =~ /^(?:typedef|const_type|volatile_type)$/;
        $at = $die->{type};
    }
    return;
}

sub members {
    my ($die, $path, $base) = @_;
    my @list;
    for my $member (grep { $_->{tag} eq 'member' } @{ $die->{kids} }) {
        my $offset = $base + ($member->{data_member_location} // 0);
        my $name = defined $member->{name} ? ($path eq '' ? '' : "$path.") . $member->{name} : $path;
        my $inner = aggregate($member->{type});
        push @list, $inner ? members($inner, $name, $offset) : [ $name, $offset, type_of($member->{type}) ];
    }
    return @list;
}

my %seen;
sub fact {
    my $line = join "\t", @_;
    print "$line\n" unless $seen{$line}++;
}

for my $at (sort { $a <=> $b } keys %die) {
    my $die = $die{$at};
    next unless defined $die->{name};
    if ($die->{tag} eq 'typedef') {
        fact('T', $die->{name}, type_of($at));
    } elsif (($die->{tag} eq 'structure_type' || $die->{tag} eq 'union_type') && defined $die->{byte_size}) {
        fact('S', $die->{name}, hex_or_dec($die->{byte_size}));
        fact('M', $die->{name}, @$_) for members($die, '', 0);
    } elsif ($die->{tag} eq 'variable' && $die->{name} =~ /^parity_fn_(\w+)$/ && defined $die->{type}) {
        fact('F', $1, type_of($die->{type}));
    }
}
