#!/bin/sh
# SPDX-License-Identifier: MIT
# two.t - two tokens, two modules and two PINs in one command: the root on SoftHSM, the client in NSS or in a TPM.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
. "$srcdir/tests/tokens/matrix.sh"
needs jq openssl certutil script
nss=$(first_of /usr/lib/*/libsoftokn3.so /usr/lib/*/nss/libsoftokn3.so /usr/lib64/libsoftokn3.so) || skip_all "no softokn"
tpm=$(first_of /usr/lib/*/libtpm2_pkcs11.so.1 /usr/lib/*/pkcs11/libtpm2_pkcs11.so.1 \
    /usr/lib/libtpm2_pkcs11.so.1) || skip_all "no tpm2-pkcs11"
tokens root other
module_leaks # NSS, tpm2-pkcs11
root azure root
softhsm=$PKCS11_MODULE_PATH ROOTPIN=$PIN CARDPIN=another-pin
export ROOTPIN CARDPIN
unset PIN PKCS11_MODULE_PATH
# As they come: a line with its end, and without.
printf '%s\n' "$CARDPIN" >"$WORK/card-pin" && printf '%s' "$ROOTPIN" >"$WORK/root-pin" &&
	chmod 600 "$WORK/card-pin" "$WORK/root-pin"
mkdir "$WORK/db" && certutil -N -d "sql:$WORK/db" -f "$WORK/card-pin" || bail "no database"
printf "[module softokn3]\ninit = configdir='sql:%s' certPrefix='' keyPrefix='' secmod='secmod.db'\n" "$WORK/db" \
    >"$P11CA_HOME/p11ca.conf"
swtpm_up
check "a TPM is initialised" 0 p --module "$tpm" token init --free --label "in the TPM" --so-pin-source env:SOPIN \
    --new-pin-source env:CARDPIN
p root export azure --format pem >"$WORK/root.pem"

folder=
# enrols NAME MODULE LABEL OPTION... : with the client's token there and the root's on SoftHSM
enrols() {
	enrols_name=$1 enrols_module=$2 enrols_label=$3
	shift 3
	p -q --json client enroll --shared-card "$enrols_name" --module "$enrols_module" --token "$enrols_label" \
	    --root-module "$softhsm" --out "$WORK/$enrols_name$folder" "$@"
}
# is_enrolled LABEL : by the last check, and what openssl says of it
is_enrolled() {
	check_json "$1: the key is on that token" ".result | (.token.uri | test(\"SoftHSM\") | not) and .installed"
	openssl verify -x509_strict -CAfile "$WORK/root.pem" "$(field '.files[] | select(.kind == "certificate") | .path')" \
	    >"$WORK/detail" 2>&1
	ok "$1: the certificate is the root's" "$WORK/detail"
}
for label in "NSS Certificate DB" "in the TPM"; do
	case $label in
	NSS*) module=$nss uri=pkcs11:token=NSS%20Certificate%20DB name=alice ;;
	*) module=$tpm uri=pkcs11:token=in%20the%20TPM name=bob ;;
	esac
	check "$label: the PIN of one is not given to the other" 5 enrols "$name" "$module" "$label" \
	    --pin-source env:CARDPIN --root-pin-source env:CARDPIN
	check_has "$label: it is said whose was wrong" err "logging in to token 'root'"
	check "$label: both right, by options" 0 enrols "$name" "$module" "$label" --pin-source env:CARDPIN \
	    --root-pin-source env:ROOTPIN
	is_enrolled "$label"
	check "$label: both right, by the URIs of the tokens" 0 enrols "$name-2" "$module" \
	    "$uri?pin-source=file:$WORK/card-pin" --root-token "pkcs11:token=root?pin-source=$WORK/root-pin"
	is_enrolled "$label"
	check "$label: typed" 0 typed "$(printf '%s\n' "$CARDPIN" "$ROOTPIN")" \
	    "$p11ca -q client enroll --shared-card $name-3 --module $module --token $uri --root-module $softhsm --out $WORK/$name-3"
	check_has "$label: asked for by name" out "PIN for token '$label"
	check_has "$label: each of them" out "PIN for the root's token 'root"
	check "$label: proved by its own module" 10 p --json --module "$module" \
	    token audit "$label" --pin-source env:CARDPIN
	check_json "$label: three keys" '.keys | length == 3 and all(.proof == "proved")'
done
# Two databases of NSS have one serial and one label; which is which, the keys tell.
mkdir "$WORK/db2" && certutil -N -d "sql:$WORK/db2" -f "$WORK/card-pin" || bail "no second database"
use() { sed -i "s,sql:[^']*,sql:$WORK/$1," "$P11CA_HOME/p11ca.conf"; }
both="--pin-source env:CARDPIN --root-pin-source env:ROOTPIN"
use db2
check "another database" 0 p --json --module "$nss" token show "NSS Certificate DB"
check_json "is empty" '.objects == []'
check "it has not the key of the first" 7 enrols alice "$nss" "NSS Certificate DB" $both
check_has "which is said" err "this token has the same label and serial number, but does not contain that key"
folder=-laptop
check "a key of its own" 0 enrols alice "$nss" "NSS Certificate DB" $both --device laptop
check_json "has a certificate of its own" '.result.device == "laptop" and .result.installed'
use db
check "the first database" 7 enrols alice "$nss" "NSS Certificate DB" $both --device laptop
check_has "has not that key" err "this token has the same label and serial number, but does not contain that key"
folder=
check "but its own, with which nothing is left to do" 0 enrols alice "$nss" "NSS Certificate DB" $both

# A root that was adopted from the one is not there on the other.
use db
check "a root in NSS" 0 p -q root create nssroot --shared-card --module "$nss" --token "NSS Certificate DB" --pin-source env:CARDPIN
p root export nssroot --format pem >"$WORK/nssroot.pem"
mkdir "$WORK/adopter" && cp "$P11CA_HOME/p11ca.conf" "$WORK/adopter/"
adopts() { p --json --home "$WORK/adopter" root adopt nssroot --module "$nss" --token "NSS Certificate DB" --cert "$WORK/nssroot.pem" --accept-imported --pin-source env:CARDPIN; }
check "is adopted elsewhere" 0 adopts
check "and again: nothing is left to do" 0 adopts
sed -i "s,sql:[^']*,sql:$WORK/db2," "$WORK/adopter/p11ca.conf"
check "not on the other database, which looks the same" 7 adopts
check_json "as its key is on another token" '.error.code == "root-name-taken"'

check "SoftHSM has the root's key alone" 0 p --json --module "$softhsm" token audit root --pin-source env:ROOTPIN
check_json "one" '.keys | length == 1'
check "the ledger is whole" 0 p ledger verify
plan
