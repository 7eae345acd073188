/* SPDX-License-Identifier: MIT */
/* profile_job.c - combines package, certificate and key into a struct vpn_profile, and runs the formats. */
#include <stdlib.h>
#include <string.h>

#include "pki/profile/package_op.h"
#include "pki/profile/profile.h"
#include "pki/issue/receipt_read.h"
#include "profiles/profile.h"
#include "util/file.h"
#include "util/file_name.h"
#include "util/text.h"
#include "x509/cert.h"
#include "x509/issuers.h"
#include "x509/pfx/pfx_read.h"

#define PFX_MAX (1024 * 1024)

void profile_job_clear(struct profile_job *job)
{
	package_clear(&job->package);
	buf_clear(&job->pfx);
	buf_clear(&job->pfx_apple);
	profile_seal_clear(&job->seal);
	memset(job, 0, sizeof(*job));
}

static int profile_job_add_format(struct profile_job *job, const char *name, struct err *e)
{
	const struct profile_format *f;

	if (profile_format_find(&f, name, e) < 0)
		return -1;
	for (size_t i = 0; i < job->n_formats; i++)
		if (job->formats[i] == f)
			return err_set(e, ERR_USAGE, "--for has '%s' twice", name);
	if (job->n_formats >= PROFILE_FORMATS_MAX)
		return err_set(e, ERR_USAGE, "--for has more than %d formats", PROFILE_FORMATS_MAX);
	job->formats[job->n_formats++] = f;
	return 0;
}

static int find_all_formats(struct profile_job *job, struct err *e)
{
	const struct profile_format *f;

	job->is_all = true;
	for (size_t i = 0; (f = profile_format_at(i)) != NULL; i++)
		if (profile_job_add_format(job, f->name, e) < 0)
			return -1;
	return 0;
}

static int find_formats(struct profile_job *job, const char *list, struct err *e)
{
	if (strcmp(list, "all") == 0)
		return find_all_formats(job, e);
	for (;;) {
		size_t len = strcspn(list, ",");
		char name[32];

		if (len == 0 || len >= sizeof(name))
			return err_set(e, ERR_USAGE, "--for requires formats separated by commas");
		(void)snprintf(name, sizeof(name), "%.*s", (int)len, list);
		if (profile_job_add_format(job, name, e) < 0)
			return -1;
		if (list[len] == '\0')
			return 0;
		list += len + 1;
		list += strspn(list, " ");
	}
}

int profile_job_open(struct profile_job *job, const struct profile_options *options, struct err *e)
{
	job->options = options;
	if (options->connection_name != NULL && profile_check_connection(options->connection_name, e) < 0)
		return err_while(e, "reading --connection-name");
	if (find_formats(job, options->formats, e) < 0 || pki_read_package(&job->package, options->package_path, e) < 0)
		return -1;
	if (options->pfx_path != NULL && (file_read(&job->pfx, options->pfx_path, PFX_MAX, e) < 0 ||
		pfx_read_encryption(&job->pfx_encryption, buf_bytes(&job->pfx), e) < 0))
		return err_while(e, "reading the PKCS#12 file '%s'", options->pfx_path);
	return 0;
}

static enum profile_key profile_job_key_of(const struct profile_options *options)
{
	if (options->pfx_path != NULL || options->is_made_here)
		return PROFILE_KEY_PFX;
	if (options->enrolment_url != NULL)
		return options->is_acme ? PROFILE_KEY_ACME : PROFILE_KEY_SCEP;
	return PROFILE_KEY_TOKEN;
}

/* The client's IKE identity: the first SAN of the certificate, which a client prefers to the subject. */
static const char *profile_job_local_id(const struct cert_info *cert)
{
	for (unsigned i = 0; i < cert->n_sans; i++)
		if (cert->sans[i].type == SAN_EMAIL || cert->sans[i].type == SAN_DNS)
			return cert->sans[i].text;
	return cert->cn;
}

#define CONNECTION_PART 31

/*
 * A connection's name must not contain '@', which becomes '_'; a text with such a '_' gets a hash, so that names stay
 * unique.
 */
static int name_part(char out[CONNECTION_PART], const char *text, struct err *e)
{
	const struct bytes identity = { (const unsigned char *)text, strlen(text) };
	char own[CONNECTION_PART + 1];

	(void)snprintf(own, sizeof(own), "%s", text); /* one character too long stays too long */
	for (char *c = own; *c != '\0'; c++)
		*c = *c == '@' ? '_' : *c;
	return file_name_build(out, CONNECTION_PART, own, identity,
	    strchr(text, '_') == NULL ? OWN_NAME_ANY_CASE : OWN_NAME_NEVER, e);
}

