/* SPDX-License-Identifier: MIT */
/* test_package_hostile.c - packages that Azure did not make: each is refused with its code, in bounded memory. */
#include "unit.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "package_kit.h"

#define GOOD "<VpnProfile><VpnServer>" PKIT_SERVER "</VpnServer></VpnProfile>"
#define CODE(name) "package-" name

/* Refused with this code; `part` stands in what, in the cause or in the outermost of what was being done. */
static void refused(struct bytes file, const char *code, const char *part)
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

static void zip_refused(const struct pkit_entry *entries, const char *code, const char *part)
{
	AUTO_VALUE(buf) zip = { 0 };

	pkit_raw_zip(&zip, entries);
	refused(buf_bytes(&zip), code, part);
}

#define SETTINGS(n) { .name = (n), .content = pkit_bytes(GOOD) }
#define OTHER(n) { .name = (n), .content = pkit_bytes("x") }

TEST(the_frame_of_these_tests_is_good)
{
	AUTO_VALUE(buf) zip = { 0 };
	struct package *p = calloc(1, sizeof(*p));
	struct err e = ERR_INIT;

	assert_non_null(p);
	pkit_raw_zip(&zip, (struct pkit_entry[]){ SETTINGS("Generic\\VpnSettings.xml"), OTHER("x.exe"), { .name = NULL } });
	if (pkit_read(p, buf_bytes(&zip), &e) < 0)
		fail_msg("%s (%s)", e.what, e.cause);
	package_clear(p);
	free(p);
}

