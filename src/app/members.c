#include "app/members.h"

#include "app/client.h"
#include "app/destinations.h"
#include "app/masks.h"
#include "base/i18n.h"
#include "base/mem.h"

#include <inttypes.h>
#include <string.h>

enum {
	TIMEOUT_MS = 65 * 1000, /* the server gives up after 60 s (marketo-api 3) */
	PAGE = 300,             /* swagger-mapi: batchSize */
	MEMBERS_MAX = 1000000,  /* a server that never stops paging must not fill the memory */
};

struct reading {
	struct client_wait wait;
	address_list *out;
	char *next_page;
};

void address_list_done(address_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		mem_free(list->at[i]);
	vec_done(list);
}

static void answered(void *self, const struct marketo_answer *answer)
{
	struct reading *reading = self;

	mem_replace(&reading->next_page, NULL);
	if (answer->outcome == OUTCOME_OK) {
		for (const struct json *lead = marketo_result_first(answer); lead; lead = marketo_result_next(answer, lead)) {
			const char *email = json_get_string(lead, "email");

			vec_push(reading->out, mem_strdup(email ? email : ""));
		}
		mem_replace(&reading->next_page, marketo_next_page(answer));
	}
	client_answered(&reading->wait, answer);
}

static enum status read_page(struct client *client, int64_t list_id, const char *page, struct reading *reading, struct error *err)
{
	char *path = mem_printf("/v1/lists/%" PRId64 "/leads.json", list_id);
	struct str query = { 0 };
	struct marketo_request request = {
		.kind = CALL_LISTS,
		.method = "GET",
		.path = path,
		.timeout_ms = TIMEOUT_MS,
		.permission = N_("Read-Only Lead"),
		.what = N_("reading the members of a static list"),
	};

	str_add_format(&query, "fields=id,email&batchSize=%d", PAGE);
	if (page) {
		str_add(&query, "&nextPageToken=");
		str_add_url(&query, page);
	}
	request.query = str_text(&query);
	reading->wait = (struct client_wait){ 0 };
	marketo_call(client->marketo, &request, answered, reading);
	str_done(&query);
	mem_free(path);
	return client_wait(client, &reading->wait, err);
}

static enum status read_all(struct client *client, int64_t list_id, address_list *out, struct error *err)
{
	struct reading reading = { .out = out };
	enum status status = STATUS_OK;
	char *page = NULL;

	do {
		status = read_page(client, list_id, page, &reading, err);
		mem_free(page);
		page = reading.next_page;
		reading.next_page = NULL;
	} while (status == STATUS_OK && page && out->count < MEMBERS_MAX);
	mem_free(page);
	return status;
}

enum status app_list_members(struct app *app, const char *name, int64_t list_id, address_list *out, struct error *err)
{
	struct client *client = NULL;
	struct account account;
	enum status status;

	account_init(&account);
	status = app_enter(app, USE_LISTS, err);
	if (status == STATUS_OK)
		status = instance_find(app, name, &account, NULL, err);
	if (status == STATUS_OK)
		status = client_open(app, &account, ATTEMPTS_RUN, &client, err);
	if (status == STATUS_OK)
		status = read_all(client, list_id, out, err);
	for (size_t i = 0; i < out->count; i++)
		mask_value(app, &out->at[i]);
	account_done(&account);
	return status;
}
