/* SPDX-License-Identifier: MIT */
/* template_show.c - p11ca template show */
#include "cli/command.h"
#include "pki/ops.h"

struct template_line {
	const struct cert_template *t;
	const char *name, *summary, *why_not;
	char keys[64], eku[200];
	unsigned days, min_rsa_bits;
	bool root, upn, cn_host;
};
static const struct out_field fields[] = {
	{ OUT_TEXT("name", "Template", struct template_line, name), .help = "what --template takes" },
	{ OUT_TEXT("summary", "For", struct template_line, summary), .help = "what it is for" },
	{ OUT_BOOL("root", "For roots", struct template_line, root), .help = "self-signed, CA, path length 0" },
	{ OUT_UINT("days", "Days", struct template_line, days), .help = "validity unless --days says otherwise" },
	{ OUT_CHARS("keys", "Keys", struct template_line, keys), .help = "types of key that it takes" },
	{ OUT_UINT("min_rsa_bits", "RSA from", struct template_line, min_rsa_bits),
	    .help = "smallest RSA modulus, bits" },
	{ OUT_TEXT("refuses", "Others refused", struct template_line, why_not), .help = "why" },
	{ OUT_CHARS("eku", "Extended key usage", struct template_line, eku), .help = "in order" },
	{ OUT_BOOL("upn", "UPN", struct template_line, upn),
	    .help = "the name goes into a user principal name as well" },
	{ OUT_BOOL("host_name", "Host names only", struct template_line, cn_host),
	    .help = "the name must be a host's" },
	{ .key = NULL },
};
static const struct command_prints prints[] = { { "template", fields, false }, { .key = NULL } };

static void fill(struct template_line *l, const struct cert_template *t)
{
	static const struct {
		enum key_type type;
		const char *name;
	} types[] = { { KEY_RSA, "RSA" }, { KEY_EC, "EC" }, { KEY_ED25519, "Ed25519" } };
	size_t used = 0;

	*l = (struct template_line){ .name = t->name, .summary = t->summary, .why_not = t->why_not, .days = t->days,
		.min_rsa_bits = t->min_rsa_bits, .root = t->is_root, .upn = t->has_upn, .cn_host = t->is_cn_host };
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if ((t->key_types & (1U << types[i].type)) != 0 && used < sizeof(l->keys))
			used += (size_t)snprintf(
			    l->keys + used, sizeof(l->keys) - used, "%s%s", used > 0 ? ", " : "", types[i].name);
	used = 0;
	for (size_t i = 0; t->eku[i] != NULL && used < sizeof(l->eku); i++)
		used += (size_t)snprintf(l->eku + used, sizeof(l->eku) - used, "%s%s", i > 0 ? ", " : "", t->eku[i]);
}

static int run(struct app *app, const void *args, char **operands, struct err *e)
{
	const struct cert_template *t;
	struct template_line line;

	(void)args;
	if (template_find(&t, operands[0], e) < 0)
		return -1;
	fill(&line, t);
	return out_record(app->out, "template", fields, &line, e);
}

const struct command cmd_template_show = {
	.path = "template show",
	.summary = "Show what a certificate of a template contains",
	.operands = "TEMPLATE", .min_operands = 1, .max_operands = 1, .operand_value = VALUE_TEMPLATE,
	.prints = prints, .run = run,
};
