# Examples, which `make install` copies to share/doc/p11ca/examples.
examplesdir = $(docdir)/examples
dist_examples_DATA = examples/README examples/names.csv examples/office-machines.ini examples/openvpn-users.ini \
	examples/p11ca.conf examples/people-wait.csv examples/people.csv
shell_tests += tests/integration/examples.t
