/* SPDX-License-Identifier: MIT */
/* root_renew.c - renews a root: a new certificate for the same key; clients' certificates stay valid. */
#include <string.h>

#include "pki/issue/issue_steps.h"
#include "pki/key/key.h"
#include "pki/key/root_hardware.h"
#include "pki/op.h"
#include "pki/root/root.h"
#include "pki/root_find.h"
#include "x509/cert.h"
#include "x509/templates.h"

#define OTHER_ROOT                                                                                 \
	"create another root with `p11ca root create`, and move the clients to that root: `p11ca root rollover`"

/* The template for the renewal of a root that was made elsewhere. */
static const char *template_of(const struct cert_row *row, const struct key_row *key)
{
	const struct cert_template *t;
	struct err ignored = ERR_INIT;

	if (template_find(&t, row->template_name, &ignored) == 0 && t->is_root)
		return row->template_name;
	return strncmp(key->spec, "rsa:", 4) == 0 ? "azure-root" : "vpn-root";
}

static int root_renew_refuse(const struct root_row *row, const char *what, const char *code, struct err *e)
{
	(void)err_set(e, ERR_POLICY, "root '%s' %s", row->name, what);
	e->code = code;
	e->hint = "see `p11ca root list`";
	return -1;
}

static int root_renew_load(struct issue_job *job, struct err *e)
{
	struct op *op = &job->key.op;
	struct root_row *row = &job->key.root.row;
	const struct cert_query q = { .id = row->cert_id };
	struct cert_info old;
	bool found;

	if (row->is_retired)
		return root_renew_refuse(row, "is retired", "root-retired", e);
	if (row->cert_id == 0)
		return root_renew_refuse(row, "has no certificate yet", "root-not-issued", e);
	if (ledger_cert_find(&job->key.renewed, &job->renewed_der, &found, op->pki->ledger, &q, e) < 0 ||
	    ledger_key_get(&job->key.row, op->pki->ledger, row->key_id, e) < 0 ||
	    ledger_key_spki(&job->key.spki, op->pki->ledger, row->key_id, e) < 0 ||
	    cert_read_known(&old, buf_bytes(&job->renewed_der), e) < 0 ||
	    cert_subject(&job->subject, buf_bytes(&job->renewed_der), e) < 0)
		return -1;
	if (!old.is_self_signed) {
		(void)err_set(e, ERR_POLICY, "root '%s' was signed by another CA: that CA renews it", row->name);
		return err_rule(e, "root-subordinate",
		    "write a request with `p11ca root request`, and record the CA's answer with `p11ca root install`");
	}
	(void)snprintf(job->ski, sizeof(job->ski), "%s", old.ski);
	return job->key.template != NULL
		   ? 0
		   : template_find(&job->key.template, template_of(&job->key.renewed, &job->key.row), e);
}

int root_open_token(struct key_job *job, struct err *e)
{
	struct token_info info = { .is_initialised = true };
	char uri[700];

	(void)snprintf(info.label, sizeof(info.label), "%s", job->row.location.token_label);
	(void)snprintf(info.serial, sizeof(info.serial), "%s", job->row.location.token_serial);
	if (job->where != NULL)
		return op_card_open(job, e);
	job->module_path = job->row.location.module_path;
	if (uri_format_token(uri, sizeof(uri), &info, e) < 0 || uri_parse(&job->own_where, uri, e) < 0)
		return -1;
	job->where = job->own_where;
	return op_card_open(job, e);
}

static int root_renew_find_probe(struct issue_job *job, enum step_state *out, struct err *e)
{
	struct op *op = &job->key.op;

	*out = STEP_DONE; /* look() does everything */
	if (root_row_find(&job->key.root.row, op->pki, op->name, e) < 0)
		return -1;
	return root_renew_load(job, e) < 0 || root_open_token(&job->key, e) < 0 ? -1
										: root_check_hardware(&job->key, e);
}

int root_renew(struct issue_job *job, const struct run_mode *mode, struct out *o, struct err *e)
{
	struct op *op = &job->key.op;
	static const struct issue_job_step find = { STEP_OF(issue_job, "find the root"),
		.probe = root_renew_find_probe };
	static const struct issue_job_list list[] = { STEP(issue_job, find), STEP(issue_job, step_check_key),
		STEP(issue_job, step_self_sign), STEP(issue_job, step_install), STEPS_END };

	op->purpose = "root";
	op->device = "";
	if (issue_job_run(list, job, mode, o, e) < 0) {
		if (e->code != NULL && strncmp(e->code, "key-", 4) == 0 && e->status == ERR_POLICY)
			e->hint = OTHER_ROOT; /* a rule's hint suggests a new key */
		return err_while(e, "renewing root '%s'", op->name);
	}
	return 0;
}
