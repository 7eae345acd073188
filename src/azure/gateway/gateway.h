/* SPDX-License-Identifier: MIT */
/* gateway.h - what a gateway is to be, by Azure's rules and in the words of Azure's tools. */
#ifndef AZURE_GATEWAY_GATEWAY_H
#define AZURE_GATEWAY_GATEWAY_H

#include "model/finding.h"
#include "model/gateway_change.h"
#include "util/err.h"

/* gateway_network.c.  "172.16.201.0/24": an address and a prefix, as ip_net_parse() takes it. */
bool gateway_is_network(const char *text);

/* Appends a network where clients are.  -1 (ERR_USAGE): it is none, or the 65th. */
int gateway_add_local(struct gateway_network *around, const char *text, struct err *e) MUST_CHECK;
/* The pools of a row, comma-separated.  -1 (ERR_INTERNAL): not as gateway_is_network() says, or too many. */
int gateway_set_pools(struct gateway *g, const char *pools, struct err *e) MUST_CHECK;
/* gateway_check.c: set "gateway"; FACT_GATEWAY.  What the state does not state is not judged. */
extern const struct rule rules_gateway[];
/* upload_rules.c: set "check"; FACT_PASTED. */
extern const struct rule rules_upload[];
/* gateway_ipsec.c: set "gateway"; FACT_GATEWAY. */
extern const struct rule rules_gateway_ipsec[];

/* Whether what the format writes has whole lists; a script reads the lists when it runs. */
bool gateway_format_is_template(const char *format);
/* Appends what a file of the format begins with: the byte order mark of "powershell", nothing of the others. */
int gateway_render_begin(struct buf *out, const char *format, struct err *e) MUST_CHECK;
/*
 * Appends what makes the change: "az", "powershell" (scripts that read the lists when they run; without a state they
 * only add), "arm", "bicep" (what the gateway's own template is to have: whole lists, so only with a state).
 * -1: ERR_USAGE (no such format), ERR_POLICY ("gateway-needs-state"), ERR_INPUT (a name that the language cannot
 * carry).
 */
int gateway_render(struct buf *out, const struct gateway_change *c, const char *format, struct err *e) MUST_CHECK;

/*
 * The commands, az's and PowerShell's, that put a thumbprint on the list of a virtual network's gateway, take it off,
 * or disconnect sessions (name and thumbprint unused), those of Virtual WAN by another command.  name and thumbprint
 * need no quotes.  -1: as fn, ERR_INPUT.
 */
enum gateway_command_kind { GATEWAY_REVOKE, GATEWAY_RESTORE, GATEWAY_DISCONNECT, GATEWAY_DISCONNECT_WAN };
typedef int gateway_command_fn(const char *with, const char *command, void *arg, struct err *e);
int gateway_each_command(const struct gateway_row *gateway, enum gateway_command_kind kind, const char *name,
    const char *thumbprint, gateway_command_fn *fn, void *arg, struct err *e) MUST_CHECK;

/*
 * A script for sh that closes a revocation: begin (home: of the ledger, absolute), then each gateway (c->gateway, and
 * c->revoked with GATEWAY_ADD, who is the name in the certificate), then the roots that sign CRLs.  All append.
 * -1: ERR_INPUT (a name that the shell cannot carry).
 */
int gateway_close_begin(struct buf *out, const char *home, struct err *e) MUST_CHECK;
int gateway_close_at(struct buf *out, const struct gateway_change *c, struct err *e) MUST_CHECK;
int gateway_close_end(struct buf *out, const char *roots[], size_t n_roots, struct err *e) MUST_CHECK;

#endif
