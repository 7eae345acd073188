/* SPDX-License-Identifier: MIT */
/* profile.h - writes a client's VPN configuration in the requested formats. */
#ifndef PKI_PROFILE_PROFILE_H
#define PKI_PROFILE_PROFILE_H

#include "model/package.h"
#include "model/vpn_profile.h"
#include "pki/op.h"
#include "pki/profile/profile_sign.h"

#define PROFILE_FORMATS_MAX 16

/* Options of a profile; texts borrowed. */
struct profile_options {
	const char *package_path;
	const char *formats;         /* "swanctl,openvpn,windows", or "all" */
	const char *connection_name; /* as the user sees it; NULL = that of p11ca.conf, or made from VNet and client */
	const char *client_module;   /* module on the client's machine; NULL = the module used here */
	const char *pfx_path;        /* PROFILE_KEY_PFX: an encrypted PKCS#12; NULL = the key is on a token */
	bool has_pfx_password;       /* the PIN source option for pfx_path was given */
	bool is_made_here;           /* PROFILE_KEY_PFX: the job's buffers are filled after the certificate is issued */
	const char *enrolment_url;   /* SCEP or ACME server; NULL */
	bool is_acme;
	const struct token_uri *sign_with; /* token with the key that signs Apple's profile; NULL = not signed */
	bool use_pubkey, openvpn_uri, openvpn_connect3, openvpn_windows26, windows_smartcard;
};

/* The client's certificate, chain and key. All borrowed. */
struct profile_client {
	struct bytes cert, root;     /* DER; the root is the top of its chain */
	const struct cert_info *cert_info, *root_info;
	const struct cert_info *issuer_info; /* issuer of cert: the root, or the first of issuers */
	struct bytes issuers[VPN_ISSUERS_MAX]; /* the CAs between cert and root, the issuer of cert first */
	unsigned n_issuers;
	const struct key_location *location; /* NULL: the key is on no token known to p11ca */
	const struct token_info *token; /* the token as read in this run; NULL: not read */
	int64_t cert_id;             /* ids in the ledger; 0 = not in the ledger */
};

/*
 * Fills root, root_info, issuer_info and issuers: issuer signed the client's certificate, issuers are the issuers of
 * issuer (x509/issuers.h; empty if it is self-signed). The members borrow these and store.
 */
struct profile_chain {
	struct cert_info root, issuer;
};
int profile_set_chain(struct profile_client *c, struct profile_chain *store, struct bytes issuer, struct bytes issuers,
    struct err *e) MUST_CHECK;

/* The options with their files read and their formats found. */
struct profile_job {
	const struct profile_options *options;
	struct package package;
	struct buf pfx, pfx_apple;   /* pfx_apple: see vpn_profile.h */
	struct pfx_encryption pfx_encryption; /* content of the file options->pfx_path */
	struct secret *pfx_password; /* password of pfx, borrowed; len 0 = not known yet */
	struct profile_seal seal;    /* open if options->sign_with is given */
	const struct profile_format *formats[PROFILE_FORMATS_MAX];
	size_t n_formats;
	bool is_all;                 /* --for all: a format that is refused is removed from formats */
	struct profile_unusable {    /* formats that --for all left out, and were not reported yet */
		const char *format, *code; /* static; code: of the refusal or finding */
	} unusable[PROFILE_FORMATS_MAX];
	size_t n_unusable;
	const struct profile_format *checked[PROFILE_FORMATS_MAX]; /* formats after profile_job_check() */
	size_t n_checked;
};
/* Before each client but the first: formats that --for all left out for one client may suit the next. */
void profile_job_next_client(struct profile_job *job);
/*
 * With is_all: removes format *i, whose check failed with e, and sets *i to continue with the next one; -1 if no other
 * format is left. Otherwise -1. A failure that is no refusal (ERR_POLICY) stays a failure.
 */
