# Examples and guides, which `make install` copies to share/doc/p11ca.
examplesdir = $(docdir)/examples
dist_examples_DATA = examples/README examples/names.csv examples/office-machines.ini examples/openvpn-users.ini \
	examples/p11ca-doctor.service examples/p11ca-doctor.timer examples/p11ca.conf examples/people-wait.csv examples/people.csv
dist_examples_SCRIPTS = examples/expiry-mail.sh
guidesdir = $(docdir)/guides
dist_guides_DATA = docs/guides/azure.md docs/guides/ci.md docs/guides/operator.md docs/guides/security.md
dist_doc_DATA = LICENSE NEWS.md SECURITY.md docs/ARCHITECTURE.md docs/LEDGER.md docs/PERFORMANCE.md \
	docs/p11ca.svg docs/renamed.md
EXTRA_DIST += tests/integration/guides.py

# The README's links lead to docs/, whose files lie beside it there.
install-data-hook: install-readme
install-readme:
	@$(MKDIR_P) "$(DESTDIR)$(docdir)"
	@sed 's,docs/,,g' $(srcdir)/README.md >"$(DESTDIR)$(docdir)/README.md"
	@chmod 644 "$(DESTDIR)$(docdir)/README.md"
uninstall-hook: uninstall-readme
uninstall-readme:
	@rm -f "$(DESTDIR)$(docdir)/README.md"
.PHONY: install-readme uninstall-readme
shell_tests += tests/integration/examples.t tests/integration/guides.t
