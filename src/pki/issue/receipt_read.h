/* SPDX-License-Identifier: MIT */
/* receipt_read.h - a receipt.json that p11ca wrote, for whom the ledger has lost. */
#ifndef PKI_ISSUE_RECEIPT_READ_H
#define PKI_ISSUE_RECEIPT_READ_H

#include <stdbool.h>

#include "util/bytes.h"
#include "util/err.h"
#include "util/hash.h"

struct receipt_found {
	char name[256], device[65], template_name[33]; /* device "" = none */
	struct buf cert;             /* the file that it names as its certificate, whatever is in that */
};
void receipt_found_clear(struct receipt_found *r);

/*
 * Reads the receipt and, from its own folder, the certificate that it names, which must have the hash that is in the
 * receipt.  Nobody signed a receipt: what it says of name, device and template is somebody's word.
 * -1: ERR_INPUT ("receipt-format", "receipt-file": another content, or "-"), ERR_OUTPUT (cannot be read).
 */
int receipt_read(struct receipt_found *out, const char *path, struct err *e) MUST_CHECK;

/*
 * A folder is one client's: its receipt.json, if there is one, names this client.  device NULL: any device.
 * -1: ERR_OUTPUT ("folder-of-other-client").
 */
int receipt_check_folder(const char *folder, const char *name, const char *device, struct err *e) MUST_CHECK;

/* Whether the receipt at path is that of a certificate, by its SHA-256 fingerprint; false: there is none, too. */
bool receipt_is_of(const char *path, const char *fingerprint);
/* Whether it names a file with this SHA-256. */
bool receipt_names(const char *path, const char *sha256);

#endif
