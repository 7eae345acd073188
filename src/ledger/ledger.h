/* SPDX-License-Identifier: MIT */
/*
 * ledger.h - every key that was proved and every signature that a root was asked for.
 *
 * Narrow on purpose: no SQL, no handle of SQLite leaves src/ledger.  Each call that changes something
 * is one transaction that also appends its event to the hash chain (docs/LEDGER.md); when it returns 0
 * the change is on disk.  No call is made while a transaction is open, so none spans a token call.
 * Many processes at once; busy waiting up to a minute.  One thread per struct ledger.
 *
 * Errors: ERR_LEDGER (not ours, newer version, damaged, busy), ERR_OUTPUT (disk full, cannot be read),
 * ERR_POLICY (a rule of the ledger; err.code says which), ERR_NOT_FOUND.
 */
#ifndef LEDGER_LEDGER_H
#define LEDGER_LEDGER_H

#include "model/ledger_rows.h"
#include "util/cleanup.h"
#include "util/clock.h"
#include "util/err.h"

struct ledger;

struct ledger_options {
	const char *home;            /* the folder; ledger.db lies in it */
	const struct clock *clock;   /* borrowed for the life of the ledger */
	const char *actor;           /* "uid 0 (root) login 1000 sudo alice host desk1"; borrowed */
	const char *note;            /* --note, goes into each event; NULL = none */
	bool create;                 /* make home (0700) and ledger where there is none; else ERR_NOT_FOUND */
	bool is_test;                /* with create: certificates carry O=TEST for ever */
	bool read_only;              /* never writes, takes no writer's lock; home may be a database file itself */
	bool clock_ok;               /* --clock-ok: a clock earlier than the last event is accepted */
	const char *host;            /* stands for this machine: SHA-256 in hex; NULL or "" = it has no id */
	bool any_host;               /* its disk goes from machine to machine by itself: it is bound to none of them */
	/*
	 * How keys are known: by the value of the key in a SubjectPublicKeyInfo, or in a certificate or TBSCertificate
	 * (x509/key/key_value.h).  NULL: by the SHA-256 of the SubjectPublicKeyInfo, for tests of the ledger alone.
	 */
	int (*key_value)(char out[SHA256_HEX], struct bytes spki, struct err *e);
	int (*key_value_of_cert)(char out[SHA256_HEX], struct bytes der, struct err *e);
	bool is_moving;              /* for ledger_move(): a sealed ledger opens, too */
};

struct ledger_info {
	char id[33];                 /* 16 random bytes in hex, for ever */
	unsigned epoch;              /* 1; a restore begins a new one */
	bool is_test;
	int64_t last_event_at;
	char head[SHA256_HEX];       /* hash of the last event */
	int64_t n_events;
};

/*
 * Opens or makes it; takes this process's writer's lock (home/writers/…), by which others see that
 * unfinished rows are still being worked on.  -1: ERR_NOT_FOUND (no ledger there, names the path),
 * ERR_LEDGER (not a ledger of ours; a newer version), ERR_POLICY (network file system; "home-not-ours",
 * "home-writable", "ledger-not-a-file"; "clock-went-back"; "ledger-moved", "ledger-other-host").  Who owns a home, and
 * on which machine it is, matters to writers only.
 */
int ledger_open(struct ledger **out, const struct ledger_options *o, struct err *e) MUST_CHECK;
void ledger_close(struct ledger *l); /* NULL is fine */
AUTO_STRUCT_DEFINE(ledger, ledger_close);
int ledger_get_info(struct ledger_info *out, struct ledger *l, struct err *e) MUST_CHECK;
const char *ledger_id(const struct ledger *l);    /* borrowed, hex */
bool ledger_is_test(const struct ledger *l);

/* Keys: planned -> made -> proved | orphan. */
/* Records the intent; sets row->id.  From row: purpose, name, device, spec, place.
 * -1 (ERR_POLICY, "operation-running"): this purpose, name and device have a key that is no orphan: whoever looked
 * before found none, so another process was faster.  With renews: of the keys for that certificate's successor. */
