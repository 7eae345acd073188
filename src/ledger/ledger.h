/* SPDX-License-Identifier: MIT */
/*
 * ledger.h - the database of every key that was proved and every signature that a root was asked for.
 *
 * No SQL and no handle of SQLite leaves src/ledger. Each call that changes something
 * is one transaction that also appends its event to the hash chain (docs/LEDGER.md); when it returns 0
 * the change is on disk. No transaction stays open between calls, so none is open during a token call.
 * Many processes can use a ledger; a call waits up to a minute for others. One thread per struct ledger.
 *
 * Errors: ERR_LEDGER (not a ledger, newer version, damaged, busy), ERR_OUTPUT (disk full, reading failed),
 * ERR_POLICY (a rule of the ledger; err.code is its id), ERR_NOT_FOUND.
 */
#ifndef LEDGER_LEDGER_H
#define LEDGER_LEDGER_H

#include "model/ledger_rows.h"
#include "util/cleanup.h"
#include "util/clock.h"
#include "util/err.h"
#include "util/random.h"

struct ledger;

struct ledger_options {
	const char *home;            /* the folder with ledger.db */
	const struct clock *clock;   /* borrowed while the ledger is open */
	const struct random_source *random; /* of the ledger's id and of process names; borrowed; NULL = the system */
	const char *actor;           /* "uid 0 (root) login 1000 sudo alice host desk1"; borrowed */
	const char *note;            /* --note, part of each event; NULL = no note */
	bool create;                 /* create a missing home (0700) and ledger; false: ERR_NOT_FOUND */
	bool is_test;                /* with create: a test ledger, whose certificates carry O=TEST permanently */
	bool read_only;              /* never writes, takes no writer's lock; home may be a database file */
	bool clock_ok;               /* --clock-ok: a clock earlier than the last event is accepted */
	const char *host;            /* identifies the machine: SHA-256 in hex; NULL or "" = no id */
	bool any_host;               /* failover: the disk moves between machines, so the ledger is bound to none */
	/*
	 * How a key is identified: by the value of the key in a SubjectPublicKeyInfo, a certificate or a
	 * TBSCertificate (x509/key/key_value.h). NULL: by the SHA-256 of the SubjectPublicKeyInfo, for tests of the
	 * ledger alone.
	 */
	int (*key_value)(char out[SHA256_HEX], struct bytes spki, struct err *e);
	int (*key_value_of_cert)(char out[SHA256_HEX], struct bytes der, struct err *e);
	bool is_moving;              /* for ledger_move(): also opens a sealed ledger */
};

struct ledger_info {
	char id[33];                 /* 16 random bytes in hex, never changes */
	unsigned epoch;              /* 1; each restore begins a new epoch */
	bool is_test;
	int64_t last_event_at;
	char head[SHA256_HEX];       /* hash of the last event */
	int64_t n_events;
};

/*
 * Opens or creates the ledger; takes this process's writer's lock (home/writers/…), which shows other processes that
 * unfinished rows are being worked on. -1: ERR_NOT_FOUND (no ledger at the path),
 * ERR_LEDGER (not a ledger; a newer version), ERR_POLICY (network file system; "home-other-owner",
 * "home-writable", "ledger-not-a-file"; "clock-went-back"; "ledger-moved", "ledger-other-host"). The home's owner and
 * machine are checked for writers only.
 */
int ledger_open(struct ledger **out, const struct ledger_options *o, struct err *e) MUST_CHECK;
void ledger_close(struct ledger *l); /* l may be NULL */
AUTO_STRUCT_DEFINE(ledger, ledger_close);
int ledger_get_info(struct ledger_info *out, struct ledger *l, struct err *e) MUST_CHECK;
const char *ledger_id(const struct ledger *l);    /* borrowed, hex */
bool ledger_is_test(const struct ledger *l);

