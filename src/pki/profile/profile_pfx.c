/* SPDX-License-Identifier: MIT */
/* profile_pfx.c - checks the PKCS#12 given for a profile: encrypted, and for this client. */
#include <string.h>

#include "pki/profile/profile.h"
#include "util/text.h"
#include "x509/pfx/pfx_inspect.h"

static int refuse_unread(struct err *e)
{
	char cause[200];

	(void)snprintf(cause, sizeof(cause), "%.190s", e->what);
	(void)err_set(e, ERR_POLICY,
	    "the certificate in the file is encrypted, and its password is not known");
	(void)err_rule(e, "pfx-certificate-unread", "name a source: --pfx-pin-source env:NAME, file:PATH or fd:N");
	return err_cause(e, "%s", cause);
}

static int profile_pfx_ask(const struct profile_job *job, struct pki *p, struct err *e)
{
	char safe[300];
	const struct pin_ask what = { .role = PIN_USER, .purpose = "pfx", .token = safe };

	(void)print_safe(safe, sizeof(safe), job->options->pfx_path, strlen(job->options->pfx_path));
	if (job->pfx_password->len == 0 && p->ui->get_pin(p->ui->self, &what, job->pfx_password, e) < 0)
		return e->status == ERR_PIN && !job->options->has_pfx_password ? refuse_unread(e) : -1;
	return pfx_check_password(job->pfx_password, e);
}

static int profile_pfx_inspect(struct pfx_info *out, const struct profile_job *job, struct pki *p, struct bytes cert,
    struct err *e)
{
	const struct bytes file = buf_bytes(&job->pfx);
	const bool has_password = job->options->has_pfx_password || job->pfx_password->len > 0;

	if (!has_password && pfx_inspect(out, file, cert, NULL, e) < 0)
		return -1;
	if (!has_password && out->owner != PFX_OWNER_UNKNOWN)
		return 0;
	return profile_pfx_ask(job, p, e) < 0 ? -1 : pfx_inspect(out, file, cert, job->pfx_password, e);
}

int profile_pfx_check(const struct profile_job *job, struct pki *p, const struct profile_client *c, struct err *e)
{
	struct pfx_info info;

	if (profile_pfx_inspect(&info, job, p, c->cert, e) < 0)
		return err_while(e, "judging the PKCS#12 file '%s'", job->options->pfx_path);
	if (info.owner == PFX_OWNER_CLIENT)
		return 0;
	if (info.owner == PFX_OWNER_OTHER)
		(void)err_set(e, ERR_POLICY, "the certificate in '%.150s' is not that of '%.64s'",
		    job->options->pfx_path, c->cert_info->cn);
	else
		(void)err_set(e, ERR_POLICY, "the certificate in '%.150s' cannot be read, to compare it with '%.64s'",
		    job->options->pfx_path, c->cert_info->cn);
	return err_rule(e, "pfx-other-client",
	    "give the PKCS#12 with the key of this client's valid certificate: see `p11ca client show`");
}
