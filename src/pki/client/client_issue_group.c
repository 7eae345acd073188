/* SPDX-License-Identifier: MIT */
/* client_issue_group.c - a group of requests: reads them, names them, writes their certificates, reports them. */
#include "pki/client/client_issue_run.h"

#include <stdlib.h>
#include <string.h>

#include "pki/device.h"
#include "util/file.h"
#include "util/file_name.h"
#include "util/text.h"
#include "x509/encode.h"
#include "x509/request.h"

static const char *const result_words[] = {
	[ISSUE_PENDING] = "to issue", [ISSUE_NEW] = "issued", [ISSUE_EXISTING] = "existing",
	[ISSUE_FINISHED] = "finished", [ISSUE_REFUSED] = "refused",
};

int issue_group_open(struct issue_group *g, struct client_issue_run *r, struct err *e)
{
	*g = (struct issue_group){ .run = r, .entries = calloc(ISSUE_GROUP, sizeof(g->entries[0])),
		.items = calloc(ISSUE_GROUP, sizeof(g->items[0])) };
	g->batch.data = g;
	return g->entries != NULL && g->items != NULL ? 0 : err_oom(e);
}

static void issue_group_clear(struct issue_group *g)
{
	for (size_t i = 0; i < g->n; i++) {
		buf_clear(&g->entries[i].der);
		request_clear(&g->entries[i].request);
		free(g->entries[i].path);
	}
	for (size_t i = 0; i < g->n_items; i++) { /* the rest is set when the item is used again */
		buf_clear(&g->items[i].tbs);
		buf_clear(&g->items[i].der);
	}
	g->n = g->n_items = 0;
}

void issue_group_close(struct issue_group *g)
{
	issue_group_clear(g);
	free(g->entries);
	free(g->items);
	*g = (struct issue_group){ .run = NULL };
}

void issue_group_fill(struct issue_group *g, char *const files[], size_t n)
{
	issue_group_clear(g);
	for (size_t i = 0; i < n; i++)
		g->entries[i] = (struct issue_entry){ .file = files[i] };
	g->n = g->batch.n = n;
	g->is_failed = g->is_unsynced = false;
}

static int issue_entry_read(struct issue_entry *en, struct err *e)
{
	AUTO_VALUE(buf) file = { 0 };

	if (file_read(&file, en->file, REQUEST_MAX, e) < 0 ||
	    der_from_file(&en->der, buf_bytes(&file), DER_REQUEST, e) < 0)
		return -1;
	return request_read(&en->request, buf_bytes(&en->der), e);
}

void issue_group_read(void *worker, void *group, size_t i)
{
	struct issue_entry *en = &((struct issue_group *)group)->entries[i];

	(void)worker;
	en->is_refused = issue_entry_read(en, &en->err) < 0;
}

int issue_entry_authorise(const struct client_issue_run *r, struct issue_entry *en, bool may_ask, struct err *e)
{
	struct name_authority names = r->names;

	names.batch = names.batch || !may_ask;
	(void)snprintf(en->device, sizeof(en->device), "%s", r->job->device);
	if (name_authorise(en->name, en->device, &names, en->file, &en->request, e) < 0)
		return -1;
	return device_check(en->device, e);
}

bool issue_entry_ends_run(const struct client_issue_run *r, const struct err *why)
{
	return why->status != ERR_INPUT && why->status != ERR_POLICY &&
	    !(why->status == ERR_OUTPUT && r->job->n_files > 1);
}

void issue_group_make_items(struct issue_group *g)
{
	for (size_t i = 0; i < g->n; i++) {
		struct issue_entry *en = &g->entries[i];

		if (en->is_refused)
			continue;
		en->item = &g->items[g->n_items++];
		*en->item = (struct issue_item){ .source = en->file, .name = en->name, .device = en->device,
			.request = &en->request, .ski = "" };
	}
}

void issue_group_keep_names(struct issue_group *g)
{
	for (size_t i = 0; i < g->n; i++) {
		struct issue_entry *en = &g->entries[i];

		if (en->item != NULL && (en->item->result == ISSUE_EXISTING || en->item->result == ISSUE_FINISHED) &&
		    en->item->row.name[0] != '\0')
			(void)snprintf(en->name, sizeof(en->name), "%s", en->item->row.name);
	}
}

static int issue_entry_find_path(const struct client_issue_run *r, struct issue_entry *en, struct err *e)
{
	char name[100], stem[FILE_NAME_SIZE];

	if (file_name_of(stem, en->name, e) < 0)
		return -1;
	(void)snprintf(name, sizeof(name), "%s-%.8s.pem", stem, en->item->info.spki_sha256);
	en->path = file_join(r->job->out_path, name, e);
	return en->path == NULL ? -1 : 0;
}

