/* SPDX-License-Identifier: MIT */
/* profile_rules.c - runs the rules of the VPN clients before a profile is written. */
#include <string.h>

#include "model/key_ref.h"
#include "pki/request_check.h"
#include "pki/profile/profile.h"
#include "profiles/profile.h"

/* A finding that two formats or two rules share is reported once. */
static bool profile_rules_is_reported(const struct findings *told, const struct finding *f)
{
	for (size_t i = 0; i < told->n; i++)
		if (told->all[i].id == f->id && strcmp(told->all[i].text, f->text) == 0)
			return true;
	return false;
}

static void profile_rules_report(struct pki *p, struct findings *told, const struct findings *found, const char *client)
{
	for (size_t i = 0; i < found->n; i++) {
		const struct finding *f = &found->all[i];
		char text[1500];

		if (f->severity != FINDING_WARN || profile_rules_is_reported(told, f))
			continue;
		if (told->n < FINDINGS_MAX)
			told->all[told->n++] = *f;
		(void)snprintf(text, sizeof(text), "%.64s: %s; %s", client, f->text, f->rule->remedy);
		p->ui->warn(p->ui->self, f->id, text);
	}
}

/* Warnings about the package alone are reported by the early check only, because one package serves many clients. */
static void leave_out_package(struct findings *found)
{
	size_t n = 0;

	for (size_t i = 0; i < found->n; i++)
		if (found->all[i].rule->needs != FACT_PACKAGE)
			found->all[n++] = found->all[i];
	found->n = n;
}

static int judge_set(struct findings *told, const char *set, struct pki *p, const struct facts *f, const char *client,
    struct err *e)
{
	struct findings found;

	if (request_check_profile(&found, set, f, e) < 0)
		return -1;
	if (f->cert != NULL)
		leave_out_package(&found);
	profile_rules_report(p, told, &found, client);
	return 0;
}

static void profile_rules_remove(struct profile_job *job, size_t *i, const char *code)
{
	job->unusable[job->n_unusable++] = (struct profile_unusable){ job->formats[*i]->name, code };
	job->n_formats--;
	memmove(&job->formats[*i], &job->formats[*i + 1], (job->n_formats - *i) * sizeof(*job->formats));
	--*i; /* also from 0: the increment of the loop follows */
}

int profile_rules_skip(struct profile_job *job, size_t *i, const struct err *e)
{
	if (!job->is_all || e->status != ERR_POLICY || job->n_formats == 1)
		return -1;
	profile_rules_remove(job, i, e->code != NULL ? e->code : "policy");
	return 0;
}

void profile_rules_report_unusable(struct profile_job *job, struct pki *p, const char *client)
{
	char text[900];
	size_t len = (size_t)snprintf(text, sizeof(text), "%.200s%s--for all leaves out these formats:",
	    client != NULL ? client : "", client != NULL ? ": " : "");

	for (size_t i = 0; i < job->n_unusable && len < sizeof(text); i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s %s (%.40s)", i > 0 ? "," : "",
		    job->unusable[i].format, job->unusable[i].code);
	if (job->n_unusable > 0)
		p->ui->warn(p->ui->self, "profile-formats", text);
	job->n_unusable = 0;
}

/* A warning of a format's own set says that its program cannot use this key: --for all leaves the format out. */
static const char *profile_rules_unusable(const struct profile_job *job, const struct facts *f, size_t i, struct err *e)
{
	const char *set = job->formats[i]->own_rule_set;
	struct findings found;

	if (!job->is_all || job->n_formats == 1 || set == NULL || f->cert == NULL ||
	    request_check_profile(&found, set, f, e) < 0)
		return NULL;
	for (size_t n = 0; n < found.n; n++)
		if (found.all[n].severity == FINDING_WARN && found.all[n].rule->needs != FACT_PACKAGE)
			return found.all[n].id;
	return NULL;
}

static int profile_rules_judge(
    struct profile_job *job, struct pki *p, const struct facts *f, const char *client, struct err *e)
{
	struct findings told = { .n = 0 };

	for (size_t i = 0; i < job->n_formats; i++) {
		const struct profile_format *format = job->formats[i];
		struct err ignored;
		const char *unusable = profile_rules_unusable(job, f, i, &ignored);

		if (unusable != NULL) {
			profile_rules_remove(job, &i, unusable);
			continue;
		}
		if ((judge_set(&told, format->rule_set, p, f, client, e) < 0 ||
			(format->own_rule_set != NULL &&
			    judge_set(&told, format->own_rule_set, p, f, client, e) < 0)) &&
		    profile_rules_skip(job, &i, e) < 0)
			return f->cert == NULL
			    ? err_while(e, "judging the package for the %s profile", format->name)
			    : err_while(e, "judging what the %s profile of '%s' would be made of",
			          format->name, client);
	}
	return 0;
}

int profile_rules_package(struct profile_job *job, struct pki *p, const struct cert_info *root, struct err *e)
{
	const struct facts f = { .have = FACT_PACKAGE | (root != NULL ? FACT_CHAIN : 0U), .now = clock_now(&p->clock),
		.package = &job->package, .root = root };

	return profile_rules_judge(job, p, &f, "the package", e);
}

int profile_rules_client(struct profile_job *job, struct pki *p, const struct profile_client *c,
    const struct vpn_profile *v, struct err *e)
{
	struct key_ref key = { .id = "" };
	struct facts f = { .have = FACT_PACKAGE | FACT_CERT | FACT_CHAIN | FACT_PROFILE, .now = clock_now(&p->clock),
		.package = &job->package, .cert = c->cert_info, .root = c->issuer_info,
		.top = c->root_info, .profile = v };

	if (v->key == PROFILE_KEY_TOKEN && c->location != NULL) {
		(void)snprintf(key.id, sizeof(key.id), "%s", c->location->cka_id);
		f.key = &key;
		f.have |= FACT_KEY;
	}
	if (v->key == PROFILE_KEY_TOKEN && c->token != NULL) {
		f.token = c->token;
		f.have |= FACT_TOKEN;
	}
	return profile_rules_judge(job, p, &f, c->cert_info->cn, e);
}
