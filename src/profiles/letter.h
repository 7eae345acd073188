/* SPDX-License-Identifier: MIT */
/* letter.h - the page that a client receives with a card or key file: what it is, how to connect, how to get help. */
#ifndef PROFILES_LETTER_H
#define PROFILES_LETTER_H

#include <stdint.h>

#include "profiles/profile.h"
#include "util/bytes.h"

#define LETTER_FORMATS_MAX 16

/* The client of a letter; texts are borrowed. No member is a secret. */
struct letter {
	const char *name, *device;   /* device "" = no device */
	int64_t not_after;           /* end of the certificate, seconds since 1970 UTC */
	bool is_on_token;
	/* as the token reports: untrusted; "" = not known */
	const char *token_label, *token_serial, *token_manufacturer;
	const char *key_file;        /* name of the PKCS#12 with the key; "" = not known, or the key is on a token */
	const char *contact;         /* "" = the section is left out */
	const struct profile_format *formats[LETTER_FORMATS_MAX]; /* profiles of the client */
	size_t n_formats;            /* 0: not known */
};

/*
 * Appends the letter as one HTML document (well-formed XML, too) without script and without reference to other files.
 * -1: ERR_INTERNAL (memory, or a format without steps), ERR_INPUT (a text with a control character).
 */
int letter_write(struct buf *out, const struct letter *l, struct err *e) MUST_CHECK;

#endif
