#!/bin/sh
# SPDX-License-Identifier: MIT
# token-pin.t - changing and unblocking PINs, judged by another program.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs pkcs11-tool
tokens alice
NEW=246810 NEWSO=13579135 SHORT=12
export NEW NEWSO SHORT
# logs_in PIN : pkcs11-tool, as the user
logs_in() { pkcs11-tool --module "$PKCS11_MODULE_PATH" --token-label alice --login --pin "$1" -O; }

check "the PIN is changed" 0 "$p11ca" token pin alice $pin --new-pin-source env:NEW
check "the new one works" 0 logs_in "$NEW"
check "the old one does not" 1 logs_in "$USER_PIN"
check "the old one changes nothing" 5 "$p11ca" token pin alice $pin --new-pin-source env:PIN
check_has "says what the token answered" err "CKR_PIN_INCORRECT (0x000000a0)"
check "a PIN that the token cannot have" 5 "$p11ca" token pin alice --pin-source env:NEW --new-pin-source env:SHORT
check_has "says which it can" err "the token takes PINs of 4 to 255 bytes"
check "the PIN is as it was" 0 logs_in "$NEW"

check "unblocked with the SO PIN" 0 "$p11ca" token pin alice --unblock --so-pin-source env:SOPIN --new-pin-source env:PIN
check "the new one works" 0 logs_in "$USER_PIN"
check "the SO PIN is changed" 0 "$p11ca" token pin alice --so --so-pin-source env:SOPIN --new-pin-source env:NEWSO
check "the old one unblocks nothing" 5 "$p11ca" token pin alice --unblock --so-pin-source env:SOPIN --new-pin-source env:NEW
check "the new one does" 0 "$p11ca" token pin alice --unblock --so-pin-source env:NEWSO --new-pin-source env:NEW
check "one at a time" 2 "$p11ca" token pin alice --so --unblock --so-pin-source env:NEWSO --new-pin-source env:NEW
check "--so-pin-source without --unblock or --so is refused" 2 "$p11ca" token pin alice --so-pin-source env:NEWSO --pin-source env:NEW --new-pin-source env:PIN
check_has "the hint of that refusal names --unblock" err "use --unblock"
check "the refusal left the user PIN as it was" 0 "$p11ca" token pin alice --pin-source env:NEW --new-pin-source env:NEW
check "no new PIN" 5 "$p11ca" --batch token pin alice --pin-source env:NEW
check "no such token" 4 "$p11ca" token pin nosuch $pin --new-pin-source env:NEW
if command -v script >/dev/null; then
	check "two that differ, typed" 5 typed "$(printf '111111\n222222')" "$p11ca token pin alice --pin-source env:NEW"
	check_has "says so" out "the two PINs differ; nothing was changed"
	check "and nothing was" 0 logs_in "$NEW"
fi
plan
