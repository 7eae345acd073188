/* SPDX-License-Identifier: MIT */
/* renew_list.c - see renew_list.h. */
#include "pki/client/renew_list.h"

#include <stdlib.h>
#include <string.h>

#include "model/row_state.h"
#include "pki/client/client_batch.h"
#include "pki/client/client_renew.h"
#include "pki/client/enroll_list.h"
#include "pki/profile/profile.h"
#include "util/file.h"
#include "util/file_name.h"
#include "util/text.h"

#define DAY INT64_C(86400)

struct renew_summary {
	unsigned renewed, no_card, refused, not_tried, todo;
};
const struct out_field renew_summary_fields[] = {
	{ OUT_UINT("renewed", NULL, struct renew_summary, renewed), .help = "number of certificates renewed" },
	{ OUT_UINT("no_card", NULL, struct renew_summary, no_card), .help = "not renewed: the card is not inserted" },
	{ OUT_UINT("refused", NULL, struct renew_summary, refused), .help = "not renewed for another reason" },
	{ OUT_UINT("not_tried", NULL, struct renew_summary, not_tried), .help = "not tried after an error" },
	{ OUT_UINT("todo", NULL, struct renew_summary, todo), .help = "to be renewed, in a dry run" },
	{ .key = NULL },
};

struct renewal {
	const struct renew_options *options;
	struct pki *p;
	struct client_batch batch;
	struct cert_row *certs;      /* owned */
	size_t n, cap;
	int64_t now, end;
	bool dry_run;
	struct renew_summary sum;
};

struct newer {
	const struct cert_row *row;
	int64_t now;
	bool is_renewed;
};

/* A successor that is not yet on its card belongs to an interrupted renewal, which the same certificate continues. */
static int renew_list_compare(const struct cert_row *other, void *arg, struct err *e)
{
	struct newer *n = arg;
	const bool is_complete = other->installed_at != 0 || other->key_id == 0;

	(void)e;
	if (other->id == n->row->id || other->not_after < n->now || !cert_is(other, CERT_ISSUED))
		return 0;
	n->is_renewed = n->is_renewed ||
	    (other->renews == n->row->id ? is_complete : other->id > n->row->id &&
						  other->not_after > n->row->not_after && is_complete);
	return 0;
}

static int renew_list_keep(struct renewal *r, const struct cert_row *row, struct err *e)
{
	if (r->n == r->cap) {
		const size_t cap = r->cap > 0 ? 2 * r->cap : 16;
		struct cert_row *more = reallocarray(r->certs, cap, sizeof(*more));

		if (more == NULL)
			return err_oom(e);
		r->certs = more;
		r->cap = cap;
	}
	r->certs[r->n] = *row;
	/* borrowed for the call */
	r->certs[r->n].tbs = r->certs[r->n].der = r->certs[r->n].issuers = (struct bytes){ 0 };
	r->certs[r->n++].request_name = NULL;
	return 0;
}

static int renew_list_select(const struct cert_row *row, void *arg, struct err *e)
{
	struct renewal *r = arg;
	struct newer newer = { row, r->now, false };
	const struct cert_query q = { .name = row->name, .device = row->device, .clients_only = true };
	bool is_started = false;

	if (!cert_is(row, CERT_ISSUED) || row->not_after >= r->end)
		return 0;
	/* the successor of an interrupted renewal is completed through the certificate that it renews */
	for (size_t i = 0; i < r->n; i++)
		is_started = is_started || r->certs[i].id == row->renews;
	if (is_started || ledger_each_cert(r->p->ledger, &q, renew_list_compare, &newer, e) < 0)
		return is_started ? 0 : -1;
	return newer.is_renewed ? 0 : renew_list_keep(r, row, e);
}

static char *renew_list_folder(const struct renewal *r, const struct cert_row *cert, struct err *e)
{
	char name[FILE_NAME_SIZE];

	return file_name_of_client(name, cert->name, cert->device, e) < 0
		   ? NULL
		   : file_join(r->options->asked->profiled.issue.key.op.out_path, name, e);
}

