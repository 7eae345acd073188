/* SPDX-License-Identifier: MIT */
/* client_issue.c - see client_issue.h. */
#include "pki/client/client_issue.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pki/device.h"
#include "pki/issuer.h"
#include "pki/user_templates.h"
#include "util/file.h"
#include "util/file_name.h"
#include "util/parallel.h"
#include "util/text.h"
#include "x509/cert.h"
#include "x509/encode.h"
#include "x509/issuers.h"
#include "x509/request.h"
#include "x509/tbs.h"
#include "x509/templates.h"

#define FILE_MAX ((size_t)1 << 20)

#define WRITERS 8                /* threads, which mostly wait for the disk */

const struct out_field issue_row_fields[] = {
	{ OUT_TEXT("file", "REQUEST", struct issue_row, file), .help = "where the request came from" },
	{ OUT_TEXT("outcome", "RESULT", struct issue_row, result),
	    .help =
		"issued, existing (issued before), finished (an interrupted run's), refused; in a dry run: to issue" },
	{ OUT_TEXT("name", "NAME", struct issue_row, name), .help = "what it was certified as" },
	{ OUT_TEXT("device", NULL, struct issue_row, device), .help = "the client's device" },
	{ OUT_TEXT("serial", "SERIAL", struct issue_row, serial), .as = OUT_AS_ID, .help = "hex" },
	{ OUT_TIME("not_after", NULL, struct issue_row, not_after), .help = "end of validity" },
	{ OUT_TEXT("thumbprint", NULL, struct issue_row, thumbprint), .help = "SHA-1 of the DER" },
	{ OUT_TEXT("fingerprint", NULL, struct issue_row, fingerprint), .help = "SHA-256 of the DER" },
	{ OUT_TEXT("path", "FILE", struct issue_row, path), .as = OUT_AS_LOW,
	    .help = "where the certificate was written" },
	{ OUT_TEXT("code", NULL, struct issue_row, code), .help = "refused: the id of the rule, see explain" },
	{ OUT_TEXT("message", "WHY", struct issue_row, why), .as = OUT_AS_PROSE, .help = "refused: the reason" },
	{ OUT_TEXT("not_granted", NULL, struct issue_row, ignored), .separator = ',',
	    .help = "requested, and not granted" },
	{ .key = NULL },
};

static const char *const result_words[] = {
	[ISSUE_PENDING] = "to issue", [ISSUE_NEW] = "issued", [ISSUE_EXISTING] = "existing",
	[ISSUE_FINISHED] = "finished", [ISSUE_REFUSED] = "refused",
};

/* A request being processed in a chunk. */
struct entry {
	const char *file;
	char name[256], device[65];
	struct buf der;
	struct request_info request;
	struct err err;
	struct issue_item *item;     /* borrowed; NULL: refused before */
	char *path;
	bool is_refused, is_unwritten; /* err has the reason */
};

struct run {
	const struct client_issue *job;
	struct issuer root;
	struct name_authority names;
	struct issue_policy policy;
	struct out *o;
	struct entry *entries;
	struct issue_item *items;
	size_t n_refused;
	struct err first;            /* number of refusals */
	bool dry_run, is_logged_in, is_folder_ready;
	char *made;                  /* owned: the topmost folder that this run created; NULL */
};

static int client_issue_read_request(struct entry *en, struct err *e)
{
	AUTO_VALUE(buf) file = { 0 };

	if (file_read(&file, en->file, REQUEST_MAX, e) < 0 ||
	    der_from_file(&en->der, buf_bytes(&file), DER_REQUEST, e) < 0)
		return -1;
	return request_read(&en->request, buf_bytes(&en->der), e);
}

static void read_nth(size_t i, void *arg)
{
	struct entry *en = &((struct run *)arg)->entries[i];

	en->is_refused = client_issue_read_request(en, &en->err) < 0;
}

static int client_issue_authorise(
    const struct client_issue *job, const struct name_authority *names, struct entry *en, struct err *e)
{
	(void)snprintf(en->device, sizeof(en->device), "%s", job->device);
	if (name_authorise(en->name, en->device, names, en->file, &en->request, e) < 0)
		return -1;
	return device_check(en->device, e);
}

static int path_for(const struct run *r, struct entry *en, const struct issue_item *item, struct err *e)
{
	char name[100], stem[FILE_NAME_SIZE];

	if (file_name_of(stem, en->name, e) < 0)
		return -1;
	(void)snprintf(name, sizeof(name), "%s-%.8s.pem", stem, item->info.spki_sha256);
	en->path = file_join(r->job->out_path, name, e);
	return en->path == NULL ? -1 : 0;
}

