/* SPDX-License-Identifier: MIT */
/* revoke_show.c - prints revoked and restored certificates, and the commands for the gateways that enforce it. */
#include <string.h>

#include "azure/gateway/gateway.h"
#include "pki/gateway/gateway.h"
#include "pki/gateway/gateway_name.h"
#include "pki/gateway/gateway_trust.h"
#include "pki/op.h"
#include "pki/revoke/revoke.h"
#include "util/text.h"

struct revoked_line {
	const char *name, *device, *state, *serial, *thumbprint, *azure, *reason, *root;
	int64_t revoked_at;
};
const struct out_field revoked_fields[] = {
	{ OUT_TEXT("name", "NAME", struct revoked_line, name), .help = "the authorised name" },
	{ OUT_TEXT("device", "DEVICE", struct revoked_line, device), .as = OUT_AS_LOW,
	    .help = "name of the device; null without one" },
	{ OUT_TEXT("state", "STATE", struct revoked_line, state), .help = "as it is now" },
	{ OUT_TEXT("reason", "REASON", struct revoked_line, reason), .help = "why it is revoked (RFC 5280, 5.3.1)" },
	{ OUT_TEXT("serial", "SERIAL", struct revoked_line, serial), .as = OUT_AS_ID, .help = "hex" },
	{ OUT_TEXT("thumbprint", "THUMBPRINT", struct revoked_line, thumbprint), .as = OUT_AS_LOW,
	    .help = "SHA-1 of the DER, by which Azure revokes; null if the ledger has no certificate" },
	{ OUT_TEXT("azure_name", "NAME FOR AZURE", struct revoked_line, azure), .as = OUT_AS_LOW,
	    .help = "for the gateway's list, to paste" },
	{ OUT_TEXT("root_name", NULL, struct revoked_line, root), .help = "who signed" },
	{ OUT_TIME("revoked_at", NULL, struct revoked_line, revoked_at), .help = "time of the revocation" },
	{ .key = NULL },
};

struct command_line {
	const char *gateway, *with, *command;
};
#define COMMAND_FIELDS(gateway_, tool_, command_) \
	{ OUT_TEXT("gateway_name", gateway_, struct command_line, gateway), .as = OUT_AS_OBJECT, \
	    .help = "which of the ledger's gateways; null: no gateway is known, or the row is for programs that read " \
		    "CRLs" }, \
	{ OUT_TEXT("tool", tool_, struct command_line, with), .help = "az, PowerShell or p11ca" }, \
	{ OUT_TEXT("command", command_, struct command_line, command), .as = OUT_AS_COMMAND, \
	    .help = "with ID (of Virtual WAN HUB and SAS, too) to be replaced, and GROUP and GATEWAY where no gateway" \
		    " is known; of those of az and PowerShell that do the same, one is enough; az has none that " \
		    "ends sessions" }, \
	{ .key = NULL }
const struct out_field revoke_command_fields[] = { COMMAND_FIELDS("GATEWAY", "WITH", "COMMAND") };
/* Not in text without --verbose. */
static const struct out_field hidden_command_fields[] = { COMMAND_FIELDS(NULL, NULL, NULL) };

struct enforcement_line {
	const char *status, *until;
};
const struct out_field enforcement_fields[] = {
	{ OUT_TEXT("state", "Status", struct enforcement_line, status),
	    .help = "NOT YET ENFORCED, NOT YET ACCEPTED AGAIN, SEEN ENFORCED or SEEN ACCEPTED AGAIN at every gateway "
		    "of the ledger" },
	{ OUT_TEXT("pending_on", "Until", struct enforcement_line, until), .as = OUT_AS_DETAIL,
	    .help = "what has to happen first" },
	{ .key = NULL },
};

static int root_of(struct root_row *root, const struct op *op, const struct cert_row *c, struct err *e)
{
	return root->id == c->root_id ? 0 : ledger_root_get(root, op->pki->ledger, c->root_id, e);
}

int revoke_list(const struct revoke_job *job, struct out *o, struct err *e)
{
	struct root_row root = { .id = 0 };
	char azure[AZURE_NAME_MAX];

	if (out_list(o, "certificates", revoked_fields, e) < 0)
		return -1;
	for (size_t i = 0; i < job->n_certs; i++) {
		const struct cert_row *c = &job->certs[i];
		struct revoked_line line = { c->name, text_or_null(c->device), c->state, c->serial,
			text_or_null(c->thumbprint), azure, text_or_null(c->revoke_reason), NULL,
			c->revoked_at };

		azure_name(azure, c);
		if (root_of(&root, &job->op, c, e) < 0)
			return -1;
		line.root = root.name;
		if (out_row(o, &line, e) < 0)
			return -1;
	}
	return out_end(o, e);
}

/* The gateways that may accept one of the certificates. */
struct reach {
	unsigned n_gateways;
	bool is_unseen;              /* a gateway's state was not recorded after a certificate was restored */
};

struct commands {
	struct pki *p;
	struct out *o;
	const struct revoke_job *job;
	const struct gateway_row *gateway; /* NULL: no gateway is recorded */
	const struct root_row *root;
	struct reach *reach;
};

