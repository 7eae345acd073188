/* SPDX-License-Identifier: MIT */
/* client.h - operations for one client: enrol, request, install; with the records that their dry runs show. */
#ifndef PKI_CLIENT_CLIENT_H
#define PKI_CLIENT_CLIENT_H

#include "pki/device.h"
#include "pki/key/key.h"
#include "pki/client/client_job.h"
#include "pki/issue/show_cert.h"

/* Key on the token, proof, request, request checks, certificate, written to the token, files. */
int client_enroll(struct client_job *job, const struct run_mode *mode, struct out *o, struct err *e) MUST_CHECK;
/*
 * What client_enroll() would refuse before it asks for a PIN: its dry run, without output. Without a card
 * (job->where NULL): the checks that do not depend on the card.
 */
int client_enroll_check(struct client_job *job, struct err *e) MUST_CHECK;
/* Key on the token, proof, request to a file; records in a ledger if there is one. */
int client_request(struct client_job *job, const struct run_mode *mode, struct out *o, struct err *e) MUST_CHECK;

/* Writes a certificate (and issuers after it in the file) to the token that holds its key. */
int client_install(
    struct issue_job *job, const char *file, const struct run_mode *mode, struct out *o, struct err *e) MUST_CHECK;

#endif
