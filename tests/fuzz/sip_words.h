/* Messages of SIP that have been changed here and there. SPDX-License-Identifier: MIT */
#ifndef TESTS_FUZZ_SIP_WORDS_H
#define TESTS_FUZZ_SIP_WORDS_H

#include "tests/fuzz/fuzz.h"

/* Who and what a message is of. Texts are put in as they are. */
struct words_ids {
    unsigned port;       /* of the peer, for Via and Contact */
    const char *user;    /* who is meant; of ours */
    const char *call_id; /* "" in all of these: ones of its own */
    const char *branch, *from, *to;
    unsigned cseq;
};

enum words_kind {
    WORDS_INVITE,
    WORDS_ACK,
    WORDS_REFER,
    WORDS_NOTIFY_REFER,
    WORDS_NOTIFY_MWI,
    WORDS_INFO,
    WORDS_UPDATE,
    WORDS_PRACK,
    WORDS_BYE,
    WORDS_CANCEL,
    WORDS_OPTIONS,
    WORDS_MESSAGE,
    WORDS_SUBSCRIBE,
    WORDS_REGISTER,
    WORDS_REINVITE,
    WORDS_ANSWER
};
enum { WORDS_KINDS = WORDS_ANSWER + 1 };

/* A message as it should be, with a NUL behind it; its length. */
size_t words_whole(enum words_kind kind, const struct words_ids *ids, char *out, size_t size);
/* Changes it as the input says, perhaps not at all; its new length. There is a NUL behind it. */
size_t words_change(struct fuzz_input *in, char *text, size_t len, size_t size);
/* A changed one of any kind, of its own. */
size_t words_message(struct fuzz_input *in, char *out, size_t size);

#endif
