/* SPDX-License-Identifier: MIT */
/* test_encoders.c - XML, property lists, PowerShell, Markdown: every byte in, the same text out, or a refusal. */
#include "tests/unit/unit.h"

#include <libxml/parser.h>

#include "out/template.h"
#include "out/ical.h"
#include "out/markdown.h"
#include "out/plist.h"
#include "out/powershell.h"
#include "out/recipe.h"
#include "util/text.h"

static struct bytes bytes_of(const char *text)
{
	return (struct bytes){ (const unsigned char *)text, strlen(text) };
}

static bool is(const struct buf *b, const char *want)
{
	return b->len == strlen(want) && memcmp(b->data, want, b->len) == 0;
}

/* A byte alone, and as the character of that number. */
static void each_text(void (*f)(const char *text))
{
	for (unsigned i = 1; i < 256; i++) {
		char raw[8] = { 'a', (char)i, 'z', '\0' };
		char two[8] = { 'a', (char)(0xc0 | i >> 6), (char)(0x80 | (i & 0x3f)), 'z', '\0' };

		f(raw);
		if (i >= 0x80)
			f(two);
	}
	f("");
	f("\xe2\x80\x98\xe2\x80\x99\xe2\x80\x9a\xe2\x80\x9b");
	f("'; Remove-Item C:\\ -Recurse #");
	f("\xef\xbf\xbe");
	f("\xef\xbf\xbf");
	f("\xed\xa0\x80");
	f("\xe2\x80\xae"); /* right-to-left override */
	f("]]>&lt;<!--");
	f("``` `");
}

static void xml_carries(const char *text, bool is_secret)
{
	AUTO_VALUE(buf) out = { 0 };
	struct err e = ERR_INIT;
	struct xml *x;

	assert_int_equal(xml_open(&x, XML_INDENT, &e), 0);
	xml_start(x, "a", "urn:a");
	xml_attribute(x, "b", text);
	if (is_secret)
		xml_secret(x, text);
	else
		xml_text(x, text);
	xml_end(x);
	if (xml_close(x, &out, &e) == 0) {
		xmlDocPtr doc = xmlReadMemory((const char *)out.data, (int)out.len, "a", NULL, XML_PARSE_NONET);
		xmlNodePtr root = doc != NULL ? xmlDocGetRootElement(doc) : NULL;
		xmlChar *content = root != NULL ? xmlNodeGetContent(root) : NULL;
		xmlChar *attribute = root != NULL ? xmlGetProp(root, (const xmlChar *)"b") : NULL;

		if (content == NULL || attribute == NULL)
			fail_msg("not well-formed: %.*s", (int)out.len, (const char *)out.data);
		assert_string_equal((const char *)content, text);
		assert_string_equal((const char *)attribute, text);
		xmlFree(content);
		xmlFree(attribute);
		xmlFreeDoc(doc);
	} else {
		assert_int_equal(e.status, ERR_INPUT);
		assert_int_equal(out.len, 0);
		assert_false(text_is_harmless(text, strlen(text)) && strncmp(text, "\xef\xbf", 2) != 0);
	}
}

static void xml_carries_both(const char *text)
{
	xml_carries(text, false);
	xml_carries(text, true);
}

TEST(xml_every_byte)
{
	each_text(xml_carries_both);
	xmlCleanupParser();
}

TEST(xml_shape)
{
	AUTO_VALUE(buf) out = { 0 };
	struct err e = ERR_INIT;
	struct xml *x;

	assert_int_equal(xml_open(&x, 0, &e), 0);
	xml_start(x, "a", "urn:a");
	xml_leaf(x, "b", "1 < 2");
	xml_leaf(x, "c", "");
	xml_base64(x, bytes_of("x"));
	assert_int_equal(xml_close(x, &out, &e), 0); /* ends what is open */
	assert_true(is(&out, "<a xmlns=\"urn:a\"><b>1 &lt; 2</b><c></c>eA==</a>"));
}

TEST(xml_keeps_the_first_failure)
{
	AUTO_VALUE(buf) out = { 0 };
	struct err e = ERR_INIT;
	struct xml *x;

	assert_int_equal(xml_open(&x, XML_DECLARE, &e), 0);
	xml_end(x); /* nothing is open */
	xml_leaf(x, "a", "\x01");
	assert_int_equal(xml_close(x, &out, &e), -1);
	assert_int_equal(e.status, ERR_INTERNAL);
	assert_int_equal(out.len, 0);
}