static int print_command(const char *with, const char *command, void *arg, struct err *e)
{
	const struct commands *all = arg;
	const struct command_line line = { all->gateway != NULL ? all->gateway->name : NULL, with, command };

	return out_row(all->o, &line, e);
}

static int crl_row(struct out *o, const char *root, struct err *e)
{
	char text[192];
	const struct command_line line = { NULL, "p11ca", text };

	(void)snprintf(text, sizeof(text), "p11ca root crl %s --out %s.crl --force", root, root);
	return out_row(o, &line, e);
}

/* Virtual WAN has no command for a single thumbprint. */
static int render_row(struct commands *all, struct err *e)
{
	char text[192];

	(void)snprintf(text, sizeof(text), "p11ca gateway render %s --state STATE.json", all->gateway->name);
	return print_command("p11ca", text, all, e);
}

static int commands_at_wan(struct commands *all, const struct gateway_row *where, struct err *e)
{
	static const struct gateway_command disconnect = { GATEWAY_DISCONNECT_WAN, "", "" };

	if (render_row(all, e) < 0)
		return -1;
	return all->job->reason == NULL ? 0 : gateway_each_command(where, &disconnect, print_command, all, e);
}

static int commands_at(struct commands *all, const struct gateway_row *where, int64_t root_id, struct err *e)
{
	static const struct gateway_command disconnect = { GATEWAY_DISCONNECT, "", "" };
	const bool is_restore = all->job->reason == NULL;
	char azure[AZURE_NAME_MAX];
	struct gateway_command wanted = { is_restore ? GATEWAY_RESTORE : GATEWAY_REVOKE, azure, "" };

	if (strcmp(where->type, GATEWAY_TYPE_VWAN) == 0)
		return commands_at_wan(all, where, e);
	for (size_t i = 0; i < all->job->n_certs; i++) {
		const struct cert_row *c = &all->job->certs[i];

		if (c->thumbprint[0] == '\0' || (root_id != 0 && c->root_id != root_id))
			continue;
		azure_name(azure, c);
		wanted.thumbprint = c->thumbprint;
		if (gateway_each_command(where, &wanted, print_command, all, e) < 0)
			return -1;
	}
	return is_restore ? 0 : gateway_each_command(where, &disconnect, print_command, all, e);
}

/* A gateway that never had the thumbprint is not pending, and that it accepts the client was not seen either. */
static int note_unseen(struct commands *all, const struct gateway_row *gateway, struct err *e)
{
	for (size_t i = 0; all->job->reason == NULL && i < all->job->n_certs; i++) {
		const struct cert_row *c = &all->job->certs[i];
		bool seen = true;

		if (c->root_id == all->root->id &&
		    ledger_gateway_saw_restore(&seen, all->p->ledger, gateway->id, c->id, e) < 0)
			return -1;
		all->reach->is_unseen = all->reach->is_unseen || !seen;
	}
	return 0;
}

static int commands_of_gateway(const struct gateway_row *gateway, void *arg, struct err *e)
{
	struct commands *all = arg;
	bool may;

	if (gateway_may_let_in(&may, all->p, gateway, all->root, e) < 0)
		return -1;
	if (!may)
		return 0;
	all->gateway = gateway;
	all->reach->n_gateways++;
	return note_unseen(all, gateway, e) < 0 ? -1 : commands_at(all, gateway, all->root->id, e);
}

/*
 * Prints commands for every gateway that may accept one of these certificates; if no gateway is recorded, with
 * placeholders.
 */
static int gateway_rows_of(const struct revoke_job *job, struct reach *reach, struct out *o, struct err *e)
{
	static const struct gateway_row unknown = {
		.name = "GATEWAY", .resource_group = "GROUP", .type = GATEWAY_TYPE_VNET
	};
	struct commands all = { .o = o, .p = job->op.pki, .job = job, .reach = reach };
	struct root_row root = { .id = 0 };

	for (size_t i = 0; i < job->n_certs; i++) {
		if (root.id == job->certs[i].root_id)
			continue;
		if (root_of(&root, &job->op, &job->certs[i], e) < 0)
			return -1;
		all.root = &root;
		if (ledger_each_gateway(job->op.pki->ledger, commands_of_gateway, &all, e) < 0)
			return -1;
	}
	if (reach->n_gateways > 0)
		return 0;
	all.gateway = NULL;
	return commands_at(&all, &unknown, 0, e);
}

static int print_commands(const struct revoke_job *job, struct reach *reach, struct out *o, struct err *e)
{
	struct root_row root = { .id = 0 };

	if (out_list(o, "commands", job->is_verbose ? revoke_command_fields : hidden_command_fields, e) < 0 ||
	    gateway_rows_of(job, reach, o, e) < 0)
		return -1;
	for (size_t i = 0; i < job->n_certs; i++) {
		const struct cert_row *c = &job->certs[i];

		if (root.id == c->root_id)
			continue;
		if (root_of(&root, &job->op, c, e) < 0 || crl_row(o, root.name, e) < 0)
			return -1;
	}
	return out_end(o, e);
}