/* Keys: planned -> made -> proved | orphan. */
/*
 * Records the intent; sets row->id. From row: purpose, name, device, spec, location.
 * -1 (ERR_POLICY, "operation-running"): this purpose, name and device have a key that is not an orphan: another
 * process was faster. With renews: compared with keys for that certificate's successor.
 */
int ledger_key_plan(struct ledger *l, struct key_row *row, struct err *e) MUST_CHECK;
/* The key was generated: the id as read back, and the SubjectPublicKeyInfo (DER). -1 (ERR_POLICY): "key-recorded". */
int ledger_key_made(struct ledger *l, int64_t id, const char *cka_id, struct bytes spki, struct err *e) MUST_CHECK;
/* From made; or from proved if a key is proved again. */
int ledger_key_proved(struct ledger *l, int64_t id, const struct key_evidence *evidence, struct err *e) MUST_CHECK;
/* From any state but proved; why: for the event. Also for a planned key that was never made. */
int ledger_key_orphan(struct ledger *l, int64_t id, const char *why, struct err *e) MUST_CHECK;
/* Records that a key no longer exists: its slot on the token was given to another key, or the token was erased. */
int ledger_key_replaced(struct ledger *l, int64_t id, struct err *e) MUST_CHECK;
/*
 * out: serial number of the token that has keys in the ledger and the label `card`; or card itself, a serial number, if
 * no token has that label.  -1 (ERR_NOT_FOUND): token-ambiguous, several tokens have the label, and err.cause lists
 * their serial numbers; token-not-found, no token has the label and card is too long for a serial number.
 */
int ledger_card_serial(char out[17], struct ledger *l, const char *card, struct err *e) MUST_CHECK;
int ledger_key_get(struct key_row *out, struct ledger *l, int64_t id, struct err *e) MUST_CHECK;
/* The key with this value that is not an orphan; *found false: no such key. */
int ledger_key_find(struct key_row *out, bool *found, struct ledger *l, const char *key_sha256, struct err *e)
    MUST_CHECK;
struct key_query {
	const char *purpose, *name, *device;
};
/* The youngest key of this purpose, name and device; without orphans and keys made for an unfinished renewal. */
int ledger_key_find_for(struct key_row *out, bool *found, struct ledger *l, const struct key_query *q, struct err *e)
    MUST_CHECK;
/*
 * *out: the client's key has a certificate, and each certificate of this name and device is revoked permanently or
 * expired: the client may get another key. Certificates in state void do not count, because they never existed.
 */
int ledger_key_is_retired(bool *out, struct ledger *l, int64_t id, struct err *e) MUST_CHECK;
/* The key made for the successor of this certificate, unless the successor was revoked. */
int ledger_key_find_renewal(struct key_row *out, bool *found, struct ledger *l, int64_t cert_id, struct err *e)
    MUST_CHECK;
/* Appends the key's SubjectPublicKeyInfo to out; nothing for a planned key. */
int ledger_key_spki(struct buf *out, struct ledger *l, int64_t id, struct err *e) MUST_CHECK;
typedef int key_row_fn(const struct key_row *row, void *arg, struct err *e);
int ledger_each_key(struct ledger *l, key_row_fn *fn, void *arg, struct err *e) MUST_CHECK; /* by id */

/* Roots: a name for a key and, once issued, its certificate. */
/*
 * Reserves the name for the key. If the name's earlier key became an orphan before a certificate existed, the row is
 * reused. -1 (ERR_POLICY): "root-name-taken", "root-subject-taken" (subject in the row).
 */
