# report_page.py PAGE LEDGER [NAME...]: every number in the page of p11ca report is the one that the ledger has.
# Computed here with SQL of its own. Prints what differs and exits with 1. NAME: a gateway state's roots and revoked entries.
import html.parser, json, re, sqlite3, sys, time


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.tables, self.tips, self.chart, self.text, self.bdi = {}, [], [], "", []
        self.table = self.row = self.cell = None
        self.stack = []

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.stack.append(tag)
        if tag == "table":
            self.table = self.tables.setdefault(attributes["id"], [])
        elif tag == "tr":
            self.row = []
            self.table.append(self.row)
        elif tag in ("td", "th"):
            self.cell = ["", attributes.get("class") == "number" and tag == "td"]
            self.row.append(self.cell)

    def handle_endtag(self, tag):
        while self.stack and self.stack.pop() != tag:
            pass
        if tag in ("td", "th"):
            self.cell = None

    def handle_data(self, data):
        if "style" in self.stack:
            return
        self.text += data
        if self.cell is not None:
            self.cell[0] += data
        if self.stack[-2:] == ["rect", "title"]:
            self.tips.append(data)
        if self.stack and self.stack[-1] == "bdi":
            self.bdi.append(data)


page = Page()
page.feed(open(sys.argv[1], encoding="utf-8").read())
db = sqlite3.connect(f"file:{sys.argv[2]}?mode=ro", uri=True)
states = {}
for path in sys.argv[3:]:
    state = json.load(open(path))
    c = state["vpnClientConfiguration"]
    states[state["name"]] = (len(c["vpnClientRootCertificates"]), len(c["vpnClientRevokedCertificates"]))
bad, compared = [], 0
stamp = {row[0][0]: row[1][0] for row in page.tables["overview"]}["Time of the report"]
now = int(time.mktime(time.strptime(stamp + " UTC", "%Y-%m-%dT%H:%M:%SZ %Z")) - time.timezone)


def one(sql):
    return db.execute(sql, {"now": now} if ":now" in sql else {}).fetchone()[0] or 0


def rows(sql):
    return db.execute(sql, {"now": now} if ":now" in sql else {}).fetchall()


def when(t):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(t)) if t else "–"


def compare(where, have, want):
    global compared
    compared += 1
    if str(have) != str(want):
        bad.append(f"{where}: the page has {have}, the ledger {want}")


LIVE = "is_root = 0 AND state = 'issued' AND not_after >= :now"
SUCCESSOR = ("id IN (SELECT renews FROM certificates WHERE renews IS NOT NULL AND is_root = 0 AND state = 'issued'"
             " AND not_after >= :now)")
PENDING = ("SELECT count(*) FROM certificates c JOIN gateways g WHERE c.is_root = 0 AND c.state = 'revoked'"
           " AND c.not_after >= :now AND coalesce((SELECT what FROM sightings s WHERE s.gateway_id = g.id"
           " AND s.cert_id = c.id ORDER BY s.id DESC LIMIT 1), '') <> 'refused'")
SEEN = ("SELECT count(*) FROM sightings s WHERE s.gateway_id = (SELECT id FROM gateways WHERE name = '{}') AND what = '{}'"
        " AND id = (SELECT max(id) FROM sightings t WHERE t.gateway_id = s.gateway_id AND t.cert_id = s.cert_id)")

summary = {row[0][0]: row[1] for row in page.tables["overview"]}
counts = {
    "Pending at gateways": PENDING,
    "Valid client certificates": f"SELECT count(*) FROM certificates WHERE {LIVE}",
    "Valid and renewed": f"SELECT count(*) FROM certificates WHERE {LIVE} AND {SUCCESSOR}",
    "Valid, to renew within 30 days":
        f"SELECT count(*) FROM certificates WHERE {LIVE} AND NOT {SUCCESSOR} AND not_after < :now + 2592000",
    "Expired": "SELECT count(*) FROM certificates WHERE is_root = 0 AND state = 'issued' AND not_after < :now",
    "Revoked": "SELECT count(*) FROM certificates WHERE is_root = 0 AND state = 'revoked'",
    "Unfinished": "SELECT count(*) FROM certificates WHERE is_root = 0 AND state = 'signing'",
    "Void": "SELECT count(*) FROM certificates WHERE is_root = 0 AND state = 'void'",
    "Unknown": "SELECT count(*) FROM certificates WHERE is_root = 0 AND state = 'unknown'",
    "Roots": "SELECT count(*) FROM roots", "Gateways": "SELECT count(*) FROM gateways",
    "Proved keys of clients": "SELECT count(*) FROM keys WHERE purpose = 'client' AND state = 'proved'",
    "Proved and attested keys of clients":
        "SELECT count(*) FROM keys WHERE purpose = 'client' AND state = 'proved' AND local = 'attested'",
    "Valid certificates without a recorded key": f"SELECT count(*) FROM certificates WHERE {LIVE} AND key_id IS NULL",
}
for name, sql in counts.items():
    compare(f"summary, {name}", summary[name][0], one(sql))
