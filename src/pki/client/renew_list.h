/* SPDX-License-Identifier: MIT */
/* renew_list.h - renews the certificates of all clients that expire soon. */
#ifndef PKI_CLIENT_RENEW_LIST_H
#define PKI_CLIENT_RENEW_LIST_H

#include "pki/client/client_job.h"

struct renew_options {
	const struct client_job *asked; /* options of `client renew` without certificate and token */
	const struct profile_options *profiles; /* NULL = none; formats NULL = those of each client */
	unsigned days;
	bool wait;                   /* wait for each card that is not inserted */
};
/*
 * Prints list "clients" (client_batch.h) as a stream and record "renewals": each client's newest valid certificate that
 * expires within so many days and has no valid successor is renewed as by client_renew(), the first to expire first,
 * with its files in a folder for each client below asked->out_path. A renewal that was interrupted is completed. The
 * outcome of a card that is not inserted is "no card". A dry run runs the checks, and waits for no card.
 * 1: some certificates are not renewed. Errors that end the run: as client_enroll_list(); the same command continues.
 */
int client_renew_expiring(const struct renew_options *options, const struct run_mode *mode, struct out *o,
    struct err *e) MUST_CHECK;
extern const struct out_field renew_summary_fields[];

#endif
