/* SPDX-License-Identifier: MIT */
/* files.c - see files.h. */
#include "profiles/files.h"

#include <stdio.h>
#include <string.h>

#include "out/template.h"
#include "util/base64.h"

void profile_stem(char out[PROFILE_STEM], const struct vpn_profile *p)
{
	(void)snprintf(out, PROFILE_STEM, "%.64s", p->connection);
	for (char *c = out; *c != '\0'; c++)
		if (*c == '.' || *c == ' ')
			*c = '-';
}

void profile_numbered(char out[PROFILE_NUMBERED], const char *pattern, unsigned n)
{
	const size_t before = strcspn(pattern, "#");
	const char *after = pattern[before] != '\0' ? pattern + before + 1 : "";

	(void)snprintf(out, PROFILE_NUMBERED, "%.*s%u%s", (int)before, pattern, n + 1, after);
}

int profile_file(struct profile_files *out, const struct vpn_profile *p, const char *pattern, struct buf *content,
    bool is_secret, struct err *e)
{
	AUTO_VALUE(buf) name = { 0 };
	char stem[PROFILE_STEM];
	const struct template_var values[] = { { .name = "STEM", .plain = stem }, { .name = NULL } };

	profile_stem(stem, p);
	if (template_fill(&name, pattern, values, NULL, e) < 0 || buf_add(&name, "", 1, e) < 0) {
		buf_clear(content);
		return -1;
	}
	return profile_files_add(out, (const char *)name.data, content, is_secret, e);
}

int profile_copy(struct profile_files *out, const char *folder, const char *name, struct bytes content, bool is_secret,
    struct err *e)
{
	AUTO_VALUE(buf) copy = { 0 };
	char path[sizeof(((struct profile_file *)NULL)->name)];

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	if (buf_add(&copy, content.data, content.len, e) < 0)
		return -1;
	return profile_files_add(out, path, &copy, is_secret, e);
}

static bool files_is_pem(const char *name)
{
	const size_t len = strlen(name);

	return len >= 4 && strcmp(name + len - 4, ".pem") == 0;
}

int profile_cert(struct profile_files *out, const struct vpn_profile *p, const char *folder, const char *pattern,
    struct bytes der, struct err *e)
{
	AUTO_VALUE(buf) content = { 0 };
	char path[sizeof(((struct profile_file *)NULL)->name)];
	const int result = files_is_pem(pattern) ? pem_encode(&content, "CERTIFICATE", der, e) :
						   buf_add(&content, der.data, der.len, e);

	if (result < 0)
		return -1;
	(void)snprintf(path, sizeof(path), "%s%s%s", folder, folder[0] != '\0' ? "/" : "", pattern);
	return profile_file(out, p, path, &content, false, e);
}

int profile_issuers(struct profile_files *out, const struct vpn_profile *p, const char *folder, const char *pattern,
    struct err *e)
{
	char name[PROFILE_NUMBERED];

	for (unsigned i = 0; i < p->n_issuers; i++) {
		profile_numbered(name, pattern, i);
		if (profile_cert(out, p, folder, name, p->issuers[i], e) < 0)
			return -1;
	}
	return 0;
}

int profile_gateway_roots(struct profile_files *out, const struct vpn_profile *p, const char *folder,
    const char *pattern, struct err *e)
{
	char name[PROFILE_NUMBERED];

	if (p->package->n_roots == 0)
		return err_set(e, ERR_INPUT, "the package contains no root of the gateway");
	for (unsigned i = 0; i < p->package->n_roots; i++) {
		profile_numbered(name, pattern, i);
		if (profile_cert(out, p, folder, name, buf_bytes(&p->package->roots[i].der), e) < 0)
			return -1;
	}
	return 0;
}
