/* SPDX-License-Identifier: MIT */
/* key_risks.c - see key_risks.h. */
#include "pki/key/key_risks.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "util/array.h"

/* A letter for each risk. */
static const struct {
	const char *letters;
	size_t offset;
	enum evidence bad;
} risk_rows[] = {
	{ "XTR", offsetof(struct key_evidence, extractable), EVIDENCE_YES },
	{ "WXT", offsetof(struct key_evidence, never_extractable), EVIDENCE_NO },
	{ "NSE", offsetof(struct key_evidence, sensitive), EVIDENCE_NO },
	{ "WNS", offsetof(struct key_evidence, always_sensitive), EVIDENCE_NO },
	{ "NLO", offsetof(struct key_evidence, local), EVIDENCE_NO },
	{ "RDB", offsetof(struct key_evidence, value_refused), EVIDENCE_NO },
	{ "RNS", offsetof(struct key_evidence, value_refused), EVIDENCE_NOT_STATED },
	{ "NTK", offsetof(struct key_evidence, on_token), EVIDENCE_NO },
	{ "NTK", offsetof(struct key_evidence, public_on_token), EVIDENCE_NO },
	{ "NPR", offsetof(struct key_evidence, private), EVIDENCE_NO },
	{ "NSG", offsetof(struct key_evidence, can_sign), EVIDENCE_NO },
	{ "NSG", offsetof(struct key_evidence, can_verify), EVIDENCE_NO },
	{ "DEC", offsetof(struct key_evidence, can_decrypt), EVIDENCE_YES },
	{ "UNW", offsetof(struct key_evidence, can_unwrap), EVIDENCE_YES },
	{ "DRV", offsetof(struct key_evidence, can_derive), EVIDENCE_YES },
	{ "SRC", offsetof(struct key_evidence, can_sign_recover), EVIDENCE_YES },
	{ "ENC", offsetof(struct key_evidence, can_encrypt), EVIDENCE_YES },
	{ "WRP", offsetof(struct key_evidence, can_wrap), EVIDENCE_YES },
	{ "PDR", offsetof(struct key_evidence, public_can_derive), EVIDENCE_YES },
	{ "VRC", offsetof(struct key_evidence, can_verify_recover), EVIDENCE_YES },
	{ "PBH", offsetof(struct key_evidence, public_private), EVIDENCE_YES },
};

void key_risks_spell(char *out, size_t size, const struct key_evidence *ev, const struct key_ref *key)
{
	const bool has_certs = key != NULL && key->n_certs > 1, has_other = key != NULL && key->n_other_certs > 0;
	size_t used = (size_t)snprintf(out, size, "%s%s%s", has_certs ? "CRT" : "", has_certs && has_other ? " " : "",
	    has_other ? "CRO" : "");

	for (size_t i = 0; i < ARRAY_LEN(risk_rows); i++) {
		enum evidence v = *(const enum evidence *)(const void *)((const char *)ev + risk_rows[i].offset);

		if (v == risk_rows[i].bad && used < size && strstr(out, risk_rows[i].letters) == NULL)
			used += (size_t)snprintf(
			    out + used, size - used, "%s%s", used > 0 ? " " : "", risk_rows[i].letters);
	}
}
