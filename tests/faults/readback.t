#!/bin/sh
# SPDX-License-Identifier: MIT
# readback.t - a module that makes keys otherwise than requested, or states so: no key of it is recorded as proved.
. "$srcdir/tests/faults/lib.sh"
tokens_up root alice
P11FAULT_LIES=nothing # from now on the proxy looks
export P11FAULT_LIES

# refused WHAT CODE LIES COMMAND NAME : the command refuses, the ledger has no key of that name as proved and is clean
refused() {
	load
	P11FAULT_LIES=$3
	with_fault "" "$4"
	P11FAULT_LIES=nothing
	[ "$status" -eq 6 ] || [ "$status" -eq 7 ] || complain "exit status $status"
	grep -qx "  rule: $2" "$WORK/err" || complain "the code is not $2"
	[ "$(db "SELECT count(*) FROM keys WHERE state = 'proved' AND name = '$5'")" = 0 ] || complain "proved"
	[ "$(db "SELECT count(*) FROM certificates WHERE name = '$5'")" = 0 ] || complain "a certificate was signed"
	must "the ledger is not clean" ledger_is_clean
	passed "$4: $1: $2"
}

# every LIES COMMAND NAME : each attribute in turn, by number of pkcs11t.h: what is stated, and what is so
every() {
	sample 8 <"$WORK/attributes" >"$WORK/rows"
	while read -r half number truth code what; do
		other=no
		[ "$truth" = yes ] || other=yes
		refused "stated: $what" "$code" "says:$half:$number=$other" "$1" "$2"
		[ "$number" = 0x163 ] || [ "$number" = 0x164 ] || [ "$number" = 0x165 ] ||
			refused "so: $what" "$code" "makes:$half:$number=$other" "$1" "$2"
		[ "$truth" = no ] || refused "stated as a byte of 2: $what" "$code" "says:$half:$number=odd" "$1" "$2"
	done <"$WORK/rows"
}
cat >"$WORK/attributes" <<-END
	private 0x1 yes key-not-stored the private key is not stored
	public 0x1 yes key-not-stored the public key is not stored
	private 0x2 yes key-not-private no PIN is needed
	private 0x162 no key-extractable it can be exported
	private 0x103 yes key-not-sensitive it is not sensitive
	private 0x165 yes key-was-not-sensitive it was not sensitive
	private 0x164 yes key-was-extractable it could be exported
	private 0x163 yes key-not-local it was not generated here
	private 0x108 yes key-cannot-sign it must not sign
	private 0x105 no key-allows-more it decrypts
	private 0x107 no key-allows-more it unwraps
	private 0x10c no key-allows-more it derives
	private 0x109 no key-allows-more it signs with recovery
	public 0x10a yes key-cannot-sign the public key must not verify
	public 0x104 no key-allows-more the public key encrypts
	public 0x106 no key-allows-more the public key wraps
	public 0x10c no key-allows-more the public key derives
	public 0x10b no key-allows-more the public key verifies with recovery
	public 0x2 no key-public-hidden the public key is hidden
END

# lost COMMAND NAME : what only the whole of it shows
lost() {
	in_session="makes:private:0x1=no makes:public:0x1=no"
	refused "both halves exist in the session only" key-not-stored "$in_session" "$1" "$2"
	refused "the private key exists in the session only" key-not-stored "makes:private:0x1=no" "$1" "$2"
	refused "so, and stated as stored" key-not-stored \
	    "$in_session says:private:0x1=yes says:public:0x1=yes" "$1" "$2"
	refused "so, and found as stored until C_Finalize" key-not-stored \
	    "$in_session says:private:0x1=yes says:public:0x1=yes finds:session" "$1" "$2"
	refused "the private key alone is lost at C_Finalize" key-not-stored \
	    "makes:private:0x1=no says:private:0x1=yes finds:session" "$1" "$2"
	refused "no PIN is needed, and stated to be" key-not-private "makes:private:0x2=no says:private:0x2=yes" \
	    "$1" "$2"
	refused "it can be exported, and stated not to be" key-was-extractable \
	    "makes:private:0x162=yes says:private:0x162=no" "$1" "$2"
	refused "it can be read, and everything is stated otherwise" key-value-readable \
	    "makes:private:0x162=yes makes:private:0x103=no says:private:0x162=no says:private:0x164=yes \
says:private:0x103=yes says:private:0x165=yes" "$1" "$2"
	check "$1: the same command makes another key where the module is honest" 0 "$1"
}

save
every root_create corp
lost root_create corp
refused "its secret is told" key-value-readable says:private:0x11=told root_create corp
refused "it is said to have no secret" key-value-not-refused says:private:0x11=none root_create corp
for part in $(printf 'x %s\n' 0x123 0x124 0x125 0x126 0x127 0x128 | sample 3 | cut -d ' ' -f 2); do
	refused "component $part is told" key-value-readable "says:private:$part=told" root_create_rsa corp
	refused "component $part is said not to be there" key-value-not-refused "says:private:$part=none" \
	    root_create_rsa corp
done
refused "EXTRACTABLE is not stated" key-not-stated says:private:0x162=none root_create corp
refused "EXTRACTABLE is refused" key-not-stated says:private:0x162=refused root_create corp
refused "EXTRACTABLE is empty" key-not-stated says:private:0x162=empty root_create corp

load
check "an honest run" 0 root_create
row() { db "SELECT on_token || private || can_sign || can_decrypt || can_verify || can_wrap || read_again FROM keys"; }
[ "$(row)" = yesyesyesnoyesnoyes ]; ok "records each attribute, read after a new C_Initialize"
save
every enroll alice
lost enroll alice
checkpoint() {
	p11ca ledger checkpoint --token root --key ec:p256 --out "$WORK/checkpoint.pem" --force --pin-source env:PIN \
	    --root-pin-source env:PIN
}
ledger_name="p11ca ledger $(db 'SELECT ledger_id FROM ledger')"
every checkpoint "$ledger_name"
lost checkpoint "$ledger_name"
plan
