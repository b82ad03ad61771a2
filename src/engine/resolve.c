#include "engine/resolve.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"
#include "engine/wait.h"
#include "marketo/lists.h"
#include "store/tables.h"

#include <inttypes.h>
#include <string.h>

enum { FOLDERS_SHOWN = 12 };

/* One list or folder question and its answer, copied out of the callback. */
struct asked {
	bool done;
	enum outcome outcome;
	enum status status;
	struct error error;
	size_t count;
	int64_t id, folder_id;
	bool is_program;
	char *name;
	struct str shown; /* folders, for the operator */
};

static void asked_done(struct asked *asked)
{
	mem_free(asked->name);
	str_done(&asked->shown);
}

static void take_answer(struct asked *asked, const struct marketo_answer *answer)
{
	asked->outcome = answer->outcome;
	if (answer->outcome != OUTCOME_OK)
		asked->status = wait_refusal(answer, &asked->error);
	asked->done = true;
}

static void take_lists(void *self, const struct marketo_answer *answer, const struct list_info *lists, size_t count, const char *next_page)
{
	struct asked *asked = self;

	(void)next_page;
	take_answer(asked, answer);
	asked->count = count;
	if (answer->outcome == OUTCOME_OK && count) {
		asked->id = lists[0].id;
		asked->folder_id = lists[0].folder_id;
		asked->is_program = lists[0].folder_is_program;
		asked->name = mem_strdup(lists[0].name);
	}
}

static void take_folders(void *self, const struct marketo_answer *answer, const struct folder_info *folders, size_t count)
{
	struct asked *asked = self;
	size_t i;

	take_answer(asked, answer);
	if (answer->outcome != OUTCOME_OK)
		return;
	asked->count = count;
	if (count) {
		asked->folder_id = folders[0].id;
		asked->is_program = folders[0].is_program;
	}
	for (i = 0; i < count && i < FOLDERS_SHOWN; i++)
		str_add_format(&asked->shown, "%s%s%" PRId64 " %s%s", i ? ", " : "", folders[i].is_program ? "program:" : "", folders[i].id,
			folders[i].path ? folders[i].path : folders[i].name, i + 1 == FOLDERS_SHOWN && count > FOLDERS_SHOWN ? ", .." : "");
}

static enum status refused(const struct asked *asked, struct error *err)
{
	*err = asked->error;
	return asked->status;
}

struct folder {
	bool known, is_program, by_id, begun;
	int64_t id;
	struct asked asked;
};

/* An audience's first question: who waits a second for each reply is glad that all are asked at once. */
struct search {
	struct asked asked;
	char *name;     /* asked by name; NULL: by id */
	int64_t id;
	int64_t gone;   /* the list that this one takes the place of; 0: none */
	bool begun;
};

struct resolve {
	const struct engine_job *job;
	struct ledger *replaces; /* not NULL: lists that are gone are replaced */
	struct folder folder;
	struct search *searches; /* one an audience */
	bool *missing;
	bool found; /* every list, or that it has to be made */
	size_t count;
};

static enum status no_folder(const struct engine_job *job, const char *list, struct error *err)
{
	struct asked asked = {0};
	enum status status;

	folders_page(job->marketo, job->destination->workspace, 0, take_folders, &asked);
	wait_until(job, &asked.done);
	status = error_set(err, STATUS_USAGE, "list_folder", _("the list \"%s\" has to be made, and the destination %s names no list folder"), list, job->destination->name);
	if (asked.shown.length)
		error_hint(err, _("choose one with `penstock destination update %s --list-folder ID`: %s"), job->destination->name, str_text(&asked.shown));
	else
		error_hint(err, _("choose one with `penstock destination update %s --list-folder ID`; `penstock folders %s` lists them"), job->destination->name,
			job->destination->name);
	asked_done(&asked);
	return status;
}

