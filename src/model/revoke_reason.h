/* SPDX-License-Identifier: MIT */
/* revoke_reason.h - why a certificate is revoked: the words and numbers of RFC 5280, 5.3.1. */
#ifndef MODEL_REVOKE_REASON_H
#define MODEL_REVOKE_REASON_H

#include <stddef.h>

#define REVOKE_REASON_MAX 24     /* of the words, with the NUL */
#define REVOKE_HOLD "certificateHold" /* the only one that can be taken back */
#define REVOKE_COMPROMISE "keyCompromise" /* what any other can become: the key is never certified again */

/* The CRLReason of a word, spelled as in the RFC; -1: none of ours. */
int revoke_reason_code(const char *word);
/* The word of a CRLReason; NULL: none of ours. */
const char *revoke_reason_word(int code);
/* The words in the order of their numbers; NULL past the end. */
const char *revoke_reason_at(size_t i);

#endif
