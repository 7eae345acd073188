/* SPDX-License-Identifier: MIT */
/* enroll_list.c - see enroll_list.h. */
#include "pki/client/enroll_list.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "pki/client/client.h"
#include "pki/client/client_batch.h"
#include "pki/device.h"
#include "pki/issue/cert_load.h"
#include "pki/issuer.h"
#include "pki/profile/profile.h"
#include "pki/token_ref.h"
#include "util/file.h"
#include "util/file_name.h"
#include "x509/name.h"
#include "util/text.h"

struct enrolment {
	const struct enroll_options *options;
	struct pki *p;
	struct client_batch batch;
	char last[sizeof(((struct token_info *)0)->serial)]; /* serial of the token before */
	bool dry_run;
	size_t n_todo;               /* clients without a certificate on a token */
	struct planned_card *planned; /* owned; cards that the clients before would get in a dry run */
	size_t n_planned;
	/* Borrowed, of a client who has a certificate: the inserted card, and the name of the root; NULL */
	const struct token_uri *known;
	const char *known_root;
};

/* What became of an entry of the list. */
struct entry_result {
	const char *result;          /* "enrolled", "existing", "todo", "not tried" */
	const struct cert_row *cert; /* NULL = no certificate */
	const struct token_ref *card; /* NULL = not known */
	const char *folder;          /* NULL = no files were written */
};

static int enroll_list_print(
    const struct enrolment *d, const struct enroll_entry *who, const struct entry_result *r, struct err *e)
{
	return client_batch_print(&d->batch,
	    &(struct client_batch_row){ who->cn, who->device, r->result, r->cert, r->card, r->folder }, e);
}

static char *enroll_list_folder_of(const struct enrolment *d, const struct enroll_entry *who, struct err *e)
{
	char name[FILE_NAME_SIZE];

	return file_name_of_client(name, who->cn, who->device, e) < 0
		   ? NULL
		   : file_join(d->options->asked->profiled.issue.key.op.out_path, name, e);
}

static void enroll_list_fill(
    struct profiled_job *job, const struct enrolment *d, const struct enroll_entry *who, const char *folder)
{
	struct key_job *k = &job->issue.key;
	struct op *op = &job->issue.key.op;
	const struct profiled_job *asked = &d->options->asked->profiled;

	op->pki = d->p;
	op->name = who->cn;
	op->device = who->device;
	k->template = asked->issue.key.template;
	k->spec = asked->issue.key.spec;
	k->is_spec_given = asked->issue.key.is_spec_given;
	job->issue.days = asked->issue.days;
	job->issue.days_asked = asked->issue.days_asked;
	k->slot = asked->issue.key.slot;
	k->replace_key = asked->issue.key.replace_key;
	job->issue.root_name = d->known != NULL ? d->known_root : asked->issue.root_name;
	op->out_path = folder;
	op->force = asked->issue.key.op.force;
	k->same_token = asked->issue.key.same_token || d->known != NULL;
	k->shared_card = asked->issue.key.shared_card;
	k->planned = d->planned;
	k->n_planned = d->n_planned;
	job->profiles = asked->profiles;
	job->issue.is_listed = true;
	job->issue.n_later = d->n_todo - 1;
}

/* A URI with the token's identity, so that another token inserted meanwhile is not used. */
static int enroll_list_find_card(
    struct token_uri **out, struct enrolment *d, const struct enroll_entry *who, struct err *e)
{
	struct token_info info;

	if (!d->options->wait)
		return uri_parse(out, who->token, e);
	if (who->token[0] != '\0') {
		AUTO_STRUCT(token_uri) own = NULL;

		if (uri_parse(&own, who->token, e) < 0 ||
		    card_wait(&info, &d->options->asked->profiled.issue.key, own, who->cn, d->last, e) < 0)
			return -1;
	} else if (card_wait(&info, &d->options->asked->profiled.issue.key, d->options->asked->profiled.issue.key.where,
		       who->cn, d->last, e) < 0) {
		return -1;
	}
	memcpy(d->last, info.serial, sizeof(d->last));
	return uri_parse(out, info.uri, e);
}

