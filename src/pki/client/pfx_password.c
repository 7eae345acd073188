/* SPDX-License-Identifier: MIT */
/* pfx_password.c - the password of a new PFX: given by the operator, or generated and written to a file. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pki/client/software_key.h"
#include "pki/op.h"
#include "pki/test_mode.h"
#include "util/file.h"
#include "x509/pfx/pfx_inspect.h"

#define SUFFIX ".password"
#define GROUPS 5
#define GROUP_LEN 5

/* 25 of 32 characters: 125 bits. l and o are omitted, because they look like 1 and 0, which are also omitted. */
static int pfx_password_generate(struct secret *out, const struct op *op, struct err *e)
{
	static const char alphabet[] = "abcdefghijkmnpqrstuvwxyz23456789";
	const struct draw use = { "PFX password", op->name,
		{ (const unsigned char *)op->device, strlen(op->device) } };
	unsigned char bytes[GROUPS * GROUP_LEN];
	char text[sizeof(bytes) + GROUPS];
	size_t len = 0;
	int result;

	_Static_assert(sizeof(alphabet) - 1 == 32, "each byte gives five bits without a bias");
	if (pki_draw(bytes, sizeof(bytes), op->pki, &use, e) < 0)
		return -1;
	for (size_t i = 0; i < sizeof(bytes); i++) {
		if (i > 0 && i % GROUP_LEN == 0)
			text[len++] = '-';
		text[len++] = alphabet[bytes[i] % 32];
	}
	result = secret_set(out, text, len, e);
	explicit_bzero(bytes, sizeof(bytes));
	explicit_bzero(text, sizeof(text));
	return result;
}

static char *password_path(const char *pfx, struct err *e)
{
	char *path = NULL;

	if (asprintf(&path, "%s" SUFFIX, pfx) < 0) {
		(void)err_set(e, ERR_INTERNAL, "out of memory");
		return NULL;
	}
	return path;
}

int software_check_pfx(const struct client_job *job, const char *path, struct err *e)
{
	const struct op *op = &job->profiled.issue.key.op;
	AUTO(char) password = NULL;

	if (file_check_writable(path, op->force, e) < 0)
		return -1;
	if (!job->soft->generate_password)
		return 0;
	password = password_path(path, e);
	return password == NULL ? -1 : file_check_writable(password, op->force, e);
}

int software_pfx_password(struct client_job *job, const char *path, struct err *e)
{
	struct software_key *soft = job->soft;

	if (soft->generate_password)
		return pfx_password_generate(&soft->pfx_password, &job->profiled.issue.key.op, e);
	if (software_ask(&soft->pfx_password, &job->profiled.issue.key.op, "pfx", path, true, e) < 0)
		return -1;
	return pfx_check_password(&soft->pfx_password, e) < 0 ? err_while(e, "choosing the password of '%s'", path) : 0;
}

/* The hash of a password is not shown. */
static int add_password_file(struct op *op, const char *path, struct err *e)
{
	if (op_add_file(op, "password", path, (struct bytes){ 0 }, e) < 0)
		return -1;
	op->files[op->n_files - 1].sha256[0] = '\0';
	return 0;
}

/* The password first: without it nobody could open the PFX. */
int software_write_pfx(struct client_job *job, const char *path, struct bytes pfx, struct err *e)
{
	struct op *op = &job->profiled.issue.key.op;
	struct software_key *soft = job->soft;
	AUTO(char) password = soft->generate_password ? password_path(path, e) : NULL;
	AUTO_VALUE(buf) line = { 0 };

	if (soft->generate_password) {
		if (password == NULL || buf_add(&line, soft->pfx_password.data, soft->pfx_password.len, e) < 0 ||
		    buf_add(&line, "\n", 1, e) < 0 ||
		    file_write(password, buf_bytes(&line), 0600, op->force, e) < 0 ||
		    add_password_file(op, password, e) < 0)
			return -1;
	}
	if (file_write(path, pfx, 0600, op->force, e) == 0)
		return op_add_file(op, "pfx", path, pfx, e);
	if (password != NULL)
		(void)unlink(password);
	return -1;
}
