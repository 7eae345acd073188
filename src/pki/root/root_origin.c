/* SPDX-License-Identifier: MIT */
/* root_origin.c - see root_origin.h. */
#include "pki/root/root_origin.h"

#include <string.h>

/* The module's statement only; a key made elsewhere and a key without a statement count the same. */
const char *adopt_origin(const struct key_evidence *v)
{
	bool is_local = v->local == EVIDENCE_YES || v->local == EVIDENCE_ATTESTED;

	return is_local && v->never_extractable != EVIDENCE_NO ? ORIGIN_LOCAL : ORIGIN_IMPORTED;
}

int adopt_check_key(struct key_evidence *stated, const struct key_job *job, const char *id, struct err *e)
{
	return token_check_key(stated, job->card,
	    &(struct key_to_prove){ id, buf_bytes(&job->spki), PROOF_FOUND }, e);
}

int adopt_check_origin(const struct key_job *job, const struct key_evidence *v, bool accept_imported, struct err *e)
{
	if (accept_imported || strcmp(adopt_origin(v), ORIGIN_LOCAL) == 0)
		return 0;
	(void)err_set(e, ERR_POLICY, "the key on token '%s' was imported, or its origin is unknown",
	    job->card_info.label);
	(void)err_cause(e, "copies of the key may exist elsewhere");
	return err_rule(e, "root-imported",
	    "create a new root, or accept the key with --accept-imported: `root show` displays this permanently");
}
