/* SPDX-License-Identifier: MIT */
/* test_encode.c - files that people bring, and files that we write. */
#include "tests/unit/unit.h"

#include "x509/encode.h"
#include "tests/unit/x509/x509_kit.h"

static struct kit_root root;
static struct buf request;

static int set_up(void **state)
{
	(void)state;
	kit_root(&root, "vpn-root", "P-256");
	kit_request(&request, "alice", root.key);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	buf_clear(&request);
	kit_root_clear(&root);
	return 0;
}

static void add(struct buf *out, const char *text)
{
	struct err e = ERR_INIT;

	assert_int_equal(buf_add(out, text, strlen(text), &e), 0);
}

static void encode(struct buf *out, const struct buf *der, enum der_kind kind, const char *format)
{
	struct err e = ERR_INIT;

	assert_int_equal(der_encode(out, buf_bytes(der), kind, format, &e), 0);
}

static void is_read_as(const struct buf *file, enum der_kind kind, const struct buf *want)
{
	AUTO_VALUE(buf) der = { 0 };
	struct err e = ERR_INIT;

	if (der_from_file(&der, buf_bytes(file), kind, &e) < 0)
		fail_msg("%s (%s)", e.what, e.cause);
	assert_int_equal(der.len, want->len);
	assert_memory_equal(der.data, want->data, der.len);
}

static void is_refused(const struct buf *file, enum der_kind kind)
{
	AUTO_VALUE(buf) der = { 0 };
	struct err e = ERR_INIT;

	assert_int_equal(der_from_file(&der, buf_bytes(file), kind, &e), -1);
	assert_int_equal(e.status, ERR_INPUT);
	assert_int_equal(der.len, 0);
}

TEST(every_format_there_and_back)
{
	for (size_t i = 0; der_format_at(i) != NULL; i++) {
		AUTO_VALUE(buf) cert = { 0 };
		AUTO_VALUE(buf) req = { 0 };

		encode(&cert, &root.cert, DER_CERT, der_format_at(i));
		is_read_as(&cert, DER_CERT, &root.cert);
		encode(&req, &request, DER_REQUEST, der_format_at(i));
		is_read_as(&req, DER_REQUEST, &request);
	}
	assert_string_equal(der_format_at(0), "base64");
}

TEST(what_formats_look_like)
{
	AUTO_VALUE(buf) line = { 0 };
	AUTO_VALUE(buf) cer = { 0 };
	AUTO_VALUE(buf) pem = { 0 };
	AUTO_VALUE(buf) none = { 0 };
	struct err e = ERR_INIT;
	size_t returns = 0, newlines = 0;

	encode(&line, &root.cert, DER_CERT, "base64");
	assert_null(memchr(line.data, '\n', line.len));
	assert_int_equal(line.len, 4 * ((root.cert.len + 2) / 3));
	encode(&pem, &root.cert, DER_CERT, "pem");
	assert_null(memchr(pem.data, '\r', pem.len));
	assert_memory_equal(pem.data, "-----BEGIN CERTIFICATE-----\n", 28);
	encode(&cer, &root.cert, DER_CERT, "cer");
	for (size_t i = 0; i < cer.len; i++) {
		returns += cer.data[i] == '\r';
		newlines += cer.data[i] == '\n';
	}
	assert_int_equal(returns, newlines);
	assert_int_equal(cer.len, pem.len + returns);
	assert_int_equal(der_encode(&none, buf_bytes(&root.cert), DER_CERT, "p7b", &e), -1);
	assert_int_equal(e.status, ERR_USAGE);
}

TEST(files_as_people_bring_them)
{
	AUTO_VALUE(buf) pem = { 0 };
	AUTO_VALUE(buf) bom = { 0 };
	AUTO_VALUE(buf) text = { 0 };
	AUTO_VALUE(buf) lines = { 0 };
	AUTO_VALUE(buf) line = { 0 };
	struct err e = ERR_INIT;

	encode(&pem, &root.cert, DER_CERT, "pem");
	add(&bom, "\xef\xbb\xbf");
	assert_int_equal(buf_add(&bom, pem.data, pem.len, &e), 0);
	is_read_as(&bom, DER_CERT, &root.cert);
	add(&text, "Certificate:\n    Data:\n        Version: 3 (0x2)\n");
	assert_int_equal(buf_add(&text, pem.data, pem.len, &e), 0);
	add(&text, "\r\n\n");
	is_read_as(&text, DER_CERT, &root.cert);
	encode(&line, &root.cert, DER_CERT, "base64");
	for (size_t i = 0; i < line.len; i += 76) {
		size_t n = line.len - i < 76 ? line.len - i : 76;

		assert_int_equal(buf_add(&lines, line.data + i, n, &e), 0);
		add(&lines, "\r\n");
	}
	is_read_as(&lines, DER_CERT, &root.cert);
}

TEST(other_labels)
{
	static const struct {
		const char *head, *foot;
		enum der_kind kind;
	} rows[] = {
		{ "-----BEGIN X509 CERTIFICATE-----\n", "\n-----END X509 CERTIFICATE-----\n", DER_CERT },
		{ "-----BEGIN NEW CERTIFICATE REQUEST-----\n", "\n-----END NEW CERTIFICATE REQUEST-----\n",
		    DER_REQUEST },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct buf *want = rows[i].kind == DER_CERT ? &root.cert : &request;
		AUTO_VALUE(buf) file = { 0 };
		AUTO_VALUE(buf) line = { 0 };
		struct err e = ERR_INIT;

		encode(&line, want, rows[i].kind, "base64");
		add(&file, rows[i].head);
		for (size_t at = 0; at < line.len; at += 64) {
			assert_int_equal(
			    buf_add(&file, line.data + at, line.len - at < 64 ? line.len - at : 64, &e), 0);
			add(&file, at + 64 < line.len ? "\n" : "");
		}
		add(&file, rows[i].foot);
		is_read_as(&file, rows[i].kind, want);
		is_refused(&file, rows[i].kind == DER_CERT ? DER_REQUEST : DER_CERT);
	}
}

