/* SPDX-License-Identifier: MIT */
/* profile_history.h - records which client received which profile, and finds profiles that a new package breaks. */
#ifndef PKI_PROFILE_PROFILE_HISTORY_H
#define PKI_PROFILE_PROFILE_HISTORY_H

#include "out/out.h"
#include "pki/profile/profile.h"

/* Records each format of the job for the client. Does nothing for a client that is not in the ledger. */
int profile_remember(struct pki *p, const struct profile_job *job, int64_t cert_id, struct err *e) MUST_CHECK;

/*
 * Calls fn for the newest profile of each live client and format that the package breaks, with the reason. -1: as fn,
 * the ledger's.
 */
typedef int profile_stale_fn(const struct cert_row *client, const struct profile_row *profile, const char *why,
    void *arg, struct err *e);
int profile_each_stale(struct pki *p, const struct package *package, const char *package_path, profile_stale_fn *fn,
    void *arg, struct err *e) MUST_CHECK;

/*
 * profile_renewed.c: calls fn for each client with a valid certificate that has another key than the certificate that
 * it renews, if profiles were written for the renewed certificate only; profile: empty, as every format is meant.
 * -1: as fn, the ledger's.
 */
int profile_each_renewed(struct pki *p, profile_stale_fn *fn, void *arg, struct err *e) MUST_CHECK;

extern const struct out_field stale_fields[];
/*
 * Prints list "stale": the clients whose profiles name the key of a renewed certificate, and the newest profile of each
 * live client and format that the package breaks. 1: list not empty.
 */
int profile_stale(struct pki *p, const char *package_path, struct out *o, struct err *e) MUST_CHECK;

#endif
