/* SPDX-License-Identifier: MIT */
/* cert.h - reads certificates into plain data, and checks whether one certificate issued another. */
#ifndef X509_CERT_H
#define X509_CERT_H

#include <openssl/evp.h>

#include "model/cert_info.h"
#include "util/cleanup.h"
#include "util/err.h"

/*
 * Reads one DER certificate; out->der borrows der. -1 (ERR_INPUT): not a certificate, bytes after it, or
 * DER that does not encode again to the same bytes; "key-encoding": its public key is not in the canonical encoding
 * (key_value.h). Rules judge the content of the certificate.
 */
int cert_read(struct cert_info *out, struct bytes der, struct err *e) MUST_CHECK;
/*
 * The same for a certificate that was accepted before: in the ledger, on a token, on a gateway. Older releases
 * accepted keys in any encoding (is_key_canonical).
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
 * Checks that issuer issued der: names match byte for byte, AKI matches if both are present, the signature
 * verifies, issuer may be a CA (missing basicConstraints are accepted: Azure's recipes), and at is within
 * both validities (at 0: not checked). -1 (ERR_POLICY) with code "chain-…".
 */
int cert_verify(struct bytes der, struct bytes issuer, int64_t at, struct err *e) MUST_CHECK;

/* The issuer of many certificates: it is read, and its key decoded, only once. */
struct cert_issuer;
/* der must live as long as *out.  -1: as cert_read(). */
int cert_issuer_open(struct cert_issuer **out, struct bytes der, struct err *e) MUST_CHECK;
void cert_issuer_close(struct cert_issuer *issuer);
AUTO_STRUCT_DEFINE(cert_issuer, cert_issuer_close);
/* As cert_verify(), for a certificate that cert_read() read; any number of threads may call it at once. */
int cert_verify_by(const struct cert_info *cert, const struct cert_issuer *issuer, int64_t at, struct err *e)
    MUST_CHECK;
/* The same without the signature, for a certificate whose signature was verified with cert_issuer_key(). */
int cert_check_issuer(const struct cert_info *cert, const struct cert_issuer *issuer, int64_t at, struct err *e)
    MUST_CHECK;
/* The key in the issuer's certificate; borrowed. NULL: OpenSSL cannot verify with this type of key. */
EVP_PKEY *cert_issuer_key(const struct cert_issuer *issuer);

#endif
