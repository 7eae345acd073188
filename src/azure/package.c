/* SPDX-License-Identifier: MIT */
/* package.c - see package.h; finds the files of a package that are read. */
#include "azure/package.h"

#include <fnmatch.h>
#include <string.h>
#include <sys/stat.h>

#include "azure/files.h"
#include "azure/folder.h"
#include "azure/package_reader.h"
#include "azure/input_error.h"
#include "azure/zip.h"
#include "util/array.h"
#include "util/file.h"
#include "util/text.h"

#define PACKAGE_MAX ((size_t)64 << 20)
#define GENERIC "Generic/"

static int package_take_settings(struct reading *r, struct buf *file, struct err *e)
{
	return settings_xml_read(r, buf_bytes(file), e);
}

static int package_take_root(struct reading *r, struct buf *file, struct err *e)
{
	return package_reader_add_root(r, "it", buf_bytes(file), e);
}

static int take_ovpn(struct reading *r, struct buf *file, struct err *e)
{
	r->out->has_openvpn = true;
	return package_reader_state(r, STATED_TUNNEL, "OpenVPN", e) < 0 ? -1 : ovpn_read(r, buf_bytes(file), e);
}

/* If several files exist, the first row of the table is read. */
static int take_azurevpn(struct reading *r, struct buf *file, struct err *e)
{
	if (r->out->azurevpn.is_there)
		return 0;
	r->out->has_openvpn = true; /* the folder exists if OpenVPN is on; VpnType can omit it */
	r->out->azurevpn.is_there = true;
	return package_reader_state(r, STATED_TUNNEL, "OpenVPN", e) < 0 ? -1 : azurevpn_xml_read(r, buf_bytes(file), e);
}

static int take_script(struct reading *r, struct buf *file, struct err *e)
{
	return setup_ps1_read(r, buf_bytes(file), e);
}

/* In the order of reading; names are compared without case. */
static const struct wanted {
	const char *pattern;
	int (*take)(struct reading *r, struct buf *file, struct err *e);
	bool is_alone;               /* two matching files are refused */
	enum package_file file;
} wanted[] = {
	{ "Generic/VpnSettings.xml", package_take_settings, true, PACKAGE_SETTINGS },
	{ "Generic/VpnServerRoot.cer", package_take_root, true, PACKAGE_SERVER_ROOT },
	{ "Generic/VpnServerRoot.cer_*", package_take_root, false, PACKAGE_SERVER_ROOT },
	{ "OpenVPN/vpnconfig.ovpn", take_ovpn, true, PACKAGE_OVPN },
	{ "AzureVPN/azurevpnconfig_cert.xml", take_azurevpn, true, PACKAGE_AZUREVPN },
	{ "AzureVPN/azurevpnconfig.xml", take_azurevpn, true, PACKAGE_AZUREVPN },
	{ "AzureVPN/azurevpnconfig_aad.xml", take_azurevpn, true, PACKAGE_AZUREVPN },
	{ "*Powershell/VpnProfileSetup.ps1", take_script, true, PACKAGE_SCRIPT },
};
#define N_WANTED ARRAY_LEN(wanted)

static bool package_matches(const char *pattern, const char *name)
{
	size_t skip = strncmp(pattern, GENERIC, strlen(GENERIC)) == 0 ? strlen(GENERIC) : 0;

	/* The Generic folder alone is accepted. */
	return fnmatch(pattern, name, FNM_PATHNAME | FNM_CASEFOLD) == 0 ||
	    (skip > 0 && fnmatch(pattern + skip, name, FNM_PATHNAME | FNM_CASEFOLD) == 0);
}

static int package_read_one(
    struct reading *r, const struct files *f, const struct file_entry *entry, const struct wanted *w, struct err *e)
{
	AUTO_VALUE(buf) file = { 0 };

	r->file = w->file;
	if (files_read(&file, f, entry, e) < 0 || w->take(r, &file, e) < 0)
		return err_while(e, "reading '%s' in the package", entry->name);
	if (strchr(entry->name, '/') == NULL || strncasecmp(entry->name, GENERIC, strlen(GENERIC)) == 0)
		r->out->has_generic = true;
	r->out->is_part = r->out->is_part || strchr(entry->name, '/') == NULL;
	return 0;
}

static int read_all(struct reading *r, struct files *f, struct err *e)
{
	unsigned n = 0;

	files_sort(f);
	for (size_t row = 0; row < N_WANTED; row++) {
		unsigned of_row = 0;

		for (size_t i = 0; i < f->n; i++) {
			if (!package_matches(wanted[row].pattern, f->all[i].name))
				continue;
			if (of_row++ > 0 && wanted[row].is_alone)
				return name_refuse(e, "the package contains '%s' twice", f->all[i].name);
			if (package_read_one(r, f, &f->all[i], &wanted[row], e) < 0)
				return -1;
		}
		n += of_row;
	}
	return n > 0 ? 0 : format_refuse(e, "it contains no file of an Azure client package");
}

static int read_folder(struct reading *r, const char *path, struct err *e)
{
	AUTO_STRUCT(files) files = files_new(e);

	return files != NULL && folder_files(files, path, e) == 0 ? read_all(r, files, e) : -1;
}

static int read_zip(struct reading *r, struct bytes zip, struct err *e)
{
	AUTO_STRUCT(files) files = files_new(e);

	return files != NULL && zip_files(files, zip, e) == 0 ? read_all(r, files, e) : -1;
}

/* For a PDF or a certificate, the XML parser's message about the first byte would not help. */
static bool looks_like_xml(struct bytes file)
{
	size_t i = file.len >= 3 && memcmp(file.data, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

	while (i < file.len && file.data[i] != '\0' && strchr(" \t\r\n", file.data[i]) != NULL)
		i++;
	return (i < file.len && file.data[i] == '<') || memchr(file.data, '\0', file.len) != NULL; /* UTF-16 is named */
}

static int read_lone(struct reading *r, struct buf *file, struct err *e)
{
	if (buf_add(file, "", 1, e) < 0)
		return -1;
	file->len--;
	if (!looks_like_xml(buf_bytes(file)))
		return format_refuse(e, "the file is neither the zip that Azure makes nor a VpnSettings.xml");
	r->out->has_generic = r->out->is_part = true; /* VpnSettings.xml is part of Generic/ */
	return settings_xml_read(r, buf_bytes(file), e);
}

static int package_read_file(struct reading *r, const char *path, struct err *e)
{
	AUTO_VALUE(buf) file = { 0 };

	if (file_read(&file, path, PACKAGE_MAX, e) < 0)
		return e->status == ERR_INPUT ? err_rule(e, "package-limit", "give the zip that you downloaded from "
		    "Azure") : -1;
	return zip_is_one(buf_bytes(&file)) ? read_zip(r, buf_bytes(&file), e) : read_lone(r, &file, e);
}

int package_read(struct package *out, const char *path, package_cert_fn *read_cert, struct err *e)
{
	struct reading r = { .out = out, .read_cert = read_cert };
	struct stat st;
	bool is_folder = strcmp(path, "-") != 0 && stat(path, &st) == 0 && S_ISDIR(st.st_mode);

	(void)print_safe(out->source, sizeof(out->source), path, strlen(path));
	if ((is_folder ? read_folder(&r, path, e) : package_read_file(&r, path, e)) < 0)
		return err_while(e, "reading the package '%s'", path);
	return 0;
}
