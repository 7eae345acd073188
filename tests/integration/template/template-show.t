#!/bin/sh
# SPDX-License-Identifier: MIT
# template-show.t - what a certificate of a template will contain.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/lib.sh"
needs jq
for name in $("$p11ca" --json template list | jq -r '.templates[].name'); do
	check "$name" 0 "$p11ca" --json template show "$name"
	check_json "has its name and keys" ".template | .name == \"$name\" and (.key_types | index(\"RSA\") != null) and .min_rsa_bits == 2048"
done
check "for smart cards" 0 "$p11ca" --json template show azure-client-smartcard
check_json "clientAuth comes first" '.template.eku | join(" ") | test("^1\\.3\\.6\\.1\\.5\\.5\\.7\\.3\\.2\\b.*1\\.3\\.6\\.1\\.4\\.1\\.311\\.20\\.2\\.2")'
check_json "with a UPN" .template.upn
check "no such template" 4 "$p11ca" --json template show nosuch
check_json "has a code of its own" '.error.code == "template-not-found"'
check_has "names those that are there" err azure-client-smartcard
plan