static void begin_folder(const struct engine_job *job, struct folder *folder)
{
	const char *text = job->destination->list_folder;

	if (folder->begun || !text)
		return;
	folder->begun = true;
	folder->by_id = folder_ref_parse(text, &folder->is_program, &folder->id);
	if (folder->by_id)
		folder_by_id(job->marketo, folder->id, folder->is_program, take_folders, &folder->asked);
	else
		folder_by_name(job->marketo, text, false, job->destination->workspace, take_folders, &folder->asked);
}

/* The folder of the destination, looked up once. */
static enum status find_folder(const struct engine_job *job, struct folder *folder, struct error *err)
{
	const char *text = job->destination->list_folder;

	if (folder->known)
		return STATUS_OK;
	begin_folder(job, folder);
	wait_until(job, &folder->asked.done);
	if (folder->asked.status != STATUS_OK)
		return refused(&folder->asked, err);
	if (folder->asked.count == 0) {
		error_set(err, STATUS_USAGE, "list_folder", _("this Marketo has no folder \"%s\", the list folder of the destination %s"), text, job->destination->name);
		error_hint(err, _("`penstock folders %s` lists them; choose one with `penstock destination update %s --list-folder ID`"), job->destination->name,
			job->destination->name);
		return STATUS_USAGE;
	}
	if (folder->asked.count > 1 && !folder->by_id) {
		error_set(err, STATUS_USAGE, "list_folder", _("several folders are called \"%s\": %s"), text, str_text(&folder->asked.shown));
		error_hint(err, _("name the one by its id: `penstock destination update %s --list-folder ID`"), job->destination->name);
		return STATUS_USAGE;
	}
	folder->known = true;
	folder->id = folder->asked.folder_id;
	folder->is_program = folder->asked.is_program;
	return STATUS_OK;
}

enum status resolve_list_gone(const struct dataflow *dataflow, const struct flow_audience *audience, struct error *err)
{
	error_set(err, STATUS_FAILED, "list_gone", _("the static list %" PRId64 " \"%s\" of the audience \"%s\" is not in Marketo any more: it was deleted there"),
		audience->list_id, audience->list_name ? audience->list_name : "", audience->audience);
	if (flow_audience_has_named_list(audience))
		error_hint(err, _("`penstock verify %s --repair` makes it again with everybody in it; `penstock dataflow update %s --audience \"%s=LIST\"`%s takes another"),
			dataflow->name, dataflow->name, audience->audience, dataflow_others_hint(dataflow));
	else
		error_hint(err, _("tie the audience to another one: `penstock dataflow update %s --audience \"%s=LIST\"`%s"), dataflow->name, audience->audience,
			dataflow_others_hint(dataflow));
	return STATUS_FAILED;
}

static enum status found_by_id(const struct engine_job *job, struct flow_audience *audience, const struct search *search, struct error *err)
{
	const struct asked *asked = &search->asked;

	if (asked->status != STATUS_OK && strcmp(asked->error.code, "1013") != 0)
		return refused(asked, err);
	if ((asked->count == 0 || asked->id != search->id) && audience->list_id)
		return resolve_list_gone(job->dataflow, audience, err);
	if (asked->count == 0 || asked->id != search->id) {
		error_set(err, STATUS_USAGE, "list_not_found", _("this Marketo has no static list %" PRId64 " (audience \"%s\")"), search->id, audience->audience);
		error_hint(err, _("`penstock lists %s` lists them; tie the audience to one with `penstock dataflow update %s --audience \"%s=LIST\"`%s"), job->destination->name,
			job->dataflow->name, audience->audience, dataflow_others_hint(job->dataflow));
		return STATUS_USAGE;
	}
	audience->list_id = search->id;
	mem_replace(&audience->list_name, asked->name);
	return STATUS_OK;
}