static int name_connection(struct vpn_profile *v, const char *chosen, const struct package *p,
    const struct cert_info *cert, struct err *e)
{
	char vnet[CONNECTION_PART], client[CONNECTION_PART];

	v->is_name_chosen = chosen != NULL;
	if (chosen != NULL) {
		(void)snprintf(v->connection, sizeof(v->connection), "%s", chosen);
		return 0;
	}
	if (name_part(vnet, p->vnet_name[0] != '\0' ? p->vnet_name : "azure", e) < 0 ||
	    name_part(client, cert->cn, e) < 0)
		return -1;
	(void)snprintf(v->connection, sizeof(v->connection), "%s-%s", vnet, client);
	return 0;
}

static int fill_location(struct vpn_profile *v, char uri[700], const struct key_location *place, const char *module,
    struct err *e)
{
	struct token_info info = { .is_initialised = true };

	(void)snprintf(info.label, sizeof(info.label), "%s", place->token_label);
	(void)snprintf(info.serial, sizeof(info.serial), "%s", place->token_serial);
	(void)snprintf(info.manufacturer, sizeof(info.manufacturer), "%s", place->token_manufacturer);
	(void)snprintf(info.model, sizeof(info.model), "%s", place->token_model);
	v->cka_id = place->cka_id;
	v->token_label = place->token_label;
	v->token_serial = place->token_serial;
	v->token_manufacturer = place->token_manufacturer;
	v->token_model = place->token_model;
	v->module_path = module != NULL ? module : place->module_path;
	v->key_uri = uri;
	return uri_format_object(uri, 700, &info, NULL, place->cka_id, e);
}

static void fill_options(struct vpn_profile *v, const struct profile_job *job)
{
	const struct profile_options *options = job->options;

	*v = (struct vpn_profile){ .package = &job->package,
		.key = profile_job_key_of(options),
		.pfx = buf_bytes(&job->pfx),
		.pfx_apple = buf_bytes(&job->pfx_apple),
		.pfx_encryption = options->pfx_path != NULL ? &job->pfx_encryption : NULL,
		.enrolment_url = options->enrolment_url,
		.use_pubkey = options->use_pubkey,
		.openvpn_uri = options->openvpn_uri,
		.openvpn_connect3 = options->openvpn_connect3,
		.openvpn_windows26 = options->openvpn_windows26,
		.windows_smartcard = options->windows_smartcard };
}

int profile_job_check(struct profile_job *job, bool is_on_token, struct err *e)
{
	struct vpn_profile v;

	fill_options(&v, job);
	for (size_t i = 0; i < job->n_formats; i++) {
		const struct profile_format *f = job->formats[i];
		const bool is_open =
		    profile_job_key_of(job->options) == PROFILE_KEY_TOKEN && !is_on_token && !v.windows_smartcard;

		v.key = is_open && (f->keys & 1U << PROFILE_KEY_STORE) != 0 ? PROFILE_KEY_STORE
									    : profile_job_key_of(job->options);
		if (profile_check(f, &v, e) < 0 && profile_rules_skip(job, &i, e) < 0)
			return err_while(e, "checking --for %s", f->name);
	}
	memcpy(job->checked, job->formats, sizeof(job->checked));
	job->n_checked = job->n_formats;
	return 0;
}

void profile_job_next_client(struct profile_job *job)
{
	memcpy(job->formats, job->checked, sizeof(job->formats));
	job->n_formats = job->n_checked;
}

static int profile_job_write_one(const struct profile_file *f, const char *path, bool force, struct err *e)
{
	AUTO(char) folder = strdup(path);
	bool same;

	if (folder == NULL)
		return err_set(e, ERR_INTERNAL, "out of memory");
	*strrchr(folder, '/') = '\0';
	if (file_make_folder(folder, e) < 0 || file_is_same(&same, path, buf_bytes(&f->content), e) < 0)
		return -1;
	return same ? 0 : file_write(path, buf_bytes(&f->content), f->mode, force, e);
}

static int write_format(const struct profile_files *files, const char *format, const struct profile_target *to,
    struct err *e)
{
	AUTO(char) folder = file_join(to->folder, format, e);
	size_t len = strlen(format);

	for (size_t i = 0; folder != NULL && i < files->n; i++) {
		const char *name = files->all[i].name;
		bool names_folder = strncmp(name, format, len) == 0 && name[len] == '/';
		AUTO(char) path = file_join(names_folder ? to->folder : folder, name, e);

		if (path == NULL || (!to->dry_run && profile_job_write_one(&files->all[i], path, to->force, e) < 0) ||
		    (to->wrote != NULL && to->wrote(format, path, &files->all[i], to->arg, e) < 0))
			return -1;
	}
	return folder == NULL ? -1 : 0;
}

