/* SPDX-License-Identifier: MIT */
/* eap_xml.c - reads EapHostConfig, the EAP configuration that Windows reports for a connection. */
#include <stdio.h>
#include <string.h>

#include "azure/client_report.h"
#include "azure/package_reader.h"
#include "azure/input_error.h"
#include "azure/xml.h"
#include "util/array.h"

/* The callbacks receive `r` only; vpn_of() finds vpn by the struct that contains r. */
struct eap_reading {
	struct reading r;
	struct report_vpn *vpn;
};

static struct report_vpn *vpn_of(struct reading *r)
{
	return ((struct eap_reading *)r)->vpn;
}

static int eap_xml_add_hash(char list[][SHA1_HEX], unsigned *n, const char *name, struct bytes text, struct err *e)
{
	if (*n >= REPORT_HASHES_MAX)
		return limit_refuse(e, "more than %d times %s", REPORT_HASHES_MAX, name);
	return package_reader_thumbprint(list[*n], name, text, e) < 0 ? -1 : (++*n, 0);
}

static int take_trusted(struct reading *r, const char *name, struct bytes text, struct err *e)
{
	return eap_xml_add_hash(vpn_of(r)->trusted, &vpn_of(r)->n_trusted, name, text, e);
}

static int eap_xml_take_issuer(struct reading *r, const char *name, struct bytes text, struct err *e)
{
	return eap_xml_add_hash(vpn_of(r)->issuers, &vpn_of(r)->n_issuers, name, text, e);
}

static int eap_xml_take_type(struct reading *r, const char *name, struct bytes text, struct err *e)
{
	return package_reader_text(vpn_of(r)->eap_type, sizeof(vpn_of(r)->eap_type), name, text, e);
}

static int take_names(struct reading *r, const char *name, struct bytes text, struct err *e)
{
	return package_reader_text(vpn_of(r)->server_names, sizeof(vpn_of(r)->server_names), name, text, e);
}

#define TLS "Config/Eap/EapType/"

int eap_xml_read(struct report_vpn *vpn, struct bytes text, struct err *e)
{
	static const struct xml_row rows[] = {
		{ "EapMethod/Type", false, eap_xml_take_type },
		{ TLS "ServerValidation/ServerNames", false, take_names },
		{ TLS "ServerValidation/TrustedRootCA", true, take_trusted },
		{ TLS "TLSExtensions/FilteringInfo/CAHashList/IssuerHash", true, eap_xml_take_issuer },
	};
	static const struct xml_form form = { "EapHostConfig", false, rows, ARRAY_LEN(rows), NULL,
		NULL };
	struct eap_reading r = { .vpn = vpn };

	return xml_read(&form, text, &r.r, e);
}
