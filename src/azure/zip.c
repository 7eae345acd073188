/* SPDX-License-Identifier: MIT */
/* zip.c - see zip.h. The only file that uses libzip. */
#include "azure/zip.h"

#include <string.h>
#include <sys/stat.h>
#include <zip.h>

#include "azure/input_error.h"
#include "util/array.h"
#include "util/library.h"

#define CLAIM_MAX (UINT64_C(256) << 20) /* limit for files that are not read: Azure's installers have 3 MiB */
#define RATIO_MAX 100                   /* Azure's text packs 5:1; deflate reaches at most 1032:1 */
#define RATIO_FREE 4096                 /* the ratio is not checked up to this size in bytes */
#define END_LEN 22                      /* end of central directory, APPNOTE 4.3.16 */
#define COMMENT_MAX 65535

#define ZIP_FUNCTIONS(X) \
	X(zip_discard) \
	X(zip_error_fini) \
	X(zip_error_init) \
	X(zip_error_strerror) \
	X(zip_fclose) \
	X(zip_file_get_external_attributes) \
	X(zip_file_strerror) \
	X(zip_fopen_index) \
	X(zip_fread) \
	X(zip_get_name) \
	X(zip_get_num_entries) \
	X(zip_open_from_source) \
	X(zip_source_buffer_create) \
	X(zip_source_free) \
	X(zip_stat_index) \
	X(zip_strerror)

static struct {
	ZIP_FUNCTIONS(LIBRARY_MEMBER)
} lib;
static const struct library_function lib_rows[] = { ZIP_FUNCTIONS(LIBRARY_ROW) };

static void close_file(zip_file_t *file)
{
	if (file != NULL)
		(void)lib.zip_fclose(file);
}
AUTO_DEFINE(zip_file_t, close_file);

bool zip_is_one(struct bytes content)
{
	return content.len >= 4 && (memcmp(content.data, "PK\3\4", 4) == 0 || memcmp(content.data, "PK\5\6", 4) == 0);
}

static int zip_refuse(struct err *e, const char *what, const char *cause)
{
	(void)format_refuse(e, "the zip %s", what);
	return err_cause(e, "%s", cause);
}

/* libzip allocates memory for the number of entries that the end of the zip claims, so the number is checked first. */
static int check_ends(struct bytes zip, struct err *e)
{
	size_t first = zip.len > END_LEN + COMMENT_MAX ? zip.len - END_LEN - COMMENT_MAX : 0;

	for (size_t at = first; at + END_LEN <= zip.len; at++) {
		const unsigned char *p = zip.data + at;

		if (memcmp(p, "PK\5\6", 4) != 0)
			continue;
		if (at >= 20 && memcmp(p - 20, "PK\6\7", 4) == 0)
			return limit_refuse(e, "the package is a Zip64 archive");
		if (p[10] + 256 * p[11] > FILES_MAX)
			return limit_refuse(e, "the package has more than %d entries", FILES_MAX);
	}
	return 0;
}

static int check_kind(zip_t *za, const zip_stat_t *st, struct err *e)
{
	zip_uint8_t system = 0;
	zip_uint32_t attributes = 0;
	mode_t type;

	if (lib.zip_file_get_external_attributes(za, st->index, 0, &system, &attributes) < 0)
		return zip_refuse(e, "cannot be read", lib.zip_strerror(za));
	type = (mode_t)(attributes >> 16) & S_IFMT;
	if ((system == ZIP_OPSYS_UNIX || system == ZIP_OPSYS_OS_X) && type != 0 && type != S_IFREG && type != S_IFDIR)
		return name_refuse(e, "an entry of the package is a link or a device");
	if (st->encryption_method != ZIP_EM_NONE)
		return format_refuse(e, "an entry of the package is encrypted");
	if (st->size > CLAIM_MAX)
		return limit_refuse(e, "an entry claims %llu bytes", (unsigned long long)st->size);
	return 0;
}