static enum status taken_elsewhere(const struct engine_job *job, const struct flow_audience *audience, const struct asked *asked, struct error *err)
{
	error_set(err, STATUS_USAGE, "list_name_taken", _("a static list \"%s\" exists in another folder: its id is %" PRId64), asked->name, asked->id);
	error_hint(err, _("to use it: `penstock dataflow update %s --audience \"%s=%" PRId64 "\"`%s; else give the audience another list name"), job->dataflow->name,
		audience->audience, asked->id, dataflow_others_hint(job->dataflow));
	return STATUS_USAGE;
}

/* *found: audience has its list now. A list of the audience's own name counts only in the list folder; one the operator named counts anywhere. */
static enum status found_by_name(const struct engine_job *job, struct flow_audience *audience, const struct asked *asked, struct folder *folder, bool *found, struct error *err)
{
	enum status status = STATUS_OK;

	*found = false;
	if (asked->status != STATUS_OK)
		return refused(asked, err);
	if (asked->count == 0)
		return STATUS_OK;
	if (!audience->list && job->destination->list_folder)
		status = find_folder(job, folder, err);
	if (status == STATUS_OK && folder->known && !audience->list && asked->folder_id && (asked->folder_id != folder->id || asked->is_program != folder->is_program))
		status = taken_elsewhere(job, audience, asked, err);
	*found = status == STATUS_OK;
	if (*found) {
		audience->list_id = asked->id;
		mem_replace(&audience->list_name, asked->name);
	}
	return status;
}

static enum status look_by_name(const struct engine_job *job, struct flow_audience *audience, const char *name, struct folder *folder, bool *found, struct error *err)
{
	struct asked asked = {0};
	enum status status;

	list_by_name(job->marketo, name, take_lists, &asked);
	wait_until(job, &asked.done);
	status = found_by_name(job, audience, &asked, folder, found, err);
	asked_done(&asked);
	return status;
}

/* The reply to a list's making. */
static enum status made_list(const struct engine_job *job, struct flow_audience *audience, const struct search *search, struct folder *folder, struct error *err)
{
	const struct asked *asked = &search->asked;
	enum status status;
	bool found = false;

	if (asked->outcome == OUTCOME_OK && asked->count && asked->id > 0) {
		audience->list_id = asked->id;
		mem_replace(&audience->list_name, asked->name);
		return STATUS_OK;
	}
	if (asked->outcome != OUTCOME_OK && asked->outcome != OUTCOME_UNKNOWN && strcmp(asked->error.code, "709") != 0)
		return refused(asked, err);
	/* Made after all, or by somebody else in between: the name tells. */
	status = look_by_name(job, audience, search->name, folder, &found, err);
	if (status != STATUS_OK || found)
		return status;
	return asked->status != STATUS_OK ? refused(asked, err) :
		error_set(err, STATUS_FAILED, "reply", _("Marketo did not say whether it made the list \"%s\""), search->name);
}

static void drop_search(const struct engine_job *job, struct search *search)
{
	if (search->begun)
		wait_until(job, &search->asked.done);
	asked_done(&search->asked);
	mem_free(search->name);
	memset(search, 0, sizeof *search);
}

/* By what the audience's list is looked for. False: not known before the source has told the audience's name. */
static bool aim_of(const struct flow_audience *audience, bool learnt, int64_t *id, char **name)
{
	const char *text = audience->list ? audience->list : audience->audience_name;

	*name = NULL;
	*id = audience->list_id;
	if (*id > 0 || (audience->list && list_id_parse(audience->list, id)))
		return true;
	*id = 0;
	if (!text && learnt)
		text = audience->audience;
	if (text)
		*name = list_name_clean(text);
	return text;
}

