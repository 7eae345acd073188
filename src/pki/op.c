/* SPDX-License-Identifier: MIT */
/* op.c - the card of an operation, and what it owns. */

#include <stdlib.h>
#include <string.h>

#include "pki/op.h"
#include "pki/issuer.h"
#include "x509/cert.h"

void op_clear(struct op *op)
{
	issuer_clear(&op->root); /* before the card, whose session it may share */
	token_close(op->card);
	buf_clear(&op->spki);
	buf_clear(&op->subject);
	buf_clear(&op->request_der);
	buf_clear(&op->tbs);
	buf_clear(&op->cert_der);
	buf_clear(&op->renewed_der);
	uri_free(op->own_where);
	buf_clear(&op->replaced_der);
	request_clear(&op->request);
	op_forget_files(op, 0);
	memset(op, 0, sizeof(*op));
}

void op_forget_files(struct op *op, size_t keep)
{
	while (op->n_files > keep)
		free(op->files[--op->n_files].path);
}

static int check_card(const struct token_info *info, struct err *e)
{
	if (!info->is_initialised) {
		(void)err_set(e, ERR_TOKEN, "token %s is not initialised", info->uri);
		e->hint = "initialise it with `p11ca token init`";
		return -1;
	}
	if (info->pin_locked) {
		(void)err_set(e, ERR_PIN, "the PIN of token '%s' is locked", info->label);
		e->hint = "unblock it with `p11ca token pin`";
		return -1;
	}
	if (info->is_write_protected)
		return err_set(e, ERR_TOKEN, "token '%s' is write-protected", info->label);
	return 0;
}

int op_card_open(struct op *op, struct err *e)
{
	if (op->card != NULL)
		return 0;
	if ((op->module_path != NULL ? pki_root_module(&op->card_module, op->pki, op->module_path, e) :
				       pki_module(&op->card_module, op->pki, op->where, e)) < 0)
		return -1;
	if (token_find(&op->card_info, op->card_module, op->where, e) < 0 || check_card(&op->card_info, e) < 0 ||
	    token_open(&op->card, op->card_module, op->where, true, e) < 0)
		return err_while(e, "opening the token for %s '%s'", op->purpose, op->name);
	token_keep_pin(op->card); /* a key that is proved is read after a second login */
	return 0;
}

int op_card_login(struct op *op, struct err *e)
{
	const char *purpose = strcmp(op->purpose, "root") == 0 ? "issuer" : "card";

	return token_login(op->card, PIN_USER, purpose, uri_pin_source(op->where), e);
}

int op_card_login_to_fill(struct op *op, struct err *e)
{
	return token_is_filled_by_so(op->card) ? token_login(op->card, PIN_SO, "card", NULL, e) : op_card_login(op, e);
}

int op_confirm(struct op *op, const char *question, const char *want, struct err *e)
{
	if (op->confirm == NULL)
		return op->pki->ui->confirm(op->pki->ui->self, question, want, e);
	if (strcmp(op->confirm, want) == 0)
		return 0;
	(void)err_set(e, ERR_POLICY, "--confirm says '%s', not '%s'", op->confirm, want);
	e->code = "not-confirmed";
	return -1;
}

int op_note(struct op *op, const char *kind, struct err *e)
{
	if (op->pki->ledger == NULL)
		return 0;
	return ledger_note(op->pki->ledger, kind, op->card_info.uri, "", e);
}

int op_run_steps(
    const struct step *const list[], struct op *op, const struct run_mode *mode, struct out *o, struct err *e)
{
	unsigned n_run;
	const struct run_mode counting = { .dry_run = mode->dry_run, .note = mode->note, .n_run = &n_run };

	if (steps_run(list, op, &counting, o, op->pki->ui, e) < 0)
		return -1;
	op->is_done_before = n_run == 0;
	return 0;
}

/* What was issued before must be what is asked for now: same root, same template. */
static int refuse_other(const struct op *op, struct err *e)
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
static int op_refuse_other_key(const struct op *op, struct err *e)
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
	else if (refuse_other(op, e) < 0 || op_refuse_other_key(op, e) < 0 ||
	    cert_check_days(&op->cert, op->days_asked, e) < 0)
		return -1;
	return op->cert_der.len > 0 ? cert_read_known(&op->cert_info, buf_bytes(&op->cert_der), e) : 0;
}

int op_add_file(struct op *op, const char *what, const char *path, struct bytes content, struct err *e)
{
	struct op_file *f = &op->files[op->n_files];

	if (op->n_files >= sizeof(op->files) / sizeof(op->files[0]))
		return err_set(e, ERR_INTERNAL, "more files than a receipt has room for");
	if (hash_sha256_hex(f->sha256, content, e) < 0)
		return -1;
	f->path = strdup(path);
	if (f->path == NULL)
		return err_set(e, ERR_INTERNAL, "out of memory");
	(void)snprintf(f->what, sizeof(f->what), "%s", what);
	op->n_files++;
	return 0;
}