static int zip_list(struct files *out, zip_t *za, struct err *e)
{
	zip_int64_t n = lib.zip_get_num_entries(za, 0);

	for (zip_uint64_t i = 0; (zip_int64_t)i < n; i++) {
		const char *name = lib.zip_get_name(za, i, ZIP_FL_ENC_RAW);
		zip_stat_t st;

		if (name == NULL || lib.zip_stat_index(za, i, 0, &st) < 0)
			return zip_refuse(e, "cannot be read", lib.zip_strerror(za));
		if (files_add(out, name, i, e) < 0)
			return -1;
		if (check_kind(za, &st, e) < 0)
			return err_while(e, "reading '%s' in the package", out->all[out->n - 1].name);
	}
	return 0;
}

static int check_claim(const zip_stat_t *st, struct err *e)
{
	if (st->size > FILES_CONTENT_MAX)
		return limit_refuse(e, "it claims %llu bytes; %u are taken", (unsigned long long)st->size,
		    FILES_CONTENT_MAX);
	if (st->size > RATIO_FREE && st->size / RATIO_MAX > st->comp_size)
		return limit_refuse(e, "it claims %llu bytes in %llu", (unsigned long long)st->size,
		    (unsigned long long)st->comp_size);
	return 0;
}

/* libzip reports missing bytes and wrong CRCs at the end of the file. */
static int inflate_all(struct buf *out, zip_file_t *file, struct err *e)
{
	unsigned char chunk[16384];
	uint64_t total = 0;
	zip_int64_t got = 0;
	int result = 0;

	while (result == 0 && (got = lib.zip_fread(file, chunk, sizeof(chunk))) > 0) {
		total += (uint64_t)got;
		result = total > FILES_CONTENT_MAX ? limit_refuse(e, "it has more than %u bytes", FILES_CONTENT_MAX) :
						     buf_add(out, chunk, (size_t)got, e);
	}
	explicit_bzero(chunk, sizeof(chunk)); /* the file may contain the tls-auth key */
	if (result < 0)
		return -1;
	return got < 0 ? zip_refuse(e, "is truncated or damaged", lib.zip_file_strerror(file)) : 0;
}

static int zip_read_entry(struct buf *out, const struct files *f, const struct file_entry *entry, struct err *e)
{
	AUTO(zip_file_t) file = NULL;
	zip_stat_t st;

	if (lib.zip_stat_index(f->self, entry->index, 0, &st) < 0)
		return zip_refuse(e, "cannot be read", lib.zip_strerror(f->self));
	if (check_claim(&st, e) < 0)
		return -1;
	file = lib.zip_fopen_index(f->self, entry->index, 0);
	if (file == NULL)
		return zip_refuse(e, "cannot be read", lib.zip_strerror(f->self));
	return inflate_all(out, file, e);
}

static void close_zip(void *self)
{
	lib.zip_discard(self);
}

int zip_files(struct files *out, struct bytes zip, struct err *e)
{
	zip_source_t *source;
	zip_error_t why;
	int result = 0;

	if (check_ends(zip, e) < 0 || library_load(ZIP_SONAME, lib_rows, ARRAY_LEN(lib_rows), e) < 0)
		return -1;
	lib.zip_error_init(&why);
	source = lib.zip_source_buffer_create(zip.data, zip.len, 0, &why);
	out->self = source != NULL ? lib.zip_open_from_source(source, ZIP_RDONLY, &why) : NULL;
	if (out->self == NULL) {
		result = zip_refuse(e, "is not a zip file, or is truncated", lib.zip_error_strerror(&why));
		lib.zip_source_free(source); /* libzip owns the source only if it opened the zip */
	}
	lib.zip_error_fini(&why);
	if (result < 0)
		return -1;
	out->close = close_zip;
	out->read = zip_read_entry;
	return zip_list(out, out->self, e);
}
