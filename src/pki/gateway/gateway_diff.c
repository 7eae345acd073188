/* SPDX-License-Identifier: MIT */
/* gateway_diff.c - prints the planned change of a gateway, and records its observed state. */
#include <stdlib.h>
#include <string.h>

#include "azure/gateway/gateway.h"
#include "pki/gateway/gateway_issuers.h"
#include "pki/gateway/gateway_trust.h"

struct entry_line {
	const char *action, *name, *subject, *thumbprint, *why;
	bool is_ours;
};
const struct out_field gateway_entry_fields[] = {
	{ OUT_TEXT("change", "CHANGE", struct entry_line, action), .help = "keep, add or remove" },
	{ OUT_BOOL("managed", "MANAGED", struct entry_line, is_ours),
	    .help = "the certificate is in the ledger, or issued a root; false: always kept" },
	{ OUT_TEXT("name", "NAME", struct entry_line, name), .help = "on the gateway" },
	{ OUT_TEXT("subject", "SUBJECT", struct entry_line, subject),
	    .help = "subject of the root, or name of the client; null: not in the ledger" },
	{ OUT_TEXT("thumbprint", "THUMBPRINT", struct entry_line, thumbprint), .as = OUT_AS_LOW,
	    .help = "SHA-1 of the DER; null: it cannot be read" },
	{ OUT_TEXT("reason", "REASON", struct entry_line, why), .as = OUT_AS_PROSE,
	    .help = "reason for the change, or what would change it; null: none" },
	{ .key = NULL },
};
struct setting_line {
	const char *setting, *value;
};
const struct out_field gateway_setting_fields[] = {
	{ OUT_TEXT("setting", "SETTING", struct setting_line, setting), .help = "setting that the gateway lacks" },
	{ OUT_TEXT("value", "VALUE", struct setting_line, value), .help = "value that the change sets" },
	{ .key = NULL },
};
const struct out_field gateway_locked_out_fields[] = {
	{ OUT_CHARS("name", "LOCKED OUT", struct cert_row, name), .help = "a client whose certificate is valid" },
	{ OUT_CHARS("device", "DEVICE", struct cert_row, device), .help = "name of the device; null without one" },
	{ OUT_CHARS("serial", "SERIAL", struct cert_row, serial), .as = OUT_AS_ID, .help = "hex" },
	{ OUT_TIME("not_after", "NOT AFTER", struct cert_row, not_after), .help = "end of validity" },
	{ .key = NULL },
};

static int warn_locked_out(const struct cert_row *c, void *arg, struct err *e)
{
	const struct ui *ui = arg;
	char text[420];

	(void)e;
	(void)snprintf(text, sizeof(text), "this locks out '%.200s'%s%s, whose certificate %s is valid", c->name,
	    c->device[0] != '\0' ? ", " : "", c->device, c->serial);
	ui->warn(ui->self, "gateway-clients-locked-out", text);
	return 0;
}

int gateway_write(struct buf *out, struct pki *p, const char *name, const struct gateway_options *options,
    const char *format, struct err *e)
{
	AUTO_VALUE(gateway_plan) plan = { .change = { .is_new = false } };
	struct ui ui = *p->ui;
	bool fits;

	if (gateway_plan_make(&plan, p, name, options, e) < 0 || gateway_plan_refuse(&plan, e) < 0 ||
	    gateway_issuers_warn(p, &plan, e) < 0)
		return -1;
	fits = gateway_plan_fit(&plan, format, &ui);
	if (plan.change.has_radius && !gateway_change_is_empty(&plan.change))
		ui.warn(ui.self, "gateway-radius-secret",
		    "the gateway has RADIUS servers: Azure may not return their secrets, and a change without them may "
		    "remove them");
	if (options->is_file && gateway_render_begin(out, format, e) < 0)
		return -1;
	if (gateway_each_locked_out(p, &plan, warn_locked_out, &ui, e) < 0 ||
	    gateway_render(out, &plan.change, format, e) < 0)
		return -1;
	return fits ? 0 : 1;
}

