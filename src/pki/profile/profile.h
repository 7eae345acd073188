/* SPDX-License-Identifier: MIT */
/* profile.h - a client's VPN configuration in the formats that were asked for. */
#ifndef PKI_PROFILE_PROFILE_H
#define PKI_PROFILE_PROFILE_H

#include "model/package.h"
#include "model/vpn_profile.h"
#include "pki/op.h"
#include "pki/profile/profile_sign.h"

#define PROFILE_FORMATS_MAX 16

/* What the person wants beyond the client itself; texts borrowed. */
struct profile_options {
	const char *package_path;
	const char *formats;         /* "swanctl,openvpn,windows" */
	const char *client_module;   /* of the module on the client's machine; NULL = the one that was used here */
	const char *pfx_path;        /* PROFILE_KEY_PFX: an encrypted PKCS#12; NULL = the key is on a token */
	bool has_pfx_password;       /* a source for the password of pfx_path is named */
	bool is_made_here;           /* PROFILE_KEY_PFX: the job's buffers are filled when there is a certificate */
	const char *enrolment_url;   /* SCEP or ACME; NULL */
	bool is_acme;
	const struct token_uri *sign_with; /* the key that signs Apple's profile; NULL = it stays unsigned */
	bool use_pubkey, openvpn_uri, openvpn_connect3, openvpn_windows26, windows_smartcard;
};

/* The client: what a profile needs of it.  All borrowed. */
struct profile_client {
	struct bytes cert, root;     /* DER; the root is the top of its chain */
	const struct cert_info *cert_info, *root_info;
	const struct cert_info *issuer_info; /* who signed cert: the root, or the first of issuers */
	struct bytes issuers[VPN_ISSUERS_MAX]; /* the CAs between the two, the nearest first */
	unsigned n_issuers;
	const struct key_location *location; /* NULL: on no token that p11ca saw */
	const struct token_info *token; /* as it answered now; NULL: it was not asked */
	int64_t cert_id;             /* in the ledger; 0 = not there */
};

/*
 * Who is above the client: issuer signed it, above are the CAs over that (x509/issuers.h; empty where it signed
 * itself).  Fills root, root_info, issuer_info and issuers, which borrow these and store.
 */
struct profile_chain {
	struct cert_info root, issuer;
};
int profile_set_chain(struct profile_client *c, struct profile_chain *store, struct bytes issuer, struct bytes above,
    struct err *e) MUST_CHECK;

/* The wish with its files read and its formats found. */
struct profile_job {
	const struct profile_options *options;
	struct package package;
	struct buf pfx, pfx_apple;   /* pfx_apple: see vpn_profile.h */
	struct pfx_encryption pfx_encryption; /* of the file that wish->pfx_path names */
	struct secret *pfx_password; /* of pfx, borrowed; len 0 = not known yet */
	struct profile_seal seal;    /* open where wish->sign_with is given */
	const struct profile_format *formats[PROFILE_FORMATS_MAX];
	size_t n_formats;
};
/* Reads package and PFX, finds the formats.  -1: ERR_USAGE (no such format, one twice), as package_read(). */
int profile_job_open(struct profile_job *job, const struct profile_options *options, struct err *e) MUST_CHECK;
void profile_job_clear(struct profile_job *job);
AUTO_VALUE_DEFINE(profile_job, profile_job_clear);

/*
 * Judges the PKCS#12 that was given for the client with this certificate; asks for its password where a source is
 * named, or where the file does not show whose it is.
 * -1: as pfx_inspect(); ERR_POLICY "pfx-other-client", "pfx-certificate-unread" (nobody can be asked),
 * "pfx-password-short".
 */
int profile_pfx_check(const struct profile_job *job, struct pki *p, const struct profile_client *c, struct err *e)
    MUST_CHECK;

/* Opens job->seal for wish->sign_with.  -1: ERR_USAGE (--for has nothing that is signed), as profile_seal_open(). */
int profile_job_seal(struct profile_job *job, struct pki *p, bool dry_run, struct err *e) MUST_CHECK;

/*
 * What can be refused before there is a certificate: formats that cannot use this kind of key, or this package.
 * is_on_token: the key is on a token; else, without a PKCS#12 or an enrolment server, it may also be in the store of
 * the client's machine.
 */
int profile_job_check(const struct profile_job *job, bool is_on_token, struct err *e) MUST_CHECK;

/*
 * Runs the rule sets of the job's formats (RULES_CLIENTS); warnings go to p->ui, each once.
 * -1 (ERR_POLICY): as request_check_profile().
 *   profile_rules_package  what can be judged before there is a certificate; root NULL: not known yet
 *   profile_rules_client   the certificate, its key and the profile that would be written
 */
int profile_rules_package(const struct profile_job *job, struct pki *p, const struct cert_info *root, struct err *e)
    MUST_CHECK;
int profile_rules_client(const struct profile_job *job, struct pki *p, const struct profile_client *c,
    const struct vpn_profile *v, struct err *e) MUST_CHECK;

/*
 * Judges the client, builds every format in memory, then writes each below folder/FORMAT/ (made when missing); a file
 * that is there with the same content is left, another one is refused without force.  wrote (or NULL) is told of each.
 * dry_run: builds, tells, writes nothing.
 */
typedef int profile_wrote_fn(
    const char *format, const char *path, const struct profile_file *f, void *arg, struct err *e);
struct profile_target {
	const char *folder;
	bool force, dry_run;
	struct pki *pki;             /* its clock, and where warnings go */
	profile_wrote_fn *wrote;
	void *arg;
};
int profile_job_write(const struct profile_job *job, const struct profile_client *c, const struct profile_target *to,
    struct err *e) MUST_CHECK;

/* One row per file: list "files". */
struct profile_file_row {
	const char *client, *format, *path;
	bool is_secret;
};
extern const struct out_field profile_file_row_fields[];
extern const struct out_field profile_client_fields[]; /* of list "clients", with all */

/* `profile write`: of the ledger's client, of all, or of a certificate and token that no ledger knows. */
struct profile_write_args {
	const char *client_id;       /* --client; NULL */
	bool all;                    /* --all */
	const char *cert_path;       /* --cert, with where; NULL */
	const struct token_uri *where;
	const char *root_path;       /* --root-cert: issuer of cert_path where the file does not hold it */
	const char *out_path;
	bool force;
};
/* 1: with all, some clients were left out; list "clients" has what became of each. */
int profile_write_op(struct pki *p, const struct profile_write_args *args, const struct profile_options *options,
    const struct run_mode *mode, struct out *o, struct err *e) MUST_CHECK;

#endif
