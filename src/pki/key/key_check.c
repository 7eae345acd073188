/* SPDX-License-Identifier: MIT */
/* key_check.c - see key_check.h. */
#include "pki/key/key_check.h"

#include <string.h>

#include "pki/published_keys.h"
#include "pki/request_check.h"
#include "x509/key/key_value.h"
#include "x509/key/public_key.h"
#include "x509/templates.h"

int op_know_key(struct key_job *job, struct err *e)
{
	const struct bytes spki = buf_bytes(&job->spki);

	return hash_sha256_hex(job->row.spki_sha256, spki, e) < 0 ? -1 : key_value_sha256(job->row.key_sha256, spki, e);
}

/* A flaw of the token's generator also affects its next key, so the hint is about the firmware. */
static int blame_token(const struct key_job *job, struct err *e)
{
	if (e->code == NULL || strcmp(e->code, "key-roca") != 0)
		return -1;
	(void)err_cause(e, "token '%s' generated this key: its firmware is affected", job->card_info.label);
	e->hint = "update the firmware of the card or TPM, or replace it; then make another key";
	return -1;
}

int op_judge_key(const struct key_job *job, bool is_made_here, struct err *e)
{
	const struct cert_template *t = job->template;
	struct public_key_info info;

	/* attached or installed keys have no template of their own: judged by vpn-root */
	if (public_key_info_read(&info, buf_bytes(&job->spki), e) < 0 ||
	    (t == NULL && template_find(&t, "vpn-root", e) < 0))
		return -1;
	if (is_made_here && strcmp(job->row.spec, info.name) != 0 && strcmp(job->row.spec, "other") != 0) {
		(void)err_set(e, ERR_POLICY, "token '%s' generated a key of type %s instead of %s",
		    job->card_info.label, info.name, job->row.spec);
		return err_rule(e, "key-not-as-asked", "name a type that the token makes with --key, or another token");
	}
	if (request_check_key(&info, t, clock_now(&job->op.pki->clock), e) == 0 &&
	    published_key_refuse(job->op.pki, job->is_test, info.key_sha256, e) == 0)
		return 0;
	(void)err_while(e, "checking the key of '%s'", job->op.name);
	return is_made_here ? blame_token(job, e) : -1;
}

int key_is_same(bool *out, struct bytes a, struct bytes b, struct err *e)
{
	char of_a[SHA256_HEX], of_b[SHA256_HEX];

	if (key_value_sha256(of_a, a, e) < 0 || key_value_sha256(of_b, b, e) < 0)
		return -1;
	*out = strcmp(of_a, of_b) == 0;
	return 0;
}