static int client_issue_write_cert(const struct run *r, struct entry *en, const struct issue_item *item, struct err *e)
{
	AUTO_VALUE(buf) pem = { 0 };
	struct err ignored = ERR_INIT;
	bool same;

	if (r->job->out_path == NULL)
		return 0;
	if (path_for(r, en, item, e) < 0 || der_encode(&pem, buf_bytes(&item->der), DER_CERT, "pem", e) < 0 ||
	    file_is_same(&same, en->path, buf_bytes(&pem), e) < 0)
		return -1;
	if (same || file_write_one(en->path, buf_bytes(&pem), 0644, r->job->force, e) == 0)
		return 0;
	/* the same request given twice: the other thread wrote the same file */
	return file_is_same(&same, en->path, buf_bytes(&pem), &ignored) == 0 && same ? 0 : -1;
}

static void write_nth(size_t i, void *arg)
{
	const struct run *r = arg;
	struct entry *en = &r->entries[i];

	if (en->item == NULL || !issue_is_done(en->item) || client_issue_write_cert(r, en, en->item, &en->err) == 0)
		return;
	en->is_unwritten = true;
	(void)err_while(&en->err, "writing the issued certificate of '%s', serial %s", en->name,
	    en->item->info.serial);
}

static void join_asked(char *out, size_t size, const struct request_info *q)
{
	size_t used = 0;

	out[0] = '\0';
	for (unsigned i = 0; i < q->n_asked + q->n_ignored && used < size; i++)
		used += (size_t)snprintf(out + used, size - used, "%s%s", i > 0 ? ", " : "",
		    i < q->n_asked ? q->asked[i] : q->ignored[i - q->n_asked]);
}

/* Why the request was refused; NULL: not refused. */
static const struct err *client_issue_refusal(const struct entry *en)
{
	if (en->is_refused)
		return &en->err;
	return en->item->result == ISSUE_REFUSED ? &en->item->err : NULL;
}

static int client_issue_print_row(struct run *r, const struct entry *en, struct err *e)
{
	const struct issue_item *item = en->item;
	const struct err *why = client_issue_refusal(en);
	char asked[600], until[TEXT_TIME], code[ERR_CODE_MAX];
	struct issue_row row = { .file = en->file, .name = en->name[0] != '\0' ? en->name : NULL,
		.device = en->device[0] != '\0' ? en->device : NULL };

	join_asked(asked, sizeof(asked), &en->request);
	row.ignored = asked[0] != '\0' ? asked : NULL;
	row.result = why != NULL ? result_words[ISSUE_REFUSED] : result_words[item->result];
	if (why != NULL) {
		row.code = err_code(why, code);
		row.why = why->what;
	} else if (issue_is_done(item)) {
		row.serial = item->info.serial;
		row.thumbprint = item->info.thumbprint;
		row.fingerprint = item->info.fingerprint;
		row.not_after = item->info.not_after;
		row.path = en->path;
		text_time(until, item->info.not_after);
		if (r->job->n_files == 1 &&
		    out_say(r->o, e, "%s is certified, valid until %.10s.", en->name, until) < 0)
			return -1;
	}
	return out_row(r->o, &row, e);
}

static int note_refusal(struct run *r, const struct entry *en, const struct err *why, struct err *e)
{
	char detail[320];

	if (r->n_refused++ == 0)
		r->first = *why;
	if (r->dry_run)
		return 0;
	(void)snprintf(detail, sizeof(detail), "%s: %s", why->code != NULL ? why->code : "malformed", why->what);
	return ledger_note(r->job->pki->ledger, "request-refused", en->file, detail, e);
}

static int finish_entry(struct run *r, const struct entry *en, struct err *e)
{
	const struct err *why = client_issue_refusal(en);

	if (why != NULL && note_refusal(r, en, why, e) < 0)
		return -1;
	if (en->is_unwritten) {
		*e = en->err;
		return -1;
	}
	return client_issue_print_row(r, en, e);
}

static void clear_chunk(struct run *r, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		buf_clear(&r->entries[i].der);
		request_clear(&r->entries[i].request);
		free(r->entries[i].path);
		issue_item_clear(&r->items[i]);
	}
	memset(r->entries, 0, n * sizeof(r->entries[0]));
}

/* Of several files, an unreadable file is refused like an invalid request. */
static bool client_issue_ends_the_run(const struct run *r, const struct err *why)
{
	return why->status != ERR_INPUT && why->status != ERR_POLICY &&
	    !(why->status == ERR_OUTPUT && r->job->n_files > 1);
}

/* Reads n files; invalid requests and requests without a name are refused before the request checks. */
static int read_chunk(struct run *r, char *const files[], size_t n, struct err *e)
{
	for (size_t i = 0; i < n; i++)
		r->entries[i].file = files[i];
	parallel_each(n, r->policy.jobs, read_nth, r);
	for (size_t i = 0; i < n; i++) {
		struct entry *en = &r->entries[i];

		en->is_refused = en->is_refused || client_issue_authorise(r->job, &r->names, en, &en->err) < 0;
		if (en->is_refused && client_issue_ends_the_run(r, &en->err)) {
			*e = en->err;
			return -1;
		}
	}
	return 0;
}

