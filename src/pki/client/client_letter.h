/* SPDX-License-Identifier: MIT */
/* client_letter.h - the page for a client (profiles/letter.h), from the ledger or as a step of an enrolment. */
#ifndef PKI_CLIENT_CLIENT_LETTER_H
#define PKI_CLIENT_CLIENT_LETTER_H

#include "pki/client/client_job.h"

/*
 * Appends the letter for a client of the ledger; id: as client_find(). The steps are those of the profiles that the
 * ledger records. -1: as client_find(), ERR_NOT_FOUND (the certificate is not valid), as letter_write().
 */
int client_letter(struct buf *out, struct pki *p, const char *id, struct err *e) MUST_CHECK;

/* Writes letter.html into the folder of the client, if job->has_letter. */
extern const struct client_job_step step_write_letter;

#endif