static int print_refused(struct enrolment *d, const struct enroll_entry *who, const struct cert_row *cert,
    const struct token_ref *card, const struct err *why, struct err *e)
{
	const char *outcome = why->status == ERR_INTERRUPTED ? "interrupted" : "refused";
	const struct client_batch_row row = { who->cn, who->device, outcome, cert, card, NULL };

	return client_batch_refuse(&d->batch, &row, why, e);
}

/* A dry run waits for no card: *out is NULL for a card that is not inserted. */
static int enroll_list_find_inserted(
    struct token_uri **out, const struct enrolment *d, const struct enroll_entry *who, struct err *e)
{
	AUTO_STRUCT(token_uri) own = NULL;
	struct token_info info;
	struct module *m;

	if (!d->options->wait)
		return uri_parse(out, who->token, e);
	*out = NULL;
	if (who->token[0] == '\0')
		return 0;
	if (uri_parse(&own, who->token, e) < 0 || pki_module(&m, d->p, own, e) < 0)
		return -1;
	if (token_find(&info, m, own, e) < 0)
		return e->status == ERR_NOT_FOUND || e->status == ERR_TOKEN ? 0 : -1;
	return info.is_initialised ? uri_parse(out, info.uri, e) : 0;
}

static int enroll_list_plan_card(struct enrolment *d, const char *name, const struct token_info *info, struct err *e)
{
	struct planned_card *all = reallocarray(d->planned, d->n_planned + 1, sizeof(*all));

	if (all == NULL)
		return err_oom(e);
	d->planned = all;
	all += d->n_planned++;
	all->slot = info->slot;
	all->name = name;
	memcpy(all->uri, info->uri, sizeof(all->uri));
	return 0;
}

/* The same checks as those of a real run before its first PIN. */
static int enroll_list_check(
    struct enrolment *d, const struct enroll_entry *who, struct client_job *job, const char *folder, struct err *e)
{
	struct key_job *k = &job->profiled.issue.key;
	AUTO_STRUCT(token_uri) uri = NULL;
	struct token_ref card;

	if (enroll_list_find_inserted(&uri, d, who, e) < 0)
		return -1;
	enroll_list_fill(&job->profiled, d, who, folder);
	k->where = uri;
	if (client_enroll_check(job, e) < 0 || (uri != NULL && enroll_list_plan_card(d, who->cn, &k->card_info, e) < 0))
		return -1;
	card = token_ref_of_info(&k->card_info);
	return enroll_list_print(
	    d, who, &(struct entry_result){ .result = "todo", .card = uri != NULL ? &card : NULL }, e);
}

static int enroll_list_enroll(
    struct enrolment *d, const struct enroll_entry *who, struct client_job *job, const char *folder, struct err *e)
{
	struct key_job *k = &job->profiled.issue.key;
	static const struct run_mode mode = { .dry_run = false };
	AUTO_STRUCT(token_uri) uri = NULL;
	struct token_ref card;
	bool existed;

	if (d->known == NULL && enroll_list_find_card(&uri, d, who, e) < 0)
		return -1;
	enroll_list_fill(&job->profiled, d, who, folder);
	k->where = d->known != NULL ? d->known : uri;
	client_batch_take_login(k, &d->batch);
	if (client_enroll(job, &mode, d->batch.o, e) < 0)
		return -1;
	card = token_ref_of_info(&k->card_info);
	client_batch_keep_login(&d->batch, k);
	existed = d->known != NULL || k->op.is_done_before;
	return enroll_list_print(d, who,
	    &(struct entry_result){ existed ? "existing" : "enrolled", &job->profiled.issue.cert, &card, folder }, e);
}

