/* SPDX-License-Identifier: MIT */
/* report_page.c - the report as one HTML page. */
#include <string.h>

#include "out/html_table.h"
#include "out/xml.h"
#include "pki/report/report_table.h"
#include "util/array.h"
#include "util/text.h"

/* No quote and no '<', '>' or '&': the writer would escape it, and a browser reads a style sheet as it is. */
static const char report_style[] =
    ":root{color-scheme:light dark;--back:#fff;--text:#1c1c1c;--line:#c8c8c8;--code:#f1f1f1;--a:#0072b2;--b:#d55e00;"
    "--c:#595959}"
    "@media(prefers-color-scheme:dark){:root{--back:#16181c;--text:#e8e8e8;--line:#50545c;--code:#26292f;"
    "--a:#56b4e9;--b:#e69f00;--c:#b0b0b0}}"
    "*{box-sizing:border-box}"
    "body{margin:0;background:var(--back);color:var(--text);font:1rem/1.45 system-ui,Segoe UI,Roboto,Noto Sans,"
    "Arial,sans-serif}"
    "main{max-width:90rem;margin:0 auto;padding:1.5rem 1.25rem}"
    "h1{font-size:1.7rem;line-height:1.2;margin:0 0 .5rem}"
    "h2{font-size:1.25rem;margin:2rem 0 .4rem;padding-top:.8rem;border-top:1px solid var(--line)}"
    "p{margin:.4rem 0;max-width:46rem}"
    ".scroll{overflow-x:auto;margin:.8rem 0}"
    "table{border-collapse:collapse;font-size:.92rem;width:max-content}.record{width:auto}"
    "caption{text-align:start;font-weight:600;padding:.2rem 0;white-space:nowrap}"
    "th,td{padding:.25rem .9rem .25rem 0;text-align:start;vertical-align:top;border-bottom:1px solid var(--line)}"
    "td{max-width:22rem;overflow-wrap:anywhere}th.number{max-width:7rem}"
    "th.number,td.number{text-align:end;font-variant-numeric:tabular-nums}"
    "code{font:.9em ui-monospace,Menlo,Consolas,monospace;background:var(--code);padding:0 .2em}"
    "svg{display:block;width:100%;min-width:44rem;height:auto;max-width:60rem}"
    "svg text{fill:var(--text);font-size:12px;unicode-bidi:isolate}"
    ".grid{stroke:var(--line)}.now{stroke:var(--text);stroke-dasharray:3 3}"
    ".a{fill:var(--a);stroke:var(--a)}.b{fill:none;stroke:var(--b);stroke-width:2}"
    ".c{fill:none;stroke:var(--c);stroke-width:2;stroke-dasharray:3 2}"
    "@media print{:root{--back:#fff;--text:#000;--line:#999;--code:#fff;--a:#0072b2;--b:#d55e00;--c:#595959}"
    "main{max-width:none;padding:0}body{font-size:9pt}table{font-size:7pt;width:auto}"
    "td,th.number{max-width:none}h2,h3,caption{break-after:avoid}"
    "tr,svg{break-inside:avoid}.scroll{overflow:visible}td,th{padding-inline-end:.4rem}}"
    "@page{margin:12mm}";

struct report_section {
	const char *title, *text;
	void (*chart)(struct xml *x, const struct report *r);
	enum report_table_id tables[4]; /* N_REPORT_TABLES ends the list */
};
static const struct report_section sections[] = {
	{ "What needs doing",
	    "Findings of the command doctor, revocations that were not seen at a gateway, and the certificates that "
	    "end next. Each has the command to run next; the command explain describes each code.",
	    NULL, { REPORT_FINDINGS, REPORT_PENDING, REPORT_EXPIRING, N_REPORT_TABLES } },
	{ "Expiry",
	    "Valid client certificates by the month in which they end. A certificate with a valid successor is renewed "
	    "and may end.",
	    report_chart_months, { REPORT_MONTHS, N_REPORT_TABLES } },
	{ "Roots",
	    "In the rollover window, a client certificate of the longest validity that is in use would outlive the "
	    "root: prepare the next root with the command root rollover.",
	    report_chart_roots, { REPORT_ROOTS, N_REPORT_TABLES } },
	{ "Keys",
	    "Keys that p11ca proved, with the module that proved them. Attested: the manufacturer of the token signed "
	    "that the key was generated on the token. With more than 50 keys of clients, only their sums are listed.",
	    NULL, { REPORT_CARDS, REPORT_KEYS, N_REPORT_TABLES } },
	{ "Gateways",
	    "What the ledger last saw at each gateway, and what the state of the gateway contains, if one was given. "
	    "Azure allows 20 roots for a gateway.",
	    NULL, { REPORT_GATEWAYS, N_REPORT_TABLES } },
	{ "Activity", "Client certificates issued and revoked in the last 26 weeks, and by actor since the beginning.",
	    report_chart_weeks, { REPORT_WEEKS, REPORT_ACTORS, N_REPORT_TABLES } },
};