TEST(not_a_package)
{
	static const struct {
		const char *text, *code, *part;
	} all[] = {
		{ "", CODE("format"), "XML" },
		{ "hello", CODE("format"), "XML" },
		{ "PK\3\4 and no more", CODE("format"), "no zip" },
		{ "<VpnProfile>", CODE("format"), "XML" },
		{ "<html/>", CODE("format"), "'html'" },
		{ "<vpnprofile/>", CODE("format"), "'vpnprofile'" },
		{ "<AzVpnProfile/>", CODE("format"), "'AzVpnProfile'" },
		{ "<VpnProfile/>", CODE("format"), "names no VpnServer" },
		{ "<VpnProfile><VpnServer/></VpnProfile>", CODE("format"), "names no VpnServer" },
		{ "<VpnProfile><VpnServer>a.example</VpnServer><VpnServer>b.example</VpnServer></VpnProfile>",
		    CODE("format"), "VpnServer is there twice" },
		{ "<VpnProfile><VpnServer>a<b/>.example</VpnServer></VpnProfile>", CODE("format"), "not text alone" },
		{ "<VpnProfile><VpnServer>&lol;</VpnServer></VpnProfile>", CODE("format"), "lol" },
		{ "<VpnProfile>\xff</VpnProfile>", CODE("format"), "UTF-8" },
		{ "<VpnProfile/><VpnProfile/>", CODE("format"), "XML" },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		refused(pkit_bytes(all[i].text), all[i].code, all[i].part);
	zip_refused((struct pkit_entry[]){ OTHER("a.exe"), { .name = NULL } }, CODE("format"), "none of the files");
}

TEST(any_dtd)
{
	static const char *const all[] = {
		"<!DOCTYPE VpnProfile>" GOOD,
		"<!DOCTYPE VpnProfile SYSTEM \"file:///etc/passwd\">" GOOD,
		"<!DOCTYPE VpnProfile [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><VpnProfile><VpnServer>&x;</VpnServer>"
		"</VpnProfile>",
		"<!DOCTYPE VpnProfile [<!ENTITY % x SYSTEM \"http://127.0.0.1:1/x\"> %x;]>" GOOD,
		"<!DOCTYPE v [<!ENTITY a \"aaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c "
		"\"&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;\">]><VpnProfile>&d;</VpnProfile>",
		"<!-- --><!doctype VpnProfile>" GOOD,
		"<VpnProfile><!ELEMENT x ANY></VpnProfile>",
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		refused(pkit_bytes(all[i]), CODE("dtd"), "DTD");
}

TEST(nul_bytes)
{
	static const char with[] = GOOD "\0<x/>";
	static const char inside[] = "<VpnProfile><VpnServer>a.example\0.vpn.azure.com</VpnServer></VpnProfile>";
	static const char wide[] = "\xff\xfe<\0V\0p\0n\0>\0";

	refused((struct bytes){ (const void *)with, sizeof(with) - 1 }, CODE("format"), "UTF-8");
	refused((struct bytes){ (const void *)inside, sizeof(inside) - 1 }, CODE("format"), "UTF-8");
	refused((struct bytes){ (const void *)wide, sizeof(wide) - 1 }, CODE("format"), "UTF-8");
}

TEST(values_that_are_none)
{
	static const struct {
		const char *element, *value, *part;
	} all[] = {
		{ "VpnServer", "gateway", "'gateway'" },
		{ "VpnServer", "10.1.2.3", "'10.1.2.3'" },
		{ "VpnServer", "a.example; rm -rf /", "rm -rf" },
		{ "VpnServer", "a.example&#10;up /bin/sh", "\\x0aup" },
		{ "VpnServer", "a..example", "'a..example'" },
		{ "VpnServer", "-a.example", "'-a.example'" },
		{ "VpnServer", "a_b.example", "'a_b.example'" },
		{ "VpnServer", "\xd0\xb0.example", "host name" },
		{ "Routes", "10.0.0.0", "'10.0.0.0'" },
		{ "Routes", "10.1.0.0/16,10.0.0.0/33", "'10.0.0.0/33'" },
		{ "Routes", "10.0.0.0/08", "'10.0.0.0/08'" },
		{ "Routes", "10.0.0.0/-1", "'10.0.0.0/-1'" },
		{ "Routes", "10.0.0.0/8 via x", "via x" },
		{ "Routes", "010.0.0.0/8", "'010.0.0.0/8'" },
		{ "Routes", "10.0.0/8", "'10.0.0/8'" },
		{ "Routes", "fe80::1%eth0/64", "eth0" },
		{ "Routes", "::/129", "'::/129'" },
		{ "Routes", "10.0.0.0/", "'10.0.0.0/'" },
		{ "VpnClientAddressPool", "pool", "'pool'" },
		{ "CustomDnsServers", "dns.example", "'dns.example'" },
		{ "CustomDnsServers", "10.0.0.1/32", "'10.0.0.1/32'" },
		{ "VnetName", "a&#x202e;b", "\\xe2\\x80\\xaeb" },
		{ "VnetName", "a&#9;b", "\\x09b" },
		{ "VnetId", "0123456789012345678901234567890123456789012345678901234567890123", "VnetId" },
		{ "Auth", "0123456789012345678901234567890123456789", "Auth" },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		char text[600];

		(void)snprintf(text, sizeof(text), "<VpnProfile><%s>%s</%s></VpnProfile>", all[i].element, all[i].value,
		    all[i].element);
		refused(pkit_bytes(text), CODE("value"), all[i].part);
	}
}

TEST(thumbprints_and_servers_in_other_files)
{
	static const struct {
		const char *name, *text, *code, *part;
	} all[] = {
		{ "AzureVPN/azurevpnconfig.xml", "<AzVpnProfile><serverlist><ServerEntry><fqdn>x</fqdn></ServerEntry>"
		                                 "</serverlist></AzVpnProfile>", CODE("value"), "'x'" },
		{ "AzureVPN/azurevpnconfig.xml", "<AzVpnProfile><clientauth><Cert><ISSUER>zz</ISSUER></Cert></clientauth>"
		                                 "</AzVpnProfile>", CODE("value"), "'zz'" },
		{ "AzureVPN/azurevpnconfig.xml", "<AzVpnProfile><name>a</name><NAME>b</NAME></AzVpnProfile>", CODE("format"),
		    "twice" },
		{ "AzureVPN/azurevpnconfig.xml", "<VpnProfile/>", CODE("format"), "root element" },
		{ "OpenVPN/vpnconfig.ovpn", "client\nremote 10.1.1.1 443\n", CODE("value"), "remote" },
		{ "OpenVPN/vpnconfig.ovpn", "client\nremote\n", CODE("value"), "remote" },
		{ "OpenVPN/vpnconfig.ovpn", "remote a.example\n\xc0\x80", CODE("format"), "UTF-8" },
		{ "Powershell/VpnProfileSetup.ps1", "<IssuerHash>00 11</IssuerHash>", CODE("value"), "'00 11'" },
		{ "Powershell/VpnProfileSetup.ps1", "<IssuerHash>00 11", CODE("format"), "no end" },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		zip_refused((struct pkit_entry[]){ { .name = all[i].name, .content = pkit_bytes(all[i].text) },
		    { .name = NULL } }, all[i].code, all[i].part);
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
		zip_refused((struct pkit_entry[]){ SETTINGS("Generic/VpnSettings.xml"), OTHER(all[i].name), { .name = NULL } },
		    CODE("name"), all[i].part);
}

TEST(names_that_are_there_twice)
{
	static const char *const all[] = { "Generic/VpnSettings.xml", "Generic\\VpnSettings.xml", "GENERIC/vpnsettings.XML",
		"Generic/VpnSettings.xml/" };

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		zip_refused((struct pkit_entry[]){ SETTINGS("Generic/VpnSettings.xml"), SETTINGS(all[i]), { .name = NULL } },
		    CODE("name"), "twice");
	zip_refused((struct pkit_entry[]){ SETTINGS("Generic/VpnSettings.xml"), SETTINGS("VpnSettings.xml"),
	    { .name = NULL } }, CODE("name"), "two of");
}

TEST(long_names)
{
	static char name[300];

	memset(name, 'a', sizeof(name) - 1);
	zip_refused((struct pkit_entry[]){ SETTINGS("Generic/VpnSettings.xml"), OTHER(name), { .name = NULL } },
	    CODE("name"), "longer");
}

TEST(links_and_encrypted_entries)
{
	AUTO_VALUE(buf) zip = { 0 };

	zip_refused((struct pkit_entry[]){ { .name = "Generic/VpnSettings.xml", .content = pkit_bytes("/etc/passwd"),
	    .system = 3, .attributes = 0120777U << 16 }, { .name = NULL } }, CODE("name"), "link");
	zip_refused((struct pkit_entry[]){ { .name = "Generic/VpnSettings.xml", .content = pkit_bytes(GOOD), .flags = 1 },
	    { .name = NULL } }, CODE("format"), "encrypted");
	pkit_zip(&zip, (struct pkit_entry[]){ SETTINGS("Generic/VpnSettings.xml"), { .name = NULL } }, "secret");
	refused(buf_bytes(&zip), CODE("format"), "encrypted");
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
		zip_refused((struct pkit_entry[]){ { .name = "Generic/VpnSettings.xml", .content = pkit_bytes(GOOD),
		    .claim = claims[i] }, { .name = NULL } }, CODE("limit"), "claims");
	zip_refused((struct pkit_entry[]){ SETTINGS("Generic/VpnSettings.xml"), { .name = "x.exe",
	    .content = pkit_bytes("x"), .claim = UINT64_C(5) << 32 }, { .name = NULL } }, CODE("limit"), "claims");
	zip_refused((struct pkit_entry[]){ { .name = "Generic/VpnSettings.xml", .content = pkit_bytes(GOOD), .claim = 7000 },
	    { .name = NULL } }, CODE("format"), "damaged");
}

/* What becomes large only when it is inflated. */
static void bomb(struct buf *zip, size_t size)
{
	unsigned char *blanks = malloc(size);

	assert_non_null(blanks);
	memset(blanks, ' ', size);
	memcpy(blanks, GOOD, strlen(GOOD));
	pkit_zip(zip, (struct pkit_entry[]){ { .name = "Generic\\VpnSettings.xml", .content = { blanks, size } },
	    { .name = NULL } }, NULL);
	free(blanks);
}

TEST(zip_bombs)
{
	AUTO_VALUE(buf) small = { 0 };
	AUTO_VALUE(buf) large = { 0 };
	unsigned char *size;

	bomb(&small, 1000000);
	refused(buf_bytes(&small), CODE("limit"), "claims 1000000 bytes in");
	bomb(&large, 20 << 20);
	refused(buf_bytes(&large), CODE("limit"), "claims 20971520 bytes");
	/* The same with a small size in the central directory, 24 bytes into its header: counting finds it. */
	size = memmem(large.at, large.len, "PK\1\2", 4);
	assert_non_null(size);
	memcpy(size + 24, "\0\10\0\0", 4);
	refused(buf_bytes(&large), CODE("limit"), "has more than 1048576 bytes");
}

TEST(too_many)
{
	static struct pkit_entry entries[300];
	static char names[300][8];
	AUTO_VALUE(buf) zip = { 0 };
	unsigned char *end;

	for (size_t i = 0; i < 299; i++) {
		(void)snprintf(names[i], sizeof(names[i]), "%zu", i);
		entries[i] = (struct pkit_entry)OTHER(names[i]);
	}
	zip_refused(entries, CODE("limit"), "256 entries");
	/* The end says one, the directory has more; the end says 65535 and Zip64. */
	pkit_raw_zip(&zip, (struct pkit_entry[]){ SETTINGS("Generic/VpnSettings.xml"), { .name = NULL } });
	end = memmem(zip.at, zip.len, "PK\5\6", 4);
	assert_non_null(end);
	memset(end + 8, 0xff, 4);
	refused(buf_bytes(&zip), CODE("limit"), "256 entries");
	memcpy(end - 20, "PK\6\7", 4);
	refused(buf_bytes(&zip), CODE("limit"), "Zip64");
}

/* An XML of a head, n times a middle, and a tail. */
static void many(struct buf *out, const char *head, const char *middle, size_t n, const char *tail)
{
	struct err e = ERR_INIT;

	assert_int_equal(buf_add(out, head, strlen(head), &e), 0);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(buf_add(out, middle, strlen(middle), &e), 0);
	assert_int_equal(buf_add(out, tail, strlen(tail), &e), 0);
}

TEST(too_much_xml)
{
	static const struct {
		const char *head, *middle;
		size_t n;
		const char *tail, *code, *part;
	} all[] = {
		{ "<VpnProfile><Routes>", "10.0.0.0/8,", 513, "</Routes></VpnProfile>", CODE("limit"), "512" },
		{ "<VpnProfile><CustomDnsServers>", "10.0.0.1,", 17, "</CustomDnsServers></VpnProfile>", CODE("limit"), "16" },
		{ "<VpnProfile><VpnClientAddressPool>", "10.0.0.0/8,", 17, "</VpnClientAddressPool></VpnProfile>", CODE("limit"),
		    "16" },
		{ "<VpnProfile>", "<x>", 40, "", CODE("format"), "XML" },
		{ "<VpnProfile>", "<x/>", 20000, "</VpnProfile>", CODE("limit"), "tags" },
		{ "<VpnProfile ", "a=''", 5000, "/>", CODE("limit"), "attributes" },
		{ "<VpnProfile><CaCert>", "QUFB", 5 << 20, "</CaCert></VpnProfile>", CODE("limit"), "1048576" },
		{ "<VpnProfile><CaCert>", "QUFB", 200000, "</CaCert></VpnProfile>", CODE("limit"), "certificate" },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		AUTO_VALUE(buf) xml = { 0 };

		many(&xml, all[i].head, all[i].middle, all[i].n, all[i].tail);
		refused(buf_bytes(&xml), all[i].code, all[i].part);
	}
}

TEST(deep_xml)
{
	AUTO_VALUE(buf) xml = { 0 };

	many(&xml, "<VpnProfile>", "<x>", 40, "");
	many(&xml, "", "</x>", 40, "</VpnProfile>");
	refused(buf_bytes(&xml), CODE("limit"), "levels");
}

TEST(too_many_client_roots)
{
	AUTO_VALUE(buf) script = { 0 };
	struct err e = ERR_INIT;

	for (unsigned i = 0; i < 33; i++) {
		char text[100];

		(void)snprintf(text, sizeof(text), "<IssuerHash>%040x</IssuerHash>", i);
		assert_int_equal(buf_add(&script, text, strlen(text), &e), 0);
	}
	zip_refused((struct pkit_entry[]){ { .name = "Powershell/VpnProfileSetup.ps1", .content = buf_bytes(&script) },
	    { .name = NULL } }, CODE("limit"), "32 client roots");
}

TEST(certificates_that_are_none)
{
	AUTO_VALUE(buf) zip = { 0 };
	struct package *p = calloc(1, sizeof(*p));
	struct err e = ERR_INIT;

	assert_non_null(p);
	pkit_raw_zip(&zip, (struct pkit_entry[]){ SETTINGS("Generic/VpnSettings.xml"), OTHER("Generic/VpnServerRoot.cer_0"),
	    { .name = NULL } });
	assert_int_equal(pkit_read(p, buf_bytes(&zip), &e), -1);
	assert_int_equal(e.status, ERR_INPUT);
	assert_non_null(strstr(e.doing[1], "VpnServerRoot.cer_0"));
	package_clear(p);
	free(p);
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
		assert_int_equal(pkit_read(p, (struct bytes){ zip.at, len }, &e), -1);
		assert_int_equal(e.status, ERR_INPUT);
		package_clear(p);
	}
	for (size_t at = 0; at < zip.len; at += 53) {
		zip.at[at] ^= 0x55;
		if (pkit_read(p, buf_bytes(&zip), &e) < 0)
			assert_int_equal(e.status, ERR_INPUT);
		package_clear(p);
		zip.at[at] ^= 0x55;
	}
	free(p);
}

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

#ifdef __SANITIZE_ADDRESS__
	skip(); /* it takes terabytes of addresses for itself */
#endif
	many_headers(&headers);
	refused_within(&headers, (size_t)200 << 20, CODE("limit"));
	bomb(&bomb_zip, 200 << 20);
	memcpy((unsigned char *)memmem(bomb_zip.at, bomb_zip.len, "PK\1\2", 4) + 24, "\0\0\10\0", 4);
	refused_within(&bomb_zip, 8 << 20, CODE("limit"));
	many(&tags, "<VpnProfile>", "<x/>", 260000, "</VpnProfile>");
	refused_within(&tags, 8 << 20, CODE("limit"));
	many(&entities, "<!DOCTYPE x [<!ENTITY a 'a'>", "<!ENTITY b '&a;'>", 50000, "]><VpnProfile>&b;</VpnProfile>");
	refused_within(&entities, 8 << 20, CODE("dtd"));
	many(&base64, "<VpnProfile><CaCert>", "QUFB", 5 << 20, "</CaCert></VpnProfile>");
	refused_within(&base64, (size_t)80 << 20, CODE("limit"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_frame_of_these_tests_is_good),
		cmocka_unit_test(not_a_package),
		cmocka_unit_test(any_dtd),
		cmocka_unit_test(nul_bytes),
		cmocka_unit_test(values_that_are_none),
		cmocka_unit_test(thumbprints_and_servers_in_other_files),
		cmocka_unit_test(names_that_lead_elsewhere),
		cmocka_unit_test(names_that_are_there_twice),
		cmocka_unit_test(long_names),
		cmocka_unit_test(links_and_encrypted_entries),
		cmocka_unit_test(folders_with_links),
		cmocka_unit_test(sizes_that_are_claimed),
		cmocka_unit_test(zip_bombs),
		cmocka_unit_test(too_many),
		cmocka_unit_test(too_much_xml),
		cmocka_unit_test(deep_xml),
		cmocka_unit_test(too_many_client_roots),
		cmocka_unit_test(certificates_that_are_none),
		cmocka_unit_test(truncated_and_damaged),
		cmocka_unit_test(memory_is_bounded),
	};

	return cmocka_run_group_tests(tests, pkit_set_up, pkit_tear_down);
}
