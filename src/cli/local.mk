noinst_LIBRARIES += libcli.a
libcli_a_SOURCES = \
	src/cli/cli.c src/cli/cli.h \
	src/cli/command.h \
	src/cli/command_table.c \
	src/cli/commands.c src/cli/commands.def \
	src/cli/commands/check.c \
	src/cli/commands/client/client_bundle.c \
	src/cli/commands/client/client_enroll.c \
	src/cli/commands/client/client_export.c \
	src/cli/commands/client/client_import.c \
	src/cli/commands/client/client_install.c \
	src/cli/commands/client/client_issue.c \
	src/cli/commands/client/client_letter.c \
	src/cli/commands/client/client_list.c \
	src/cli/commands/client/client_recipe.c \
	src/cli/commands/client/client_renew.c \
	src/cli/commands/client/client_request.c \
	src/cli/commands/client/client_restore.c \
	src/cli/commands/client/client_revoke.c \
	src/cli/commands/client/client_show.c \
	src/cli/commands/doctor.c \
	src/cli/commands/explain.c \
	src/cli/commands/gateway/gateway_add.c \
	src/cli/commands/gateway/gateway_check.c \
	src/cli/commands/gateway/gateway_diff.c \
	src/cli/commands/gateway/gateway_list.c \
	src/cli/commands/gateway/gateway_render.c \
	src/cli/commands/gateway/gateway_show.c \
	src/cli/commands/ledger/ledger_acknowledge.c \
	src/cli/commands/ledger/ledger_backup.c \
	src/cli/commands/ledger/ledger_checkpoint.c \
	src/cli/commands/ledger/ledger_export.c \
	src/cli/commands/ledger/ledger_log.c \
	src/cli/commands/ledger/ledger_move.c \
	src/cli/commands/ledger/ledger_recover.c \
	src/cli/commands/ledger/ledger_restore.c \
	src/cli/commands/ledger/ledger_verify.c \
	src/cli/commands/package/package_check.c \
	src/cli/commands/package/package_diff.c \
	src/cli/commands/package/package_show.c \
	src/cli/commands/profile/profile_stale.c \
	src/cli/commands/profile/profile_write.c \
	src/cli/commands/report.c \
	src/cli/commands/root/root_adopt.c \
	src/cli/commands/root/root_attach.c \
	src/cli/commands/root/root_create.c \
	src/cli/commands/root/root_crl.c \
	src/cli/commands/root/root_export.c \
	src/cli/commands/root/root_install.c \
	src/cli/commands/root/root_list.c \
	src/cli/commands/root/root_renew.c \
	src/cli/commands/root/root_request.c \
	src/cli/commands/root/root_retire.c \
	src/cli/commands/root/root_rollover.c \
	src/cli/commands/root/root_show.c \
	src/cli/commands/template/template_check.c \
	src/cli/commands/template/template_list.c \
	src/cli/commands/template/template_show.c \
	src/cli/commands/token/token_audit.c \
	src/cli/commands/token/token_clean.c \
	src/cli/commands/token/token_init.c \
	src/cli/commands/token/token_list.c \
	src/cli/commands/token/token_pin.c \
	src/cli/commands/token/token_show.c \
	src/cli/completion.c src/cli/completion.h \
	src/cli/export_text.c src/cli/export_text.h \
	src/cli/fill.c src/cli/fill.h \
	src/cli/help.c src/cli/help.h \
	src/cli/help_command.c \
	src/cli/help_text.c src/cli/help_text.h \
	src/cli/library_versions.c src/cli/library_versions.h \
	src/cli/help_json.c src/cli/help_json.h \
	src/cli/mdoc.c src/cli/mdoc.h \
	src/cli/nouns.def \
	src/cli/list_format.c src/cli/list_format.h \
	src/cli/open_pki.c src/cli/open_pki.h \
	src/cli/opts.c src/cli/opts.h \
	src/cli/pin_source.c src/cli/pin_source.h \
	src/cli/process.c src/cli/process.h \
	src/cli/profile_options.c src/cli/profile_options.h \
	src/cli/terminal.c src/cli/terminal.h \
	src/cli/ui_tty.c src/cli/ui_tty.h \
	src/cli/values.c src/cli/values.def

# The command infrastructure knows no command: its tests bring a table of their own, so they need no pki.
CLI_ALONE = libcli.a $(OUT)
sample_commands = tests/unit/cli/sample_commands.c tests/unit/cli/sample_commands.h tests/unit/unit.h

unit_tests += tests/unit/cli/test_opts
tests_unit_cli_test_opts_SOURCES = tests/unit/cli/test_opts.c tests/unit/unit.h
tests_unit_cli_test_opts_LDADD = $(CLI_ALONE) $(CMOCKA_LIBS)

unit_tests += tests/unit/cli/test_cli
tests_unit_cli_test_cli_SOURCES = tests/unit/cli/test_cli.c $(sample_commands)
tests_unit_cli_test_cli_LDADD = $(CLI_ALONE) $(CMOCKA_LIBS)

unit_tests += tests/unit/cli/test_ui
tests_unit_cli_test_ui_SOURCES = tests/unit/cli/test_ui.c $(sample_commands)
tests_unit_cli_test_ui_LDADD = $(CLI_ALONE) $(CMOCKA_LIBS)

unit_tests += tests/unit/cli/test_doc
tests_unit_cli_test_doc_SOURCES = tests/unit/cli/test_doc.c $(sample_commands)
tests_unit_cli_test_doc_LDADD = $(CLI_ALONE) $(CMOCKA_LIBS)

# The tables of all commands: needs everything.
unit_tests += tests/unit/cli/test_commands
tests_unit_cli_test_commands_SOURCES = tests/unit/cli/test_commands.c tests/unit/unit.h
tests_unit_cli_test_commands_LDADD = $(CLI) $(CMOCKA_LIBS)

# Fills man/*.in and writes completion/p11ca from the tables; see man/local.mk.
noinst_PROGRAMS += p11ca-doc
p11ca_doc_SOURCES = src/cli/p11ca-doc.c
p11ca_doc_LDADD = $(CLI)
