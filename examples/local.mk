# Examples and guides, which `make install` copies to share/doc/p11ca.
examplesdir = $(docdir)/examples
dist_examples_DATA = examples/README examples/names.csv examples/office-machines.ini examples/openvpn-users.ini \
	examples/p11ca.conf examples/people-wait.csv examples/people.csv
guidesdir = $(docdir)/guides
dist_guides_DATA = docs/guides/azure.md docs/guides/ci.md docs/guides/operator.md docs/guides/security.md
EXTRA_DIST += docs/p11ca.svg tests/integration/guides.py
shell_tests += tests/integration/examples.t tests/integration/guides.t
