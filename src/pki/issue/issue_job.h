/* SPDX-License-Identifier: MIT */
/* issue_job.h - an operation with a request or a certificate. */
#ifndef PKI_ISSUE_ISSUE_JOB_H
#define PKI_ISSUE_ISSUE_JOB_H

#include "model/request_info.h"
#include "pki/key/key_job.h"

struct issue_job {
	struct key_job key;
	/* asked for */
	const char *root_name;       /* who issues; NULL = the only root */
	const char *subject_text;    /* --subject, or NULL */
	unsigned days;               /* 0 = what the root's section of p11ca.conf says, else the template's */
	unsigned days_asked;         /* by --days: an earlier certificate must be valid for as long; 0 = for any time */
	bool is_listed;              /* of a list: a typed PIN of the root's token serves the later entries */
	size_t n_later;              /* other clients of the list, for which the root signs, too */
	const char *request_path;    /* --csr; NULL = the key is made on the card */
	bool supersede;              /* revoke the renewed certificate */
	bool has_pending_files;      /* an earlier step is to write files, which the receipt must list */
	/* asked for, of a root */
	bool accept_imported;        /* its key that was not made on its token, or does not say */
	bool withdraw_request;       /* that another CA was asked for: it will not answer */
	/* the request */
	struct buf subject;          /* DER Name */
	struct buf request_der;
	struct request_info request;
	/* the certificate */
	char ski[129];               /* of a root, hex: renewed, it stays; "" = as the key's id says */
	struct cert_row cert;        /* id 0 until the intent */
	struct buf cert_der;
	struct cert_info cert_info;  /* borrows cert_der */
	struct buf renewed_der;
	struct buf replaced_der;     /* in the key's slot, of a key that was destroyed: see replace_key */
};
void issue_job_clear(struct issue_job *job);
AUTO_VALUE_DEFINE(issue_job, issue_job_clear);

#define issue_job_STEPS key_job_STEPS, const struct issue_job_step *: 0
JOB_DEFINE(issue_job, key.op);

#endif
