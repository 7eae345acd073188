/* SPDX-License-Identifier: MIT */
/* client_find.h - finds the client certificate for an ID; if several have the name, none is chosen. */
#ifndef PKI_CLIENT_FIND_H
#define PKI_CLIENT_FIND_H

#include "pki/pki.h"

/* The use of the certificate, which decides which of several with one name are possible. */
enum client_use {
	CLIENT_USE_LIVE,             /* a name means the live certificate, if there is one */
	CLIENT_USE_NEWEST,           /* nothing is changed: the newer one of a certificate and its successor */
	CLIENT_USE_REVOKED,          /* to be restored: a name means the revoked certificate */
	CLIENT_USE_SUPERSEDED,       /* to be revoked as superseded: the older one of a certificate and its successor */
	CLIENT_USE_RENEWED           /* to be renewed: the older one if the command continues its renewal */
};

struct client_question {
	const char *id;              /* serial or its first digits (8 or more), thumbprint, fingerprint; or a name */
	enum client_use use;
	const char *command;         /* "client revoke": command in the hint, followed by the serial of each match */
	const char *options;         /* text after the serial, beginning with a space; "" = none */
	/* CLIENT_USE_RENEWED: the command continues a renewal of this name, whether or not it was completed ... */
	bool continues;
	const char *key_sha256;      /* ... or one with this key; NULL or "" = the key is not known yet */
};

/*
 * A number matches a certificate in any state. If several possible certificates have a name, none is chosen: a
 * warning ("client-match") describes each. If CLIENT_USE_SUPERSEDED chooses the older one, a warning
 * ("superseded-older") says so; if CLIENT_USE_NEWEST chooses the newer one, "client-renewed". der (or NULL) receives
 * the certificate's bytes.
 * -1 (ERR_NOT_FOUND): none; "client-ambiguous".
 */
int client_find(struct cert_row *out, struct buf *der, struct pki *p, const struct client_question *q, struct err *e)
    MUST_CHECK;

#endif
