/* SPDX-License-Identifier: MIT */
/* gateway_plan.h - a gateway together with the ledger: what render writes, and what diff lists. */
#ifndef PKI_GATEWAY_GATEWAY_PLAN_H
#define PKI_GATEWAY_GATEWAY_PLAN_H

#include "model/gateway_change.h"
#include "pki/gateway/gateway.h"

struct gateway_options {
	const char *state;           /* what Azure says of the gateway: a file, "-"; NULL = only additions */
	bool retired;                /* takes off roots that are retired */
	/* takes off whatever is ours and not wanted any more; never what is not ours, and a CA above a root,
	 * which may be others', too, only when it is expired */
	bool prune;
	bool prune_unreadable;       /* takes off entries whose content nobody can read */
	bool is_file;                /* a script for PowerShell begins with a byte order mark */
};

/* A CA among the roots that is above one of ours, and lets its clients in. */
struct gateway_issuer {
	int64_t root_id;
	char thumbprint[SHA1_HEX];   /* of the CA */
};

struct gateway_plan {
	struct gateway_change change;
	struct gateway state;
	struct gateway_issuer *above; /* owned */
	size_t n_issuers, cap_issuers;
};
/*
 * out is { 0 } before, owned by the caller also on failure.  -1: ERR_NOT_FOUND (no such gateway), ERR_INPUT (as
 * gateway_state_read()), ERR_POLICY ("gateway-other-state", "gateway-entry-name-taken").
 */
int gateway_plan_make(struct gateway_plan *out, struct pki *p, const char *name, const struct gateway_options *options,
    struct err *e) MUST_CHECK;
/*
 * false: Azure would refuse the roots ("gateway-root-limit", "gateway-no-root"), of which it has warned; a template
 * then leaves the roots as they are.
 */
bool gateway_plan_fit(struct gateway_plan *plan, const char *format, const struct ui *ui);
/* -1 (ERR_POLICY): Azure would refuse all of it: "gateway-no-pool". */
int gateway_plan_refuse(const struct gateway_plan *plan, struct err *e) MUST_CHECK;
void gateway_plan_clear(struct gateway_plan *plan);
AUTO_VALUE_DEFINE(gateway_plan, gateway_plan_clear);

/* -1 (ERR_POLICY, "gateway-other-state"): the state is of another gateway, or of another kind of resource. */
int gateway_check_state(const struct gateway_row *row, const struct gateway *state, struct err *e) MUST_CHECK;

struct gateway_check_options {
	const char *state;           /* NULL = as the ledger would have it */
	const char *template;        /* ARM template to compare with the state, which then is a file; NULL */
	const char *vnet;            /* what az says of the virtual network; NULL */
	const char *const *locals;   /* networks where clients are */
	unsigned n_locals;
};
/* What the gateway would be if it had only what the ledger says of it; g is { 0 } before, owned also on failure. */
int gateway_from_ledger(struct gateway *g, struct pki *p, const char *name, struct err *e) MUST_CHECK;
/* Azure's rules: list "findings" (finding_fields).  1: warnings or failures. */
int gateway_check(struct pki *p, const char *name, const struct gateway_check_options *options, struct out *o,
    struct err *e) MUST_CHECK;

/* Each valid client whose root the plan takes off, and that no CA above it lets in. */
int gateway_each_locked_out(struct pki *p, const struct gateway_plan *plan, cert_row_fn *fn, void *arg, struct err *e)
    MUST_CHECK;

/*
 * The script or the fragment, appended; warns of clients that are locked out.  1: without roots that do not fit, see
 * gateway_plan_fit().  -1: as gateway_plan_make(), gateway_plan_refuse(), and ERR_POLICY ("gateway-needs-state").
 */
int gateway_write(struct buf *out, struct pki *p, const char *name, const struct gateway_options *options,
    const char *format, struct err *e) MUST_CHECK;
/*
 * Lists "roots", "revoked", "settings", "locked_out".  record: what the state says of our certificates goes into the
 * ledger.  1: something is to be done.
 */
int gateway_diff(struct pki *p, const char *name, const struct gateway_options *options, bool record, struct out *o,
    struct err *e) MUST_CHECK;
extern const struct out_field gateway_entry_fields[], gateway_setting_fields[], gateway_locked_out_fields[];

#endif
