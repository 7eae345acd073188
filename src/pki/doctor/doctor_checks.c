/* SPDX-License-Identifier: MIT */
/* doctor_checks.c - checks the home folder, module, gateways, profiles and card; see doctor_checks.h. */
#include "pki/doctor/doctor_checks.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pki/doctor/doctor_judge.h"
#include "pki/gateway/gateway_plan.h"
#include "pki/key/key_location.h"
#include "pki/key_uri.h"
#include "pki/profile/profile_history.h"
#include "util/file.h"

/* is_open: other users can enter the folder.  If they cannot, the file's own read permission has no effect. */
static void note_path(struct installation *i, const char *path, const struct stat *st, bool is_open)
{
	const bool is_foreign = st->st_uid != geteuid();

	if (is_foreign || (st->st_mode & (S_IWGRP | S_IWOTH)) != 0) {
		(void)snprintf(i->writable, sizeof(i->writable), "%.299s", path);
		i->is_foreign = is_foreign;
	}
	if (is_open && (st->st_mode & S_IROTH) != 0)
		(void)snprintf(i->readable, sizeof(i->readable), "%.299s", path);
}

int doctor_check_home(struct doctor_run *v, struct err *e)
{
	static const char *const names[] = { "ledger.db", "p11ca.conf" };
	struct installation i = { .n_faults = 0 };
	struct stat st;
	bool is_open;

	if (stat(v->p->home, &st) < 0)
		return err_set_errno(e, ERR_OUTPUT, "cannot read the attributes of '%.200s'", v->p->home);
	is_open = (st.st_mode & S_IXOTH) != 0;
	note_path(&i, v->p->home, &st, false);
	for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++) {
		AUTO(char) path = file_join(v->p->home, names[k], e);

		if (path == NULL)
			return -1;
		if (stat(path, &st) == 0)
			note_path(&i, path, &st, is_open);
	}
	return doctor_judge_installation(v, v->p->home, &i, e);
}

/* No module is required: a workstation may use only the modules that the ledger records for its roots. */
int doctor_check_module(struct doctor_run *v, struct err *e)
{
	struct installation i = { .n_faults = 0 };
	struct err why = ERR_INIT;
	struct module *m;

	if (pki_module(&m, v->p, NULL, &why) == 0 || why.status == ERR_USAGE)
		return 0;
	i.module_fault = why.what;
	return doctor_judge_installation(v, "module", &i, e);
}

struct newest_crl {
	int64_t root_id, now;
	struct crl_row row;
	struct installation *i;
};

static int note_crl(const struct crl_row *row, void *arg, struct err *e)
{
	struct newest_crl *newest = arg;

	(void)e;
	if (row->root_id == newest->root_id && row->sha256[0] != '\0' && row->number > newest->row.number)
		newest->row = *row;
	return 0;
}

static int note_later(const struct cert_row *cert, void *arg, struct err *e)
{
	struct newest_crl *newest = arg;

	(void)e;
	if (cert->revoked_at > newest->row.this_update && cert->not_after > newest->now &&
	    newest->i->n_after_crl++ == 0)
		(void)snprintf(newest->i->after_crl, sizeof(newest->i->after_crl), "%.150s, serial %s", cert->name,
		    cert->serial);
	return 0;
}

int doctor_check_crl(struct doctor_run *v, const struct root_row *root, struct err *e)
{
	struct installation i = { .root_name = root->name };
	struct newest_crl newest = { .root_id = root->id, .now = clock_now(&v->p->clock), .i = &i };
	const struct cert_query revoked = { .root_id = root->id, .state = "revoked", .clients_only = true };

	if (ledger_each_crl(v->p->ledger, note_crl, &newest, e) < 0)
		return -1;
	if (newest.row.number == 0)
		return 0;
	i.crl_number = newest.row.number;
	i.crl_ends = newest.row.next_update;
	if (ledger_each_cert(v->p->ledger, &revoked, note_later, &newest, e) < 0)
		return -1;
	return doctor_judge_installation(v, root->name, &i, e);
}