static void page_meta(struct xml *x, const char *key, const char *value, const char *content)
{
	xml_start(x, "meta", NULL);
	xml_attribute(x, key, value);
	if (content != NULL)
		xml_attribute(x, "content", content);
	xml_end(x);
	xml_text(x, "\n");
}

static void page_head(struct xml *x)
{
	xml_start(x, "head", NULL);
	xml_text(x, "\n");
	page_meta(x, "charset", "utf-8", NULL);
	page_meta(x, "http-equiv", "Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
	page_meta(x, "name", "viewport", "width=device-width, initial-scale=1");
	page_meta(x, "name", "color-scheme", "light dark");
	xml_leaf(x, "title", "p11ca report");
	xml_text(x, "\n");
	xml_leaf(x, "style", report_style);
	xml_end(x);
	xml_text(x, "\n");
}

/* Says how many rows a limited list has in all. */
static void page_limit(struct xml *x, const struct report *r, enum report_table_id id)
{
	const int64_t n = id == REPORT_PENDING ? r->summary.n_pending
	    : id == REPORT_FINDINGS ? r->summary.n_findings : 0;
	char text[96];

	if (n <= (int64_t)r->tables[id].n)
		return;
	(void)snprintf(text, sizeof(text), "The list has the first %zu of %lld.", r->tables[id].n, (long long)n);
	xml_leaf(x, "p", text);
}

static int page_table(struct xml *x, const struct report *r, enum report_table_id id, struct err *e)
{
	const struct report_table *table = &r->tables[id];
	const struct report_form *form = &report_forms[id];
	const struct html_table html = { form->key, form->title, form->fields, table->rows.data, table->n,
		table->row_size };
	char text[160];

	if (table->n > 0) {
		page_limit(x, r, id);
		return html_table(x, &html, e);
	}
	(void)snprintf(text, sizeof(text), "%s: nothing to list.", form->title);
	xml_leaf(x, "p", text);
	return 0;
}

static int page_section(struct xml *x, const struct report *r, const struct report_section *s, struct err *e)
{
	xml_start(x, "section", NULL);
	xml_leaf(x, "h2", s->title);
	xml_leaf(x, "p", s->text);
	if (s->chart != NULL)
		s->chart(x, r);
	for (size_t i = 0; s->tables[i] != N_REPORT_TABLES; i++)
		if (page_table(x, r, s->tables[i], e) < 0)
			return -1;
	xml_end(x);
	xml_text(x, "\n");
	return 0;
}

static int page_integrity(struct xml *x, const struct report *r, struct err *e)
{
	const struct html_table record = { "integrity", "Integrity of the ledger", report_integrity_fields,
		&r->integrity, 1, sizeof(r->integrity) };

	xml_start(x, "section", NULL);
	xml_leaf(x, "h2", "Integrity");
	xml_leaf(x, "p", "p11ca compared each event with the event before, and each row with its events. "
	    "The command ledger verify also verifies the signature of each certificate and compares a checkpoint that "
	    "was kept elsewhere.");
	if (html_record(x, &record, e) < 0)
		return -1;
	xml_end(x);
	return 0;
}

static int page_main(struct xml *x, const struct report *r, struct err *e)
{
	const struct html_table record = { "overview", "Overview", report_summary_fields, &r->summary, 1,
		sizeof(r->summary) };

	xml_leaf(x, "h1", "p11ca report");
	if (html_record(x, &record, e) < 0)
		return -1;
	for (size_t i = 0; i < ARRAY_LEN(sections); i++)
		if (page_section(x, r, &sections[i], e) < 0)
			return -1;
	return page_integrity(x, r, e);
}

int report_write(struct buf *out, const struct report *r, struct err *e)
{
	AUTO_VALUE(buf) page = { 0 };
	struct err unused;
	struct xml *x;
	int result;

	if (xml_open(&x, 0, e) < 0)
		return -1;
	xml_doctype(x, "html", NULL, NULL);
	xml_start(x, "html", NULL);
	xml_attribute(x, "lang", "en");
	page_head(x);
	xml_start(x, "body", NULL);
	xml_start(x, "main", NULL);
	result = page_main(x, r, e);
	if (xml_close(x, &page, result < 0 ? &unused : e) < 0 || result < 0)
		return -1;
	return buf_add(out, page.data, page.len, e) < 0 ? -1 : buf_add(out, "\n", 1, e);
}