static int issue_entry_write(const struct client_issue_run *r, struct issue_entry *en, struct err *e)
{
	AUTO_VALUE(buf) pem = { 0 };
	struct err ignored = ERR_INIT;
	bool same;

	if (r->job->out_path == NULL)
		return 0;
	if (issue_entry_find_path(r, en, e) < 0 ||
	    der_encode(&pem, buf_bytes(&en->item->der), DER_CERT, "pem", e) < 0 ||
	    file_is_same(&same, en->path, buf_bytes(&pem), e) < 0)
		return -1;
	if (same || file_write_one(en->path, buf_bytes(&pem), 0644, r->job->force, e) == 0)
		return 0;
	/* the same request given twice: another thread wrote the same file */
	return file_is_same(&same, en->path, buf_bytes(&pem), &ignored) == 0 && same ? 0 : -1;
}

void issue_group_write(void *worker, void *group, size_t i)
{
	const struct issue_group *g = group;
	struct issue_entry *en = &g->entries[i];

	(void)worker;
	if (en->item == NULL || !issue_is_done(en->item) || issue_entry_write(g->run, en, &en->err) == 0)
		return;
	en->is_unwritten = true;
	(void)err_while(&en->err, "writing the issued certificate of '%s', serial %s", en->name,
	    en->item->info.serial);
}

void issue_group_sync(void *group)
{
	struct issue_group *g = group;

	for (size_t i = 0; i < g->n; i++) {
		if (g->entries[i].path == NULL)
			continue;
		g->is_unsynced = file_sync_folder(g->entries[i].path, &g->sync_err) < 0; /* all are in one folder */
		return;
	}
}

static void issue_entry_join_asked(char *out, size_t size, const struct request_info *q)
{
	size_t used = 0;

	out[0] = '\0';
	for (unsigned i = 0; i < q->n_asked + q->n_ignored && used < size; i++)
		used += (size_t)snprintf(out + used, size - used, "%s%s", i > 0 ? ", " : "",
		    i < q->n_asked ? q->asked[i] : q->ignored[i - q->n_asked]);
}

/* Why the request was refused; NULL: not refused. */
static const struct err *issue_entry_refusal(const struct issue_entry *en)
{
	if (en->is_refused)
		return &en->err;
	return en->item->result == ISSUE_REFUSED ? &en->item->err : NULL;
}

static int issue_entry_print(const struct client_issue_run *r, const struct issue_entry *en, struct err *e)
{
	const struct issue_item *item = en->item;
	const struct err *why = issue_entry_refusal(en);
	char asked[600], until[TEXT_TIME], code[ERR_CODE_MAX];
	struct issue_row row = { .file = en->file, .name = en->name[0] != '\0' ? en->name : NULL,
		.device = en->device[0] != '\0' ? en->device : NULL };

	issue_entry_join_asked(asked, sizeof(asked), &en->request);
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

static int issue_entry_note_refusal(struct client_issue_run *r, const struct issue_entry *en, const struct err *why,
    struct err *e)
{
	char detail[320];

	if (r->n_refused++ == 0)
		r->first = *why;
	if (r->dry_run)
		return 0;
	(void)snprintf(detail, sizeof(detail), "%s: %s", why->code != NULL ? why->code : "malformed", why->what);
	return ledger_note(r->job->pki->ledger, "request-refused", en->file, detail, e);
}

static int issue_entry_report(struct client_issue_run *r, const struct issue_entry *en, struct err *e)
{
	const struct err *why = issue_entry_refusal(en);

	if (why != NULL && issue_entry_note_refusal(r, en, why, e) < 0)
		return -1;
	if (en->is_unwritten) {
		*e = en->err;
		return -1;
	}
	return issue_entry_print(r, en, e);
}

/* After a failure only what was issued is reported. */
static bool issue_group_omits(const struct issue_group *g, const struct issue_entry *en)
{
	return g->is_failed && (en->item == NULL || !issue_is_done(en->item));
}

int issue_group_report(struct issue_group *g, struct err *e)
{
	int result = 0;

	for (size_t i = 0; i < g->n; i++) {
		struct err inner = ERR_INIT;

		if (issue_group_omits(g, &g->entries[i]) || issue_entry_report(g->run, &g->entries[i], &inner) == 0)
			continue;
		if (result == 0)
			*e = inner;
		else
			(void)err_also(e, &inner);
		g->is_failed = true;
		result = -1;
	}
	if (result == 0 && g->is_unsynced) {
		*e = g->sync_err;
		return -1;
	}
	return result;
}
