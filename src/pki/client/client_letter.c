/* SPDX-License-Identifier: MIT */
/* client_letter.c - see client_letter.h. */
#include "pki/client/client_letter.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "model/row_state.h"
#include "pki/client/software_key.h"
#include "pki/client_find.h"
#include "profiles/letter.h"
#include "util/file.h"

static void letter_set_location(struct letter *l, const struct key_location *place)
{
	l->is_on_token = true;
	l->token_label = place->token_label;
	l->token_serial = place->token_serial;
	l->token_manufacturer = place->token_manufacturer;
}

struct letter_profiles {
	struct letter *letter;
	int64_t cert_id;
};

static int letter_add_format(const struct profile_row *row, void *arg, struct err *e)
{
	const struct letter_profiles *of = arg;
	struct err unknown;

	(void)e;
	if (row->cert_id == of->cert_id && of->letter->n_formats < LETTER_FORMATS_MAX &&
	    profile_format_find(&of->letter->formats[of->letter->n_formats], row->format, &unknown) == 0)
		of->letter->n_formats++; /* a format of another version of p11ca is left out */
	return 0;
}

int client_letter(struct buf *out, struct pki *p, const char *id, struct err *e)
{
	const struct client_question which = { .id = id, .use = CLIENT_USE_NEWEST,
		.command = "client letter", .options = "" };
	struct letter l = { .token_label = "", .token_serial = "", .token_manufacturer = "", .key_file = "",
		.contact = p->config.contact };
	struct letter_profiles profiles = { .letter = &l };
	struct cert_row row;
	struct key_row key;
	bool has_key;

	if (client_find(&row, NULL, p, &which, e) < 0)
		return -1;
	if (!cert_is(&row, CERT_ISSUED) || row.not_after < clock_now(&p->clock)) {
		(void)err_set(e, ERR_NOT_FOUND, "the ledger has no valid client certificate '%s'", id);
		e->hint = "see `p11ca client list`";
		return -1;
	}
	profiles.cert_id = row.id;
	if (ledger_key_find(&key, &has_key, p->ledger, row.key_sha256, e) < 0 ||
	    ledger_each_profile(p->ledger, true, letter_add_format, &profiles, e) < 0)
		return -1;
	if (has_key && key.location.token_serial[0] != '\0')
		letter_set_location(&l, &key.location);
	l.name = row.name;
	l.device = row.device;
	l.not_after = row.not_after;
	return letter_write(out, &l, e) < 0 ? err_while(e, "writing the letter for '%s'", row.name) : 0;
}

/* Of an enrolment whose certificate exists. */
static int letter_build(struct buf *out, const struct client_job *job, struct err *e)
{
	const struct issue_job *issue = &job->profiled.issue;
	const struct op *op = &issue->key.op;
	const struct profile_job *profiles = job->profiled.profile_job;
	struct letter l = { .name = op->name, .device = op->device, .not_after = issue->cert_info.not_after,
		.token_label = "", .token_serial = "", .token_manufacturer = "", .key_file = "",
		.contact = op->pki->config.contact };
	AUTO(char) pfx = NULL;

	if (job->soft != NULL && (pfx = software_pfx_path(op, e)) == NULL)
		return -1;
	if (pfx != NULL)
		l.key_file = pfx + strlen(op->out_path) + 1;
	else
		letter_set_location(&l, &issue->key.row.location);
	for (size_t i = 0; job->profiled.profiles != NULL && i < profiles->n_formats; i++)
		l.formats[l.n_formats++] = profiles->formats[i];
	return letter_write(out, &l, e);
}

static char *letter_path(const struct client_job *job, struct err *e)
{
	return file_join(job->profiled.issue.key.op.out_path, "letter.html", e);
}

static int letter_probe(struct client_job *job, enum step_state *out, struct err *e)
{
	struct issue_job *issue = &job->profiled.issue;
	struct op *op = &issue->key.op;
	AUTO_VALUE(buf) page = { 0 };
	AUTO(char) path = NULL;
	struct stat st;
	bool same = false;

	*out = job->has_letter ? STEP_PENDING : STEP_DONE;
	if (!job->has_letter)
		return 0;
	if ((path = letter_path(job, e)) == NULL || file_check_folder(op->out_path, e) < 0)
		return -1;
	if (issue->cert_der.len > 0 &&
	    (letter_build(&page, job, e) < 0 || file_is_same(&same, path, buf_bytes(&page), e) < 0))
		return -1;
	if (same) {
		*out = STEP_DONE;
		return op_add_file(op, "letter", path, buf_bytes(&page), e);
	}
	issue->has_pending_files = true;
	return lstat(path, &st) == 0 ? file_check_writable(path, op->force, e) : 0;
}

static int letter_run(struct client_job *job, struct err *e)
{
	struct op *op = &job->profiled.issue.key.op;
	AUTO_VALUE(buf) page = { 0 };
	AUTO(char) path = letter_path(job, e);

	if (path == NULL || letter_build(&page, job, e) < 0 || file_make_folder(op->out_path, e) < 0 ||
	    file_write(path, buf_bytes(&page), 0644, op->force, e) < 0)
		return -1;
	return op_add_file(op, "letter", path, buf_bytes(&page), e);
}

const struct client_job_step step_write_letter = { STEP_OF(client_job, "write the letter"), .probe = letter_probe,
	.run = letter_run };
