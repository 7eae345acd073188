/* SPDX-License-Identifier: MIT */
/* openssl_index.c - writes the ledger as index.txt of `openssl ca`, which `openssl ocsp -index` reads. */
#include <ctype.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "model/row_state.h"
#include "pki/ledger/ledger_list.h"
#include "pki/ledger/openssl_index.h"
#include "pki/root_find.h"

#define INDEX_TIME 24

/* As in a certificate: two digits for years until 2049. */
static void index_time(char out[INDEX_TIME], int64_t at)
{
	const time_t when = (time_t)at;
	struct tm tm = { .tm_mday = 1 };
	char text[INDEX_TIME];

	if (gmtime_r(&when, &tm) == NULL || strftime(text, sizeof(text), "%Y%m%d%H%M%SZ", &tm) == 0)
		(void)snprintf(text, sizeof(text), "99991231235959Z"); /* RFC 5280, 4.1.2.5: date unknown */
	(void)snprintf(out, INDEX_TIME, "%s", text + (tm.tm_year < 150 ? 2 : 0));
}

/*
 * OpenSSL 3 refuses the whole file for a reason that it does not know; without a reason the answer is still
 * "revoked".
 */
static const char *index_reason(const struct cert_row *c)
{
	int code = c->revoke_reason[0] != '\0' ? revoke_reason_code(c->revoke_reason) : 0;

	return code >= 1 && code <= 6 ? c->revoke_reason : NULL;
}

static void index_serial(char *out, size_t size, const char *hex)
{
	const size_t len = strlen(hex);
	size_t n = 0;

	if (len % 2 != 0 && size > 1)
		out[n++] = '0';
	for (size_t i = 0; i < len && n + 1 < size; i++)
		out[n++] = (char)toupper((unsigned char)hex[i]);
	out[n] = '\0';
}

/*
 * The subject of the line, `/CN=…` as OpenSSL writes it. Tabs and backslashes have a meaning in the file, and OpenSSL
 * requires a unique subject for each valid line; two certificates of one client have the same, so the serial is
 * added.
 */
static int put_name(FILE *f, const struct cert_row *c)
{
	char serial[SERIAL_HEX + 1];

	index_serial(serial, sizeof(serial), c->serial);
	if (fputs("/CN=", f) == EOF)
		return -1;
	for (const char *p = c->name; *p != '\0'; p++)
		if (fputc((unsigned char)*p < ' ' || strchr("\\/=\177", *p) != NULL ? '_' : *p, f) == EOF)
			return -1;
	return fprintf(f, "/serialNumber=%s\n", serial) < 0 ? -1 : 0;
}

static int put_line(FILE *f, const struct cert_row *c)
{
	bool is_unknown = cert_is(c, CERT_UNKNOWN);
	bool is_revoked = is_unknown || cert_is(c, CERT_REVOKED);
	char expires[INDEX_TIME], revoked[INDEX_TIME] = "", serial[SERIAL_HEX + 1];
	const char *reason = index_reason(c);

	index_time(expires, c->not_after);
	if (is_revoked)
		index_time(revoked, is_unknown ? c->created_at : c->revoked_at);
	index_serial(serial, sizeof(serial), c->serial);
	/* V also after the end: for E, which `openssl ca -updatedb` would write, openssl ocsp gives no answer */
	if (fprintf(f, "%c\t%s\t%s%s%s\t%s\tunknown\t", is_revoked ? 'R' : 'V', expires, revoked,
		is_revoked && reason != NULL ? "," : "", is_revoked && reason != NULL ? reason : "", serial) < 0)
		return -1;
	return put_name(f, c);
}

/* Void certificates are omitted: OCSP answers "unknown", as for an unused serial. */
static int openssl_index_one(const struct cert_row *c, void *arg, struct err *e)
{
	if (cert_is(c, CERT_SIGNING) || cert_is(c, CERT_VOID))
		return 0;
	return put_line(arg, c) == 0 ? 0 : err_set_errno(e, ERR_OUTPUT, "cannot write the index");
}

int ledger_index(struct pki *p, const char *root_name, FILE *f, struct err *e)
{
	struct cert_query q = { .id = 0 };
	struct root_row root;

	if (root_row_find(&root, p, root_name, e) < 0)
		return -1;
	q.root_id = root.id;
	if (ledger_each_cert(p->ledger, &q, openssl_index_one, f, e) < 0)
		return -1;
	return fflush(f) == 0 ? 0 : err_set_errno(e, ERR_OUTPUT, "cannot write the index");
}
