/* SPDX-License-Identifier: MIT */
/* client_batch.c - see client_batch.h. */
#include "pki/client/client_batch.h"

#include <string.h>

#include "pki/token_ref.h"
#include "util/text.h"

struct client_batch_line {
	const char *name, *device, *serial, *thumbprint, *fingerprint, *folder, *result, *error, *code;
	const void *token;           /* struct token_ref */
	const char *token_label, *token_serial;
	int64_t not_after;
};
const struct out_field client_batch_fields[] = {
	{ OUT_TEXT("name", "NAME", struct client_batch_line, name), .help = "who" },
	{ OUT_TEXT("device", "DEVICE", struct client_batch_line, device), .as = OUT_AS_LOW,
	    .help = "of several; null without one" },
	{ OUT_TEXT("outcome", "RESULT", struct client_batch_line, result),
	    .help = "enrolled, renewed, existing (the ledger has the certificate on a card), no card (it is not"
		    " inserted), refused, interrupted, not tried; todo in a dry run" },
	{ OUT_OBJECT("token", NULL, struct client_batch_line, token, token_ref_by_serial),
	    .help = "the card; null without one" },
	{ OUT_TEXT("token_label", "TOKEN", struct client_batch_line, token_label), .help = "label of that token" },
	{ OUT_TEXT("token_serial", NULL, struct client_batch_line, token_serial),
	    .help = "serial number of that token" },
	{ OUT_TIME("not_after", "NOT AFTER", struct client_batch_line, not_after), .help = "end of validity" },
	{ OUT_TEXT("serial", "SERIAL", struct client_batch_line, serial), .as = OUT_AS_ID,
	    .help = "of the certificate, hex" },
	{ OUT_TEXT("thumbprint", NULL, struct client_batch_line, thumbprint), .help = "SHA-1 of the DER" },
	{ OUT_TEXT("fingerprint", NULL, struct client_batch_line, fingerprint), .help = "SHA-256 of the DER" },
	{ OUT_TEXT("folder", "FOLDER", struct client_batch_line, folder), .as = OUT_AS_DETAIL,
	    .help = "with the files; null without --out" },
	{ OUT_TEXT("message", "WHY", struct client_batch_line, error), .as = OUT_AS_PROSE,
	    .help = "of what was refused" },
	{ OUT_TEXT("code", NULL, struct client_batch_line, code), .help = "code of the refusal" },
	{ .key = NULL },
};

void client_batch_keep_login(struct client_batch *b, struct key_job *job)
{
	if (job->root.signer.self == NULL || job->root.is_shared || job->root.module == job->card_module)
		return;
	b->kept = (struct issuer){ .token = STEAL(job->root.token),
		.where = STEAL(job->root.where),
		.signer = job->root.signer,
		.token_info = job->root.token_info,
		.module = job->root.module,
		.asks_each_time = job->root.asks_each_time };
	memcpy(b->kept.key_id, job->root.key_id, sizeof(b->kept.key_id));
	job->root.signer = (struct signer){ .self = NULL };
}

void client_batch_take_login(struct key_job *job, struct client_batch *b)
{
	job->root = b->kept;
	b->kept = (struct issuer){ .is_shared = false };
}

/* The members that do not depend on the outcome. */
static struct client_batch_line client_batch_line(const struct client_batch_row *row)
{
	struct client_batch_line line = { .name = row->name, .device = text_or_null(row->device), .token = row->card,
		.folder = row->folder, .result = row->outcome };

	if (row->cert != NULL) {
		line.serial = text_or_null(row->cert->serial);
		line.thumbprint = text_or_null(row->cert->thumbprint);
		line.fingerprint = text_or_null(row->cert->fingerprint);
		line.not_after = row->cert->not_after;
	}
	if (row->card != NULL) {
		line.token_label = row->card->label;
		line.token_serial = row->card->serial;
	}
	return line;
}

int client_batch_print(const struct client_batch *b, const struct client_batch_row *row, struct err *e)
{
	const struct client_batch_line line = client_batch_line(row);

	return out_row(b->o, &line, e);
}

int client_batch_refuse(
    struct client_batch *b, const struct client_batch_row *row, const struct err *why, struct err *e)
{
	char text[sizeof(why->what) + sizeof(why->cause) + 80];
	char code[ERR_CODE_MAX];
	struct client_batch_line line = client_batch_line(row);

	line.error = text;
	line.code = err_code(why, code);
	(void)snprintf(text, sizeof(text), "%s%s%s%s%.60s", why->what, why->cause[0] != '\0' ? ": " : "", why->cause,
	    why->has_rv ? ": " : "", why->has_rv ? why->rv_name : "");
	b->n_refused++;
	return out_row(b->o, &line, e);
}

bool client_batch_ends(const struct err *e)
{
	return e->status == ERR_PIN || e->status == ERR_LEDGER || e->status == ERR_INTERRUPTED ||
	    e->status == ERR_INTERNAL || e->status == ERR_USAGE ||
	    (e->code != NULL && strcmp(e->code, "pin-replay") == 0);
}
