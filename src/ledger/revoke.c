/* SPDX-License-Identifier: MIT */
/* revoke.c - revokes certificates, and restores those on certificateHold. */
#include "ledger/internal.h"

#include <string.h>

static bool revoke_is_suspended(const struct cert_row *row)
{
	return cert_is(row, CERT_REVOKED) && strcmp(row->revoke_reason, REVOKE_HOLD) == 0;
}

static int refuse_again(const struct cert_row *row, const char *object, struct err *e)
{
	(void)err_set(e, ERR_POLICY, "%s is already revoked (%s)", object, row->revoke_reason);
	return err_rule(e, "revoked-before",
	    "the recorded reason stays; only certificateHold can be changed, and any reason can be changed to "
	    "keyCompromise");
}

/* keyCompromise overrides any earlier reason, because a key that was stolen must never be certified again. */
static bool may_change(const struct cert_row *row, const char *reason)
{
	return strcmp(row->revoke_reason, reason) != 0 &&
	       (revoke_is_suspended(row) || strcmp(reason, REVOKE_COMPROMISE) == 0);
}

static int revoke_one(struct ledger *l, int64_t id, const char *reason, struct err *e)
{
	struct cert_record cert;
	char object[OBJECT_MAX];
	int64_t at = clock_now(l->o.clock);

	if (cert_load(&cert, NULL, l, id, e) < 0)
		return -1;
	cert_object(object, &cert.row);
	if (cert_is(&cert.row, CERT_REVOKED) && !may_change(&cert.row, reason))
		return refuse_again(&cert.row, object, e);
	if (cert_is(&cert.row, CERT_REVOKED))
		at = cert.row.revoked_at; /* the first date: no trust since then */
	else if (!cert_is(&cert.row, CERT_ISSUED) && !cert_is(&cert.row, CERT_UNKNOWN))
		return err_set(e, ERR_LEDGER, "%s is %s: there is nothing to "
		    "revoke", object, cert.row.state);
	return row_write(NULL, l, &(struct change){ &certs_table, id, "certificate-revoked", object }, e,
	    FACTS(FACT("state", v_text(cert_state_word(CERT_REVOKED))), FACT("revoked_at", v_int(at)),
		FACT("revoke_reason", v_text(reason))));
}

int ledger_certs_revoke(struct ledger *l, const int64_t ids[], size_t n, const char *reason, struct err *e)
{
	AUTO_VALUE(txn) t = { 0 };

	if (revoke_reason_code(reason) < 0)
		return err_set(e, ERR_USAGE, "'%.40s' is not a reason for a revocation", reason);
	if (txn_begin(&t, l, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (revoke_one(l, ids[i], reason, e) < 0)
			return -1;
	}
	return txn_commit(&t, e);
}

int ledger_cert_revoke(struct ledger *l, int64_t id, const char *reason, struct err *e)
{
	return ledger_certs_revoke(l, &id, 1, reason, e);
}

int ledger_cert_restore(struct ledger *l, int64_t id, struct err *e)
{
	AUTO_VALUE(txn) t = { 0 };
	struct cert_record cert;
	char object[OBJECT_MAX];

	if (txn_begin(&t, l, e) < 0 || cert_load(&cert, NULL, l, id, e) < 0)
		return -1;
	cert_object(object, &cert.row);
	if (!cert_is(&cert.row, CERT_REVOKED))
		return err_set(e, ERR_LEDGER, "%s is %s, not revoked", object, cert.row.state);
	if (!revoke_is_suspended(&cert.row)) {
		(void)err_set(e, ERR_POLICY, "%s is revoked for %s", object, cert.row.revoke_reason);
		return err_rule(
		    e, "revoked-permanently", "only certificateHold can be undone: issue another certificate");
	}
	if (cert_check_policy(l, &cert.row, 1, e) < 0 ||
	    row_write(NULL, l, &(struct change){ &certs_table, id, "certificate-restored", object }, e,
		FACTS(FACT("state", v_text(cert.row.issued_at != 0 ? "issued" : "unknown")),
		    FACT("revoked_at", v_int(0)), FACT("revoke_reason", v_text("")))) < 0)
		return -1;
	return txn_commit(&t, e);
}