int ledger_key_plan(struct ledger *l, struct key_row *row, struct err *e) MUST_CHECK;
/* Generated: the id as read back, and the SubjectPublicKeyInfo (DER).  -1 (ERR_POLICY): "key-recorded". */
int ledger_key_made(struct ledger *l, int64_t id, const char *cka_id, struct bytes spki, struct err *e) MUST_CHECK;
/* From made; or from proved, where a key is proved again. */
int ledger_key_proved(struct ledger *l, int64_t id, const struct key_evidence *evidence, struct err *e) MUST_CHECK;
/* From any state but proved; why: for the event.  A planned key that was never made ends here, too. */
int ledger_key_orphan(struct ledger *l, int64_t id, const char *why, struct err *e) MUST_CHECK;
/* A key that no longer exists: its place on the token was given to another key, or the token was erased. */
int ledger_key_replaced(struct ledger *l, int64_t id, struct err *e) MUST_CHECK;
int ledger_key_get(struct key_row *out, struct ledger *l, int64_t id, struct err *e) MUST_CHECK;
/* The key with this value that is not an orphan; *found says whether there is one. */
int ledger_key_find(struct key_row *out, bool *found, struct ledger *l, const char *key_sha256, struct err *e)
    MUST_CHECK;
/* The youngest key of this purpose, name and device that is not an orphan, nor made for a renewal that is not over. */
int ledger_key_find_for(struct key_row *out, bool *found, struct ledger *l, const char *purpose, const char *name,
    const char *device, struct err *e) MUST_CHECK;
/* The key that was made for the successor of this certificate, unless the successor was revoked. */
int ledger_key_find_renewal(struct key_row *out, bool *found, struct ledger *l, int64_t cert_id, struct err *e)
    MUST_CHECK;
/* The key's SubjectPublicKeyInfo, appended to out; nothing is appended for a planned key. */
int ledger_key_spki(struct buf *out, struct ledger *l, int64_t id, struct err *e) MUST_CHECK;
typedef int key_row_fn(const struct key_row *row, void *arg, struct err *e);
int ledger_each_key(struct ledger *l, key_row_fn *fn, void *arg, struct err *e) MUST_CHECK; /* by id */

/* Roots: a name for a key and, once issued, its certificate. */
/*
 * Reserves the name for the key.  A name whose key became an orphan before there was a certificate is free: its
 * row is used again.  -1 (ERR_POLICY): "root-name-taken", "root-subject-taken" (subject in the row).
 */
int ledger_root_plan(struct ledger *l, struct root_row *row, struct err *e) MUST_CHECK;
int ledger_root_set_cert(struct ledger *l, int64_t root_id, int64_t cert_id, struct err *e) MUST_CHECK;
int ledger_root_set_allow_names(struct ledger *l, int64_t root_id, const char *allow_names, struct err *e) MUST_CHECK;
/* By name.  *found false: none.  name NULL: the only root that is not retired; ERR_NOT_FOUND with a list of several. */
int ledger_root_find(struct root_row *out, bool *found, struct ledger *l, const char *name, struct err *e) MUST_CHECK;
/* Another CA is about to be asked for its certificate: before the request is signed; once. */
int ledger_root_requested(struct ledger *l, int64_t root_id, struct err *e) MUST_CHECK;
/* Nobody will answer: it may sign its own.  Nothing is done where none was asked. */
int ledger_root_request_withdrawn(struct ledger *l, int64_t root_id, struct err *e) MUST_CHECK;
/* Never issues again; its name stays taken. */
int ledger_root_retire(struct ledger *l, int64_t root_id, struct err *e) MUST_CHECK;
int ledger_root_get(struct root_row *out, struct ledger *l, int64_t id, struct err *e) MUST_CHECK;
typedef int root_row_fn(const struct root_row *row, void *arg, struct err *e);
int ledger_each_root(struct ledger *l, root_row_fn *fn, void *arg, struct err *e) MUST_CHECK;

