/* SPDX-License-Identifier: MIT */
/* object_info.h - one object on a token, as its attributes describe it.  Text is untrusted. */
#ifndef MODEL_OBJECT_INFO_H
#define MODEL_OBJECT_INFO_H

#include <stdbool.h>

#include "model/key_spec.h"
#include "util/field.h"

enum object_class { OBJECT_PRIVATE_KEY, OBJECT_PUBLIC_KEY, OBJECT_CERTIFICATE, OBJECT_OTHER };

struct object_info {
	enum object_class class;
	const char *class_name;      /* static: RFC 7512's words: "private", "public", "cert", "data" */
	char id[129];                /* CKA_ID, lower-case hex; "" = no CKA_ID */
	char label[129];
	char type[24];               /* "rsa:2048", "ec:p256", "ed25519", "rsa", "other"; certificates: "x509" */
	char subject[400];           /* certificates only */
	char uri[700];               /* URI with token, id and type, ready to paste */
	bool has_private, has_public,
	    has_cert; /* another object of the class has this id; the object itself is counted */
	enum tri sensitive, extractable;        /* private keys */
	bool is_placeholder;            /* set by token_each_cert(): a placeholder, which may be overwritten */
};

#endif