static int gateway_diff_print_entries(const char *key, const struct gateway_entries *list, struct out *o, struct err *e)
{
	static const char *const fates[] = { "keep", "add", "remove", "omit" };

	out_title(o, strcmp(key, "roots") == 0 ? "Roots" : "Revoked certificates");
	if (out_list(o, key, gateway_entry_fields, e) < 0)
		return -1;
	for (size_t i = 0; i < list->n; i++) {
		const struct gateway_entry *entry = &list->all[i];
		const struct entry_line line = { .action = fates[entry->action], .is_ours = entry->is_ours,
			.name = entry->name, .subject = entry->subject[0] != '\0' ? entry->subject : NULL,
			.thumbprint = entry->thumbprint[0] != '\0' ? entry->thumbprint : NULL, .why = entry->why };

		if (out_row(o, &line, e) < 0)
			return -1;
	}
	return out_end(o, e);
}

static int gateway_diff_say(const char *name, const struct gateway_plan *plan, struct out *o, struct err *e)
{
	const struct gateway_entries *roots = &plan->change.roots, *revoked = &plan->change.revoked;

	if (gateway_change_is_empty(&plan->change) && plan->state.n_unreadable == 0)
		return out_say(o, e, "Gateway %s agrees with the ledger.", name);
	return out_say(o, e, "Gateway %s differs from the ledger: %zu to add, %zu to remove.", name,
	    gateway_entries_count(roots, GATEWAY_ADD) + gateway_entries_count(revoked, GATEWAY_ADD),
	    gateway_entries_count(roots, GATEWAY_REMOVE) + gateway_entries_count(revoked, GATEWAY_REMOVE));
}

static int print_settings(const struct gateway_change *c, struct out *o, struct err *e)
{
	const struct setting_line pools = { "address pool", c->gateway.pools },
				  tunnels = { "tunnel types", c->gateway.tunnels },
				  auth = { "authentication", "Certificate" };

	out_title(o, "Settings");
	if (out_list(o, "settings", gateway_setting_fields, e) < 0 || (c->sets_pools && out_row(o, &pools, e) < 0) ||
	    (c->sets_tunnels && out_row(o, &tunnels, e) < 0) || (c->sets_auth && out_row(o, &auth, e) < 0))
		return -1;
	return out_end(o, e);
}

static int print_cert(const struct cert_row *c, void *arg, struct err *e)
{
	return out_row(arg, c, e);
}

struct recording {
	struct pki *p;
	const struct gateway_plan *plan;
	struct observation_row *rows; /* owned */
	size_t n, cap;
	struct recording *gone;    /* borrowed: observed before and removed now; kept apart, because rows are sorted */
};

static int gateway_diff_observes(struct recording *r, int64_t cert_id, const char *what, struct err *e)
{
	if (r->n == r->cap) {
		const size_t cap = r->cap > 0 ? 2 * r->cap : 16;
		struct observation_row *more = reallocarray(r->rows, cap, sizeof(*more));

		if (more == NULL)
			return err_set(e, ERR_INTERNAL, "out of memory");
		r->rows = more;
		r->cap = cap;
	}
	r->rows[r->n] = (struct observation_row){ .cert_id = cert_id };
	(void)snprintf(r->rows[r->n++].what, sizeof(r->rows[0].what), "%s", what);
	return 0;
}

static int compare_rows(const void *a, const void *b)
{
	const struct observation_row *x = a, *y = b;

	return (x->cert_id > y->cert_id) - (x->cert_id < y->cert_id);
}

/* The observation of this certificate in the sorted rows; NULL: none. */
static struct observation_row *gateway_diff_find_row(const struct recording *r, int64_t cert_id)
{
	const struct observation_row key = { .cert_id = cert_id };

	return r->n > 0 ? bsearch(&key, r->rows, r->n, sizeof(key), compare_rows) : NULL;
}

static int record_root(const struct root_row *root, void *arg, struct err *e)
{
	struct recording *r = arg;
	bool is_trusted;

	if (root->cert_id == 0)
		return 0;
	/* an older certificate of the root and its issuers also make the gateway accept its clients */
	is_trusted = gateway_plan_trusts(r->plan, root->id, GATEWAY_ADD);
	return gateway_diff_observes(r, root->cert_id, is_trusted ? OBSERVED_TRUSTED : OBSERVED_NOT_TRUSTED, e);
}

/* A certificate that was observed as revoked and is no longer in the list goes to `gone`. */
static int record_gone(const struct observation_row *row, void *arg, struct err *e)
{
	struct recording *r = arg;

	if (strcmp(row->what, OBSERVED_REVOKED) != 0 || gateway_diff_find_row(r, row->cert_id) != NULL)
		return 0;
	return gateway_diff_observes(r->gone, row->cert_id, OBSERVED_NOT_REVOKED, e);
}