/* Gateways that do not enforce the change yet. */
struct unfinished {
	unsigned n;                  /* gateways and certificates */
	char names[160];             /* of the gateways, with commas */
};

static int revoke_show_note_pending(const struct gateway_pending *one, void *arg, struct err *e)
{
	struct unfinished *u = arg;
	const size_t used = strlen(u->names), len = strlen(one->gateway->name);
	const bool is_last = used >= len && strcmp(u->names + used - len, one->gateway->name) == 0;

	(void)e;
	u->n++;
	if (!is_last && used + len + 6 < sizeof(u->names))
		(void)snprintf(u->names + used, sizeof(u->names) - used, "%s%s", used > 0 ? ", " : "",
		    one->gateway->name);
	return 0;
}

/* Prints list "pending": the gateways that do not enforce the change yet. */
static int revoke_show_print_pending(const struct revoke_job *job, struct unfinished *u, struct out *o, struct err *e)
{
	if (out_list(o, "pending", job->is_verbose ? pending_fields : hidden_pending_fields, e) < 0)
		return -1;
	for (size_t i = 0; i < job->n_certs; i++)
		if (gateway_each_pending(job->op.pki, 0, job->certs[i].id, revoke_show_note_pending, u, e) < 0 ||
		    gateway_pending_rows(job->op.pki, 0, job->certs[i].id, o, e) < 0)
			return -1;
	return out_end(o, e);
}

/* The result in one sentence. */
static int revoke_say(const struct revoke_job *job, struct out *o, struct err *e)
{
	const bool is_one = job->n_certs == 1;
	char what[400];

	if (is_one)
		(void)snprintf(what, sizeof(what), "The certificate of %.200s, serial %s, is", job->certs[0].name,
		    job->certs[0].serial);
	else
		(void)snprintf(what, sizeof(what), "%zu certificates are", job->n_certs);
	if (job->reason == NULL)
		return out_say(o, e, "%s valid again.", what);
	return out_say(o, e, "%s revoked (%s).", what, job->reason);
}

/* What a person does next. */
static int revoke_say_next(
    const struct revoke_job *job, bool has_gateways, const struct unfinished *u, struct out *o, struct err *e)
{
	const bool is_written = job->script_path != NULL && !job->is_unscripted;
	const char *what = job->reason != NULL ? "revocation" : "change";

	if (!has_gateways && out_say(o, e, "No gateway in the ledger trusts the root: register gateways with `p11ca "
					   "gateway add`, or paste the thumbprint%s%s into the portal.",
				 job->n_certs == 1 ? " " : "s", job->n_certs == 1 ? job->certs[0].thumbprint : "") < 0)
		return -1;
	if (u->n > 0 && out_say(o, e, "These gateways do not enforce the %s yet: %s.", what, u->names) < 0)
		return -1;
	if (is_written && out_say(o, e, "Next: run the script '%s', record its effect with `p11ca gateway diff GATEWAY "
		    "--state FILE --record`, and sign a CRL with `p11ca root crl`.", job->script_path) < 0)
		return -1;
	if (!is_written && has_gateways && job->reason != NULL &&
	    out_say(o, e, "Next: run this command again with --script FILE, and then run FILE.") < 0)
		return -1;
	return job->is_verbose ? 0 : out_say(o, e, "With --verbose, p11ca prints the commands for each gateway.");
}

int revoke_print(const struct revoke_job *job, struct out *o, struct err *e)
{
	static const struct enforcement_line lines[] = {
		{ "NOT YET ENFORCED",
		    "each gateway has the thumbprint, sessions that are up are disconnected, and each program that "
		    "reads CRLs has a new one;"
		    " `p11ca gateway diff GW --state FILE --record` remembers where it was seen" },
		{ "NOT YET ACCEPTED AGAIN",
		    "each gateway has lost the thumbprint, and each program that reads CRLs has a new one;"
		    " `p11ca gateway diff GW --state FILE --record` remembers where it was seen" },
		{ "SEEN ENFORCED", "each program that reads CRLs has one that is newer than the revocation" },
		{ "SEEN ACCEPTED AGAIN", "each program that reads CRLs has a CRL without the certificate" },
	};
	struct unfinished u = { .n = 0 };
	struct reach reach = { .n_gateways = 0 };
	size_t i = job->reason != NULL ? 0 : 1;

	if (revoke_say(job, o, e) < 0 || revoke_list(job, o, e) < 0 || print_commands(job, &reach, o, e) < 0 ||
	    revoke_show_print_pending(job, &u, o, e) < 0)
		return -1;
	/* a gateway that does not know the root is no proof that the certificate is refused */
	if (reach.n_gateways > 0 && !reach.is_unseen && u.n == 0)
		i += 2;
	return out_record(o, "enforcement", enforcement_fields, &lines[i], e) < 0
		   ? -1
		   : revoke_say_next(job, reach.n_gateways > 0, &u, o, e);
}
