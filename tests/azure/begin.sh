# SPDX-License-Identifier: MIT
# begin.sh - what the tests of az begin with: a mock of Azure that runs, and what they need of it.  Source it first.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
. "$srcdir/tests/azure/azure.sh"
. "$srcdir/tests/azure/states.sh"
needs base64
cd "$WORK" || bail "no folder"
azure_up

gw() { "$p11ca" gateway "$@"; }
# data FILE : the certificate in it, as Azure has it
data() { openssl x509 -in "$1" -outform DER | base64 -w0; }
# somebody FILE CN [KEY-FILE] : a root of somebody else; without KEY-FILE its key goes to FILE with .key for .pem
somebody() {
	if [ $# -gt 2 ]; then set -- "$1" "$2" -key "$3"; else set -- "$1" "$2" -newkey rsa:2048 -nodes -keyout "${1%.pem}.key"; fi
	somebody_file=$1 somebody_name=$2
	shift 2
	openssl req -x509 "$@" -out "$somebody_file" -subj "/CN=$somebody_name" -days 30 2>err || bail "no certificate: $(cat err)"
}
# certificates_of ROOT NAME... : issues a certificate for each
certificates_of() {
	certificates_root=$1
	shift
	for certificates_name; do
		request "$certificates_name.csr" "/CN=$certificates_name"
		issue "$certificates_name.csr" --trust-names --root "$certificates_root" >out 2>&1 ||
			bail "no certificate for $certificates_name: $(cat out)"
	done
}
# vpn_and_bob [OPTION-OF-REVOKE...] : the root vpn, which two gateways are to trust, and bob, who is revoked.  Sets $bob, the
# thumbprint of his certificate
vpn_and_bob() {
	tokens hsm
	root vpn hsm
	certificates_of vpn bob
	gw add test-gw --resource-group "$GROUP" --root vpn >out || bail "no gateway"
	gw add test-config --resource-group "$GROUP" --type vpn-server-config --root vpn >out || bail "no configuration"
	"$p11ca" -q client revoke bob --reason keyCompromise "$@" >out || bail "bob is not revoked"
	bob=$("$p11ca" client export bob --format der | sha1sum | cut -c 1-40)
}
