/* SPDX-License-Identifier: MIT */
/* receipt.h - prints the result of an operation; the command's output and receipt.json have the same records. */
#ifndef PKI_ISSUE_RECEIPT_H
#define PKI_ISSUE_RECEIPT_H

#include "pki/issue/issue_job.h"
#include "pki/token_ref.h"

/* Values of the record; texts borrowed from op. */
struct receipt {
	const char *name, *device, *key, *cka_id, *template_name;
	const char *subject, *serial, *thumbprint, *fingerprint;
	const char *root, *renews, *root_fingerprint, *origin, *local, *extractable, *sensitive, *value_refused;
	const char *module;
	const char *home;
	char ledger[33], head[SHA256_HEX];
	struct token_ref card;
	const void *token;           /* card, or NULL: the key is not on a token */
	int64_t not_before, not_after;
	bool is_installed, is_existing;
};
struct receipt_file {
	const char *what, *path, *sha256;
};
extern const struct out_field receipt_fields[], receipt_file_fields[];

int receipt_fill(struct receipt *out, const struct issue_job *job, struct err *e) MUST_CHECK;
/* Prints the record "result" and the list "files". */
int receipt_print(const struct issue_job *job, struct out *o, struct err *e) MUST_CHECK;
/* Prints the list "files" only. */
int receipt_print_files(const struct op *op, struct out *o, struct err *e) MUST_CHECK;
/* Appends the record and the list as JSON text. */
int receipt_write(struct issue_job *job, struct buf *out, struct err *e) MUST_CHECK;

#endif
