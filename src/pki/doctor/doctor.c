/* SPDX-License-Identifier: MIT */
/* doctor.c - see doctor.h; its rules are in rules_doctor.c. */
#include <string.h>

#include "azure/client_report.h"
#include "pki/client_find.h"
#include "pki/doctor/doctor_checks.h"
#include "pki/doctor/doctor_judge.h"
#include "pki/issuer.h"
#include "pki/request_check.h"
#include "pki/ledger/successor.h"
#include "pki/profile/package_op.h"
#include "pki/key/root_hardware.h"
#include "pki/show_findings.h"
#include "pki/user_templates.h"
#include "util/unicode.h"
#include "x509/cert.h"
#include "x509/encode.h"
#include "x509/key/public_key.h"
#include "x509/templates.h"

#define DAY INT64_C(86400)

static bool doctor_is_unfinished(const char *id)
{
	return strcmp(id, "ledger-key-unfinished") == 0 || strcmp(id, "ledger-certificate-unfinished") == 0;
}

static int count_fault(const char *id, const char *text, void *arg, struct err *e)
{
	struct installation *i = arg;

	(void)e;
	if (doctor_is_unfinished(id)) {
		i->n_unfinished++;
		return 0;
	}
	if (i->n_faults++ == 0)
		(void)snprintf(i->fault, sizeof(i->fault), "%s: %.150s", id, text);
	return 0;
}

struct expiring_count {
	struct pki *p;
	struct installation *installation;
};

/* A certificate with a valid successor may expire: `client list --expiring` leaves it out as well. */
static int count_expiring(const struct cert_row *row, void *arg, struct err *e)
{
	struct expiring_count *c = arg;
	struct installation *i = c->installation;
	bool is_renewed;

	if (client_is_renewed(&is_renewed, c->p, row, 0, e) < 0)
		return -1;
	if (!is_renewed && i->n_expiring++ == 0)
		(void)snprintf(i->expiring, sizeof(i->expiring), "%.150s, serial %s", row->name, row->serial);
	return 0;
}

static int count_spellings(const struct spellings *s, void *arg, struct err *e)
{
	struct installation *i = arg;
	char a[90], b[90];

	(void)e;
	if (i->n_spellings++ > 0)
		return 0;
	name_reveal(a, sizeof(a), s->names[0]);
	name_reveal(b, sizeof(b), s->names[1]);
	(void)snprintf(i->spellings, sizeof(i->spellings), "'%s' (serial %s) and '%s' (serial %s)", a, s->serials[0], b,
	    s->serials[1]);
	return 0;
}

static int inspect_ledger(struct doctor_run *v, struct err *e)
{
	struct installation i = { .n_faults = 0 };
	const struct cert_query soon = { .clients_only = true, .live_only = true, .state = "issued",
		.expires_before = clock_now(&v->p->clock) + EXPIRING_DAYS * DAY };
	struct expiring_count expiring = { v->p, &i };
	struct err issuing_suspended = ERR_INIT, elsewhere = ERR_INIT;
	uint64_t n;

	if (pki_ledger_is_here(v->p, &elsewhere) < 0)
		i.elsewhere = &elsewhere;
	if (ledger_may_sign(v->p->ledger, &issuing_suspended) < 0)
		i.issuing_suspended = issuing_suspended.what;
	if (ledger_verify(&n, v->p->ledger, count_fault, NULL, &i, e) < 0 ||
	    ledger_each_cert(v->p->ledger, &soon, count_expiring, &expiring, e) < 0 ||
	    ledger_each_spellings(v->p->ledger, count_spellings, &i, e) < 0)
		return -1;
	v->n_faults = i.n_faults;
	return doctor_judge_installation(v, v->p->home, &i, e);
}

/* Searches the root's token as issuing does: without the token nothing can be issued or renewed. */
static int doctor_inspect_token(struct doctor_run *v, struct issuer *root, struct err *e)
{
	struct installation i = { .root_name = root->row.name,
		.requires_hardware = v->p->config.require_hardware_roots != 0 };
	struct err why = ERR_INIT;

	if (root_is_in_file(&root->key) && !root_may_be_in_file(v->p))
		i.file_root = &root->key;

	if (issuer_open(root, v->p, NULL, false, &why) < 0)
		i.token_missing = why.what;
	return doctor_judge_installation(v, root->row.name, &i, e);
}

/* Older releases accepted keys that are refused today, and a root keeps its key. */
static int doctor_inspect_key(struct doctor_run *v, const struct root_row *row, struct err *e)
{
	AUTO_VALUE(buf) spki = { 0 };
	struct public_key_info info;
	const struct cert_template *any_key;
	struct facts f = { .have = FACT_PUBLIC_KEY | FACT_TEMPLATE, .public_key = &info };

	if (ledger_key_spki(&spki, v->p->ledger, row->key_id, e) < 0 ||
	    public_key_info_read(&info, buf_bytes(&spki), e) < 0 || template_find(&any_key, "vpn-root", e) < 0)
		return err_while(e, "checking the key of root '%s'", row->name);
	f.template = any_key;
	return doctor_judge(v, row->name, "key", &f, e);
}

