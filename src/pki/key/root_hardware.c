/* SPDX-License-Identifier: MIT */
/* root_hardware.c - see root_hardware.h. */
#include "pki/key/root_hardware.h"

bool root_is_in_file(const struct key_row *key)
{
	return token_keeps_keys_in_files(key->evidence.module_name, key->location.token_manufacturer,
	    key->location.token_model);
}

bool root_may_be_in_file(const struct pki *p)
{
	return p->ledger != NULL && ledger_is_test(p->ledger);
}

static const char *code_for(const struct pki *p)
{
	return p->config.require_hardware_roots != 0 ? "root-in-file-refused" : "root-in-file";
}

static void root_hardware_warn(const struct pki *p, const char *root, const char *label)
{
	char text[300];

	(void)snprintf(text, sizeof(text),
	    "the key of root '%.64s' is on token '%.32s', which keeps its keys in files: a copy of these files can "
	    "sign as this root", root, label);
	p->ui->warn(p->ui->self, code_for(p), text);
}

int root_check_hardware(struct key_job *job, struct err *e)
{
	struct op *op = &job->op;

	if (!job->card_info.keeps_keys_in_files || job->is_test || root_may_be_in_file(op->pki))
		return 0;
	if (op->pki->config.require_hardware_roots == 0) {
		root_hardware_warn(op->pki, op->name, job->card_info.label);
		return 0;
	}
	(void)err_set(e, ERR_POLICY, "token '%s' keeps its keys in files, and p11ca.conf requires hardware for roots",
	    job->card_info.label);
	return err_rule(e, "root-in-file-refused",
	    "use an HSM or a smart card; for tests, use another home: root create --test --home DIR");
}

void root_warn_of_file(const struct pki *p, const struct root_row *root, const struct key_row *key)
{
	if (root_is_in_file(key) && !root_may_be_in_file(p))
		root_hardware_warn(p, root->name, key->location.token_label);
}
