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
