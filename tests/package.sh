# SPDX-License-Identifier: MIT
# package.sh - client packages in Azure's real shape, from tests/data/package.  Source it after tap.sh.
AZURE_SERVER=azuregateway-7e570000-1111-4222-8333-444455556666-0123456789ab.vpn.azure.com

# package_root FILE.pem SUBJECT : a software root; its key is FILE.key, a test key if there is no such file
package_root() {
	[ -f "${1%.pem}.key" ] || test_key "${1%.pem}.key"
	openssl req -x509 -new -key "${1%.pem}.key" -out "$1" -subj "$2" -days 3000 \
	    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign 2>/dev/null ||
		bail "no certificate '$2'"
}

# azure_root FILE.pem : a root that Azure's gateways really have; its key is DigiCert's, and nothing here needs it
azure_root() {
	azure_root_is=/usr/share/ca-certificates/mozilla/DigiCert_Global_Root_G2.crt
	[ -f "$azure_root_is" ] || skip_all "no ca-certificates"
	cp "$azure_root_is" "$1"
}

# package_hash FILE.pem : its thumbprint in lower case
package_hash() { openssl x509 -in "$1" -noout -fingerprint -sha1 | sed 's/.*=//; s/://g' | tr A-F a-f; }

# package_file FIXTURE OUT GATEWAY-ROOT.pem CLIENT-ROOT.pem : @WORDS@ replaced, CRLF
package_file() {
	package_client=$(package_hash "$4")
	sed -e "s|@ROOT@|$(openssl x509 -in "$3" -outform DER | openssl base64 -A)|" -e "s/@ROOT_SHA1@/$(package_hash "$3")/" \
	    -e "s/@CLIENT_ROOT@/$package_client/" \
	    -e "s/@CLIENT_ROOT_SPACED@/$(echo "$package_client" | tr a-f A-F | sed 's/../& /g')/" \
	    -e "/@ROOT_PEM@/{r $3
		d
	    }" "$srcdir/tests/data/package/$1" | sed 's/$/\r/' >"$2"
}

# package_folder FOLDER GATEWAY-ROOT.pem CLIENT-ROOT.pem : the second generation, IKEv2 and OpenVPN, unpacked
package_folder() {
	mkdir -p "$1/Generic" "$1/OpenVPN" "$1/AzureVPN" "$1/WindowsAmd64" "$1/WindowsPowershell" &&
		package_file settings-2.xml "$1/Generic/VpnSettings.xml" "$2" "$3" &&
		package_file vpnconfig.ovpn "$1/OpenVPN/vpnconfig.ovpn" "$2" "$3" &&
		package_file azurevpnconfig.xml "$1/AzureVPN/azurevpnconfig.xml" "$2" "$3" &&
		package_file VpnProfileSetup.ps1 "$1/WindowsPowershell/VpnProfileSetup.ps1" "$2" "$3" &&
		openssl x509 -in "$2" -outform DER -out "$1/Generic/VpnServerRoot.cer_0" &&
		echo MZ >"$1/WindowsAmd64/VpnClientSetupAmd64.exe" || bail "no package"
}

# package_old FOLDER GATEWAY-ROOT.pem CLIENT-ROOT.pem : the first generation, IKEv2 and SSTP
package_old() {
	mkdir -p "$1/Generic" "$1/WindowsAmd64" && package_file settings-1.xml "$1/Generic/VpnSettings.xml" "$2" "$3" &&
		openssl x509 -in "$2" -outform DER -out "$1/Generic/VpnServerRoot.cer" &&
		echo MZ >"$1/WindowsAmd64/VpnClientSetupAmd64.exe" || bail "no package"
}

# make_package ZIP [-l] [-e] NAME=FILE...
make_package() { "$top_builddir/tests/integration/make-package" "$@" || bail "no zip $1"; }

# package_zip ZIP FOLDER : the folder as Azure packs it, with backslashes
package_zip() {
	package_out=$1 package_from=$2
	set --
	for package_path in "$package_from"/*/*; do
		package_name=${package_path#"$package_from/"}
		set -- "$@" "$(echo "$package_name" | tr / '\\')=$package_path"
	done
	make_package "$package_out" "$@"
}
