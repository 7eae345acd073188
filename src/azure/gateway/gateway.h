/* SPDX-License-Identifier: MIT */
/* gateway.h - checks a gateway's configuration by Azure's rules, and writes scripts and templates that change it. */
#ifndef AZURE_GATEWAY_GATEWAY_H
#define AZURE_GATEWAY_GATEWAY_H

#include "model/finding.h"
#include "model/gateway_change.h"
#include "util/err.h"

/* gateway_network.c.  "172.16.201.0/24": an address and a prefix, as ip_net_parse() takes it. */
bool gateway_is_network(const char *text);

/* Appends a network of the clients. -1 (ERR_USAGE): invalid, or more than GATEWAY_NETWORK_MAX. */
int gateway_add_local(struct gateway_network *around, const char *text, struct err *e) MUST_CHECK;
/* Parses the comma-separated pools of a gateway_row. -1 (ERR_INTERNAL): not gateway_is_network(), or too many. */
int gateway_set_pools(struct gateway *g, const char *pools, struct err *e) MUST_CHECK;
/* gateway_check.c: set "gateway"; needs FACT_GATEWAY. Properties that the state does not contain are not judged. */
extern const struct rule rules_gateway[];
/* upload_rules.c: set "check"; needs FACT_PASTED. */
extern const struct rule rules_upload[];
/* gateway_ipsec.c: set "gateway"; needs FACT_GATEWAY. */
extern const struct rule rules_gateway_ipsec[];

/* Whether the format is a template with complete lists. Scripts instead read the gateway's lists when they run. */
bool gateway_format_is_template(const char *format);
/* Appends the beginning of a file in the format: a byte order mark for "powershell", nothing for other formats. */
int gateway_render_begin(struct buf *out, const char *format, struct err *e) MUST_CHECK;
/*
 * Appends the change in a format: "az", "powershell" (scripts that read the lists when they run; without a state they
 * only add), "arm", "bicep" (members for the gateway's template with complete lists, so only with a state).
 * -1: ERR_USAGE (unknown format), ERR_POLICY ("gateway-needs-state"), ERR_INPUT (a name that the language cannot
 * express).
 */
int gateway_render(struct buf *out, const struct gateway_change *c, const char *format, struct err *e) MUST_CHECK;

/*
 * Calls fn for each command of az and PowerShell that adds a thumbprint to the list of a virtual network gateway,
 * removes it, or disconnects sessions (name and thumbprint unused); sessions of Virtual WAN need another command.
 * name and thumbprint need no quotes. -1: as fn, ERR_INPUT.
 */
enum gateway_command_kind { GATEWAY_REVOKE, GATEWAY_RESTORE, GATEWAY_DISCONNECT, GATEWAY_DISCONNECT_WAN };
struct gateway_command {
	enum gateway_command_kind kind;
	const char *name, *thumbprint;
};
typedef int gateway_command_fn(const char *with, const char *command, void *arg, struct err *e);
int gateway_each_command(const struct gateway_row *gateway, const struct gateway_command *wanted,
    gateway_command_fn *fn, void *arg, struct err *e) MUST_CHECK;

/*
 * A sh script that completes a revocation: begin (home: the ledger's absolute path), then each gateway (c->gateway;
 * entries of c->revoked with GATEWAY_ADD, whose subject is the name in the certificate), then the roots that sign
 * CRLs. All functions append. -1: ERR_INPUT (a name that the shell cannot express).
 */
int gateway_close_begin(struct buf *out, const char *home, struct err *e) MUST_CHECK;
int gateway_close_at(struct buf *out, const struct gateway_change *c, struct err *e) MUST_CHECK;
int gateway_close_end(struct buf *out, const char *roots[], size_t n_roots, struct err *e) MUST_CHECK;

#endif