TEST(plist_shape)
{
	static const char want[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
				   "<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" "
				   "\"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n"
				   "<plist version=\"1.0\">\n  <dict>\n"
				   "    <key>A</key>\n    <string>&lt;</string>\n"
				   "    <key>B</key>\n    <integer>7</integer>\n"
				   "    <key>C</key>\n    <true/>\n"
				   "    <key>D</key>\n    <array>\n      <data>AAE=</data>\n    </array>\n"
				   "    <key>E</key>\n    <string>&amp;</string>\n"
				   "  </dict>\n</plist>\n";
	AUTO_VALUE(buf) out = { 0 };
	struct err e = ERR_INIT;
	struct xml *x;

	assert_int_equal(plist_open(&x, &e), 0);
	plist_string(x, "A", "<");
	plist_integer(x, "B", 7);
	plist_bool(x, "C", true);
	plist_array(x, "D");
	plist_data(x, NULL, (struct bytes){ (const unsigned char *)"\0\1", 2 });
	plist_end(x);
	plist_secret(x, "E", "&");
	assert_int_equal(plist_close(x, &out, &e), 0);
	if (!is(&out, want))
		fail_msg("%.*s", (int)out.len, (const char *)out.data);
}

/* The length of one of the characters that PowerShell takes for a single quote. */
static size_t is_quote(const char *p)
{
	if (*p == '\'')
		return 1;
	return strncmp(p, "\xe2\x80", 2) == 0 && p[2] >= '\x98' && p[2] <= '\x9b' ? 3 : 0;
}

/* What PowerShell makes of a single-quoted string; NULL: it ends before the text does, or never. */
static char *powershell_reads(const char *literal, char *out)
{
	char *to = out;
	const char *p = literal;

	if (*p++ != '\'')
		return NULL;
	while (*p != '\0') {
		size_t n = is_quote(p);

		if (n > 0) {
			p += n;
			if (is_quote(p) == 0) {
				*to = '\0';
				return *p == '\0' ? out : NULL;
			}
		}
		n = is_quote(p) > 0 ? is_quote(p) : 1;
		memcpy(to, p, n);
		to += n;
		p += n;
	}
	return NULL;
}

static void powershell_carries(const char *text)
{
	AUTO_VALUE(buf) out = { 0 };
	struct err e = ERR_INIT;
	char read[256];

	if (powershell_quote(&out, bytes_of(text), &e) < 0) {
		assert_int_equal(e.status, ERR_INPUT);
		assert_false(text_is_harmless(text, strlen(text)));
		assert_int_equal(out.len, 0);
		return;
	}
	assert_int_equal(buf_add(&out, "", 1, &e), 0);
	if (powershell_reads((const char *)out.data, read) == NULL)
		fail_msg("breaks out: %s", (const char *)out.data);
	assert_string_equal(read, text);
	assert_null(strpbrk((const char *)out.data, "\r\n"));
}

TEST(powershell_every_byte)
{
	AUTO_VALUE(buf) out = { 0 };
	struct err e = ERR_INIT;

	each_text(powershell_carries);
	assert_int_equal(powershell_quote(&out, (struct bytes){ (const unsigned char *)"a\0b", 3 }, &e), -1);
	assert_int_equal(powershell_quote(&out, bytes_of("a\nb"), &e), -1);
	assert_int_equal(powershell_quote(&out, bytes_of("$(x) `\" it's"), &e), 0);
	assert_true(is(&out, "'$(x) `\" it''s'"));
}

static void markdown_carries(const char *text)
{
	AUTO_VALUE(buf) out = { 0 };
	struct err e = ERR_INIT;
	size_t fence, inner = 0, run = 0;

	assert_int_equal(markdown_code(&out, bytes_of(text), &e), 0);
	assert_true(text_is_harmless((const char *)out.data, out.len));
	assert_int_equal(buf_add(&out, "", 1, &e), 0);
	fence = strspn((const char *)out.data, "`");
	assert_true(fence > 0 && out.len - 1 > 2 * fence);
	for (size_t i = fence; i < out.len - 1 - fence; i++) {
		run = out.data[i] == '`' ? run + 1 : 0;
		inner = run > inner ? run : inner;
	}
	assert_true(inner < fence); /* nothing inside ends it */
	for (size_t i = out.len - 1 - fence; i < out.len - 1; i++)
		assert_int_equal(out.data[i], '`');
}

TEST(markdown_every_byte)
{
	AUTO_VALUE(buf) out = { 0 };
	struct err e = ERR_INIT;

	each_text(markdown_carries);
	assert_int_equal(markdown_code(&out, bytes_of("<b>[x](y)"), &e), 0);
	assert_true(is(&out, "`<b>[x](y)`"));
}

static const char *text_of(struct buf *out)
{
	struct err e = ERR_INIT;

	assert_int_equal(buf_add(out, "", 1, &e), 0);
	return (const char *)out->data;
}

/* What a shell makes of '…': '\'' is one quote, all else stands for itself. */
TEST(shell_every_byte)
{
	for (unsigned c = 0; c < 256; c++) {
		const unsigned char text[] = { 'a', (unsigned char)c, '\'', (unsigned char)c };
		AUTO_VALUE(buf) out = { 0 };
		char back[8];
		size_t n = 0;
		struct err e = ERR_INIT;

		if (c == 0) {
			assert_int_equal(shell_quote(&out, (struct bytes){ text, 4 }, &e), -1);
			assert_int_equal(e.status, ERR_INPUT);
			continue;
		}
		assert_int_equal(shell_quote(&out, (struct bytes){ text, 4 }, &e), 0);
		for (const char *p = text_of(&out) + 1; strcmp(p, "'") != 0; p++) {
			if (*p == '\'') {
				assert_memory_equal(p, "'\\''", 4);
				p += 3;
			}
			back[n++] = *p;
		}
		assert_int_equal(n, 4);
		assert_memory_equal(back, text, 4);
	}
}

/* Undoes doubled quotes and per cent signs, as a reader of INF files does. */
static void uninf(char *out, const char *text)
{
	assert_int_equal(*text++, '"');
	for (; strcmp(text, "\"") != 0; text++) {
		if (*text == '"' || *text == '%')
			assert_int_equal(text[0], text[1]);
		*out++ = *text;
		text += *text == '"' || *text == '%';
	}
	*out = '\0';
}

TEST(inf_and_subjects_every_byte)
{
	for (unsigned c = 1; c < 256; c++) {
		const char text[] = { 'a', (char)c, 'b', '\0' };
		AUTO_VALUE(buf) out = { 0 };
		AUTO_VALUE(buf) name = { 0 };
		AUTO_VALUE(buf) subject = { 0 };
		char back[32], want[32];
		struct err e = ERR_INIT;

		if (c < 0x20 || c >= 0x7f) {
			assert_int_equal(inf_quote(&out, bytes_of(text), &e), -1);
			assert_int_equal(inf_subject(&name, bytes_of(text), &e), -1);
			assert_int_equal(openssl_subject(&subject, text, &e), -1);
			assert_int_equal(e.status, ERR_INPUT);
			continue;
		}
		assert_int_equal(inf_quote(&out, bytes_of(text), &e), 0);
		uninf(back, text_of(&out));
		assert_string_equal(back, text);
		assert_int_equal(inf_subject(&name, bytes_of(text), &e), 0);
		uninf(back, text_of(&name));
		(void)snprintf(want, sizeof(want), c == '"' ? "CN=\"a\"\"b\"" : "CN=\"%s\"", text);
		assert_string_equal(back, want);
		assert_int_equal(openssl_subject(&subject, text, &e), 0);
		(void)snprintf(want, sizeof(want), "/CN=a%s%cb", strchr("/+\\=,", (int)c) != NULL ? "\\" : "", (int)c);
		assert_string_equal(text_of(&subject), want);
	}
}

TEST(inf_as_windows_reads_it)
{
	AUTO_VALUE(buf) narrow = { 0 };
	AUTO_VALUE(buf) wide = { 0 };
	AUTO_VALUE(buf) bad = { 0 };
	struct err e = ERR_INIT;

	assert_int_equal(inf_encode(&narrow, bytes_of("a\nb"), &e), 0);
	assert_true(is(&narrow, "a\r\nb"));
	assert_int_equal(inf_encode(&wide, bytes_of("\xc3\xa9\xe2\x82\xac\xf0\x9f\x94\x91\n"), &e), 0);
	assert_int_equal(wide.len, 14);
	assert_memory_equal(wide.data, "\xff\xfe\xe9\0\xac\x20\x3d\xd8\x11\xdd\r\0\n\0", 14);
	assert_int_equal(inf_encode(&bad, bytes_of("\xff"), &e), -1);
	assert_int_equal(e.status, ERR_INPUT);
}

TEST(blanks)
{
	AUTO_VALUE(buf) out = { 0 };
	AUTO_VALUE(buf) raw = { 0 };
	struct err e = ERR_INIT;
	const struct template_var values[] = { { .name = "A", .value = "it's @B@" }, { .name = "B", .encoded = &raw },
		{ .name = "C_D", .plain = "it's" }, { .name = "NONE" }, { .name = NULL } };

	assert_int_equal(buf_add(&raw, "1 2", 3, &e), 0);
	assert_int_equal(template_fill(&out, "@", values, powershell_quote, &e), 0);
	assert_int_equal(template_fill(&out, " @A@@B@ @( a@b.c @{ @settings @AB @a@", values, powershell_quote, &e), 0);
	assert_true(is(&out, "@ 'it''s @B@'1 2 @( a@b.c @{ @settings @AB @a@"));
	buf_clear(&out);
	assert_int_equal(template_fill(&out, "@C_D@", values, NULL, &e), 0);
	assert_true(is(&out, "it's"));
	assert_int_equal(template_fill(&out, "@C@", values, powershell_quote, &e), -1);
	assert_int_equal(e.status, ERR_INTERNAL);
	assert_int_equal(template_fill(&out, "@NONE@", values, powershell_quote, &e), -1);
}

/* Folded between characters at 75 bytes; whatever is in a text, each line of it is one line. */
static void ical_one(const char *text)
{
	AUTO_VALUE(buf) b = { 0 };
	struct err e = ERR_INIT;
	size_t width = 0;

	assert_int_equal(ical_text(&b, "SUMMARY", text, &e), 0);
	assert_true(b.len >= 10 && memcmp(b.data + b.len - 2, "\r\n", 2) == 0);
	for (size_t i = 0; i < b.len; i++) {
		if (b.data[i] == '\r') {
			assert_true(b.data[i + 1] == '\n' && (i + 2 == b.len || b.data[i + 2] == ' '));
			assert_true(i + 3 >= b.len || (b.data[i + 3] & 0xc0) != 0x80);
			width = 0;
			i++;
			continue;
		}
		assert_true(b.data[i] >= ' ' && b.data[i] != 0x7f && ++width <= 75);
	}
}

TEST(ical_every_byte)
{
	AUTO_VALUE(buf) b = { 0 };
	struct err e = ERR_INIT;
	char text[400];

	each_text(ical_one);
	for (size_t n = 0; n + 3 < sizeof(text); n++) {
		memset(text, 'a', n);
		memcpy(text + n, "\xc3\xa9", 3);
		ical_one(text);
	}
	for (size_t n = 4000; n < 70000; n += 10007) { /* nothing is cut off: its end is there */
		AUTO_VALUE(buf) long_text = { 0 };
		AUTO_VALUE(buf) line = { 0 };

		for (size_t i = 0; i < n; i++)
			assert_int_equal(buf_add(&long_text, i % 100 == 99 ? "\n" : i % 7 == 3 ? "\x1b" : ",", 1, &e),
			    0);
		assert_int_equal(buf_add(&long_text, "\nend", 5, &e), 0);
		assert_int_equal(ical_text(&line, "X", (const char *)long_text.data, &e), 0);
		assert_true(line.len > 2 * n && memcmp(line.data + line.len - 5, "end\r\n", 5) == 0);
	}
	assert_int_equal(ical_text(&b, "X", "a,b;c\\d\ne\r", &e), 0);
	assert_true(is(&b, "X:a\\,b\\;c\\\\d\\ne\\\\x0d\r\n"));
	b.len = 0;
	assert_int_equal(ical_time(&b, "DTSTART", 1800000000, &e), 0);
	assert_true(is(&b, "DTSTART:20270115T080000Z\r\n"));
	assert_int_equal(ical_time(&b, "DTSTART", INT64_MAX, &e), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(xml_every_byte),
		cmocka_unit_test(xml_shape),
		cmocka_unit_test(xml_keeps_the_first_failure),
		cmocka_unit_test(plist_shape),
		cmocka_unit_test(powershell_every_byte),
		cmocka_unit_test(markdown_every_byte),
		cmocka_unit_test(shell_every_byte),
		cmocka_unit_test(inf_and_subjects_every_byte),
		cmocka_unit_test(inf_as_windows_reads_it),
		cmocka_unit_test(blanks),
		cmocka_unit_test(ical_every_byte),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
