noinst_LIBRARIES += libutil.a
libutil_a_SOURCES = \
	src/util/array.h \
	src/util/base64.c src/util/base64.h \
	src/util/bytes.c src/util/bytes.h \
	src/util/cleanup.h \
	src/util/clock.c src/util/clock.h \
	src/util/csv.c src/util/csv.h \
	src/util/csv_table.c src/util/csv_table.h \
	src/util/der_item.c src/util/der_item.h \
	src/util/err.c src/util/err.h \
	src/util/field.h \
	src/util/file.c src/util/file.h \
	src/util/file_name.c src/util/file_name.h \
	src/util/hash.c src/util/hash.h \
	src/util/hex_id.c src/util/hex_id.h \
	src/util/ini.c src/util/ini.h \
	src/util/json_read.c src/util/json_read.h \
	src/util/library.c src/util/library.h \
	src/util/lock.c src/util/lock.h \
	src/util/random.c src/util/random.h \
	src/util/screen.c src/util/screen.h \
	src/util/secret.c src/util/secret.h \
	src/util/stage.c src/util/stage.h \
	src/util/status.def \
	src/util/text.c src/util/text.h \
	src/util/text_decode.c src/util/text_decode.h \
	src/util/trust.c src/util/trust.h \
	src/util/ui.h \
	src/util/unicode.c src/util/unicode.h \
	src/util/unicode_visible.c \
	src/util/uuid.c src/util/uuid.h

unit_tests += tests/unit/util/test_util tests/unit/util/test_file tests/unit/util/test_file_name \
	tests/unit/util/test_hex_id tests/unit/util/test_csv tests/unit/util/test_base64 tests/unit/util/test_library
tests_unit_util_test_library_SOURCES = tests/unit/util/test_library.c tests/unit/unit.h
tests_unit_util_test_library_LDADD = $(UTIL) $(CMOCKA_LIBS)
tests_unit_util_test_base64_SOURCES = tests/unit/util/test_base64.c tests/unit/unit.h
tests_unit_util_test_base64_LDADD = $(UTIL) $(CMOCKA_LIBS)
tests_unit_util_test_util_SOURCES = tests/unit/util/test_util.c tests/unit/unit.h
tests_unit_util_test_util_LDADD = $(UTIL) $(CMOCKA_LIBS)
tests_unit_util_test_util_LDFLAGS = -Wl,--wrap=free
tests_unit_util_test_file_SOURCES = tests/unit/util/test_file.c tests/unit/unit.h
tests_unit_util_test_file_LDADD = $(UTIL) $(CMOCKA_LIBS)
tests_unit_util_test_file_name_SOURCES = tests/unit/util/test_file_name.c tests/unit/unit.h
tests_unit_util_test_file_name_LDADD = $(UTIL) $(CMOCKA_LIBS)
tests_unit_util_test_hex_id_SOURCES = tests/unit/util/test_hex_id.c tests/unit/unit.h
tests_unit_util_test_hex_id_LDADD = $(UTIL) $(CMOCKA_LIBS)
tests_unit_util_test_csv_SOURCES = tests/unit/util/test_csv.c tests/unit/unit.h
tests_unit_util_test_csv_LDADD = $(UTIL) $(CMOCKA_LIBS)

unit_tests += tests/unit/util/test_unicode
tests_unit_util_test_unicode_SOURCES = tests/unit/util/test_unicode.c tests/unit/unit.h
tests_unit_util_test_unicode_LDADD = $(UTIL) $(CMOCKA_LIBS)

unit_tests += tests/unit/util/test_trust
tests_unit_util_test_trust_SOURCES = tests/unit/util/test_trust.c tests/unit/unit.h
tests_unit_util_test_trust_LDADD = $(UTIL) $(CMOCKA_LIBS)