/*
 * A root that is there already: its proved key (purpose, name, spec, place, evidence in the row), its name, and its
 * certificate, each with its event, all or none; sets the ids and states.  -1 (ERR_POLICY): as ledger_root_plan(),
 * "key-recorded", "key-certified", "key-compromised".
 */
struct root_adoption {
	struct key_row *key;
	struct root_row *root;       /* name, subject, origin */
	struct cert_row *cert;       /* der: the certificate; NULL = it is still to be signed */
	struct bytes spki;
};
int ledger_root_adopt(struct ledger *l, const struct root_adoption *a, struct err *e) MUST_CHECK;
/*
 * What another CA signed for the key of a root that is in the ledger: the certificate, with der and issuers, becomes
 * the root's; root_id and key_id in the row; renews = the one that it replaces, or 0.  Sets id and state.
 * -1 (ERR_POLICY): "key-certified", "key-compromised", "client-has-certificate" (the root has one, and renews is 0).
 */
int ledger_root_install(struct ledger *l, struct cert_row *cert, struct err *e) MUST_CHECK;
/*
 * A proved key was proved on another token, too (a restored card, a member of a cluster): place and evidence are
 * those of the last; the chain of events keeps them all.
 */
int ledger_key_attached(struct ledger *l, int64_t id, const struct key_location *place,
    const struct key_evidence *evidence, struct err *e) MUST_CHECK;

/* Certificates: signing -> issued -> revoked; void; unknown.  Calls take arrays: one transaction, one fsync. */
/*
 * The intent: the whole TBS, before any token signs.  Sets each id.  All or none.
 * max_live: how many live certificates (signing or issued, not expired at now) a name and device may have
 * after this, counting this one; 0 = any.  -1 (ERR_POLICY): "serial-taken", "client-has-certificate", "key-certified"
 * (a live certificate has the key for another name or device), "key-compromised".
 */
int ledger_certs_begin(struct ledger *l, struct cert_row *const rows[], size_t n, unsigned max_live, struct err *e)
    MUST_CHECK;
struct cert_done {
	int64_t id;
	const struct cert_info *info; /* info->der: what was issued */
};
/* Hashes are taken from the DER.  -1 (ERR_LEDGER): it does not begin with the TBS that was recorded. */
int ledger_certs_issued(struct ledger *l, const struct cert_done done[], size_t n, struct err *e) MUST_CHECK;
/* The token never started to sign. */
int ledger_cert_void(struct ledger *l, int64_t id, const char *why, struct err *e) MUST_CHECK;
/* A signature may exist that nobody has: the serial is to be listed as revoked. */
int ledger_cert_unknown(struct ledger *l, int64_t id, const char *why, struct err *e) MUST_CHECK;
/* Written to a token, read back and compared; place says where. */
int ledger_cert_installed(struct ledger *l, int64_t id, const struct key_location *place, struct err *e) MUST_CHECK;
/*
 * From issued or unknown, all or none; from certificateHold to another reason, and from any reason to keyCompromise,
 * as of when it was revoked first.
 * reason: a word of model/revoke_reason.def.  -1: ERR_USAGE for any other word; ERR_LEDGER: in another state;
 * ERR_POLICY ("revoked-before"): for another reason, which stands.
 */
int ledger_certs_revoke(struct ledger *l, const int64_t ids[], size_t n, const char *reason, struct err *e) MUST_CHECK;
int ledger_cert_revoke(struct ledger *l, int64_t id, const char *reason, struct err *e) MUST_CHECK; /* one */
/*
 * Back to what it was before it was held.  -1 (ERR_POLICY): "revoked-for-ever" (not certificateHold); or, as
 * ledger_certs_begin() with max_live 1, since its client or key has another certificate now.
 */
int ledger_cert_restore(struct ledger *l, int64_t id, struct err *e) MUST_CHECK;
/*
 * Takes over a dead `signing` row for finishing it: now this process is its writer.  *taken false: alive, or
 * finished.  is_writer_dead of a row that was read is a hint: only taking it, inside a transaction, is certain.
 */
