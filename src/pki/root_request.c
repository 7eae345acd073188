/* SPDX-License-Identifier: MIT */
/* root_request.c - a root whose certificate another CA signs: its key on the token, and a request. */
#include "pki/ops.h"
#include "pki/root_life.h"
#include "pki/token_signer.h"

static int sign_run(struct op *op, struct err *e)
{
	AUTO_VALUE(signer) s = { 0 };
	struct key_ref key;
	char sha256[SHA256_HEX], object[80];

	if (ledger_root_requested(op->pki->ledger, op->root.row.id, e) < 0)
		return -1;
	if (op_card_login(op, e) < 0 || token_find_key(&key, op->card, op->key.place.cka_id, e) < 0 ||
	    token_signer_open(&s, op->card, &key, e) < 0)
		return err_while(e, "using the key of root '%s'", op->name);
	(void)snprintf(object, sizeof(object), "root %s", op->name);
	return op_sign_request_as(op, &s, e) < 0 || hash_sha256_hex(sha256, buf_bytes(&op->request_der), e) < 0 ?
	    -1 :
	    ledger_note(op->pki->ledger, "root-request-signed", object, sha256, e);
}

int root_request(struct op *op, const struct run_mode *mode, struct out *o, struct err *e)
{
	static const struct step sign = { .name = "build the request", .run = sign_run };
	static const struct step *const list[] = { &step_check_root_name, &step_plan_key, &step_reserve_root,
		&step_generate_key, &step_prove_key, &sign, &step_write_request, NULL };

	op->purpose = "root";
	op->device = "";
	if (op_run(list, op, mode, o, e) < 0)
		return err_while(e, "requesting a certificate for root '%s'", op->name);
	return 0;
}
