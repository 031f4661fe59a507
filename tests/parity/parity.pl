#!/usr/bin/perl
# Compares include/tapi.h and tspi.h with the headers that mingw brings, in both pointer sizes: constants, layouts,
# types, prototypes. Nothing is run and no list is kept by hand: names come from mingw's headers, layouts from what the
# compilers say about them. Usage: parity.pl INCLUDE_DIR WORK_DIR; compilers from the environment (see run.sh).
# SPDX-License-Identifier: MIT
use strict;
use warnings;

my ($include, $work) = @ARGV;
my $here = $0 =~ m{^(.*)/} ? $1 : '.';
my ($passed, $failed) = (0, 0);

my %side = (
    'mingw x64' => { cc => $ENV{CC_W64}, objdump => $ENV{OBJDUMP_W64}, files => qr{/t[as]pi\.h$} },
    'mingw x86' => { cc => $ENV{CC_W32}, objdump => $ENV{OBJDUMP_W32}, files => qr{/t[as]pi\.h$} },
    'ours x64'  => { cc => "$ENV{CC} -m64 -ffreestanding -I$include", objdump => $ENV{OBJDUMP}, files => qr{^\Q$include\E/} },
    'ours x86'  => { cc => "$ENV{CC} -m32 -ffreestanding -I$include", objdump => $ENV{OBJDUMP}, files => qr{^\Q$include\E/} },
);
my %headers = (
    mingw => "#include <windows.h>\n#include <tapi.h>\n#include <tspi.h>\n",
    ours  => "#include \"tapi.h\"\n#include \"tspi.h\"\n",
);
# What the headers build on: names from there are not the headers' own.
my %ground = (mingw => "#include <windows.h>\n#include <oaidl.h>\n", ours => "#include <stddef.h>\n#include <stdint.h>\n");
my $version = '-DTAPI_CURRENT_VERSION=0x00020002';

# ---- counting

my %group;
sub check {
    my ($group, $name, @wrong) = @_;
    $group{$group} //= [ 0, 0 ];
    if (@wrong) {
        $failed++;
        $group{$group}[1]++;
        print "FAIL $group: $name: $_\n" for @wrong;
    } else {
        $passed++;
        $group{$group}[0]++;
    }
}