int ledger_root_plan(struct ledger *l, struct root_row *row, struct err *e) MUST_CHECK;
int ledger_root_set_cert(struct ledger *l, int64_t root_id, int64_t cert_id, struct err *e) MUST_CHECK;
int ledger_root_set_allow_names(struct ledger *l, int64_t root_id, const char *allow_names, struct err *e) MUST_CHECK;
/* Finds a root by name; *found false: no such root. name NULL: the only active root; ERR_NOT_FOUND lists several. */
int ledger_root_find(struct root_row *out, bool *found, struct ledger *l, const char *name, struct err *e) MUST_CHECK;
/* Records, before the request is signed, that another CA is asked for the root's certificate; only once. */
int ledger_root_requested(struct ledger *l, int64_t root_id, struct err *e) MUST_CHECK;
/* Withdraws the request: the root may sign its own certificate. Does nothing if no CA was asked. */
int ledger_root_request_withdrawn(struct ledger *l, int64_t root_id, struct err *e) MUST_CHECK;
/* Retires a root: it never issues again; its name stays taken. */
int ledger_root_retire(struct ledger *l, int64_t root_id, struct err *e) MUST_CHECK;
int ledger_root_get(struct root_row *out, struct ledger *l, int64_t id, struct err *e) MUST_CHECK;
typedef int root_row_fn(const struct root_row *row, void *arg, struct err *e);
int ledger_each_root(struct ledger *l, root_row_fn *fn, void *arg, struct err *e) MUST_CHECK;

/*
 * Records an existing root: its proved key (purpose, name, spec, location, evidence in the row), its name, and its
 * certificate, each with an event, in one transaction; sets the ids and states. -1 (ERR_POLICY): as
 * ledger_root_plan(), "key-recorded", "key-certified", "key-compromised".
 */
struct root_adoption {
	struct key_row *key;
	struct root_row *root;       /* name, subject, origin */
	struct cert_row *cert;       /* der: the certificate; NULL = it will be signed later */
	struct bytes spki;
};
int ledger_root_adopt(struct ledger *l, const struct root_adoption *a, struct err *e) MUST_CHECK;
/*
 * Records the certificate that another CA signed for the key of a root in the ledger, with der and issuers; root_id
 * and key_id in the row; renews = the replaced certificate, or 0. Sets id and state.
 * -1 (ERR_POLICY): "key-certified", "key-compromised", "client-has-certificate" (the root has a certificate, and
 * renews is 0).
 */
int ledger_root_install(struct ledger *l, struct cert_row *cert, struct err *e) MUST_CHECK;
/*
 * Records that a key was proved on another token (a restored card, a member of a cluster): location and evidence of
 * the row become those of the last proof; the events keep all.
 */
int ledger_key_attached(struct ledger *l, int64_t id, const struct key_location *place,
    const struct key_evidence *evidence, struct err *e) MUST_CHECK;

/* Certificates: signing -> issued -> revoked; void; unknown.  Calls take arrays: one transaction, one fsync. */
/*
 * Records the intent with the whole TBS, before a token signs. Sets each id, in one transaction.
 * max_live: how many live certificates (signing or issued, not expired at now) a name and device may have
 * after this, counting this one; 0 = any. -1 (ERR_POLICY): "serial-taken", "client-has-certificate", "key-certified"
 * (a live certificate has the key for another name or device), "key-compromised".
 */
int ledger_certs_begin(struct ledger *l, struct cert_row *const rows[], size_t n, unsigned max_live, struct err *e)
    MUST_CHECK;
struct cert_done {
	int64_t id;
	const struct cert_info *info; /* info->der: the issued certificate */
};
/* Hashes are computed from the DER. -1 (ERR_LEDGER): the DER does not begin with the recorded TBS. */
int ledger_certs_issued(struct ledger *l, const struct cert_done done[], size_t n, struct err *e) MUST_CHECK;
/* From signing to void: the token never started to sign. */
int ledger_cert_void(struct ledger *l, int64_t id, const char *why, struct err *e) MUST_CHECK;
/* To unknown: a signature may exist but is not in the ledger; CRLs list the serial as revoked. */
int ledger_cert_unknown(struct ledger *l, int64_t id, const char *why, struct err *e) MUST_CHECK;
/* Records that the certificate was written to a token, read back and compared; location: of the token. */
int ledger_cert_installed(struct ledger *l, int64_t id, const struct key_location *place, struct err *e) MUST_CHECK;
/*
 * From issued or unknown, in one transaction; from certificateHold to another reason, and from any reason to
 * keyCompromise with the date of the first revocation.
 * reason: a word of model/revoke_reason.def. -1: ERR_USAGE for any other word; ERR_LEDGER: in another state;
 * ERR_POLICY ("revoked-before"): revoked before for another reason, which stays.
 */
