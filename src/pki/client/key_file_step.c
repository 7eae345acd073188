/* SPDX-License-Identifier: MIT */
/* key_file_step.c - reads or generates a private key in an encrypted file, and signs a request with it. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "pki/key/key.h"
#include "pki/key/key_check.h"
#include "pki/client/software_key.h"
#include "pki/issue/request_step.h"
#include "pki/op.h"
#include "util/file.h"
#include "util/text.h"
#include "x509/key/spki.h"

#define KEY_FILE_MAX (64 * 1024)

void software_key_clear(struct software_key *job)
{
	soft_key_free(job->key);
	secret_clear(&job->pfx_password);
	for (size_t i = 0; i < job->n_chain; i++)
		buf_clear(&job->chain[i]);
	memset(job, 0, sizeof(*job));
}

int software_protect(struct err *e)
{
	return soft_key_protect(e);
}

int software_check_path(const char *path, struct err *e)
{
	if (strncmp(path, "pkcs11:", 7) != 0)
		return 0;
	(void)err_set(e, ERR_POLICY, "this is a PKCS#11 URI of a key, not the name of a file");
	return err_rule(e, "token-key", "p11ca exports no keys from tokens: name the token with --token");
}

int software_ask(struct secret *out, struct op *op, const char *purpose, const char *path, bool is_new, struct err *e)
{
	const struct ui *ui = op->pki->ui;
	char safe[300];
	const struct pin_ask ask = { .role = PIN_USER, .purpose = purpose, .token = safe, .is_new = is_new };

	(void)print_safe(safe, sizeof(safe), path, strlen(path));
	return ui->get_pin(ui->self, &ask, out, e);
}

int software_fill_key(struct client_job *job, struct err *e)
{
	struct key_job *k = &job->profiled.issue.key;
	struct spki_facts facts;

	k->spki.len = 0;
	if (soft_key_spki(&k->spki, job->soft->key, e) < 0 || spki_read(&facts, buf_bytes(&k->spki), e) < 0)
		return -1;
	(void)snprintf(k->row.spec, sizeof(k->row.spec), "%s", facts.name);
	k->key_origin = job->soft->key_file != NULL ? "key file" : SOFTWARE_KEY_ORIGIN;
	return op_know_key(k, e);
}

/* A key file that other users can read causes a warning only, because the file is the user's own. */
static void warn_of_readers(const struct op *op, const struct stat *st)
{
	const struct ui *ui = op->pki->ui;

	if ((st->st_mode & (S_IRWXG | S_IRWXO)) != 0)
		ui->warn(ui->self, "key-file-readable", "other users can read the key file; run `chmod 600 FILE`");
}

static int key_file_probe(struct client_job *job, enum step_state *out, struct err *e)
{
	struct software_key *soft = job->soft;
	struct stat st;

	*out = STEP_PENDING;
	if (software_check_path(soft->key_file, e) < 0)
		return -1;
	if (lstat(soft->key_file, &st) == 0) {
		warn_of_readers(&job->profiled.issue.key.op, &st);
		return 0;
	}
	if (errno != ENOENT)
		return err_set_errno(e, ERR_OUTPUT, "cannot read the attributes of key file '%s'", soft->key_file);
	soft->is_new = true;
	return file_check_writable(soft->key_file, false, e);
}

static int key_file_step_read_key(struct client_job *job, struct err *e)
{
	struct software_key *soft = job->soft;
	AUTO_VALUE(buf) file = { 0 };
	AUTO_VALUE(secret) passphrase = { 0 };
	bool is_encrypted = false;

	if (file_read(&file, soft->key_file, KEY_FILE_MAX, e) < 0)
		return -1;
	if (soft_key_parse(&soft->key, &is_encrypted, buf_bytes(&file), NULL, e) == 0)
		return 0;
	if (!is_encrypted)
		return -1;
	if (software_ask(&passphrase, &job->profiled.issue.key.op, "key file", soft->key_file, false, e) < 0)
		return -1;
	return soft_key_parse(&soft->key, NULL, buf_bytes(&file), &passphrase, e);
}

static int key_file_step_make_key(struct client_job *job, struct err *e)
{
	struct software_key *soft = job->soft;
	AUTO_VALUE(buf) pem = { 0 };
	AUTO_VALUE(secret) passphrase = { 0 };

	if (software_ask(&passphrase, &job->profiled.issue.key.op, "key file", soft->key_file, true, e) < 0 ||
	    soft_key_generate(&soft->key, &job->profiled.issue.key.spec, e) < 0 ||
	    soft_key_encrypt(&pem, soft->key, &passphrase, e) < 0 ||
	    file_write(soft->key_file, buf_bytes(&pem), 0600, false, e) < 0)
		return -1;
	return op_add_file(&job->profiled.issue.key.op, "key", soft->key_file, buf_bytes(&pem), e);
}

static int key_file_step_check_spec(const struct key_job *job, struct err *e)
{
	const char *wanted = key_spec_name(&job->spec);

	if (!job->is_spec_given || wanted == NULL || strcmp(wanted, job->row.spec) == 0)
		return 0;
	(void)err_set(e, ERR_USAGE, "the key file contains a key of type %s, not %s", job->row.spec, wanted);
	e->hint = "leave out --key, or name another file";
	return -1;
}

static int key_file_run(struct client_job *job, struct err *e)
{
	struct software_key *soft = job->soft;

	if ((soft->is_new ? key_file_step_make_key(job, e) : key_file_step_read_key(job, e)) < 0)
		return err_while(e, soft->is_new ? "creating the key file '%s'" : "reading the key file '%s'",
		    soft->key_file);
	return software_fill_key(job, e) < 0 ? -1 : key_file_step_check_spec(&job->profiled.issue.key, e);
}

static int software_request_run(struct client_job *job, struct err *e)
{
	AUTO_VALUE(signer) s = { 0 };

	return soft_key_signer(&s, job->soft->key, e) < 0 ? -1 : op_sign_request(&job->profiled.issue, &s, e);
}

const struct client_job_step step_key_file = { STEP_OF(client_job, "open the key file"), .probe = key_file_probe,
	.run = key_file_run };
const struct client_job_step step_software_request = { STEP_OF(client_job, "build the request"),
	.run = software_request_run };