sub group_done {
    my ($group, $what) = @_;
    my ($good, $bad) = @{ $group{$group} // [ 0, 0 ] };
    # A comparison of nothing has not succeeded.
    if ($good + $bad == 0) {
        $failed++;
        $bad = 1;
    }
    printf "%-4s %s: %d passed, %d failed%s\n", $bad ? 'FAIL' : 'ok', $group, $good, $bad, $what ? " ($what)" : '';
}

# ---- files and compilers

sub write_file {
    my ($name, $text) = @_;
    open my $file, '>', "$work/$name" or die "$work/$name: $!\n";
    print $file $text;
    close $file or die "$work/$name: $!\n";
    return "$work/$name";
}

sub read_lines {
    my ($name) = @_;
    open my $file, '<', $name or die "$name: $!\n";
    chomp(my @lines = <$file>);
    return @lines;
}

sub run {
    my ($command) = @_;
    my $output = `$command`;
    die "failed: $command\n" if $?;
    return split /\n/, $output;
}

my $count = 0;
sub source {
    my ($text) = @_;
    $count++;
    return write_file("probe$count.c", $text);
}

# Object-like and function-like macros of a text: name => body, a function's with its parameters in front.
sub macros {
    my ($cc, $text, $options) = @_;
    my %macro;
    for (run("$cc $options -dM -E " . source($text))) {
        $macro{$1} = defined $2 ? "$2 $3" : $3 if /^#define (\w+)(\([^)]*\))?\s*(.*)$/;
    }
    return \%macro;
}

sub facts {
    my ($side, $text) = @_;
    my $file = source($text);
    run("$side->{cc} $version -w -gdwarf-4 -fno-eliminate-unused-debug-types -c $file -o $file.o");
    my %fact = map { $_ => {} } qw(T S M F);
    for (run("$side->{objdump} --dwarf=info $file.o | perl $here/facts.pl")) {
        my ($kind, $name, @rest) = split /\t/;
        if ($kind eq 'M') { $fact{M}{$name}{ $rest[0] } = "offset $rest[1], $rest[2]" }
        else              { $fact{$kind}{$name} = $rest[0] }
    }
    return \%fact;
}

sub objects {
    my ($cc, $text) = @_;
    return map { /\bextern\s+const\s+CLSID\s+(\w+)\s*;/ ? $1 : () } run("$cc $version -E -P " . source($text));
}

# Exceptions: kind, name (a pattern), reason. Each must be needed.
my @exception;
for (grep { !/^\s*(#|$)/ } read_lines("$here/exceptions.txt")) {
    my ($kind, $name, $reason) = split /\s+/, $_, 3;
    die "exceptions.txt: no reason for $name\n" unless $reason;
    push @exception, { kind => $kind, name => qr/^(?:$name)$/, text => "$kind $name", used => 0 };
}
sub excepted {
    my ($kind, $name) = @_;
    for (@exception) {
        return $_->{used} = 1 if $_->{kind} eq $kind && $name =~ $_->{name};
    }
    return 0;
}

# ---- collecting

for my $name (sort keys %side) {
    my $side = $side{$name};
    my ($who) = split / /, $name;
    $side->{macro} = macros($side->{cc}, $headers{$who}, $version);
    $side->{ground} = macros($side->{cc}, $ground{$who}, $version);
    my $file = source($headers{$who});
    run("$side->{cc} $version -w -aux-info $file.aux -c $file -o $file.o");
    for (read_lines("$file.aux")) {
        next unless m{^/\* (.*?):\d+:\w+ \*/ extern .*?(\w+) \((.*)\);};
        my ($from, $function) = ($1, $2);
        $side->{function}{$function} = $from if $from =~ $side->{files};
    }
    die "$name: no functions found\n" unless %{ $side->{function} // {} };
    # Objects are few and look alike: identifiers of protocols.
    my %object = map { $_ => 1 } objects($side->{cc}, $headers{$who});
    delete @object{ objects($side->{cc}, $ground{$who}) };
    $side->{object} = \%object;
    my $text = $headers{$who};
    $text .= "#undef $_\n__typeof__(&$_) parity_fn_$_;\n" for sort keys %{ $side->{function} };
    $text .= "__typeof__(&$_) parity_fn_$_;\n" for sort keys %object;
    $side->{fact} = facts($side, $text);
    $side->{ground_fact} = facts($side, $ground{$who}) if $who eq 'ours';
}
# Types that tapi.h and tspi.h add to windows.h; the same in both sizes.
my $base = facts($side{'mingw x64'}, $ground{mingw});
my @own_types = grep { !exists $base->{T}{$_} } sort keys %{ $side{'mingw x64'}{fact}{T} };
my @own_structs = grep { !exists $base->{S}{$_} } sort keys %{ $side{'mingw x64'}{fact}{S} };

my ($reference, $reference_ground) = @{ $side{'mingw x64'} }{ 'macro', 'ground' };
my @own_macros = grep { !exists $reference_ground->{$_} } sort keys %$reference;
# Lower-case names stand for functions and are compared further down.
my @constants = grep { /^[A-Z][A-Z0-9_]*$/ && $reference->{$_} ne '' && $reference->{$_} !~ /^\(\w*[,\w ]*\) / } @own_macros;
# Constants of windows.h that ours had to bring along.
my @lent = grep { exists $reference->{$_} && !grep_own($_) && $reference->{$_} =~ /^\(?(?:0x)?[0-9a-f]+[ul]*\)?$/i }
    sort grep { !exists $side{'ours x64'}{ground}{$_} } keys %{ $side{'ours x64'}{macro} };
sub grep_own { return !exists $reference_ground->{ $_[0] } }

# Evaluates constants, sizes and alignments by having the compiler write them into its assembly output.
sub evaluate {
    my ($side, $text, $constants, $types) = @_;
    my $body = '';
    $body .= "    CONSTANT($_)\n" for @$constants;
    $body .= "    TYPE($_)\n" for @$types;
    if (grep { $_ eq 'TAPIERROR_FORMATMESSAGE' } keys %{ $side->{macro} }) {
        $body .= "    FORMATTED($_)\n" for grep { /^(?:LINE|PHONE|TAPI)ERR_/ } @$constants;
    }
    my $file = source($text . <<"END");
#define CONSTANT(n) __asm__ volatile("\\n\@C " #n " %c0 unsigned=%c1 size=%c2" : : "i"((int)(n)), \\
    "i"((__typeof__(n))-1 > 0), "i"((int)sizeof(n)));
#define TYPE(n) __asm__ volatile("\\n\@A " #n " size=%c0 align=%c1" : : "i"((int)sizeof(n)), "i"((int)_Alignof(n)));
#define FORMATTED(n) __asm__ volatile("\\n\@E " #n " %c0" : : "i"((int)TAPIERROR_FORMATMESSAGE(n)));
void parity_table(void);
void parity_table(void)
{
$body}
END
    run("$side->{cc} $version -w -S $file -o $file.s");
    my %value;
    for (read_lines("$file.s")) {
        $value{$1}{$2} = $3 if /^\@([CAE]) (\w+) (.*?)\s*$/;
    }
    return \%value;
}

# ---- comparing

my %kind_of = (C => 'constant', A => 'size and alignment', E => 'message number');
for my $arch ('x64', 'x86') {
    my ($theirs, $ours) = @side{ "mingw $arch", "ours $arch" };

    # Macros that are no constants everywhere must be named as exceptions, so that none is lost.
    my @names = grep { !excepted('not-a-constant', $_) } @constants;
    my @present = grep { exists $ours->{macro}{$_} } @names;
    my $expected = evaluate($theirs, $headers{mingw}, [ @names, @lent ], \@own_types);
    my $found = evaluate($ours, $headers{ours}, [ @present, @lent ], [ grep { exists $ours->{fact}{T}{$_} } @own_types ]);

    my %prefix;
    for (@names) { push @{ $prefix{ /^([A-Z0-9]+)_/ ? "$1_" : $_ } }, $_ }
    for my $prefix (sort keys %prefix) {
        my @wrong;
        for my $name (@{ $prefix{$prefix} }) {
            for my $kind ('C', 'E') {
                my ($should, $is) = ($expected->{$kind}{$name}, $found->{$kind}{$name});
                next if !defined $should && $kind eq 'E';
                die "$name: no value from mingw\n" unless defined $should;
                push @wrong, "$kind_of{$kind} $name: mingw $should, ours " . ($is // 'missing') if !defined $is || $is ne $should;
            }
        }
        check("constants $arch", $prefix, @wrong);
    }
    group_done("constants $arch", scalar(@names) . ' constants, a check for each prefix');

    my @wrong = map { "$_: mingw $expected->{C}{$_}, ours " . ($found->{C}{$_} // 'missing') }
        grep { ($found->{C}{$_} // '') ne $expected->{C}{$_} } @lent;
    check("constants of windows.h $arch", 'all', @wrong);
    group_done("constants of windows.h $arch", scalar(@lent) . ' constants');

    # Structures of tapi.h and tspi.h, and those of windows.h that ours had to bring along.
    my @structs = (@own_structs, grep { exists $base->{S}{$_} } sort keys %{ $ours->{fact}{S} });
    for my $tag (@structs) {
        my @wrong;
        my ($should, $is) = ($theirs->{fact}{M}{$tag} // {}, $ours->{fact}{M}{$tag} // {});
        my ($size, $our_size) = ($theirs->{fact}{S}{$tag}, $ours->{fact}{S}{$tag} // 'missing');
        push @wrong, "size: mingw $size, ours $our_size" if $size ne $our_size;
        if ($our_size ne 'missing') {
            push @wrong, "$_: mingw $should->{$_}, ours " . ($is->{$_} // 'missing')
                for grep { ($is->{$_} // '') ne $should->{$_} } sort keys %$should;
            push @wrong, "$_: not in mingw's" for grep { !exists $should->{$_} } sort keys %$is;
        }
        check("structures $arch", $tag, @wrong);
    }
    group_done("structures $arch", 'size, and offset, size and type of every member');

    for my $kind ('handles and pointers', 'callbacks', 'structures by name') {
        my @wrong;
        my $n = 0;
        for my $name (@own_types) {
            my $should = $theirs->{fact}{T}{$name};
            my $of = $should =~ /^\*fn/ ? 'callbacks' : $should =~ /^struct/ ? 'structures by name' : 'handles and pointers';
            next if $of ne $kind;
            $n++;
            my $is = $ours->{fact}{T}{$name} // 'missing';
            push @wrong, "$name: mingw $should, ours $is" if $is ne $should;
            push @wrong, "$name: mingw $expected->{A}{$name}, ours $found->{A}{$name}"
                if defined $found->{A}{$name} && $found->{A}{$name} ne $expected->{A}{$name};
        }
        check("types $arch", $kind, @wrong);
        $group{"types $arch"}[2] += $n;
    }
    group_done("types $arch", $group{"types $arch"}[2] . ' typedefs: what they stand for, size, alignment');

    for my $header ('tapi.h', 'tspi.h') {
        my @wrong;
        for my $name (sort grep { $theirs->{function}{$_} =~ m{/$header$} } keys %{ $theirs->{function} }) {
            my ($should, $is) = ($theirs->{fact}{F}{$name}, $ours->{fact}{F}{$name} // 'missing');
            push @wrong, "$name: mingw $should, ours $is" if $should ne $is;
        }
        check("prototypes $arch", $header, @wrong);
    }
    my @missing = map { "$_: mingw $theirs->{fact}{F}{$_}, ours " . ($ours->{fact}{F}{$_} // 'missing') }
        grep { ($ours->{fact}{F}{$_} // '') ne $theirs->{fact}{F}{$_} } sort keys %{ $theirs->{object} };
    check("prototypes $arch", 'objects', @missing ? @missing : keys %{ $theirs->{object} } ? () : 'none found');
    group_done("prototypes $arch", scalar(keys %{ $theirs->{function} }) . ' functions, ' . scalar(keys %{ $theirs->{object} }) . ' objects');

    # The other direction: what ours has and mingw has not.
    my @our_types = grep { !exists $ours->{ground_fact}{T}{$_} } sort keys %{ $ours->{fact}{T} };
    @wrong = map { "typedef $_" } grep { !exists $theirs->{fact}{T}{$_} && !excepted('added', $_) } @our_types;
    push @wrong, map { "structure $_" } grep { !exists $theirs->{fact}{S}{$_} && !excepted('added', $_) } sort keys %{ $ours->{fact}{S} };
    push @wrong, map { "function $_" } grep { !exists $theirs->{function}{$_} && !excepted('added', $_) } sort keys %{ $ours->{function} };
    push @wrong, map { "macro $_" } grep { !exists $ours->{ground}{$_} && !exists $theirs->{macro}{$_} && !excepted('added', $_) }
        sort keys %{ $ours->{macro} };
    push @wrong, map { "typedef $_: mingw $theirs->{fact}{T}{$_}, ours $ours->{fact}{T}{$_}" }
        grep { exists $theirs->{fact}{T}{$_} && $theirs->{fact}{T}{$_} ne $ours->{fact}{T}{$_} } @our_types;
    check("nothing added or changed $arch", 'all names', @wrong);
    group_done("nothing added or changed $arch", '');

    # The generated table, with mingw's values, for compilers that write no such reports.
    my $table = $headers{ours};
    for (@present) {
        my ($value, $unsigned, $size) = $expected->{C}{$_} =~ /^(-?\d+) unsigned=(\d) size=(\d+)/;
        $table .= sprintf "PARITY((int)(%s) == %s && sizeof(%s) == %d, \"%s\");\n", $_, $value == -2147483648 ? '(-2147483647 - 1)' : $value, $_, $size, $_;
    }
    for (grep { exists $ours->{fact}{T}{$_} } @own_types) {
        my ($size) = $expected->{A}{$_} =~ /^size=(\d+)/;
        $table .= "PARITY(sizeof($_) == $size, \"$_\");\n";
        next unless $theirs->{fact}{T}{$_} =~ /^struct (\w+)$/;
        my ($name, $member) = ($_, $theirs->{fact}{M}{$1});
        for my $path (sort keys %$member) {
            my ($offset) = $member->{$path} =~ /^offset (\d+),/;
            $table .= "PARITY(offsetof($name, $path) == $offset, \"$name.$path\");\n";
        }
    }
    write_file("table-$arch.h", $table);
    print "     table $arch: ", scalar(() = $table =~ /^PARITY/mg), " assertions\n";
}

# Plain names: what lineMakeCall is in each configuration.
for (['2.2', $version], ['2.2 UNICODE', "$version -DUNICODE"], ['1.4', '-DTAPI_CURRENT_VERSION=0x00010004']) {
    my ($name, $options) = @$_;
    my ($theirs, $ours) = (macros($side{'mingw x64'}{cc}, $headers{mingw}, $options), macros($side{'ours x64'}{cc}, $headers{ours}, $options));
    my ($ground) = macros($side{'mingw x64'}{cc}, $ground{mingw}, $options);
    my @wrong;
    my $n = 0;
    # mingw's macros lead to the suffix by another macro.
    my $expand = sub {
        my ($side, $text, @names) = @_;
        my $file = source($text . join '', map { "PARITY \"$_\" $_\n" } @names);
        my %to = map { /^PARITY "(\w+)" (\w+)$/ ? ($1 => $2) : () } run("$side->{cc} $options -w -E -P $file");
        return \%to;
    };
    my $is_function = sub { $_[0] =~ /^(?:line|phone|tapi)[A-Z]|^LINEREQ/ };
    my @names = grep { $is_function->($_) && !exists $ground->{$_} } sort keys %$theirs;
    my $to = $expand->($side{'mingw x64'}, $headers{mingw}, @names);
    my $our_to = $expand->($side{'ours x64'}, $headers{ours}, @names);
    for my $alias (@names) {
        next if excepted('macro-missing', $alias);
        $n++;
        push @wrong, "$alias: mingw $to->{$alias}, ours $our_to->{$alias}" if $to->{$alias} ne $our_to->{$alias};
    }
    push @wrong, map { "$_: a macro in ours only" }
        grep { $is_function->($_) && !exists $theirs->{$_} && !excepted('added', $_) } sort keys %$ours;
    push @wrong, 'no names' if !$n;
    check('plain names', $name, @wrong);
}
group_done('plain names', '2.2, 2.2 with UNICODE, 1.4');

# Macros that are neither constants nor names.
my @wrong = map { "$_ is missing" } grep { !exists $side{'ours x64'}{macro}{$_} && !excepted('macro-missing', $_) } @own_macros;
check('macros', 'all', @wrong);
group_done('macros', scalar(@own_macros) . ' of tapi.h and tspi.h are there');

for my $list ('functions-tapi.txt', 'functions-tspi.txt', 'exports-tapi32.txt') {
    my @names = grep { !/^\s*(#|$)/ } read_lines("$here/$list");
    my @wrong = map { "$_ has no prototype" } grep { !exists $side{'ours x64'}{function}{$_} && !excepted('no-prototype', $_) } @names;
    push @wrong, 'empty list' unless @names;
    check('lists', $list, @wrong);
}
group_done('lists', 'documented functions, exported names');

check('exceptions', 'exceptions.txt', map { "not needed: $_->{text}" } grep { !$_->{used} } @exception);
group_done('exceptions', scalar(@exception) . ' lines, each needed');

write_file('counts', "$passed $failed\n");