/* An unchanged observation needs no second row. */
static int drop_known(const struct observation_row *row, void *arg, struct err *e)
{
	struct observation_row *now = gateway_diff_find_row(arg, row->cert_id);

	(void)e;
	if (now != NULL && strcmp(now->what, row->what) == 0)
		now->what[0] = '\0';
	return 0;
}

static void remove_dropped(struct recording *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n; i++)
		if (r->rows[i].what[0] != '\0')
			r->rows[n++] = r->rows[i];
	r->n = n;
}

static int record_all(struct recording *r, struct recording *gone, struct err *e)
{
	const struct gateway_entries *revoked = &r->plan->change.revoked;
	const struct observation_query here = { .gateway_id = r->plan->change.gateway.id };

	if (ledger_each_root(r->p->ledger, record_root, r, e) < 0)
		return -1;
	for (size_t i = 0; i < revoked->n; i++)
		if (revoked->all[i].cert_id != 0 && revoked->all[i].action != GATEWAY_ADD &&
		    gateway_diff_observes(r, revoked->all[i].cert_id, OBSERVED_REVOKED, e) < 0)
			return -1;
	if (r->n > 0)
		qsort(r->rows, r->n, sizeof(*r->rows), compare_rows);
	if (ledger_each_observation(r->p->ledger, &here, record_gone, r, e) < 0 ||
	    ledger_each_observation(r->p->ledger, &here, drop_known, r, e) < 0)
		return -1;
	remove_dropped(r);
	for (size_t i = 0; i < gone->n; i++)
		if (gateway_diff_observes(r, gone->rows[i].cert_id, gone->rows[i].what, e) < 0)
			return -1;
	return ledger_gateway_observed(r->p->ledger, here.gateway_id, r->rows, r->n, e);
}

static unsigned count_observed(const struct recording *r, const char *what)
{
	unsigned n = 0;

	for (size_t i = 0; i < r->n; i++)
		n += strcmp(r->rows[i].what, what) == 0;
	return n;
}

/* The rows are those that changed since the last observation. */
static void say_recorded(const struct recording *r, char out[240])
{
	const unsigned revoked = count_observed(r, OBSERVED_REVOKED), trusted = count_observed(r, OBSERVED_TRUSTED),
		       back = count_observed(r, OBSERVED_NOT_REVOKED),
		       gone = count_observed(r, OBSERVED_NOT_TRUSTED);

	if (revoked + trusted + back + gone == 0)
		(void)snprintf(out, 240, "Recorded: nothing changed since the last record.");
	else
		(void)snprintf(out, 240,
		    "Recorded since the last record: %u revocation%s now enforced, %u no longer; %u root%s now "
		    "trusted, %u not trusted.",
		    revoked, revoked == 1 ? "" : "s", back, trusted, trusted == 1 ? "" : "s", gone);
}

static int gateway_diff_record(char said[240], struct pki *p, const struct gateway_plan *plan, struct err *e)
{
	struct recording gone = { .p = p, .plan = plan }, r = { .p = p, .plan = plan, .gone = &gone };
	const int result = record_all(&r, &gone, e);

	if (result == 0)
		say_recorded(&r, said);
	free(r.rows);
	free(gone.rows);
	return result;
}

int gateway_diff(struct pki *p, const char *name, const struct gateway_options *options, bool is_recorded,
    struct out *o, struct err *e)
{
	AUTO_VALUE(gateway_plan) plan = { .change = { .is_new = false } };
	char said[240];

	if (gateway_plan_make(&plan, p, name, options, e) < 0 || gateway_issuers_warn(p, &plan, e) < 0 ||
	    (is_recorded && gateway_diff_record(said, p, &plan, e) < 0) ||
	    gateway_diff_say(name, &plan, o, e) < 0 || (is_recorded && out_say(o, e, "%s", said) < 0) ||
	    gateway_diff_print_entries("roots", &plan.change.roots, o, e) < 0 ||
	    gateway_diff_print_entries("revoked", &plan.change.revoked, o, e) < 0 ||
	    print_settings(&plan.change, o, e) < 0)
		return -1;
	out_title(o, "Clients that are locked out");
	if (out_list(o, "locked_out", gateway_locked_out_fields, e) < 0 ||
	    gateway_each_locked_out(p, &plan, print_cert, o, e) < 0 || out_end(o, e) < 0)
		return -1;
	return gateway_change_is_empty(&plan.change) && plan.state.n_unreadable == 0 ? 0 : 1;
}
