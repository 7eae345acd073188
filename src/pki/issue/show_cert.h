/* SPDX-License-Identifier: MIT */
/* show_cert.h - prints the certificate that would be signed, for a dry run; unknown values are placeholders. */
#ifndef PKI_SHOW_CERT_H
#define PKI_SHOW_CERT_H

#include "pki/issue/issue_job.h"

/* issuer NULL: self-signed. */
int show_cert(const struct issue_job *job, const struct issuer *issuer, struct out *o, struct err *e) MUST_CHECK;

/* What a dry run shows of a certificate that is not there yet: record "certificate". */
extern const struct out_field cert_shown_fields[];

#endif
