#!/usr/bin/env perl
# Makes a scenario of sipp out of the lines that say what the other end of a SIP conversation does:
#
#   < INVITE            it receives that request, or an answer: < 200
#   ? 100               the same, but it may also not come
#     has REGEX         what has to be in the last one received, and what
#     not REGEX         must not be
#     keep NAME REGEX   what the group in it finds is {NAME} from now on
#   > 180               it answers the last request; "> 200 sdp", "> 200 sdp sendonly", "> 487 to INVITE"
#   > BYE               it sends a request; "> INVITE 100 sdp" with whom it calls
#     + Header: value   one more header of what is sent; {NAME} in it, {peer}, {us} ...
#     - Header          that one not
#     body TYPE TEXT    its body; \n in it ends a line
#     raw TEXT          sends this text, \n in it ends a line
#   again               sends the last once more
#
# usage: peer.pl <LINES >XML
# SPDX-License-Identifier: MIT
use strict;
use warnings;

my (@out, @item, %known, %local);
my $resubscribed;
my ($started, $taken, $cseq, $branch, $invite_cseq, $invite_branch, $versions) = (0, 0, 0, 0, 0, 0, 0);

my %text = (100 => 'Trying', 180 => 'Ringing', 181 => 'Call Is Being Forwarded', 183 => 'Session Progress', 200 => 'OK', 202 => 'Accepted',
    302 => 'Moved Temporarily', 401 => 'Unauthorized', 404 => 'Not Found', 407 => 'Proxy Authentication Required', 486 => 'Busy Here',
    487 => 'Request Terminated', 488 => 'Not Acceptable Here', 603 => 'Decline');

