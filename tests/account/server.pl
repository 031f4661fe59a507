#!/usr/bin/env perl
# A SIP server on loopback for scripts: server.pl DUMP. It says its port in a line, and keeps every message that comes in the file DUMP.
# Users whose name begins with "2" have the password "geheim-" and their name; "silent" hears nothing, "gone" is answered 404; whoever is called
# answers, and whose name begins with "busy" is busy. It ends when its input does.
# SPDX-License-Identifier: MIT
use strict;
use warnings;
use Digest::MD5 qw(md5_hex);
use IO::Select;
use IO::Socket::INET;

my ($dump) = @ARGV;
my $socket = IO::Socket::INET->new(Proto => 'udp', LocalAddr => '127.0.0.1', LocalPort => 0) or die "no socket: $!";
my $port = $socket->sockport;
my $select = IO::Select->new($socket, \*STDIN);
open my $out, '>', $dump or die "$dump: $!";
$out->autoflush(1);
$| = 1;
print "$port\n";

sub header { my ($text, $name) = @_; return $text =~ /^\Q$name\E: *(.*?)\r$/mi ? $1 : '' }

sub answer {
    my ($peer, $request, $code, $reason, $extra, $body) = @_;
    my $to = header($request, 'To');
    $to .= ';tag=server' if $code > 100 && $to !~ /;tag=/;
    my $via = join '', map { "Via: $_\r\n" } $request =~ /^Via: *(.*?)\r$/mig;
    my $record = join '', map { "Record-Route: $_\r\n" } $request =~ /^Record-Route: *(.*?)\r$/mig;
    $body //= '';
    $socket->send("SIP/2.0 $code $reason\r\n$via${record}From: " . header($request, 'From') . "\r\nTo: $to\r\nCall-ID: " .
        header($request, 'Call-ID') . "\r\nCSeq: " . header($request, 'CSeq') . "\r\n" . ($extra // '') .
        'Content-Length: ' . length($body) . "\r\n\r\n$body", 0, $peer);
}

# Whether the digest of a request is right.
sub right {
    my ($request, $password) = @_;
    my $given = header($request, 'Authorization');
    my %v = $given =~ /(\w+)="?([^",]*)"?/g;
    return 0 unless defined $v{response} && defined $v{uri};
    my $a1 = md5_hex("$v{username}:$v{realm}:$password");
    my ($method) = $request =~ /^(\S+)/;
    return $v{response} eq md5_hex("$a1:$v{nonce}:" . md5_hex("$method:$v{uri}"));
}

sub sdp {
    my ($offer) = @_;
    my $secure = $offer =~ m{^m=audio \d+ RTP/SAVP}m;
    my ($tag) = $offer =~ /^a=crypto:(\d+) AES_CM_128_HMAC_SHA1_80/m;
    my $sdp = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9 " . ($secure ? 'RTP/SAVP' : 'RTP/AVP') . " 8\r\n";
    $sdp .= "a=crypto:$tag AES_CM_128_HMAC_SHA1_80 inline:" . 'QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB' . "\r\n" if $secure && $tag;
    return "$sdp" . "a=sendrecv\r\n";
}

while (1) {
    for my $ready ($select->can_read) {
        if ($ready == \*STDIN) {
            exit 0 unless sysread STDIN, my $more, 4096;
            next;
        }
        my $peer = $socket->recv(my $message, 65535) or next;
        next unless $message =~ /^(\S+) sips?:(?:([^@;>]*)@)?\S+ SIP\/2\.0\r\n/;
        my ($method, $called) = ($1, $2 // '');
        print $out "$message\n";
        my ($user) = header($message, 'From') =~ /sip:([^@]*)@/;
        $user //= '';
        next if $method eq 'ACK' || $user eq 'silent';
        my $contact = header($message, 'Contact');
        if ($method eq 'REGISTER') {
            if ($user eq 'gone') {
                answer($peer, $message, 404, 'Not Found');
            } elsif ($user =~ /^2/ && !right($message, "geheim-$user")) {
                answer($peer, $message, 401, 'Unauthorized', qq{WWW-Authenticate: Digest realm="test", nonce="n$$", algorithm=MD5\r\n});
            } else {
                my ($expires) = $message =~ /^Expires: *(\d+)/mi;
                $expires //= 300;
                answer($peer, $message, 200, 'OK', $expires ? "Contact: $contact;expires=$expires\r\n" : '');
            }
        } elsif ($method eq 'INVITE' && $called =~ /^busy/) {
            answer($peer, $message, 486, 'Busy Here');
        } elsif ($method eq 'INVITE' && $user =~ /^2/ && !right($message, "geheim-$user")) {
            answer($peer, $message, 401, 'Unauthorized', qq{WWW-Authenticate: Digest realm="test", nonce="n$$", algorithm=MD5\r\n});
        } elsif ($method eq 'INVITE') {
            my $own = "Contact: <sip:$called\@127.0.0.1:$port>\r\n";
            answer($peer, $message, 180, 'Ringing', $own);
            answer($peer, $message, 200, 'OK', "${own}Content-Type: application/sdp\r\n", sdp($message));
        } elsif ($method eq 'SUBSCRIBE') {
            answer($peer, $message, 489, 'Bad Event');
        } else {
            answer($peer, $message, 200, 'OK');
        }
    }
}