static int inspect_root(const struct root_row *row, void *arg, struct err *e)
{
	struct doctor_run *v = arg;
	AUTO_VALUE(issuer) root = { .is_shared = false };
	const struct cert_query q = { .id = row->cert_id };
	struct facts f = { .have = FACT_CERT, .cert = &root.info };
	struct cert_row cert;
	bool found;

	if (row->is_retired || row->cert_id == 0)
		return 0;
	if (doctor_inspect_key(v, row, e) < 0)
		return -1;
	if (issuer_find(&root, v->p, row->name, e) < 0 ||
	    ledger_cert_find(&cert, NULL, &found, v->p->ledger, &q, e) < 0 ||
	    doctor_judge_cert(v, row->name, found ? cert.template_name : "", &f, e) < 0)
		return -1;
	return doctor_inspect_token(v, &root, e) < 0 ? -1 : doctor_check_crl(v, row, e);
}

static int doctor_find_successor(
    struct installation *i, struct doctor_run *v, const struct cert_row *row, struct err *e)
{
	const struct cert_query q = { .renews = row->id, .state = "issued", .live_only = true };
	struct cert_row successor;

	return ledger_cert_find(&successor, NULL, &i->is_client_replaced, v->p->ledger, &q, e);
}

static int inspect_client(struct doctor_run *v, const char *id, struct err *e)
{
	AUTO_VALUE(issuer) root = { .is_shared = false };
	AUTO_VALUE(buf) der = { 0 };
	struct installation i = { .gateway = v->gateway };
	struct root_row root_row;
	struct cert_row row;
	struct cert_info info;
	struct facts f = { .have = FACT_CERT | FACT_CHAIN, .cert = &info, .root = &root.info };
	const struct client_question which = { .id = id, .use = CLIENT_USE_NEWEST,
		.command = "doctor --client", .options = "" };

	if (client_find(&row, &der, v->p, &which, e) < 0 || cert_read_known(&info, buf_bytes(&der), e) < 0 ||
	    ledger_root_get(&root_row, v->p->ledger, row.root_id, e) < 0 ||
	    issuer_find_any(&root, v->p, root_row.name, e) < 0 || doctor_find_successor(&i, v, &row, e) < 0)
		return -1;
	i.client_state = row.state;
	i.client_serial = row.serial;
	i.client_thumbprint = row.thumbprint;
	if (doctor_judge_installation(v, row.name, &i, e) < 0 ||
	    doctor_judge_cert(v, row.name, row.template_name, &f, e) < 0 ||
	    doctor_check_card(v, &row, &info, e) < 0 ||
	    (v->report != NULL && doctor_check_report(v, &row, &info, &root, e) < 0))
		return -1;
	if (v->package == NULL)
		return 0;
	f = (struct facts){ .have = FACT_PACKAGE | FACT_CHAIN, .package = v->package, .root = &root.info,
		.top = &root.top };
	if (v->gateway != NULL) {
		f.gateway = v->gateway;
		f.have |= FACT_GATEWAY;
	}
	return doctor_judge(v, v->package->source, "package", &f, e);
}

struct known {
	struct doctor_run *v;
	bool live_only;
	unsigned n;
};

/* The client of the certificate on the machine; false: unknown or outdated certificate. */
static int is_known(bool *is, const struct known *k, const struct report_cert *c, struct err *e)
{
	const struct cert_query q = { .any_id = c->thumbprint,
		.clients_only = true,
		.live_only = k->live_only,
		.state = k->live_only ? "issued" : NULL };
	struct cert_row row;

	*is = false;
	return c->is_read ? ledger_cert_find(&row, NULL, is, k->v->p->ledger, &q, e) : 0;
}

static int inspect_known(struct known *k, struct err *e)
{
	const struct client_report *report = k->v->report;

	for (size_t i = 0; i < report->n_certs; i++) {
		bool is;

		if (is_known(&is, k, &report->certs[i], e) < 0)
			return -1;
		if (is && ++k->n > 0 && inspect_client(k->v, report->certs[i].thumbprint, e) < 0)
			return -1;
	}
	return 0;
}

/* A report without --client: its certificates identify the client; expired ones only if there is no other. */
static int inspect_machine(struct doctor_run *v, struct err *e)
{
	struct installation i = { .stranger = v->report->source };
	struct known k = { .v = v, .live_only = true };

	if (inspect_known(&k, e) < 0)
		return -1;
	k.live_only = false;
	if (k.n == 0 && inspect_known(&k, e) < 0)
		return -1;
	if (k.n > 0)
		return 0;
	return doctor_judge_installation(v, v->report->source, &i, e) < 0
		   ? -1
		   : doctor_check_report(v, NULL, NULL, NULL, e);
}

