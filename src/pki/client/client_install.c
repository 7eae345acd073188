/* SPDX-License-Identifier: MIT */
/* client_install.c - writes a certificate from a file to the token that holds its key. */
#include <string.h>

#include "pki/client/client.h"
#include "pki/issuer.h"
#include "pki/key/card_owner.h"
#include "pki/issue/install.h"
#include "pki/key/key.h"
#include "pki/op.h"
#include "util/file.h"
#include "x509/cert.h"
#include "x509/encode.h"
#include "x509/issuers.h"

#define FILE_MAX (1024 * 1024)
#define CHAIN_MAX (2 + ISSUERS_MAX)

static int client_install_take_cert(struct bytes der, void *arg, struct err *e)
{
	struct op *op = arg;
	struct cert_info info;
	struct buf *to = op->cert_der.len == 0 ? &op->cert_der :
	    op->root.der.len == 0	       ? &op->root.der :
						 &op->root.issuers;

	return cert_read(&info, der, e) < 0 ? -1 : buf_add(to, der.data, der.len, e);
}

/* The issuer: the next certificate in the file, else from the ledger if that has the certificate. */
static int client_install_find_issuer(struct op *op, struct err *e)
{
	struct cert_query q = { .any_id = op->cert_info.fingerprint };
	struct buf der = { 0 };
	bool found = false;
	int result = 0;

	if (op->pki->ledger == NULL)
		return 0;
	if (ledger_cert_find(&op->cert, &der, &found, op->pki->ledger, &q, e) < 0)
		result = -1;
	else if (!found)
		op->cert = (struct cert_row){ .id = 0 };
	else if (op->root.der.len == 0 && op->cert.root_id != 0 &&
	    (ledger_root_get(&op->root.row, op->pki->ledger, op->cert.root_id, e) < 0 ||
		issuer_find(&op->root, op->pki, op->root.row.name, e) < 0))
		result = -1;
	buf_clear(&der);
	return result;
}

static int client_install_read_probe(struct op *op, enum step_state *out, struct err *e)
{
	AUTO_VALUE(buf) file = { 0 };

	*out = STEP_DONE;
	if (file_read(&file, op->out_path, FILE_MAX, e) < 0 ||
	    der_each_cert(buf_bytes(&file), CHAIN_MAX, client_install_take_cert, op, e) < 0)
		return err_while(e, "reading certificate '%s'", op->out_path);
	if (cert_read(&op->cert_info, buf_bytes(&op->cert_der), e) < 0 || client_install_find_issuer(op, e) < 0)
		return -1;
	op->name = op->cert_info.cn;
	if (op->root.der.len > 0 && (cert_read_known(&op->root.info, buf_bytes(&op->root.der), e) < 0 ||
		cert_verify(buf_bytes(&op->cert_der), buf_bytes(&op->root.der), 0, e) < 0 ||
		issuers_verify(buf_bytes(&op->root.der), buf_bytes(&op->root.issuers), e) < 0))
		return err_while(e, "checking certificate '%s' against its issuer", op->out_path);
	return op_card_open(op, e) < 0 ? -1 : card_refuse_other(op, e);
}

static int client_install_write_run(struct op *op, struct err *e)
{
	if (op_card_login(op, e) < 0 || op_find_cert_key(op, &op->cert_info, e) < 0)
		return -1;
	if (install_cert(op->card, buf_bytes(&op->cert_der), op->key.location.cka_id, op->name, e) < 0)
		return -1;
	if (op->root.der.len > 0 && op->card_info.has_room_for_chain &&
	    install_ca(op->card, buf_bytes(&op->root.der), NULL, e) < 0)
		return -1;
	if (op->card_info.has_room_for_chain && install_issuers(op->card, buf_bytes(&op->root.issuers), e) < 0)
		return -1;
	if (op->cert.id != 0 && ledger_cert_installed(op->pki->ledger, op->cert.id, &op->key.location, e) < 0)
		return -1;
	op->cert.installed_at = clock_now(&op->pki->clock);
	return 0;
}

int client_install(struct op *op, const char *file, const struct run_mode *mode, struct out *o, struct err *e)
{
	static const struct op_step read_step = { STEP_OF(op, "read the certificate"),
		.probe = client_install_read_probe };
	static const struct op_step write_step = { STEP_OF(op, "write the certificate to the token"),
		.run = client_install_write_run };
	static const struct op_list list[] = { STEP(op, read_step), STEP(op, write_step), STEPS_END };

	op->purpose = "client";
	op->name = op->device = "";
	op->out_path = file;
	return op_run(list, op, mode, o, e);
}
