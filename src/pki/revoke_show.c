/* SPDX-License-Identifier: MIT */
/* revoke_show.c - what was revoked or restored, and what has to happen elsewhere before it is true there. */
#include <string.h>

#include "pki/revoke.h"

struct revoked_line {
	const char *name, *device, *state, *serial, *thumbprint, *azure, *reason, *root;
	int64_t revoked_at;
};
const struct out_field revoked_fields[] = {
	{ OUT_TEXT("name", "NAME", struct revoked_line, name), .help = "the authorised name" },
	{ OUT_TEXT("device", "DEVICE", struct revoked_line, device), .help = "one of several machines; null without" },
	{ OUT_TEXT("state", "STATE", struct revoked_line, state), .help = "as it is now" },
	{ OUT_TEXT("reason", "REASON", struct revoked_line, reason), .help = "why it is revoked (RFC 5280, 5.3.1)" },
	{ OUT_TEXT("serial", "SERIAL", struct revoked_line, serial), .help = "hex" },
	{ OUT_TEXT("thumbprint", "THUMBPRINT", struct revoked_line, thumbprint),
	    .help = "SHA-1 of the DER, what Azure revokes by; null where nobody has the certificate" },
	{ OUT_TEXT("azure_name", "NAME FOR AZURE", struct revoked_line, azure),
	    .help = "for the gateway's list, to paste" },
	{ OUT_TEXT("root", NULL, struct revoked_line, root), .help = "who signed" },
	{ OUT_TIME("revoked", NULL, struct revoked_line, revoked_at), .help = "since when it is revoked" },
	{ .key = NULL },
};

struct command_line {
	const char *with, *command;
};
const struct out_field revoke_command_fields[] = {
	{ OUT_TEXT("with", "WITH", struct command_line, with), .help = "az, PowerShell or p11ca" },
	{ OUT_TEXT("command", "COMMAND", struct command_line, command),
	    .help = "with GROUP, GATEWAY and ID to be replaced; az and PowerShell do the same, one of them is enough" },
	{ .key = NULL },
};

struct enforcement_line {
	const char *status, *until;
};
const struct out_field enforcement_fields[] = {
	{ OUT_TEXT("status", "Status", struct enforcement_line, status),
	    .help = "NOT YET ENFORCED, or NOT YET ACCEPTED AGAIN" },
	{ OUT_TEXT("until", "Until", struct enforcement_line, until), .help = "what has to happen first" },
	{ .key = NULL },
};

/* The rows of a gateway's list; %1$s is the name for Azure, %2$s the thumbprint. */
static const struct command_row {
	const char *with, *revoke, *restore;
} gateway_rows[] = {
	{ "az", "az network vnet-gateway revoked-cert create -g GROUP --gateway-name GATEWAY -n %1$s --thumbprint %2$s",
	  "az network vnet-gateway revoked-cert delete -g GROUP --gateway-name GATEWAY -n %1$s" },
	{ "PowerShell",
	  "Add-AzVpnClientRevokedCertificate -ResourceGroupName GROUP -VirtualNetworkGatewayName GATEWAY"
	  " -VpnClientRevokedCertificateName %1$s -Thumbprint %2$s",
	  "Remove-AzVpnClientRevokedCertificate -ResourceGroupName GROUP -VirtualNetworkGatewayName GATEWAY"
	  " -VpnClientRevokedCertificateName %1$s -Thumbprint %2$s" },
};
#define N_GATEWAY (sizeof(gateway_rows) / sizeof(gateway_rows[0]))

/* Nobody says that revoking ends a session that is up. */
static const struct command_line session_lines[] = {
	{ "PowerShell",
	  "Get-AzVirtualNetworkGatewayVpnClientConnectionHealth -ResourceGroupName GROUP"
	  " -VirtualNetworkGatewayName GATEWAY" },
	{ "PowerShell",
	  "Disconnect-AzVirtualNetworkGatewayVpnConnection -ResourceGroupName GROUP"
	  " -VirtualNetworkGatewayName GATEWAY -VpnConnectionId ID" },
};

