#include "app/lists.h"

#include "app/client.h"
#include "app/destinations.h"
#include "base/mem.h"
#include "base/text.h"
#include "marketo/catalogue.h"
#include "marketo/lists.h"

#include <string.h>

enum {
	FOLDER_PAGE = 200,   /* swagger-asset: maxReturn */
	PLACES_MAX = 100000, /* a server that never stops paging must not fill the memory */
};

/* One question about an instance, page after page. */
struct tour {
	struct client_wait wait;
	place_list *out;
	const char *search;
	size_t last;     /* how many the last page held */
	char *next_page;
};

void place_list_done(place_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		struct place *place = &list->at[i];

		mem_free(place->name);
		mem_free(place->path);
		mem_free(place->program);
		mem_free(place->workspace);
		mem_free(place->description);
		mem_free(place->folder_type);
	}
	vec_done(list);
}

enum list_home place_home(const struct place *place)
{
	/* Of the kinds in swagger-asset those that are called after what they hold. */
	static const char *const others[] = { "Email", "Email Template", "Image", "Landing Page", "Landing Page Form", "Landing Page Template", "Report", "Revenue Cycle Model" };
	const char *type = place->folder_type ? place->folder_type : "";

	if (place->is_program)
		return LIST_HOME;
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (strcmp(type, others[i]) == 0)
			return LIST_HOME_OF_OTHERS;
	return strcmp(type, "Zone") == 0 ? LIST_HOME_UNSURE : LIST_HOME;
}

static enum status open_instance(struct app *app, enum use_case use, const char *name, struct client **client, char **workspace, struct error *err)
{
	struct destination destination;
	struct account account;
	enum status status;

	*client = NULL;
	destination_init(&destination);
	account_init(&account);
	status = app_enter(app, use, err);
	if (status == STATUS_OK)
		status = instance_find(app, name, &account, &destination, err);
	if (status == STATUS_OK)
		status = client_open(app, &account, ATTEMPTS_ASK, client, err);
	if (workspace)
		*workspace = mem_strdup(destination.workspace);
	destination_done(&destination);
	account_done(&account);
	return status;
}

static void folders_answered(void *self, const struct marketo_answer *answer, const struct folder_info *folders, size_t count)
{
	struct tour *tour = self;

	for (size_t i = 0; answer->outcome == OUTCOME_OK && i < count; i++) {
		struct place place = {
			.id = folders[i].id,
			.is_program = folders[i].is_program,
			.name = text_clean_dup(folders[i].name),
			.path = text_clean_dup(folders[i].path),
			.workspace = text_clean_dup(folders[i].workspace),
			.folder_type = text_clean_dup(folders[i].type),
		};

		vec_push(tour->out, place);
	}
	tour->last = count;
	client_answered(&tour->wait, answer);
}

enum status app_folders(struct app *app, const char *name, place_list *out, struct error *err)
{
	struct tour tour = { .out = out, .last = FOLDER_PAGE };
	struct client *client;
	char *workspace = NULL;
	enum status status = open_instance(app, USE_FOLDERS, name, &client, &workspace, err);

	for (int offset = 0; status == STATUS_OK && tour.last >= FOLDER_PAGE && out->count < PLACES_MAX; offset += FOLDER_PAGE) {
		tour.wait = (struct client_wait){ 0 };
		folders_page(client->marketo, workspace, offset, folders_answered, &tour);
		status = client_wait(client, &tour.wait, err);
	}
	mem_free(workspace);
	return status;
}

static void lists_answered(void *self, const struct marketo_answer *answer, const struct list_info *lists, size_t count, const char *next_page)
{
	struct tour *tour = self;

	for (size_t i = 0; answer->outcome == OUTCOME_OK && i < count; i++) {
		struct place place = { .id = lists[i].id };

		if (tour->search && !text_case_has(lists[i].name ? lists[i].name : "", tour->search))
			continue;
		place.name = text_clean_dup(lists[i].name);
		place.program = text_clean_dup(lists[i].program);
		place.workspace = text_clean_dup(lists[i].workspace);
		place.description = text_clean_dup(lists[i].description);
		vec_push(tour->out, place);
	}
	mem_replace(&tour->next_page, answer->outcome == OUTCOME_OK ? next_page : NULL);
	client_answered(&tour->wait, answer);
}

enum status app_lists(struct app *app, const char *name, const char *search, place_list *out, struct error *err)
{
	struct tour tour = { .out = out, .search = search };
	struct client *client;
	enum status status = open_instance(app, USE_LISTS, name, &client, NULL, err);
	char *page = NULL;

	while (status == STATUS_OK) {
		tour.wait = (struct client_wait){ 0 };
		lists_page(client->marketo, NULL, 0, page, lists_answered, &tour);
		status = client_wait(client, &tour.wait, err);
		mem_free(page);
		page = tour.next_page;
		tour.next_page = NULL;
		if (!page || out->count >= PLACES_MAX)
			break;
	}
	mem_free(page);
	return status;
}

static void partitions_answered(void *self, const struct marketo_answer *answer, const struct partition_info *partitions, size_t count)
{
	struct tour *tour = self;

	for (size_t i = 0; answer->outcome == OUTCOME_OK && i < count; i++) {
		struct place place = {
			.id = partitions[i].id,
			.name = text_clean_dup(partitions[i].name),
			.description = text_clean_dup(partitions[i].description),
		};

		vec_push(tour->out, place);
	}
	client_answered(&tour->wait, answer);
}

enum status app_partitions(struct app *app, const char *name, place_list *out, struct error *err)
{
	struct tour tour = { .out = out };
	struct client *client;
	enum status status = open_instance(app, USE_PARTITIONS, name, &client, NULL, err);

	if (status == STATUS_OK) {
		partitions_fetch(client->marketo, partitions_answered, &tour);
		status = client_wait(client, &tour.wait, err);
	}
	return status;
}
