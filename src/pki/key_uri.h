/* SPDX-License-Identifier: MIT */
/* key_uri.h - the token where a key was last seen, as a URI. */
#ifndef PKI_KEY_URI_H
#define PKI_KEY_URI_H

#include "model/ledger_rows.h"
#include "tokens/uri.h"

/* A URI of the token recorded for the key. *out: owned by the caller. */
int key_location_uri(struct token_uri **out, const struct key_location *place, struct err *e) MUST_CHECK;

#endif