int ledger_cert_take(bool *taken, struct ledger *l, int64_t id, struct err *e) MUST_CHECK;
int ledger_key_take(bool *taken, struct ledger *l, int64_t id, struct err *e) MUST_CHECK;

/* The issuers of a root's certificate that another CA signed, appended to out; nothing for any other. */
int ledger_cert_issuers(struct buf *out, struct ledger *l, int64_t id, struct err *e) MUST_CHECK;

struct cert_query {
	int64_t id, root_id, key_id, renews; /* 0 = any */
	/* NULL = any; names and devices are compared by name_key() */
	const char *name, *device, *key_sha256, *state, *request_sha256;
	/* serial, thumbprint or fingerprint, hex in either case; or a name, in any spelling that name_key() equates */
	const char *any_id;
	const char *token_serial;    /* of a token where its key is, or it was installed; NULL = any */
	bool revoked_only;           /* what a CRL lists: revoked, and unknown (somebody may have it) */
	bool roots_only, clients_only, live_only; /* live: signing or issued, not expired */
	int64_t expires_before;      /* 0 = any */
};
typedef int cert_row_fn(const struct cert_row *row, void *arg, struct err *e);
/* Streams, by id; fn may not change the ledger. */
int ledger_each_cert(struct ledger *l, const struct cert_query *q, cert_row_fn *fn, void *arg, struct err *e)
    MUST_CHECK;
/*
 * The one that matches; der (or NULL) gets its bytes, appended; out->der and out->tbs are empty.
 * *found false: none.  -1 (ERR_NOT_FOUND): several; err.cause lists their serials.
 */
int ledger_cert_find(struct cert_row *out, struct buf *der, bool *found, struct ledger *l, const struct cert_query *q,
    struct err *e) MUST_CHECK;
/*
 * Pairs of live certificates of one client whose name or device is spelt in two ways: of an older ledger, or imported.
 */
struct spellings {
	char names[2][256], serials[2][SERIAL_HEX];
};
typedef int spellings_fn(const struct spellings *s, void *arg, struct err *e);
int ledger_each_spellings(struct ledger *l, spellings_fn *fn, void *arg, struct err *e) MUST_CHECK;
/* The stored TBS of a certificate, appended to out. */
int ledger_cert_tbs(struct buf *out, struct ledger *l, int64_t id, struct err *e) MUST_CHECK;

/*
 * Certificates that a root signed elsewhere, and what revoked them there: all in one transaction.  fill() is asked for
 * each of the n in order: root_id and serial; of a certificate also name, subject, spki_sha256, dates and der (borrowed
 * until the next call); revoke_reason and revoked_at, or "" and 0.  Without der only its serial is known, and it is
 * revoked.  What the ledger has already is completed, and revoked where it was not; nothing is ever taken back.
 * crl (or NULL): the list that said so, recorded so that the next number is above its own.
 * -1 (ERR_POLICY): "serial-taken" (another certificate has the serial), "operation-running" (it is being signed),
 * "import-unseen" (it may exist and is listed as revoked).
 */
enum import_done { IMPORT_NOTHING, IMPORT_NEW, IMPORT_COMPLETED, IMPORT_REVOKED };
struct import_result {
	int64_t id;
	enum import_done done;
};
typedef int import_fill_fn(struct cert_row *row, size_t i, void *arg, struct err *e);
int ledger_certs_import(struct import_result results[], struct ledger *l, size_t n, import_fill_fn *fill, void *arg,
    const struct crl_row *crl, struct err *e) MUST_CHECK;

/* Revocation lists: the number of a root's next one is above the last, and not below the time. */
/*
 * *last: the number of the root's newest list (0 = none); *next: for one made now.  Ask before reading what is
 * revoked: a list with a higher number then never knows less.
 */
int ledger_crl_next(int64_t *last, int64_t *next, struct ledger *l, int64_t root_id, struct err *e) MUST_CHECK;
/*
 * The intent, before the token signs; sets row->id.  From row: root, number, times, entries, tbs_sha256.  last: as
 * ledger_crl_next() said.  *is_late: somebody made a newer list since, and nothing was recorded: begin anew.
 */
