/* SPDX-License-Identifier: MIT */
/* checkpoint.h - where a ledger's chain stood at one moment, as a text that is signed and kept elsewhere. */
#ifndef PKI_LEDGER_CHECKPOINT_H
#define PKI_LEDGER_CHECKPOINT_H

#include "ledger/ledger.h"
#include "util/bytes.h"

struct checkpoint {
	char ledger[33];             /* id */
	unsigned epoch;
	int64_t seq;                 /* of the last event */
	char head[SHA256_HEX];       /* its hash */
	int64_t time;                /* when it was signed */
};

void checkpoint_fill(struct checkpoint *out, const struct ledger_info *info, int64_t now);
/* The one text for these values, appended; docs/LEDGER.md describes it. */
int checkpoint_format(struct buf *out, const struct checkpoint *c, struct err *e) MUST_CHECK;
/*
 * Reads a signed checkpoint (CMS, PEM or DER): signed by a ledger key of the ledger that it names, whose certificate
 * was issued by root, and valid when it signed.  -1: ERR_INPUT (not a checkpoint), ERR_POLICY "cms-signature",
 * "checkpoint-signer", or as cert_verify().
 */
int checkpoint_read(struct checkpoint *out, struct bytes file, struct bytes root, struct err *e) MUST_CHECK;
/* The commonName of a ledger's keys. */
void checkpoint_signer_name(char out[64], const char *ledger_id);

#endif