void azure_name(char out[AZURE_NAME_MAX], const char *serial)
{
	(void)snprintf(out, AZURE_NAME_MAX, "p11ca-%.16s", serial);
}

static const char *or_null(const char *text)
{
	return text[0] != '\0' ? text : NULL;
}

static int root_of(struct root_row *root, const struct op *op, const struct cert_row *c, struct err *e)
{
	return root->id == c->root_id ? 0 : ledger_root_get(root, op->pki->ledger, c->root_id, e);
}

int revoke_list(const struct op *op, struct out *o, struct err *e)
{
	const struct revoke_job *job = op->revoke;
	struct root_row root = { .id = 0 };
	char azure[AZURE_NAME_MAX];

	if (out_list(o, "certificates", revoked_fields, e) < 0)
		return -1;
	for (size_t i = 0; i < job->n_certs; i++) {
		const struct cert_row *c = &job->certs[i];
		struct revoked_line line = { c->name, or_null(c->device), c->state, c->serial,
			or_null(c->thumbprint), azure, or_null(c->revoke_reason), NULL, c->revoked_at };

		azure_name(azure, c->serial);
		if (root_of(&root, op, c, e) < 0)
			return -1;
		line.root = root.name;
		if (out_row(o, &line, e) < 0)
			return -1;
	}
	return out_end(o, e);
}

/* A format of the table above and nothing from outside: names are ours, thumbprints hex. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static int gateway_row(struct out *o, const struct command_row *row, bool is_restore, const struct cert_row *c,
    struct err *e)
{
	char text[320], azure[AZURE_NAME_MAX];
	const struct command_line line = { row->with, text };

	azure_name(azure, c->serial);
	(void)snprintf(text, sizeof(text), is_restore ? row->restore : row->revoke, azure, c->thumbprint);
	return out_row(o, &line, e);
}
#pragma GCC diagnostic pop

static int crl_row(struct out *o, const char *root, struct err *e)
{
	char text[192];
	const struct command_line line = { "p11ca", text };

	(void)snprintf(text, sizeof(text), "p11ca root crl %s --out %s.crl", root, root);
	return out_row(o, &line, e);
}

static int gateway_rows_of(const struct op *op, struct out *o, struct err *e)
{
	const struct revoke_job *job = op->revoke;

	for (size_t row = 0; row < N_GATEWAY; row++)
		for (size_t i = 0; i < job->n_certs; i++)
			if (job->certs[i].thumbprint[0] != '\0' &&
			    gateway_row(o, &gateway_rows[row], job->reason == NULL, &job->certs[i], e) < 0)
				return -1;
	for (size_t i = 0; job->reason != NULL && i < sizeof(session_lines) / sizeof(session_lines[0]); i++)
		if (out_row(o, &session_lines[i], e) < 0)
			return -1;
	return 0;
}

static int print_commands(const struct op *op, struct out *o, struct err *e)
{
	struct root_row root = { .id = 0 };

	if (out_list(o, "commands", revoke_command_fields, e) < 0 || gateway_rows_of(op, o, e) < 0)
		return -1;
	for (size_t i = 0; i < op->revoke->n_certs; i++) {
		const struct cert_row *c = &op->revoke->certs[i];

		if (root.id == c->root_id)
			continue;
		if (root_of(&root, op, c, e) < 0 || crl_row(o, root.name, e) < 0)
			return -1;
	}
	return out_end(o, e);
}

int revoke_print(const struct op *op, struct out *o, struct err *e)
{
	const struct enforcement_line revoked = { "NOT YET ENFORCED",
		"each gateway has the thumbprint, sessions that are up are disconnected, and whoever reads CRLs has a"
		" new one" };
	const struct enforcement_line restored = { "NOT YET ACCEPTED AGAIN",
		"each gateway has lost the thumbprint, and whoever reads CRLs has a new one" };

	if (revoke_list(op, o, e) < 0 || print_commands(op, o, e) < 0)
		return -1;
	return out_record(o, "enforcement", enforcement_fields, op->revoke->reason != NULL ? &revoked : &restored, e);
}
