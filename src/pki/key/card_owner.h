/* SPDX-License-Identifier: MIT */
/* card_owner.h - finds the client that a token belongs to, from the ledger and the token's certificates. */
#ifndef PKI_KEY_CARD_OWNER_H
#define PKI_KEY_CARD_OWNER_H

#include "pki/key/key_job.h"

/*
 * Call before a key or certificate of the client is stored on the job's open token: refuses a token with the key or a
 * certificate of another client (for a root and the ledger's key: of any client), if that certificate is valid or,
 * after a request, not issued yet, unless job->shared_card. A token with a root's key accepts another root's and the
 * ledger's. A token whose serial number is not unique is identified by its certificates only. Also refuses a token
 * that job->planned gives to another client. Without a ledger there is no check.
 * -1: ERR_POLICY "card-of-other-client", or as the ledger and the token.
 */
int card_refuse_other(struct key_job *job, struct err *e) MUST_CHECK;

#endif
