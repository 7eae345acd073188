/* SPDX-License-Identifier: MIT */
/* setup_ps1.c - reads WindowsPowershell/VpnProfileSetup.ps1, a script with EapHostConfig XML in a string. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "azure/net.h"
#include "azure/package_reader.h"
#include "azure/input_error.h"
#include "util/array.h"

/* Reads the value after a keyword of the script, as the readers of the other files do. */
typedef int take_fn(struct reading *r, const char *name, struct bytes text, struct err *e);

static int setup_ps1_take_root(struct reading *r, const char *name, struct bytes text, struct err *e)
{
	char hex[SHA1_HEX];

	return package_reader_thumbprint(hex, name, text, e) < 0 ? -1
								 : package_reader_state(r, STATED_GATEWAY_ROOT, hex, e);
}

/* A word that is not a host name is part of a comment or an expression, and is skipped. */
static int setup_ps1_take_server(struct reading *r, const char *name, struct bytes text, struct err *e)
{
	return host_is_name(text) ? package_reader_set_server(r, name, text, e) : 0;
}

static int setup_ps1_take_route(struct reading *r, const char *name, struct bytes text, struct err *e)
{
	struct ip_net net;

	(void)name;
	return ip_net_parse(&net, text) ? package_reader_state_net(r, &net, e) : 0;
}

/*
 * The EAP-TLS configuration restricts the certificates that Windows offers: CAHashList with one IssuerHash for each
 * uploaded root ([MS-GPWL] 6.8.3). The reader searches for the elements only: parsing PowerShell to find the XML
 * would not prove more.
 */
static int each_element(struct reading *r, const char *script, const char *name, take_fn *take, struct err *e)
{
	char open[32], close[32];

	(void)snprintf(open, sizeof(open), "<%s>", name);
	(void)snprintf(close, sizeof(close), "</%s>", name);
	for (const char *at = script; (at = strcasestr(at, open)) != NULL;) {
		const char *from = at + strlen(open), *to = strcasestr(from, close);

		if (to == NULL)
			return format_refuse(e, "an %s in it has no end", name);
		if (to > from && take(r, name, (struct bytes){ (const void *)from, (size_t)(to - from) }, e) < 0)
			return -1;
		at = to;
	}
	return 0;
}

/* The value of a parameter that the script states literally; empty for a variable or an expression. */
static struct bytes setup_ps1_literal(const char *at)
{
	char quote = '\0';
	size_t len = 0;

	while (*at == ' ' || *at == ':' || *at == '\t')
		at++;
	if (*at == '\'' || *at == '"')
		quote = *at++;
	while (at[len] != '\0' && at[len] != '\r' && at[len] != '\n' &&
	    (quote != '\0' ? at[len] != quote : !isspace((unsigned char)at[len]) && at[len] != ';'))
		len++;
	return (struct bytes){ (const void *)at, memchr(at, '$', len) != NULL || *at == '(' ? 0 : len };
}

/* Parameters of cmdlets; PowerShell ignores case. */
static int each_parameter(struct reading *r, const char *script, const char *name, take_fn *take, struct err *e)
{
	size_t len = strlen(name);

	for (const char *at = script; (at = strcasestr(at, name)) != NULL; at += len) {
		struct bytes value;

		if (at[len] != ' ' && at[len] != ':' && at[len] != '\t')
			continue;
		value = setup_ps1_literal(at + len);
		if (value.len > 0 && take(r, name, value, e) < 0)
			return -1;
	}
	return 0;
}

int setup_ps1_read(struct reading *r, struct bytes text, struct err *e)
{
	static const struct {
		const char *name;
		take_fn *take;
	} elements[] = { { "IssuerHash", package_reader_add_issuer }, { "TrustedRootCA", setup_ps1_take_root } },
	  parameters[] = { { "-ServerAddress", setup_ps1_take_server },
		  { "-DestinationPrefix", setup_ps1_take_route } };
	const char *script = (const char *)text.data;

	if (package_reader_check_text(text, e) < 0)
		return -1;
	if (strcasestr(script, "<CAHashList") != NULL)
		r->out->states_client_roots = true;
	for (size_t i = 0; i < ARRAY_LEN(elements); i++)
		if (each_element(r, script, elements[i].name, elements[i].take, e) < 0)
			return -1;
	for (size_t i = 0; i < ARRAY_LEN(parameters); i++)
		if (each_parameter(r, script, parameters[i].name, parameters[i].take, e) < 0)
			return -1;
	return 0;
}