compare("summary, Findings", summary["Findings"][0], len(page.tables.get("findings", [0])) - 1)
for name, (text, is_number) in summary.items():
    if is_number and name not in counts and name != "Findings":
        bad.append(f"summary, {name}: not compared")


def table(key, want):
    """want: for each row its texts and numbers, None = not compared here (no number)."""
    have = page.tables.get(key, [[]])[1:]
    if len(have) != len(want):
        bad.append(f"{key}: the page has {len(have)} rows, not {len(want)}")
    for line, expected in zip(have, want):
        for i, ((text, is_number), value) in enumerate(zip(line, expected)):
            if value is None and is_number:
                bad.append(f"{key}, column {i}: a number that is not compared")
            if value is not None:
                compare(f"{key}, {line[0][0]}, column {i}", text, value)


def months(n):
    year, month = time.gmtime(now)[:2]
    for i in range(n):
        yield f"{year + (month - 1 + i) // 12}-{(month - 1 + i) % 12 + 1:02d}"


def in_month(condition):
    return dict(rows(f"SELECT strftime('%Y-%m', not_after, 'unixepoch'), count(*) FROM certificates WHERE {LIVE}"
                     f" AND {condition} GROUP BY 1"))


ending, renewed = in_month("NOT " + SUCCESSOR), in_month(SUCCESSOR)
table("months", [(m, ending.get(m, 0), renewed.get(m, 0)) for m in months(24)])


def in_week(column, condition="1"):
    found = {}
    for (at,) in rows(f"SELECT {column} FROM certificates WHERE is_root = 0 AND {column} > 0 AND {condition}"):
        monday = at - at % 86400 - (time.gmtime(at).tm_wday) * 86400
        found[monday] = found.get(monday, 0) + 1
    return found


