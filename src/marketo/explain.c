/* Words for the operator: what went wrong, and what to do about it. */
#include "marketo/client.h"
#include "marketo/codes.h"

#include "base/i18n.h"

#include <stdio.h>
#include <string.h>

typedef void (*explain_fn)(const struct marketo *m, const struct verdict *verdict, const char *what, const char *permission, struct error *err);

static void explain_dns(const struct marketo *m, const struct verdict *verdict, const char *what, const char *permission, struct error *err)
{
	(void)permission;
	error_set(err, STATUS_FAILED, "dns", _("%s: the host of %s is not found: %s"), what, m->account.endpoint, verdict->message);
	error_hint(err, _("check the account's Munchkin ID and endpoint (Admin > Web Services), and this machine's network"));
}

static void explain_tls(const struct marketo *m, const struct verdict *verdict, const char *what, const char *permission, struct error *err)
{
	(void)permission;
	error_set(err, STATUS_REFUSED, "tls", _("%s: no trusted connection to %s: %s"), what, m->account.endpoint, verdict->message);
	error_hint(err, _("if a proxy of your own inspects connections, name its certificate with --ca-file; otherwise check the endpoint and the clock"));
}

static void explain_network(const struct marketo *m, const struct verdict *verdict, const char *what, const char *permission, struct error *err)
{
	(void)permission;
	error_set(err, STATUS_FAILED, "network", _("%s: no answer from %s: %s"), what, m->account.endpoint, verdict->message);
	error_hint(err, _("check the network and the account's endpoint, then run again"));
}

static void explain_credentials(const struct marketo *m, const struct verdict *verdict, const char *what, const char *permission, struct error *err)
{
	(void)permission;
	error_set(err, STATUS_REFUSED, "credentials", _("%s: Marketo does not accept the credentials of account %s: %s"), what,
		m->account.name ? m->account.name : "", verdict->message);
	error_hint(err, _("compare the client id and secret with Admin > LaunchPoint > View Details, and set them with `penstock account update`"));
}

static void explain_reply(const struct marketo *m, const struct verdict *verdict, const char *what, const char *permission, struct error *err)
{
	(void)permission;
	error_set(err, STATUS_FAILED, "reply", _("%s: no usable answer from %s: %s"), what, m->account.endpoint, verdict->message);
	error_hint(err, _("check the account's endpoint (Admin > Web Services); if it is right, run again later"));
}

static void explain_denied(const struct marketo *m, const struct verdict *verdict, const char *what, const char *permission, struct error *err)
{
	const struct code_row *row = code_find(verdict->code, false);

	(void)m;
	if (permission)
		error_set(err, STATUS_REFUSED, verdict->code,
			_("%s: Marketo denies access (%s): the API user's role lacks the permission \"%s\", or the IP allow-list does not admit this machine"), what,
			verdict->code, _(permission));
	else
		error_set(err, STATUS_REFUSED, verdict->code,
			_("%s: Marketo denies access (%s): the API user's role lacks a permission, or the IP allow-list does not admit this machine"), what, verdict->code);
	error_hint(err, "%s", _(row->advice));
}

static const struct {
	const char *code;
	explain_fn fn;
} explanations[] = {
	{ "dns", explain_dns }, { "tls", explain_tls }, { "network", explain_network }, { "credentials", explain_credentials }, { "reply", explain_reply },
	{ "603", explain_denied },
};

static void explain_code(const struct verdict *verdict, const char *what, struct error *err)
{
	const struct code_row *row = code_find(verdict->code, false);

	error_set(err, row->status, verdict->code, _("%s: Marketo answers %s: %s"), what, verdict->code, verdict->message);
	if (row->advice)
		error_hint(err, "%s", _(row->advice));
}

void explain(const struct marketo *m, const struct verdict *verdict, const char *what, const char *permission, struct error *err)
{
	explain_fn fn = NULL;

	what = what ? _(what) : _("calling Marketo");
	for (size_t i = 0; i < sizeof explanations / sizeof *explanations; i++)
		if (strcmp(explanations[i].code, verdict->code) == 0)
			fn = explanations[i].fn;
	if (fn)
		fn(m, verdict, what, permission, err);
	else
		explain_code(verdict, what, err);
	error_request(err, verdict->request_id);
}
