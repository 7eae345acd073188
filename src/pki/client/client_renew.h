/* SPDX-License-Identifier: MIT */
/* client_renew.h - renews a client's certificate. */
#ifndef PKI_CLIENT_CLIENT_RENEW_H
#define PKI_CLIENT_CLIENT_RENEW_H

#include "pki/client/client_job.h"

/*
 * Finds the certificate that id names (client_find(), CLIENT_USE_RENEWED) and fills the values taken from it:
 * job->renewed, renewed_der, name, device, root_name (into root_name, size 65), and template and token if not given.
 * -1: ERR_NOT_FOUND (none, or several), ERR_POLICY ("renew-not-issued": revoked; "renew-key-token-unknown": the key is
 * not in the ledger and no --csr; "renew-same-key": the root's section of p11ca.conf does not allow it).
 */
int client_renew_find(struct issue_job *job, const char *id, char root_name[65], struct err *e) MUST_CHECK;
/* The formats of the profiles of the certificate's client, comma-separated; "" = none. */
int client_renew_formats(char out[256], const struct key_job *job, struct err *e) MUST_CHECK;
/* As client_enroll(); with job->request_path the key is on another machine. */
int client_renew(struct client_job *job, const struct run_mode *mode, struct out *o, struct err *e) MUST_CHECK;

extern const struct issue_job_step step_read_request, step_supersede;

#endif