static void renew_list_fill(struct issue_job *job, const struct renewal *r, const char *folder, size_t i)
{
	const struct issue_job *asked = &r->options->asked->profiled.issue;

	job->key.op.pki = r->p;
	job->key.op.out_path = folder;
	job->key.op.force = asked->key.op.force;
	job->key.template = asked->key.template;
	job->key.spec = asked->key.spec;
	job->key.is_spec_given = asked->key.is_spec_given;
	job->key.same_key = asked->key.same_key;
	job->key.slot = asked->key.slot;
	job->key.replace_key = asked->key.replace_key;
	job->key.same_token = asked->key.same_token;
	job->key.shared_card = asked->key.shared_card;
	job->days = asked->days;
	job->days_asked = asked->days_asked;
	job->root_name = asked->root_name;
	job->supersede = asked->supersede;
	job->is_listed = true;
	job->n_later = r->n - i - 1;
}

/* A client without recorded profiles gets none, unless --for names formats. */
static int renew_list_fill_profiles(
    struct profiled_job *job, struct profile_options *wanted, char formats[256], const struct renewal *r, struct err *e)
{
	if (r->options->profiles == NULL)
		return 0;
	*wanted = *r->options->profiles;
	if (wanted->formats == NULL) {
		if (client_renew_formats(formats, &job->issue.key, e) < 0)
			return -1;
		wanted->formats = formats;
	}
	job->profiles = wanted->formats[0] != '\0' ? wanted : NULL;
	return 0;
}

/* *is_here: the card is inserted. */
static int renew_list_find_card(bool *is_here, const struct renewal *r, const struct key_job *key, struct err *e)
{
	struct token_info info;
	struct module *m;

	*is_here = true;
	if (r->options->wait && !r->dry_run)
		return card_wait(&info, &r->options->asked->profiled.issue.key, key->where, key->op.name, "", e);
	if (pki_module(&m, r->p, key->where, e) < 0)
		return -1;
	if (token_find(&info, m, key->where, e) == 0)
		return 0;
	*is_here = false;
	return e->status == ERR_NOT_FOUND || e->status == ERR_TOKEN ? 0 : -1;
}

static int renew_list_run(struct renewal *r, struct client_job *job, const char **outcome, struct err *e)
{
	struct key_job *key = &job->profiled.issue.key;
	const struct run_mode mode = { .dry_run = r->dry_run };
	bool is_here;

	*outcome = "refused";
	if (renew_list_find_card(&is_here, r, key, e) < 0)
		return -1;
	if (!is_here && (!r->dry_run || !r->options->wait)) {
		*outcome = "no card";
		(void)err_set(e, ERR_NOT_FOUND, "the card is not inserted");
		return err_rule(e, "token-not-found", "insert the card, or use --wait");
	}
	if (!is_here)
		return 0;
	client_batch_take_login(key, &r->batch);
	if (client_renew(job, &mode, r->dry_run ? NULL : r->batch.o, e) < 0)
		return -1;
	client_batch_keep_login(&r->batch, key);
	return 0;
}

/* The row of a certificate that is not renewed. */
static int renew_list_fail(
    struct renewal *r, const struct client_batch_row *row, const struct err *why, struct err *e)
{
	if (strcmp(row->outcome, "no card") == 0)
		r->sum.no_card++;
	else
		r->sum.refused++;
	return client_batch_refuse(&r->batch, row, why, e);
}