/* Without a client: compared with the only root, if there is one. */
static int inspect_package(struct doctor_run *v, struct err *e)
{
	AUTO_VALUE(issuer) root = { .is_shared = false };
	struct facts f = { .have = FACT_PACKAGE, .package = v->package };
	bool found = false;

	if (v->p->ledger != NULL && pki_only_root(&root, &found, v->p, e) < 0)
		return -1;
	if (found) {
		f.root = &root.info;
		f.top = &root.top;
		f.have |= FACT_CHAIN;
	}
	if (v->gateway != NULL) {
		f.gateway = v->gateway;
		f.have |= FACT_GATEWAY;
	}
	return doctor_judge(v, v->package->source, "package", &f, e);
}

static int inspect_state(struct doctor_run *v, const char *path, struct err *e)
{
	struct facts f = { .have = FACT_GATEWAY, .gateway = v->gateway };

	if (v->gateway == NULL)
		return 0;
	return doctor_judge(v, v->gateway->source, "gateway", &f, e) < 0 ? -1 : doctor_check_decisions(v, path, e);
}

static int doctor_read_state(struct gateway *out, struct pki *p, const char *path, struct err *e)
{
	if (pki_read_gateway(out, path, e) < 0 || pki_mark_foreign(out, p, e) < 0)
		return -1;
	pki_warn_unreadable(p, out);
	return 0;
}

/* A client and a package belong to one gateway: with several states, it is not known which. */
static int inspect_states(struct doctor_run *v, const struct doctor_args *args, struct err *e)
{
	if (args->n_states == 1)
		return inspect_state(v, args->state_paths[0], e);
	for (unsigned i = 0; i < args->n_states; i++) {
		AUTO_VALUE(gateway) gateway = { .n_roots = 0 };
		struct doctor_run other = *v;

		other.gateway = &gateway;
		if (doctor_read_state(&gateway, v->p, args->state_paths[i], e) < 0 ||
		    inspect_state(&other, args->state_paths[i], e) < 0)
			return -1;
	}
	return 0;
}

static int doctor_run(struct doctor_run *v, const struct doctor_args *args, struct err *e)
{
	if (doctor_check_home(v, e) < 0 || inspect_ledger(v, e) < 0 || doctor_check_module(v, e) < 0 ||
	    ledger_each_root(v->p->ledger, inspect_root, v, e) < 0 || doctor_check_gateways(v, e) < 0 ||
	    doctor_check_profiles(v, e) < 0 || inspect_states(v, args, e) < 0)
		return -1;
	if (args->client_id != NULL && inspect_client(v, args->client_id, e) < 0)
		return -1;
	if (args->client_id == NULL && v->report != NULL && inspect_machine(v, e) < 0)
		return -1;
	return args->client_id == NULL && v->report == NULL && v->package != NULL ? inspect_package(v, e) : 0;
}

static int doctor_read_cert(struct cert_info *out, struct buf *der, struct bytes file, struct err *e)
{
	return der_from_file(der, file, DER_CERT, e) < 0 ? -1 : cert_read_known(out, buf_bytes(der), e);
}

int doctor_each(uint64_t *n_faults, struct pki *p, const struct doctor_args *args, doctor_finding_fn *fn, void *arg,
    struct err *e)
{
	AUTO_VALUE(package) package = { .n_roots = 0 };
	AUTO_VALUE(gateway) gateway = { .n_roots = 0 };
	AUTO_VALUE(client_report) report = { .n_roots = 0 };
	struct doctor_run v = { .p = p, .fn = fn, .arg = arg };

	if (args->package_path != NULL) {
		if (pki_read_package(&package, args->package_path, e) < 0)
			return -1;
		v.package = &package;
	}
	if (args->n_states == 1) {
		if (doctor_read_state(&gateway, p, args->state_paths[0], e) < 0)
			return -1;
		v.gateway = &gateway;
	}
	if (args->report_path != NULL) {
		if (client_report_read(&report, args->report_path, doctor_read_cert, e) < 0)
			return -1;
		v.report = &report;
	}
	if (doctor_run(&v, args, e) < 0)
		return -1;
	*n_faults = v.n_faults;
	return 0;
}

struct doctor_printing {
	struct out *o;
	unsigned n_bad;
};

static int doctor_print(const char *of, const struct findings *all, void *arg, struct err *e)
{
	struct doctor_printing *to = arg;

	return findings_rows(&to->n_bad, of, all, false, to->o, e);
}

int doctor(struct pki *p, const struct doctor_args *args, struct out *o, struct err *e)
{
	struct doctor_printing to = { .o = o };
	uint64_t n_faults;

	if (out_list(o, "findings", finding_fields, e) < 0 ||
	    doctor_each(&n_faults, p, args, doctor_print, &to, e) < 0 || out_end(o, e) < 0)
		return -1;
	return to.n_bad > 0 ? 1 : 0;
}

int doctor_collect(struct buf *out, struct err *e)
{
	for (size_t i = 0; collect_windows[i] != NULL; i++)
		if (buf_add(out, collect_windows[i], strlen(collect_windows[i]), e) < 0)
			return -1;
	return 0;
}
