# SPDX-License-Identifier: MIT
# matrix.sh - the same life on every token that can be had.  Source it after tap.sh and lib.sh.
#
# A back-end's file sets PKCS11_MODULE_PATH (exported), PIN and SOPIN, brings its token up and calls matrix.  What the
# token can do is asked for, by pkcs11-tool: where it can the whole life must work, where it cannot p11ca must refuse.
token=matrix                         # label of the token; a slot that is not initialised yet gets it
kind=generic                         # what p11ca must recognise
audit_says=0                         # exit status of token audit; 10 where the token states something bad
specs="rsa:2048 ec:p256 ed25519"     # kinds of key to live with
place() { :; }                       # place root|card SPEC: prints options that say where its key goes
unblocks=yes unblocks_by=pkcs15-tool # the officer sets the user's PIN; or else the exit status, and what does
fill=                                # options for whatever writes to the token, to be split
between() { :; }                     # called before each program: what the token's driver leaves behind

# spawn LOG command... : in the background; ends with this file, even when that is killed
spawned=
spawn() {
	spawn_log=$1
	shift
	setpriv --pdeathsig TERM "$@" >"$spawn_log" 2>&1 </dev/null &
	spawned="$spawned $!"
}
# shellcheck disable=SC2086
trap 'kill $spawned 2>/dev/null; wait; rm -rf "$WORK"' EXIT

# alone FILE FLAG COMMAND : runs FILE again in namespaces of its own, those of unshare's FLAG among them, which end with
# it and in which COMMAND came first; goes on only there.  With an empty $alone_map users stay as they are.
alone() {
	needs unshare setpriv
	if [ -n "${TOKENS_ALONE:-}" ]; then
		eval "$3" || bail "cannot: $3"
		return
	fi
	alone_flags="${alone_map--r} -m -p --fork --kill-child --mount-proc $2"
	# shellcheck disable=SC2086
	timeout 20 unshare $alone_flags sh -c "$3" >/dev/null 2>&1 || skip_all "namespaces are not permitted here"
	rm -rf "$WORK"
	# shellcheck disable=SC2086
	TOKENS_ALONE=1 exec timeout -k 5 240 unshare $alone_flags sh "$1"
}

# until_there FILE : waits for it, two seconds at most
until_there() {
	there_tries=0
	until [ -e "$1" ]; do
		[ $((there_tries += 1)) -le 40 ] || return 1
		sleep 0.05
	done
}

# swtpm_up : a software TPM for tpm2-pkcs11 and tpm2-tools, by a socket of its own: no port, no network
swtpm_up() {
	needs swtpm swtpm_setup setpriv
	TPM2TOOLS_TCTI=swtpm:path=$WORK/tpm TPM2_PKCS11_TCTI=swtpm:path=$WORK/tpm
	TPM2_PKCS11_STORE=$WORK/store TPM2_PKCS11_LOG_LEVEL=0 TSS2_LOG=all+NONE
	export TPM2TOOLS_TCTI TPM2_PKCS11_TCTI TPM2_PKCS11_STORE TPM2_PKCS11_LOG_LEVEL TSS2_LOG
	mkdir "$WORK/tpm-state" "$WORK/store"
	swtpm_setup --tpm2 --tpmstate "$WORK/tpm-state" --overwrite --pcr-banks sha256 >"$WORK/detail" 2>&1 ||
		bail "no TPM: $(cat "$WORK/detail")"
	spawn "$WORK/swtpm.log" swtpm socket --tpm2 --tpmstate "dir=$WORK/tpm-state" \
	    --server "type=unixio,path=$WORK/tpm" --ctrl "type=unixio,path=$WORK/tpm.ctrl" \
	    --flags not-need-init,startup-clear
	until_there "$WORK/tpm" || bail "no swtpm: $(cat "$WORK/swtpm.log")"
}

# first_of FILE... : prints the first that exists; modules lie elsewhere on other machines
first_of() {
	for first; do
		[ ! -f "$first" ] || { echo "$first"; return 0; }
	done
	return 1
}

# not_root command... : p11-kit reads a user's configuration only for those who are not root
not_root() { if [ "$(id -u)" -eq 0 ]; then unshare -U "$@"; else "$@"; fi; }

