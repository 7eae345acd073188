/* SPDX-License-Identifier: MIT */
/* gateway_above.c - see gateway_above.h. */
#include "pki/gateway_above.h"

#include <string.h>

#include "x509/cert.h"
#include "x509/issuers.h"

void azure_ca_name(char out[AZURE_CA_NAME_MAX], const char *fingerprint)
{
	(void)snprintf(out, AZURE_CA_NAME_MAX, "p11ca-ca-%.16s", fingerprint);
}

static int add_one(struct gateway_entries *list, const struct cert_info *info, struct err *e)
{
	struct cert_row row = { .id = 0 };
	char name[AZURE_CA_NAME_MAX];

	azure_ca_name(name, info->fingerprint);
	memcpy(row.thumbprint, info->thumbprint, sizeof(row.thumbprint));
	return gateway_plan_add(list, name, &row, info->subject, info->der, e);
}

/* Azure refuses every update of a gateway that has one. */
static void warn_expired(const struct planning *pl, const struct cert_info *info, const char *root)
{
	const struct ui *ui = pl->p->ui;
	char text[420];

	(void)snprintf(text, sizeof(text), "'%.200s', above root '%.100s', is expired, and left out", info->subject,
	    root);
	ui->warn(ui->self, "gateway-above-expired", text);
}

/* From the top: Azure takes an intermediate only after its root. */
int gateway_above_add(struct planning *pl, const struct cert_row *c, struct err *e)
{
	struct gateway_entries *list = &pl->plan->change.roots;
	AUTO_VALUE(buf) above = { 0 };
	struct bytes ders[ISSUERS_MAX];
	size_t n;

	if (ledger_cert_issuers(&above, pl->p->ledger, c->id, e) < 0)
		return -1;
	n = issuers_list(ders, buf_bytes(&above));
	while (n-- > 0) {
		struct cert_info info;

		if (cert_read(&info, ders[n], e) < 0)
			return -1;
		if (gateway_entries_find(list, info.thumbprint) != NULL)
			continue;
		if (info.not_after <= pl->now)
			warn_expired(pl, &info, c->name);
		else if (add_one(list, &info, e) < 0)
			return -1;
	}
	return 0;
}
