/* SPDX-License-Identifier: MIT */
/* installation.h - an installation as the rules of `doctor` judge it. */
#ifndef PKI_INSTALLATION_H
#define PKI_INSTALLATION_H

#include <stdbool.h>
#include <stdint.h>

#include "model/gateway.h"
#include "model/ledger_rows.h"
#include "util/err.h"

/* What rules of the set "doctor" judge: FACT_INSTALLATION. */
struct installation {
	uint64_t n_faults;           /* that ledger verify finds, unfinished work aside */
	char fault[200];             /* the first */
	const char *issuing_suspended;            /* why no root may sign; NULL = they may */
	const struct err *elsewhere; /* why it is not the ledger in use; NULL = it is */
	unsigned n_unfinished;       /* keys and certificates that dead runs left */
	unsigned n_expiring;         /* live clients' certificates that end within EXPIRING_DAYS */
	char expiring[300];          /* the first: who, which */
	unsigned n_spellings;        /* pairs of live certificates whose names differ in their spelling only */
	char spellings[300];         /* the first */
	char readable[300];          /* what others may read of the home, or "" */
	char writable[300];          /* what others may change of it */
	bool is_foreign;             /* since it is another user's */
	const char *module_fault;    /* why the module cannot be loaded; NULL = it can, or none is named */
	unsigned n_pending;          /* decisions that a gateway was not seen to follow */
	char pending[300];           /* the first */
	unsigned n_not_refused;      /* revoked, and not on the list of the gateway whose state was given */
	char not_refused[300];       /* the first */
	unsigned n_not_trusted;      /* roots that it is to trust, and has not */
	char not_trusted[300];       /* the first */
	unsigned n_stale;            /* profiles that do not connect any more */
	char stale[300];             /* the first */
	const char *root_name;       /* whose token was looked for; NULL = none */
	int64_t crl_number, crl_ends; /* of the root's newest CRL; 0 = it has none */
	unsigned n_after_crl;        /* revoked since it was made */
	char after_crl[300];         /* the first */
	const struct key_row *file_root; /* the root's key, where its token keeps keys in files; NULL */
	bool requires_hardware;      /* p11ca.conf: no such root */
	const char *token_missing;   /* why it is not there; NULL = it is */
	const char *client_state;    /* of --client: issued, revoked …; NULL = none was named */
	const char *client_serial;
	bool is_client_replaced;     /* it has a successor that is good */
	const char *stranger;        /* a report with no certificate of the ledger; NULL */
	const struct gateway *gateway; /* of --state; NULL */
	const char *client_thumbprint;
};
#define EXPIRING_DAYS 30

#endif
