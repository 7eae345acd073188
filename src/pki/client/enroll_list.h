/* SPDX-License-Identifier: MIT */
/* enroll_list.h - enrols a list of clients: a token for each, one after the other. */
#ifndef PKI_CLIENT_ENROLL_LIST_H
#define PKI_CLIENT_ENROLL_LIST_H

#include "pki/client/client_batch.h"
#include "pki/client/client_job.h"

struct enroll_entry {
	char cn[256], device[65], token[512]; /* token: a PKCS#11 URI or a label; "" = not given */
};
struct enroll_list {
	struct enroll_entry *all;
	size_t n;
};
/*
 * Reads CSV with a header: cn and optionally device and token. The values are not checked, because an error in one
 * entry refuses only that entry. -1: ERR_INPUT (with the line: unknown column, missing value, repeated entry),
 * ERR_INTERNAL.
 */
int enroll_list_read(struct enroll_list **out, struct bytes csv, struct err *e) MUST_CHECK;
void enroll_list_free(struct enroll_list *l); /* may be NULL */
AUTO_STRUCT_DEFINE(enroll_list, enroll_list_free);

struct enroll_options {
	const struct client_job *asked; /* options of `client enroll` without name, device and token */
	const struct enroll_list *list;
	bool wait;                   /* wait for a token for each client: asked->where selects the tokens */
};
/*
 * Prints list "clients" as a stream: each client without a token gets one, filled as by client_enroll(); files below
 * asked->out_path, a folder for each client. The root's token stays logged in, unless it is in the same module.
 * 1: some were refused; the others have their token. Errors that may cost PIN tries or affect the ledger end the run:
 * -1, ERR_PIN, ERR_LEDGER, ERR_INTERRUPTED, ERR_INTERNAL; later entries are reported as not tried, and the same
 * command continues there.
 */
int client_enroll_list(const struct enroll_options *options, const struct run_mode *mode, struct out *o, struct err *e)
    MUST_CHECK;

/*
 * Waits for a single token that matches where, that is not last (a serial; "" = none) and belongs to no other client
 * than name, unless asked->shared_card; tells the person what to do. -1: ERR_INTERRUPTED, or as pki_module() and
 * token_find().
 */
int card_wait(struct token_info *out, const struct key_job *asked, const struct token_uri *where, const char *name,
    const char *last, struct err *e) MUST_CHECK;

#endif
