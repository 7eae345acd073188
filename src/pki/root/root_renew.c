/* SPDX-License-Identifier: MIT */
/* root_renew.c - renews a root: a new certificate for the same key; clients' certificates stay valid. */
#include <string.h>

#include "pki/issue/issue_steps.h"
#include "pki/key/key.h"
#include "pki/key/root_hardware.h"
#include "pki/op.h"
#include "pki/root/root.h"
#include "x509/cert.h"
#include "x509/templates.h"

#define OTHER_ROOT                                                                                 \
	"create another root with `p11ca root create`, and move the clients to it: `p11ca root rollover`"

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

static int root_renew_load(struct op *op, struct err *e)
{
	struct root_row *row = &op->root.row;
	const struct cert_query q = { .id = row->cert_id };
	struct cert_info old;
	bool found;

	if (row->is_retired)
		return root_renew_refuse(row, "is retired", "root-retired", e);
	if (row->cert_id == 0)
		return root_renew_refuse(row, "has no certificate yet", "root-not-issued", e);
	if (ledger_cert_find(&op->renewed, &op->renewed_der, &found, op->pki->ledger, &q, e) < 0 ||
	    ledger_key_get(&op->key, op->pki->ledger, row->key_id, e) < 0 ||
	    ledger_key_spki(&op->spki, op->pki->ledger, row->key_id, e) < 0 ||
	    cert_read_known(&old, buf_bytes(&op->renewed_der), e) < 0 ||
	    cert_subject(&op->subject, buf_bytes(&op->renewed_der), e) < 0)
		return -1;
	if (!old.is_self_signed) {
		(void)err_set(e, ERR_POLICY, "root '%s' was signed by another CA, which renews it", row->name);
		return err_rule(e, "root-subordinate",
		    "give that CA `p11ca root request`, and its answer to `p11ca root install`");
	}
	(void)snprintf(op->ski, sizeof(op->ski), "%s", old.ski);
	return op->template != NULL ? 0 : template_find(&op->template, template_of(&op->renewed, &op->key), e);
}

int root_open_token(struct op *op, struct err *e)
{
	struct token_info info = { .is_initialised = true };
	char uri[700];

	(void)snprintf(info.label, sizeof(info.label), "%s", op->key.location.token_label);
	(void)snprintf(info.serial, sizeof(info.serial), "%s", op->key.location.token_serial);
	if (op->where != NULL)
		return op_card_open(op, e);
	op->module_path = op->key.location.module_path;
	if (uri_format_token(uri, sizeof(uri), &info, e) < 0 || uri_parse(&op->own_where, uri, e) < 0)
		return -1;
	op->where = op->own_where;
	return op_card_open(op, e);
}

static int root_renew_find_probe(struct op *op, enum step_state *out, struct err *e)
{
	bool found;

	*out = STEP_DONE; /* look() does everything */
	if (ledger_root_find(&op->root.row, &found, op->pki->ledger, op->name, e) < 0)
		return -1;
	if (!found) {
		(void)err_set(e, ERR_NOT_FOUND, "the ledger has no root '%s'", op->name);
		e->hint = "see `p11ca root list`";
		return -1;
	}
	return root_renew_load(op, e) < 0 || root_open_token(op, e) < 0 ? -1 : root_check_hardware(op, e);
}

int root_renew(struct op *op, const struct run_mode *mode, struct out *o, struct err *e)
{
	static const struct op_step find = { STEP_OF(op, "find the root"), .probe = root_renew_find_probe };
	static const struct op_list list[] = { STEP(op, find), STEP(op, step_check_key), STEP(op, step_self_sign),
		STEP(op, step_install), STEPS_END };

	op->purpose = "root";
	op->device = "";
	if (op_run(list, op, mode, o, e) < 0) {
		if (e->code != NULL && strncmp(e->code, "key-", 4) == 0 && e->status == ERR_POLICY)
			e->hint = OTHER_ROOT; /* a rule's hint suggests a new key */
		return err_while(e, "renewing root '%s'", op->name);
	}
	return 0;
}