int profile_rules_skip(struct profile_job *job, size_t *i, const struct err *e) MUST_CHECK;
/* Warns in one line of the formats that --for all left out (for this client, or NULL: for all): "profile-formats". */
void profile_rules_report_unusable(struct profile_job *job, struct pki *p, const char *client);
/* Reads package and PFX, finds the formats. -1: ERR_USAGE (unknown or repeated format), as package_read(). */
int profile_job_open(struct profile_job *job, const struct profile_options *options, struct err *e) MUST_CHECK;
void profile_job_clear(struct profile_job *job);
AUTO_VALUE_DEFINE(profile_job, profile_job_clear);

/*
 * Checks the given PKCS#12 against the client's certificate; asks for its password if a source is named, or if the
 * file does not show its certificate.
 * -1: as pfx_inspect(); ERR_POLICY "pfx-other-client", "pfx-certificate-unread" (no terminal), "pfx-password-short".
 */
int profile_pfx_check(const struct profile_job *job, struct pki *p, const struct profile_client *c, struct err *e)
    MUST_CHECK;

/* Opens job->seal for options->sign_with. -1: ERR_USAGE (no format of --for is signed), as profile_seal_open(). */
int profile_job_seal(struct profile_job *job, struct pki *p, bool dry_run, struct err *e) MUST_CHECK;

/*
 * The checks before a certificate exists: formats that cannot use this kind of key, or this package.
 * is_on_token: the key is on a token; otherwise, without a PKCS#12 or an enrolment server, it may also be in the key
 * store of the client's machine.
 */
int profile_job_check(struct profile_job *job, bool is_on_token, struct err *e) MUST_CHECK;

/*
 * Runs the rule sets of the job's formats (RULES_CLIENTS); warnings go to p->ui, each once.
 * -1 (ERR_POLICY): as request_check_profile().
 * profile_rules_package  the checks before a certificate exists; root NULL: not known yet
 * profile_rules_client   the certificate, its key and the profile to be written
 */
int profile_rules_package(struct profile_job *job, struct pki *p, const struct cert_info *root, struct err *e)
    MUST_CHECK;
int profile_rules_client(struct profile_job *job, struct pki *p, const struct profile_client *c,
    const struct vpn_profile *v, struct err *e) MUST_CHECK;

/*
 * Judges the client, makes every format in memory, then writes each below folder/FORMAT/ (created if missing); an
 * existing file with the same content is kept, another file is refused without force. wrote (or NULL) is called for
 * each file.
 * dry_run: makes and reports the files, writes nothing.
 */
typedef int profile_wrote_fn(
    const char *format, const char *path, const struct profile_file *f, void *arg, struct err *e);
struct profile_target {
	const char *folder;
	bool force, dry_run;
	struct pki *pki;             /* for the clock and for warnings */
	profile_wrote_fn *wrote;
	void *arg;
};
int profile_job_write(struct profile_job *job, const struct profile_client *c, const struct profile_target *to,
    struct err *e) MUST_CHECK;

/* One row per file in list "files". */
struct profile_file_row {
	const char *client, *format, *path;
	bool is_secret;
};
extern const struct out_field profile_file_row_fields[];
extern const struct out_field profile_client_fields[]; /* row of list "clients", with is_all */

/* `profile write`: for the ledger's client, for all clients, or for a certificate and token without ledger. */
struct profile_write_args {
	const char *client_id;       /* --client; NULL */
	bool all;                    /* --all */
	const char *cert_path;       /* --cert, with where; NULL */
	const struct token_uri *where;
	const char *root_path;       /* --root-cert: issuer of cert_path if that file does not contain it */
	const char *out_path;
	bool force;
};
/* 1: with --all, some clients were skipped; list "clients" has the result of each. */
int profile_write_op(struct pki *p, const struct profile_write_args *args, const struct profile_options *options,
    const struct run_mode *mode, struct out *o, struct err *e) MUST_CHECK;

#endif
