/* SPDX-License-Identifier: MIT */
/* successor.c - see successor.h. */
#include "pki/ledger/successor.h"

#include "model/row_state.h"

bool cert_move_back(struct cert_row *row, int64_t at)
{
	if (row->issued_at == 0 || row->issued_at > at)
		return false;
	if (cert_is(row, CERT_REVOKED) && row->revoked_at > at) {
		(void)snprintf(row->state, sizeof(row->state), "%s", cert_state_word(CERT_ISSUED));
		row->revoked_at = 0;
		row->revoke_reason[0] = '\0';
	}
	if (row->installed_at > at)
		row->installed_at = 0;
	return true;
}

static int successor_note(const struct cert_row *found, void *arg, struct err *e)
{
	struct successor *s = arg;
	struct cert_row row = *found;

	(void)e;
	if (s->at != 0 && !cert_move_back(&row, s->at))
		return 0;
	if (cert_is(&row, CERT_ISSUED) && row.not_after >= s->now)
		(void)snprintf(s->serial, sizeof(s->serial), "%s", row.serial);
	return 0;
}

int successor_find(struct successor *s, struct pki *p, const struct cert_row *row, int64_t as_of, struct err *e)
{
	const struct cert_query q = { .renews = row->id, .clients_only = true };

	*s = (struct successor){ .at = as_of, .now = as_of != 0 ? as_of : clock_now(&p->clock) };
	return ledger_each_cert(p->ledger, &q, successor_note, s, e);
}

int client_is_renewed(bool *renewed, struct pki *p, const struct cert_row *row, int64_t as_of, struct err *e)
{
	struct successor s;

	if (successor_find(&s, p, row, as_of, e) < 0)
		return -1;
	*renewed = s.serial[0] != '\0';
	return 0;
}
