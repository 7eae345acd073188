# The azure-cli of Debian 13 over a mock of Azure: what it sends is the same whatever p11ca is built with.
azure_tests = tests/azure/mock.t tests/azure/commands.t tests/azure/gateway-render.t tests/azure/gateway-faults.t \
	tests/azure/gateway-changed.t tests/azure/client-revoke-script.t \
	tests/azure/scripts-hostile.t
EXTRA_DIST += tests/azure/begin.sh tests/azure/azure.sh tests/azure/states.sh tests/azure/root.sh tests/azure/enter.sh \
	tests/azure/az_client.py tests/azure/az_server.py tests/azure/arm_mock.py tests/azure/arm_rules.py \
	tests/mutation/azure-scripts.faults $(azure_tests)
if !SANITIZE
shell_tests += $(azure_tests)
endif
clean-local:
	rm -rf debian13-azure-cli debian13-azure-cli.*
