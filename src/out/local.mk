noinst_LIBRARIES += libout.a
libout_a_SOURCES = \
	src/out/csv.c \
	src/out/format.h \
	src/out/formats.def \
	src/out/html_table.c src/out/html_table.h \
	src/out/ical.c src/out/ical.h \
	src/out/json.c \
	src/out/json_value.c src/out/json_value.h \
	src/out/jsonl.c \
	src/out/markdown.c src/out/markdown.h \
	src/out/out.c src/out/out.h \
	src/out/plist.c src/out/plist.h \
	src/out/powershell.c src/out/powershell.h \
	src/out/quote.c src/out/quote.h \
	src/out/recipe.c src/out/recipe.h \
	src/out/schema.c src/out/schema.h \
	src/out/script.c \
	src/out/template.c src/out/template.h \
	src/out/text.c src/out/text_blocks.c src/out/text_field.c src/out/text_internal.h src/out/text_table.c \
	src/out/value.c \
	src/out/xml.c src/out/xml.h

unit_tests += tests/unit/out/test_out tests/unit/out/test_quote tests/unit/out/test_text
tests_unit_out_test_text_SOURCES = tests/unit/out/test_text.c tests/unit/unit.h
tests_unit_out_test_text_LDADD = $(OUT) $(CMOCKA_LIBS)
tests_unit_out_test_out_SOURCES = tests/unit/out/test_out.c tests/unit/unit.h
tests_unit_out_test_out_LDADD = $(OUT) $(CMOCKA_LIBS)
tests_unit_out_test_quote_SOURCES = tests/unit/out/test_quote.c tests/unit/unit.h
tests_unit_out_test_quote_LDADD = $(OUT) $(CMOCKA_LIBS)

unit_tests += tests/unit/out/test_encoders
tests_unit_out_test_encoders_SOURCES = tests/unit/out/test_encoders.c tests/unit/unit.h
tests_unit_out_test_encoders_LDADD = $(OUT) $(XML_LIBS) $(CMOCKA_LIBS)