int ledger_certs_revoke(struct ledger *l, const int64_t ids[], size_t n, const char *reason, struct err *e) MUST_CHECK;
int ledger_cert_revoke(struct ledger *l, int64_t id, const char *reason, struct err *e) MUST_CHECK; /* one */
/*
 * From certificateHold back to the earlier state. -1 (ERR_POLICY): "revoked-permanently" (not certificateHold); or as
 * ledger_certs_begin() with max_live 1, if the client or key has another certificate now.
 */
int ledger_cert_restore(struct ledger *l, int64_t id, struct err *e) MUST_CHECK;
/*
 * Makes this process the writer of a dead process's `signing` row, to finish it. *taken false: the writer runs, or
 * the row is finished. is_writer_dead in a row is only a hint: only this call, inside a transaction, is certain.
 */
int ledger_cert_take(bool *taken, struct ledger *l, int64_t id, struct err *e) MUST_CHECK;
int ledger_key_take(bool *taken, struct ledger *l, int64_t id, struct err *e) MUST_CHECK;

/* Appends the issuers of a root's certificate that another CA signed to out; nothing for other certificates. */
int ledger_cert_issuers(struct buf *out, struct ledger *l, int64_t id, struct err *e) MUST_CHECK;

enum cert_order { CERTS_BY_ID, CERTS_BY_NAME, CERTS_BY_END, CERTS_BY_ISSUE };
struct cert_query {
	int64_t id, root_id, key_id, renews; /* 0 = any */
	/* NULL = any; names and devices are compared by name_key() */
	const char *name, *device, *key_sha256, *state, *request_sha256;
	/* serial, thumbprint or fingerprint, hex in either case; or a name, compared by name_key() */
	const char *any_id;
	const char *token_serial;    /* serial of a token with the key or certificate; NULL = any */
	const char *search;          /* part of a name or device, by name_key(), or the begin of a serial; NULL = any */
	enum cert_order order;
	bool revoked_only;           /* certificates for a CRL: revoked, and unknown (a signature may exist) */
	bool roots_only, clients_only, live_only; /* live: signing or issued, not expired */
	int64_t expires_before;      /* 0 = any */
};
typedef int cert_row_fn(const struct cert_row *row, void *arg, struct err *e);
/* Streams the matching certificates in q->order; fn may not change the ledger. */
int ledger_each_cert(struct ledger *l, const struct cert_query *q, cert_row_fn *fn, void *arg, struct err *e)
    MUST_CHECK;
/*
 * Finds the matching certificate; appends its DER to der (may be NULL); out->der and out->tbs stay empty.
 * *found false: no match. -1 (ERR_NOT_FOUND): several; err.cause lists their serials.
 */
int ledger_cert_find(struct cert_row *out, struct buf *der, bool *found, struct ledger *l, const struct cert_query *q,
    struct err *e) MUST_CHECK;
/* Pairs of live certificates whose client name or device is spelled differently, from older ledgers or imports. */
struct spellings {
	char names[2][256], serials[2][SERIAL_HEX];
};
typedef int spellings_fn(const struct spellings *s, void *arg, struct err *e);
int ledger_each_spellings(struct ledger *l, spellings_fn *fn, void *arg, struct err *e) MUST_CHECK;
/* Appends the stored TBS of a certificate to out. */
int ledger_cert_tbs(struct buf *out, struct ledger *l, int64_t id, struct err *e) MUST_CHECK;

