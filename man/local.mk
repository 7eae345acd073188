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
uninstall-hook:
	@./p11ca-doc$(EXEEXT) aliases | while read -r alias page; do rm -f "$(DESTDIR)$(man1dir)/$$alias.1"; done
.PHONY: install-aliases

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

shell_tests += \
	tests/integration/completion.t \
	tests/meta/manual.t
