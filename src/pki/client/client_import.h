/* SPDX-License-Identifier: MIT */
/* client_import.h - certificates that a root issued before it was ours, and what was revoked of them. */
#ifndef PKI_CLIENT_CLIENT_IMPORT_H
#define PKI_CLIENT_CLIENT_IMPORT_H

#include "ledger/ledger.h"
#include "pki/op.h"

/* What `client import` is about; op.import. */
struct import_job {
	/* asked for */
	char *const *files;          /* certificates: PEM (several in one file, too), DER or base64; receipts */
	size_t n_files;
	const char *revoked_from;    /* a CRL of the root, or what az says of a gateway; NULL = none */
	/* found */
	struct import_item {
		struct buf der;      /* empty: only the serial is known */
		char serial[SERIAL_HEX];
		char device[65], template_name[33]; /* of a receipt; "" = not stated */
		bool is_of_receipt;
		const char *reason;  /* static: a word of model/revoke_reason.def; NULL = not revoked */
		int64_t revoked_at;
	} *items;
	size_t n, cap;
	struct import_result *results; /* of the items, once recorded */
	struct crl_row crl;          /* number 0 = there was none, or it has no number */
	size_t n_unmatched;          /* thumbprints that are of no certificate here */
};
void import_job_clear(struct import_job *job);
AUTO_VALUE_DEFINE(import_job, import_job_clear);

/*
 * Takes the certificates into the ledger as the root's op->root_name, each verified with its key, without a template or
 * a TBS of ours; and revokes what revoked_from revokes, also what is in the ledger already, or known by serial alone.
 * -1: ERR_INPUT, ERR_POLICY ("import-ca", a code of cert_verify(), "crl-issuer", or as ledger_certs_import()).
 */
int client_import(struct op *op, const struct run_mode *mode, struct out *o, struct err *e) MUST_CHECK;
/* List "certificates", record "import". */
int import_print(const struct op *op, struct out *o, struct err *e) MUST_CHECK;
extern const struct out_field imported_fields[], import_fields[];

#endif
