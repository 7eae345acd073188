/* SPDX-License-Identifier: MIT */
/* profile_write.c - `profile write`: for one client, for all clients, or for a certificate without ledger. */
#include <stdlib.h>
#include <string.h>

#include "model/row_state.h"
#include "pki/client_find.h"
#include "pki/issuer.h"
#include "pki/profile/profile_history.h"
#include "util/file.h"
#include "util/file_name.h"
#include "x509/cert.h"
#include "x509/encode.h"
#include "x509/issuers.h"
#include "x509/key/key_value.h"
#include "x509/templates.h"

const struct out_field profile_file_row_fields[] = {
	{ OUT_TEXT("client_name", "CLIENT", struct profile_file_row, client), .help = "client of the profile" },
	{ OUT_TEXT("format", "FORMAT", struct profile_file_row, format), .help = "what --for named" },
	{ OUT_TEXT("path", "FILE", struct profile_file_row, path), .help = "where it was written" },
	{ OUT_BOOL("secret", "SECRET", struct profile_file_row, is_secret), .help = "the file contains a secret: "
	    "mode 0600" },
	{ .key = NULL },
};

struct writing {
	struct pki *p;
	const struct profile_write_args *args;
	const struct profile_job *job;
	struct profile_target to;
	struct out *o;
	const char *client;
	unsigned n_left_out;
};

static int print_file(const char *format, const char *path, const struct profile_file *f, void *arg, struct err *e)
{
	struct writing *w = arg;
	const struct profile_file_row row = { w->client, format, path, f->mode == 0600 };

	return out_row(w->o, &row, e);
}

static int write_for(struct writing *w, const struct profile_client *c, const char *folder, struct err *e)
{
	struct profile_job job = *w->job; /* borrows all but the list of formats: --for all depends on the client */

	w->client = c->cert_info->cn;
	w->to.folder = folder;
	if (profile_job_write(&job, c, &w->to, e) < 0)
		return -1;
	profile_rules_report_unusable(&job, w->p, w->client);
	return w->to.dry_run ? 0 : profile_remember(w->p, &job, c->cert_id, e);
}

/* The client's certificate, its root's, and the recorded token of its key. */
static int write_ledger_client(struct writing *w, const struct cert_row *row, struct bytes der, const char *folder,
    struct err *e)
{
	AUTO_VALUE(issuer) root = { .is_shared = false };
	struct root_row root_row;
	struct profile_chain chain;
	struct cert_info info;
	struct key_row key;
	bool has_key;
	struct profile_client c = { .cert = der, .cert_info = &info, .cert_id = row->id };

	if (cert_read_known(&info, der, e) < 0 || ledger_root_get(&root_row, w->p->ledger, row->root_id, e) < 0 ||
	    issuer_find_any(&root, w->p, root_row.name, e) < 0 ||
	    ledger_key_find(&key, &has_key, w->p->ledger, row->key_sha256, e) < 0 ||
	    profile_set_chain(&c, &chain, buf_bytes(&root.der), buf_bytes(&root.issuers), e) < 0)
		return -1;
	c.location = has_key ? &key.location : NULL;
	return write_for(w, &c, folder, e);
}

static int write_one_client(struct writing *w, struct err *e)
{
	const struct client_question which = { .id = w->args->client_id, .use = CLIENT_USE_NEWEST,
		.command = "profile write --client", .options = " ..." };
	AUTO_VALUE(buf) der = { 0 };
	struct cert_row row;

	if (client_find(&row, &der, w->p, &which, e) < 0)
		return -1;
	if (cert_is(&row, CERT_ISSUED) && row.not_after >= clock_now(&w->p->clock))
		return write_ledger_client(w, &row, buf_bytes(&der), w->args->out_path, e);
	(void)err_set(e, ERR_NOT_FOUND, "the ledger has no valid client certificate '%s'", w->args->client_id);
	e->hint = "see `p11ca client list`";
	return -1;
}

/* Collects the clients of --all first, because the ledger is used while their profiles are written. */
struct entry {
	int64_t id, renews;
	char key_sha256[SHA256_HEX];
	char name[256], device[65], serial[SERIAL_HEX], why[300];
	char code[ERR_CODE_MAX];     /* of the refusal; "" = not refused */
	const char *result;
};
struct entries {
	struct entry *all;
	size_t n;
};

const struct out_field profile_client_fields[] = {
	{ OUT_CHARS("client_name", "CLIENT", struct entry, name), .help = "name of the client" },
	{ OUT_CHARS("device", "DEVICE", struct entry, device), .help = "the client's device; null without one" },
	{ OUT_CHARS("serial", NULL, struct entry, serial), .help = "of the certificate, hex" },
	{ OUT_TEXT("outcome", "RESULT", struct entry, result), .help = "written; left out; not tried" },
	{ OUT_CHARS("message", "WHY", struct entry, why), .help = "why it was left out; null where it was not" },
	{ OUT_CHARS("code", NULL, struct entry, code), .help = "code of the refusal" },
	{ .key = NULL },
};

