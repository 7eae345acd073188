/* SPDX-License-Identifier: MIT */
/* template_rules.c - rules that report what deploying a template would remove from a gateway. */
#include "azure/gateway/gateway_template.h"

static int template_rules_report(
    const struct rule *r, const struct facts *f, enum template_loss_kind kind, struct findings *out, struct err *e)
{
	for (size_t i = 0; i < f->losses->n; i++)
		if (f->losses->all[i].kind == kind && finding_add(out, r, e, "%s", f->losses->all[i].what) < 0)
			return -1;
	return 0;
}

#define TEMPLATE_TEST(name, kind) \
	static int name(const struct rule *r, const struct facts *f, struct findings *out, struct err *e) \
	{ \
		return template_rules_report(r, f, kind, out, e); \
	}

TEMPLATE_TEST(root, LOSS_ROOT)
TEMPLATE_TEST(revoked, LOSS_REVOKED)
TEMPLATE_TEST(property, LOSS_PROPERTY)
TEMPLATE_TEST(radius, LOSS_RADIUS)
TEMPLATE_TEST(unknown, LOSS_UNKNOWN)

#define REMEDY \
	"add the lists that `p11ca gateway render GATEWAY --format arm --state FILE` prints to the template, and the " \
	"gateway's other properties"

const struct rule rules_template[] = {
	{ "gateway-template-root", FINDING_FAIL, "gateway", FACT_MERGED, root,
	    "the template lacks a root of the gateway", REMEDY },
	{ "gateway-template-revoked", FINDING_FAIL, "gateway", FACT_MERGED, revoked,
	    "the template lacks a revoked certificate of the gateway", REMEDY },
	{ "gateway-template-property", FINDING_WARN, "gateway", FACT_MERGED, property,
	    "the template lacks a property of the gateway", REMEDY },
	{ "gateway-template-radius", FINDING_FAIL, "gateway", FACT_MERGED, radius,
	    "the template lacks a RADIUS server of the gateway, or the server's secret; Azure does not return the "
	    "secret with the gateway",
	    "add the server with its radiusServerSecret, as a parameter of type securestring" },
	{ "gateway-template-unknown", FINDING_INFO, "gateway", FACT_MERGED, unknown,
	    "the template sets this value by an expression",
	    "compare it with `az deployment group what-if -g GROUP --template-file FILE`" },
	{ .id = NULL },
};
