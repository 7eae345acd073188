/* SPDX-License-Identifier: MIT */
/* card_owner.h - whose card a token is, as far as ledger and card know. */
#ifndef PKI_KEY_CARD_OWNER_H
#define PKI_KEY_CARD_OWNER_H

#include "pki/op.h"

/*
 * Before a key or certificate of op->name goes to op's card, which is open: refuses a card that holds the key or a
 * certificate of another client (for a root and the ledger's key: of any client) whose certificate is valid or, after a
 * request, not issued yet, unless op->shared_card.  A token that holds a root's key takes another root's and the
 * ledger's.  A token whose serial number others have as well is known by the certificates on it alone.  Without a
 * ledger nothing is known.
 * -1: ERR_POLICY "card-of-other-client", or as the ledger and the token.
 */
int card_refuse_other(struct op *op, struct err *e) MUST_CHECK;

#endif
