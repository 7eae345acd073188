/* SPDX-License-Identifier: MIT */
/* rules_doctor.c - rules over an installation: FACT_INSTALLATION, set "doctor". */
#include <string.h>
#include <strings.h>

#include "pki/installation.h"
#include "pki/request_check.h"
#include "util/clock.h"

static int has_faults(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	const struct installation *i = f->installation;

	return i->n_faults == 0 ? 0 : finding_add(out, r, e, "%llu: %s", (unsigned long long)i->n_faults, i->fault);
}

static int rules_doctor_is_suspended(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	const char *why = f->installation->issuing_suspended;

	return why == NULL ? 0 : finding_add(out, r, e, "%.190s", why);
}

static int rules_doctor_is_elsewhere(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	const struct err *why = f->installation->elsewhere;

	return why == NULL || why->code == NULL || strcmp(why->code, r->id) != 0 ?
	    0 : finding_add(out, r, e, "%.190s", why->what);
}

static int has_unfinished(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	unsigned n = f->installation->n_unfinished;

	return n == 0 ? 0 : finding_add(out, r, e, "unfinished keys and certificates: %u", n);
}

static int has_expiring(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	const struct installation *i = f->installation;

	return i->n_expiring == 0 ? 0
				  : finding_add(out, r, e, "%u certificates expire within %d days; the first is %s",
					i->n_expiring, EXPIRING_DAYS, i->expiring);
}

static int has_spellings(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	const struct installation *i = f->installation;

	return i->n_spellings == 0 ? 0 : finding_add(out, r, e, "%u: %s", i->n_spellings, i->spellings);
}

static int is_writable(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	const struct installation *i = f->installation;

	return i->writable[0] == '\0'
		   ? 0
		   : finding_add(out, r, e, "%s '%.150s'",
			 i->is_foreign ? "another user owns" : "other users can change", i->writable);
}

static int rules_doctor_is_readable(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	const struct installation *i = f->installation;

	return i->readable[0] == '\0'
		   ? 0
		   : finding_add(out, r, e, "every user of this machine can read '%.150s'", i->readable);
}

static int has_bad_module(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	const char *why = f->installation->module_fault;

	return why == NULL ? 0 : finding_add(out, r, e, "%.180s", why);
}

static int has_pending(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	const struct installation *i = f->installation;

	return i->n_pending == 0 ? 0 : finding_add(out, r, e, "%u, the first: %s", i->n_pending, i->pending);
}

static int lacks_revoked(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	const struct installation *i = f->installation;

	return i->n_not_refused == 0 ?
	    0 : finding_add(out, r, e, "%u, the first: %s", i->n_not_refused, i->not_refused);
}

static int lacks_root(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	const struct installation *i = f->installation;

	return i->n_not_trusted == 0 ?
	    0 : finding_add(out, r, e, "%u, the first: %s", i->n_not_trusted, i->not_trusted);
}

static int has_stale(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	const struct installation *i = f->installation;

	return i->n_stale == 0 ? 0 : finding_add(out, r, e, "%u, the first: %s", i->n_stale, i->stale);
}

static int is_stranger(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	const char *report = f->installation->stranger;

	return report == NULL ? 0 : finding_add(out, r, e, "'%.150s' contains no certificate of this ledger", report);
}

static int has_old_crl(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	const struct installation *i = f->installation;

	return i->crl_number == 0 || f->now < i->crl_ends
		   ? 0
		   : finding_add(out, r, e, "CRL %lld of root %s expired %lld days ago", (long long)i->crl_number,
			 i->root_name, (long long)clock_days(i->crl_ends, f->now));
}

static int has_late_revocations(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	const struct installation *i = f->installation;

	return i->n_after_crl == 0 ?
	    0 : finding_add(out, r, e, "CRL %lld lacks %u, the first: %s", (long long)i->crl_number, i->n_after_crl,
		    i->after_crl);
}

static int lacks_token(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	const struct installation *i = f->installation;

	return i->token_missing == NULL ? 0 : finding_add(out, r, e, "root %s: %s", i->root_name, i->token_missing);
}