static bool same_name(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static void begin_search(const struct engine_job *job, const struct flow_audience *audience, bool learnt, struct search *search, struct folder *folder)
{
	int64_t id;
	char *name;

	if (!aim_of(audience, learnt, &id, &name))
		return;
	if (search->begun && search->id == id && same_name(search->name, name)) {
		mem_free(name);
		return;
	}
	drop_search(job, search);
	search->begun = true;
	search->id = id;
	search->name = name;
	if (!search->name) {
		lists_page(job->marketo, NULL, search->id, NULL, take_lists, &search->asked);
	} else if (*search->name) {
		begin_folder(job, folder);
		list_by_name(job->marketo, search->name, take_lists, &search->asked);
	} else {
		search->asked.done = true;
	}
}

static void begin_searches(struct resolve *resolve, bool learnt)
{
	size_t i;

	for (i = 0; i < resolve->count; i++)
		begin_search(resolve->job, &resolve->job->dataflow->audiences.at[i], learnt, &resolve->searches[i], &resolve->folder);
}

/* From the id that is no good to the name. */
static void search_again(const struct engine_job *job, struct flow_audience *audience, struct search *search, struct folder *folder)
{
	int64_t gone = audience->list_id;

	audience->list_id = 0;
	begin_search(job, audience, true, search, folder);
	search->gone = gone;
	wait_until(job, &search->asked.done);
}

/* *missing: the list has to be made, and can be. */
static enum status end_search(struct resolve *resolve, struct flow_audience *audience, struct search *search, bool *missing, struct error *err)
{
	const struct engine_job *job = resolve->job;
	struct folder *folder = &resolve->folder;
	enum status status;
	bool found;

	*missing = false;
	if (!search->name) {
		status = found_by_id(job, audience, search, err);
		if (status == STATUS_OK || !resolve->replaces || strcmp(err->code, "list_gone") != 0)
			return status;
		error_clear(err);
		if (!flow_audience_has_named_list(audience))
			return STATUS_OK;
		search_again(job, audience, search, folder);
	}
	if (!*search->name)
		return error_set(err, STATUS_USAGE, "list_name", _("the audience \"%s\" has no name a list could have: use --audience \"%s=LIST\""), audience->audience,
			audience->audience);
	status = found_by_name(job, audience, &search->asked, folder, &found, err);
	if (status != STATUS_OK || found)
		return status;
	status = job->destination->list_folder ? find_folder(job, folder, err) : no_folder(job, search->name, err);
	*missing = status == STATUS_OK;
	if (*missing)
		mem_replace(&audience->list_name, search->name);
	return status;
}

/* Two audiences on one list would take each other's members out. */
static enum status check_shared(const struct engine_job *job, struct error *err)
{
	const struct dataflow *flow = job->dataflow;
	size_t i, n;

	for (i = 0; i < flow->audiences.count; i++) {
		for (n = i + 1; n < flow->audiences.count; n++) {
			const struct flow_audience *a = &flow->audiences.at[i], *b = &flow->audiences.at[n];

			if (a->list_id > 0 && a->list_id == b->list_id)
				return error_set(err, STATUS_USAGE, "shared_list", _("the audiences \"%s\" and \"%s\" are tied to the same static list %" PRId64), a->audience,
					b->audience, a->list_id);
		}
	}
	return STATUS_OK;
}

/* Nothing is made before every audience is known to have its list or to be able to get one. */
static enum status end_searches(struct resolve *resolve, struct error *err)
{
	struct dataflow *flow = resolve->job->dataflow;
	enum status status = STATUS_OK;
	size_t i;

	resolve_wait(resolve);
	for (i = 0; status == STATUS_OK && i < flow->audiences.count; i++) {
		resolve->missing[i] = false;
		if (!resolve->replaces || flow->audiences.at[i].list_id)
			status = end_search(resolve, &flow->audiences.at[i], &resolve->searches[i], &resolve->missing[i], err);
	}
	if (resolve->folder.begun)
		wait_until(resolve->job, &resolve->folder.asked.done);
	return status;
}

static enum status make_lists(const struct engine_job *job, struct search *searches, const bool *missing, struct folder *folder, struct error *err)
{
	enum status status = STATUS_OK, one;
	struct error one_err;
	size_t i;

	for (i = 0; i < job->dataflow->audiences.count; i++) {
		if (!missing[i])
			continue;
		asked_done(&searches[i].asked);
		memset(&searches[i].asked, 0, sizeof searches[i].asked);
		list_create(job->marketo, searches[i].name, folder->id, folder->is_program, NULL, take_lists, &searches[i].asked);
	}
	for (i = 0; i < job->dataflow->audiences.count; i++) {
		if (!missing[i])
			continue;
		wait_until(job, &searches[i].asked.done);
		/* Also after a failure: a list that was made is remembered. */
		one = made_list(job, &job->dataflow->audiences.at[i], &searches[i], folder, &one_err);
		if (status == STATUS_OK && one != STATUS_OK) {
			status = one;
			*err = one_err;
		}
	}
	return status;
}

struct resolve *resolve_begin(const struct engine_job *job)
{
	struct resolve *resolve = mem_alloc(sizeof *resolve);

	resolve->job = job;
	resolve->count = destination_touches_lists(job->destination) ? job->dataflow->audiences.count : 0;
	resolve->searches = mem_array(resolve->count, sizeof *resolve->searches);
	resolve->missing = mem_array(resolve->count, sizeof *resolve->missing);
	begin_searches(resolve, false);
	return resolve;
}

void resolve_wait(struct resolve *resolve)
{
	size_t i;

	for (i = 0; i < resolve->count; i++)
		if (resolve->searches[i].begun)
			wait_until(resolve->job, &resolve->searches[i].asked.done);
	if (resolve->folder.begun)
		wait_until(resolve->job, &resolve->folder.asked.done);
}

/* The dataflow's new lists, and who should be in those that took another's place, become durable together. */
static enum status save_lists(const struct resolve *resolve, struct error *err)
{
	const struct engine_job *job = resolve->job;
	enum status status = store_begin(job->store, err);
	size_t i;

	if (status != STATUS_OK)
		return status;
	status = dataflow_save(job->store, job->dataflow, err);
	for (i = 0; status == STATUS_OK && i < resolve->count; i++)
		if (resolve->searches[i].gone && job->dataflow->audiences.at[i].list_id)
			status = ledger_members_move(resolve->replaces, resolve->searches[i].gone, job->dataflow->audiences.at[i].list_id, err);
	if (status == STATUS_OK)
		return store_commit(job->store, err);
	store_rollback(job->store);
	return status;
}

enum status resolve_replace(struct resolve *resolve, struct ledger *ledger, struct error *err)
{
	resolve->replaces = ledger;
	return resolve_make(resolve, err);
}

enum status resolve_find(struct resolve *resolve, struct error *err)
{
	enum status status;

	if (!resolve->count)
		return STATUS_OK;
	begin_searches(resolve, true);
	status = end_searches(resolve, err);
	if (status == STATUS_OK)
		status = check_shared(resolve->job, err);
	resolve->found = status == STATUS_OK;
	return status;
}

enum status resolve_make(struct resolve *resolve, struct error *err)
{
	enum status status = resolve->found ? STATUS_OK : resolve_find(resolve, err), saved;

	if (!resolve->count)
		return STATUS_OK;
	if (status == STATUS_OK)
		status = make_lists(resolve->job, resolve->searches, resolve->missing, &resolve->folder, err);
	if (status == STATUS_OK)
		status = check_shared(resolve->job, err);
	saved = save_lists(resolve, status == STATUS_OK ? err : NULL);
	return status == STATUS_OK ? saved : status;
}

void resolve_free(struct resolve *resolve)
{
	size_t i;

	if (!resolve)
		return;
	resolve_wait(resolve);
	for (i = 0; i < resolve->count; i++)
		drop_search(resolve->job, &resolve->searches[i]);
	asked_done(&resolve->folder.asked);
	mem_free(resolve->searches);
	mem_free(resolve->missing);
	mem_free(resolve);
}
