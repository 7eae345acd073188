noinst_LIBRARIES += libazure.a
libazure_a_SOURCES = \
	src/azure/agree.c \
	src/azure/azurevpn_xml.c \
	src/azure/client_report.c src/azure/client_report.h \
	src/azure/collect_windows.c \
	src/azure/diff.c \
	src/azure/eap_xml.c \
	src/azure/files.c src/azure/files.h \
	src/azure/folder.c src/azure/folder.h \
	src/azure/gateway/gateway.h \
	src/azure/gateway/gateway_az.c \
	src/azure/gateway/gateway_check.c \
	src/azure/gateway/gateway_commands.c \
	src/azure/gateway/gateway_foreign.c src/azure/gateway/gateway_foreign.h \
	src/azure/gateway/gateway_functions.c \
	src/azure/gateway/gateway_ipsec.c \
	src/azure/gateway/gateway_powershell.c \
	src/azure/gateway/gateway_render.c \
	src/azure/gateway/gateway_network.c \
	src/azure/gateway/render_text.c \
	src/azure/gateway/gateway_revoke_script.c \
	src/azure/gateway/gateway_rules.c \
	src/azure/gateway/gateway_id.c \
	src/azure/gateway/gateway_state.c src/azure/gateway/gateway_state.h \
	src/azure/gateway/gateway_template.c src/azure/gateway/gateway_template.h \
	src/azure/gateway/gateway_tree.c \
	src/azure/gateway/render.h \
	src/azure/gateway/template_rules.c \
	src/azure/gateway/upload_rules.c \
	src/azure/input_error.c src/azure/input_error.h \
	src/azure/net.c src/azure/net.h \
	src/azure/ovpn.c src/azure/ovpn.h \
	src/azure/ovpn_fault.c \
	src/azure/ovpn_block.c \
	src/azure/package.c src/azure/package.h \
	src/azure/package_reader.c src/azure/package_reader.h \
	src/azure/remedy.h \
	src/azure/report_rules.c \
	src/azure/rules.c \
	src/azure/settings_xml.c \
	src/azure/setup_ps1.c \
	src/azure/xml.c src/azure/xml.h \
	src/azure/zip.c src/azure/zip.h

# The tests read real certificates: x509/ is handed in, as pki does.
PACKAGE_TEST = libazure.a libx509.a $(AZURE) $(ZIP_LIBS) $(CMOCKA_LIBS)
package_kit = tests/unit/azure/package_kit.c tests/unit/azure/package_kit.h $(x509_kit)
EXTRA_DIST += tests/data/package/README tests/data/package/settings-1.xml tests/data/package/settings-2.xml \
	tests/data/package/azurevpnconfig.xml tests/data/package/vpnconfig.ovpn tests/data/package/VpnProfileSetup.ps1 \
	tests/data/gateway/README tests/data/gateway/vnet-gateway.json tests/data/gateway/vnet-gateway-arm.json \
	tests/data/gateway/vpn-server-config.json tests/data/gateway/vpn-server-config-arm.json \
	tests/data/gateway/p2s-vpn-gateway.json tests/data/report/windows.json
unit_tests += tests/unit/azure/test_gateway_state tests/unit/azure/test_gateway_rules tests/unit/azure/test_package \
	tests/unit/azure/test_package_hostile tests/unit/azure/test_package_zip tests/unit/azure/test_package_rules tests/unit/azure/test_ovpn \
	tests/unit/azure/test_net
gateway_kit = tests/unit/azure/gateway_kit.h $(package_kit)
tests_unit_azure_test_gateway_state_SOURCES = tests/unit/azure/test_gateway_state.c $(gateway_kit)
tests_unit_azure_test_gateway_state_LDADD = $(PACKAGE_TEST)
tests_unit_azure_test_gateway_rules_SOURCES = tests/unit/azure/test_gateway_rules.c $(gateway_kit)
tests_unit_azure_test_gateway_rules_LDADD = $(PACKAGE_TEST)
tests_unit_azure_test_package_SOURCES = tests/unit/azure/test_package.c $(package_kit)
tests_unit_azure_test_package_LDADD = $(PACKAGE_TEST)
tests_unit_azure_test_net_SOURCES = tests/unit/azure/test_net.c $(package_kit)
tests_unit_azure_test_net_LDADD = $(PACKAGE_TEST)
tests_unit_azure_test_ovpn_SOURCES = tests/unit/azure/test_ovpn.c $(package_kit)
tests_unit_azure_test_ovpn_LDADD = $(PACKAGE_TEST)
tests_unit_azure_test_package_hostile_SOURCES = tests/unit/azure/test_package_hostile.c $(package_kit)
tests_unit_azure_test_package_hostile_LDADD = $(PACKAGE_TEST)
tests_unit_azure_test_package_zip_SOURCES = tests/unit/azure/test_package_zip.c $(package_kit)
tests_unit_azure_test_package_zip_LDADD = $(PACKAGE_TEST)
tests_unit_azure_test_package_rules_SOURCES = tests/unit/azure/test_package_rules.c $(package_kit)
tests_unit_azure_test_package_rules_LDADD = $(PACKAGE_TEST)

unit_tests += tests/fuzz/fuzz_package_xml tests/fuzz/fuzz_package_zip tests/fuzz/fuzz_gateway_state tests/fuzz/fuzz_client_report
tests_fuzz_fuzz_client_report_SOURCES = tests/fuzz/fuzz_client_report.c tests/fuzz/run.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_client_report_LDADD = $(AZURE)
tests_fuzz_fuzz_gateway_state_SOURCES = tests/fuzz/fuzz_gateway_state.c tests/fuzz/run.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_gateway_state_LDADD = $(AZURE)
EXTRA_DIST += tests/fuzz/package_xml/azurevpnconfig.xml tests/fuzz/package_xml/setup.ps1 \
	tests/fuzz/package_zip/deflated.zip tests/fuzz/package_zip/encrypted.zip
tests_fuzz_fuzz_package_xml_SOURCES = tests/fuzz/fuzz_package_xml.c tests/fuzz/run.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_package_xml_LDADD = $(AZURE)
tests_fuzz_fuzz_package_zip_SOURCES = tests/fuzz/fuzz_package_zip.c tests/fuzz/run.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_package_zip_LDADD = $(AZURE)

unit_tests += tests/unit/azure/test_gateway_limits
tests_unit_azure_test_gateway_limits_SOURCES = tests/unit/azure/test_gateway_limits.c tests/unit/unit.h
tests_unit_azure_test_gateway_limits_LDADD = $(AZURE) $(CMOCKA_LIBS)
