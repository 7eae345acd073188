/* SPDX-License-Identifier: MIT */
/* doctor_judge.c - see doctor_judge.h. */
#include "pki/doctor/doctor_judge.h"

#include <string.h>

#include "pki/request_check.h"
#include "pki/user_templates.h"

/* Omits findings of severity info, so that a healthy installation has no output; `check` prints them. */
static void keep_bad(struct findings *all)
{
	size_t n = 0;

	for (size_t i = 0; i < all->n; i++)
		if (all->all[i].severity == FINDING_WARN || all->all[i].severity == FINDING_FAIL)
			all->all[n++] = all->all[i];
	all->n = n;
}

/* Azure's requirements do not apply to certificates for other gateways; the expiry applies to all. */
static void leave_out_azure(struct findings *all)
{
	size_t n = 0;

	for (size_t i = 0; i < all->n; i++)
		if (!rule_is_in(all->all[i].rule, "azure") || rule_is_in(all->all[i].rule, "rfc5280") ||
		    strcmp(all->all[i].id, "azure-root-expiring") == 0)
			all->all[n++] = all->all[i];
	all->n = n;
}

int doctor_judge_cert(struct doctor_run *v, const char *of, const char *template_name, struct facts *f, struct err *e)
{
	const struct cert_template *t;
	struct findings all = { .n = 0 };
	struct err unknown = ERR_INIT;

	f->now = clock_now(&v->p->clock);
	if (findings_run(all_rules, "check", f, &all, e) < 0)
		return -1;
	keep_bad(&all);
	if (pki_template_find(&t, v->p, template_name, &unknown) == 0 && strcmp(t->rule_set, "azure") != 0)
		leave_out_azure(&all);
	return v->fn(of, &all, v->arg, e);
}

int doctor_judge(struct doctor_run *v, const char *of, const char *set, struct facts *f, struct err *e)
{
	struct findings all = { .n = 0 };

	f->now = clock_now(&v->p->clock);
	if (findings_run(all_rules, set, f, &all, e) < 0)
		return -1;
	keep_bad(&all);
	return v->fn(of, &all, v->arg, e);
}

int doctor_judge_installation(struct doctor_run *v, const char *of, const struct installation *i, struct err *e)
{
	struct facts f = { .have = FACT_INSTALLATION, .installation = i };

	return doctor_judge(v, of, "doctor", &f, e);
}