static int is_in_file(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	const struct installation *i = f->installation;

	return i->file_root == NULL || i->requires_hardware
		   ? 0
		   : finding_add(out, r, e, "root %s: token '%.32s' stores its keys in files", i->root_name,
			 i->file_root->location.token_label);
}

static int must_not_be_in_file(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	const struct installation *i = f->installation;

	return i->file_root == NULL || !i->requires_hardware
		   ? 0
		   : finding_add(out, r, e, "root %s: token '%.32s' stores its keys in files", i->root_name,
			 i->file_root->location.token_label);
}

static int is_not_good(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	const struct installation *i = f->installation;

	return i->client_state == NULL || strcmp(i->client_state, "issued") == 0 ?
	    0 : finding_add(out, r, e, "certificate %s is %s", i->client_serial, i->client_state);
}

static int is_replaced(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	return f->installation->is_client_replaced ?
	    finding_add(out, r, e, "certificate %s has a successor", f->installation->client_serial) : 0;
}

static bool is_on_list(const struct installation *i)
{
	for (size_t k = 0; i->gateway != NULL && i->client_thumbprint != NULL && k < i->gateway->n_revoked; k++)
		if (strcasecmp(i->gateway->revoked[k].thumbprint, i->client_thumbprint) == 0)
			return true;
	return false;
}

static int is_refused(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	const struct installation *i = f->installation;

	return is_on_list(i) && strcmp(i->client_state, "issued") == 0
		   ? finding_add(out, r, e, "the gateway's list contains %s", i->client_thumbprint)
		   : 0;
}

static int is_not_enforced(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	const struct installation *i = f->installation;

	if (i->gateway == NULL || i->client_state == NULL || strcmp(i->client_state, "revoked") != 0)
		return 0;
	return !is_on_list(i) ? finding_add(out, r, e, "the gateway's list lacks %s", i->client_thumbprint) : 0;
}

#define SET "doctor"
#define NEEDS FACT_INSTALLATION

