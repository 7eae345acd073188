# report_ledger.py HOME N: adds N clients to a ledger, each with the events that p11ca records for it.
# The rows are copies of the newest client certificate, with other names, dates and states.
import hashlib, sqlite3, sys, time

home, n = sys.argv[1], int(sys.argv[2])
db = sqlite3.connect(home + "/ledger.db")
ledger, epoch = db.execute("SELECT ledger_id, epoch FROM ledger").fetchone()
seq, prev, at = db.execute("SELECT seq, hash, at FROM events ORDER BY seq DESC LIMIT 1").fetchone()
now = int(time.time())
DAY = 86400
NAMES = {1: "<script>alert(1)</script>", 2: 'quote " and \' and `tick`', 3: "مريم الفارسي", 4: "& &amp; </td>"}

columns = [row[1] for row in db.execute("PRAGMA table_info(certificates)")]
template = dict(zip(columns, db.execute("SELECT * FROM certificates WHERE is_root = 0 ORDER BY id DESC LIMIT 1").fetchone()))


def facts(kind):
    body = db.execute("SELECT body FROM events WHERE row_table = 'certificates' AND row_id = ?"
                      " AND instr(body, char(10) || 'kind: ' || ? || char(10)) > 0",
                      (template["id"], kind)).fetchone()[0]
    lines = body.split("\n")
    first = next(i for i, line in enumerate(lines) if line.startswith("prev: ")) + 1
    return [line.split(": ", 1) for line in lines[first:]]


begin, end = facts("certificate-signing"), facts("certificate-issued")
events, rows = [], []


def event(kind, row, pairs):
    global seq, prev
    seq += 1
    stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))
    actor = f"uid {1000 + row['id'] % 23} (op{row['id'] % 23}) login none host desk{row['id'] % 3}"
    body = "\n".join(["p11ca event v1", f"ledger: {ledger}", f"epoch: {epoch}", f"seq: {seq}", f"at: {stamp}",
                      f"actor: {actor}", "note: ", f"kind: {kind}", f"object: certificate {row['serial']}",
                      f"row: certificates {row['id']}", f"prev: {prev}"] + [f"{k}: {v}" for k, v in pairs])
    prev = hashlib.sha256(body.encode()).hexdigest()
    events.append((seq, at, "certificates", row["id"], body, prev))


for i in range(1, n + 1):
    row = dict(template, id=template["id"] + i, serial=hashlib.md5(b"%d" % i).hexdigest() + "11")
    row["name"] = NAMES.get(i, f"client{i:05d}@contoso.com")
    row["name_key"] = row["name"].lower()
    row["issued_at"] = row["created_at"] = now - i * 7919 % 400 * DAY - i % DAY
    row["not_before"] = row["issued_at"]
    row["not_after"] = now + (i * 104729 % 1100 - 60) * DAY + i % DAY
    row["thumbprint"] = hashlib.sha1(row["serial"].encode()).hexdigest()
    row["fingerprint"] = hashlib.sha256(row["serial"].encode()).hexdigest()
    row["key_id"], row["renews"], row["installed_at"] = None, None, 0
    if i % 7 == 0:
        row["renews"] = row["id"] - 1
    set_to = lambda pairs: [(k, row[k] if k in row and k not in ("tbs", "der", "spki_sha256", "request_sha256") else v)
                            for k, v in pairs if k not in ("key_id", "renews", "request_name", "state")]
    first = [("state", "signing")] + set_to(begin)
    if row["renews"]:
        first.append(("renews", row["renews"]))
    event("certificate-signing", row, first)
    event("certificate-issued", row, [("state", "issued")] + set_to(end))
    if i % 10 == 0:
        row["state"], row["revoked_at"], row["revoke_reason"] = "revoked", now - i * 31 % 200 * DAY, "superseded"
        event("certificate-revoked", row, [(k, row[k]) for k in ("state", "revoked_at", "revoke_reason")])
    rows.append(tuple(row[c] for c in columns))
db.executemany(f"INSERT INTO certificates VALUES ({','.join('?' * len(columns))})", rows)
db.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)", events)
db.execute("UPDATE ledger SET n_events = ?, head = ?", (seq, prev))
db.commit()
