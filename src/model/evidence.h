/* SPDX-License-Identifier: MIT */
/* evidence.h - what is known of a key, and from whom (promise 2). */
#ifndef MODEL_EVIDENCE_H
#define MODEL_EVIDENCE_H

#include <stdbool.h>
#include <stdint.h>

/* One fact, as the module states it; ATTESTED = stated yes, and signed by the maker of the token. */
enum evidence { EVIDENCE_NOT_STATED, EVIDENCE_NO, EVIDENCE_YES, EVIDENCE_ATTESTED };

const char *evidence_text(enum evidence v); /* "not stated", "no", "yes", "attested": the ledger's words */
bool evidence_parse(enum evidence *out, const char *text); /* the same words back; false: none of them */

struct key_evidence {
#define EVIDENCE(member, key, text) enum evidence member;
#include "model/evidence.def"
#undef EVIDENCE
	bool is_challenge_signed;        /* signed on the token, verified in software */
	char module_path[256], module_name[80]; /* "SoftHSM (SoftHSM) 2.6": who states it; untrusted text */
	int64_t time;                    /* seconds since 1970 UTC */
};

#endif
