/* SPDX-License-Identifier: MIT */
/* revoke_reason.h - reasons for revoking a certificate: the words and numbers of RFC 5280, 5.3.1. */
#ifndef MODEL_REVOKE_REASON_H
#define MODEL_REVOKE_REASON_H

#include <stddef.h>

#define REVOKE_REASON_MAX 24     /* longest word, with the NUL */
#define REVOKE_HOLD "certificateHold" /* the only reason that can be undone */
#define REVOKE_COMPROMISE "keyCompromise" /* any reason can become this one: the key is never certified again */

/* The CRLReason of a word, spelled as in the RFC; -1: unknown word. */
int revoke_reason_code(const char *word);
/* The word of a CRLReason; NULL: unknown number. */
const char *revoke_reason_word(int code);
/* The words in the order of their numbers; NULL after the last. */
const char *revoke_reason_at(size_t i);

#endif