static int enroll_one(struct enrolment *d, const struct enroll_entry *who, struct err *e)
{
	AUTO_VALUE(profile_job) profile = { .n_formats = 0 };
	AUTO_VALUE(client_job) job = { .profiled.profile_job = &profile, .has_letter = d->options->asked->has_letter };
	AUTO(char) folder = NULL;
	const struct cert_row none = { .id = 0 };
	struct err why;

	if (d->options->asked->profiled.issue.key.op.out_path != NULL &&
	    (folder = enroll_list_folder_of(d, who, e)) == NULL)
		return -1;
	if ((d->dry_run ? enroll_list_check : enroll_list_enroll)(d, who, &job, folder, e) == 0)
		return 0;
	if (client_batch_ends(e))
		return err_while(e, "enrolling '%s' of the list", who->cn);
	why = *e;
	return print_refused(d, who, &none, NULL, &why, e);
}

/* The newest on a token: after a renewal there are two, and either is sufficient. */
static int see_installed(const struct cert_row *row, void *arg, struct err *e)
{
	struct cert_row *have = arg;

	(void)e;
	if (row->installed_at == 0)
		return 0;
	*have = *row;
	have->tbs = have->der = have->issuers = (struct bytes){ 0 }; /* borrowed for the call */
	return 0;
}

static int find_installed(struct cert_row *have, bool *is, const struct enrolment *d, const struct enroll_entry *who,
    struct err *e)
{
	const struct cert_query q = { .name = who->cn, .device = who->device, .state = "issued", .clients_only = true,
		.live_only = true };

	if (d->p->ledger != NULL && ledger_each_cert(d->p->ledger, &q, see_installed, have, e) < 0)
		return -1;
	*is = have->id != 0;
	return 0;
}

/* An earlier certificate is used only if this run would issue the same. */
static int enroll_list_check_earlier(const struct enrolment *d, const struct cert_row *have, struct err *e)
{
	const struct issue_job *asked = &d->options->asked->profiled.issue;
	struct root_row root;

	if (ledger_root_get(&root, d->p->ledger, have->root_id, e) < 0)
		return -1;
	if ((asked->root_name == NULL || strcmp(asked->root_name, root.name) == 0) &&
	    (asked->key.template == NULL || strcmp(asked->key.template->name, have->template_name) == 0))
		return cert_check_days(have, asked->days_asked, e);
	(void)err_set(e, ERR_POLICY, "the client already has a valid certificate, serial %s, of root '%s' with "
	    "template %s",
	    have->serial, root.name, have->template_name);
	return err_rule(e, "client-has-certificate", "renew the certificate with `p11ca client renew`, which "
	    "accepts --root and --template");
}

static int print_existing(
    struct enrolment *d, const struct enroll_entry *who, const struct cert_row *have, struct err *e)
{
	struct key_row key = { .id = 0 };
	const struct token_ref *card;
	struct token_ref token;
	struct err why = ERR_INIT;

	if (have->key_id != 0 && ledger_key_get(&key, d->p->ledger, have->key_id, e) < 0)
		return -1;
	token = token_ref_of_location(&key.location);
	card = token.serial != NULL ? &token : NULL;
	if (enroll_list_check_earlier(d, have, &why) == 0)
		return enroll_list_print(d, who,
		    &(struct entry_result){ "existing", have, card, NULL }, e);
	if (client_batch_ends(&why)) {
		*e = why;
		return -1;
	}
	return print_refused(d, who, have, card, &why, e);
}

static int find_missing_folder(bool *is, const struct enrolment *d, const struct enroll_entry *who, struct err *e)
{
	AUTO(char) folder = enroll_list_folder_of(d, who, e);
	struct stat st;

	*is = folder != NULL && lstat(folder, &st) < 0 && errno == ENOENT;
	return folder == NULL ? -1 : 0;
}

/* *out is NULL if the card with the client's key is not inserted now: the list does not wait for it. */
static int find_known_card(
    struct token_uri **out, const struct enrolment *d, const struct cert_row *have, struct err *e)
{
	AUTO_STRUCT(token_uri) uri = NULL;
	struct token_info info = { .is_initialised = true };
	struct err absent = ERR_INIT;
	struct key_row key;
	struct module *m;
	char text[700];

