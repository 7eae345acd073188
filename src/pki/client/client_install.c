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
	struct issue_job *job = arg;
	struct issuer *root = &job->key.root;
	struct cert_info info;
	struct buf *to = job->cert_der.len == 0 ? &job->cert_der : root->der.len == 0 ? &root->der : &root->issuers;

	return cert_read(&info, der, e) < 0 ? -1 : buf_add(to, der.data, der.len, e);
}

/* The issuer: the next certificate in the file, else from the ledger if that has the certificate. */
static int client_install_find_issuer(struct issue_job *job, struct err *e)
{
	struct op *op = &job->key.op;
	struct cert_query q = { .any_id = job->cert_info.fingerprint };
	struct buf der = { 0 };
	bool found = false;
	int result = 0;

	if (op->pki->ledger == NULL)
		return 0;
	if (ledger_cert_find(&job->cert, &der, &found, op->pki->ledger, &q, e) < 0)
		result = -1;
	else if (!found)
		job->cert = (struct cert_row){ .id = 0 };
	else if (job->key.root.der.len == 0 && job->cert.root_id != 0 &&
		 (ledger_root_get(&job->key.root.row, op->pki->ledger, job->cert.root_id, e) < 0 ||
		     issuer_find(&job->key.root, op->pki, job->key.root.row.name, e) < 0))
		result = -1;
	buf_clear(&der);
	return result;
}

static int client_install_read_probe(struct issue_job *job, enum step_state *out, struct err *e)
{
	struct op *op = &job->key.op;
	AUTO_VALUE(buf) file = { 0 };

	*out = STEP_DONE;
	if (file_read(&file, op->out_path, FILE_MAX, e) < 0 ||
	    der_each_cert(buf_bytes(&file), CHAIN_MAX, client_install_take_cert, job, e) < 0)
		return err_while(e, "reading certificate '%s'", op->out_path);
	if (cert_read(&job->cert_info, buf_bytes(&job->cert_der), e) < 0 || client_install_find_issuer(job, e) < 0)
		return -1;
	op->name = job->cert_info.cn;
	if (job->key.root.der.len > 0 &&
	    (cert_read_known(&job->key.root.info, buf_bytes(&job->key.root.der), e) < 0 ||
		cert_verify(buf_bytes(&job->cert_der), buf_bytes(&job->key.root.der), 0, e) < 0 ||
		issuers_verify(buf_bytes(&job->key.root.der), buf_bytes(&job->key.root.issuers), e) < 0))
		return err_while(e, "checking certificate '%s' against its issuer", op->out_path);
	return op_card_open(&job->key, e) < 0 ? -1 : card_refuse_other(&job->key, e);
}

static int client_install_write_run(struct issue_job *job, struct err *e)
{
	struct op *op = &job->key.op;

	if (op_card_login(&job->key, e) < 0 || op_find_cert_key(&job->key, &job->cert_info, e) < 0)
		return -1;
	if (install_cert(job->key.card, buf_bytes(&job->cert_der), job->key.row.location.cka_id, op->name, e) < 0)
		return -1;
	if (job->key.root.der.len > 0 && job->key.card_info.has_room_for_chain &&
	    install_ca(job->key.card, buf_bytes(&job->key.root.der), NULL, e) < 0)
		return -1;
	if (job->key.card_info.has_room_for_chain &&
	    install_issuers(job->key.card, buf_bytes(&job->key.root.issuers), e) < 0)
		return -1;
	if (job->cert.id != 0 && ledger_cert_installed(op->pki->ledger, job->cert.id, &job->key.row.location, e) < 0)
		return -1;
	job->cert.installed_at = clock_now(&op->pki->clock);
	return 0;
}

int client_install(struct issue_job *job, const char *file, const struct run_mode *mode, struct out *o, struct err *e)
{
	struct op *op = &job->key.op;
	static const struct issue_job_step read_step = { STEP_OF(issue_job, "read the certificate"),
		.probe = client_install_read_probe };
	static const struct issue_job_step write_step = { STEP_OF(issue_job, "write the certificate to the token"),
		.run = client_install_write_run };
	static const struct issue_job_list list[] = { STEP(issue_job, read_step), STEP(issue_job, write_step),
		STEPS_END };

	op->purpose = "client";
	op->name = op->device = "";
	op->out_path = file;
	return issue_job_run(list, job, mode, o, e);
}
