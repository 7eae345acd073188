/* SPDX-License-Identifier: MIT */
/* package_op.h - prints, judges and compares VPN client packages of Azure. */
#ifndef PKI_PROFILE_PACKAGE_OP_H
#define PKI_PROFILE_PACKAGE_OP_H

#include "model/gateway.h"
#include "model/package.h"
#include "out/out.h"
#include "pki/pki.h"

/* Reads a package with x509's reader for certificates. *out is zeroed before; owned by the caller, also on failure. */
int pki_read_package(struct package *out, const char *path, struct err *e) MUST_CHECK;

/* Warns about each unreadable entry, for operations without findings. */
void pki_warn_unreadable(struct pki *p, const struct gateway *g);
/* Reads the state of a gateway in the same way (azure/gateway/gateway_state.h). */
int pki_read_gateway(struct gateway *out, const char *path, struct err *e) MUST_CHECK;
/* Marks the roots that the ledger, if there is one, does not have; and, outside test homes, published test keys. */
int pki_mark_foreign(struct gateway *g, struct pki *p, struct err *e) MUST_CHECK;

extern const struct out_field package_fields[], package_net_fields[], package_root_fields[], package_hash_fields[];
extern const struct out_field package_change_fields[];

/* Prints record "package", lists "routes", "gateway_roots", "client_roots". */
int package_show(const char *path, struct out *o, struct err *e) MUST_CHECK;
/*
 * Prints list "findings" (finding_fields). root_name: the clients' root; NULL: the ledger's only root, if any.
 * state_path: the gateway's state, NULL = not given. 1: warnings or failures.
 */
int package_check(struct pki *p, const char *path, const char *root_name, const char *state_path, struct out *o,
    struct err *e) MUST_CHECK;
/*
 * *found: the ledger's only root; several roots cause the warning "package-root-not-named", because none is checked
 * then.
 */
struct issuer;
int pki_only_root(struct issuer *out, bool *found, struct pki *p, struct err *e) MUST_CHECK;
/* Prints list "changes". 1: the packages differ. */
int package_compare(const char *old_path, const char *new_path, struct out *o, struct err *e) MUST_CHECK;

#endif