/* Makes a compact array of items for the entries that were not refused. */
static size_t make_items(struct run *r, size_t n)
{
	size_t n_items = 0;

	for (size_t i = 0; i < n; i++) {
		struct entry *en = &r->entries[i];

		if (en->is_refused)
			continue;
		en->item = &r->items[n_items++];
		*en->item = (struct issue_item){ .source = en->file, .name = en->name, .device = en->device,
			.request = &en->request, .ski = "" };
	}
	return n_items;
}

/* One fsync for the names of all files that write_nth() wrote. */
static int sync_files(const struct run *r, size_t n, struct err *e)
{
	for (size_t i = 0; i < n; i++)
		if (r->entries[i].path != NULL)
			return file_sync_folder(r->entries[i].path, e);
	return 0;
}

/* Prints the result of each, in order; after a failure only of those that are issued. */
static int finish_chunk(struct run *r, size_t n, int result, struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		struct err inner = ERR_INIT;
		const struct entry *en = &r->entries[i];

		if (result < 0 && (en->item == NULL || !issue_is_done(en->item)))
			continue;
		if (finish_entry(r, en, &inner) == 0)
			continue;
		if (result == 0)
			*e = inner;
		else
			(void)err_also(e, &inner);
		result = -1;
	}
	return result;
}

/* The file has an earlier certificate of the same root: written by a run before the renewal. */
static bool is_outdated(const char *path, const struct cert_info *top)
{
	AUTO_VALUE(buf) file = { 0 };
	AUTO_VALUE(buf) der = { 0 };
	struct cert_info info;
	struct err none;

	return file_read(&file, path, FILE_MAX, &none) == 0 &&
	    der_from_file(&der, buf_bytes(&file), DER_CERT, &none) == 0 &&
	    cert_read(&info, buf_bytes(&der), &none) == 0 && strcmp(info.spki_sha256, top->spki_sha256) == 0 &&
	    strcmp(info.subject, top->subject) == 0;
}

/* is_probe: only checks whether the file could be written. */
static int write_issuer(const struct run *r, const char *name, const struct buf *content, bool is_probe, struct err *e)
{
	AUTO(char) path = file_join(r->job->out_path, name, e);
	bool same;

	if (path == NULL || file_is_same(&same, path, buf_bytes(content), e) < 0)
		return -1;
	if (same)
		return 0;
	if (is_probe)
		return file_check_writable(path, r->job->force || is_outdated(path, &r->root.top), e);
	return file_write(path, buf_bytes(content), 0644, r->job->force || is_outdated(path, &r->root.top), e);
}

/* Writes the trust anchor and, if the issuer is another CA, the CAs between. */
static int write_root(const struct run *r, bool is_probe, struct err *e)
{
	const struct bytes own = buf_bytes(&r->root.der), issuers = buf_bytes(&r->root.issuers);
	AUTO_VALUE(buf) cer = { 0 };
	AUTO_VALUE(buf) pem = { 0 };

	if (der_encode(&cer, issuers_top(own, issuers), DER_CERT, "cer", e) < 0 ||
	    write_issuer(r, "root.cer", &cer, is_probe, e) < 0)
		return -1;
	if (issuers.len == 0)
		return 0;
	if (der_encode(&pem, own, DER_CERT, "pem", e) < 0 || issuers_encode(&pem, issuers, "pem", e) < 0)
		return -1;
	return write_issuer(r, "issuers.pem", &pem, is_probe, e);
}

/* root.cer is written with the first certificate, so that a run in which all are refused leaves no file. */
static int client_issue_prepare_folder(struct run *r, size_t n_items, struct err *e)
{
	bool any = false;

	for (size_t i = 0; i < n_items; i++)
		any = any || issue_is_done(&r->items[i]);
	if (!any || r->is_folder_ready || r->job->out_path == NULL)
		return 0;
	r->is_folder_ready = true;
	file_remove_stale(r->job->out_path, NULL);
	return write_root(r, false, e);
}

/* A certificate of an earlier run keeps its spelling of the name, in the report and in the file name. */
static void keep_names(struct run *r, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct entry *en = &r->entries[i];

		if (en->item != NULL && (en->item->result == ISSUE_EXISTING || en->item->result == ISSUE_FINISHED) &&
		    en->item->row.name[0] != '\0')
			(void)snprintf(en->name, sizeof(en->name), "%s", en->item->row.name);
	}
}