TEST(what_is_refused)
{
	static const char *const texts[] = {
		"", "\n", "hello", "MIIB", "MII*", "-----BEGIN CERTIFICATE-----\n", "0", "\x30", "\x30\x03\x02\x01",
		"-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE REQUEST-----\n",
		"-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n",
		"-----BEGIN CERTIFICATE-----\nBQA=\n-----END CERTIFICATE-----\n", /* NULL, no SEQUENCE */
		"-----BEGIN CERTIFICATE-----\nProc-Type: 4,ENCRYPTED\n\nMAA=\n-----END CERTIFICATE-----\n",
		"-----BEGIN PKCS7-----\nMAA=\n-----END PKCS7-----\n",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		AUTO_VALUE(buf) file = { 0 };

		add(&file, texts[i]);
		is_refused(&file, DER_CERT);
	}
}

TEST(more_than_one_thing)
{
	AUTO_VALUE(buf) two = { 0 };
	AUTO_VALUE(buf) rest = { 0 };
	AUTO_VALUE(buf) der = { 0 };
	AUTO_VALUE(buf) mixed = { 0 };
	struct err e = ERR_INIT;

	encode(&two, &root.cert, DER_CERT, "pem");
	encode(&two, &root.cert, DER_CERT, "pem");
	is_refused(&two, DER_CERT);
	encode(&rest, &root.cert, DER_CERT, "pem");
	add(&rest, "and more\n");
	is_refused(&rest, DER_CERT);
	assert_int_equal(buf_add(&der, root.cert.data, root.cert.len, &e), 0);
	add(&der, "\n");
	is_refused(&der, DER_CERT);
	encode(&mixed, &request, DER_REQUEST, "pem");
	encode(&mixed, &root.cert, DER_CERT, "pem");
	is_refused(&mixed, DER_REQUEST);
	is_refused(&mixed, DER_CERT);
}

TEST(a_private_key_is_refused_by_name)
{
	static const char *const labels[] = { "PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY",
		"ENCRYPTED PRIVATE KEY", "OPENSSH PRIVATE KEY" };

	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
		AUTO_VALUE(buf) file = { 0 };
		AUTO_VALUE(buf) der = { 0 };
		struct err e = ERR_INIT;
		char text[200];

		encode(&file, &root.cert, DER_CERT, "pem");
		(void)snprintf(
		    text, sizeof(text), "-----BEGIN %s-----\nMAA=\n-----END %s-----\n", labels[i], labels[i]);
		add(&file, text);
		assert_int_equal(der_from_file(&der, buf_bytes(&file), DER_CERT, &e), -1);
		assert_non_null(strstr(e.what, "private key"));
		assert_non_null(e.hint);
	}
}

static int count(struct bytes der, void *arg, struct err *e)
{
	unsigned *n = arg;

	assert_int_equal(der.len, root.cert.len);
	if (++*n == 7)
		return err_set(e, ERR_INPUT, "seven");
	return 0;
}

TEST(each_certificate_of_a_file)
{
	AUTO_VALUE(buf) three = { 0 };
	unsigned n = 0;
	struct err e = ERR_INIT;

	for (int i = 0; i < 3; i++) {
		add(&three, "subject=CN = root\n");
		encode(&three, &root.cert, DER_CERT, "cer");
	}
	assert_int_equal(der_each_cert(buf_bytes(&three), 3, count, &n, &e), 0);
	assert_int_equal(n, 3);
	assert_int_equal(der_each_cert(buf_bytes(&three), 2, count, &n, &e), -1);
	assert_int_equal(n, 5);
	assert_int_equal(der_each_cert(buf_bytes(&root.cert), 1, count, &n, &e), 0);
	assert_int_equal(n, 6);
	assert_int_equal(der_each_cert(buf_bytes(&three), 9, count, &n, &e), -1);
	assert_string_equal(e.what, "seven");
	assert_int_equal(der_each_cert(buf_bytes(&root.cert), 0, count, &n, &e), -1);
	encode(&three, &request, DER_REQUEST, "pem");
	assert_int_equal(der_each_cert(buf_bytes(&three), 9, count, &n, &e), -1);
	assert_int_equal(e.status, ERR_INPUT);
	assert_int_equal(der_each_cert((struct bytes){ (const unsigned char *)"hello", 5 }, 9, count, &n, &e), -1);
}

TEST(a_large_file_of_nothing)
{
	size_t len = 10U << 20;
	unsigned char *big = malloc(len);
	AUTO_VALUE(buf) der = { 0 };
	struct err e = ERR_INIT;

	assert_non_null(big);
	memset(big, 'A', len);
	assert_int_equal(der_from_file(&der, (struct bytes){ big, len }, DER_REQUEST, &e), -1);
	memset(big, '\n', len);
	assert_int_equal(der_from_file(&der, (struct bytes){ big, len }, DER_REQUEST, &e), -1);
	free(big);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_format_there_and_back),
		cmocka_unit_test(what_formats_look_like),
		cmocka_unit_test(files_as_people_bring_them),
		cmocka_unit_test(other_labels),
		cmocka_unit_test(what_is_refused),
		cmocka_unit_test(more_than_one_thing),
		cmocka_unit_test(a_private_key_is_refused_by_name),
		cmocka_unit_test(each_certificate_of_a_file),
		cmocka_unit_test(a_large_file_of_nothing),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
