/* SPDX-License-Identifier: MIT */
/*
 * recipe.c - see recipe.h.
 *
 * Windows: certreq, with the keys that Microsoft documents for [NewRequest] and [Extensions]. macOS: the system's
 * openssl (LibreSSL) and security. The operator sets the name with --cn; the name in the request is not used.
 */
#include "profiles/recipe.h"

#include <stdio.h>
#include <string.h>

#include "out/markdown.h"
#include "out/recipe.h"
#include "out/template.h"
#include "util/array.h"
#include "util/file_name.h"

static const char inf_text[] =
    "[Version]\n"
    "Signature = \"$Windows NT$\"\n\n"
    "[NewRequest]\n"
    "Subject = @SUBJECT@\n"
    "FriendlyName = @CN@\n"
    "RequestType = PKCS10\n"
    "ProviderName = @PROVIDER@\n"
    "KeyAlgorithm = RSA\n"
    "KeyLength = @BITS@\n"
    "KeyUsage = 0xa0\n"
    "HashAlgorithm = sha256\n"
    "Exportable = FALSE\n"
    "MachineKeySet = FALSE\n"
    "PrivateKeyArchive = FALSE\n"
    "SMIME = FALSE\n\n"
    "[Extensions]\n"
    "2.5.29.37 = \"{text}1.3.6.1.5.5.7.3.2\"\n";

/* KEY_PASS as in openssl-passphrase-options(1), for use without a question. */
static const char request_text[] =
    "#!/bin/sh\n"
    "# Makes a private key and a certificate request. Run it on the machine that will use the VPN: the key stays\n"
    "# there, encrypted. KEY_PASS says where the passphrase is (file:PATH, env:NAME); without it, openssl asks.\n"
    "set -eu\n"
    "umask 077\n"
    "key=@KEY@ csr=@CSR@ subject=@SUBJECT@\n"
    "if [ -e \"$csr\" ] || [ -L \"$csr\" ]; then echo \"$csr exists already: nothing was done\" >&2; exit 1; fi\n"
    "if [ ! -e \"$key\" ]; then\n"
    "\t@OPENSSL@ genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:@BITS@ -aes256 \\\n"
    "\t    ${KEY_PASS:+-pass \"$KEY_PASS\"} -out \"$key.part\"\n"
    "\tmv \"$key.part\" \"$key\"\n"
    "fi\n"
    "@OPENSSL@ req -new -utf8 -sha256 -key \"$key\" ${KEY_PASS:+-passin \"$KEY_PASS\"} -subj \"$subject\" "
    "-out \"$csr.part\"\n"
    "mv \"$csr.part\" \"$csr\"\n"
    "echo \"Send back $csr, and no other file.\"\n";

static const char finish_text[] =
    "#!/bin/sh\n"
    "# usage: finish.sh CERTIFICATE ROOT : combines the two PEM files that you received and the key in one encrypted\n"
    "# file. P12_PASS says where its password is; without it, openssl asks.\n"
    "set -eu\n"
    "umask 077\n"
    "key=@KEY@ p12=@P_FILE@ name=@CN@\n"
    "if [ $# -ne 2 ]; then echo \"usage: finish.sh CERTIFICATE ROOT\" >&2; exit 2; fi\n"
    "if [ -e \"$p12\" ] || [ -L \"$p12\" ]; then echo \"$p12 exists already: nothing was done\" >&2; exit 1; fi\n"
    "@OPENSSL@ pkcs12 -export -inkey \"$key\" ${KEY_PASS:+-passin \"$KEY_PASS\"} -in \"$1\" -certfile \"$2\" \\\n"
    "    -name \"$name\" ${P12_PASS:+-passout \"$P12_PASS\"} @COMPAT@ -out \"$p12.part\"\n"
    "mv \"$p12.part\" \"$p12\"\n"
    "@IMPORT@";

static const char import_none[] = "echo \"$p12 contains key, certificate and root: import it or use it in OpenVPN.\"\n";
/* The imported key is not exportable by other programs: -x prevents the export. */
static const char import_macos[] =
    "security import \"$p12\" -f pkcs12 -x -k \"$HOME/Library/Keychains/login.keychain-db\"\n"
    "echo \"Keychain Access > My Certificates lists the certificate and its key. Delete $p12 now.\"\n";

