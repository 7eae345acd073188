/* SPDX-License-Identifier: MIT */
/* key_location.h - where on the card a new key goes: an id drawn by lot, or a slot that has a name. */
#ifndef PKI_KEY_KEY_LOCATION_H
#define PKI_KEY_KEY_LOCATION_H

#include "pki/op.h"

/*
 * The CKA_ID (hex) for a key that is to be made: random, or that of op->slot (without one: of the slot that op->key
 * was planned for) on a card that has slots.  It is free, unless op->replace_key.
 * -1: ERR_USAGE (no slot named, or none of that name), ERR_POLICY ("id-taken"; "key-in-use": what would go is a key
 * that the ledger still needs).
 */
int key_location_choose(char id[129], struct op *op, struct err *e) MUST_CHECK;
/* By serial, manufacturer and label, op->key was last seen on the card: hints, which some tokens share with others. */
bool key_location_seems_here(const struct op *op);
/*
 * *out: it looks so, and where the card is of a kind whose tokens look alike it has the public key spki under that id.
 * Empty spki (nobody has seen the key yet): the looks alone.
 */
int key_location_is_here(bool *out, struct op *op, struct bytes spki, struct err *e) MUST_CHECK;
/* After the key was made: keys that the ledger had in that place are gone. */
int key_location_taken(struct op *op, struct err *e) MUST_CHECK;

#endif