static int keep_entry(const struct cert_row *row, void *arg, struct err *e)
{
	struct entries *list = arg;
	const struct cert_template *t;
	struct err ignored;
	struct entry *all;

	if (template_find(&t, row->template_name, &ignored) == 0 && t->is_ledger)
		return 0; /* the ledger's own key has no profile */
	all = reallocarray(list->all, list->n + 1, sizeof(*all));
	if (all == NULL)
		return err_set(e, ERR_INTERNAL, "out of memory");
	list->all = all;
	all += list->n++;
	*all = (struct entry){ .id = row->id, .renews = row->renews, .result = "not tried" };
	(void)snprintf(all->key_sha256, sizeof(all->key_sha256), "%s", row->key_sha256);
	(void)snprintf(all->name, sizeof(all->name), "%s", row->name);
	(void)snprintf(all->device, sizeof(all->device), "%s", row->device);
	(void)snprintf(all->serial, sizeof(all->serial), "%s", row->serial);
	return 0;
}

static int compare_ids(const void *a_, const void *b_)
{
	const int64_t *a = a_, *b = b_;

	return (*a > *b) - (*a < *b);
}

/* A client whose certificate was renewed gets profiles for the successor only. */
static int remove_renewed(struct entries *list, struct err *e)
{
	int64_t *renewed = calloc(list->n + 1, sizeof(*renewed));
	size_t n = 0;

	if (renewed == NULL)
		return err_oom(e);
	for (size_t i = 0; i < list->n; i++)
		renewed[i] = list->all[i].renews;
	qsort(renewed, list->n, sizeof(*renewed), compare_ids);
	for (size_t i = 0; i < list->n; i++)
		if (bsearch(&list->all[i].id, renewed, list->n, sizeof(*renewed), compare_ids) == NULL)
			list->all[n++] = list->all[i];
	list->n = n;
	free(renewed);
	return 0;
}

/* The folder that `client enroll --from` makes; certificates of other programs may share name and device. */
static char *entry_folder(const struct writing *w, const struct entries *list, size_t i, struct err *e)
{
	const struct entry *entry = &list->all[i];
	char stem[FILE_NAME_SIZE], name[100];
	bool is_taken = false;

	for (size_t k = i; k-- > 0 && !is_taken && strcmp(list->all[k].name, entry->name) == 0;)
		is_taken = strcmp(list->all[k].device, entry->device) == 0;
	if (file_name_of_client(stem, entry->name, entry->device, e) < 0)
		return NULL;
	(void)snprintf(name, sizeof(name), "%s%s%.8s", stem, is_taken ? "-" : "", is_taken ? entry->key_sha256 : "");
	return file_join(w->args->out_path, name, e);
}

static int write_entry(struct writing *w, const struct entries *list, size_t i, struct err *e)
{
	const struct cert_query q = { .id = list->all[i].id };
	AUTO(char) folder = entry_folder(w, list, i, e);
	AUTO_VALUE(buf) der = { 0 };
	struct cert_row row;
	bool found;

	if (folder == NULL || ledger_cert_find(&row, &der, &found, w->p->ledger, &q, e) < 0)
		return -1;
	return found ? write_ledger_client(w, &row, buf_bytes(&der), folder, e) : 0;
}

/* Errors that every other client would meet, too. */
static bool profile_write_ends_the_run(const struct err *e)
{
	return e->status == ERR_LEDGER || e->status == ERR_INTERRUPTED || e->status == ERR_INTERNAL ||
	    e->status == ERR_PIN || e->status == ERR_TOKEN;
}

/* If one client's profile fails, the others are still written. */
static void profile_write_leave_out(struct writing *w, struct entry *entry, const struct err *why)
{
	char text[700], code[ERR_CODE_MAX];

	w->n_left_out++;
	entry->result = "left out";
	(void)snprintf(entry->code, sizeof(entry->code), "%s", err_code(why, code));
	(void)snprintf(entry->why, sizeof(entry->why), "%s", why->what);
	(void)snprintf(text, sizeof(text), "no profiles for '%.200s': %.300s", entry->name, entry->why);
	w->p->ui->warn(w->p->ui->self, "profile-left-out", text);
}

