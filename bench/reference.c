/* SPDX-License-Identifier: MIT */
/*
 * reference.c - what p11ca is measured against: the token alone, and the plain way with OpenSSL.
 *
 *	reference requests FOLDER N                       N requests with P-256 keys of their own
 *	reference sign  MODULE TOKEN PIN ID THREADS N     N signatures with C_Sign, nothing else
 *	reference issue MODULE TOKEN PIN ID THREADS N ISSUER.pem FOLDER
 *
 * issue does for each request what nobody can leave out: parse and verify it, build a certificate with
 * X509V3_EXT_conf_nid, sign it with C_Sign, parse it again and verify it; no ledger, no file.  Both print how many
 * were done in a second.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/ecdsa.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <p11-kit/pkcs11.h>

static CK_FUNCTION_LIST *p11;
static CK_SLOT_ID slot;
static unsigned char key_id[64];
static CK_ULONG key_id_len;
static CK_KEY_TYPE key_type;
static X509 *issuer;
static struct {
	unsigned char *data;
	int len;
} *files;                                /* DER of the requests; NULL: only signatures */
static unsigned n_wanted;
static atomic_uint next;

static void must(int holds, const char *what)
{
	if (holds)
		return;
	(void)fprintf(stderr, "reference: %s failed\n", what);
	exit(1);
}

static void open_token(const char *module, const char *label, const char *pin, CK_SESSION_HANDLE *s)
{
	CK_C_INITIALIZE_ARGS args = { .flags = CKF_OS_LOCKING_OK };
	CK_C_GetFunctionList get = NULL;
	void *so = dlopen(module, RTLD_NOW);
	CK_SLOT_ID slots[64];
	CK_ULONG n = 64;
	CK_TOKEN_INFO info;

	must(so != NULL, module);
	*(void **)&get = dlsym(so, "C_GetFunctionList");
	must(get != NULL && get(&p11) == CKR_OK && p11->C_Initialize(&args) == CKR_OK, "C_Initialize");
	must(p11->C_GetSlotList(CK_TRUE, slots, &n) == CKR_OK, "C_GetSlotList");
	for (CK_ULONG i = 0; i < n; i++) {
		must(p11->C_GetTokenInfo(slots[i], &info) == CKR_OK, "C_GetTokenInfo");
		if (strncmp((const char *)info.label, label, strlen(label)) == 0)
			slot = slots[i];
	}
	must(p11->C_OpenSession(slot, CKF_SERIAL_SESSION, NULL, NULL, s) == CKR_OK, "C_OpenSession");
	must(p11->C_Login(*s, CKU_USER, (CK_UTF8CHAR_PTR)(size_t)pin, strlen(pin)) == CKR_OK, "C_Login");
}

static CK_OBJECT_HANDLE find_key(CK_SESSION_HANDLE s)
{
	CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;
	CK_ATTRIBUTE what[] = { { CKA_CLASS, &class, sizeof(class) }, { CKA_ID, key_id, key_id_len } };
	CK_ATTRIBUTE type = { CKA_KEY_TYPE, &key_type, sizeof(key_type) };
	CK_OBJECT_HANDLE key = 0;
	CK_ULONG n = 0;

	must(p11->C_FindObjectsInit(s, what, 2) == CKR_OK && p11->C_FindObjects(s, &key, 1, &n) == CKR_OK && n == 1 &&
	    p11->C_FindObjectsFinal(s) == CKR_OK, "finding the key");
	must(p11->C_GetAttributeValue(s, key, &type, 1) == CKR_OK, "C_GetAttributeValue");
	return key;
}

static CK_ULONG sign(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE key, const unsigned char *tbs, size_t len, unsigned char *sig,
    CK_ULONG size)
{
	static const unsigned char info[] = { 0x30, 0x31, 0x30, 0x0d, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 5, 0,
		4, 0x20 }; /* DigestInfo of SHA-256: RFC 8017, 9.2 */
	CK_MECHANISM rsa = { CKM_RSA_PKCS, NULL, 0 }, ec = { CKM_ECDSA, NULL, 0 };
	unsigned char in[sizeof(info) + 32];
	const int is_rsa = key_type == CKK_RSA;

	memcpy(in, info, sizeof(info));
	must(EVP_Digest(tbs, len, in + sizeof(info), NULL, EVP_sha256(), NULL) == 1, "SHA-256");
	must(p11->C_SignInit(s, is_rsa ? &rsa : &ec, key) == CKR_OK && p11->C_Sign(s, is_rsa ? in : in + sizeof(info),
	    is_rsa ? sizeof(in) : 32, sig, &size) == CKR_OK, "C_Sign");
	return size;
}

