/* SPDX-License-Identifier: MIT */
/* client_import.h - imports certificates that a root issued before it was in the ledger, and their revocations. */
#ifndef PKI_CLIENT_CLIENT_IMPORT_H
#define PKI_CLIENT_CLIENT_IMPORT_H

#include "ledger/ledger.h"
#include "pki/issuer.h"
#include "pki/op.h"

/* The options and results of `client import`. */
struct import_job {
	struct op op;
	/* options */
	const char *root_name;
	char *const *files;          /* certificates: PEM (also several in one file), DER or base64; receipts */
	size_t n_files;
	const char *revoked_from;    /* a CRL of the root, or the state of a gateway; NULL = none */
	/* found */
	struct issuer root;
	struct import_item {
		struct buf der;      /* empty: only the serial is known */
		char serial[SERIAL_HEX];
		char device[65], template_name[33]; /* from a receipt; "" = not stated */
		bool is_of_receipt;
		const char *reason;  /* static: a word of model/revoke_reason.def; NULL = not revoked */
		int64_t revoked_at;
	} *items;
	size_t n, cap;
	struct import_result *results; /* ids of the items, once recorded */
	struct crl_row crl;          /* number 0 = no CRL, or a CRL without number */
	size_t n_unmatched;          /* thumbprints that match no certificate */
};
void import_job_clear(struct import_job *job);
AUTO_VALUE_DEFINE(import_job, import_job_clear);
#define import_job_STEPS op_STEPS, const struct import_job_step *: 0
JOB_DEFINE(import_job, op);

/*
 * Records the certificates for the root job->root_name, each verified with its key, without a template or a TBS of
 * p11ca; and revokes what revoked_from revokes, also certificates of the ledger and bare serials.
 * -1: ERR_INPUT, ERR_POLICY ("import-ca", a code of cert_verify(), "crl-issuer", or as ledger_certs_import()).
 */
int client_import(struct import_job *job, const struct run_mode *mode, struct out *o, struct err *e) MUST_CHECK;
/* Prints list "certificates", record "import". */
int import_print(const struct import_job *job, struct out *o, struct err *e) MUST_CHECK;
extern const struct out_field imported_fields[], import_fields[];

#endif
