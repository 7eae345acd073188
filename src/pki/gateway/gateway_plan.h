/* SPDX-License-Identifier: MIT */
/* gateway_plan.h - the planned change of a gateway, for `gateway render`, `diff` and `check`. */
#ifndef PKI_GATEWAY_GATEWAY_PLAN_H
#define PKI_GATEWAY_GATEWAY_PLAN_H

#include "model/gateway_change.h"
#include "pki/gateway/gateway.h"

struct gateway_options {
	const char *state;           /* state of the gateway: a file, "-"; NULL = additions only */
	bool retired;                /* also remove roots that are retired */
	/*
	 * remove every unwanted entry that p11ca added; never an entry of others; an issuer, which others may need,
	 * only when expired
	 */
	bool prune;
	bool prune_unreadable;       /* remove entries whose data cannot be decoded */
	bool is_file;                /* a script for PowerShell begins with a byte order mark */
};

/* A CA on the gateway that issued a root of the ledger, so that the gateway accepts the root's clients. */
struct gateway_issuer {
	int64_t root_id;
	char thumbprint[SHA1_HEX];   /* thumbprint of the CA */
};

struct gateway_plan {
	struct gateway_change change;
	struct gateway state;
	struct gateway_issuer *issuers; /* owned */
	size_t n_issuers, cap_issuers;
};
/*
 * *out is zeroed before; owned by the caller, also on failure. -1: ERR_NOT_FOUND (no such gateway), ERR_INPUT (as
 * gateway_state_read()), ERR_POLICY ("gateway-other-state", "gateway-entry-name-taken").
 */
int gateway_plan_make(struct gateway_plan *out, struct pki *p, const char *name, const struct gateway_options *options,
    struct err *e) MUST_CHECK;
/*
 * false: Azure would refuse the roots ("gateway-root-limit", "gateway-no-root"; a warning was printed); a template
 * then leaves the roots unchanged.
 */
bool gateway_plan_fit(struct gateway_plan *plan, const char *format, const struct ui *ui);
/* -1 (ERR_POLICY): Azure would refuse the whole change: "gateway-no-pool". */
int gateway_plan_refuse(const struct gateway_plan *plan, struct err *e) MUST_CHECK;
void gateway_plan_clear(struct gateway_plan *plan);
AUTO_VALUE_DEFINE(gateway_plan, gateway_plan_clear);

/*
 * -1 (ERR_POLICY, "gateway-other-state"): the state is of another gateway, by name, resource group or subscription, or
 * of another kind of resource. What the state does not contain is not compared.
 */
int gateway_check_state(const struct gateway_row *row, const struct gateway *state, struct err *e) MUST_CHECK;

struct gateway_check_options {
	const char *state;           /* NULL = check the state that the ledger plans */
	const char *template;        /* ARM template to be compared with the state, which must be a file; NULL */
	const char *vnet;            /* state of the virtual network; NULL */
	const char *const *locals;   /* networks of the clients */
	unsigned n_locals;
};
/* Fills g with the state that the ledger alone plans; *g is zeroed before; owned by the caller, also on failure. */
int gateway_from_ledger(struct gateway *g, struct pki *p, const char *name, struct err *e) MUST_CHECK;
/* Prints the findings of Azure's rules: list "findings" (finding_fields). 1: warnings or failures. */
int gateway_check(struct pki *p, const char *name, const struct gateway_check_options *options, struct out *o,
    struct err *e) MUST_CHECK;

/* Calls fn for each valid client that the plan locks out: its root is removed, and no issuer stays. */
int gateway_each_locked_out(struct pki *p, const struct gateway_plan *plan, cert_row_fn *fn, void *arg, struct err *e)
    MUST_CHECK;

/*
 * Appends the script or template; warns about clients that are locked out. 1: without roots that do not fit, see
 * gateway_plan_fit(). -1: as gateway_plan_make(), gateway_plan_refuse(), and ERR_POLICY ("gateway-needs-state").
 */
int gateway_write(struct buf *out, struct pki *p, const char *name, const struct gateway_options *options,
    const char *format, struct err *e) MUST_CHECK;
/*
 * Prints lists "roots", "revoked", "settings", "locked_out". record: records the observed state of the ledger's
 * certificates. 1: the plan is not empty.
 */
int gateway_diff(struct pki *p, const char *name, const struct gateway_options *options, bool record, struct out *o,
    struct err *e) MUST_CHECK;
extern const struct out_field gateway_entry_fields[], gateway_setting_fields[], gateway_locked_out_fields[];

#endif
