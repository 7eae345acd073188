/* SPDX-License-Identifier: MIT */
/* profile_history.c - see profile_history.h. */
#include "pki/profile/profile_history.h"

#include <string.h>

#include "azure/package.h"
#include "pki/profile/package_op.h"
#include "profiles/profile.h"
#include "util/file.h"
#include "util/text.h"

#define PACKAGE_MAX (64 * 1024 * 1024)

/* The values that a profile was made from; compared later with a new package. */
static int profile_history_describe(
    struct profile_row *row, const struct package *package, const char *path, struct err *e)
{
	AUTO_VALUE(buf) file = { 0 };
	AUTO_VALUE(buf) key = { 0 };
	struct err is_folder;

	*row = (struct profile_row){ .id = 0 };
	(void)snprintf(row->server, sizeof(row->server), "%s", package->server);
	for (unsigned i = 0; i < package->n_roots; i++) {
		size_t used = strlen(row->gateway_roots);

		(void)snprintf(row->gateway_roots + used, sizeof(row->gateway_roots) - used, "%s%s", i > 0 ? "," : "",
		    package->roots[i].info.fingerprint);
	}
	if (package_tls_auth(&key, package, e) < 0 ||
	    (key.len > 0 && hash_sha256_hex(row->tls_auth_sha256, buf_bytes(&key), e) < 0))
		return -1;
	if (file_read(&file, path, PACKAGE_MAX, &is_folder) < 0)
		return 0;
	return hash_sha256_hex(row->package_sha256, buf_bytes(&file), e);
}

int profile_remember(struct pki *p, const struct profile_job *job, int64_t cert_id, struct err *e)
{
	struct profile_row rows[PROFILE_FORMATS_MAX];

	if (p->ledger == NULL || cert_id == 0)
		return 0;
	if (profile_history_describe(&rows[0], &job->package, job->options->package_path, e) < 0)
		return -1;
	rows[0].cert_id = cert_id;
	for (size_t i = 0; i < job->n_formats; i++) {
		rows[i] = rows[0];
		(void)snprintf(rows[i].format, sizeof(rows[i].format), "%s", job->formats[i]->name);
	}
	return ledger_profiles_written(p->ledger, rows, job->n_formats, e);
}

struct stale_line {
	const char *client, *device, *format, *why, *serial;
	int64_t written_at;
};
const struct out_field stale_fields[] = {
	{ OUT_TEXT("client_name", "CLIENT", struct stale_line, client), .help = "name of the client" },
	{ OUT_TEXT("device", "DEVICE", struct stale_line, device), .help = "device of the client; null without" },
	{ OUT_TEXT("format", "FORMAT", struct stale_line, format),
	    .help = "format of the profile; null: every format" },
	{ OUT_TEXT("reason", "WHY", struct stale_line, why), .as = OUT_AS_FACT,
	    .help = "what the new package or a renewal changes" },
	{ OUT_TEXT("serial", NULL, struct stale_line, serial), .help = "of the client's certificate" },
	{ OUT_TIME("written_at", "WRITTEN", struct stale_line, written_at), .help = "when it was written" },
	{ .key = NULL },
};

struct staleness {
	struct pki *p;
	const struct package *package;
	struct profile_row new;
	profile_stale_fn *fn;
	void *arg;
};

static bool profile_history_has_root(const char *list, const char *fingerprint)
{
	const char *at = strstr(list, fingerprint);

	return at != NULL && strlen(fingerprint) > 0;
}

/* A gateway may use any root of its package: the client's profile must contain each. */
static bool knows_all_roots(const struct staleness *s, const struct profile_row *old)
{
	for (unsigned i = 0; i < s->package->n_roots; i++)
		if (!profile_history_has_root(old->gateway_roots, s->package->roots[i].info.fingerprint) &&
		    !profile_history_has_root(old->gateway_roots, s->package->roots[i].info.thumbprint))
			return false;
	return true;
}

static const char *what_breaks(const struct staleness *s, const struct profile_row *old, const struct profile_format *f)
{
	if (!f->needs_ikev2 && !f->needs_openvpn)
		return NULL; /* the format has only a key and certificate, nothing of the gateway */
	if (strcmp(old->server, s->new.server) != 0)
		return "the profile names another server: the package is of another gateway, or the gateway was "
		       "created again";
	if (!knows_all_roots(s, old))
		return "the profile lacks a current root of the gateway";
	if (f->needs_openvpn && strcmp(old->tls_auth_sha256, s->new.tls_auth_sha256) != 0)
		return "the gateway has a new tls-auth key";
	if ((f->needs_ikev2 && !s->package->has_ikev2) || (f->needs_openvpn && !s->package->has_openvpn))
		return "the gateway no longer offers its tunnel type";
	return NULL;
}

static int profile_history_look(const struct profile_row *old, void *arg, struct err *e)
{
	struct staleness *s = arg;
	const struct cert_query q = { .id = old->cert_id, .live_only = true, .state = "issued" };
	const struct profile_format *f;
	struct cert_row cert;
	struct err unknown;
	const char *why;
	bool found;

	if (profile_format_find(&f, old->format, &unknown) < 0)
		return 0; /* a format of another version of p11ca: not judged */
	why = what_breaks(s, old, f);
	if (why == NULL)
		return 0;
	if (ledger_cert_find(&cert, NULL, &found, s->p->ledger, &q, e) < 0)
		return -1;
	return found ? s->fn(&cert, old, why, s->arg, e) : 0;
}

int profile_each_stale(struct pki *p, const struct package *package, const char *package_path, profile_stale_fn *fn,
    void *arg, struct err *e)
{
	struct staleness s = { .p = p, .package = package, .fn = fn, .arg = arg };

	return profile_history_describe(&s.new, package, package_path, e) < 0
		   ? -1
		   : ledger_each_profile(p->ledger, true, profile_history_look, &s, e);
}

struct stale_rows {
	struct out *o;
	unsigned n;
};

static int print_stale(const struct cert_row *client, const struct profile_row *profile, const char *why, void *arg,
    struct err *e)
{
	struct stale_rows *rows = arg;
	const struct stale_line line = { .client = client->name,
		.device = text_or_null(client->device), .format = text_or_null(profile->format), .why = why,
		.serial = client->serial, .written_at = profile->written_at };

	rows->n++;
	return out_row(rows->o, &line, e);
}

int profile_stale(struct pki *p, const char *package_path, struct out *o, struct err *e)
{
	AUTO_VALUE(package) package = { .n_roots = 0 };
	struct stale_rows rows = { .o = o };

	if (pki_read_package(&package, package_path, e) < 0 || out_list(o, "stale", stale_fields, e) < 0 ||
	    profile_each_renewed(p, print_stale, &rows, e) < 0 ||
	    profile_each_stale(p, &package, package_path, print_stale, &rows, e) < 0 || out_end(o, e) < 0)
		return -1;
	return rows.n > 0 ? 1 : 0;
}
