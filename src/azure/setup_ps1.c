/* SPDX-License-Identifier: MIT */
/* setup_ps1.c - WindowsPowershell/VpnProfileSetup.ps1: a script with EapHostConfig XML in a string of it. */
#include <string.h>

#include "azure/reading.h"
#include "azure/refuse.h"

/*
 * The EAP-TLS configuration lists what Windows may choose a certificate by: CAHashList with one IssuerHash for each
 * uploaded root ([MS-GPWL] 6.8.3).  Only that is looked for: parsing PowerShell to find the XML would prove no more.
 */
int setup_ps1_read(struct reading *r, struct bytes text, struct err *e)
{
	static const char open[] = "<IssuerHash>", close[] = "</IssuerHash>";
	const char *at;

	if (reading_check_text(text, e) < 0)
		return -1;
	at = (const char *)text.at;
	if (strcasestr(at, "<CAHashList") != NULL)
		r->out->states_client_roots = true;
	while ((at = strcasestr(at, open)) != NULL) {
		const char *from = at + strlen(open), *to = strcasestr(from, close);
		struct bytes hash;

		if (to == NULL)
			return format_refuse(e, "an IssuerHash in it has no end");
		hash = (struct bytes){ (const void *)from, (size_t)(to - from) };
		if (reading_add_issuer(r, "IssuerHash", hash, e) < 0)
			return -1;
		at = to;
	}
	return 0;
}