int ledger_crl_begin(bool *is_late, struct ledger *l, struct crl_row *row, int64_t last, struct err *e) MUST_CHECK;
/* The signed list exists.  -1 (ERR_LEDGER): it was recorded before. */
int ledger_crl_signed(struct ledger *l, int64_t id, const char *sha256, struct err *e) MUST_CHECK;
typedef int crl_row_fn(const struct crl_row *row, void *arg, struct err *e);
/* By root and number. */
int ledger_each_crl(struct ledger *l, crl_row_fn *fn, void *arg, struct err *e) MUST_CHECK;

/* Profiles: what was written for a client, and from which package.  Never changed: who gets new ones gets new rows. */
/*
 * Records profiles that were written: all or none, one event each.  From a row: all but id and written_at, which
 * are ignored; the certificate is a client's, issued or revoked.  -1: ERR_NOT_FOUND (no such certificate),
 * ERR_LEDGER (of a root, or never issued), ERR_USAGE (no format, or a hash that is none).
 */
int ledger_profiles_written(struct ledger *l, const struct profile_row rows[], size_t n, struct err *e) MUST_CHECK;
typedef int profile_row_fn(const struct profile_row *row, void *arg, struct err *e);
/*
 * By certificate, format and age; newest_only: the last of each certificate and format.  fn may read the ledger
 * (ledger_cert_find() by id), not change it.  -1: as fn, ERR_LEDGER.
 */
int ledger_each_profile(struct ledger *l, bool newest_only, profile_row_fn *fn, void *arg, struct err *e) MUST_CHECK;

/* Gateways, and what was seen there. */
/* Sets row->id.  replace: an older row of this name (in either case) is changed.  -1 (ERR_POLICY):
 * "gateway-name-taken". */
int ledger_gateway_add(struct ledger *l, struct gateway_row *row, bool replace, struct err *e) MUST_CHECK;
int ledger_gateway_find(struct gateway_row *out, bool *found, struct ledger *l, const char *name, struct err *e)
    MUST_CHECK;
typedef int gateway_row_fn(const struct gateway_row *row, void *arg, struct err *e);
int ledger_each_gateway(struct ledger *l, gateway_row_fn *fn, void *arg, struct err *e) MUST_CHECK; /* by id */
/* The gateway's state was read: cert_id and what of each row are recorded, at this time; n may be 0.  All or none. */
int ledger_gateway_observed(
    struct ledger *l, int64_t gateway_id, const struct observation_row rows[], size_t n, struct err *e) MUST_CHECK;
struct observation_query {
	int64_t gateway_id, cert_id; /* 0 = any */
};
typedef int observation_row_fn(const struct observation_row *row, void *arg, struct err *e);
/* The newest of each gateway and certificate; fn may read the ledger. */
int ledger_each_observation(struct ledger *l, const struct observation_query *which, observation_row_fn *fn, void *arg,
    struct err *e) MUST_CHECK;
/* *was: it was taken back from certificateHold once, so a gateway that still refuses it does so by our doing. */
int ledger_cert_was_restored(bool *was, struct ledger *l, int64_t id, struct err *e) MUST_CHECK;

/* For the gate. */
int ledger_precedents_find(struct ledger_precedents *out, struct ledger *l, const char *key_sha256, const char *name,
    const char *device, struct err *e) MUST_CHECK;

/* Events. */
/* A thing worth remembering that changes no other row: "token-initialised", "root-exported", "pin-changed" … */
int ledger_note(struct ledger *l, const char *kind, const char *object, const char *detail, struct err *e) MUST_CHECK;
/* In order.  Texts of a row are as in its bytes: escaped (docs/LEDGER.md), so harmless on a terminal. */
typedef int event_row_fn(const struct event_row *row, void *arg, struct err *e);
int ledger_each_event(struct ledger *l, int64_t from_seq, event_row_fn *fn, void *arg, struct err *e) MUST_CHECK;
/* The same for the notes (ledger_note()) on one object only. */
int ledger_each_note(struct ledger *l, const char *object, event_row_fn *fn, void *arg, struct err *e) MUST_CHECK;

