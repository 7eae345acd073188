/* SPDX-License-Identifier: MIT */
/* cert.h - certificates as facts, and whether one signed the other. */
#ifndef X509_CERT_H
#define X509_CERT_H

#include "model/cert_info.h"
#include "util/cleanup.h"
#include "util/err.h"

/*
 * Reads one DER certificate; out->der borrows der.  -1 (ERR_INPUT): not a certificate, bytes after it, or
 * DER that does not encode again to the same bytes; "key-encoding": its public key is not in the canonical encoding
 * (key_value.h).  Whether it is a *good* one is for rules to say.
 */
int cert_read(struct cert_info *out, struct bytes der, struct err *e) MUST_CHECK;
/*
 * The same for a certificate that somebody accepted already: in the ledger, on a token, on a gateway.  Older releases
 * took keys in any encoding (is_key_canonical).
 */
int cert_read_known(struct cert_info *out, struct bytes der, struct err *e) MUST_CHECK;
/* Reads a TBSCertificate in the same way (as if signed), for linting before it is signed; hashes are "". */
int cert_read_tbs(struct cert_info *out, struct bytes tbs, struct err *e) MUST_CHECK;
/* Appends the DER SubjectPublicKeyInfo / the DER subject Name. */
int cert_spki(struct buf *out, struct bytes der, struct err *e) MUST_CHECK;
int cert_subject(struct buf *out, struct bytes der, struct err *e) MUST_CHECK;
/* DER of the pieces that a certificate object on a token needs (PKCS#11 2.40, 4.6.3); each buf is appended to. */
int cert_object_parts(struct buf *subject, struct buf *issuer, struct buf *serial, struct bytes der, struct err *e)
    MUST_CHECK;
/*
 * der was issued by issuer: names match byte for byte, AKI matches where both are there, the signature
 * verifies, issuer may be a CA (no basicConstraints at all is accepted: Azure's recipes), and at is within
 * both validities (at 0: not looked at).  -1 (ERR_POLICY) with code "chain-…".
 */
int cert_verify(struct bytes der, struct bytes issuer, int64_t at, struct err *e) MUST_CHECK;

/* An issuer that many certificates are verified with: read, and its key decoded, once. */
struct cert_issuer;
/* der must live as long as *out.  -1: as cert_read(). */
int cert_issuer_open(struct cert_issuer **out, struct bytes der, struct err *e) MUST_CHECK;
void cert_issuer_close(struct cert_issuer *issuer);
AUTO_STRUCT_DEFINE(cert_issuer, cert_issuer_close);
/* As cert_verify(), of a certificate that cert_read() read; by any number of threads at once. */
int cert_verify_by(const struct cert_info *cert, const struct cert_issuer *issuer, int64_t at, struct err *e)
    MUST_CHECK;

#endif
