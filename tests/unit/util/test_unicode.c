/* SPDX-License-Identifier: MIT */
/* test_unicode.c - which characters a name may have, and when two spellings are one name. */
#include "tests/unit/unit.h"

#include "util/unicode.h"

TEST(names_of_all_scripts_in_use_are_fine)
{
	static const char *const names[] = { "alice", "Alice Smith", "bob@contoso.com", "laptop-17.contoso.com",
		"O'Neill, Pat",
		"Jürgen Groß", "Jose\xcc\x81", "Łukasz Żółć",
		"Наталья Иванова", "Ελένη", "محمد", "שרה", "王小明", "さくら ハナコ",
		"김민준", "สมชาย", "नरेन्द्र", "Nguyễn Thị Ánh", "L·laguna", "D’Arcy", "٤٧١١", "(m/f) #3 & co." };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		uint32_t c;

		if (name_flaw_find(&c, names[i]) != NAME_OK)
			fail_msg("'%s' is refused for U+%04X", names[i], (unsigned)c);
	}
}

TEST(names_that_hide_something_have_a_flaw)
{
	static const struct {
		const char *name;
		enum name_flaw flaw;
		uint32_t character;
	} rows[] = {
		{ "al\xe2\x80\x8bice", NAME_BAD_CHARACTER, 0x200b },      /* zero width space */
		{ "al\xc2\xadice", NAME_BAD_CHARACTER, 0xad },            /* soft hyphen */
		{ "al\xe2\x80\x8dice", NAME_BAD_CHARACTER, 0x200d },      /* zero width joiner */
		{ "\xef\xbb\xbf" "alice", NAME_BAD_CHARACTER, 0xfeff },
		{ "al\xcd\x8fice", NAME_BAD_CHARACTER, 0x34f },           /* combining grapheme joiner */
		{ "al\xef\xb8\x8fice", NAME_BAD_CHARACTER, 0xfe0f },      /* variation selector */
		{ "al\xf3\xa0\x84\x80ice", NAME_BAD_CHARACTER, 0xe0100 }, /* variation selector 17 */
		{ "alice\xf3\xa0\x81\x81", NAME_BAD_CHARACTER, 0xe0041 }, /* tag A */
		{ "al\xe3\x85\xa4ice", NAME_BAD_CHARACTER, 0x3164 },      /* Hangul filler */
		{ "\xe1\x85\x9f", NAME_BAD_CHARACTER, 0x115f },
		{ "\xef\xbe\xa0", NAME_BAD_CHARACTER, 0xffa0 },
		{ "al\xe2\xa0\x80ice", NAME_BAD_CHARACTER, 0x2800 },      /* Braille without dots */
		{ "al\xe1\x9e\xb4ice", NAME_BAD_CHARACTER, 0x17b4 },      /* Khmer vowel inherent */
		{ "al\xe1\xa0\x8eice", NAME_BAD_CHARACTER, 0x180e },      /* Mongolian vowel separator */
		{ "al\xf0\x9d\x85\x99ice", NAME_BAD_CHARACTER, 0x1d159 }, /* musical null notehead */
		{ "al\xee\x80\x80ice", NAME_BAD_CHARACTER, 0xe000 },      /* private use */
		{ "al\xef\xbf\xbdice", NAME_BAD_CHARACTER, 0xfffd },
		{ "al\xcd\xb8ice", NAME_BAD_CHARACTER, 0x378 },           /* not assigned */
		{ "al\xe1\x9a\x80ice", NAME_BAD_CHARACTER, 0x1680 },      /* Ogham space */
		{ "al\xc2\xa0ice", NAME_BAD_CHARACTER, 0xa0 },            /* no-break space */
		{ "al\xe2\x80\x83ice", NAME_BAD_CHARACTER, 0x2003 },      /* em space */
		{ "al\xe3\x80\x80ice", NAME_BAD_CHARACTER, 0x3000 },      /* ideographic space */
		{ "al\xe2\x80\xa8ice", NAME_BAD_CHARACTER, 0x2028 },
		{ "al\x7fice", NAME_BAD_CHARACTER, 0x7f },
		{ "a\xf0\x93\x91\x81", NAME_BAD_CHARACTER, 0x13441 },     /* Egyptian hieroglyph full blank */
		{ "al\xe1\x9a\xa0ice", NAME_BAD_CHARACTER, 0x16a0 },      /* Runic, of which nobody is called */
		{ "\xf0\x90\x90\x80", NAME_BAD_CHARACTER, 0x10400 },     /* Deseret */
		{ "alice  x", NAME_BAD_SPACE, ' ' },
		{ " alice", NAME_BAD_SPACE, ' ' },
		{ "alice ", NAME_BAD_SPACE, ' ' },
		{ "\xcc\x81" "alice", NAME_BAD_MARK, 0x301 },
		{ "alice \xcc\x81", NAME_BAD_MARK, 0x301 },
		{ "alice-\xcc\xb8", NAME_BAD_MARK, 0x338 },
		{ "jos\xc3\xa9\xcc\x81", NAME_BAD_MARK, 0x301 },          /* the acute of é, once more */
		{ "ali\xcc\x80\xcc\x82\xcc\x83\xcc\x84\xcc\x86" "ce", NAME_BAD_MARK, 0x306 },
		{ "a\xe2\x83\xa0", NAME_BAD_CHARACTER, 0x20e0 },          /* an enclosing mark */
		{ "---", NAME_NOTHING_TO_READ, 0 },
		{ "\xe2\x80\x94", NAME_NOTHING_TO_READ, 0 },
		{ "a\xff", NAME_NOT_UTF8, 0 },
		{ "a\xed\xa0\x80", NAME_NOT_UTF8, 0 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint32_t c = 1;
		const enum name_flaw flaw = name_flaw_find(&c, rows[i].name);

		if (flaw != rows[i].flaw || (rows[i].character != 0 && c != rows[i].character))
			fail_msg("row %zu: flaw %d, U+%04X", i, (int)flaw, (unsigned)c);
	}
}

TEST(wide_punctuation_is_no_punctuation_of_a_name)
{
	static const struct {
		const char *name;
		uint32_t character;
	} rows[] = { { "bob＠contoso.com", 0xff20 }, { "bob﹫contoso.com", 0xfe6b }, { "bob．contoso.com", 0xff0e },
		{ "bob。contoso.com", 0x3002 }, { "bob｡contoso.com", 0xff61 }, { "＊.contoso.com", 0xff0a },
		{ "bob\xe2\x80\xa4" "contoso.com", 0x2024 /* one dot leader */ } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint32_t c = 0;

		if (name_flaw_find(&c, rows[i].name) != NAME_BAD_CHARACTER || c != rows[i].character)
			fail_msg("'%s': U+%04X", rows[i].name, (unsigned)c);
	}
}

static void expect(const char *a, const char *b, bool want)
{
	struct err e = ERR_INIT;
	bool same = !want;

	assert_int_equal(name_is_same(&same, a, b, &e), 0);
	if (same != want)
		fail_msg("'%s' and '%s' are %sone name", a, b, same ? "" : "not ");
}

TEST(spellings_of_one_name)
{
	static const char *const rows[][2] = { { "bob.contoso.com", "BOB.contoso.com" },
		{ "bob.contoso.com", "bob.contoso.com." }, { "bob@contoso.com", "Bob@Contoso.COM." },
		{ "Alice Smith", "ALICE  SMITH " }, { "jos\xc3\xa9", "jose\xcc\x81" }, { "JOS\xc3\x89", "jos\xc3\xa9" },
		{ "STRASSE", "stra\xc3\x9f" "e" },
		{ "\xce\x9f\xce\x94\xce\x9f\xce\xa3", "\xce\xbf\xce\xb4\xce\xbf\xcf\x82" },
		{ "K1", "\xe2\x84\xaa" "1" }, { "alice", "al\xe2\x80\x8bice" }, { "alice", "\xef\xbb\xbf" "alice" },
		{ "alice x", "alice\xc2\xa0x" },
		{ "alice x", "alice \xc2\xa0x" }, { "alice", "\xe2\x80\x83" "alice" },
		{ "xn--bcher-kva.example", "B\xc3\xbc" "cher.example" },
		{ "XN--BCHER-KVA.example.", "bu\xcc\x88" "cher.EXAMPLE" },
		{ "a@xn--bcher-kva.example", "A@b\xc3\xbc" "cher.example" },
		{ "e\xe2\x80\x8d\xcc\x81", "\xc3\xa9" },
		{ "bob.contoso.com", "ｂｏｂ.contoso.com" }, { "bob.contoso.com", "BOB．contoso。com｡" },
		{ "bob@contoso.com", "bob＠contoso.com" }, { "alice", "𝐀𝓵ice" }, { "fish", "ﬁsh" },
		{ "laptop-17", "laptop\xe2\x80\x91" "17" }, { "laptop-17", "Laptop\xe2\x80\x90" "17" },
		{ "bob.contoso.com", "bob.contoso.com.." }, { "xn--bcher-kva.example", "bücher。example" } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		expect(rows[i][0], rows[i][1], true);
}

TEST(names_that_differ)
{
	static const char *const rows[][2] = { { "bob.contoso.com", "bobcontoso.com" }, { "alice", "alice2" },
		{ "jose", "jos\xc3\xa9" }, { "a b", "ab" }, { "a", "\xd0\xb0" /* Cyrillic */ },
		{ "bob@a.com", "bob.a.com" },
		{ "A. B.", "A. B" }, { "a\xff", "A\xff" } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		expect(rows[i][0], rows[i][1], false);
}

TEST(a_key_is_its_own_key)
{
	static const char *const names[] = { "\xc4\xb0STANBUL", "\xef\xac\x83", "\xe1\xbe\xb2",
		"Bob@XN--BCHER-KVA.example.", "a..", ".", "\xf0\x9d\x90\x80\xe3\x80\x82" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char key[NAME_KEY_MAX], again[NAME_KEY_MAX];
		struct err e = ERR_INIT;

		assert_int_equal(name_key(key, names[i], &e), 0);
		assert_int_equal(name_key(again, key, &e), 0);
		assert_string_equal(key, again);
		assert_true(key[0] != '\0');
	}
}

TEST(what_cannot_be_seen_is_revealed)
{
	char out[64], small[12];

	name_reveal(out, sizeof(out), "al\xe2\x80\x8bice \xc3\xa9\xe3\x85\xa4");
	assert_string_equal(out, "al<U+200B>ice \xc3\xa9<U+3164>");
	name_reveal(small, sizeof(small), "alice\xe2\x80\x8b" "bob");
	assert_string_equal(small, "alice");
	name_reveal(out, sizeof(out), "a\xff");
	assert_string_equal(out, "");
}

TEST(the_longest_name_of_a_ledger_has_a_key)
{
	char name[256], key[NAME_KEY_MAX];
	struct err e = ERR_INIT;

	name[0] = '\0';
	for (size_t i = 0; i < 127; i++)
		memcpy(name + 2 * i, "\xce\x90", 3); /* its folding is three characters */
	assert_int_equal(name_key(key, name, &e), 0);
	for (size_t i = 0; i < 85; i++)
		memcpy(name + 3 * i, "\xef\xb7\xba", 4); /* a ligature of 18 letters */
	assert_int_equal(name_key(key, name, &e), 0);
}

/* A character that is removed makes name_key() take the way of all texts. */
TEST(ascii_names_have_the_key_that_any_other_way_gives)
{
	char name[16], with_invisible[24], key[NAME_KEY_MAX], other[NAME_KEY_MAX];
	struct err e = ERR_INIT;

	for (int c = 1; c < 0x80; c++) {
		for (int place = 0; place < 3; place++) {
			(void)snprintf(name, sizeof(name), "aB.c");
			name[place == 2 ? 3 : place] = (char)c;
			(void)snprintf(with_invisible, sizeof(with_invisible), "%s\xe2\x80\x8b", name);
			assert_int_equal(name_key(key, name, &e), 0);
			assert_int_equal(name_key(other, with_invisible, &e), 0);
			assert_string_equal(key, other);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_of_all_scripts_in_use_are_fine),
		cmocka_unit_test(names_that_hide_something_have_a_flaw),
		cmocka_unit_test(wide_punctuation_is_no_punctuation_of_a_name),
		cmocka_unit_test(spellings_of_one_name),
		cmocka_unit_test(names_that_differ),
		cmocka_unit_test(a_key_is_its_own_key),
		cmocka_unit_test(what_cannot_be_seen_is_revealed),
		cmocka_unit_test(ascii_names_have_the_key_that_any_other_way_gives),
		cmocka_unit_test(the_longest_name_of_a_ledger_has_a_key),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
