/* SPDX-License-Identifier: MIT */
/* root_adopt.h - roots whose keys are on tokens already. */
#ifndef PKI_ROOT_ROOT_ADOPT_H
#define PKI_ROOT_ROOT_ADOPT_H

#include "pki/op.h"
#include "x509/templates.h"

struct adopt_args {
	const char *cert_file;       /* PEM, DER or base64 */
	bool accept_imported;
};
/*
 * Takes over a root made elsewhere: its certificate is read and judged by op's template, its key found on the token
 * and proved, both are recorded with where the key came from, and the certificate is stored beside the key.  Makes a
 * ledger where there is none.
 * -1 (ERR_POLICY): "root-not-self-signed", "root-not-ca", "root-imported", or a rule's.
 */
int root_adopt(struct op *op, const struct adopt_args *args, const struct run_mode *mode, struct out *o, struct err *e)
    MUST_CHECK;

/* Another token that holds the key of root op->name: found, proved there, recorded. */
int root_attach(struct op *op, const struct run_mode *mode, struct out *o, struct err *e) MUST_CHECK;

#endif