/*
 * Certificates that a root signed elsewhere, and what revoked them there: all in one transaction.  fill() is asked for
 * each of the n in order: root_id and serial; of a certificate also name, subject, spki_sha256, dates and der (borrowed
 * until the next call); revoke_reason and revoked_at, or "" and 0.  Without der only its serial is known, and it is
 * revoked.  What the ledger has already is completed, and revoked where it was not; revocations are never undone.
 * crl (or NULL): the list that said so, recorded so that the next number is above its own.
 * -1 (ERR_POLICY): "serial-taken" (another certificate has the serial), "operation-running" (it is being signed),
 * "import-not-issued" (it may exist and is listed as revoked).
 */
enum import_done { IMPORT_NOTHING, IMPORT_NEW, IMPORT_COMPLETED, IMPORT_REVOKED };
struct import_result {
	int64_t id;
	enum import_done done;
};
typedef int import_fill_fn(struct cert_row *row, size_t i, void *arg, struct err *e);
struct import_source {
	size_t n;
	import_fill_fn *fill;
	void *arg;                   /* of fill */
	const struct crl_row *crl;
};
int ledger_certs_import(struct import_result results[], struct ledger *l, const struct import_source *source,
    struct err *e) MUST_CHECK;

/* Revocation lists: the number of a root's next list is above the last, and not below the time. */
/*
 * *last: the number of the root's newest list (0 = no list); *next: for a list made now. Call this before reading the
 * revoked certificates, so that a list with a higher number never contains less.
 */
int ledger_crl_next(int64_t *last, int64_t *next, struct ledger *l, int64_t root_id, struct err *e) MUST_CHECK;
/*
 * Records the intent before the token signs; sets row->id. From row: root, number, times, entries, tbs_sha256. last:
 * from ledger_crl_next(). *is_late: another process made a newer list since, and nothing was recorded: start again.
 */
int ledger_crl_begin(bool *is_late, struct ledger *l, struct crl_row *row, int64_t last, struct err *e) MUST_CHECK;
/* Records the signed list. -1 (ERR_LEDGER): it was recorded before. */
int ledger_crl_signed(struct ledger *l, int64_t id, const char *sha256, struct err *e) MUST_CHECK;
typedef int crl_row_fn(const struct crl_row *row, void *arg, struct err *e);
/* Lists the CRLs by root and number. */
int ledger_each_crl(struct ledger *l, crl_row_fn *fn, void *arg, struct err *e) MUST_CHECK;

/* Profiles: those written for clients, each with its package. Rows never change; a new profile gets a new row. */
/*
 * Records written profiles in one transaction, one event each. From a row: all but id and written_at, which are
 * ignored; the certificate is a client's, issued or revoked. -1: ERR_NOT_FOUND (no such certificate), ERR_LEDGER
 * (certificate of a root, or never issued), ERR_USAGE (invalid format or hash).
 */
int ledger_profiles_written(struct ledger *l, const struct profile_row rows[], size_t n, struct err *e) MUST_CHECK;
typedef int profile_row_fn(const struct profile_row *row, void *arg, struct err *e);
/*
 * By certificate, format and age; newest_only: the last of each certificate and format. fn may read the ledger
 * (ledger_cert_find() by id) but not change it. -1: as fn, ERR_LEDGER.
 */
int ledger_each_profile(struct ledger *l, bool newest_only, profile_row_fn *fn, void *arg, struct err *e) MUST_CHECK;

/* Gateways, and the observed states of certificates. */
/*
 * Sets row->id. replace: changes the older row of this name (in either case). -1 (ERR_POLICY):
 * "gateway-name-taken".
 */
int ledger_gateway_add(struct ledger *l, struct gateway_row *row, bool replace, struct err *e) MUST_CHECK;
int ledger_gateway_find(struct gateway_row *out, bool *found, struct ledger *l, const char *name, struct err *e)
    MUST_CHECK;
typedef int gateway_row_fn(const struct gateway_row *row, void *arg, struct err *e);
int ledger_each_gateway(struct ledger *l, gateway_row_fn *fn, void *arg, struct err *e) MUST_CHECK; /* by id */
/*
 * Records observations of a gateway's state at this time in one transaction: cert_id and what of each row; n may be
 * 0.
 */
