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

	return n == 0 ? 0 : finding_add(out, r, e, "keys and certificates: %u", n);
}

static int has_expiring(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	const struct installation *i = f->installation;

	return i->n_expiring == 0 ?
	    0 : finding_add(out, r, e, "%u within %d days, the first: %s", i->n_expiring, EXPIRING_DAYS, i->expiring);
}

static int has_spellings(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	const struct installation *i = f->installation;

	return i->n_spellings == 0 ? 0 : finding_add(out, r, e, "%u: %s", i->n_spellings, i->spellings);
}

static int is_writable(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	const struct installation *i = f->installation;

	return i->writable[0] == '\0' ? 0 : finding_add(out, r, e, "%s '%.150s'",
	    i->is_foreign ? "another user owns" : "others may change", i->writable);
}

static int rules_doctor_is_readable(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	const struct installation *i = f->installation;

	return i->readable[0] == '\0' ?
	    0 : finding_add(out, r, e, "every user of this machine may read '%.150s'", i->readable);
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

	return report == NULL ? 0 : finding_add(out, r, e, "'%.150s' has none of the ledger's certificates", report);
}

static int has_old_crl(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	const struct installation *i = f->installation;

	return i->crl_number == 0 || f->now < i->crl_ends ?
	    0 : finding_add(out, r, e, "CRL %lld of root %s ended %lld days ago", (long long)i->crl_number,
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

	return i->file_root == NULL || i->requires_hardware ?
	    0 : finding_add(out, r, e, "root %s: token '%.32s' keeps its keys in files", i->root_name,
		    i->file_root->location.token_label);
}

static int must_not_be_in_file(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	const struct installation *i = f->installation;

	return i->file_root == NULL || !i->requires_hardware ?
	    0 : finding_add(out, r, e, "root %s: token '%.32s' keeps its keys in files", i->root_name,
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

	return is_on_list(i) && strcmp(i->client_state, "issued") == 0 ?
	    finding_add(out, r, e, "the gateway's list has %s", i->client_thumbprint) : 0;
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
	{ "doctor-ledger-faults", FINDING_FAIL, SET, NEEDS, has_faults, "the ledger is not what its events say",
	    "see `p11ca ledger verify` for all of them; compare with a checkpoint, and restore from a backup" },
	{ "doctor-issuing-suspended", FINDING_WARN, SET, NEEDS, rules_doctor_is_suspended,
	    "nothing is issued, renewed or listed until what a restored ledger lacks is brought back or acknowledged",
	    "see `p11ca client import`, then `p11ca ledger acknowledge --note WHY`" },
	{ "ledger-moved", FINDING_FAIL, SET, NEEDS, rules_doctor_is_elsewhere,
	    "the ledger went on elsewhere: this one is sealed",
	    "work where it went on; `p11ca ledger move --out FILE` writes the copy for that again" },
	{ "ledger-other-host", FINDING_FAIL, SET, NEEDS, rules_doctor_is_elsewhere,
	    "the ledger belongs to another machine: two would give out two histories",
	    "`p11ca ledger move` on that machine and `p11ca ledger restore` on this one; if that one is gone, restore a"
	    " copy" },
	{ "doctor-unfinished", FINDING_WARN, SET, NEEDS, has_unfinished,
	    "a run was interrupted, and nobody finished it",
	    "run the same command again, or see `p11ca ledger recover`" },
	{ "doctor-expiring", FINDING_WARN, SET, NEEDS, has_expiring, "clients' certificates end soon",
	    "see `p11ca client list --expiring 30`, and renew them with `p11ca client renew`" },
	{ "doctor-duplicate-names", FINDING_WARN, SET, NEEDS, has_spellings,
	    "two live certificates have one client's name in different spellings: both let the client in",
	    "revoke one of them by its serial; `p11ca client revoke --all NAME --reason superseded` revokes both" },
	{ "doctor-home-writable", FINDING_FAIL, SET, NEEDS, is_writable,
	    "whoever may change the home may change what is signed and which module is loaded",
	    "give it back to its user, and run `chmod -R go-w FOLDER`; then compare the ledger with a checkpoint" },
	{ "doctor-home-readable", FINDING_WARN, SET, NEEDS, rules_doctor_is_readable,
	    "the home has no secret, but the names and certificates of everybody", "run `chmod 700 FOLDER`" },
	{ "doctor-module", FINDING_FAIL, SET, NEEDS, has_bad_module,
	    "the module that is named cannot be loaded: nothing that needs a card works",
	    "correct --module, PKCS11_MODULE_PATH or `module` in p11ca.conf; one that others may change is refused" },
	{ "doctor-pending", FINDING_WARN, SET, NEEDS, has_pending,
	    "a decision is in the ledger, and no gateway was seen to follow it",
	    "run what `p11ca client revoke` or `p11ca gateway render` prints, then `p11ca gateway diff GW "
	    "--state FILE --record`" },
	{ "doctor-gateway-lacks-revoked", FINDING_FAIL, SET, NEEDS, lacks_revoked,
	    "certificates are revoked here, and the gateway still takes them",
	    "run what `p11ca gateway render GW --state FILE` prints, then end their sessions" },
	{ "doctor-gateway-lacks-root", FINDING_FAIL, SET, NEEDS, lacks_root,
	    "the gateway is to trust a root that it does not have: none of its clients connects",
	    "run what `p11ca gateway render GW --state FILE` prints, then download the package again" },
	{ "doctor-profiles-stale", FINDING_WARN, SET, NEEDS, has_stale,
	    "profiles that clients have do not connect any more, or soon",
	    "write new ones with `p11ca profile write`; `p11ca profile stale PACKAGE` lists them" },
	{ "doctor-crl-expired", FINDING_FAIL, SET, NEEDS, has_old_crl,
	    "whoever reads a root's CRLs refuses every one of its clients once the newest has ended; Azure reads none",
	    "sign a new one with `p11ca root crl NAME --out FILE`, and put it where the old one was" },
	{ "doctor-crl-outdated", FINDING_WARN, SET, NEEDS, has_late_revocations,
	    "certificates were revoked since the root's newest CRL was made: whoever reads it still takes them",
	    "sign a new one with `p11ca root crl NAME --out FILE`, and put it where the old one was" },
	{ "doctor-root-token", FINDING_WARN, SET, NEEDS, lacks_token,
	    "the token with the root's key is not there: nothing can be issued, renewed or listed",
	    "insert it, or name its module with --root-module; a restored copy comes in by `p11ca root attach`" },
	{ "root-in-file", FINDING_WARN, SET, NEEDS, is_in_file,
	    "no hardware protects the root's key: whoever copies the token's files can sign as this root",
	    "create a root on an HSM or a smart card, and move the clients to it: `p11ca root rollover`" },
	{ "root-in-file-refused", FINDING_FAIL, SET, NEEDS, must_not_be_in_file,
	    "p11ca.conf requires hardware for roots, and the token keeps its keys in files",
	    "create a root on an HSM or a smart card, and move the clients to it: `p11ca root rollover`" },
	{ "doctor-report-no-certificate", FINDING_FAIL, SET, NEEDS, is_stranger,
	    "the machine that the report is of has no certificate of this ledger's in a personal store: error 798",
	    "install the client's certificate there; with --client NAME doctor says what is missing" },
	{ "doctor-client-state", FINDING_FAIL, SET, NEEDS, is_not_good, "the client's certificate is good no more",
	    "enrol the client again with `p11ca client enroll`" },
	{ "doctor-client-replaced", FINDING_WARN, SET, NEEDS, is_replaced,
	    "the client may still use the older of two certificates",
	    "write its profiles again, then revoke the older one: `p11ca client revoke SERIAL --reason superseded`" },
	{ "doctor-client-on-gateway-list", FINDING_FAIL, SET, NEEDS, is_refused,
	    "the gateway refuses a certificate that is good here",
	    "take its thumbprint off the gateway's list of revoked certificates, or revoke it here, too" },
	{ "doctor-not-enforced", FINDING_FAIL, SET, NEEDS, is_not_enforced,
	    "a certificate is revoked here, and the gateway still takes it",
	    "put its thumbprint on the gateway's list: `p11ca client revoke` prints how" },
	{ .id = NULL },
};
