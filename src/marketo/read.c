#include "base/i18n.h"
#include "marketo/client.h"
#include "marketo/leads.h"
#include "marketo/query.h"

enum { READ_TIMEOUT_MS = 65 * 1000 /* the server gives up after 60 s (marketo-api 3) */ };

void leads_read(struct marketo *m, const int64_t *ids, size_t count, const char *fields, marketo_done done, void *self)
{
	struct str query = { 0 };
	struct marketo_request request = {
		.kind = CALL_LOOKUP,
		.method = "GET",
		.path = "/v1/leads.json",
		.timeout_ms = READ_TIMEOUT_MS,
		.records = count,
		.permission = N_("Read-Only Lead"),
		.what = N_("looking people up"),
	};

	param_text(&query, "filterType", "id");
	str_add(&query, "&filterValues=");
	for (size_t i = 0; i < count; i++)
		str_add_format(&query, "%s%lld", i ? "," : "", (long long)ids[i]);
	param_text(&query, "fields", fields);
	param_number(&query, "batchSize", MARKETO_BATCH);
	request.query = str_text(&query);
	marketo_call(m, &request, done, self);
	str_done(&query);
}