static int note_pending(const struct gateway_pending *one, void *arg, struct err *e)
{
	struct installation *i = arg;

	(void)e;
	if (i->n_pending++ == 0)
		(void)snprintf(i->pending, sizeof(i->pending), "gateway %.64s, %.100s, serial %s, %s%s",
		    one->gateway->name, one->cert->name, one->cert->serial,
		    one->is_restore ? "NOT YET ACCEPTED AGAIN" : "NOT YET ENFORCED",
		    one->is_root_trusted == TRI_NO ? " (the gateway does not trust the root now)" : "");
	return 0;
}

static int inspect_gateway(const struct gateway_row *row, void *arg, struct err *e)
{
	struct doctor_run *v = arg;
	AUTO_VALUE(gateway) g = { .n_roots = 0 };
	struct facts f = { .have = FACT_GATEWAY, .gateway = &g };

	return gateway_from_ledger(&g, v->p, row->name, e) < 0 ? -1 : doctor_judge(v, row->name, "gateway", &f, e);
}

int doctor_check_gateways(struct doctor_run *v, struct err *e)
{
	struct installation i = { .n_faults = 0 };

	if (gateway_each_pending(v->p, 0, 0, note_pending, &i, e) < 0 ||
	    doctor_judge_installation(v, v->p->home, &i, e) < 0)
		return -1;
	return ledger_each_gateway(v->p->ledger, inspect_gateway, v, e);
}

static void note_added(unsigned *n, char out[300], const struct gateway_entries *list)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->all[i].action == GATEWAY_ADD && (*n)++ == 0)
			(void)snprintf(out, 300, "%.150s, %s", list->all[i].subject, list->all[i].thumbprint);
}

/* A plan that fails is not an error here: rule set "gateway" reports the cause, or the state is of another gateway. */
int doctor_check_decisions(struct doctor_run *v, const char *path, struct err *e)
{
	const struct gateway_options options = { .state = path };
	AUTO_VALUE(gateway_plan) plan = { .change = { .is_new = false } };
	struct installation i = { .n_faults = 0 };
	struct gateway_row row;
	struct err other = ERR_INIT;
	bool found;

	if (v->gateway->name[0] == '\0' || strcmp(path, "-") == 0)
		return 0;
	if (ledger_gateway_find(&row, &found, v->p->ledger, v->gateway->name, e) < 0)
		return -1;
	if (!found || gateway_plan_make(&plan, v->p, row.name, &options, &other) < 0)
		return 0;
	note_added(&i.n_not_refused, i.not_refused, &plan.change.revoked);
	note_added(&i.n_not_trusted, i.not_trusted, &plan.change.roots);
	return doctor_judge_installation(v, row.name, &i, e);
}

static void note_stale(struct installation *i, const struct cert_row *client, const char *format, const char *why)
{
	if (i->n_stale++ == 0)
		(void)snprintf(i->stale, sizeof(i->stale), "%.100s%s%s: %.80s", client->name,
		    format[0] != '\0' ? ", " : "", format, why);
}

static int broken_profile(const struct cert_row *client, const struct profile_row *profile, const char *why, void *arg,
    struct err *e)
{
	(void)e;
	note_stale(arg, client, profile->format, why);
	return 0;
}

int doctor_check_profiles(struct doctor_run *v, struct err *e)
{
	struct installation i = { .n_faults = 0 };

	if (profile_each_renewed(v->p, broken_profile, &i, e) < 0 || (v->package != NULL &&
	    profile_each_stale(v->p, v->package, v->package->source, broken_profile, &i, e) < 0))
		return -1;
	return doctor_judge_installation(v, v->p->home, &i, e);
}

struct card_formats {
	int64_t cert_id;
	bool has_any, has_openvpn;
};

