/* SPDX-License-Identifier: MIT */
/* key_job.c - what a job with a key owns. */
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
