/* SPDX-License-Identifier: MIT */
/*
 * gateway_change.h - what is to become of a gateway: each entry of its two lists with its fate, and what is to be set.
 *
 * Owns its lists; gateway_change_clear() gives them back.  Names of what is not ours are untrusted but harmless.
 */
#ifndef MODEL_GATEWAY_CHANGE_H
#define MODEL_GATEWAY_CHANGE_H

#include "model/gateway.h"
#include "model/ledger_rows.h"

/* GATEWAY_OMIT: a root that is wanted and does not fit; it is in no list. */
enum gateway_action { GATEWAY_KEEP, GATEWAY_ADD, GATEWAY_REMOVE, GATEWAY_OMIT };

struct gateway_entry {
	enum gateway_action action;
	bool is_ours;                /* the ledger has the certificate */
	char name[GATEWAY_NAME_MAX]; /* on the gateway */
	char thumbprint[SHA1_HEX];
	char subject[512];               /* the root's subject, or the client's name; "" = not known */
	const char *why;             /* static, or reason_text; NULL = nothing to be said */
	char *reason_text;              /* owned; NULL */
	bool is_unreadable;          /* it stays as it is, unless its removal is asked for */
	char *datum;                 /* of an unreadable one: as it is on the gateway; owned; NULL = there is none */
	struct buf der;              /* of a root; empty in the list of what is revoked */
	int64_t cert_id, root_id;    /* in the ledger; 0 = not ours */
};

/* What is called gateway_entries_index() is found without a search through the list. */
struct gateway_entries {
	struct gateway_entry *all;
	size_t n, cap;
	struct gateway_slots *by_thumbprint, *by_name; /* owned */
	size_t n_indexed;
};

struct gateway_change {
	struct gateway_row gateway;
	bool has_state;              /* keep and remove are meant: the lists are complete */
	bool is_new;                 /* it has no point-to-site configuration yet */
	bool sets_pools, sets_tunnels, sets_auth; /* to what the row says, and Certificate */
	bool has_radius, has_aad;    /* authentication types that stay */
	struct gateway_entries roots, revoked;
};

/* The new entry, { 0 } and borrowed until the next; NULL: out of memory. */
struct gateway_entry *gateway_entries_add(struct gateway_entries *list);
/*
 * Puts the last entry, whose name and thumbprint are final, into the index, after all before it.  -1: out of memory.
 */
int gateway_entries_index(struct gateway_entries *list);
/* By thumbprint, or by name in either case: the first; NULL: none. */
struct gateway_entry *gateway_entries_find(const struct gateway_entries *list, const char *thumbprint);
struct gateway_entry *gateway_entries_find_name(const struct gateway_entries *list, const char *name);
/* How many have this fate. */
size_t gateway_entries_count(const struct gateway_entries *list, enum gateway_action action);
bool gateway_change_is_empty(const struct gateway_change *c);
void gateway_change_clear(struct gateway_change *c);
AUTO_VALUE_DEFINE(gateway_change, gateway_change_clear);

#endif