int ledger_gateway_observed(
    struct ledger *l, int64_t gateway_id, const struct observation_row rows[], size_t n, struct err *e) MUST_CHECK;
struct observation_query {
	int64_t gateway_id, cert_id; /* 0 = any */
};
typedef int observation_row_fn(const struct observation_row *row, void *arg, struct err *e);
/* The newest observation of each gateway and certificate; fn may read the ledger. */
int ledger_each_observation(struct ledger *l, const struct observation_query *which, observation_row_fn *fn, void *arg,
    struct err *e) MUST_CHECK;
/* *was: the certificate was once restored from certificateHold, so its entry on a gateway came from p11ca. */
int ledger_cert_was_restored(bool *was, struct ledger *l, int64_t id, struct err *e) MUST_CHECK;
/* *out: a state of the gateway was recorded after the certificate was last restored. */
int ledger_gateway_saw_restore(bool *out, struct ledger *l, int64_t gateway_id, int64_t cert_id, struct err *e)
    MUST_CHECK;

/* Facts for the request checks. */
int ledger_precedents_find(struct ledger_precedents *out, struct ledger *l, const char *key_sha256, const char *name,
    const char *device, struct err *e) MUST_CHECK;

/* Events. */
/* Records a note, an event that changes no row: "token-initialised", "root-exported", "pin-changed" … */
int ledger_note(struct ledger *l, const char *kind, const char *object, const char *detail, struct err *e) MUST_CHECK;
/* Lists events in order. Texts of a row are escaped as in its bytes (docs/LEDGER.md), so they are safe to print. */
typedef int event_row_fn(const struct event_row *row, void *arg, struct err *e);
int ledger_each_event(struct ledger *l, int64_t from_seq, event_row_fn *fn, void *arg, struct err *e) MUST_CHECK;
/* The same for the notes (ledger_note()) on one object. */
int ledger_each_note(struct ledger *l, const char *object, event_row_fn *fn, void *arg, struct err *e) MUST_CHECK;

/*
 * Figures for overviews, computed by SQLite: clients' certificates, their keys and events. Rows in the order of
 * texts[0], unless stated otherwise. A successor is a valid certificate that renews another one.
 */
enum ledger_sum {
	/* numbers: live, with successor, ending within 30 days without; expired, revoked, signing, void, unknown */
	SUM_STATES,
	SUM_ENDS,                    /* by month "2027-03": live without successor, with successor */
	SUM_NEXT,                    /* the 20 that end next without successor: name, device, serial; end */
	SUM_ISSUED,                  /* by week, its Monday "2027-03-01": issued, of these renewals */
	SUM_REVOKED,                 /* by week: revoked */
	SUM_ROOTS,                   /* by root: row id, live, longest validity in seconds */
	SUM_ACTORS,                  /* by actor, most events first: issued, of these renewals, revoked, last time */
	/* by manufacturer, model, key type and module: tokens, keys, attested, extractable, last proof */
	SUM_CARDS,
	SUM_OTHER,                   /* numbers: events with clock_behind; live, whose key is not in the ledger */
};
#define SUM_TEXTS 4
#define SUM_NUMBERS 8
struct ledger_sum_row {
	char texts[SUM_TEXTS][256];  /* untrusted; cut */
	int64_t numbers[SUM_NUMBERS];
};
typedef int sum_row_fn(const struct ledger_sum_row *row, void *arg, struct err *e);
int ledger_each_sum(struct ledger *l, enum ledger_sum which, sum_row_fn *fn, void *arg, struct err *e) MUST_CHECK;
/* The newest event of this kind that belongs to no row, such as "backup-written"; *found false: no such event. */
int ledger_last_note(struct event_row *out, bool *found, struct ledger *l, const char *kind, struct err *e) MUST_CHECK;

/* *is: an event has this hash and, unless 0, the number seq. */
int ledger_event_is(bool *is, struct ledger *l, int64_t seq, const char *hash, struct err *e) MUST_CHECK;

