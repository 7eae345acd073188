/* SPDX-License-Identifier: MIT */
/* request_check.c - see request_check.h. */
#include "pki/request_check.h"

#include "azure/client_report.h"
#include "azure/gateway/gateway.h"
#include "azure/gateway/gateway_state.h"
#include "azure/gateway/gateway_template.h"
#include "profiles/profile.h"
#include "x509/lint/lint.h"

const struct rule *const all_rules[] = { rules_request, rules_public_key, rules_ledger, rules_rfc5280, rules_azure,
	rules_clients, rules_key, rules_token, rules_package, rules_package_files, rules_package_gateway,
	rules_gateway, rules_gateway_ipsec, rules_template, rules_upload, rules_report, rules_profile, rules_doctor,
	NULL };

int request_check(struct findings *out, const struct request_info *request, const struct cert_template *t,
    const struct ledger_precedents *answers, int64_t now, struct err *e)
{
	const struct facts f = { .have = FACT_REQUEST | FACT_PUBLIC_KEY | FACT_TEMPLATE | FACT_LEDGER, .now = now,
		.request = request, .public_key = &request->public_key, .template = t, .ledger = answers };

	out->n = 0;
	return findings_run(all_rules, "gate", &f, out, e) < 0 ? -1 : findings_refuse(out, e);
}

int request_check_ledger(const struct ledger_precedents *answers, struct err *e)
{
	const struct facts f = { .have = FACT_LEDGER, .ledger = answers };
	struct findings all;

	all.n = 0; /* the rest is large, and is set when it is used */
	return findings_run(all_rules, "gate", &f, &all, e) < 0 ? -1 : findings_refuse(&all, e);
}

int request_check_key(const struct public_key_info *key, const struct cert_template *t, int64_t now, struct err *e)
{
	const struct facts f = { .have = FACT_PUBLIC_KEY | (t != NULL ? FACT_TEMPLATE : 0U), .now = now,
		.public_key = key, .template = t };
	struct findings all;

	all.n = 0; /* the rest is large, and is set when it is used */
	return findings_run(all_rules, "key", &f, &all, e) < 0 ? -1 : findings_refuse(&all, e);
}

int request_check_certificate(const struct cert_info *cert, const struct cert_info *root, const struct cert_template *t,
    int64_t now, struct err *e)
{
	const struct facts f = { .have = FACT_CERT | FACT_TEMPLATE | (root != NULL ? FACT_CHAIN : 0U), .now = now,
		.cert = cert, .root = root, .template = t };
	struct findings all;

	all.n = 0; /* the rest is large, and is set when it is used */
	return findings_run(all_rules, t->rule_set, &f, &all, e) < 0 ? -1 : findings_refuse(&all, e);
}

int request_check_profile(struct findings *out, const char *rule_set, const struct facts *f, struct err *e)
{
	out->n = 0;
	return findings_run(all_rules, rule_set, f, out, e) < 0 ? -1 : findings_refuse(out, e);
}
