/* SPDX-License-Identifier: MIT */
/* key_job.c - see key_job.h. */
#include "pki/key/key_job.h"

void key_job_clear(struct key_job *job)
{
	issuer_clear(&job->root); /* before the card, whose session it may share */
	token_close(job->card);
	buf_clear(&job->spki);
	uri_free(job->own_where);
	op_clear(&job->op);
	*job = (struct key_job){ .card = NULL };
}

int key_job_set_spec(struct key_job *job, struct key_spec spec, struct err *e)
{
	job->spec = spec;
	job->is_spec_given = spec.type != KEY_OTHER;
	return job->is_spec_given ? 0 : key_spec_parse(&job->spec, key_spec_at(0), e);
}

static int key_job_take_renewed(struct key_job *job, struct err *e)
{
	struct key_spec spec;
	struct err unknown = ERR_INIT;
	struct key_row old;

	if (job->renewed.key_id == 0)
		return 0;
	if (ledger_key_get(&old, job->op.pki->ledger, job->renewed.key_id, e) < 0)
		return -1;
	if (key_spec_parse(&spec, old.spec, &unknown) == 0 && (job->template->key_types & 1U << spec.type) != 0)
		job->spec = spec;
	return 0;
}

int key_job_choose_spec(struct key_job *job, struct err *e)
{
	const unsigned min = job->template->min_rsa_bits;
	const char *name;

	if (job->is_spec_given)
		return 0;
	if (key_job_take_renewed(job, e) < 0)
		return -1;
	for (size_t i = 0; job->spec.type == KEY_RSA && job->spec.bits < min && (name = key_spec_at(i)) != NULL; i++) {
		struct key_spec spec;

		if (key_spec_parse(&spec, name, e) < 0)
			return -1;
		if (spec.type == KEY_RSA && spec.bits >= min)
			job->spec = spec;
	}
	return 0;
}