static void set_alg(const X509_ALGOR *alg)
{
	(void)X509_ALGOR_set0((X509_ALGOR *)(size_t)alg, /* X509_sign() would want a private key here */
	    OBJ_nid2obj(key_type == CKK_RSA ? NID_sha256WithRSAEncryption : NID_ecdsa_with_SHA256),
	    key_type == CKK_RSA ? V_ASN1_NULL : V_ASN1_UNDEF, NULL);
}

static void add_extensions(X509 *x)
{
	static const struct { int nid; const char *value; } rows[] = {
		{ NID_basic_constraints, "critical,CA:FALSE" }, { NID_key_usage, "critical,digitalSignature" },
		{ NID_ext_key_usage, "clientAuth" }, { NID_subject_alt_name, "DNS:client.example" },
		{ NID_subject_key_identifier, "hash" }, { NID_authority_key_identifier, "keyid:always" },
	};
	X509V3_CTX ctx;

	X509V3_set_ctx(&ctx, issuer, x, NULL, NULL, 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		X509_EXTENSION *ext = X509V3_EXT_conf_nid(NULL, &ctx, rows[i].nid, rows[i].value);

		must(ext != NULL && X509_add_ext(x, ext, -1) == 1, "an extension");
		X509_EXTENSION_free(ext);
	}
}

static X509 *build(const X509_REQ *r, EVP_PKEY *key, unsigned serial)
{
	X509 *x = X509_new();

	must(x != NULL && X509_set_version(x, 2) == 1 && ASN1_INTEGER_set_uint64(X509_get_serialNumber(x), serial + 1U) &&
	    X509_gmtime_adj(X509_getm_notBefore(x), 0) != NULL && X509_gmtime_adj(X509_getm_notAfter(x), 86400L * 365) &&
	    X509_set_subject_name(x, X509_REQ_get_subject_name(r)) == 1 &&
	    X509_set_issuer_name(x, X509_get_subject_name(issuer)) == 1 && X509_set_pubkey(x, key) == 1, "a certificate");
	add_extensions(x);
	return x;
}

static void put_signature(X509 *x, const unsigned char *sig, CK_ULONG n)
{
	const ASN1_BIT_STRING *bits;
	const X509_ALGOR *alg;
	unsigned char *der = NULL;
	int len = (int)n;

	X509_get0_signature(&bits, &alg, x);
	if (key_type == CKK_EC) {
		ECDSA_SIG *pair = ECDSA_SIG_new();

		must(ECDSA_SIG_set0(pair, BN_bin2bn(sig, (int)n / 2, NULL), BN_bin2bn(sig + n / 2, (int)n / 2, NULL)), "ECDSA");
		len = i2d_ECDSA_SIG(pair, &der);
		ECDSA_SIG_free(pair);
	}
	must(ASN1_BIT_STRING_set((ASN1_BIT_STRING *)(size_t)bits, der != NULL ? der : (unsigned char *)(size_t)sig, len),
	    "a signature");
	((ASN1_BIT_STRING *)(size_t)bits)->flags &= ~(ASN1_STRING_FLAG_BITS_LEFT | 7);
	((ASN1_BIT_STRING *)(size_t)bits)->flags |= ASN1_STRING_FLAG_BITS_LEFT;
	OPENSSL_free(der);
}

static void issue(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE key, unsigned i)
{
	const unsigned char *at = files[i].data;
	X509_REQ *r = d2i_X509_REQ(NULL, &at, files[i].len);
	EVP_PKEY *client = X509_REQ_get0_pubkey(r);
	unsigned char *tbs = NULL, *der = NULL, sig[1024];
	const ASN1_BIT_STRING *bits;
	const X509_ALGOR *alg;
	X509 *x, *again;
	int n;

	must(X509_REQ_verify(r, client) == 1, "a request");
	x = build(r, client, i);
	X509_get0_signature(&bits, &alg, x);
	set_alg(alg);
	set_alg(X509_get0_tbs_sigalg(x));
	n = i2d_re_X509_tbs(x, &tbs);
	put_signature(x, sig, sign(s, key, tbs, (size_t)n, sig, sizeof(sig)));
	n = i2d_X509(x, &der);
	at = der;
	again = d2i_X509(NULL, &at, n);
	must(again != NULL && X509_verify(again, X509_get0_pubkey(issuer)) == 1, "verifying");
	X509_free(again);
	X509_free(x);
	X509_REQ_free(r);
	OPENSSL_free(tbs);
	OPENSSL_free(der);
}

