/* SPDX-License-Identifier: MIT */
/*
 * test_profile_files.c - every file of every format, with every kind of key, as tests/data/profiles has it.
 *
 * After a change, `srcdir=.. UPDATE_PROFILES=1 tests/unit/profiles/test_profile_files` in the build folder writes these
 * files again, and the reviewer reads the difference.  Of pages for users they contain headings, commands and values.
 */
#include "tests/unit/profiles/profile_kit.h"

#include "util/file.h"

static void by_uri(void)
{
	profile.openvpn_uri = true;
}
static void for_connect(void)
{
	profile.openvpn_connect3 = true;
}
static void for_windows26(void)
{
	profile.openvpn_windows26 = true;
}
static void with_smartcard(void)
{
	profile.windows_smartcard = true;
}
static void with_pfx_of_apple(void)
{
	profile.pfx_apple = BYTES("pfx for Apple");
	profile.pfx_password = "secret words";
}
static void one_issuer(void)
{
	profile.n_issuers = 1;
}

static void without_names(void)
{
	info.n_sans = 0;
}

static const char *const key_names[] = { [PROFILE_KEY_TOKEN] = "token",
	[PROFILE_KEY_PFX] = "pfx",
	[PROFILE_KEY_SCEP] = "scep",
	[PROFILE_KEY_ACME] = "acme",
	[PROFILE_KEY_STORE] = "store" };
#define N_KEYS (sizeof(key_names) / sizeof(key_names[0]))

/* Options that some formats have, with the kind of key that they are for. */
static const struct {
	const char *format, *name;
	enum profile_key key;
	void (*set)(void);
} options[] = {
	{ "openvpn", "uri", PROFILE_KEY_TOKEN, by_uri },
	{ "openvpn", "connect3", PROFILE_KEY_TOKEN, for_connect },
	{ "openvpn", "windows26", PROFILE_KEY_TOKEN, for_windows26 },
	{ "openvpn", "connect3", PROFILE_KEY_PFX, for_connect },
	{ "openvpn", "windows26", PROFILE_KEY_PFX, for_windows26 },
	{ "windows", "smartcard", PROFILE_KEY_TOKEN, with_smartcard },
	{ "mobileconfig", "apple", PROFILE_KEY_PFX, with_pfx_of_apple },
	{ "openvpn", "issuer", PROFILE_KEY_TOKEN, one_issuer },
	{ "ipsec", "issuer", PROFILE_KEY_TOKEN, one_issuer },
	{ "swanctl", "nameless", PROFILE_KEY_TOKEN, without_names },
	{ "ipsec", "nameless", PROFILE_KEY_TOKEN, without_names },
};

/* What was written before, so that each content is there once. */
static struct {
	char where[80], name[96];
	struct buf content;
} seen[200];
static size_t n_seen;

static void add_text(struct buf *out, const char *text)
{
	assert_int_equal(buf_add(out, text, strlen(text), &e), 0);
}

static void add_escaped(struct buf *out, struct bytes b)
{
	char hex[8];

	for (size_t i = 0; i < b.len; i++) {
		const bool plain = b.data[i] == '\n' || b.data[i] == '\t' || (b.data[i] >= 0x20 && b.data[i] < 0x7f);

		(void)snprintf(hex, sizeof(hex), "\\x%02x", b.data[i]);
		assert_int_equal(buf_add(out, plain ? (const char *)b.data + i : hex, plain ? 1 : 4, &e), 0);
	}
	if (b.len == 0 || b.data[b.len - 1] != '\n')
		add_text(out, "\n");
}

/* Networks, and the words for their absence, are no code. */
static bool has_network(const char *line)
{
	static const char *const texts[] = { "172.16.", "fd00", "10.1.", "10.2.", "none", "no DNS", "no network" };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (strstr(line, texts[i]) != NULL)
			return true;
	return false;
}

static void add_line(struct buf *out, const char *line)
{
	add_escaped(out, (struct bytes){ (const unsigned char *)line, strlen(line) });
}

/* `one` and `two`, of a sentence of which only these matter. */
static void add_code(struct buf *out, const char *line)
{
	const char *begin = strchr(line, '`'), *end = begin != NULL ? strrchr(line, '`') : NULL;

	for (bool is_code = true; begin < end; is_code = !is_code) {
		const char *next = strchr(begin + 1, '`');

		if (is_code)
			add_escaped(out, (struct bytes){ (const unsigned char *)begin, (size_t)(next - begin) + 1 });
		begin = next;
	}
}

/* Headings, commands and values: the words between them may change. */
static void add_page(struct buf *out, struct bytes page)
{
	AUTO_VALUE(buf) copy = { 0 };
	char *rest = NULL;

	assert_int_equal(buf_add(&copy, page.data, page.len, &e) | buf_add(&copy, "", 1, &e), 0);
	for (char *line = strtok_r((char *)copy.data, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest))
		if (line[0] == '#' || strncmp(line, "    ", 4) == 0 || has_network(line))
			add_line(out, line);
		else
			add_code(out, line);
}

