/* SPDX-License-Identifier: MIT */
/* receipt_read.h - reads a receipt.json of p11ca, to import a certificate that the ledger lost. */
#ifndef PKI_ISSUE_RECEIPT_READ_H
#define PKI_ISSUE_RECEIPT_READ_H

#include <stdbool.h>

#include "util/bytes.h"
#include "util/err.h"
#include "util/hash.h"

struct receipt_found {
	char name[256], device[65], template_name[33]; /* device "" = no device */
	struct buf cert;             /* content of the certificate's file that the receipt names */
};
void receipt_found_clear(struct receipt_found *r);

/*
 * Reads the receipt and, from its own folder, the certificate that it names, which must have the hash in the receipt.
 * A receipt is not signed: its name, device and template are unproved claims.
 * -1: ERR_INPUT ("receipt-format", "receipt-file": another content, or "-"), ERR_OUTPUT (reading failed).
 */
int receipt_read(struct receipt_found *out, const char *path, struct err *e) MUST_CHECK;

/*
 * Checks that the folder's receipt.json, if any, is of this client, because a folder is for one client. device NULL:
 * any device.
 * -1: ERR_OUTPUT ("folder-of-other-client").
 */
int receipt_check_folder(const char *folder, const char *name, const char *device, struct err *e) MUST_CHECK;

/* Whether the receipt at path is of the certificate with this SHA-256 fingerprint; false also without a receipt. */
bool receipt_is_of(const char *path, const char *fingerprint);
/* Whether the receipt lists a file with this SHA-256. */
bool receipt_names(const char *path, const char *sha256);

#endif