static void *work(void *unused)
{
	unsigned char sig[1024];
	CK_SESSION_HANDLE s;
	CK_OBJECT_HANDLE key;
	unsigned i;

	must(p11->C_OpenSession(slot, CKF_SERIAL_SESSION, NULL, NULL, &s) == CKR_OK, "C_OpenSession");
	key = find_key(s);
	while ((i = atomic_fetch_add(&next, 1)) < n_wanted) {
		if (files != NULL)
			issue(s, key, i);
		else
			(void)sign(s, key, (const unsigned char *)"a message", 9, sig, sizeof(sig));
	}
	return unused;
}

static void run(unsigned n_threads)
{
	pthread_t threads[64];
	struct timespec from, to;

	must(n_threads > 0 && n_threads <= 64, "1 to 64 threads");
	(void)clock_gettime(CLOCK_MONOTONIC, &from);
	for (unsigned i = 0; i < n_threads; i++)
		must(pthread_create(&threads[i], NULL, work, NULL) == 0, "a thread");
	for (unsigned i = 0; i < n_threads; i++)
		(void)pthread_join(threads[i], NULL);
	(void)clock_gettime(CLOCK_MONOTONIC, &to);
	(void)printf("%.1f\n", n_wanted / ((double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9));
}

static void path_of(char path[512], const char *folder, unsigned i)
{
	(void)snprintf(path, 512, "%s/%06u.csr", folder, i);
}

static void read_requests(const char *folder)
{
	char path[512];

	files = calloc(n_wanted, sizeof(files[0]));
	for (unsigned i = 0; i < n_wanted; i++) {
		FILE *f;
		X509_REQ *r;

		path_of(path, folder, i);
		f = fopen(path, "r");
		must(f != NULL && (r = PEM_read_X509_REQ(f, NULL, NULL, NULL)) != NULL, path);
		files[i].len = i2d_X509_REQ(r, &files[i].data);
		X509_REQ_free(r);
		(void)fclose(f);
	}
}

static void make_request(const char *folder, unsigned i)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509_REQ *r = X509_REQ_new();
	char path[512], cn[64];
	FILE *f;

	(void)snprintf(cn, sizeof(cn), "client%06u@example.com", i);
	path_of(path, folder, i);
	must(X509_NAME_add_entry_by_txt(X509_REQ_get_subject_name(r), "CN", MBSTRING_ASC, (unsigned char *)cn, -1, -1, 0) &&
	    X509_REQ_set_pubkey(r, key) && X509_REQ_sign(r, key, EVP_sha256()) > 0, "a request");
	f = fopen(path, "w");
	must(f != NULL && PEM_write_X509_REQ(f, r) == 1 && fclose(f) == 0, path);
	X509_REQ_free(r);
	EVP_PKEY_free(key);
}

int main(int argc, char *argv[])
{
	const int is_issue = argc == 10 && strcmp(argv[1], "issue") == 0;
	CK_SESSION_HANDLE s;
	long len;
	unsigned char *id;
	FILE *f;

	if (argc == 4 && strcmp(argv[1], "requests") == 0) {
		for (unsigned i = 0; i < (unsigned)atoi(argv[3]); i++)
			make_request(argv[2], i);
		return 0;
	}
	must(is_issue || (argc == 8 && strcmp(argv[1], "sign") == 0), "usage: see the head of reference.c;");
	id = OPENSSL_hexstr2buf(argv[5], &len);
	must(id != NULL && len <= (long)sizeof(key_id), "the id");
	memcpy(key_id, id, (size_t)len);
	key_id_len = (CK_ULONG)len;
	n_wanted = (unsigned)atoi(argv[7]);
	open_token(argv[2], argv[3], argv[4], &s);
	(void)find_key(s);
	if (is_issue) {
		f = fopen(argv[8], "r");
		must(f != NULL && (issuer = PEM_read_X509(f, NULL, NULL, NULL)) != NULL, argv[8]);
		read_requests(argv[9]);
	}
	run((unsigned)atoi(argv[6]));
	return p11->C_Finalize(NULL) == CKR_OK ? 0 : 1;
}