static void add_file(struct buf *out, const char *where, const struct profile_file *f)
{
	char head[300];

	for (size_t i = 0; i < n_seen; i++)
		if (strcmp(seen[i].name, f->name) == 0 && seen[i].content.len == f->content.len &&
		    memcmp(seen[i].content.data, f->content.data, f->content.len) == 0) {
			(void)snprintf(
			    head, sizeof(head), "== %s: %s %04o: as in %s\n", where, f->name, f->mode, seen[i].where);
			add_text(out, head);
			return;
		}
	assert_true(n_seen < sizeof(seen) / sizeof(seen[0]));
	(void)snprintf(seen[n_seen].where, sizeof(seen[0].where), "%s", where);
	(void)snprintf(seen[n_seen].name, sizeof(seen[0].name), "%s", f->name);
	assert_int_equal(buf_add(&seen[n_seen++].content, f->content.data, f->content.len, &e), 0);
	(void)snprintf(head, sizeof(head), "== %s: %s %04o\n", where, f->name, f->mode);
	add_text(out, head);
	if (strncmp(f->name, "INSTALL-", 8) == 0)
		add_page(out, buf_bytes(&f->content));
	else
		add_escaped(out, buf_bytes(&f->content));
}

static void add_variant(struct buf *out, const struct profile_format *f, const char *where)
{
	AUTO_VALUE(profile_files) files = { 0 };

	if (profile_write(&files, f, &profile, &e) < 0)
		fail_msg("%s, %s: %s", f->name, where, e.what);
	for (size_t i = 0; i < files.n; i++)
		add_file(out, where, &files.all[i]);
}

static void add_format(struct buf *out, const struct profile_format *f)
{
	static void (*const sizes[])(void) = { profile_small, profile_large };
	static const char *const names[] = { "small", "large" };
	char where[80];

	n_seen = 0;
	for (enum profile_key key = 0; key < N_KEYS; key++) {
		if ((f->keys & 1U << key) == 0)
			continue;
		for (size_t i = 0; i < 2; i++) {
			sizes[i]();
			profile_with_key(key);
			(void)snprintf(where, sizeof(where), "%s %s", names[i], key_names[key]);
			add_variant(out, f, where);
		}
	}
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		if (strcmp(options[i].format, f->name) != 0)
			continue;
		profile_large();
		profile_with_key(options[i].key);
		options[i].set();
		(void)snprintf(where, sizeof(where), "large %s %s", key_names[options[i].key], options[i].name);
		add_variant(out, f, where);
	}
	for (size_t i = 0; i < n_seen; i++)
		buf_clear(&seen[i].content);
}

/* The first line that differs, for the log. */
#define UPDATE                                                                                     \
	"srcdir=.. UPDATE_PROFILES=1 tests/unit/profiles/test_profile_files in the build folder; a new file also " \
	"belongs to EXTRA_DIST in src/profiles/local.mk"

static void explain(const char *format, const struct buf *have, const struct buf *want)
{
	size_t i = 0, begin = 0;

	for (; i < have->len && i < want->len && have->data[i] == want->data[i]; i++)
		if (have->data[i] == '\n')
			begin = i + 1;
	fail_msg("%s: is\n%.*s\nshould be\n%.*s\nif the change is wanted: " UPDATE, format,
	    (int)(have->len - begin > 300 ? 300 : have->len - begin), (const char *)have->data + begin,
	    (int)(want->len - begin > 300 ? 300 : want->len - begin), (const char *)want->data + begin);
}

TEST(each_format_writes_these_files)
{
	const char *folder = getenv("srcdir");

	for (size_t i = 0; profile_format_at(i) != NULL; i++) {
		AUTO_VALUE(buf) have = { 0 };
		AUTO_VALUE(buf) want = { 0 };
		char path[512];

		(void)snprintf(path, sizeof(path), "%s/tests/data/profiles/%s.txt", folder != NULL ? folder : ".",
		    profile_format_at(i)->name);
		add_format(&have, profile_format_at(i));
		if (getenv("UPDATE_PROFILES") != NULL)
			assert_int_equal(file_write(path, buf_bytes(&have), 0644, true, &e), 0);
		if (file_read(&want, path, 1 << 20, &e) < 0)
			fail_msg("%s; to write it: " UPDATE, e.what);
		if (have.len != want.len || memcmp(have.data, want.data, have.len) != 0)
			explain(profile_format_at(i)->name, &have, &want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_format_writes_these_files),
	};
	int result = cmocka_run_group_tests(tests, NULL, NULL);

	profile_clear();
	return result;
}