/*
 * Copies the ledger as of one moment to a new file (0600), while other processes use it (SQLite's online backup).
 * -1: ERR_OUTPUT (path exists, no space); then no new file is left.
 */
int ledger_backup(struct ledger *l, const char *path, struct err *e) MUST_CHECK;

/*
 * Locations: where the ledger is kept. A ledger that is created or first written on a machine with an id is bound to
 * that machine (test ledgers are not), because the same ledger on two machines would get two histories.
 */
int ledger_location(struct location_row *out, struct ledger *l, struct err *e) MUST_CHECK; /* newest; id 0: none */
typedef int location_row_fn(const struct location_row *row, void *arg, struct err *e);
int ledger_each_location(struct ledger *l, location_row_fn *fn, void *arg, struct err *e) MUST_CHECK; /* by id */
/* -1 (ERR_POLICY, "ledger-issuing-suspended"): the ledger was restored, and missing events are not acknowledged. */
int ledger_may_sign(struct ledger *l, struct err *e) MUST_CHECK;
/* Ends the suspension. -1 (ERR_POLICY, "ledger-issuing-not-suspended"). */
int ledger_acknowledge(struct ledger *l, struct err *e) MUST_CHECK;
/*
 * Seals the ledger: no process writes to this file again, even if it has the file open. Does nothing if sealed. Then
 * makes a copy as ledger_backup(). -1 (ERR_POLICY): "operation-running" (another process has it open for writing),
 * "ledger-issuing-suspended".
 */
int ledger_move(struct ledger *l, const char *path, struct err *e) MUST_CHECK;

/*
 * Restores a ledger from a copy. prepare: writes the copy into the home under another name, upgraded to this
 * schema, in a new epoch, with issuing suspended; path names it for verification. commit: makes it the ledger.
 * end: frees everything; an uncommitted copy is removed.
 * known (or NULL): an event that a checkpoint proves: if the copy is older, the location records the event, else the
 * copy must contain it. -1: ERR_OUTPUT (home has a ledger, or its -wal), ERR_LEDGER, ERR_POLICY
 * ("copy-not-of-checkpoint";
 * "restore-running"; as ledger_open()).
 */
struct ledger_event_id {
	char ledger[33];
	unsigned epoch;              /* epoch of the event; the new epoch is above it */
	int64_t seq;
	char hash[SHA256_HEX];
};
struct ledger_restore;
int ledger_restore_prepare(struct ledger_restore **out, const struct ledger_options *o, const char *copy,
    const struct ledger_event_id *known, struct err *e) MUST_CHECK;
const char *ledger_restore_path(const struct ledger_restore *r); /* borrowed */
/* The checks for a dry run; writes nothing. -1: as ledger_restore_prepare(), for the home. */
int ledger_restore_inspect(const struct ledger_options *o, struct err *e) MUST_CHECK;
int ledger_restore_commit(struct ledger_restore *r, struct err *e) MUST_CHECK;
void ledger_restore_end(struct ledger_restore *r); /* r may be NULL */
AUTO_STRUCT_DEFINE(ledger_restore, ledger_restore_end);

/*
 * Checks the integrity: SQLite's own check, the chain, each row against its events. fn receives every fault found
 * ("ledger-event-edited", …; static id, text); returns 0 even if faults were found; *n counts the faults.
 * check_cert (or NULL) is called for each issued certificate with its row and its issuer's DER, and may
 * return the text of a fault (borrowed until the next call), NULL = no fault: pki passes the X.509 verification.
 */
typedef int fault_fn(const char *id, const char *text, void *arg, struct err *e);
typedef const char *cert_check_fn(const struct cert_row *row, struct bytes issuer, void *arg);
int ledger_verify(uint64_t *n, struct ledger *l, fault_fn *fn, cert_check_fn *check_cert, void *arg, struct err *e)
    MUST_CHECK;

#endif
