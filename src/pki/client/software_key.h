/* SPDX-License-Identifier: MIT */
/*
 * software_key.h - keys without a token: a key file on the client's own machine, or a key that is generated in memory
 * and exported once, encrypted.
 */
#ifndef PKI_KEY_SOFTWARE_KEY_H
#define PKI_KEY_SOFTWARE_KEY_H

#include "pki/client/client_job.h"
#include "x509/key/soft_key.h"

#define BUNDLE_CERTS_MAX 32
#define SOFTWARE_KEY_ORIGIN "generated-for-client"

struct software_key {
	/* options; borrowed */
	const char *key_file;        /* NULL: generate a key in memory */
	const char *cert_path;       /* client bundle: the certificate, possibly followed by issuers */
	const char *const *chain_paths;
	size_t n_chain_paths;
	const char *root_path;       /* NULL = none */
	enum pfx_compat compat;
	bool generate_password;      /* p11ca chooses the PFX's password */
	/* results */
	struct soft_key *key;        /* owned */
	bool is_new;                 /* the key file does not exist yet */
	struct secret pfx_password;
	struct buf chain[BUNDLE_CERTS_MAX]; /* the issuers, nearest first */
	size_t n_chain;
	struct cert_row lost;        /* of a run that died before the export; id 0 = none */
};
void software_key_clear(struct software_key *job);
AUTO_VALUE_DEFINE(software_key, software_key_clear);

/*
 * A PFX (PKCS#12) at op.out_path of the key in the file, its certificate and every issuer up to the root, taken from
 * the certificate's own file, the chain's files, and the ledger where there is one.
 * -1 (ERR_POLICY): "pfx-chain", "pfx-key", "pfx-password", "token-key".
 */
int client_bundle(struct client_job *job, const struct run_mode *mode, struct out *o, struct err *e) MUST_CHECK;

/*
 * Call before any other use of OpenSSL: memory for a key in memory is locked and wiped.
 * -1: ERR_POLICY "memory-not-locked", ERR_INTERNAL.
 */
int software_protect(struct err *e) MUST_CHECK;

/* Collects the issuers of cert up to the root in job->chain: from files (paths of the job) and the ledger (or NULL). */
int software_find_chain(struct software_key *job, struct bytes cert, struct ledger *l, struct err *e) MUST_CHECK;
/* Appends job->key, the certificate and job->chain as a PFX; is_bare: without the chain. */
int software_pack(struct buf *out, const struct software_key *job, const struct cert_info *cert, enum pfx_compat compat,
    bool is_bare, struct err *e) MUST_CHECK;

/* -1 (ERR_POLICY "token-key"): the name is a token's URI, not a file. */
int software_check_path(const char *path, struct err *e) MUST_CHECK;
/* Asks for the passphrase of a key file ("key file") or a password for a PFX ("pfx"); path is shown to the person. */
int software_ask(struct secret *out, struct op *op, const char *purpose, const char *path, bool is_new, struct err *e)
    MUST_CHECK;
/* Checks that the PFX and, with generate_password, the password's file can be written. As file_check_writable(). */
int software_check_pfx(const struct client_job *job, const char *path, struct err *e) MUST_CHECK;
/* Fills job->pfx_password for the PFX at path.  -1: as software_ask() and pfx_check_password(). */
int software_pfx_password(struct client_job *job, const char *path, struct err *e) MUST_CHECK;
/*
 * Writes the PFX, mode 0600, as the last of op.files. A generated password is written before it as one line to the
 * file with ".password" added to the PFX's name, mode 0600; it is shown nowhere else.
 */
int software_write_pfx(struct client_job *job, const char *path, struct bytes pfx, struct err *e) MUST_CHECK;
/* Sets job->spki, its hash and key.spec from the key. */
int software_fill_key(struct client_job *job, struct err *e) MUST_CHECK;

/* software_enroll.c */
/* The file of the PFX in op->out_path; the caller frees it. NULL: e is set. */
char *software_pfx_path(const struct op *op, struct err *e);
extern const struct client_job_step step_generate_software_key, step_issue_software, step_deliver_key;
extern const struct client_job_step step_key_file, step_software_request; /* key_file_step.c */

#endif
