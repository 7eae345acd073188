/* SPDX-License-Identifier: MIT */
/* client_issue.c - see client_issue.h. */
#include "pki/client/client_issue_run.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pki/user_templates.h"
#include "util/file.h"
#include "x509/tbs.h"
#include "x509/templates.h"

const struct out_field issue_row_fields[] = {
	{ OUT_TEXT("file", "REQUEST", struct issue_row, file), .help = "where the request came from" },
	{ OUT_TEXT("outcome", "RESULT", struct issue_row, result),
	    .help =
		"issued, existing (issued before), finished (an interrupted run's), refused; in a dry run: to issue" },
	{ OUT_TEXT("name", "NAME", struct issue_row, name), .help = "what it was certified as" },
	{ OUT_TEXT("device", NULL, struct issue_row, device), .help = "the client's device" },
	{ OUT_TEXT("serial", "SERIAL", struct issue_row, serial), .as = OUT_AS_ID, .help = "hex" },
	{ OUT_TIME("not_after", NULL, struct issue_row, not_after), .help = "end of validity" },
	{ OUT_TEXT("thumbprint", NULL, struct issue_row, thumbprint), .help = "SHA-1 of the DER" },
	{ OUT_TEXT("fingerprint", NULL, struct issue_row, fingerprint), .help = "SHA-256 of the DER" },
	{ OUT_TEXT("path", "FILE", struct issue_row, path), .as = OUT_AS_LOW,
	    .help = "where the certificate was written" },
	{ OUT_TEXT("code", NULL, struct issue_row, code), .help = "refused: the id of the rule, see explain" },
	{ OUT_TEXT("message", "WHY", struct issue_row, why), .as = OUT_AS_PROSE, .help = "refused: the reason" },
	{ OUT_TEXT("not_granted", NULL, struct issue_row, ignored), .separator = ',',
	    .help = "requested, and not granted" },
	{ .key = NULL },
};

/* All checks before any login. */
static int client_issue_look(struct client_issue_run *r, struct err *e)
{
	const struct client_issue *job = r->job;
	const struct config_root *conf;
	int64_t from, to;

	if (issuer_find(&r->root, job->pki, job->root_name, e) < 0 || ledger_may_sign(job->pki->ledger, e) < 0)
		return -1;
	conf = config_find_root(&job->pki->config, r->root.row.name);
	r->names = job->names;
	r->names.allow = conf != NULL ? conf->allow_names : "";
	r->policy.template = job->template;
	r->policy.days = r->policy.days_asked = job->days;
	if (pki_client_defaults(job->pki, r->root.row.name, &r->policy.template, &r->policy.days, e) < 0)
		return -1;
	if (job->n_files == 1 && strcmp(job->files[0], "-") != 0 && access(job->files[0], R_OK) < 0)
		return err_set_errno(e, ERR_OUTPUT, "cannot read '%s'", job->files[0]);
	if (job->names.list != NULL &&
	    name_list_check_files(job->names.list, job->files, job->n_files, job->pki->ui, e) < 0)
		return -1;
	if (job->out_path != NULL && file_check_folder(job->out_path, e) < 0)
		return -1;
	return validity_choose(&from, &to,
	    &(struct validity_query){ clock_now(&job->pki->clock), r->policy.days, r->policy.template, &r->root.info },
	    e);
}

static int client_issue_open(struct client_issue_run *r, struct err *e)
{
	if (r->job->out_path != NULL &&
	    (file_make_new_folder(&r->made, r->job->out_path, e) < 0 || issue_folder_check(r, e) < 0))
		return -1;
	return issuer_open(&r->root, r->job->pki, NULL, false, e);
}

static int run_all(struct client_issue_run *r, struct err *e)
{
	if (client_issue_look(r, e) < 0 || (!r->dry_run && client_issue_open(r, e) < 0))
		return -1;
	if (out_list(r->o, "certificates", issue_row_fields, e) < 0 || issue_pipeline_run(r, e) < 0 ||
	    out_end(r->o, e) < 0)
		return -1;
	if (r->n_refused > 0 && r->job->n_files == 1) {
		*e = r->first;
		return -1;
	}
	return r->n_refused > 0 ? 1 : 0;
}

int client_issue(const struct client_issue *job, const struct run_mode *mode, struct out *o, struct err *e)
{
	struct client_issue_run r = { .job = job, .o = o, .dry_run = mode->dry_run,
		.policy = { .max_live = 1 } };
	int result = run_all(&r, e);

	if (r.made != NULL && !r.is_folder_ready)
		file_unmake_folder(job->out_path, r.made);
	free(r.made);
	issuer_clear(&r.root);
	return result;
}