static bool is_sealed(const char *file)
{
	static const char suffix[] = ".mobileconfig";
	size_t len = strlen(file);

	return len >= sizeof(suffix) && strcmp(file + len + 1 - sizeof(suffix), suffix) == 0;
}

static int profile_profile_job_seal(struct profile_files *files, const struct profile_job *job, struct err *e)
{
	for (size_t i = 0; job->options->sign_with != NULL && i < files->n; i++)
		if (is_sealed(files->all[i].name) && profile_seal_file(&job->seal, &files->all[i].content, e) < 0)
			return -1;
	return 0;
}

int profile_job_seal(struct profile_job *job, struct pki *p, bool dry_run, struct err *e)
{
	bool has = false;

	if (job->options->sign_with == NULL)
		return 0;
	for (size_t i = 0; i < job->n_formats; i++)
		has = has || strcmp(job->formats[i]->name, "mobileconfig") == 0;
	if (!has)
		return err_set(e, ERR_USAGE, "--sign-with requires --for mobileconfig: it signs Apple's profile");
	return profile_seal_open(&job->seal, p, job->options->sign_with, dry_run, e);
}

int profile_set_chain(struct profile_client *c, struct profile_chain *store, struct bytes issuer, struct bytes issuers,
    struct err *e)
{
	struct bytes list[ISSUERS_MAX];
	const size_t n = issuers_list(list, issuers);

	_Static_assert(ISSUERS_MAX <= VPN_ISSUERS_MAX, "a chain fits");
	c->n_issuers = 0;
	if (n > 0)
		c->issuers[c->n_issuers++] = issuer;
	for (size_t i = 0; i + 1 < n; i++)
		c->issuers[c->n_issuers++] = list[i];
	c->root = issuers_top(issuer, issuers);
	c->root_info = &store->root;
	c->issuer_info = &store->issuer;
	return cert_read_known(&store->root, c->root, e) < 0 ? -1 : cert_read_known(&store->issuer, issuer, e);
}

/* Removes the formats of --for all that cannot use this key or this package. */
static int select_formats(struct profile_job *job, const struct vpn_profile *v, struct err *e)
{
	for (size_t i = 0; job->is_all && i < job->n_formats; i++)
		if (profile_check(job->formats[i], v, e) < 0 && profile_rules_skip(job, &i, e) < 0)
			return -1;
	return 0;
}

static int build_all(struct profile_files files[], struct profile_job *job, const struct profile_client *c,
    struct pki *p, struct err *e)
{
	struct vpn_profile v;
	char uri[700];

	fill_options(&v, job);
	if (job->options->pfx_path != NULL && profile_pfx_check(job, p, c, e) < 0)
		return -1;
	v.cert = c->cert;
	v.cert_info = c->cert_info;
	v.root = c->root;
	v.root_info = c->root_info;
	memcpy(v.issuers, c->issuers, sizeof(v.issuers));
	v.n_issuers = c->n_issuers;
	v.local_id = profile_job_local_id(c->cert_info);
	if (name_connection(&v, job->options->connection_name != NULL ? job->options->connection_name
								      : text_or_null(p->config.connection_name),
		&job->package, c->cert_info, e) < 0)
		return -1;
	if (v.key == PROFILE_KEY_TOKEN && c->location == NULL) /* p11ca saw the key's request, never the key */
		v.key = PROFILE_KEY_STORE;
	if (v.key == PROFILE_KEY_TOKEN && fill_location(&v, uri, c->location, job->options->client_module, e) < 0)
		return -1;
	if (select_formats(job, &v, e) < 0 || profile_rules_client(job, p, c, &v, e) < 0)
		return -1;
	for (size_t i = 0; i < job->n_formats; i++)
		if (profile_write(&files[i], job->formats[i], &v, e) < 0 ||
		    profile_profile_job_seal(&files[i], job, e) < 0)
			return err_while(e, "writing the %s profile of '%s'", job->formats[i]->name, c->cert_info->cn);
	return 0;
}

int profile_job_write(struct profile_job *job, const struct profile_client *c, const struct profile_target *to,
    struct err *e)
{
	struct profile_files *files = calloc(PROFILE_FORMATS_MAX, sizeof(*files));
	int result;

	if (files == NULL)
		return err_set(e, ERR_INTERNAL, "out of memory");
	result = receipt_check_folder(to->folder, c->cert_info->cn, NULL, e);
	if (result == 0)
		result = build_all(files, job, c, to->pki, e); /* all profiles, before the first is written */
	for (size_t i = 0; result == 0 && i < job->n_formats; i++)
		result = write_format(&files[i], job->formats[i]->name, to, e);
	for (size_t i = 0; i < job->n_formats; i++)
		profile_files_clear(&files[i]);
	free(files);
	return result;
}
