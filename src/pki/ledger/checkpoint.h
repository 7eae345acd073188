/* SPDX-License-Identifier: MIT */
/* checkpoint.h - a checkpoint: the head of a ledger's chain at one moment, signed and kept outside the ledger. */
#ifndef PKI_LEDGER_CHECKPOINT_H
#define PKI_LEDGER_CHECKPOINT_H

#include "ledger/ledger.h"
#include "util/bytes.h"

struct checkpoint {
	char ledger[33];             /* id of the ledger */
	unsigned epoch;
	int64_t seq;                 /* number of the last event */
	char head[SHA256_HEX];       /* hash of the last event */
	int64_t time;                /* time of the signature */
};

void checkpoint_fill(struct checkpoint *out, const struct ledger_info *info, int64_t now);
/* Appends the only valid text for these values; docs/LEDGER.md describes it. */
int checkpoint_format(struct buf *out, const struct checkpoint *c, struct err *e) MUST_CHECK;
/*
 * Reads a signed checkpoint (CMS, PEM or DER): signed by a ledger key of the ledger that it names, whose certificate
 * root issued and which was valid at the time of the signature. -1: ERR_INPUT (not a checkpoint), ERR_POLICY
 * "cms-signature", "checkpoint-signer", or as cert_verify().
 */
int checkpoint_read(struct checkpoint *out, struct bytes file, struct bytes root, struct err *e) MUST_CHECK;
/* The commonName of a ledger key's certificate. */
void checkpoint_signer_name(char out[64], const char *ledger_id);

#endif
