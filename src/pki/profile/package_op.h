/* SPDX-License-Identifier: MIT */
/* package_op.h - Azure's package shown, judged and compared. */
#ifndef PKI_PROFILE_PACKAGE_OP_H
#define PKI_PROFILE_PACKAGE_OP_H

#include "model/gateway.h"
#include "model/package.h"
#include "out/out.h"
#include "pki/pki.h"

/* azure's reader with x509's eyes for certificates.  out is { 0 } before; owned also on failure. */
int pki_read_package(struct package *out, const char *path, struct err *e) MUST_CHECK;

/* The same for what az says of a gateway (azure/gateway/gateway_state.h). */
/* A warning for each entry that cannot be read, where no finding reports it. */
void pki_warn_unreadable(struct pki *p, const struct gateway *g);
int pki_read_gateway(struct gateway *out, const char *path, struct err *e) MUST_CHECK;

extern const struct out_field package_fields[], package_net_fields[], package_root_fields[], package_hash_fields[];
extern const struct out_field package_change_fields[];

/* Record "package", lists "routes", "gateway_roots", "client_roots". */
int package_show(const char *path, struct out *o, struct err *e) MUST_CHECK;
/*
 * List "findings" (finding_fields).  root_name: whose packages it should be; NULL: the ledger's only root where
 * there is one.  state_path: what az says of the gateway now, NULL = not given.  1: warnings or failures.
 */
int package_check(struct pki *p, const char *path, const char *root_name, const char *state_path, struct out *o,
    struct err *e) MUST_CHECK;
/* *found: the ledger's only root; several are warned of ("package-root-not-named"), since none is looked at then. */
struct issuer;
int pki_only_root(struct issuer *out, bool *found, struct pki *p, struct err *e) MUST_CHECK;
/* List "changes".  1: something changed. */
int package_compare(const char *old_path, const char *new_path, struct out *o, struct err *e) MUST_CHECK;

#endif