static int renew_list_one(struct renewal *r, size_t i, struct err *e)
{
	const struct cert_row *cert = &r->certs[i];
	AUTO_VALUE(profile_job) profile = { .n_formats = 0 };
	AUTO_VALUE(client_job) job = { .profiled.profile_job = &profile };
	struct client_batch_row row = { .name = cert->name, .device = cert->device, .outcome = "refused",
		.cert = cert };
	char root_name[65], formats[256];
	struct key_row key = { .id = 0 };
	struct profile_options wanted;
	AUTO(char) folder = NULL;
	struct token_ref card;
	struct err why = ERR_INIT;

	if ((r->options->asked->profiled.issue.key.op.out_path != NULL &&
		(folder = renew_list_folder(r, cert, e)) == NULL) ||
	    (cert->key_id != 0 && ledger_key_get(&key, r->p->ledger, cert->key_id, e) < 0))
		return -1;
	card = token_ref_of_location(&key.location);
	row.card = card.label != NULL || card.serial != NULL ? &card : NULL;
	renew_list_fill(&job.profiled.issue, r, folder, i);
	if (client_renew_find(&job.profiled.issue, cert->serial, root_name, &why) < 0 ||
	    renew_list_fill_profiles(&job.profiled, &wanted, formats, r, &why) < 0 ||
	    renew_list_run(r, &job, &row.outcome, &why) < 0) {
		if (!client_batch_ends(&why))
			return renew_list_fail(r, &row, &why, e);
		*e = why;
		return err_while(e, "renewing the certificate of '%s'", cert->name);
	}
	row.outcome = r->dry_run ? "todo" : "renewed";
	row.cert = r->dry_run ? cert : &job.profiled.issue.cert;
	row.folder = r->dry_run ? NULL : folder;
	r->sum.renewed += !r->dry_run;
	r->sum.todo += r->dry_run;
	return client_batch_print(&r->batch, &row, e);
}

/* The error that ends the run is reported for its client, and each later client has a row "not tried". */
static int renew_list_end_at(struct renewal *r, size_t failed, struct err *e)
{
	struct err unprinted = ERR_INIT;
	int result = 0;

	for (size_t i = failed; result == 0 && i < r->n; i++) {
		const struct cert_row *c = &r->certs[i];
		const char *first = e->status == ERR_INTERRUPTED ? "interrupted" : "refused";
		const struct client_batch_row row = { .name = c->name, .device = c->device,
			.outcome = i == failed ? first : "not tried", .cert = c };

		r->sum.not_tried += i != failed;
		result = i == failed ? renew_list_fail(r, &row, e, &unprinted)
				     : client_batch_print(&r->batch, &row, &unprinted);
	}
	return result < 0 ? err_also(e, &unprinted) : -1;
}

static int renew_list_each(struct renewal *r, struct err *e)
{
	const struct ui *ui = r->p->ui;

	for (size_t i = 0; i < r->n; i++) {
		char text[400];

		(void)snprintf(text, sizeof(text), "%s, %zu of %zu", r->certs[i].name, i + 1, r->n);
		ui->entry(ui->self, text);
		if (renew_list_one(r, i, e) < 0)
			return renew_list_end_at(r, i, e);
	}
	return 0;
}

static int renew_list_print_summary(struct renewal *r, struct err *e)
{
	const struct renew_summary *s = &r->sum;

	if (out_end(r->batch.o, e) < 0 || out_record(r->batch.o, "renewals", renew_summary_fields, s, e) < 0)
		return -1;
	if (r->n == 0)
		return out_say(r->batch.o, e, "No certificate has to be renewed.");
	return out_say(r->batch.o, e, "%u of %zu certificates %s; %u card%s not inserted, %u refused, %u not tried.",
	    r->dry_run ? s->todo : s->renewed, r->n, r->dry_run ? "to be renewed" : "renewed", s->no_card,
	    s->no_card == 1 ? "" : "s", s->refused, s->not_tried);
}

int client_renew_expiring(
    const struct renew_options *options, const struct run_mode *mode, struct out *o, struct err *e)
{
	struct pki *p = options->asked->profiled.issue.key.op.pki;
	const int64_t now = clock_now(&p->clock);
	const struct cert_query q = { .clients_only = true, .live_only = true, .order = CERTS_BY_END };
	struct renewal r = { .options = options, .p = p, .batch = { .o = o }, .dry_run = mode->dry_run, .now = now,
		.end = now + options->days * DAY };
	struct err unprinted = ERR_INIT;
	int result;

	if (ledger_each_cert(p->ledger, &q, renew_list_select, &r, e) < 0 ||
	    out_list(o, "clients", client_batch_fields, e) < 0) {
		free(r.certs);
		return -1;
	}
	result = renew_list_each(&r, e);
	p->ui->entry(p->ui->self, NULL);
	issuer_clear(&r.batch.kept);
	free(r.certs);
	if (renew_list_print_summary(&r, result < 0 ? &unprinted : e) < 0)
		return result < 0 ? err_also(e, &unprinted) : -1;
	return result < 0 ? -1 : r.batch.n_refused > 0 ? 1 : 0;
}
