/* SPDX-License-Identifier: MIT */
/* evidence.h - the facts known about a key on a token, each with its source (module or attestation). */
#ifndef MODEL_EVIDENCE_H
#define MODEL_EVIDENCE_H

#include <stdbool.h>
#include <stdint.h>

/* One fact as the module states it; ATTESTED: stated as yes and signed by the manufacturer of the token. */
enum evidence { EVIDENCE_NOT_STATED, EVIDENCE_NO, EVIDENCE_YES, EVIDENCE_ATTESTED };

const char *evidence_text(enum evidence v); /* "not stated", "no", "yes", "attested": as stored in the ledger */
bool evidence_parse(enum evidence *out, const char *text); /* the value of such a word; false: unknown word */

struct key_evidence {
#define EVIDENCE(member, key, text) enum evidence member;
#include "model/evidence.def"
#undef EVIDENCE
	bool is_challenge_signed;        /* the token signed a test message, and software verified the signature */
	char module_path[256], module_name[80]; /* the module: "SoftHSM (SoftHSM) 2.6"; untrusted text */
	int64_t time;                    /* seconds since 1970 UTC */
};

#endif
