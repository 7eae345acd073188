noinst_LIBRARIES += libpki.a
libpki_a_SOURCES = \
	src/pki/check.c src/pki/check.h \
	src/pki/client/card_wait.c \
	src/pki/client/client.h \
	src/pki/client/client_batch.c src/pki/client/client_batch.h \
	src/pki/client/client_bundle.c \
	src/pki/client/client_enroll.c \
	src/pki/client/client_export.c \
	src/pki/client/client_import.c src/pki/client/client_import.h \
	src/pki/client/client_install.c \
	src/pki/client/client_issue.c src/pki/client/client_issue.h \
	src/pki/client/client_issue_folder.c src/pki/client/client_issue_group.c \
	src/pki/client/client_issue_pipeline.c src/pki/client/client_issue_run.h \
	src/pki/client/client_letter.c src/pki/client/client_letter.h \
	src/pki/client/client_recipe.c src/pki/client/client_recipe.h \
	src/pki/client/client_renew.c src/pki/client/client_renew.h \
	src/pki/client/client_request.c \
	src/pki/client/enroll_csv.c \
	src/pki/client/enroll_list.c src/pki/client/enroll_list.h \
	src/pki/client/pfx_password.c \
	src/pki/client/renew_list.c src/pki/client/renew_list.h \
	src/pki/client/software_enroll.c \
	src/pki/client_find.c src/pki/client_find.h \
	src/pki/config.c src/pki/config.h \
	src/pki/device.c src/pki/device.h \
	src/pki/doctor/doctor.c src/pki/doctor/doctor.h \
	src/pki/doctor/doctor_checks.c src/pki/doctor/doctor_checks.h \
	src/pki/doctor/doctor_judge.c src/pki/doctor/doctor_judge.h \
	src/pki/doctor/doctor_run.h \
	src/pki/error_index.def \
	src/pki/explain.c src/pki/explain.h \
	src/pki/explain/certificates.def \
	src/pki/explain/cryptoki.def \
	src/pki/explain/gateways.def \
	src/pki/explain/ledger.def \
	src/pki/explain/results.def \
	src/pki/explain/rules_certs.def \
	src/pki/explain/rules_doctor.def \
	src/pki/explain/rules_gateways.def \
	src/pki/explain/rules_keys.def \
	src/pki/explain/rules_packages.def \
	src/pki/explain/tokens.def \
	src/pki/gateway/gateway.h \
	src/pki/gateway/gateway_add.c \
	src/pki/gateway/gateway_check.c \
	src/pki/gateway/gateway_diff.c \
	src/pki/gateway/gateway_entries.c src/pki/gateway/gateway_entries.h \
	src/pki/gateway/gateway_fit.c \
	src/pki/gateway/gateway_issuers.c src/pki/gateway/gateway_issuers.h \
	src/pki/gateway/gateway_name.c src/pki/gateway/gateway_name.h \
	src/pki/gateway/gateway_pending.c src/pki/gateway/gateway_pending.h \
	src/pki/gateway/gateway_plan.c src/pki/gateway/gateway_plan.h \
	src/pki/gateway/gateway_record.c src/pki/gateway/gateway_record.h \
	src/pki/gateway/gateway_show.c \
	src/pki/gateway/gateway_trust.c src/pki/gateway/gateway_trust.h \
	src/pki/installation.h \
	src/pki/issue/files_step.c \
	src/pki/issue/install.h \
	src/pki/issue/install_step.c \
	src/pki/issue/issue.c src/pki/issue/issue.h \
	src/pki/issue/issue_sign.c \
	src/pki/issue/issue_step.c src/pki/issue/issue_steps.h \
	src/pki/issue/name_authority.c src/pki/issue/name_authority.h \
	src/pki/issue/receipt.c src/pki/issue/receipt.h \
	src/pki/issue/receipt_read.c src/pki/issue/receipt_read.h \
	src/pki/issue/self_sign_step.c \
	src/pki/issuer.c src/pki/issuer.h \
	src/pki/key/card_owner.c src/pki/key/card_owner.h \
	src/pki/key/key.h \
	src/pki/key/key_check.c src/pki/key/key_check.h \
	src/pki/client/key_file_step.c \
	src/pki/key/key_find.c \
	src/pki/key/key_location.c src/pki/key/key_location.h \
	src/pki/key/key_proof.c \
	src/pki/key/key_risks.c src/pki/key/key_risks.h \
	src/pki/key/key_steps.c \
	src/pki/issue/request_step.c src/pki/issue/request_step.h \
	src/pki/key/root_hardware.c src/pki/key/root_hardware.h \
	src/pki/client/software_key.h \
	src/pki/key_uri.c src/pki/key_uri.h \
	src/pki/ledger/checkpoint.c src/pki/ledger/checkpoint.h \
	src/pki/ledger/ledger_audit.c src/pki/ledger/ledger_audit.h \
	src/pki/ledger/ledger_backup.c \
	src/pki/ledger/ledger_calendar.c src/pki/ledger/ledger_calendar.h \
	src/pki/ledger/ledger_checkpoint.c src/pki/ledger/ledger_checkpoint.h \
	src/pki/ledger/ledger_list.c src/pki/ledger/ledger_list.h \
	src/pki/ledger/ledger_location.c src/pki/ledger/ledger_location.h \
	src/pki/ledger/ledger_move.c \
	src/pki/ledger/ledger_recover.c src/pki/ledger/ledger_recover.h \
	src/pki/ledger/ledger_restore.c \
	src/pki/ledger/openssl_index.c src/pki/ledger/openssl_index.h \
	src/pki/ledger/successor.c src/pki/ledger/successor.h \
	src/pki/client/client_job.h \
	src/pki/issue/issue_job.c src/pki/issue/issue_job.h \
	src/pki/key/key_card.c \
	src/pki/key/key_job.c src/pki/key/key_job.h \
	src/pki/issue/cert_load.c src/pki/issue/cert_load.h \
	src/pki/op.c src/pki/op.h \
	src/pki/pki.c src/pki/pki.h \
	src/pki/profile/package_op.c src/pki/profile/package_op.h \
	src/pki/profile/profile.h \
	src/pki/profile/profile_history.c src/pki/profile/profile_history.h \
	src/pki/profile/profile_job.c \
	src/pki/profile/profile_pfx.c \
	src/pki/profile/profile_renewed.c \
	src/pki/profile/profile_rules.c \
	src/pki/profile/profile_sign.c src/pki/profile/profile_sign.h \
	src/pki/profile/profile_step.c src/pki/profile/profile_step.h \
	src/pki/profile/profile_write.c \
	src/pki/published_keys.c src/pki/published_keys.def src/pki/published_keys.h \
	src/pki/report/report.c src/pki/report/report.h \
	src/pki/report/report_activity.c \
	src/pki/report/report_chart.c \
	src/pki/report/report_expiry.c \
	src/pki/report/report_gateways.c \
	src/pki/report/report_integrity.c \
	src/pki/report/report_keys.c \
	src/pki/report/report_needs.c \
	src/pki/report/report_page.c \
	src/pki/report/report_table.c src/pki/report/report_table.h \
	src/pki/request_check.c src/pki/request_check.h \
	src/pki/revoke/client_revoke.c \
	src/pki/revoke/revoke.h \
	src/pki/revoke/revoke_script.c \
	src/pki/revoke/revoke_show.c \
	src/pki/revoke/root_crl.c \
	src/pki/root/existing_key_step.c \
	src/pki/root/root.h \
	src/pki/root/root_adopt.c src/pki/root/root_adopt.h \
	src/pki/root/root_create.c \
	src/pki/root/root_install.c \
	src/pki/root/root_name.c src/pki/root/root_name.h \
	src/pki/root/root_origin.c src/pki/root/root_origin.h \
	src/pki/root/root_renew.c \
	src/pki/root/root_request.c \
	src/pki/root/root_retire.c \
	src/pki/root/root_show.c src/pki/root/root_show.h \
	src/pki/root_find.c src/pki/root_find.h \
	src/pki/rules.c \
	src/pki/rules_doctor.c \
	src/pki/rules_key.c \
	src/pki/issue/show_cert.c src/pki/issue/show_cert.h \
	src/pki/show_findings.c src/pki/show_findings.h \
	src/pki/step.c src/pki/step.h \
	src/pki/token/token_audit.c \
	src/pki/token/token_clean.c \
	src/pki/token/token_init.c \
	src/pki/token/token_ops.h \
	src/pki/token/token_pin.c \
	src/pki/test_mode.c src/pki/test_mode.h \
	src/pki/token_ref.c src/pki/token_ref.h \
	src/pki/token_signer.c src/pki/token_signer.h \
	src/pki/user_templates.c src/pki/user_templates.h

unit_tests += tests/unit/pki/test_rules
tests_unit_pki_test_rules_SOURCES = tests/unit/pki/test_rules.c tests/unit/unit.h
tests_unit_pki_test_rules_LDADD = $(PKI) $(CMOCKA_LIBS)

unit_tests += tests/unit/pki/test_step
tests_unit_pki_test_step_SOURCES = tests/unit/pki/test_step.c tests/unit/unit.h
tests_unit_pki_test_step_LDADD = $(PKI) $(CMOCKA_LIBS)

unit_tests += tests/fuzz/fuzz_names
EXTRA_DIST += tests/fuzz/names/csr.csv tests/fuzz/names/spki.csv
tests_fuzz_fuzz_names_SOURCES = tests/fuzz/fuzz_names.c tests/fuzz/run.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_names_LDADD = $(PKI)
