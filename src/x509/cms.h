/* SPDX-License-Identifier: MIT */
/* cms.h - writes and reads CMS SignedData (RFC 5652, 5), signed by a struct signer. */
#ifndef X509_CMS_H
#define X509_CMS_H

#include <stdbool.h>
#include <stdint.h>

#include "x509/signer.h"

struct cms_spec {
	struct bytes content;
	struct bytes cert;           /* DER: of the signer */
	const struct bytes *chain;   /* DER of further certificates */
	size_t n_chain;
	int64_t time;                /* of the signature, seconds since 1970 UTC; 0 = not stated */
	const struct signer *signer;
};

/*
 * Appends the DER of an opaque SignedData: the content inside, the signer's certificate and the chain with it, signed
 * attributes content type, message digest and signing time. The result is parsed
 * again, verified and its content compared. The same input gives the same bytes if the signature does (RSA).
 * `openssl cms -verify` accepts it; if the certificate has an extended key usage without emailProtection, with
 * `-purpose any`.
 * -1: as the signer's; ERR_POLICY "cms-key" (Ed25519: CMS readers use different digests), "cms-signer" (the
 * certificate is for another key, of a CA, or its key usage does not allow signatures); ERR_INPUT: not a certificate.
 */
int x509_sign_cms(struct buf *der, const struct cms_spec *spec, struct err *e) MUST_CHECK;

/*
 * Reads a SignedData with one signer, whose certificate is included. Appends the content and that certificate. The
 * signature is verified with the certificate's key; whether to trust the certificate is decided by cert_verify() and
 * the caller. -1: ERR_INPUT (not such a message, or bytes after it), ERR_POLICY "cms-signature".
 */
int x509_read_cms(struct buf *content, struct buf *cert, struct bytes der, struct err *e) MUST_CHECK;

/* Whether it is a CMS message at all: a SEQUENCE that begins with the type signed-data. */
bool x509_is_cms(struct bytes der);
/*
 * Calls fn for each certificate in a SignedData (RFC 5652, 5.1; a .p7b has no signer). The signature of the message
 * is not verified, because each certificate has its own. Ends when fn returns -1. -1: ERR_INPUT (not such a message,
 * bytes after it, no certificate in it).
 */
int x509_cms_certs(struct bytes der, int (*fn)(struct bytes der, void *arg, struct err *e), void *arg, struct err *e)
    MUST_CHECK;

#endif
