/* SPDX-License-Identifier: MIT */
/* report_needs.c - the findings of doctor, and revocations that a gateway was not seen to enforce. */
#include <string.h>

#include "pki/doctor/doctor.h"
#include "pki/gateway/gateway_pending.h"
#include "pki/report/report_table.h"

struct report_finding {
	const char *severity, *code, *remedy;
	char subject[256], message[200], command[200];
};
const struct out_field report_finding_fields[] = {
	{ OUT_TEXT("severity", "Severity", struct report_finding, severity), .help = "fail or warning" },
	{ OUT_TEXT("code", "Code", struct report_finding, code), .help = "stable id of the rule, see explain" },
	{ OUT_CHARS("subject", "Subject", struct report_finding, subject),
	    .help = "what was checked; null for an auditor" },
	{ OUT_CHARS("message", "Finding", struct report_finding, message),
	    .help = "what was found; for an auditor what the rule says" },
	{ OUT_TEXT("remedy", NULL, struct report_finding, remedy), .help = "what to do" },
	{ OUT_CHARS("command", "Command", struct report_finding, command), .help = "the first command to run" },
	{ .key = NULL },
};

/* The first command of p11ca in a remedy; commands are between backticks. */
static void report_finding_command(char *out, size_t size, const struct finding *f)
{
	const char *from = f->rule->remedy != NULL ? strstr(f->rule->remedy, "`p11ca ") : NULL;

	if (from != NULL)
		(void)snprintf(out, size, "%.*s", (int)strcspn(from + 1, "`"), from + 1);
	else
		(void)snprintf(out, size, "p11ca explain %s", f->id);
}

static int report_add_finding(const char *of, const struct findings *all, void *arg, struct err *e)
{
	struct report *r = arg;

	for (size_t i = 0; i < all->n; i++) {
		const struct finding *f = &all->all[i];
		struct report_finding row = { .severity = severity_text(f->severity), .code = f->id,
			.remedy = f->rule->remedy };

		report_name(r, row.subject, sizeof(row.subject), of);
		(void)snprintf(row.message, sizeof(row.message), "%s",
		    r->options->is_for_auditor ? f->rule->summary : f->text);
		report_finding_command(row.command, sizeof(row.command), f);
		r->summary.n_findings++;
		if (r->tables[REPORT_FINDINGS].n < 2 * REPORT_DETAILS_MAX &&
		    report_add(r, REPORT_FINDINGS, &row, sizeof(row), e) < 0)
			return -1;
	}
	return 0;
}

int report_collect_findings(struct report *r, struct err *e)
{
	const struct doctor_args args = { .package_path = r->options->package_path,
		.state_paths = r->options->state_paths, .n_states = r->options->n_states };
	uint64_t n_faults;

	if (doctor_each(&n_faults, r->p, &args, report_add_finding, r, e) < 0)
		return -1;
	r->integrity.n_faults = (int64_t)n_faults;
	return 0;
}

struct report_pending {
	char gateway[81], name[256], serial[SERIAL_HEX], thumbprint[SHA1_HEX], command[200];
	const char *state;
	int64_t decided_at;
};
const struct out_field report_pending_fields[] = {
	{ OUT_CHARS("gateway_name", "Gateway", struct report_pending, gateway),
	    .help = "gateway that was not seen to follow the decision; null for an auditor" },
	{ OUT_TEXT("state", "State", struct report_pending, state),
	    .help = "NOT YET ENFORCED or NOT YET ACCEPTED AGAIN" },
	{ OUT_CHARS("name", "Client", struct report_pending, name), .help = "name of the client; null for an auditor" },
	{ OUT_CHARS("serial", "Serial", struct report_pending, serial), .help = "hex" },
	{ OUT_CHARS("thumbprint", NULL, struct report_pending, thumbprint), .help = "SHA-1 of the DER" },
	{ OUT_TIME("decided_at", "Revoked", struct report_pending, decided_at),
	    .help = "time of the revocation; null: not known" },
	{ OUT_CHARS("command", "Command", struct report_pending, command),
	    .help = "writes the script that changes the gateway" },
	{ .key = NULL },
};

static int report_add_pending(const struct gateway_pending *one, void *arg, struct err *e)
{
	struct report *r = arg;
	struct report_table *gateways = &r->tables[REPORT_GATEWAYS];
	struct report_pending row = { .state = one->is_restore ? "NOT YET ACCEPTED AGAIN" : "NOT YET ENFORCED",
		.decided_at = one->decided_at };

	for (size_t i = 0; i < gateways->n; i++) {
		struct report_gateway_id *id = (void *)(gateways->rows.data + i * gateways->row_size);

		id->n_pending += id->gateway_id == one->gateway->id;
	}
	if (r->summary.n_pending++ >= REPORT_DETAILS_MAX)
		return 0;
	report_name(r, row.gateway, sizeof(row.gateway), one->gateway->name);
	report_name(r, row.name, sizeof(row.name), one->cert->name);
	(void)snprintf(row.serial, sizeof(row.serial), "%s", one->cert->serial);
	(void)snprintf(row.thumbprint, sizeof(row.thumbprint), "%s", one->cert->thumbprint);
	(void)snprintf(row.command, sizeof(row.command), "p11ca gateway render %s --state FILE",
	    row.gateway[0] != '\0' ? row.gateway : "GATEWAY");
	return report_add(r, REPORT_PENDING, &row, sizeof(row), e);
}

int report_collect_pending(struct report *r, struct err *e)
{
	return gateway_each_pending(r->p, 0, 0, report_add_pending, r, e);
}
