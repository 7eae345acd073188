/* SPDX-License-Identifier: MIT */
/* test_package_zip.c - zips and folders that Azure did not make: refused with their code, in bounded memory. */
#include "tests/unit/unit.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/azure/package_kit.h"

#define CODE(name) "package-" name
#define XML "Generic/VpnSettings.xml"

TEST(the_frame_of_these_tests_is_good)
{
	AUTO_VALUE(buf) zip = { 0 };
	struct package *p = calloc(1, sizeof(*p));
	struct err e = ERR_INIT;

	assert_non_null(p);
	pkit_raw_zip(&zip, PKIT_LIST(PKIT_SETTINGS("Generic\\VpnSettings.xml"), PKIT_OTHER("x.exe")));
	if (pkit_read(p, buf_bytes(&zip), &e) < 0)
		fail_msg("%s (%s)", e.what, e.cause);
	package_clear(p);
	free(p);
}

TEST(names_that_lead_elsewhere)
{
	static const struct {
		const char *name, *part;
	} all[] = {
		{ "../VpnSettings.xml", "elsewhere" },
		{ "Generic\\..\\..\\x", "elsewhere" },
		{ "Generic/./x", "elsewhere" },
		{ "Generic//x", "elsewhere" },
		{ "..", "elsewhere" },
		{ "/etc/passwd", "absolute" },
		{ "\\\\server\\share", "absolute" },
		{ "C:\\x", "absolute" },
		{ "c:x", "absolute" },
		{ "a\nb", "control" },
		{ "a\xe2\x80\xae" "b", "control" },
		{ "a\xff", "control" },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		pkit_raw_refused(PKIT_LIST(PKIT_SETTINGS(XML), PKIT_OTHER(all[i].name)), CODE("name"), all[i].part);
}

TEST(names_that_are_there_twice)
{
	static const char *const all[] = { XML, "Generic\\VpnSettings.xml", "GENERIC/vpnsettings.XML", XML "/" };

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		pkit_raw_refused(PKIT_LIST(PKIT_SETTINGS(XML), PKIT_SETTINGS(all[i])), CODE("name"), "twice");
	pkit_raw_refused(PKIT_LIST(PKIT_SETTINGS(XML), PKIT_SETTINGS("VpnSettings.xml")), CODE("name"), "twice");
}

TEST(long_names)
{
	static char name[300];

	memset(name, 'a', sizeof(name) - 1);
	pkit_raw_refused(PKIT_LIST(PKIT_SETTINGS(XML), PKIT_OTHER(name)), CODE("name"), "longer");
}

TEST(links_and_encrypted_entries)
{
	AUTO_VALUE(buf) zip = { 0 };

	pkit_raw_refused(PKIT_LIST({ .name = XML, .content = pkit_bytes("/etc/passwd"),
	    .system = 3, .attributes = 0120777U << 16 }), CODE("name"), "link");
	pkit_raw_refused(PKIT_LIST({ .name = XML, .content = pkit_bytes(PKIT_GOOD), .flags = 1 }), CODE("format"),
	    "encrypted");
	pkit_zip(&zip, PKIT_LIST(PKIT_SETTINGS(XML)), "secret");
	pkit_refused(buf_bytes(&zip), CODE("format"), "encrypted");
}

TEST(folders_with_links)
{
	struct package *p = calloc(1, sizeof(*p));
	char path[200], link[200];
	struct err e = ERR_INIT;

	assert_non_null(p);
	pkit_put("linked/Generic/x", pkit_bytes("x"));
	(void)snprintf(path, sizeof(path), "%s/linked", pkit_folder());
	(void)snprintf(link, sizeof(link), "%s/linked/Generic/VpnSettings.xml", pkit_folder());
	assert_int_equal(symlink("/etc/passwd", link), 0);
	assert_int_equal(package_read(p, path, pkit_read_cert, &e), -1);
	assert_string_equal(e.code, CODE("name"));
	assert_int_equal(unlink(link), 0);
	pkit_put("linked/Generic\\x", pkit_bytes("x"));
	assert_int_equal(package_read(p, path, pkit_read_cert, &e), -1);
	assert_string_equal(e.code, CODE("name"));
	assert_non_null(strstr(e.what, "twice"));
	package_clear(p);
	free(p);
}

TEST(sizes_that_are_claimed)
{
	static const uint64_t claims[] = { (1U << 20) + 1, 0xfffffffe, UINT64_C(1) << 32, UINT64_C(1) << 62 };

	for (size_t i = 0; i < sizeof(claims) / sizeof(claims[0]); i++)
		pkit_raw_refused(PKIT_LIST({ .name = XML, .content = pkit_bytes(PKIT_GOOD),
		    .claim = claims[i] }), CODE("limit"), i == 0 ? "1048576 are taken" : "claims");
	pkit_raw_refused(PKIT_LIST(PKIT_SETTINGS(XML), { .name = "x.exe",
	    .content = pkit_bytes("x"), .claim = UINT64_C(5) << 32 }), CODE("limit"), "claims");
	pkit_raw_refused(PKIT_LIST({ .name = XML, .content = pkit_bytes(PKIT_GOOD), .claim = 7000 }), CODE("format"),
	    "damaged");
}

/* What becomes large only when it is inflated. */
static void bomb(struct buf *zip, size_t size)
{
	unsigned char *blanks = malloc(size);

	assert_non_null(blanks);
	memset(blanks, ' ', size);
	memcpy(blanks, PKIT_GOOD, strlen(PKIT_GOOD));
	pkit_zip(zip, PKIT_LIST({ .name = "Generic\\VpnSettings.xml", .content = { blanks, size } }), NULL);
	free(blanks);
}

TEST(zip_bombs)
{
	AUTO_VALUE(buf) small = { 0 };
	AUTO_VALUE(buf) large = { 0 };
	unsigned char *size;

	bomb(&small, 1000000);
	pkit_refused(buf_bytes(&small), CODE("limit"), "claims 1000000 bytes in");
	bomb(&large, 20 << 20);
	pkit_refused(buf_bytes(&large), CODE("limit"), "claims 20971520 bytes");
	/* The same with a small size in the central directory, 24 bytes into its header: counting finds it. */
	size = memmem(large.data, large.len, "PK\1\2", 4);
	assert_non_null(size);
	memcpy(size + 24, "\0\10\0\0", 4);
	pkit_refused(buf_bytes(&large), CODE("limit"), "has more than 1048576 bytes");
}

TEST(too_many)
{
	static struct pkit_entry entries[300];
	static char names[300][8];
	AUTO_VALUE(buf) zip = { 0 };
	unsigned char *end;

	for (size_t i = 0; i < 299; i++) {
		(void)snprintf(names[i], sizeof(names[i]), "%zu", i);
		entries[i] = (struct pkit_entry)PKIT_OTHER(names[i]);
	}
	pkit_raw_refused(entries, CODE("limit"), "256 entries");
	/* The end says one, the directory has more; the end says 65535 and Zip64. */
	pkit_raw_zip(&zip, PKIT_LIST(PKIT_SETTINGS(XML)));
	end = memmem(zip.data, zip.len, "PK\5\6", 4);
	assert_non_null(end);
	memset(end + 8, 0xff, 4);
	pkit_refused(buf_bytes(&zip), CODE("limit"), "256 entries");
	memcpy(end - 20, "PK\6\7", 4);
	pkit_refused(buf_bytes(&zip), CODE("limit"), "Zip64");
}

/* Cut anywhere, or with any byte changed: refused or read, never more. */
TEST(truncated_and_damaged)
{
	AUTO_VALUE(buf) zip = { 0 };
	struct package *p = calloc(1, sizeof(*p));
	struct err e = ERR_INIT;

	assert_non_null(p);
	pkit_new_package(&zip);
	for (size_t len = 0; len < zip.len; len += 97) {
		assert_int_equal(pkit_read(p, (struct bytes){ zip.data, len }, &e), -1);
		assert_int_equal(e.status, ERR_INPUT);
		package_clear(p);
	}
	for (size_t at = 0; at < zip.len; at += 53) {
		zip.data[at] ^= 0x55;
		if (pkit_read(p, buf_bytes(&zip), &e) < 0)
			assert_int_equal(e.status, ERR_INPUT);
		package_clear(p);
		zip.data[at] ^= 0x55;
	}
	free(p);
}

#ifndef __SANITIZE_ADDRESS__ /* which takes terabytes of addresses for itself */
/* Central directory headers without end, for a zip that claims few of them. */
static void many_headers(struct buf *zip)
{
	struct err e = ERR_INIT;
	unsigned char header[46] = "PK\1\2";

	assert_int_equal(buf_add(zip, "PK\3\4", 4, &e), 0);
	while (zip->len + sizeof(header) < (size_t)40 << 20)
		assert_int_equal(buf_add(zip, header, sizeof(header), &e), 0);
	assert_int_equal(buf_add(zip, "PK\5\6\0\0\0\0\377\377\377\377\377\377\177\2\4\0\0\0\0\0", 22, &e), 0);
}

static size_t address_space(void)
{
	unsigned long pages = 0;
	FILE *f = fopen("/proc/self/statm", "r");

	assert_non_null(f);
	assert_int_equal(fscanf(f, "%lu", &pages), 1);
	(void)fclose(f);
	return pages * (size_t)sysconf(_SC_PAGESIZE);
}

/* In a child with so many bytes more than it has: refused for what it is, not for want of memory. */
static void refused_within(const struct buf *file, size_t bytes, const char *code)
{
	char path[128];
	int status = 0;
	pid_t child;

	pkit_put("large", buf_bytes(file));
	(void)snprintf(path, sizeof(path), "%s/large", pkit_folder());
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct rlimit limit = { address_space() + bytes, address_space() + bytes };
		static struct package p;
		struct err e = ERR_INIT;
		int result = setrlimit(RLIMIT_AS, &limit) < 0 ? 2 : package_read(&p, path, pkit_read_cert, &e);

		_exit(result != -1 ? 2 : e.code != NULL && strcmp(e.code, code) == 0 ? 0 : 3);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(unlink(path), 0);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

TEST(memory_is_bounded)
{
	AUTO_VALUE(buf) headers = { 0 };
	AUTO_VALUE(buf) bomb_zip = { 0 };
	AUTO_VALUE(buf) tags = { 0 };
	AUTO_VALUE(buf) entities = { 0 };
	AUTO_VALUE(buf) base64 = { 0 };

	many_headers(&headers);
	refused_within(&headers, (size_t)200 << 20, CODE("limit"));
	bomb(&bomb_zip, 200 << 20);
	memcpy((unsigned char *)memmem(bomb_zip.data, bomb_zip.len, "PK\1\2", 4) + 24, "\0\0\10\0", 4);
	refused_within(&bomb_zip, 8 << 20, CODE("limit"));
	pkit_many(&tags, "<VpnProfile>", "<x/>", 260000, "</VpnProfile>");
	refused_within(&tags, 8 << 20, CODE("limit"));
	pkit_many(&entities, "<!DOCTYPE x [<!ENTITY a 'a'>", "<!ENTITY b '&a;'>", 50000, "]><x>&b;</x>");
	refused_within(&entities, 8 << 20, CODE("dtd"));
	pkit_many(&base64, "<VpnProfile><CaCert>", "QUFB", 5 << 20, "</CaCert></VpnProfile>");
	refused_within(&base64, (size_t)80 << 20, CODE("limit"));
}
#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_frame_of_these_tests_is_good),
		cmocka_unit_test(names_that_lead_elsewhere),
		cmocka_unit_test(names_that_are_there_twice),
		cmocka_unit_test(long_names),
		cmocka_unit_test(links_and_encrypted_entries),
		cmocka_unit_test(folders_with_links),
		cmocka_unit_test(sizes_that_are_claimed),
		cmocka_unit_test(zip_bombs),
		cmocka_unit_test(too_many),
		cmocka_unit_test(truncated_and_damaged),
#ifndef __SANITIZE_ADDRESS__
		cmocka_unit_test(memory_is_bounded),
#endif
	};

	return cmocka_run_group_tests(tests, pkit_set_up, pkit_tear_down);
}
