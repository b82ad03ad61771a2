#include "marketo/query.h"

#include "base/i18n.h"

#include <string.h>

void param_text(struct str *query, const char *name, const char *value)
{
	if (!value)
		return;
	str_add_format(query, "%s%s=", query->length ? "&" : "", name);
	str_add_url(query, value);
}

void param_number(struct str *query, const char *name, int64_t value)
{
	str_add_format(query, "%s%s=%lld", query->length ? "&" : "", name, (long long)value);
}

bool page_is_endless(const struct marketo_answer *answer, const char *asked, struct marketo_answer *bad)
{
	const char *next = marketo_next_page(answer);

	if (answer->outcome != OUTCOME_OK || !asked || !next || strcmp(asked, next) != 0)
		return false;
	*bad = *answer;
	bad->outcome = OUTCOME_REFUSED;
	error_set(&bad->error, STATUS_FAILED, "reply", _("reading page by page: Marketo's pages never end"));
	error_request(&bad->error, answer->request_id);
	return true;
}