static const char windows_steps[] =
    "# A certificate for @CN@ on Windows\n\n"
    "These steps make the private key on this PC, @WHERE@; it cannot be exported. Run all commands as\n"
    "the user who will use the VPN, not as administrator: the certificate belongs in *Current User*.\n\n"
    "1. Copy @INF@ to the PC, open a command prompt in its folder and make the request:\n\n"
    "       certreq -new @INF_NAME@ @CSR_NAME@\n\n"
    "@TPM_SIZES@"
    "2. Send @CSR@ to the person who sent you this recipe, and no other file. It contains no secret.\n"
    "3. You receive the certificate, as a PEM file, and `root.cer`.\n"
    "4. Install the root in *Trusted Root Certification Authorities*. Windows asks for confirmation, because it then\n"
    "   accepts every certificate that this root issues. Then install the certificate for its key:\n\n"
    "       certutil -user -addstore Root root.cer\n"
    "       certreq -accept -user CERTIFICATE.pem\n\n"
    "5. Check that `certutil -user -store My` lists the certificate with the provider @PROVIDER@.\n\n"
    "Until step 4, Windows keeps the request in *Certificate Enrollment Requests* of this user: do not delete it.\n";

static const char shell_steps[] =
    "# A certificate for @CN@ with @SYSTEM@\n\n"
    "These steps make the private key on this machine, encrypted with a passphrase that you choose. It stays there.\n\n"
    "1. Copy `request.sh` and `finish.sh` to the machine, and run this command in their folder:\n\n"
    "       sh request.sh\n\n"
    "2. Send @CSR@ to the person who sent you this recipe, and no other file. It contains no secret.\n"
    "3. You receive the certificate, as a PEM file, and `root.pem`.\n"
    "4. Combine key, certificate and root:\n\n"
    "       sh finish.sh CERTIFICATE.pem root.pem\n\n";

/* Not for the user of the machine: the operator keeps OPERATOR.md with the root. */
static const char operator_steps[] =
    "# The request of @CN@\n\n"
    "Keep this page and send the other files of this folder to the user. When you receive @CSR@, issue the\n"
    "certificate and export the root that issued it:\n\n"
    "    p11ca client issue @CSR_NAME@ --cn @CN_WORD@@DEVICE@ --out issued\n"
    "    p11ca root export ROOT --format @ROOT_FORMAT@ --out root.@ROOT_FORMAT@\n\n"
    "Send the certificate in `issued` and `root.@ROOT_FORMAT@` to the user.\n";

static const char tpm_sizes[] =
    "   Most TPMs support only 2048-bit RSA keys: if `certreq -new` fails here, ask for a recipe with rsa:2048.\n\n";

static const struct machine {
	const char *kind, *system;
	const char *provider, *where; /* Windows */
	const char *openssl, *compat, *import; /* macos, openssl */
} machines[] = {
	{ "windows", "Windows", "Microsoft Software Key Storage Provider", "in the user's key store", NULL, NULL,
	    NULL },
	{ "windows-tpm", "Windows", "Microsoft Platform Crypto Provider", "inside its TPM", NULL, NULL, NULL },
	/* Apple's keychains accept no other encryption and MAC. */
	{ "macos", "macOS", NULL, NULL, "/usr/bin/openssl",
	    "-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1", import_macos },
	{ "openssl", "OpenSSL", NULL, NULL, "openssl", "", import_none },
};

struct names {
	char inf[FILE_NAME_SIZE + 8], csr[FILE_NAME_SIZE + 8], key[FILE_NAME_SIZE + 8], p12[FILE_NAME_SIZE + 8];
	char bits[12];
};

static const struct machine *recipe_find(const char *kind)
{
	for (size_t i = 0; i < ARRAY_LEN(machines); i++)
		if (strcmp(machines[i].kind, kind) == 0)
			return &machines[i];
	return NULL;
}

bool recipe_is_in_tpm(const char *kind)
{
	const struct machine *m = recipe_find(kind);

	return m != NULL && m->where != NULL && strcmp(m->where, "inside its TPM") == 0;
}

int recipe_check(const char *kind, struct err *e)
{
	if (recipe_find(kind) != NULL)
		return 0;
	(void)err_set(e, ERR_USAGE, "no recipe is for '%.40s'", kind);
	e->hint = "the machines are: windows windows-tpm macos openssl";
	return -1;
}

static struct bytes recipe_bytes_of(const char *text)
{
	return (struct bytes){ (const unsigned char *)text, strlen(text) };
}

static int recipe_add_file(struct profile_files *out, const char *name, const char *text,
    const struct template_var *values, template_encode *encode, struct err *e)
{
	AUTO_VALUE(buf) content = { 0 };

	if (template_fill(&content, text, values, encode, e) < 0)
		return err_while(e, "writing '%s'", name);
	return profile_files_add(out, name, &content, false, e);
}