static int note_format(const struct profile_row *row, void *arg, struct err *e)
{
	struct card_formats *w = arg;

	(void)e;
	w->has_any = w->has_any || row->cert_id == w->cert_id;
	w->has_openvpn = w->has_openvpn || (row->cert_id == w->cert_id && strcmp(row->format, "openvpn") == 0);
	return 0;
}

/* A card that is not inserted is no fault, as its owner usually has it with them. */
static int open_card(struct token **out, struct doctor_run *v, const struct cert_row *row, bool *is_here, struct err *e)
{
	AUTO_STRUCT(token_uri) uri = NULL;
	struct err absent = ERR_INIT;
	struct key_row key;
	struct module *m;
	bool has_key;

	*is_here = false;
	if (ledger_key_find(&key, &has_key, v->p->ledger, row->key_sha256, e) < 0)
		return -1;
	if (!has_key || key.location.token_serial[0] == '\0')
		return 0;
	if (key_location_uri(&uri, &key.location, e) < 0)
		return -1;
	*is_here = pki_module(&m, v->p, NULL, &absent) == 0 && token_open(out, m, uri, false, &absent) == 0;
	return 0;
}

/* A CKA_ID with several certificates is a finding: programs select a certificate by its CKA_ID. */
static int inspect_certs(struct doctor_run *v, struct token *card, const struct cert_row *row, struct err *e)
{
	struct key_ref ref = { .type = "" };
	struct facts f = { .have = FACT_KEY, .key = &ref };
	struct key_row key;
	bool has_key;

	if (ledger_key_find(&key, &has_key, v->p->ledger, row->key_sha256, e) < 0)
		return -1;
	if (!has_key)
		return 0;
	(void)snprintf(ref.id, sizeof(ref.id), "%s", key.location.cka_id);
	if (token_count_certs(&ref.n_certs, card, ref.id, e) < 0)
		return -1;
	return doctor_judge(v, row->name, "card", &f, e);
}

int doctor_check_card(struct doctor_run *v, const struct cert_row *row, const struct cert_info *cert, struct err *e)
{
	AUTO_STRUCT(token) card = NULL;
	struct card_formats w = { .cert_id = row->id };
	struct facts f = { .have = FACT_CERT | FACT_TOKEN, .cert = cert };
	bool is_here;

	if (open_card(&card, v, row, &is_here, e) < 0)
		return -1;
	if (!is_here)
		return 0;
	if (inspect_certs(v, card, row, e) < 0)
		return -1;
	if (v->package == NULL || !v->package->has_openvpn)
		return 0;
	if (ledger_each_profile(v->p->ledger, true, note_format, &w, e) < 0)
		return -1;
	if (w.has_any && !w.has_openvpn)
		return 0;
	if (token_ask_rsa_pss(card, e) < 0)
		return -1;
	f.token = token_get_info(card);
	return doctor_judge(v, row->name, "doctor", &f, e);
}

/* The token's mechanisms are among the facts only if the card is inserted. */
static int judge_report(
    struct doctor_run *v, const char *of, const struct cert_row *row, struct facts *f, struct err *e)
{
	AUTO_STRUCT(token) card = NULL;
	bool is_here = false;

	if (row != NULL && open_card(&card, v, row, &is_here, e) < 0)
		return -1;
	if (is_here) {
		if (token_ask_rsa_pss(card, e) < 0)
			return -1;
		f->token = token_get_info(card);
		f->have |= FACT_TOKEN;
	}
	return doctor_judge(v, of, "report", f, e);
}

int doctor_check_report(struct doctor_run *v, const struct cert_row *row, const struct cert_info *cert,
    const struct issuer *root, struct err *e)
{
	struct facts f = { .have = FACT_REPORT, .report = v->report, .cert = cert, .package = v->package };

	f.have |= cert != NULL ? FACT_CERT : 0U;
	if (root != NULL) {
		f.root = &root->info;
		f.top = &root->top;
		f.have |= FACT_CHAIN;
	}
	f.have |= v->package != NULL ? FACT_PACKAGE : 0U;
	return judge_report(v, v->report->source, row, &f, e);
}
