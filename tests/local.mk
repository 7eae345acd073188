check_LTLIBRARIES += p11fault.la
p11fault_la_SOURCES = tests/faults/p11fault.c tests/faults/falsify.c tests/faults/falsify.h tests/faults/cryptoki.def
p11fault_la_CFLAGS = -std=gnu11 $(WARN_CFLAGS)
p11fault_la_LDFLAGS = -module -avoid-version -rpath /nowhere
check_LTLIBRARIES += residue.la
residue_la_SOURCES = tests/faults/residue.c
residue_la_CFLAGS = -std=gnu11 $(WARN_CFLAGS)
residue_la_LDFLAGS = -module -avoid-version -rpath /nowhere
check_LTLIBRARIES += prepared_rsa.la
prepared_rsa_la_SOURCES = tests/prepared_rsa.c
prepared_rsa_la_CFLAGS = -std=gnu11 $(WARN_CFLAGS)
prepared_rsa_la_LIBADD = $(CRYPTO_LIBS)
prepared_rsa_la_LDFLAGS = -module -avoid-version -rpath /nowhere

shell_tests += \
	tests/faults/appeared.t \
	tests/faults/batch.t \
	tests/faults/concurrency.t \
	tests/faults/disk.t \
	tests/faults/durable.t \
	tests/faults/faults.t \
	tests/faults/key-strength.t \
	tests/faults/kill.t \
	tests/faults/wrong-answers.t \
	tests/faults/private-values.t \
	tests/faults/readback.t \
	tests/faults/resume.t \
	tests/faults/stdout.t \
	tests/faults/fault-every-call-enroll.t \
	tests/faults/fault-every-call-root.t \
	tests/faults/tokens.t \
	tests/integration/bad-request.t \
	tests/integration/token/card-owner.t \
	tests/integration/check.t \
	tests/integration/cli.t \
	tests/integration/client/client-ambiguous.t \
	tests/integration/client/client-bundle.t \
	tests/integration/client/client-enroll.t \
	tests/integration/client/client-export.t \
	tests/integration/client/client-import.t \
	tests/integration/client/client-install.t \
	tests/integration/client/client-issue.t \
	tests/integration/client/client-letter.t \
	tests/integration/client/client-list.t \
	tests/integration/client/client-recipe.t \
	tests/integration/client/client-renew.t \
	tests/integration/client/client-request.t \
	tests/integration/client/client-restore.t \
	tests/integration/client/client-revoke-script.t \
	tests/integration/client/client-revoke.t \
	tests/integration/client/client-show.t \
	tests/integration/config.t \
	tests/integration/root/crl-many.t \
	tests/integration/doctor/doctor-report.t \
	tests/integration/doctor/doctor.t \
	tests/integration/dry-run.t \
	tests/integration/client/enroll-list.t \
	tests/integration/client/enroll-profiles.t \
	tests/integration/client/enroll-software.t \
	tests/integration/error-cases.t \
	tests/integration/help-examples.t \
	tests/integration/explain-errors.t \
	tests/integration/explain.t \
	tests/integration/file-limits.t \
	tests/integration/gateway/gateway-issuers.t \
	tests/integration/gateway/gateway-add.t \
	tests/integration/gateway/gateway-check.t \
	tests/integration/gateway/gateway-diff.t \
	tests/integration/gateway/gateway-list.t \
	tests/integration/gateway/gateway-many.t \
	tests/integration/gateway/gateway-plan.t \
	tests/integration/gateway/gateway-render.t \
	tests/integration/gateway/gateway-show.t \
	tests/integration/gateway/gateway-unreadable.t \
	tests/integration/home.t \
	tests/integration/interop.t \
	tests/integration/invisible.t \
	tests/integration/issue-checks.t \
	tests/integration/json.t \
	tests/integration/key/key-compromise.t \
	tests/integration/key/key-identity.t \
	tests/integration/key/key-migration.t \
	tests/integration/key/keys.t \
	tests/integration/ledger/ledger-acknowledge.t \
	tests/integration/ledger/ledger-backup.t \
	tests/integration/ledger/ledger-checkpoint.t \
	tests/integration/ledger/ledger-export.t \
	tests/integration/ledger/ledger-log.t \
	tests/integration/ledger/ledger-move.t \
	tests/integration/ledger/ledger-recover.t \
	tests/integration/ledger/ledger-restore.t \
	tests/integration/ledger/ledger-verify.t \
	tests/integration/lifecycle.t \
	tests/integration/module.t \
	tests/integration/names.t \
	tests/integration/profile/ovpn-options.t \
	tests/integration/package/package-check.t \
	tests/integration/package/package-diff.t \
	tests/integration/package/package-show.t \
	tests/integration/package/package-state.t \
	tests/integration/pin.t \
	tests/integration/report.t \
	tests/integration/terminal.t \
	tests/integration/profile/profile-names.t \
	tests/integration/profile/profile-pfx.t \
	tests/integration/profile/profile-rules.t \
	tests/integration/profile/profile-stale.t \
	tests/integration/profile/profile-write.t \
	tests/integration/profile/profiles-linux.t \
	tests/integration/root/root-adopt.t \
	tests/integration/root/root-attach.t \
	tests/integration/root/root-create.t \
	tests/integration/root/root-crl.t \
	tests/integration/root/root-export.t \
	tests/integration/root/root-hardware.t \
	tests/integration/root/root-install.t \
	tests/integration/root/root-list.t \
	tests/integration/root/root-renew.t \
	tests/integration/root/root-request.t \
	tests/integration/root/root-retire.t \
	tests/integration/root/root-rollover.t \
	tests/integration/root/root-show.t \
	tests/integration/template/template-check.t \
	tests/integration/template/template-list.t \
	tests/integration/template/template-show.t \
	tests/integration/token/token-audit.t \
	tests/integration/token/token-clean.t \
	tests/integration/token/token-init.t \
	tests/integration/token/token-list.t \
	tests/integration/token/token-pin.t \
	tests/integration/token/token-show.t \
	tests/integration/trusted-files.t \
	tests/integration/key/weak-keys.t \
	tests/live/ipsec.t \
	tests/live/networkmanager.t \
	tests/live/openvpn.t \
	tests/live/radius.t \
	tests/live/subordinate.t \
	tests/live/swanctl.t \
	tests/meta/budgets.t \
	tests/meta/commands.t \
	tests/meta/compile.t \
	tests/meta/cycles.t \
	tests/meta/headers.t \
	tests/meta/jobs.t \
	tests/meta/json-schemas.t \
	tests/meta/language.t \
	tests/meta/layers.t \
	tests/meta/mutation.t \
	tests/meta/named-commands.t \
	tests/meta/requirements.t \
	tests/meta/tables.t \
	tests/meta/tap.t \
	tests/meta/transitions.t \
	tests/meta/version.t \
	tests/tokens/card-by-card.t \
	tests/tokens/desk.t \
	tests/tokens/kinds.t \
	tests/tokens/nss.t \
	tests/tokens/opencryptoki.t \
	tests/tokens/opensc.t \
	tests/tokens/others.t \
	tests/tokens/p11-kit.t \
	tests/tokens/piv.t \
	tests/tokens/softhsm-ec.t \
	tests/tokens/softhsm-poor.t \
	tests/tokens/softhsm.t \
	tests/tokens/tpm2.t \
	tests/tokens/duplicates.t \
	tests/tokens/two.t