static int write_entries(struct writing *w, const struct entries *list, struct err *e)
{
	for (size_t i = 0; i < list->n; i++) {
		if (w->p->ui->stop(w->p->ui->self))
			return err_set(e, ERR_INTERRUPTED, "interrupted");
		if (write_entry(w, list, i, e) == 0) {
			list->all[i].result = w->to.dry_run ? "todo" : "written";
			continue;
		}
		profile_write_leave_out(w, &list->all[i], e);
		if (profile_write_ends_the_run(e))
			return err_while(e, "writing the profiles of '%s'", list->all[i].name);
		*e = (struct err)ERR_INIT;
	}
	return 0;
}

static int profile_write_print_entries(const struct writing *w, const struct entries *list, struct err *e)
{
	if (out_list(w->o, "clients", profile_client_fields, e) < 0)
		return -1;
	for (size_t i = 0; i < list->n; i++)
		if (out_row(w->o, &list->all[i], e) < 0)
			return -1;
	return out_end(w->o, e);
}

/* Every client has a row, even if one of them ended the run. */
static int write_all_clients(struct writing *w, struct err *e)
{
	const struct cert_query q = { .clients_only = true, .live_only = true, .state = "issued",
		.order = CERTS_BY_NAME };
	struct entries list = { .n = 0 };
	struct err unprinted = ERR_INIT;
	int result = ledger_each_cert(w->p->ledger, &q, keep_entry, &list, e);

	if (result == 0 && list.n > 0)
		result = remove_renewed(&list, e);
	if (result == 0)
		result = write_entries(w, &list, e);
	if (out_end(w->o, &unprinted) < 0 || profile_write_print_entries(w, &list, &unprinted) < 0) {
		if (result == 0)
			*e = unprinted;
		result = -1;
	}
	free(list.all);
	return result;
}

struct search {
	struct token *t;
	const char *key_sha256;
	const char *wanted;          /* id= of the URI; NULL */
	char id[129];
};

static int profile_write_compare(const struct object_info *o, void *arg, struct err *e)
{
	struct search *s = arg;
	AUTO_VALUE(buf) spki = { 0 };
	char value[SHA256_HEX];
	struct err unreadable;

	if (o->class != OBJECT_PUBLIC_KEY || (s->wanted != NULL && strcmp(s->wanted, o->id) != 0) ||
	    token_read_spki(&spki, s->t, o->id, &unreadable) < 0)
		return 0;
	if (key_value_sha256(value, buf_bytes(&spki), e) < 0)
		return -1;
	if (strcmp(value, s->key_sha256) != 0 || strcmp(s->id, o->id) == 0)
		return 0;
	if (s->id[0] != '\0') {
		(void)err_set(e, ERR_NOT_FOUND, "two keys on the token belong to the certificate: ids %.40s and %.40s",
		    s->id, o->id);
		e->hint = "name one with id= in --token, as `p11ca token show` prints it";
		return -1;
	}
	(void)snprintf(s->id, sizeof(s->id), "%s", o->id);
	return 0;
}

/* Finds the key of the certificate on the token by its public half, without login. */
static int find_place(struct key_location *out, struct token_info *token, struct pki *p, const struct token_uri *where,
    const char *key_sha256, struct err *e)
{
	AUTO_STRUCT(token) t = NULL;
	struct search s = { .key_sha256 = key_sha256, .wanted = uri_id_hex(where) };
	const struct token_info *info;
	struct module *m;

	if (pki_module(&m, p, where, e) < 0 || token_open(&t, m, where, false, e) < 0)
		return -1;
	s.t = t;
	if (token_each_object(t, profile_write_compare, &s, e) < 0 || token_ask_rsa_pss(t, e) < 0)
		return -1;
	info = token_get_info(t);
	*token = *info;
	if (s.id[0] == '\0')
		return err_set(e, ERR_NOT_FOUND, "no public key on token '%s' belongs to the certificate", info->label);
	*out = (struct key_location){ .cka_id = "" };
	(void)snprintf(out->cka_id, sizeof(out->cka_id), "%s", s.id);
	(void)snprintf(out->token_label, sizeof(out->token_label), "%s", info->label);
	(void)snprintf(out->token_serial, sizeof(out->token_serial), "%s", info->serial);
	(void)snprintf(out->token_manufacturer, sizeof(out->token_manufacturer), "%s", info->manufacturer);
	(void)snprintf(out->token_model, sizeof(out->token_model), "%s", info->model);
	(void)snprintf(out->module_path, sizeof(out->module_path), "%s", module_get_info(m)->path);
	return 0;
}

#define FILE_MAX (1024 * 1024)
#define CHAIN_MAX (ISSUERS_MAX + 2)

/* Reads the certificates of the file: the client's, those after it, and the issuer of the first. */
struct chain {
	struct buf cert, pool, issuers;
};

static int profile_write_take_cert(struct bytes der, void *arg, struct err *e)
{
	struct chain *c = arg;

	return buf_add(c->cert.len == 0 ? &c->cert : &c->pool, der.data, der.len, e);
}

