/* SPDX-License-Identifier: MIT */
/* gateway_ipsec.c - rules for a gateway's custom IPsec policies: do they match the proposals in written profiles? */
#include <string.h>

#include "azure/gateway/gateway.h"

#include "util/array.h"

#define FIRST_GROUP "DHGroup14" /* MODP-2048, the group in the first proposal of every written profile */

/* The algorithms of the written profiles in Azure's words; NULL = any. */
static const struct proposal_row {
	const char *client, *encryption, *integrity, *group;
} proposals[] = {
	{ "swanctl, ipsec, networkmanager, sswan", "GCMAES256", NULL, "DHGroup14" },
	{ "swanctl, ipsec, networkmanager, sswan", "AES256", NULL, "DHGroup14" },
	{ "swanctl, ipsec, networkmanager, sswan", "GCMAES256", "SHA384", "ECP384" },
	{ "swanctl, ipsec, networkmanager, sswan", "GCMAES256", "SHA256", "ECP256" },
	{ "swanctl, ipsec, networkmanager, sswan", "AES256", "SHA256", "ECP256" },
	{ "mobileconfig", "AES256", "SHA256", "DHGroup14" },
};
#define N_PROPOSALS ARRAY_LEN(proposals)

static bool gateway_ipsec_is(const char *wanted, const char *word)
{
	return wanted == NULL || word[0] == '\0' || strcasecmp(wanted, word) == 0;
}

static bool gateway_ipsec_takes(const struct gateway_ipsec *policy, const struct proposal_row *p)
{
	return gateway_ipsec_is(p->encryption, policy->ike_encryption) &&
	       gateway_ipsec_is(p->integrity, policy->ike_integrity) && gateway_ipsec_is(p->group, policy->dh_group);
}

static bool is_taken(const struct gateway *g, const char *client)
{
	for (size_t i = 0; i < N_PROPOSALS; i++)
		for (unsigned k = 0; k < g->n_ipsec; k++)
			if (strcmp(proposals[i].client, client) == 0 &&
			    gateway_ipsec_takes(&g->ipsec[k], &proposals[i]))
				return true;
	return false;
}

RULE_TEST(no_proposal)
{
	const struct gateway *g = f->gateway;

	for (size_t i = 0; g->n_ipsec > 0 && g->has_ikev2 && i < N_PROPOSALS; i++) {
		if ((i > 0 && strcmp(proposals[i].client, proposals[i - 1].client) == 0) ||
		    is_taken(g, proposals[i].client))
			continue;
		if (finding_add(out, r, e, "no proposal of %s is %s, %s, %s", proposals[i].client,
			g->ipsec[0].ike_encryption, g->ipsec[0].ike_integrity, g->ipsec[0].dh_group) < 0)
			return -1;
	}
	return 0;
}

RULE_TEST(other_group)
{
	const struct gateway *g = f->gateway;

	for (unsigned i = 0; i < g->n_ipsec; i++)
		if (gateway_ipsec_is(FIRST_GROUP, g->ipsec[i].dh_group))
			return 0;
	return g->n_ipsec > 0 && g->has_ikev2
		   ? finding_add(out, r, e, "the custom IPsec policy has %s", g->ipsec[0].dh_group)
		   : 0;
}

const struct rule rules_gateway_ipsec[] = {
	{ "gateway-ipsec-no-proposal", FINDING_FAIL, "gateway", FACT_GATEWAY, no_proposal,
	    "the gateway has a custom IPsec policy, and the profiles that p11ca writes propose no algorithms that it "
	    "accepts",
	    "set the policy to AES256, SHA256 and DHGroup14, which all clients support, or write the policy's "
	    "algorithms into the profiles" },
	{ "gateway-ipsec-group", FINDING_INFO, "gateway", FACT_GATEWAY, other_group,
	    "the gateway's custom IPsec policy uses another Diffie-Hellman group than the profiles propose first",
	    "if clients do not connect, set the policy to DHGroup14" },
	{ 0 }
};
