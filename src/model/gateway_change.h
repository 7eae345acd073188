/* SPDX-License-Identifier: MIT */
/*
 * gateway_change.h - the planned change of a gateway: an action for each root and revoked entry, and new settings.
 *
 * The lists are owned; gateway_change_clear() frees them. Names of entries that p11ca did not make are untrusted but
 * safe to print.
 */
#ifndef MODEL_GATEWAY_CHANGE_H
#define MODEL_GATEWAY_CHANGE_H

#include "model/gateway.h"
#include "model/ledger_rows.h"

/* GATEWAY_OMIT: a wanted root beyond Azure's limit; it is written to no list. */
enum gateway_action { GATEWAY_KEEP, GATEWAY_ADD, GATEWAY_REMOVE, GATEWAY_OMIT };

struct gateway_entry {
	enum gateway_action action;
	bool is_ours;                /* the ledger has the certificate */
	char name[GATEWAY_NAME_MAX]; /* name on the gateway */
	char thumbprint[SHA1_HEX];
	char subject[512];               /* the root's subject, or the client's name; "" = unknown */
	const char *why;             /* reason of the action: static, or reason_text; NULL = no reason needed */
	char *reason_text;              /* owned; may be NULL */
	bool is_unreadable;          /* the data cannot be decoded; kept unless its removal is asked for */
	char *datum;                 /* data of an unreadable entry, as on the gateway; owned; NULL = no data */
	struct buf der;              /* of a root; empty in the list of revoked certificates */
	int64_t cert_id, root_id;    /* row ids of the ledger; 0 = not in the ledger */
};

/* gateway_entries_find() and gateway_entries_find_name() find only entries added by gateway_entries_index(). */
struct gateway_entries {
	struct gateway_entry *all;
	size_t n, cap;
	struct gateway_slots *by_thumbprint, *by_name; /* owned */
	size_t n_indexed;
};

struct gateway_change {
	struct gateway_row gateway;
	bool has_state;              /* the gateway's state is known: keep and remove are valid, the lists complete */
	bool is_new;                 /* the gateway has no point-to-site configuration yet */
	bool sets_pools, sets_tunnels, sets_auth; /* to the values of the row; authentication to Certificate */
	bool has_radius, has_aad;    /* authentication types that are kept */
	struct gateway_entries roots, revoked;
};

/* Appends a zeroed entry; the pointer is valid until the next call. NULL: out of memory. */
struct gateway_entry *gateway_entries_add(struct gateway_entries *list);
/*
 * Adds the last entry to the index, after the earlier entries; its name and thumbprint must be final. -1: out of
 * memory.
 */
int gateway_entries_index(struct gateway_entries *list);
/* The first entry with the thumbprint, or the name without regard to case; NULL: no such entry. */
struct gateway_entry *gateway_entries_find(const struct gateway_entries *list, const char *thumbprint);
struct gateway_entry *gateway_entries_find_name(const struct gateway_entries *list, const char *name);
/* The number of entries with this action. */
size_t gateway_entries_count(const struct gateway_entries *list, enum gateway_action action);
bool gateway_change_is_empty(const struct gateway_change *c);
void gateway_change_clear(struct gateway_change *c);
AUTO_VALUE_DEFINE(gateway_change, gateway_change_clear);

#endif