first = now - now % 86400 - (time.gmtime(now).tm_wday + 7 * 25) * 86400
issued, renewals, revoked = in_week("issued_at"), in_week("issued_at", "renews IS NOT NULL"), in_week("revoked_at")
weeks = [first + 604800 * i for i in range(26)]
table("weeks", [(when(w)[:10], issued.get(w, 0), renewals.get(w, 0), revoked.get(w, 0)) for w in weeks])
is_auditor = summary["Written for"][0] == "auditor"
table("expiring", [("–" if is_auditor else None, None, serial, when(end), end // 86400 - now // 86400, None)
                   for serial, end in rows(f"SELECT serial, not_after FROM certificates WHERE {LIVE} AND NOT {SUCCESSOR}"
                                           " ORDER BY not_after, id LIMIT 20")])
roots = []
for id_, fingerprint, begin, end in rows("SELECT r.id, c.fingerprint, c.not_before, c.not_after FROM roots r"
                                         " LEFT JOIN certificates c ON c.id = r.cert_id ORDER BY r.id"):
    longest = one(f"SELECT max(not_after - not_before) FROM certificates WHERE {LIVE} AND root_id = {id_}")
    roots.append((None, None, fingerprint, when(begin), when(end), when(max(end - longest, begin)) if longest else "–",
                  one(f"SELECT count(*) FROM certificates WHERE {LIVE} AND root_id = {id_}")))
table("roots", roots)
table("cards", [tuple(c or "–" for c in row[:4]) + row[4:8] + (when(row[8]),) for row in rows(
    "SELECT token_manufacturer, token_model, spec, proof_module_name, count(DISTINCT token_serial), count(*),"
    " count(nullif(local = 'attested', 0)), count(nullif(extractable = 'yes', 0)), max(proved_at) FROM keys"
    " WHERE purpose = 'client' AND state = 'proved' GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4")])
gateways = []
for (name,) in rows("SELECT name FROM gateways ORDER BY id"):
    roots_there, revoked_there = states.get(name, ("–", "–"))
    line = page.tables["gateways"][len(gateways) + 1]
    pending = one(PENDING + f" AND g.name = '{name}'")
    gateways.append((None, None, None, None, one(SEEN.format(name, "trusted")), one(SEEN.format(name, "refused")), pending,
                     roots_there, revoked_there, 20 - roots_there if name in states else "–",
                     line[10][0], line[11][0], line[12][0]))
table("gateways", gateways)

actors = {}
for body, is_renewal, at in rows("SELECT e.body, c.renews IS NOT NULL, e.at FROM events e JOIN certificates c"
                                 " ON c.id = e.row_id WHERE e.row_table = 'certificates' AND c.is_root = 0"):
    lines = dict(line.split(": ", 1) for line in body.split("\n")[1:10])
    if lines["kind"] in ("certificate-issued", "certificate-revoked"):
        line = actors.setdefault(lines["actor"], [0, 0, 0, 0])
        line[0] += lines["kind"] == "certificate-issued"
        line[1] += lines["kind"] == "certificate-issued" and is_renewal
        line[2] += lines["kind"] == "certificate-revoked"
        line[3] = max(line[3], at)
order = sorted(actors.items(), key=lambda item: (-item[1][0] - item[1][2], item[0]))
folded = [line for name, line in order[20:]]
if folded:
    order = order[:20] + [("all other actors", [sum(c) for c in zip(*folded)][:3] + [max(c[3] for c in folded)])]
table("actors", [(None, None, *line[:3], when(line[3])) for name, line in order])

integrity = {row[0][0]: row[1] for row in page.tables["integrity"]}
last = lambda kind: rows("SELECT seq, at, body FROM events WHERE row_table IS NULL"
                         f" AND body LIKE '%' || char(10) || 'kind: {kind}' || char(10) || '%' ORDER BY seq DESC LIMIT 1")
events = one("SELECT count(*) FROM events")
backup, checkpoint = last("backup-written"), last("checkpoint-signed")
signed = int(re.search(r"\nobject: checkpoint (\d+)\n", checkpoint[0][2]).group(1)) if checkpoint else None
for name, want in {
    "Faults": 0, "Events": events, "Epoch": one("SELECT epoch FROM ledger"), "Head": one("SELECT head FROM ledger"),
    "Last event": when(one("SELECT at FROM events ORDER BY seq DESC LIMIT 1")),
    "Events with an earlier time": one("SELECT count(*) FROM events WHERE body LIKE '%' || char(10) || 'clock_behind: %'"),
    "Last checkpoint": when(checkpoint[0][1] if checkpoint else 0),
    "Last event in the checkpoint": signed if checkpoint else "–",
    "Events since the checkpoint": events - signed if checkpoint else "–",
    "Last backup": when(backup[0][1] if backup else 0),
    "Events since the backup": events - backup[0][0] if backup else "–", "Hash chain and rows": "clean",
}.items():
    compare(f"integrity, {name}", integrity[name][0], want)
for name, (text, is_number) in integrity.items():
    if is_number and name not in ("Faults", "Events", "Epoch", "Events with an earlier time", "Last event in the checkpoint",
                                  "Events since the checkpoint", "Events since the backup"):
        bad.append(f"integrity, {name}: not compared")

for shown, total in re.findall(r"The list has the first (\d+) of (\d+)\.", page.text):
    compare("a limited list", (shown, total), ("50", str(one(PENDING))))

# Charts: the value of each bar is that of the table.
bars = {}
for tip in page.tips:
    found = re.fullmatch(r"([0-9-]+): (\d+) (.*)", tip)
    if found:
        bars[found.group(1), found.group(3)] = found.group(2)
for key, labels in (("months", ("to renew", "renewed")), ("weeks", ("issued", "of these renewals", "revoked"))):
    for line in page.tables[key][1:]:
        for (text, _), label in zip(line[1:], labels):
            compare(f"chart of {key}, {line[0][0]}", bars.pop((line[0][0], label), "0"), text)
for bar in bars:
    bad.append(f"chart: {bar} is in no table")

print("\n".join(bad[:20] or [f"{compared} values are the same"]))
sys.exit(bool(bad) or compared < 150)
