/* SPDX-License-Identifier: MIT */
/* file_signer.h - a signer with a software key, for a client's own machine and for unit tests. */
#ifndef X509_KEY_FILE_SIGNER_H
#define X509_KEY_FILE_SIGNER_H

#include "x509/signer.h"

/* Takes its own reference to key. */
void file_signer_init(struct signer *out, EVP_PKEY *key);

#endif
