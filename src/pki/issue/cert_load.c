/* SPDX-License-Identifier: MIT */
/* cert_load.c - finds the certificate that an earlier run issued, and refuses one of another kind. */
#include <string.h>

#include "pki/issue/cert_load.h"
#include "x509/cert.h"

/* What was issued before must be what is asked for now: same root, same template. */
static int cert_load_refuse_other(const struct op *op, struct err *e)
{
	bool other_root = op->root.row.id != 0 && op->cert.root_id != op->root.row.id;

	if (!other_root && strcmp(op->cert.template_name, op->template->name) == 0)
		return 0;
	(void)err_set(e, ERR_POLICY, "'%s' has certificate %s (%s) of %s%s with this key", op->name, op->cert.serial,
	    op->cert.state, other_root ? "another root" : "template ", other_root ? "" : op->cert.template_name);
	e->code = "client-has-certificate";
	e->hint = other_root ? "to move the client to this root: `p11ca client renew SERIAL --root ROOT`; if the key "
			       "is for another machine, name that with --device"
			     : "ask with --template as before, or give the other machine a name with --device";
	return -1;
}

/* A successor for another key is not the answer to this request: its certificate would be useless to the client. */
static int cert_load_refuse_other_key(const struct op *op, struct err *e)
{
	if (op->renewed.id == 0 || strcmp(op->cert.key_sha256, op->key.key_sha256) == 0)
		return 0;
	(void)err_set(e, ERR_POLICY, "certificate %s of '%s' has a successor already, serial %s, for another key",
	    op->renewed.serial, op->name, op->cert.serial);
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

int op_load_cert(struct op *op, struct err *e)
{
	struct cert_query q = { .name = op->name, .device = op->device, .key_sha256 = op->key.key_sha256,
		.live_only = true };
	bool found;

	if (op->pki->ledger == NULL || op->cert.id != 0 ||
	    (op->key.key_sha256[0] == '\0' && op->renewed.id == 0))
		return 0;
	if (op->renewed.id != 0)
		q = (struct cert_query){ .renews = op->renewed.id, .live_only = true };
	q.roots_only = strcmp(op->purpose, "root") == 0;
	q.clients_only = !q.roots_only;
	if (ledger_cert_find(&op->cert, &op->cert_der, &found, op->pki->ledger, &q, e) < 0)
		return -1;
	if (!found)
		op->cert = (struct cert_row){ .id = 0 };
	else if (cert_load_refuse_other(op, e) < 0 || cert_load_refuse_other_key(op, e) < 0 ||
	    cert_check_days(&op->cert, op->days_asked, e) < 0)
		return -1;
	return op->cert_der.len > 0 ? cert_read_known(&op->cert_info, buf_bytes(&op->cert_der), e) : 0;
}
