/* SPDX-License-Identifier: MIT */
/* package_kit.c - see package_kit.h. */
#include "tests/unit/azure/package_kit.h"

#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zip.h>

#include "tests/unit/unit.h"
#include "util/file.h"
#include "x509/cert.h"
#include "x509/encode.h"
#include "tests/unit/x509/x509_kit.h"

struct buf pkit_gateway, pkit_gateway2, pkit_ours;
static char folder[64];

struct bytes pkit_bytes(const char *text)
{
	return (struct bytes){ (const unsigned char *)text, strlen(text) };
}

static void add(struct buf *out, const void *bytes, size_t len)
{
	struct err e = ERR_INIT;

	assert_int_equal(buf_add(out, bytes, len, &e), 0);
}

static void make_root(struct buf *der, const char *subject, long serial)
{
	static const struct kit_ext exts[] = { { "basicConstraints", "critical,CA:TRUE" }, { NULL, NULL } };

	kit_others(der, &(struct kit_others){ .subject = subject, .serial = serial, .exts = exts });
}

int pkit_set_up(void **state)
{
	(void)state;
	make_root(&pkit_gateway, "CN=Test Gateway Root", 11);
	make_root(&pkit_gateway2, "CN=Test Gateway Root G2", 12);
	make_root(&pkit_ours, "CN=Test Client Root", 13);
	(void)snprintf(folder, sizeof(folder), "/tmp/test-package.XXXXXX");
	assert_non_null(mkdtemp(folder));
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

int pkit_tear_down(void **state)
{
	(void)state;
	buf_clear(&pkit_gateway);
	buf_clear(&pkit_gateway2);
	buf_clear(&pkit_ours);
	EVP_PKEY_free(kit_rsa());
	return nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

const char *pkit_folder(void)
{
	return folder;
}

void pkit_put(const char *name, struct bytes content)
{
	char path[512];
	struct err e = ERR_INIT;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	if (strchr(name, '/') != NULL) {
		*strrchr(path, '/') = '\0';
		assert_int_equal(file_make_folder(path, &e), 0);
		(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	}
	assert_int_equal(file_write(path, content, 0600, true, &e), 0);
}

void pkit_replace(struct buf *text, const char *from, const char *to)
{
	AUTO_VALUE(buf) all = { 0 };
	const unsigned char *at = memmem(text->data, text->len, from, strlen(from));
	size_t before;

	if (at == NULL)
		fail_msg("no '%s'", from);
	before = (size_t)(at - text->data);
	add(&all, text->data, before);
	add(&all, to, strlen(to));
	add(&all, at + strlen(from), text->len - before - strlen(from));
	buf_clear(text);
	*text = all;
	all = (struct buf){ 0 };
}

static void replace_all(struct buf *text, const char *word, const char *with)
{
	while (memmem(text->data, text->len, word, strlen(word)) != NULL)
		pkit_replace(text, word, with);
}

static void replace_encoded(struct buf *text, const char *word, const char *format)
{
	AUTO_VALUE(buf) encoded = { 0 };
	struct err e = ERR_INIT;

	assert_int_equal(der_encode(&encoded, buf_bytes(&pkit_gateway), DER_CERT, format, &e), 0);
	while (encoded.len > 0 && encoded.data[encoded.len - 1] == '\n')
		encoded.len--;
	add(&encoded, "", 1);
	replace_all(text, word, (const char *)encoded.data);
}

static void replace_hash(struct buf *text, const char *word, const struct buf *der, const char *digit)
{
	unsigned char raw[SHA1_LEN];
	struct err e = ERR_INIT;
	char out[200] = "";
	size_t used = 0;

	assert_int_equal(hash_sha1(raw, buf_bytes(der), &e), 0);
	for (size_t i = 0; i < sizeof(raw); i++)
		used += (size_t)snprintf(out + used, sizeof(out) - used, digit[0] == 'x' ? "%02x" : "%02X ", raw[i]);
	replace_all(text, word, out);
}

void pkit_fixture(struct buf *out, const char *name)
{
	AUTO_VALUE(buf) text = { 0 };
	char path[100];

	(void)snprintf(path, sizeof(path), "package/%s", name);
	kit_data(&text, path);
	replace_hash(&text, "@CLIENT_ROOT_SPACED@", &pkit_ours, "X");
	replace_hash(&text, "@CLIENT_ROOT@", &pkit_ours, "x");
	replace_hash(&text, "@ROOT_SHA1@", &pkit_gateway, "x");
	replace_encoded(&text, "@ROOT_PEM@", "pem");
	replace_encoded(&text, "@ROOT@", "base64");
	for (size_t i = 0; i < text.len; i++)
		add(out, text.data[i] == '\n' ? "\r\n" : (const char *)text.data + i, text.data[i] == '\n' ? 2 : 1);
}

void pkit_zip(struct buf *out, const struct pkit_entry *entries, const char *password)
{
	char path[128];
	struct err e = ERR_INIT;
	zip_t *za;

	(void)snprintf(path, sizeof(path), "%s/made.zip", folder);
	za = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, NULL);
	assert_non_null(za);
	for (const struct pkit_entry *t = entries; t->name != NULL; t++) {
		zip_source_t *source = zip_source_buffer(za, t->content.data, t->content.len, 0);
		zip_int64_t at = zip_file_add(za, t->name, source, ZIP_FL_ENC_GUESS);

		assert_true(at >= 0);
		assert_int_equal(zip_file_set_mtime(za, (zip_uint64_t)at, 1700000000, 0), 0);
		if (password != NULL)
			assert_int_equal(zip_file_set_encryption(za, (zip_uint64_t)at, ZIP_EM_AES_256, password), 0);
	}
	assert_int_equal(zip_close(za), 0);
	assert_int_equal(file_read(out, path, (size_t)80 << 20, &e), 0);
	assert_int_equal(unlink(path), 0);
}

static uint32_t crc32_of(struct bytes b)
{
	uint32_t crc = 0xffffffff;

	for (size_t i = 0; i < b.len; i++) {
		crc ^= b.data[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ ((crc & 1) != 0 ? 0xedb88320 : 0);
	}
	return ~crc;
}

static void put(struct buf *out, uint64_t value, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		add(out, &(unsigned char){ (unsigned char)(value >> (8 * i)) }, 1);
}

/* What local and central headers have in common: APPNOTE 4.3.7 and 4.3.12. */
static void put_common(struct buf *out, const struct pkit_entry *t, bool is_zip64)
{
	put(out, 20, 2);
	put(out, t->flags, 2);
	put(out, 0, 2);
	put(out, 0x58210000, 4);
	put(out, crc32_of(t->content), 4);
	put(out, t->content.len, 4);
	put(out, is_zip64 ? 0xffffffff : t->claim != 0 ? t->claim : t->content.len, 4);
	put(out, strlen(t->name), 2);
	put(out, is_zip64 ? 12 : 0, 2);
}

static void put_name(struct buf *out, const struct pkit_entry *t, bool is_zip64)
{
	add(out, t->name, strlen(t->name));
	if (is_zip64) {
		put(out, 1, 2);
		put(out, 8, 2);
		put(out, t->claim, 8);
	}
}

void pkit_raw_zip(struct buf *out, const struct pkit_entry *entries)
{
	AUTO_VALUE(buf) central = { 0 };
	size_t n = 0, at;

	for (const struct pkit_entry *t = entries; t->name != NULL; t++, n++) {
		bool is_zip64 = t->claim >= UINT64_C(1) << 32;

		add(&central, "PK\1\2", 4);
		put(&central, 20, 1);
		put(&central, t->system, 1);
		put_common(&central, t, is_zip64);
		put(&central, 0, 6);
		put(&central, t->attributes, 4);
		put(&central, out->len, 4);
		put_name(&central, t, is_zip64);
		add(out, "PK\3\4", 4);
		put_common(out, t, is_zip64);
		put_name(out, t, is_zip64);
		add(out, t->content.data, t->content.len);
	}
	at = out->len;
	add(out, central.data, central.len);
	add(out, "PK\5\6\0\0\0\0", 8);
	put(out, n, 2);
	put(out, n, 2);
	put(out, central.len, 4);
	put(out, at, 4);
	put(out, 0, 2);
}

int pkit_read_cert(struct cert_info *out, struct buf *der, struct bytes file, struct err *e)
{
	return der_from_file(der, file, DER_CERT, e) < 0 ? -1 : cert_read(out, buf_bytes(der), e);
}

int pkit_read(struct package *out, struct bytes file, struct err *e)
{
	char path[128];
	int result;

	pkit_put("package", file);
	(void)snprintf(path, sizeof(path), "%s/package", folder);
	result = package_read(out, path, pkit_read_cert, e);
	assert_int_equal(unlink(path), 0);
	return result;
}

void pkit_new_package(struct buf *zip)
{
	AUTO_VALUE(buf) settings = { 0 };
	AUTO_VALUE(buf) azurevpn = { 0 };
	AUTO_VALUE(buf) ovpn = { 0 };
	AUTO_VALUE(buf) script = { 0 };

	pkit_fixture(&settings, "settings-2.xml");
	pkit_fixture(&azurevpn, "azurevpnconfig.xml");
	pkit_fixture(&ovpn, "vpnconfig.ovpn");
	pkit_fixture(&script, "VpnProfileSetup.ps1");
	pkit_zip(zip, (struct pkit_entry[]){
	    { .name = "Generic\\VpnSettings.xml", .content = buf_bytes(&settings) },
	    { .name = "Generic\\VpnServerRoot.cer_0", .content = buf_bytes(&pkit_gateway) },
	    { .name = "OpenVPN\\vpnconfig.ovpn", .content = buf_bytes(&ovpn) },
	    { .name = "AzureVPN\\azurevpnconfig.xml", .content = buf_bytes(&azurevpn) },
	    { .name = "WindowsAmd64\\VpnClientSetupAmd64.exe", .content = pkit_bytes("MZ") },
	    { .name = "WindowsX86\\VpnClientSetupX86.exe", .content = pkit_bytes("MZ") },
	    { .name = "WindowsPowershell\\VpnProfileSetup.ps1", .content = buf_bytes(&script) },
	    { .name = NULL } }, NULL);
}

void pkit_old_package(struct buf *zip)
{
	AUTO_VALUE(buf) settings = { 0 };

	pkit_fixture(&settings, "settings-1.xml");
	pkit_zip(zip, (struct pkit_entry[]){
	    { .name = "Generic/", .content = pkit_bytes("") },
	    { .name = "Generic/VpnSettings.xml", .content = buf_bytes(&settings) },
	    { .name = "Generic/VpnServerRoot.cer", .content = buf_bytes(&pkit_gateway) },
	    { .name = "WindowsAmd64/VpnClientSetupAmd64.exe", .content = pkit_bytes("MZ") },
	    { .name = NULL } }, NULL);
}

void pkit_refused(struct bytes file, const char *code, const char *part)
{
	struct package *p = calloc(1, sizeof(*p));
	struct err e = ERR_INIT;

	assert_non_null(p);
	if (pkit_read(p, file, &e) == 0)
		fail_msg("taken, not refused as %s", code);
	assert_int_equal(e.status, ERR_INPUT);
	if (e.code == NULL || strcmp(e.code, code) != 0)
		fail_msg("%s (%s), not %s", e.what, e.code, code);
	assert_non_null(e.hint);
	if (strstr(e.what, part) == NULL && strstr(e.cause, part) == NULL && strstr(e.doing[0], part) == NULL)
		fail_msg("'%s' (%s; %s) without '%s'", e.what, e.cause, e.doing[0], part);
	package_clear(p);
	free(p);
}

void pkit_raw_refused(const struct pkit_entry *entries, const char *code, const char *part)
{
	AUTO_VALUE(buf) zip = { 0 };

	pkit_raw_zip(&zip, entries);
	pkit_refused(buf_bytes(&zip), code, part);
}

void pkit_many(struct buf *out, const char *head, const char *middle, size_t n, const char *tail)
{
	struct err e = ERR_INIT;

	assert_int_equal(buf_add(out, head, strlen(head), &e), 0);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(buf_add(out, middle, strlen(middle), &e), 0);
	assert_int_equal(buf_add(out, tail, strlen(tail), &e), 0);
}
