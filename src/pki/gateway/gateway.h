/* SPDX-License-Identifier: MIT */
/* gateway.h - gateways in the ledger: which roots each is to trust, and what was seen there. */
#ifndef PKI_GATEWAY_GATEWAY_H
#define PKI_GATEWAY_GATEWAY_H

#include "pki/op.h"

/* What `gateway add` is about; op.gateway. */
struct gateway_job {
	struct gateway_row row;
	bool replace;
};

/*
 * Copies a list, comma-separated, into a column of the row.  -1 (ERR_USAGE): it does not fit, or an item is empty or
 * has a comma.
 */
int gateway_join(char *out, size_t size, const char *what, const char *const items[], unsigned n, struct err *e)
    MUST_CHECK;
/* The words of a comma-separated text, one after the other: *at moves; false at the end. */
bool gateway_word(char *out, size_t size, const char **at);

/*
 * -1 (ERR_USAGE): the gateway's name, its resource group or its subscription is not one of Azure's, or begins with a
 * character that az or PowerShell would take for more than a name.
 */
int gateway_check_names(const struct gateway_row *row, struct err *e) MUST_CHECK;
/*
 * Records op->gateway's row.  -1: ERR_USAGE (a name, a pool, a tunnel type that is none), ERR_NOT_FOUND (no such root),
 * ERR_POLICY ("gateway-name-taken").
 */
int gateway_add(struct op *op, const struct run_mode *mode, struct out *o, struct err *e) MUST_CHECK;
/* Record "gateway". */
int gateway_print(const struct gateway_row *row, struct out *o, struct err *e) MUST_CHECK;
/* List "gateways". */
int gateway_list(struct pki *p, struct out *o, struct err *e) MUST_CHECK;
/* Record "gateway", list "pending": what is decided and was not seen there. */
int gateway_show(struct pki *p, const char *name, struct out *o, struct err *e) MUST_CHECK;
/* -1 (ERR_NOT_FOUND): the ledger has no such gateway. */
int gateway_find(struct gateway_row *out, struct pki *p, const char *name, struct err *e) MUST_CHECK;
extern const struct out_field gateway_fields[];

/* Whether the gateway is to trust this root: it is named in the row, or none is and it is not retired. */
bool gateway_wants_root(const struct gateway_row *gateway, const struct root_row *root);
/*
 * Whether it may let in the root's clients, for all the ledger knows: it wants the root, or that is retired and may be
 * there still, or is below a CA that is above one that it wants.
 */
int gateway_may_let_in(bool *out, struct pki *p, const struct gateway_row *gateway, const struct root_row *root,
    struct err *e) MUST_CHECK;

/* A decision about a client's certificate that a gateway was not seen to follow. */
struct gateway_pending {
	const struct gateway_row *gateway;
	const struct cert_row *cert;
	bool is_restore;             /* NOT YET ACCEPTED AGAIN; else NOT YET ENFORCED */
	int64_t decided_at;          /* of a revocation; 0 = not known */
	int64_t observed_at;             /* when the gateway's state was last recorded; 0 = never */
};
typedef int gateway_pending_fn(const struct gateway_pending *one, void *arg, struct err *e);
/*
 * Calls fn for each: certificates that are revoked, not expired and were issued by a root that the gateway may
 * let in, until `gateway diff --record` has seen the thumbprint there (or the root gone); and restored ones until it is
 * seen gone.  cert_id 0 = of all certificates; gateway_id 0 = at all gateways.
 */
int gateway_each_pending(struct pki *p, int64_t gateway_id, int64_t cert_id, gateway_pending_fn *fn, void *arg,
    struct err *e) MUST_CHECK;
/* Rows of the list "pending", which is open. */
int gateway_pending_rows(struct pki *p, int64_t gateway_id, int64_t cert_id, struct out *o, struct err *e) MUST_CHECK;
/* Rows of list "pending", which it opens and ends; *n (or NULL) counts them. */
int gateway_print_pending(struct pki *p, int64_t gateway_id, int64_t cert_id, unsigned *n, struct out *o,
    struct err *e) MUST_CHECK;
extern const struct out_field pending_fields[];

#endif