	if (have->key_id == 0 || ledger_key_get(&key, d->p->ledger, have->key_id, e) < 0)
		return have->key_id == 0 ? 0 : -1;
	(void)snprintf(info.label, sizeof(info.label), "%s", key.location.token_label);
	(void)snprintf(info.serial, sizeof(info.serial), "%s", key.location.token_serial);
	if (uri_format_token(text, sizeof(text), &info, e) < 0 || uri_parse(&uri, text, e) < 0)
		return -1;
	if (pki_module(&m, d->p, uri, &absent) < 0 || token_find(&info, m, uri, &absent) < 0)
		return 0;
	*out = STEAL(uri);
	return 0;
}

/* On the inserted card of a client who has a certificate: without a login if nothing is missing. */
static int complete_existing(
    struct enrolment *d, const struct enroll_entry *who, const struct cert_row *have, struct err *e)
{
	AUTO_VALUE(profile_job) profile = { .n_formats = 0 };
	AUTO_VALUE(client_job) job = { .profiled.profile_job = &profile, .has_letter = d->options->asked->has_letter };
	AUTO(char) folder = enroll_list_folder_of(d, who, e);
	static const struct run_mode probe = { .dry_run = true };
	const struct cert_row none = { .id = 0 };
	struct err why = ERR_INIT;

	if (folder == NULL)
		return -1;
	enroll_list_fill(&job.profiled, d, who, folder);
	job.profiled.issue.key.where = d->known;
	if (client_enroll(&job, &probe, NULL, &why) == 0)
		return job.profiled.issue.key.op.is_done_before || d->dry_run ? print_existing(d, who, have, e)
									      : enroll_one(d, who, e);
	if (!client_batch_ends(&why))
		return print_refused(d, who, &none, NULL, &why, e);
	*e = why;
	return -1;
}

/*
 * The client has a certificate. If the client's card is inserted, the same steps as of one enrolment write what is
 * missing: files, profiles, a letter; files of another certificate are refused without --force.
 */
static int see_to_existing(
    struct enrolment *d, const struct enroll_entry *who, const struct cert_row *have, struct err *e)
{
	AUTO_STRUCT(token_uri) card = NULL;
	struct err refused = ERR_INIT;
	struct root_row root;
	char text[700];
	bool missing;
	int result;

	if (d->options->asked->profiled.issue.key.op.out_path == NULL ||
	    enroll_list_check_earlier(d, have, &refused) < 0)
		return print_existing(d, who, have, e);
	if (find_known_card(&card, d, have, e) < 0 || find_missing_folder(&missing, d, who, e) < 0)
		return -1;
	if (card != NULL) {
		if (ledger_root_get(&root, d->p->ledger, have->root_id, e) < 0)
			return -1;
		d->known = card;
		d->known_root = root.name;
		result = complete_existing(d, who, have, e);
		d->known = NULL;
		return result;
	}
	if (!missing || d->dry_run)
		return print_existing(d, who, have, e);
	(void)snprintf(text, sizeof(text), "the folder of '%.200s' is missing, and the client's card is not inserted: "
	    "insert the card and run the command again", who->cn);
	d->p->ui->warn(d->p->ui->self, "enroll-folder-missing", text);
	return print_existing(d, who, have, e);
}

static bool has_card(const struct enrolment *d, const struct enroll_entry *who)
{
	return who->token[0] != '\0' || (d->options->wait && d->options->asked->profiled.issue.key.where != NULL);
}

/* An error in one entry refuses that entry, not the list. */
static int check_entry(const struct enrolment *d, const struct enroll_entry *who, struct err *e)
{
	AUTO_STRUCT(token_uri) uri = NULL;
	enum cn_kind kind;

	if (!has_card(d, who)) {
		(void)err_set(e, ERR_INPUT, "the list has no token for '%.200s'", who->cn);
		return err_rule(e, "token-not-named", "name the token in the column `token`");
	}
	if (name_check_cn(&kind, who->cn, e) < 0 || device_check(who->device, e) < 0)
		return -1;
	return who->token[0] == '\0' || uri_parse(&uri, who->token, e) == 0 ?
	    0 : err_rule(e, "token-not-named", "write the label of the token, or a PKCS#11 URI (RFC 7512)");
}

