/* SPDX-License-Identifier: MIT */
/* test_net.c - networks and host names as text, and routes that together cover every address. */
#include "tests/unit/unit.h"

#include "azure/net.h"
#include "tests/unit/azure/package_kit.h"

static void net(struct ip_net *out, const char *text)
{
	if (!ip_net_parse(out, pkit_bytes(text)))
		fail_msg("'%s' is no network", text);
}

static void forced(const char *text, const char *want)
{
	struct ip_net nets[8] = { { .prefix = 0 } };
	bool is_forced[8];
	unsigned n = 0;
	char got[9] = "";

	for (const char *at = text; *at != '\0'; at += strspn(at, ",")) {
		char one[48];
		size_t len = strcspn(at, ",");

		(void)snprintf(one, sizeof(one), "%.*s", (int)len, at);
		net(&nets[n++], one);
		at += len;
	}
	ip_nets_forced(is_forced, nets, n);
	for (unsigned i = 0; i < n; i++)
		got[i] = is_forced[i] ? 'x' : '-';
	if (strcmp(got, want) != 0)
		fail_msg("%s: %s, not %s", text, got, want);
}

TEST(routes_that_cover_everything)
{
	forced("0.0.0.0/0", "x");
	forced("0.0.0.0/1,128.0.0.0/1", "xx");
	forced("128.0.0.0/2,10.0.0.0/8,0.0.0.0/1,192.0.0.0/2", "x-xx");
	forced("0.0.0.0/1,128.0.0.0/2,192.0.0.0/3", "---");
	forced("0.0.0.0/1,::/1,8000::/1,10.0.0.0/8", "-xx-");
	forced("::/0,0.0.0.0/0,fd00::/8", "xx-");
	forced("0.0.0.0/1,0.0.0.0/1,128.0.0.0/1", "xxx");
	forced("10.0.0.0/8", "-");
}

TEST(networks)
{
	static const struct {
		const char *a, *b;
		bool contains, overlaps;
	} all[] = {
		{ "10.0.0.0/8", "10.1.0.0/16", true, true },
		{ "10.1.0.0/16", "10.0.0.0/8", false, true },
		{ "10.0.0.0/8", "11.0.0.0/8", false, false },
		{ "10.0.0.0/9", "10.128.0.0/9", false, false },
		{ "10.0.0.0/15", "10.1.255.255/32", true, true },
		{ "0.0.0.0/0", "::/0", false, false },
		{ "::/0", "fd00::1/128", true, true },
		{ "fd00::/127", "fd00::1/128", true, true },
		{ "fd00::/127", "fd00::2/128", false, false },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct ip_net a, b;

		net(&a, all[i].a);
		net(&b, all[i].b);
		assert_int_equal(ip_net_contains(&a, &b), all[i].contains);
		assert_int_equal(ip_net_overlaps(&a, &b), all[i].overlaps);
		assert_int_equal(ip_net_overlaps(&b, &a), all[i].overlaps);
	}
}

TEST(host_names)
{
	static char label[70], name[300];

	assert_true(host_is_name(pkit_bytes("a.b")));
	assert_true(host_is_name(pkit_bytes("1a.2b-c.d4")));
	memset(label, 'a', 63);
	(void)snprintf(name, sizeof(name), "%s.%s.%s.%.61s", label, label, label, label);
	assert_true(host_is_name(pkit_bytes(name))); /* 253 */
	(void)snprintf(name, sizeof(name), "%s.%s.%s.%.62s", label, label, label, label);
	assert_false(host_is_name(pkit_bytes(name)));
	(void)snprintf(name, sizeof(name), "a%s.b", label);
	assert_false(host_is_name(pkit_bytes(name)));
	for (unsigned c = 0; c < 256; c++) {
		unsigned char text[] = { 'a', (unsigned char)c, 'a', '.', 'b' };
		bool is_good = c == '.' || c == '-' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
		    (c >= 'A' && c <= 'Z');

		assert_int_equal(host_is_name((struct bytes){ text, sizeof(text) }), is_good);
	}
	assert_false(host_is_name(pkit_bytes("-a.b")));
	assert_false(host_is_name(pkit_bytes("a-.b")));
	assert_false(host_is_name(pkit_bytes("a.b-")));
	assert_false(host_is_name(pkit_bytes("-.b")));
	assert_false(host_is_name(pkit_bytes("")));
	assert_false(host_is_name(pkit_bytes("a.b.")));
	assert_false(host_is_name(pkit_bytes(".a.b")));
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(routes_that_cover_everything),
		cmocka_unit_test(networks), cmocka_unit_test(host_names) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