static int profile_write_add_root(struct chain *c, const char *path, struct err *e)
{
	AUTO_VALUE(buf) root = { 0 };

	if (path == NULL)
		return 0;
	if (file_read(&root, path, FILE_MAX, e) < 0 || der_from_file(&c->pool, buf_bytes(&root), DER_CERT, e) < 0)
		return err_while(e, "reading root '%s'", path);
	return 0;
}

/* A root that is not self-signed is accepted as named, if it is the issuer itself. */
static int profile_write_find_issuer(struct chain *c, struct err *e)
{
	struct err direct = ERR_INIT;
	struct bytes pool = buf_bytes(&c->pool);

	if (issuers_find(&c->issuers, buf_bytes(&c->cert), pool, 0, e) == 0)
		return 0;
	if (cert_verify(buf_bytes(&c->cert), pool, 0, &direct) < 0)
		return -1;
	c->issuers.len = 0;
	return buf_add(&c->issuers, pool.data, pool.len, e);
}

static int read_chain(struct chain *c, const struct profile_write_args *args, struct err *e)
{
	AUTO_VALUE(buf) file = { 0 };

	if (file_read(&file, args->cert_path, FILE_MAX, e) < 0 ||
	    der_each_cert(buf_bytes(&file), CHAIN_MAX, profile_write_take_cert, c, e) < 0)
		return err_while(e, "reading certificate '%s'", args->cert_path);
	if (profile_write_add_root(c, args->root_path, e) < 0)
		return -1;
	if (c->pool.len > 0)
		return profile_write_find_issuer(c, e);
	(void)err_set(e, ERR_INPUT, "'%s' contains no root after the certificate", args->cert_path);
	e->hint = "give a file with the chain, or the root's certificate with --root-cert";
	return -1;
}

/* The first is the issuer, the others are its issuers. */
static int set_chain(struct profile_client *c, struct profile_chain *store, const struct chain *chain, struct err *e)
{
	struct bytes list[ISSUERS_MAX], issuers = buf_bytes(&chain->issuers);

	if (issuers_list(list, issuers) == 0) /* self-signed: a rule reports this */
		return profile_set_chain(c, store, buf_bytes(&chain->cert), (struct bytes){ 0 }, e);
	issuers.data += list[0].len;
	issuers.len -= list[0].len;
	return profile_set_chain(c, store, list[0], issuers, e);
}

static int write_file_client(struct writing *w, struct err *e)
{
	struct chain chain = { .cert = { 0 } };
	struct profile_chain store;
	struct cert_info info;
	struct key_location place;
	struct token_info token;
	struct profile_client c = { .cert_info = &info };
	int result = read_chain(&chain, w->args, e);

	if (result == 0 && (cert_read(&info, buf_bytes(&chain.cert), e) < 0 || set_chain(&c, &store, &chain, e) < 0))
		result = -1;
	if (result == 0 && w->args->where != NULL) {
		result = find_place(&place, &token, w->p, w->args->where, info.key_sha256, e);
		c.location = &place;
		c.token = &token;
	}
	c.cert = buf_bytes(&chain.cert);
	if (result == 0)
		result = write_for(w, &c, w->args->out_path, e);
	buf_clear(&chain.cert);
	buf_clear(&chain.pool);
	buf_clear(&chain.issuers);
	return result;
}

int profile_write_op(struct pki *p, const struct profile_write_args *args, const struct profile_options *options,
    const struct run_mode *mode, struct out *o, struct err *e)
{
	AUTO_VALUE(secret) password = { 0 };
	AUTO_VALUE(profile_job) profile = { .options = options, .pfx_password = &password };
	struct writing w = { .p = p, .args = args, .job = &profile, .o = o,
		.to = { .force = args->force, .dry_run = mode->dry_run, .pki = p, .wrote = print_file } };

	w.to.arg = &w;
	if (profile_job_open(&profile, options, e) < 0 || profile_rules_package(&profile, p, NULL, e) < 0 ||
	    profile_job_check(&profile, args->where != NULL, e) < 0)
		return -1;
	profile_rules_report_unusable(&profile, p, NULL);
	if ((!mode->dry_run && file_check_folder(args->out_path, e) < 0) ||
	    profile_job_seal(&profile, p, mode->dry_run, e) < 0 ||
	    out_list(o, "files", profile_file_row_fields, e) < 0)
		return -1;
	if ((args->all	       ? write_all_clients :
		    args->client_id ? write_one_client :
				      write_file_client)(&w, e) < 0)
		return -1;
	if (!args->all && out_end(o, e) < 0)
		return -1;
	return w.n_left_out > 0 ? 1 : 0;
}