EXTRA_DIST += tests/integration/report_ledger.py tests/integration/report_page.py
EXTRA_DIST += tests/requirements.sh tests/roots/make.sh tests/roots/machine.sh tests/roots/packages.sh
EXTRA_DIST += tests/fixtures/published.py tests/fixtures/golden/events.txt tests/fixtures/golden/files.sha256 \
	tests/fixtures/golden/ledger.csv
EXTRA_DIST += tests/json_schemas.py tests/meta/cmdlets.txt tests/meta/cycles.py tests/meta/language.py tests/meta/manual.py \
	tests/meta/named_commands.py tests/meta/parse_commands.py tests/integration/terminal.py
EXTRA_DIST += tests/faults/lib.sh tests/faults/durable.py tests/faults/fault-every-call.sh tests/tokens/matrix.sh tests/tokens/cards.sh \
	tests/tokens/hold.py tests/tokens/vpcd.py tests/tokens/iso_card.py tests/tokens/piv_card.py

# See rsa_key in tests/lib.sh.
CLEANFILES += tests/rsa-keys/*.pem

# Azure's packages, made by libzip: names with backslashes, and those of attackers.
check_PROGRAMS += tests/integration/make-package
tests_integration_make_package_SOURCES = tests/integration/make-package.c
tests_integration_make_package_LDADD = $(ZIP_LIBS)

# Real peers: the programs themselves say whether a profile works.
EXTRA_DIST += tests/live/live.sh tests/live/type-pin.bash

# ASan keeps freed memory and maps terabytes: what is left in memory is searched for in the other builds.
EXTRA_DIST += tests/faults/wiped.t
if !SANITIZE
shell_tests += tests/faults/wiped.t
endif

EXTRA_DIST += tests/mutation/mutate.py tests/mutation/azure.faults tests/mutation/ledger.faults tests/mutation/out.faults \
	tests/mutation/pki.faults tests/mutation/tokens.faults tests/mutation/profiles.faults tests/mutation/util.faults tests/mutation/x509.faults