/* *is: an event has this hash; with seq (0 = any) as its number. */
int ledger_event_is(bool *is, struct ledger *l, int64_t seq, const char *hash, struct err *e) MUST_CHECK;

/*
 * A copy in a new file (0600), as the ledger is at one moment, whoever works on it meanwhile (SQLite's online backup).
 * -1: ERR_OUTPUT (path exists, no room); then nothing new is left behind.
 */
int ledger_backup(struct ledger *l, const char *path, struct err *e) MUST_CHECK;

/*
 * Places: where the ledger is kept.  One that was made, or first opened for writing, on a machine with an id is bound
 * to that machine (test ledgers are not): the same ledger on two would give out two histories.
 */
int ledger_location(struct location_row *out, struct ledger *l, struct err *e) MUST_CHECK; /* the newest; id 0 = none */
typedef int location_row_fn(const struct location_row *row, void *arg, struct err *e);
int ledger_each_location(struct ledger *l, location_row_fn *fn, void *arg, struct err *e) MUST_CHECK; /* by id */
/* -1 (ERR_POLICY, "ledger-held"): it was restored, and nobody acknowledged what is missing; roots sign nothing new. */
int ledger_may_sign(struct ledger *l, struct err *e) MUST_CHECK;
/* Ends the hold.  -1 (ERR_POLICY, "ledger-not-held"). */
int ledger_acknowledge(struct ledger *l, struct err *e) MUST_CHECK;
/*
 * Seals it: nobody writes to this file again, neither who has it open.  Sealed already: nothing is done.  Then a copy
 * as ledger_backup().  -1 (ERR_POLICY): "operation-running" (somebody has it open for writing), "ledger-held".
 */
int ledger_move(struct ledger *l, const char *path, struct err *e) MUST_CHECK;

/*
 * A ledger again from a copy.  prepare: the copy goes into the home, under another name, brought up to this schema, in
 * a new epoch, held; path (for whoever verifies it) names it.  commit: it becomes the ledger.  end: gives back all
 * that is not needed any more; what was not committed is gone.
 * known (or NULL): an event that is proved to have been: where the copy is older it goes into the place, else the copy
 * must have it.  -1: ERR_OUTPUT (home has a ledger, or its -wal), ERR_LEDGER, ERR_POLICY ("copy-not-of-checkpoint";
 * "restore-running"; as ledger_open()).
 */
struct ledger_event_id {
	char ledger[33];
	unsigned epoch;              /* the new one is above it, too */
	int64_t seq;
	char hash[SHA256_HEX];
};
struct ledger_restore;
int ledger_restore_prepare(struct ledger_restore **out, const struct ledger_options *o, const char *copy,
    const struct ledger_event_id *known, struct err *e) MUST_CHECK;
const char *ledger_restore_path(const struct ledger_restore *r); /* borrowed */
/* What a dry run can say: nothing is written.  -1 as ledger_restore_prepare(), for the home. */
int ledger_restore_inspect(const struct ledger_options *o, struct err *e) MUST_CHECK;
int ledger_restore_commit(struct ledger_restore *r, struct err *e) MUST_CHECK;
void ledger_restore_end(struct ledger_restore *r); /* NULL is fine */
AUTO_STRUCT_DEFINE(ledger_restore, ledger_restore_end);

/*
 * Integrity: SQLite's own check, the chain, each row against its events.  fn gets every fault found
 * ("ledger-event-edited", …; static id, text); 0 also when faults were found; *n counts them.
 * check_cert (or NULL) is called for each issued certificate with its row and its issuer's DER, and may
 * report by returning a text (borrowed until the next call), NULL = fine: pki passes the X.509 verification.
 */
typedef int fault_fn(const char *id, const char *text, void *arg, struct err *e);
typedef const char *cert_check_fn(const struct cert_row *row, struct bytes issuer, void *arg);
int ledger_verify(uint64_t *n, struct ledger *l, fault_fn *fn, cert_check_fn *check_cert, void *arg, struct err *e)
    MUST_CHECK;

#endif
