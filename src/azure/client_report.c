/* SPDX-License-Identifier: MIT */
/* client_report.c - reads the report of a client's machine, whose content is not trusted. */
#include "azure/client_report.h"

#include <stdlib.h>
#include <string.h>

#include "util/json_read.h"
#include "azure/package_reader.h"
#include "util/text.h"

#define HINT    "give the unchanged output of the script that `p11ca doctor --collect windows` prints"
#define EAP_MAX 65536

struct report_reading {
	struct client_report *out;
	package_cert_fn *read_cert;
};

static int client_report_refuse(struct err *e, const char *code, const char *fmt, ...) ERR_FMT(3, 4);
static int client_report_refuse(struct err *e, const char *code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)err_vset(e, ERR_INPUT, fmt, ap);
	va_end(ap);
	return err_rule(e, code, HINT);
}

/* Copies a text, sanitised and truncated; "" if the member is missing. */
static void client_report_copy(char *out, size_t size, const json_t *object, const char *name)
{
	const json_t *value = json_member(object, name);

	out[0] = '\0';
	if (json_is_string(value))
		(void)print_safe(out, size, json_string_value(value), json_string_length(value));
}

static struct bytes client_report_bytes_of(const json_t *value)
{
	return json_is_string(value)
		   ? (struct bytes){ (const void *)json_string_value(value), json_string_length(value) }
		   : (struct bytes){ 0 };
}

static bool is_machine(const json_t *object)
{
	const json_t *store = json_member(object, "store");

	return json_is_string(store) && strncasecmp(json_string_value(store), "LocalMachine", 12) == 0;
}

/* Windows stores switches as numbers: 0 is off, every other number is on. */
static enum report_tri switch_of(const json_t *object, const char *name)
{
	const json_t *value = json_member(object, name);

	return !json_is_integer(value) ? REPORT_UNSTATED : json_integer_value(value) != 0 ? REPORT_YES : REPORT_NO;
}

static long long number_of(const json_t *object, const char *name, long long otherwise)
{
	const json_t *value = json_member(object, name);

	if (json_is_integer(value))
		return json_integer_value(value);
	return json_is_string(value) ? strtoll(json_string_value(value), NULL, 10) : otherwise;
}

typedef int item_fn(struct report_reading *r, const json_t *item, struct err *e);

/* PowerShell writes a list of one as an object, and an empty list as null. */
static int client_report_each_item(
    struct report_reading *r, const json_t *report, const char *name, size_t max, item_fn *fn, struct err *e)
{
	const json_t *list = json_member(report, name);
	const size_t n = json_is_array(list) ? json_array_size(list) : json_is_object(list);

	if (list != NULL && !json_is_array(list) && !json_is_object(list))
		return client_report_refuse(e, "report-format", "%s is not a list", name);
	if (n > max)
		return client_report_refuse(e, "report-limit", "%s has more than %zu items", name, max);
	for (size_t i = 0; i < n; i++) {
		const json_t *item = json_is_array(list) ? json_array_get(list, i) : list;

		if (!json_is_object(item))
			return client_report_refuse(e, "report-format", "%s is not a list of objects", name);
		if (fn(r, item, e) < 0)
			return err_while(e, "reading %s", name);
	}
	return 0;
}

/* Skips an entry without a readable certificate or thumbprint: no connection can use it. */
static int client_report_add_cert(struct report_reading *r, const json_t *item, struct err *e)
{
	struct report_cert *cert = &r->out->certs[r->out->n_certs];
	const struct bytes data = client_report_bytes_of(json_member(item, "data"));
	struct err unread = ERR_INIT;

	(void)e;
	cert->is_machine = is_machine(item);
	cert->has_private_key = json_is_true(json_member(item, "private_key"));
	cert->is_read = data.len > 0 && r->read_cert(&cert->info, &cert->der, data, &unread) == 0;
	if (cert->is_read)
		memcpy(cert->thumbprint, cert->info.thumbprint, sizeof(cert->thumbprint));
	else if (package_reader_thumbprint(cert->thumbprint, "thumbprint",
		     client_report_bytes_of(json_member(item, "thumbprint")), &unread) < 0) {
		buf_clear(&cert->der);
		return 0;
	}
	r->out->n_certs++;
	return 0;
}

static int client_report_add_root(struct report_reading *r, const json_t *item, struct err *e)
{
	struct report_root *root = &r->out->roots[r->out->n_roots];
	struct err unread = ERR_INIT;

	(void)e;
	root->is_machine = is_machine(item);
	r->out->n_roots += package_reader_thumbprint(root->thumbprint, "thumbprint",
			       client_report_bytes_of(json_member(item, "thumbprint")), &unread) == 0;
	return 0;
}

