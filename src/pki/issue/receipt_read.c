/* SPDX-License-Identifier: MIT */
/* receipt_read.c - see receipt_read.h. */
#include "pki/issue/receipt_read.h"

#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/file.h"
#include "util/json_read.h"
#include "util/text.h"

#define FILE_MAX ((size_t)1 << 20)
#define HINT "give the receipt.json in the folder that p11ca wrote, with the other files in the same folder"

static const struct json_form form = { .format_code = "receipt-format", .limit_code = "receipt-format", .hint = HINT,
	.not_json = "it is no JSON", .bytes_max = FILE_MAX, .nests_max = 1000, .values_max = 10000 };

void receipt_found_clear(struct receipt_found *r)
{
	buf_clear(&r->cert);
}

static int wrong_member(const char *what, struct err *e)
{
	(void)err_set(e, ERR_INPUT, "it is not a receipt of a certificate: '%s' is missing or wrong", what);
	return err_rule(e, "receipt-format", HINT);
}

/* Text for the ledger must be printable and is never truncated. */
static int receipt_read_take(
    char *out, size_t size, const json_t *object, const char *name, bool is_needed, struct err *e)
{
	const json_t *value = json_member(object, name);
	const char *text = json_string_value(value);
	const size_t len = json_string_length(value);

	out[0] = '\0';
	if (value == NULL)
		return is_needed ? wrong_member(name, e) : 0;
	if (text == NULL || len == 0 || len >= size || len != strlen(text) ||
	    !text_is_harmless(text, len))
		return wrong_member(name, e);
	memcpy(out, text, len + 1);
	return 0;
}

/* The row of the certificate; NULL. */
static const json_t *receipt_read_find_cert(const json_t *receipt)
{
	const json_t *files = json_member(receipt, "files");

	for (size_t i = 0; i < json_array_size(files); i++) {
		const json_t *row = json_array_get(files, i);
		const json_t *kind = json_member(row, "kind");

		if (kind == NULL) /* receipts of schema version 1 */
			kind = json_member(row, "what");
		if (json_string_value(kind) != NULL && strcmp(json_string_value(kind), "certificate") == 0)
			return row;
	}
	return NULL;
}

/* Looks for files beside the receipt, because the folder may have been moved. */
static int receipt_read_cert(struct buf *out, const char *receipt, const json_t *row, struct err *e)
{
	char path[1024], wanted[SHA256_HEX], have[SHA256_HEX];
	AUTO(char) copy = strdup(receipt);
	AUTO(char) file = NULL;

	if (receipt_read_take(path, sizeof(path), row, "path", true, e) < 0 ||
	    receipt_read_take(wanted, sizeof(wanted), row, "sha256", true, e) < 0)
		return -1;
	file = copy != NULL ? file_join(dirname(copy), basename(path), e) : NULL;
	if (file == NULL)
		return err_set(e, ERR_INTERNAL, "out of memory");
	if (file_read(out, file, FILE_MAX, e) < 0 || hash_sha256_hex(have, buf_bytes(out), e) < 0)
		return -1;
	if (strcmp(have, wanted) == 0)
		return 0;
	(void)err_set(e, ERR_INPUT, "'%.200s' is not the file that the receipt names", file);
	return err_rule(e, "receipt-file", "give the certificate itself instead, if that is the right one");
}

int receipt_check_folder(const char *folder, const char *name, const char *device, struct err *e)
{
	AUTO(char) path = file_join(folder, "receipt.json", e);
	struct receipt_found there;
	AUTO(json_t) all = NULL;
	struct err ignored;

	if (path == NULL)
		return -1;
	/* a file that is not a receipt: not overwritten without --force */
	if (access(path, F_OK) < 0 || json_read_file(&all, &form, path, &ignored) < 0 ||
	    receipt_read_take(there.name, sizeof(there.name), json_member(all, "result"), "name", true, &ignored) < 0 ||
	    receipt_read_take(
		there.device, sizeof(there.device), json_member(all, "result"), "device", false, &ignored) < 0)
		return 0;
	if (strcmp(there.name, name) == 0 && (device == NULL || strcmp(there.device, device) == 0))
		return 0;
	(void)err_set(e, ERR_OUTPUT, "the folder '%.120s' contains the files of another client, '%.80s'%s%.30s", folder,
	    there.name, there.device[0] != '\0' ? ", device " : "", there.device);
	return err_rule(e, "folder-of-other-client", "choose a different folder for each client with --out");
}

bool receipt_is_of(const char *path, const char *fingerprint)
{
	char text[SHA256_HEX];
	AUTO(json_t) all = NULL;
	struct err ignored;

	return json_read_file(&all, &form, path, &ignored) == 0 &&
	    receipt_read_take(text, sizeof(text), json_member(all, "result"), "fingerprint", true, &ignored) == 0 &&
	    strcmp(text, fingerprint) == 0;
}

bool receipt_names(const char *path, const char *sha256)
{
	AUTO(json_t) all = NULL;
	struct err ignored;
	const json_t *files;

	if (json_read_file(&all, &form, path, &ignored) < 0)
		return false;
	files = json_member(all, "files");
	for (size_t i = 0; i < json_array_size(files); i++) {
		const char *text = json_string_value(json_member(json_array_get(files, i), "sha256"));

		if (text != NULL && strcmp(text, sha256) == 0)
			return true;
	}
	return false;
}

int receipt_read(struct receipt_found *out, const char *path, struct err *e)
{
	AUTO(json_t) all = NULL;
	const json_t *result, *row;

	if (strcmp(path, "-") == 0) {
		(void)err_set(e, ERR_INPUT, "a receipt on standard input does not show in which folder its "
		    "certificate is");
		return err_rule(e, "receipt-file", "give the path of receipt.json, or the certificate");
	}
	if (json_read_file(&all, &form, path, e) < 0)
		return -1;
	result = json_member(all, "result");
	row = receipt_read_find_cert(all);
	if (row == NULL)
		return wrong_member("files", e);
	if (receipt_read_take(out->name, sizeof(out->name), result, "name", true, e) < 0 ||
	    receipt_read_take(out->device, sizeof(out->device), result, "device", false, e) < 0 ||
	    receipt_read_take(out->template_name, sizeof(out->template_name), result,
		json_member(result, "template_name") != NULL ? "template_name" : "template", false, e) < 0)
		return -1;
	return receipt_read_cert(&out->cert, path, row, e);
}
