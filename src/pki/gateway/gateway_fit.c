/* SPDX-License-Identifier: MIT */
/* gateway_fit.c - postpones roots of a plan that Azure would refuse, so that revocations are not refused with them. */
#include "azure/gateway/gateway.h"
#include "pki/gateway/gateway_plan.h"

#define ROOTS_MAX 20

static void replace_action(
    struct gateway_entries *list, enum gateway_action from, enum gateway_action to, const char *why)
{
	for (size_t i = 0; i < list->n; i++) {
		if (list->all[i].action != from)
			continue;
		list->all[i].action = to;
		list->all[i].why = why;
	}
}

static void warn_too_many(const struct gateway_change *c, const char *what, size_t n, const struct ui *ui)
{
	char text[500];

	(void)snprintf(text, sizeof(text),
	    "'%s' would have %zu roots, and Azure allows %d: the %s adds no root; it still revokes certificates. "
	    "Remove roots with --retired or --prune, or retire a root first",
	    c->gateway.name, n, ROOTS_MAX, what);
	ui->warn(ui->self, "gateway-root-limit", text);
}

static void warn_none_left(const struct gateway_change *c, const char *what, const struct ui *ui)
{
	char text[500];

	(void)snprintf(text, sizeof(text),
	    "'%s' would have no root left, and Azure refuses that: the %s removes no root; it still revokes "
	    "certificates. Add the root that follows: `p11ca gateway add %s --root NAME --replace …`, with all "
	    "other options again",
	    c->gateway.name, what, c->gateway.name);
	ui->warn(ui->self, "gateway-no-root", text);
}

/* A script checks when it runs which roots fit. */
bool gateway_plan_fit(struct gateway_plan *plan, const char *format, const struct ui *ui)
{
	struct gateway_change *c = &plan->change;
	const bool is_template = gateway_format_is_template(format);
	const char *what = is_template ? "template" : "script";
	const size_t n_after = c->roots.n - gateway_entries_count(&c->roots, GATEWAY_REMOVE);

	if (n_after > ROOTS_MAX && gateway_entries_count(&c->roots, GATEWAY_ADD) > 0) {
		warn_too_many(c, what, n_after, ui);
		replace_action(&c->roots, GATEWAY_ADD, is_template ? GATEWAY_OMIT : GATEWAY_ADD,
		    is_template ? "Azure allows 20 roots" : "if there is room: Azure allows 20 roots");
		return false;
	}
	if (n_after == 0 && c->has_state && c->roots.n > 0) {
		warn_none_left(c, what, ui);
		replace_action(&c->roots, GATEWAY_REMOVE, is_template ? GATEWAY_KEEP : GATEWAY_REMOVE,
		    is_template ? "Azure refuses a gateway without a root"
				: "if another root stays: Azure refuses a gateway without a root");
		return false;
	}
	return true;
}