const struct rule rules_doctor[] = {
	{ "doctor-ledger-faults", FINDING_FAIL, SET, NEEDS, has_faults,
	    "the ledger differs from what its events record",
	    "list all faults with `p11ca ledger verify`, compare the ledger with a checkpoint, and restore a backup" },
	{ "doctor-issuing-suspended", FINDING_WARN, SET, NEEDS, rules_doctor_is_suspended,
	    "the ledger was restored, and nobody has acknowledged what it lacks",
	    "import the missing certificates with `p11ca client import FILE`, then run `p11ca ledger acknowledge "
	    "--note REASON`" },
	{ "ledger-moved", FINDING_FAIL, SET, NEEDS, rules_doctor_is_elsewhere,
	    "the ledger was moved to another machine, and this copy is sealed", "work on the other machine" },
	{ "ledger-other-host", FINDING_FAIL, SET, NEEDS, rules_doctor_is_elsewhere,
	    "the ledger belongs to another machine",
	    "run `p11ca ledger move --out FILE` on that machine and `p11ca ledger restore FILE` on this one" },
	{ "doctor-unfinished", FINDING_WARN, SET, NEEDS, has_unfinished,
	    "a run was interrupted, and the key or certificate that it worked on is unfinished",
	    "run the same command again, or finish it with `p11ca ledger recover`" },
	{ "doctor-expiring", FINDING_WARN, SET, NEEDS, has_expiring, "certificates of clients expire soon",
	    "list the certificates with `p11ca client list --expiring 30` and renew each one with `p11ca client "
	    "renew NAME`" },
	{ "doctor-duplicate-names", FINDING_WARN, SET, NEEDS, has_spellings,
	    "two valid certificates contain the same client name in different spellings",
	    "revoke one by its serial number" },
	{ "doctor-home-writable", FINDING_FAIL, SET, NEEDS, is_writable, "other users can write to the home folder",
	    "correct the owner, run `chmod -R go-w FOLDER`, then compare the ledger with a checkpoint" },
	{ "doctor-home-readable", FINDING_WARN, SET, NEEDS, rules_doctor_is_readable,
	    "other users can read the home folder", "run `chmod 700 FOLDER`" },
	{ "doctor-module", FINDING_FAIL, SET, NEEDS, has_bad_module, "the PKCS#11 module cannot be loaded",
	    "correct --module, PKCS11_MODULE_PATH or `module` in p11ca.conf" },
	{ "doctor-pending", FINDING_WARN, SET, NEEDS, has_pending,
	    "a change is recorded in the ledger, and p11ca has not seen a gateway that contains it",
	    "run the script that `p11ca gateway render GW --state FILE` writes, then `p11ca gateway diff GW "
	    "--state FILE --record`" },
	{ "doctor-gateway-lacks-revoked", FINDING_FAIL, SET, NEEDS, lacks_revoked,
	    "the gateway's list lacks certificates that are revoked in the ledger",
	    "run the script that `p11ca gateway render GW --state FILE` writes, then end the sessions of these "
	    "clients" },
	{ "doctor-gateway-lacks-root", FINDING_FAIL, SET, NEEDS, lacks_root,
	    "the gateway lacks a root that it should trust",
	    "run the script that `p11ca gateway render GW --state FILE` writes, then download the package again" },
	{ "doctor-profiles-stale", FINDING_WARN, SET, NEEDS, has_stale,
	    "clients have profiles that no longer match the gateway or the certificate",
	    "list the profiles with `p11ca profile stale PACKAGE`, and write new ones with `p11ca profile write`" },
	{ "doctor-crl-expired", FINDING_FAIL, SET, NEEDS, has_old_crl,
	    "the newest CRL of a root is past its nextUpdate date",
	    "sign a new CRL with `p11ca root crl NAME --out FILE`, and publish it in place of the old one" },
	{ "doctor-crl-outdated", FINDING_WARN, SET, NEEDS, has_late_revocations,
	    "certificates were revoked after the root's newest CRL was signed",
	    "sign a new CRL with `p11ca root crl NAME --out FILE`, and publish it in place of the old one" },
	{ "doctor-root-token", FINDING_WARN, SET, NEEDS, lacks_token, "the token with the root's key is not present",
	    "insert the token, or name its module with --root-module" },
	{ "root-in-file", FINDING_WARN, SET, NEEDS, is_in_file,
	    "the root's key is on a token that stores keys in files, such as SoftHSM",
	    "create a root on an HSM or a smart card, and move the clients to it: `p11ca root rollover OLD --to NEW`" },
	{ "root-in-file-refused", FINDING_FAIL, SET, NEEDS, must_not_be_in_file,
	    "p11ca.conf requires hardware for roots, and the root's key is on a token that stores keys in files",
	    "create a root on an HSM or a smart card, and move the clients to it: `p11ca root rollover OLD --to NEW`" },
	{ "doctor-report-no-certificate", FINDING_FAIL, SET, NEEDS, is_stranger,
	    "the machine of the report has no certificate from this ledger in a personal store",
	    "install the client's certificate on the machine; with --client NAME, doctor shows what is missing" },
	{ "doctor-client-state", FINDING_FAIL, SET, NEEDS, is_not_good,
	    "the client's certificate is no longer valid: it was revoked, has expired, or was never finished",
	    "enrol the client again: `p11ca client enroll NAME --token TOKEN --out FOLDER`" },
	{ "doctor-client-replaced", FINDING_WARN, SET, NEEDS, is_replaced,
	    "the client has a newer certificate, and the older one is still valid",
	    "write the client's profiles again, then revoke the older certificate: `p11ca client revoke SERIAL "
	    "--reason superseded`" },
	{ "doctor-client-on-gateway-list", FINDING_FAIL, SET, NEEDS, is_refused,
	    "the gateway lists a certificate as revoked that is valid in the ledger",
	    "remove the certificate's thumbprint from the gateway's list, or revoke the certificate in the ledger, "
	    "too" },
	{ "doctor-not-enforced", FINDING_FAIL, SET, NEEDS, is_not_enforced,
	    "the certificate is revoked in the ledger, and it is not on the gateway's list",
	    "add the certificate's thumbprint to the gateway's list: `p11ca gateway render GW --state FILE`" },
	{ .id = NULL },
};