/* The questions about names come before the PIN: a run without an approved request needs no login. */
static int client_issue_login(struct run *r, struct err *e)
{
	if (r->dry_run || r->is_logged_in)
		return 0;
	if (issuer_login(&r->root, "issuer", e) < 0)
		return -1;
	r->is_logged_in = true;
	r->policy.jobs = r->root.asks_each_time ? 1 : r->job->jobs;
	return 0;
}

static int one_chunk(struct run *r, char *const files[], size_t n, struct err *e)
{
	struct err inner = ERR_INIT;
	size_t n_items;
	int result;

	if (read_chunk(r, files, n, e) < 0)
		return -1;
	n_items = make_items(r, n);
	if (n_items > 0 && client_issue_login(r, e) < 0)
		return -1;
	result = r->dry_run ? pki_issue_judge(r->job->pki, &r->root, &r->policy, r->items, n_items, e) :
			      pki_issue_batch(r->job->pki, &r->root, &r->policy, r->items, n_items, e);
	if (!r->dry_run && client_issue_prepare_folder(r, n_items, &inner) < 0) {
		*e = inner;
		result = -1;
	}
	keep_names(r, n);
	parallel_each(n, WRITERS, write_nth, r);
	if (finish_chunk(r, n, result, e) < 0)
		return -1;
	return sync_files(r, n, e);
}

static int run_chunks(struct run *r, struct err *e)
{
	size_t n;
	int result = 0;

	r->entries = calloc(ISSUE_CHUNK, sizeof(r->entries[0]));
	r->items = calloc(ISSUE_CHUNK, sizeof(r->items[0]));
	if (r->entries == NULL || r->items == NULL)
		result = err_set(e, ERR_INTERNAL, "out of memory");
	for (size_t at = 0; result == 0 && at < r->job->n_files; at += n) {
		n = r->job->n_files - at < ISSUE_CHUNK ? r->job->n_files - at : ISSUE_CHUNK;
		r->policy.n_later = r->job->n_files - at - n;
		r->job->pki->ui->progress(r->job->pki->ui->self, "certificates", at, r->job->n_files);
		result = one_chunk(r, r->job->files + at, n, e);
		clear_chunk(r, n);
	}
	free(r->entries);
	free(r->items);
	return result;
}

/* All checks before any login. */
static int client_issue_look(struct run *r, struct err *e)
{
	const struct client_issue *job = r->job;
	const struct config_root *conf;
	int64_t from, to;

	if (issuer_find(&r->root, job->pki, job->root_name, e) < 0 || ledger_may_sign(job->pki->ledger, e) < 0)
		return -1;
	conf = config_find_root(&job->pki->config, r->root.row.name);
	r->names = job->names;
	r->names.allow = conf != NULL ? conf->allow_names : "";
	r->policy.template = job->template;
	r->policy.days = r->policy.days_asked = job->days;
	if (pki_client_defaults(job->pki, r->root.row.name, &r->policy.template, &r->policy.days, e) < 0)
		return -1;
	if (job->n_files == 1 && strcmp(job->files[0], "-") != 0 && access(job->files[0], R_OK) < 0)
		return err_set_errno(e, ERR_OUTPUT, "cannot read '%s'", job->files[0]);
	if (job->out_path != NULL && file_check_folder(job->out_path, e) < 0)
		return -1;
	return validity_choose(&from, &to,
	    &(struct validity_query){ clock_now(&job->pki->clock), r->policy.days, r->policy.template, &r->root.info },
	    e);
}

static int client_issue_open(struct run *r, struct err *e)
{
	if (r->job->out_path != NULL &&
	    (file_make_new_folder(&r->made, r->job->out_path, e) < 0 || write_root(r, true, e) < 0))
		return -1;
	return issuer_open(&r->root, r->job->pki, NULL, false, e);
}

static int run_all(struct run *r, struct err *e)
{
	if (client_issue_look(r, e) < 0 || (!r->dry_run && client_issue_open(r, e) < 0))
		return -1;
	if (out_list(r->o, "certificates", issue_row_fields, e) < 0 || run_chunks(r, e) < 0 || out_end(r->o, e) < 0)
		return -1;
	if (r->n_refused > 0 && r->job->n_files == 1) {
		*e = r->first;
		return -1;
	}
	return r->n_refused > 0 ? 1 : 0;
}

int client_issue(const struct client_issue *job, const struct run_mode *mode, struct out *o, struct err *e)
{
	struct run r = { .job = job, .o = o, .dry_run = mode->dry_run,
		.policy = { .max_live = 1, .jobs = job->jobs > 0 ? job->jobs : 1 } };
	int result = run_all(&r, e);

	if (r.made != NULL && !r.is_folder_ready)
		file_unmake_folder(job->out_path, r.made);
	free(r.made);
	issuer_clear(&r.root);
	return result;
}
