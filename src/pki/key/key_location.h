/* SPDX-License-Identifier: MIT */
/* key_location.h - chooses where a new key is stored on the token: a random CKA_ID, or a named key slot. */
#ifndef PKI_KEY_KEY_LOCATION_H
#define PKI_KEY_KEY_LOCATION_H

#include "pki/key/key_job.h"

/*
 * The CKA_ID (hex) for a new key: random, or on a token with key slots that of job->slot (not given: of the slot
 * planned for job->row). The id is free, unless job->replace_key.
 * -1: ERR_USAGE (slot missing or unknown), ERR_POLICY ("id-taken"; "key-in-use": the ledger still needs the key to be
 * replaced).
 */
int key_location_choose(char id[129], struct key_job *job, struct err *e) MUST_CHECK;
/* Whether the token has the serial, manufacturer and label recorded for job->row: hints, which some tokens share. */
bool key_location_seems_here(const struct key_job *job);
/*
 * *out: the recorded properties match, and if tokens of this kind share them, the token has the public key spki under
 * that id.
 * Empty spki (the key does not exist yet): the properties only.
 */
int key_location_is_here(bool *out, struct key_job *job, struct bytes spki, struct err *e) MUST_CHECK;
/* Call after the key was made: records that earlier keys in that slot no longer exist. */
int key_location_taken(struct key_job *job, struct err *e) MUST_CHECK;

#endif