static int add_inf(struct profile_files *out, const struct machine *m, const struct recipe_client *who,
    const struct names *n, struct err *e)
{
	AUTO_VALUE(buf) subject = { 0 };
	AUTO_VALUE(buf) text = { 0 };
	AUTO_VALUE(buf) file = { 0 };
	const struct template_var values[] = { { .name = "SUBJECT", .encoded = &subject },
		{ .name = "CN", .value = who->cn }, { .name = "PROVIDER", .value = m->provider },
		{ .name = "BITS", .plain = n->bits }, { .name = NULL } };

	if (inf_subject(&subject, recipe_bytes_of(who->cn), e) < 0 ||
	    template_fill(&text, inf_text, values, inf_quote, e) < 0 || inf_encode(&file, buf_bytes(&text), e) < 0)
		return err_while(e, "writing '%s'", n->inf);
	return profile_files_add(out, n->inf, &file, false, e);
}

static int add_scripts(struct profile_files *out, const struct machine *m, const struct recipe_client *who,
    const struct names *n, struct err *e)
{
	AUTO_VALUE(buf) subject = { 0 };
	AUTO_VALUE(buf) word = { 0 };
	const struct template_var values[] = { { .name = "SUBJECT", .encoded = &word },
		{ .name = "CN", .value = who->cn },
		{ .name = "KEY", .value = n->key }, { .name = "CSR", .value = n->csr },
		{ .name = "P_FILE", .value = n->p12 },
		{ .name = "BITS", .plain = n->bits }, { .name = "OPENSSL", .plain = m->openssl },
		{ .name = "COMPAT", .plain = m->compat }, { .name = "IMPORT", .plain = m->import }, { .name = NULL } };

	if (openssl_subject(&subject, who->cn, e) < 0 || shell_quote(&word, buf_bytes(&subject), e) < 0 ||
	    recipe_add_file(out, "request.sh", request_text, values, shell_quote, e) < 0)
		return -1;
	return recipe_add_file(out, "finish.sh", finish_text, values, shell_quote, e);
}

/* Encodes a word of a command inside a Markdown code block: quoted for the shell, without Markdown markup. */
static int add_steps(struct profile_files *out, const struct machine *m, const struct recipe_client *who,
    const struct names *n, struct err *e)
{
	AUTO_VALUE(buf) word = { 0 };
	AUTO_VALUE(buf) device = { 0 };
	const bool warns = recipe_is_in_tpm(m->kind) && who->rsa_bits > 2048;
	const struct template_var values[] = { { .name = "CN", .value = who->cn },
		{ .name = "CN_WORD", .encoded = &word }, { .name = "DEVICE", .encoded = &device },
		{ .name = "CSR", .value = n->csr }, { .name = "CSR_NAME", .plain = n->csr },
		{ .name = "INF", .value = n->inf }, { .name = "INF_NAME", .plain = n->inf },
		{ .name = "WHERE", .plain = m->where }, { .name = "PROVIDER", .value = m->provider },
		{ .name = "SYSTEM", .plain = m->system }, { .name = "TPM_SIZES", .plain = warns ? tpm_sizes : "" },
		{ .name = "ROOT_FORMAT", .plain = m->provider != NULL ? "cer" : "pem" }, { .name = NULL } };

	if (shell_quote(&word, recipe_bytes_of(who->cn), e) < 0 ||
	    (who->device[0] != '\0' && (buf_add(&device, " --device ", 10, e) < 0 ||
					 shell_quote(&device, recipe_bytes_of(who->device), e) < 0)))
		return -1;
	if (recipe_add_file(
		out, "RECIPE.md", m->provider != NULL ? windows_steps : shell_steps, values, markdown_code, e) < 0)
		return -1;
	return recipe_add_file(out, "OPERATOR.md", operator_steps, values, markdown_code, e);
}

int recipe_write(struct profile_files *out, const char *kind, const struct recipe_client *who, struct err *e)
{
	const struct machine *m = recipe_find(kind);
	char stem[FILE_NAME_SIZE];
	struct names n;

	if (m == NULL)
		return recipe_check(kind, e);
	if (file_name_of_client(stem, who->cn, who->device, e) < 0)
		return -1;
	(void)snprintf(n.inf, sizeof(n.inf), "%s.inf", stem);
	(void)snprintf(n.csr, sizeof(n.csr), "%s.csr", stem);
	(void)snprintf(n.key, sizeof(n.key), "%s.key", stem);
	(void)snprintf(n.p12, sizeof(n.p12), "%s.p12", stem);
	(void)snprintf(n.bits, sizeof(n.bits), "%u", who->rsa_bits);
	if (m->provider != NULL) {
		if (add_inf(out, m, who, &n, e) < 0)
			return -1;
	} else if (add_scripts(out, m, who, &n, e) < 0) {
		return -1;
	}
	return add_steps(out, m, who, &n, e);
}