static void client_report_take_auth(struct report_vpn *vpn, const json_t *auth)
{
	for (size_t i = 0; i < (json_is_array(auth) ? json_array_size(auth) : json_is_string(auth)); i++) {
		const json_t *word = json_is_array(auth) ? json_array_get(auth, i) : auth;
		const char *text = json_is_string(word) ? json_string_value(word) : "";

		if (strcasecmp(text, "Eap") == 0)
			vpn->has_eap = true;
		else if (strcasecmp(text, "MachineCertificate") == 0)
			vpn->has_machine_cert = true;
		else
			vpn->has_other_auth = true;
	}
}

static int client_report_add_vpn(struct report_reading *r, const json_t *item, struct err *e)
{
	struct report_vpn *vpn = &r->out->vpns[r->out->n_vpns++];
	const struct bytes eap = client_report_bytes_of(json_member(item, "eap"));
	struct err unread = ERR_INIT;

	(void)e;
	client_report_copy(vpn->name, sizeof(vpn->name), item, "name");
	client_report_copy(vpn->server, sizeof(vpn->server), item, "server");
	client_report_copy(vpn->tunnel, sizeof(vpn->tunnel), item, "tunnel");
	client_report_take_auth(vpn, json_member(item, "authentication"));
	vpn->eap = eap.len > 0 && eap.len <= EAP_MAX && eap_xml_read(vpn, eap, &unread) == 0 ? REPORT_YES : REPORT_NO;
	return 0;
}

/* An HRESULT arrives as a negative number; Microsoft documents its hex digits. */
static int add_dial(struct report_reading *r, const json_t *item, struct err *e)
{
	struct report_dial *dial = &r->out->dials[r->out->n_dials++];
	const long long error = number_of(item, "error", 0);

	(void)e;
	client_report_copy(dial->connection, sizeof(dial->connection), item, "connection");
	if (error < 0 || error > INT32_MAX)
		(void)snprintf(
		    dial->error, sizeof(dial->error), "0x%08X", (unsigned)((unsigned long long)error & 0xffffffffU));
	else if (error > 0)
		(void)snprintf(dial->error, sizeof(dial->error), "%lld", error);
	return 0;
}

static int add_host(struct report_reading *r, const json_t *item, struct err *e)
{
	(void)e;
	r->out->n_hosts++;
	r->out->n_hosts_reached += json_is_true(json_member(item, "reachable"));
	return 0;
}

static void client_report_take_settings(struct client_report *out, const json_t *report)
{
	const json_t *system = json_member(report, "system"), *settings = json_member(report, "settings");

	client_report_copy(out->product, sizeof(out->product), system, "product");
	out->build = number_of(system, "build", 0);
	out->eap_tls_version = number_of(settings, "eap_tls_version", -1);
	out->tls12 = switch_of(settings, "tls12_client");
	out->tls13 = switch_of(settings, "tls13_client");
	out->no_cert_request = switch_of(settings, "disable_certreq_payload");
}

static int read_report(struct report_reading *r, const json_t *report, struct err *e)
{
	struct client_report *out = r->out;

	if (!json_is_object(report) || number_of(report, "p11ca_report", 0) != 1)
		return client_report_refuse(
		    e, "report-format", "the file is not a client report, or was written by another version of p11ca");
	out->certs = calloc(REPORT_CERTS_MAX, sizeof(out->certs[0]));
	out->roots = calloc(REPORT_ROOTS_MAX, sizeof(out->roots[0]));
	out->vpns = calloc(REPORT_VPNS_MAX, sizeof(out->vpns[0]));
	if (out->certs == NULL || out->roots == NULL || out->vpns == NULL)
		return err_oom(e);
	client_report_take_settings(out, report);
	return client_report_each_item(r, report, "certificates", REPORT_CERTS_MAX, client_report_add_cert, e) < 0 ||
		       client_report_each_item(r, report, "roots", REPORT_ROOTS_MAX, client_report_add_root, e) < 0 ||
		       client_report_each_item(r, report, "connections", REPORT_VPNS_MAX, client_report_add_vpn, e) <
			   0 ||
		       client_report_each_item(r, report, "dials", REPORT_DIALS_MAX, add_dial, e) < 0 ||
		       client_report_each_item(r, report, "revocation", 64, add_host, e) < 0
		   ? -1
		   : 0;
}

int client_report_read(struct client_report *out, const char *path, package_cert_fn *read_cert, struct err *e)
{
	static const struct json_form form = { "report-format", "report-limit", HINT, "it is not JSON", (size_t)4 << 20,
		8192, 65536, .is_utf16_allowed = true };
	struct report_reading r = { out, read_cert };
	AUTO(json_t) report = NULL;

	(void)print_safe(out->source, sizeof(out->source), path, strlen(path));
	return json_read_file(&report, &form, path, e) < 0 || read_report(&r, report, e) < 0
		   ? err_while(e, "reading the client's report '%s'", path)
		   : 0;
}