/* No token is requested for a client who got a token in an earlier run. */
static int one_entry(struct enrolment *d, const struct enroll_entry *who, struct err *e)
{
	struct cert_row have = { .id = 0 };
	struct err why = ERR_INIT;
	bool installed;
	int result;

	if (check_entry(d, who, &why) < 0)
		return print_refused(d, who, &have, NULL, &why, e);
	if (find_installed(&have, &installed, d, who, e) < 0)
		return -1;
	if (installed)
		return see_to_existing(d, who, &have, e);
	result = enroll_one(d, who, e);
	d->n_todo--;
	return result;
}

static int count_todo(struct enrolment *d, struct err *e)
{
	for (size_t i = 0; i < d->options->list->n; i++) {
		struct cert_row have = { .id = 0 };
		struct err refused;
		bool installed;

		if (check_entry(d, &d->options->list->all[i], &refused) < 0)
			continue;
		if (find_installed(&have, &installed, d, &d->options->list->all[i], e) < 0)
			return -1;
		d->n_todo += !installed;
	}
	return 0;
}

static int check_cards(const struct enrolment *d, struct err *e)
{
	for (size_t i = 0; i < d->options->list->n; i++)
		if (has_card(d, &d->options->list->all[i]))
			return 0;
	(void)err_set(e, ERR_USAGE, "no entry of the list names a token%s",
	    d->options->wait ? ", and --wait needs --token" : "");
	e->hint = d->options->wait
		      ? "add --token with a PKCS#11 URI that all cards match and the root's token does not, such as "
			"pkcs11:model=MODEL; `p11ca token list` shows the URIs"
		      : "name the tokens in the column `token`; or use --wait, with --token for the cards that are "
			"accepted";
	return -1;
}

/* The error that ends the run is reported for its entry, and each later entry has a row "not tried". */
static int end_at(struct enrolment *d, size_t failed, struct err *e)
{
	const struct enroll_list *list = d->options->list;
	const struct cert_row none = { .id = 0 };
	struct err unprinted = ERR_INIT;
	int result = print_refused(d, &list->all[failed], &none, NULL, e, &unprinted);

	for (size_t i = failed + 1; result == 0 && i < list->n; i++)
		result = enroll_list_print(
		    d, &list->all[i], &(struct entry_result){ .result = "not tried" }, &unprinted);
	if (result == 0)
		result = out_end(d->batch.o, &unprinted);
	return result < 0 ? err_also(e, &unprinted) : -1;
}

static void enroll_list_begin_entry(const struct enrolment *d, size_t i)
{
	const struct enroll_entry *who = &d->options->list->all[i];
	const struct ui *ui = d->p->ui;
	char text[sizeof(who->cn) + sizeof(who->device) + 60];

	(void)snprintf(text, sizeof(text), "%s%s%s%s, %zu of %zu", who->cn, who->device[0] != '\0' ? " '" : "",
	    who->device, who->device[0] != '\0' ? "'" : "", i + 1, d->options->list->n);
	ui->entry(ui->self, text);
}

static int each_entry(struct enrolment *d, struct err *e)
{
	for (size_t i = 0; i < d->options->list->n; i++) {
		enroll_list_begin_entry(d, i);
		if (one_entry(d, &d->options->list->all[i], e) < 0)
			return end_at(d, i, e);
	}
	return out_end(d->batch.o, e);
}

int client_enroll_list(const struct enroll_options *options, const struct run_mode *mode, struct out *o, struct err *e)
{
	struct enrolment d = {
		.options = options, .p = options->asked->profiled.issue.key.op.pki, .batch = { .o = o },
		.dry_run = mode->dry_run
	};
	int result = check_cards(&d, e) < 0 || count_todo(&d, e) < 0 ||
			out_list(o, "clients", client_batch_fields, e) < 0 ?
		-1 :
		0;

	if (result < 0)
		return -1;
	result = each_entry(&d, e);
	d.p->ui->entry(d.p->ui->self, NULL);
	issuer_clear(&d.batch.kept);
	free(d.planned);
	if (result < 0)
		return -1;
	return d.batch.n_refused > 0 ? 1 : 0;
}
