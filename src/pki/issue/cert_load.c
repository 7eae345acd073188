/* SPDX-License-Identifier: MIT */
/* cert_load.c - finds the certificate that an earlier run issued, and refuses one of another kind. */
#include <string.h>

#include "pki/issue/cert_load.h"
#include "x509/cert.h"

/* What was issued before must be what is asked for now: same root, same template. */
static int cert_load_refuse_other(const struct issue_job *job, struct err *e)
{
	bool other_root = job->key.root.row.id != 0 && job->cert.root_id != job->key.root.row.id;

	if (!other_root && strcmp(job->cert.template_name, job->key.template->name) == 0)
		return 0;
	(void)err_set(e, ERR_POLICY, "'%s' has certificate %s (%s) of %s%s with this key", job->key.op.name,
	    job->cert.serial, job->cert.state, other_root ? "another root" : "template ",
	    other_root ? "" : job->cert.template_name);
	e->code = "client-has-certificate";
	e->hint = other_root ? "to move the client to this root: `p11ca client renew SERIAL --root ROOT`; if the key "
			       "is for another machine, name that with --device"
			     : "use the same --template as before, or give the other machine a name with --device";
	return -1;
}

/* A successor for another key is not the answer to this request: its certificate would be useless to the client. */
static int cert_load_refuse_other_key(const struct issue_job *job, struct err *e)
{
	if (job->key.renewed.id == 0 || strcmp(job->cert.key_sha256, job->key.row.key_sha256) == 0)
		return 0;
	(void)err_set(e, ERR_POLICY, "certificate %s of '%s' already has a successor, serial %s, for another key",
	    job->key.renewed.serial, job->key.op.name, job->cert.serial);
	e->code = "client-has-certificate";
	e->hint = "renew the successor by its serial number, or revoke it first with `p11ca client revoke`";
	return -1;
}

int cert_check_days(const struct cert_row *row, unsigned days_asked, struct err *e)
{
	const long long seconds = row->not_after - row->not_before;

	if (days_asked == 0 || seconds == (long long)days_asked * 86400)
		return 0;
	(void)err_set(e, ERR_POLICY, "'%s' has certificate %s (%s), which is valid for %lld days, not for %u",
	    row->name, row->serial, row->state, seconds / 86400, days_asked);
	return err_rule(e, "client-has-certificate", "leave out --days to get that certificate again, or renew it");
}

int op_load_cert(struct issue_job *job, struct err *e)
{
	struct op *op = &job->key.op;
	struct cert_query q = {
		.name = op->name, .device = op->device, .key_sha256 = job->key.row.key_sha256, .live_only = true
	};
	bool found;

	if (op->pki->ledger == NULL || job->cert.id != 0 ||
	    (job->key.row.key_sha256[0] == '\0' && job->key.renewed.id == 0))
		return 0;
	if (job->key.renewed.id != 0)
		q = (struct cert_query){ .renews = job->key.renewed.id, .live_only = true };
	q.roots_only = strcmp(op->purpose, "root") == 0;
	q.clients_only = !q.roots_only;
	if (ledger_cert_find(&job->cert, &job->cert_der, &found, op->pki->ledger, &q, e) < 0)
		return -1;
	if (!found)
		job->cert = (struct cert_row){ .id = 0 };
	else if (cert_load_refuse_other(job, e) < 0 || cert_load_refuse_other_key(job, e) < 0 ||
		 cert_check_days(&job->cert, job->days_asked, e) < 0)
		return -1;
	return job->cert_der.len > 0 ? cert_read_known(&job->cert_info, buf_bytes(&job->cert_der), e) : 0;
}
