/* SPDX-License-Identifier: MIT */
/* installation.h - an installation as the rules of `doctor` judge it. */
#ifndef PKI_INSTALLATION_H
#define PKI_INSTALLATION_H

#include <stdbool.h>
#include <stdint.h>

#include "model/gateway.h"
#include "model/ledger_rows.h"
#include "util/err.h"

/* The facts for rules of the set "doctor": FACT_INSTALLATION. */
struct installation {
	uint64_t n_faults;           /* faults of ledger verify, without unfinished work */
	char fault[200];             /* the first */
	const char *issuing_suspended;            /* why issuing is suspended; NULL = not suspended */
	const struct err *elsewhere; /* why this is not the ledger in use; NULL = it is */
	unsigned n_unfinished;       /* keys and certificates left by dead runs */
	unsigned n_expiring;         /* live clients' certificates that end within EXPIRING_DAYS */
	char expiring[300];          /* the first: who, which */
	unsigned n_spellings;        /* pairs of live certificates whose names differ only in spelling */
	char spellings[300];         /* the first */
	char readable[300];          /* what other users can read in the home, or "" */
	char writable[300];          /* what other users can change in the home */
	bool is_foreign;             /* the home belongs to another user, so its settings were not read */
	const char *module_fault;    /* why the module cannot be loaded; NULL = loaded, or not named */
	unsigned n_pending;          /* decisions that were not observed at a gateway */
	char pending[300];           /* the first */
	unsigned n_not_refused;      /* revoked, and missing in the list of the gateway whose state was given */
	char not_refused[300];       /* the first */
	unsigned n_not_trusted;      /* roots that the gateway should trust, but lacks */
	char not_trusted[300];       /* the first */
	unsigned n_stale;            /* profiles that no longer connect */
	char stale[300];             /* the first */
	const char *root_name;       /* root whose token was searched; NULL = none */
	int64_t crl_number, crl_ends; /* end of the root's newest CRL; 0 = no CRL */
	unsigned n_after_crl;        /* certificates revoked since the CRL was made */
	char after_crl[300];         /* the first */
	const struct key_row *file_root; /* name of the root if its token keeps keys in files; NULL */
	bool requires_hardware;      /* p11ca.conf: no such root */
	const char *token_missing;   /* why the root's token was not found; NULL = found */
	const char *client_state;    /* of --client: issued, revoked …; NULL = no client named */
	const char *client_serial;
	bool is_client_replaced;     /* a valid successor exists */
	const char *stranger;        /* a report without a certificate of the ledger; NULL */
	const struct gateway *gateway; /* of --state; NULL */
	const char *client_thumbprint;
};
#define EXPIRING_DAYS 30

#endif
