/* SPDX-License-Identifier: MIT */
/* client_find.h - the one client certificate that an ID names; where several have the name, none is chosen. */
#ifndef PKI_CLIENT_FIND_H
#define PKI_CLIENT_FIND_H

#include "pki/pki.h"

/* What the certificate is wanted for: it decides which of several with one name can be meant at all. */
enum client_use {
	CLIENT_USE_LIVE,             /* a name means its live certificate where it has one */
	CLIENT_USE_REVOKED,          /* to be restored: a name means the one that is revoked */
	CLIENT_USE_SUPERSEDED,       /* to be revoked as superseded: the older one of a certificate and its successor */
	CLIENT_USE_RENEWED           /* to be renewed: the older one while its renewal is unfinished */
};

struct client_question {
	const char *id;              /* serial, thumbprint or fingerprint; or a name, compared by name_key() */
	enum client_use use;
	const char *command;         /* "client revoke": proposed with the serial of each match */
	const char *options;         /* behind the serial, with a space before it; "" = none */
};

/*
 * A number means a certificate whatever its state.  A name that several certificates have which could be meant is not
 * resolved: a warning ("client-match") for each says what it is and how to name it.  Where CLIENT_USE_SUPERSEDED
 * chooses the older one, a warning ("superseded-older") says so.  der (or NULL) gets the certificate's bytes.
 * -1 (ERR_NOT_FOUND): none; "client-ambiguous".
 */
int client_find(struct cert_row *out, struct buf *der, struct pki *p, const struct client_question *q, struct err *e)
    MUST_CHECK;

#endif
