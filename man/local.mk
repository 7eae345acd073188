# Manual pages are prose with lines that p11ca-doc fills from the program's tables; so is the completion script.
man_pages = man/p11ca.1 man/p11ca-check.1 man/p11ca-client.1 man/p11ca-gateway.1 man/p11ca-ledger.1 man/p11ca-package.1 \
	man/p11ca-profile.1 man/p11ca-root.1 man/p11ca-template.1 man/p11ca-token.1 \
	man/p11ca.conf.5
nodist_man_MANS = $(man_pages)
EXTRA_DIST += $(man_pages:=.in) $(completions:=.in)
CLEANFILES += $(man_pages) $(man_pages:=.tmp) $(completions) $(completions:=.tmp)

man/p11ca.1: man/p11ca.1.in
man/p11ca-check.1: man/p11ca-check.1.in
man/p11ca-client.1: man/p11ca-client.1.in
man/p11ca-gateway.1: man/p11ca-gateway.1.in
man/p11ca-ledger.1: man/p11ca-ledger.1.in
man/p11ca-package.1: man/p11ca-package.1.in
man/p11ca-profile.1: man/p11ca-profile.1.in
man/p11ca-root.1: man/p11ca-root.1.in
man/p11ca-template.1: man/p11ca-template.1.in
man/p11ca-token.1: man/p11ca-token.1.in
man/p11ca.conf.5: man/p11ca.conf.5.in
$(man_pages): p11ca-doc$(EXEEXT)
	@$(MKDIR_P) $(@D)
	$(AM_V_GEN)./p11ca-doc$(EXEEXT) man $(srcdir)/$@.in >$@.tmp && mv $@.tmp $@

# p11ca-client-enroll(1) and so on are the page of the noun.
install-data-hook: install-aliases
install-aliases: p11ca-doc$(EXEEXT)
	@$(MKDIR_P) "$(DESTDIR)$(man1dir)"
	@./p11ca-doc$(EXEEXT) aliases | while read -r alias page; do \
		echo ".so man1/$$page.1" >"$(DESTDIR)$(man1dir)/$$alias.1" || exit 1; \
	done
uninstall-hook: uninstall-aliases
uninstall-aliases:
	@./p11ca-doc$(EXEEXT) aliases | while read -r alias page; do rm -f "$(DESTDIR)$(man1dir)/$$alias.1"; done
.PHONY: install-aliases uninstall-aliases

bashcompletiondir = $(datadir)/bash-completion/completions
nodist_bashcompletion_DATA = completion/p11ca
zshcompletiondir = $(datadir)/zsh/site-functions
nodist_zshcompletion_DATA = completion/_p11ca
fishcompletiondir = $(datadir)/fish/vendor_completions.d
nodist_fishcompletion_DATA = completion/p11ca.fish
completions = completion/p11ca completion/_p11ca completion/p11ca.fish
completion/p11ca: completion/p11ca.in
completion/_p11ca: completion/_p11ca.in
completion/p11ca.fish: completion/p11ca.fish.in
$(completions): p11ca-doc$(EXEEXT)
	@$(MKDIR_P) $(@D)
	$(AM_V_GEN)./p11ca-doc$(EXEEXT) completion $(srcdir)/$@.in >$@.tmp && mv $@.tmp $@

# What --json prints, for other programs: tests/meta/json-schemas.t compares them with the tables.
json_schemasdir = $(docdir)/json
dist_json_schemas_DATA = \
	docs/json/check.json \
	docs/json/client-bundle.json \
	docs/json/client-enroll.json \
	docs/json/client-export.json \
	docs/json/client-import.json \
	docs/json/client-install.json \
	docs/json/client-issue.json \
	docs/json/client-letter.json \
	docs/json/client-list.json \
	docs/json/client-recipe.json \
	docs/json/client-renew.json \
	docs/json/client-request.json \
	docs/json/client-restore.json \
	docs/json/client-revoke.json \
	docs/json/client-show.json \
	docs/json/doctor.json \
	docs/json/explain.json \
	docs/json/gateway-add.json \
	docs/json/gateway-check.json \
	docs/json/gateway-diff.json \
	docs/json/gateway-list.json \
	docs/json/gateway-render.json \
	docs/json/gateway-show.json \
	docs/json/ledger-acknowledge.json \
	docs/json/ledger-backup.json \
	docs/json/ledger-checkpoint.json \
	docs/json/ledger-export.json \
	docs/json/ledger-log.json \
	docs/json/ledger-move.json \
	docs/json/ledger-recover.json \
	docs/json/ledger-restore.json \
	docs/json/ledger-verify.json \
	docs/json/package-check.json \
	docs/json/package-diff.json \
	docs/json/package-show.json \
	docs/json/profile-stale.json \
	docs/json/profile-write.json \
	docs/json/program-help.json \
	docs/json/program-version.json \
	docs/json/report.json \
	docs/json/root-adopt.json \
	docs/json/root-attach.json \
	docs/json/root-create.json \
	docs/json/root-crl.json \
	docs/json/root-export.json \
	docs/json/root-install.json \
	docs/json/root-list.json \
	docs/json/root-renew.json \
	docs/json/root-request.json \
	docs/json/root-retire.json \
	docs/json/root-rollover.json \
	docs/json/root-show.json \
	docs/json/template-check.json \
	docs/json/template-list.json \
	docs/json/template-show.json \
	docs/json/token-audit.json \
	docs/json/token-clean.json \
	docs/json/token-init.json \
	docs/json/token-list.json \
	docs/json/token-pin.json \
	docs/json/token-show.json

shell_tests += \
	tests/integration/completion.t \
	tests/meta/manual.t