sub quote { my $t = shift; $t =~ s/&/&amp;/g; $t =~ s/</&lt;/g; $t =~ s/>/&gt;/g; $t =~ s/"/&quot;/g; return $t }

my $uac = 0;
my @lines = grep { /\S/ } map { s/\s+$//r } <STDIN>;
my $remote_tagged = 0;
my $self_tag = 'tag=peer[pid]-[call_number]';

sub body {
    my ($way) = @_;
    $versions++;
    my $dir = $way ? "a=$way\n" : '';
    return "v=0\no=peer 1 $versions IN IP[local_ip_type] [local_ip]\ns=-\nc=IN IP[media_ip_type] [media_ip]\nt=0 0\n" .
        "m=audio [media_port] RTP/AVP 0 101\na=rtpmap:0 PCMU/8000\na=rtpmap:101 telephone-event/8000\na=fmtp:101 0-15\n$dir";
}

# What is sent is known when the next line that is no detail of it comes.
my $sending;
my $last = '';
sub flush_send {
    return unless $sending;
    my %s = %$sending;
    undef $sending;
    my @h;
    if ($s{raw}) {
        $last = $s{raw};
        push @out, "<send$s{retrans}><![CDATA[\n$s{raw}\n]]></send>";
        return;
    }
    push @h, $s{first}, @{$s{headers}};
    push @h, "Contact: <sip:peer\@[local_ip]:[local_port];transport=[transport]>" unless grep { /^Contact:/ } @{$s{extra}};
    for my $drop (@{$s{drop}}) { @h = grep { !/^\Q$drop\E:/ } @h }
    push @h, @{$s{extra}};
    my ($type, $body) = @{$s{body}};
    push @h, "Content-Type: $type" if defined $type;
    push @h, 'Content-Length: [len]';
    $last = join("\n", @h) . "\n\n" . ($body // '');
    $last =~ s/\{(\w+)\}/[\$$1]/g;
    push @out, "<send$s{retrans}><![CDATA[\n$last\n]]></send>";
}

sub start { $sending = {extra => [], drop => [], body => [], headers => [], retrans => '', @_} }

my $receiving;
sub flush_receive {
    return unless $receiving;
    my @a = @{$receiving->{actions}};
    push @out, "<recv $receiving->{what}" . (@a ? "><action>\n" . join("\n", @a) . "\n</action></recv>" : '/>');
    undef $receiving;
}

my ($last_request, $n) = ('', 0);
for (@lines) {
    if (/^\s*(has|not) (.*)$/ && $receiving) {
        $n++;
        $known{"check$n"} = 1;
        push @{$receiving->{actions}}, sprintf '<ereg regexp="%s" search_in="msg" check_it%s="true" assign_to="check%d"/>', quote($2), $1 eq 'not' ? '_inverse' : '', $n;
        next;
    }
    if (/^\s*keep (\w+) (.*)$/ && $receiving) {
        $known{$1} = $known{"all$1"} = 1;
        push @{$receiving->{actions}}, sprintf '<ereg regexp="%s" search_in="msg" check_it="true" assign_to="all%s,%s"/>', quote($2), $1, $1;
        next;
    }
    if (/^\s*\+ (.*)$/ && $sending) { push @{$sending->{extra}}, $1; next }
    if (/^\s*- (.*)$/ && $sending) { push @{$sending->{drop}}, $1; next }
    if (/^\s*body (\S+) (.*)$/ && $sending) { my ($t, $b) = ($1, $2); $b =~ s/\\n/\n/g; $sending->{body} = [$t, $b]; next }
    flush_receive();
    flush_send();
    if (/^raw (.*)$/) { my $r = $1; $r =~ s/\\n/\n/g; start(raw => $r); next }
    if (/^again$/) { push @out, "<send><![CDATA[\n$last\n]]></send>"; next }
    if (/^pause (\d+)$/) { push @out, "<pause milliseconds=\"$1\"/>"; next }
    if (/^([<?]) (\S+)$/) {
        my ($way, $what) = ($1, $2);
        my $optional = $way eq '?' ? ' optional="true"' : '';
        my @a;
        if ($what =~ /^\d+$/) {
            my $dialog = $uac && !$taken && $last_request eq 'INVITE' && $what =~ /^2/;
            $receiving = {what => "response=\"$what\"$optional" . ($dialog ? ' rrs="true"' : ''), actions => \@a};
            if ($dialog) {
                push @a, '<ereg regexp=".*" search_in="hdr" header="To:" check_it="true" assign_to="remote"/>',
                    '<ereg regexp="&lt;([^&gt;]*)&gt;" search_in="hdr" header="Contact:" check_it="true" assign_to="alltarget,target"/>';
                $known{$_} = 1 for qw(remote alltarget target);
                $taken = 1;
            }
        } else {
            $receiving = {what => "request=\"$what\"$optional" . ($what eq 'SUBSCRIBE' ? ' rrs="true"' : ''), actions => \@a};
            $started = 1;
            if ($what eq 'SUBSCRIBE') {
                $resubscribed = $known{target};
                if (!$uac && !$known{target}) {
                    push @a, '<ereg regexp=".*" search_in="hdr" header="From:" check_it="true" assign_to="remote"/>',
                        '<ereg regexp=".*" search_in="hdr" header="To:" check_it="true" assign_to="self"/>',
                        '<ereg regexp="&lt;([^&gt;]*)&gt;" search_in="hdr" header="Contact:" check_it="true" assign_to="alltarget,target"/>';
                    $known{$_} = 1 for qw(remote self alltarget target);
                }
            }
            if ($what eq 'INVITE') {
                push @a, '<ereg regexp="[0-9]+" search_in="hdr" header="CSeq:" check_it="true" assign_to="icseq"/>',
                    '<ereg regexp=".*" search_in="hdr" header="Via:" check_it="true" assign_to="ivia"/>';
                $known{$_} = 1 for qw(icseq ivia);
                if (!$uac && !$taken) {
                    push @a, '<ereg regexp=".*" search_in="hdr" header="From:" check_it="true" assign_to="remote"/>',
                        '<ereg regexp=".*" search_in="hdr" header="To:" check_it="true" assign_to="self"/>',
                        '<ereg regexp="&lt;([^&gt;]*)&gt;" search_in="hdr" header="Contact:" check_it="true" assign_to="alltarget,target"/>';
                    $known{$_} = 1 for qw(remote self alltarget target);
                }
            }
            $last_request = $what;
        }
        next;
    }
    if (/^> (\d+)(?: to (\w+))?(?: sdp(?: (\w+))?)?(?: text (.*))?$/) {
        my ($code, $to, $way, $reason) = ($1, $2, $3, $4 // $text{$1} // 'Answer');
        my $sdp = / sdp/;
        my $of = $to // $last_request;
        my $fresh = $of =~ /^(CANCEL|REGISTER|OPTIONS|MESSAGE)$/ || ($of eq 'SUBSCRIBE' && !$resubscribed) || ($of eq 'INVITE' && !$taken);
        start(first => "SIP/2.0 $code $reason");
        $sending->{headers} = [$to ? 'Via: [$ivia]' : '[last_Via:]', '[last_From:]', '[last_To:]' . ($fresh && $code > 100 ? ";$self_tag" : ''), '[last_Call-ID:]',
            $to ? "CSeq: [\$icseq] $to" : '[last_CSeq:]'];
        push @{$sending->{headers}}, '[last_Record-Route:]' if $fresh && $code < 300;
        $sending->{body} = ['application/sdp', body($way)] if $sdp;
        $taken = 1 if $of eq 'INVITE' && $code =~ /^2/;
        next;
    }
    if (/^> ([A-Z]+)(?: (?!sdp)(\S+))?(?: sdp(?: (\w+))?)?$/) {
        my ($method, $whom, $way) = ($1, $2, $3);
        my $sdp = / sdp/;
        if (!$started && !$uac) { $uac = 1 }
        my $initial = $uac && !$taken && $method !~ /^(ACK|CANCEL|PRACK)$/;
        $whom //= '100' if $initial;
        if ($initial) {
            $local{ruri} = "sip:$whom\@[remote_ip]:[remote_port]";
            $local{to} = "<sip:$whom\@[remote_ip]:[remote_port]>";
        }
        $last_request = $method unless $method eq 'ACK';
        if ($method ne 'ACK' && $method ne 'CANCEL') { $cseq++; $branch++ }
        if ($method eq 'INVITE') { ($invite_cseq, $invite_branch) = ($cseq, $branch) }
        my $number = $method =~ /^(ACK|CANCEL)$/ ? $invite_cseq : $cseq;
        # An ACK of what was refused belongs to the transaction, as CANCEL does; of what was taken it is one of its own.
        my $own = $method eq 'CANCEL' || ($method eq 'ACK' && !$taken) ? $invite_branch : $method eq 'ACK' ? "a$invite_branch" : $branch;
        my $ruri = $initial || !$known{target} || $method eq 'CANCEL' || ($method eq 'ACK' && !$taken) ? $local{ruri} // '[$target]' : '[$target]';
        my $from = $uac ? "\"Peer\" <sip:200\@[local_ip]:[local_port]>;$self_tag" : "[\$self];$self_tag";
        my $to = $initial || $method eq 'CANCEL' ? $local{to} : $method eq 'ACK' && !$taken ? '[last_To:]' : '[$remote]';
        start(first => "$method $ruri SIP/2.0");
        $sending->{headers} = ["Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=z9hG4bK-[pid]-[call_number]-$own", 'Max-Forwards: 70',
            "From: $from", $to =~ /^\[last/ ? $to : "To: $to", 'Call-ID: [call_id]', "CSeq: $number $method"];
        push @{$sending->{headers}}, '[routes]' if $method eq 'NOTIFY' && $known{target};
        $sending->{body} = ['application/sdp', body($way)] if $sdp;
        $sending->{retrans} = ' retrans="500"' if $method ne 'ACK';
        next;
    }
    die "peer.pl: what is '$_'?\n";
}
flush_receive();
flush_send();
print "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<scenario name=\"peer\">\n";
print "$_\n" for @out;
print '<Reference variables="' . join(',', sort keys %known) . "\"/>\n" if %known;
print "</scenario>\n";
