/* SPDX-License-Identifier: MIT */
/* enroll_list.h - an enrolment desk's list of people: a card for each, one after the other. */
#ifndef PKI_CLIENT_ENROLL_LIST_H
#define PKI_CLIENT_ENROLL_LIST_H

#include "pki/op.h"

struct enroll_entry {
	char cn[256], device[65], token[512]; /* token: a PKCS#11 URI or a label; "" = none */
};
struct enroll_list {
	struct enroll_entry *all;
	size_t n;
};
/*
 * Reads CSV with a header: cn and, if needed, device and token.  The values are not checked: what is wrong with one
 * entry refuses that entry.  -1: ERR_INPUT (with the line: another column, a missing value, an entry twice),
 * ERR_INTERNAL.
 */
int enroll_list_read(struct enroll_list **out, struct bytes csv, struct err *e) MUST_CHECK;
void enroll_list_free(struct enroll_list *l); /* NULL is fine */
AUTO_STRUCT_DEFINE(enroll_list, enroll_list_free);

struct enroll_options {
	const struct op *asked;      /* what `client enroll` was asked for, but for name, device and card */
	const struct enroll_list *list;
	bool wait;                   /* for a card to be put in, for each: asked->where says which cards count */
};
/*
 * List "clients", streamed: a card for each that has none yet, as client_enroll() fills it; files below
 * asked->out_path, a folder each.  The root's token stays logged in meanwhile, unless it is in the card's module.
 * 1: some were refused; the others have their card.  What may cost tries or the ledger ends the run: -1, ERR_PIN,
 * ERR_LEDGER, ERR_INTERRUPTED, ERR_INTERNAL; the entries behind it are reported as not tried, and the same run again
 * goes on from there.
 */
int client_enroll_list(const struct enroll_options *options, const struct run_mode *mode, struct out *o, struct err *e)
    MUST_CHECK;
extern const struct out_field enrolled_fields[];

/*
 * Waits until there is one card that where matches and that is neither last's (a serial; "" = none) nor anybody's but
 * name's, unless asked->shared_card; tells the person what to do.  -1: ERR_INTERRUPTED, or as pki_module() and
 * token_find().
 */
int card_wait(struct token_info *out, const struct op *asked, const struct token_uri *where, const char *name,
    const char *last, struct err *e) MUST_CHECK;

#endif