# kit_knows NAME [LINE...] : p11-kit's configuration for this test, and nothing of the machine's; adds a module
kit_proxy() { first_of "$(pkg-config --variable=proxy_module p11-kit-1 2>/dev/null)" /usr/lib/*/p11-kit-proxy.so; }
kit_knows() {
	mkdir -p "$HOME/.config/pkcs11/modules" && echo "user-config: only" >"$HOME/.config/pkcs11/pkcs11.conf"
	kit_name=$1
	shift
	printf '%s\n' "$@" >"$HOME/.config/pkcs11/modules/$kit_name.module"
}

# p and tool: bounded, because a driver may wait forever
p() { between && timeout 60 "$p11ca" "$@"; }
tool() { between && timeout 60 pkcs11-tool --module "$PKCS11_MODULE_PATH" --token-label "$token" "$@"; }

# mechanisms SPEC : "CKM_ that generates, that signs; as pkcs11-tool prints both; templates of root and client"
mechanisms() {
	case $1 in
	rsa:*) echo "CKM_RSA_PKCS_KEY_PAIR_GEN CKM_RSA_PKCS RSA-PKCS-KEY-PAIR-GEN RSA-PKCS azure-root azure-client" ;;
	ec:*) echo "CKM_EC_KEY_PAIR_GEN CKM_ECDSA ECDSA-KEY-PAIR-GEN ECDSA vpn-root vpn-client" ;;
	ed25519) echo "CKM_EC_EDWARDS_KEY_PAIR_GEN CKM_EDDSA EC-EDWARDS-KEY-PAIR-GEN EDDSA vpn-root vpn-client" ;;
	esac
}

# module_leaks : it forgets memory, and is unloaded when the sanitizer looks: no name is left to suppress it by
module_leaks() {
	ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0
	export ASAN_OPTIONS
}

# appears : the token is listed, initialised by us where it has to be, and recognised
appears() {
	check "listed without a login" 0 p --json token list
	if field '.tokens[] | select(.initialised | not) | .uri' | grep -q . &&
	    ! field '.tokens[].label' | grep -qx "$token"; then
		NEWPIN=$PIN NEWSO=$SOPIN
		export NEWPIN NEWSO
		check "initialised" 0 p token init --free --label "$token" \
		    --so-pin-source env:NEWSO --new-pin-source env:NEWPIN
	fi
	check "shown" 0 p --json token show "$token"
	check_json "as a $kind" ".token.kind == \"$kind\" and (.token.kind_note | length > 0)"
	uri=$(field .token.uri)
	check "its URI names it" 0 p --json token show "$uri" --login $pin
	check "a wrong PIN is told as such" 5 p token show "$token" --login --pin-source env:WRONG
	check "the right one still works" 0 p token show "$token" --login $pin
}

# raw_sign MECHANISM ID [OPTION...] : by pkcs11-tool, of $WORK/digest
raw_sign() {
	raw_mechanism=$1 raw_id=$2
	shift 2
	tool --login --pin "$PIN" --sign -m "$raw_mechanism" --id "$raw_id" "$@" -i "$WORK/digest" -o "$WORK/sig"
}

# signs ID CERT SPEC : another program signs with the key; openssl verifies with the certificate
signs() {
	openssl x509 -in "$2" -noout -pubkey >"$WORK/public.pem" && head -c 100 /dev/urandom >"$WORK/message" || return 1
	openssl dgst -sha256 -binary -out "$WORK/bare" "$WORK/message"
	cp "$WORK/bare" "$WORK/digest"
	case $3 in
	rsa:*) # the one mechanism that every token has wants the DigestInfo made
		printf '\060\061\060\015\006\011\140\206\110\001\145\003\004\002\001\005\000\004\040' |
		    cat - "$WORK/bare" >"$WORK/digest"
		raw_sign RSA-PKCS "$1"
		;;
	ec:*) raw_sign ECDSA "$1" --signature-format openssl ;;
	ed25519) raw_sign EDDSA "$1" ;;
	esac >"$WORK/detail" 2>&1 || return 1
	if [ "$3" = ed25519 ]; then
		openssl pkeyutl -verify -rawin -pubin -inkey "$WORK/public.pem" -in "$WORK/digest" -sigfile "$WORK/sig"
	else
		openssl dgst -sha256 -verify "$WORK/public.pem" -signature "$WORK/sig" "$WORK/message"
	fi >>"$WORK/detail" 2>&1
}

# issues NAME SPEC TEMPLATE : for $WORK/NAME.csr; leaves the file in $issued_cert
issues() {
	check "$2: issues for $1" 0 p -q --json client issue "$WORK/$1.csr" --cn "$1" --root "$root" --template "$3" \
	    --out "$WORK/$root" $pin
	issued_cert=$(field '.certificates[0].path')
	openssl verify -x509_strict -CAfile "$WORK/$root.pem" "$issued_cert" >"$WORK/detail" 2>&1
	ok "$2: what openssl verifies" "$WORK/detail"
}

# lives SPEC ROOT-TEMPLATE CLIENT-TEMPLATE
lives() {
	root=root-${1%%:*} card=card-${1%%:*}
	check "$1: a root" 0 p -q root create --shared-card "$root" --token "$token" --key "$1" --template "$2" $pin \
	    $fill $(place root "$1")
	[ "$tap_got" -eq 0 ] || return
	p root export "$root" --format pem >"$WORK/$root.pem"
	openssl verify -x509_strict -check_ss_sig -CAfile "$WORK/$root.pem" "$WORK/$root.pem" >"$WORK/detail" 2>&1
	ok "$1: that signed itself" "$WORK/detail"
	request "$WORK/foreign-$root.csr" "/CN=foreign-$root"
	issues "foreign-$root" "$1" "$3"

	check "$1: a client's key" 0 p -q --json client request --shared-card "$card" --token "$token" --key "$1" \
	    --out "$WORK/$card.csr" $pin $fill $(place card "$1")
	[ "$tap_got" -eq 0 ] || return
	id=$(field .result.cka_id)
	check "$1: asks for a certificate" 0 openssl req -in "$WORK/$card.csr" -noout -verify
	issues "$card" "$1" "$3"
	check "$1: takes it" 0 p -q client install --shared-card "$issued_cert" --token "$token" $pin $fill
	tool --read-object --type cert --id "$id" -o "$WORK/$card.der" >"$WORK/detail" 2>&1 &&
	    openssl x509 -in "$issued_cert" -outform DER | cmp - "$WORK/$card.der" >>"$WORK/detail" 2>&1
	ok "$1: pkcs11-tool reads it" "$WORK/detail"
	signs "$id" "$issued_cert" "$1"
	ok "$1: its key signs for others, too" "$WORK/detail"
}

# lacks SPEC ROOT-TEMPLATE MECHANISM
lacks() {
	check "$1: it has none" 6 p root create --shared-card "no-${1%%:*}" --token "$token" --key "$1" --template "$2" $pin
	check_has "$1: for want of $3" err "$3"
}

# pins : the PIN is changed, and back; the officer sets another, and back, or cannot
pins() {
	NEXTPIN=${PIN}7
	export NEXTPIN
	check "the PIN is changed" 0 p token pin "$token" $pin --new-pin-source env:NEXTPIN
	check "to the new one" 0 p token show "$token" --login --pin-source env:NEXTPIN
	check "and back" 0 p token pin "$token" --pin-source env:NEXTPIN --new-pin-source env:PIN
	if [ "$unblocks" != yes ]; then
		check "the officer cannot" "$unblocks" p token pin "$token" --unblock --so-pin-source env:SOPIN \
		    --new-pin-source env:NEXTPIN
		[ "$unblocks" -ne 6 ] || check_has "which is said before it is tried" err "rule: pin-not-by-so"
		check_has "what does is said" err "$unblocks_by"
		return
	fi
	check "the officer sets another" 0 p token pin "$token" --unblock --so-pin-source env:SOPIN \
	    --new-pin-source env:NEXTPIN
	check "which it is then" 0 p token show "$token" --login --pin-source env:NEXTPIN
	check "and back" 0 p token pin "$token" --unblock --so-pin-source env:SOPIN --new-pin-source env:PIN
}

matrix() {
	appears
	pins
	tool -M >"$WORK/mechanisms" 2>"$WORK/detail"
	grep -q KEY-PAIR-GEN "$WORK/mechanisms"
	ok "pkcs11-tool reads what it can" "$WORK/detail"
	for spec in $specs; do
		# shellcheck disable=SC2046 # six words
		set -- $(mechanisms "$spec")
		if ! grep -q "^  $3," "$WORK/mechanisms"; then
			lacks "$spec" "$5" "$1"
		elif ! grep -q "^  $4," "$WORK/mechanisms"; then
			lacks "$spec" "$5" "$2"
		else
			lives "$spec" "$5" "$6"
		fi
	done
	check "every key is proved again" "$audit_says" p --json token audit "$token" $pin
	check_json "none failed" '.keys | length > 0 and all(.proof == "proved")'
	check "the ledger is whole" 0 p ledger verify
}
