#!/bin/sh
# SPDX-License-Identifier: MIT
# root-show.t - one root, and what was proved of its key.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq
tokens hsm
root vpn hsm
check "shows it" 0 "$p11ca" --json root show vpn
check_json "with its key" '.root | .key_type == "rsa:2048" and .made_on_token == true and .extractable == false and .secret_read_refused == true'
check_json "and where it was seen" '.root | .token.label == "hsm" and (.cka_id | length == 40)'
spki=$("$p11ca" root export vpn --format der | openssl x509 -inform DER -noout -pubkey | openssl pkey -pubin -outform DER | sha256sum)
check_json "known by the hash of its key" ".root.spki_sha256 == \"${spki%% *}\""
check "no such root" 4 "$p11ca" root show nosuch
check_has "what to do" err "p11ca root list"
plan
