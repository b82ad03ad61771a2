/* demo: the whole job against the practice Marketo, in a store of its own that is removed again */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* mkdtemp */
#endif
#include "app/accounts.h"
#include "app/dataflows.h"
#include "app/destinations.h"
#include "app/mappings.h"
#include "app/members.h"
#include "app/runs.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "command/child.h"
#include "command/command.h"
#include "command/config.h"
#include "command/expected.h"
#include "command/table.h"
#include "command/tell_run.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct option_row option_rows[] = {
	{ "headless", NULL, N_("do the job without a terminal") },
	{ 0 },
};

/* What stands in the practice Marketo from its start (sandbox). */
static const char list_folder[] = "Audiences";

struct list_look {
	int64_t list_id, in_list, missing, extra;
};

struct demo {
	struct session *session;
	struct app *app;
	char *folder; /* of the store; NULL before it was made */
	char *sample;
	struct child practice;
	struct expected expected;
	struct run run;
	VEC(struct list_look) looks; /* parallel to expected.audiences */
	bool ok;
};

/* Tells the story while it happens. */
static enum status tell(struct demo *demo, struct error *err)
{
	if (demo->session->json)
		return STATUS_OK;
	progress_clear(&demo->session->progress);
	return session_flush(demo->session, err);
}

static enum status stopped(struct error *err)
{
	return error_set(err, STATUS_STOPPED, "stopped", _("the demo was stopped"));
}

/* data/sample.ndjson beside the program (a build tree), else where it was installed. Free with mem_free. */
static char *find_sample(void)
{
	char program[4096];
	ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
	char *path, *slash;

	program[length > 0 ? length : 0] = '\0';
	slash = strrchr(program, '/');
	if (slash) {
		path = mem_printf("%.*s/data/sample.ndjson", (int)(slash - program), program);
		if (access(path, R_OK) == 0)
			return path;
		mem_free(path);
	}
	return mem_strdup(PENSTOCK_DATADIR "/sample.ndjson");
}

static enum status make_place(struct demo *demo, struct error *err)
{
	const char *temporary = getenv("TMPDIR");
	char *folder = mem_printf("%s/penstock-demo-XXXXXX", temporary && *temporary ? temporary : "/tmp");
	char *db;

	if (!mkdtemp(folder)) {
		error_set(err, STATUS_FAILED, "file", _("cannot make a folder in %s: %s"), temporary && *temporary ? temporary : "/tmp", strerror(errno));
		mem_free(folder);
		return STATUS_FAILED;
	}
	demo->folder = folder;
	db = mem_printf("%s/penstock.db", folder);
	demo->app = app_new(&(struct app_options){ .db = db }, err);
	mem_free(db);
	if (!demo->app)
		return STATUS_FAILED;
	demo->app->note = session_note;
	demo->app->progress = session_progress;
	demo->app->self = demo->session;
	app_catch_signals(demo->app);
	return STATUS_OK;
}

static void remove_place(struct demo *demo)
{
	DIR *folder = demo->folder ? opendir(demo->folder) : NULL;
	struct dirent *entry;

	while (folder && (entry = readdir(folder)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			unlinkat(dirfd(folder), entry->d_name, 0);
	if (folder)
		closedir(folder);
	if (demo->folder)
		rmdir(demo->folder);
	mem_free(demo->folder);
}

static enum status open_stage(struct demo *demo, struct error *err)
{
	enum status status = expected_read(demo->sample, &demo->expected, err);

	if (status == STATUS_OK)
		status = child_start(&demo->practice, err);
	if (status == STATUS_OK)
		status = make_place(demo, err);
	if (status != STATUS_OK)
		return status;
	say(demo->session, _("The feed:        %s, %" PRId64 " messages, %zu audiences"), demo->sample, demo->expected.messages,
		demo->expected.audiences.count);
	say(demo->session, _("Marketo:         a practice one at %s, with the real limits (100 calls in 20 s, 10 at once)"), demo->practice.url);
	return tell(demo, err);
}

static enum status set_account(struct demo *demo, struct error *err)
{
	char *endpoint = mem_printf("%s/rest", demo->practice.url), *identity = mem_printf("%s/identity", demo->practice.url);
	const struct account_options options = {
		.munchkin_id = demo->practice.munchkin_id,
		.client_id = demo->practice.client_id,
		.endpoint = endpoint,
		.identity = identity,
		.environment = "practice",
	};
	struct account account;
	enum status status = app_account_create(demo->app, "demo", &options, demo->practice.client_secret, &account, err);

	account_done(&account);
	mem_free(endpoint);
	mem_free(identity);
	return status;
}

static enum status set_destination(struct demo *demo, struct error *err)
{
	const struct destination_options options = { .account = "demo", .person_creation = "match-and-create", .list_folder = list_folder };
	struct destination_view view;
	struct mapping_view mapping;
	const struct suggestion_choice all = { .accept = true, .least = CONFIDENCE_LOW };
	suggestion_list suggested;
	enum status status = app_destination_create(demo->app, "demo", &options, &view, err);

	destination_view_done(&view);
	if (status != STATUS_OK)
		return status;
	status = app_mapping_suggest(demo->app, "demo", demo->sample, all, &suggested, &mapping, err);
	if (status == STATUS_OK)
		say(demo->session, _("The mapping:     %zu rows suggested from the feed and Marketo's fields, all taken"), suggested.count);
	suggestion_list_done(&suggested);
	mapping_view_done(&mapping);
	return status;
}

/* Each audience by its id, into a list of its own name. */
static enum status set_dataflow(struct demo *demo, struct error *err)
{
	VEC(char *) texts = { 0 };
	struct dataflow_options options = { .destination = "demo", .source = demo->sample };
	struct dataflow dataflow;
	enum status status;

	for (size_t i = 0; i < demo->expected.audiences.count; i++) {
		const struct expected_audience *audience = &demo->expected.audiences.at[i];

		vec_push(&texts, mem_printf("%s=%s (demo)", audience->id, audience->name ? audience->name : audience->id));
	}
	options.audiences = (const char *const *)texts.at;
	options.audience_count = texts.count;
	status = app_dataflow_create(demo->app, "demo", &options, &dataflow, err);
	dataflow_done(&dataflow);
	for (size_t i = 0; i < texts.count; i++)
		mem_free(texts.at[i]);
	vec_done(&texts);
	return status;
}

static enum status set_up(struct demo *demo, struct error *err)
{
	enum status status = set_account(demo, err);

	if (status == STATUS_OK)
		status = set_destination(demo, err);
	if (status == STATUS_OK)
		status = set_dataflow(demo, err);
	return status == STATUS_OK ? tell(demo, err) : status;
}

static enum status plan_and_run(struct demo *demo, struct error *err)
{
	struct run earlier;
	struct plan plan;
	enum status status = app_plan(demo->app, "demo", &(struct plan_options){ .keep = true }, &plan, err);
	int64_t id = plan.id;

	if (status == STATUS_OK) {
		say(demo->session, _("The plan:        %" PRId64 " records, about %" PRId64 " calls"), plan.received, plan.calls_estimate);
		status = tell(demo, err);
	}
	plan_done(&plan);
	if (status != STATUS_OK)
		return status;
	status = app_run(demo->app, "demo", &(struct run_options){ .plan_id = id }, &earlier, &demo->run, err);
	run_done(&earlier);
	if (!demo->run.id || status != STATUS_OK)
		return status;
	if (!demo->session->json && !demo->session->quiet) {
		str_add_char(&demo->session->out, '\n');
		print_run(demo->session, &demo->run);
		str_add_char(&demo->session->out, '\n');
	}
	say(demo->session, _("Now the lists are read back from Marketo; its limit of calls lets this take up to 20 seconds."));
	return tell(demo, err);
}

static int64_t list_of(const struct dataflow *dataflow, const char *audience)
{
	for (size_t i = 0; i < dataflow->audiences.count; i++)
		if (strcmp(dataflow->audiences.at[i].audience, audience) == 0)
			return dataflow->audiences.at[i].list_id;
	return 0;
}

static enum status look_at(struct demo *demo, const struct dataflow *dataflow, const struct expected_audience *audience, struct error *err)
{
	struct list_look look = { .list_id = list_of(dataflow, audience->id) };
	address_list members = { 0 };
	enum status status = app_list_members(demo->app, "demo", look.list_id, &members, err);

	look.in_list = (int64_t)members.count;
	expected_compare(audience, members.at, members.count, &look.missing, &look.extra);
	if (look.missing || look.extra)
		demo->ok = false;
	vec_push(&demo->looks, look);
	address_list_done(&members);
	return status;
}

static enum status look_back(struct demo *demo, struct error *err)
{
	struct dataflow dataflow;
	enum status status = app_dataflow_show(demo->app, "demo", &dataflow, err);

	demo->ok = true;
	for (size_t i = 0; status == STATUS_OK && i < demo->expected.audiences.count; i++)
		status = look_at(demo, &dataflow, &demo->expected.audiences.at[i], err);
	dataflow_done(&dataflow);
	return status;
}

static void answer(struct demo *demo)
{
	struct session *session = demo->session;
	struct json_out *w = &session->w;

	answer_begin(session);
	json_name(w, "demo");
	json_object(w);
	json_pair_bool(w, "ok", demo->ok);
	json_name(w, "audiences");
	json_array(w);
	for (size_t i = 0; i < demo->looks.count; i++) {
		const struct expected_audience *audience = &demo->expected.audiences.at[i];

		json_object(w);
		json_pair_string(w, "name", audience->name ? audience->name : audience->id);
		json_pair_i64(w, "list_id", demo->looks.at[i].list_id);
		json_pair_i64(w, "in_list", demo->looks.at[i].in_list);
		json_pair_i64(w, "expected", (int64_t)audience->members.count);
		json_pair_i64(w, "missing", demo->looks.at[i].missing);
		json_pair_i64(w, "extra", demo->looks.at[i].extra);
		json_object_end(w);
	}
	json_array_end(w);
	json_name(w, "run");
	put_run(session, &demo->run);
	json_object_end(w);
	answer_end(session);
}

static void show(struct demo *demo)
{
	struct table table;

	str_add_char(&demo->session->out, '\n');
	table_init(&table, _("AUDIENCE"), _("LIST"), _("IN MARKETO"), _("IN THE FEED"), _("MISSING"), _("TOO MANY"), NULL);
	for (size_t i = 0; i < demo->looks.count; i++) {
		const struct expected_audience *audience = &demo->expected.audiences.at[i];

		table_text(&table, audience->name ? audience->name : audience->id);
		table_number(&table, demo->looks.at[i].list_id);
		table_number(&table, demo->looks.at[i].in_list);
		table_number(&table, (int64_t)audience->members.count);
		table_number(&table, demo->looks.at[i].missing);
		table_number(&table, demo->looks.at[i].extra);
	}
	table_end(&table, &demo->session->out, 0);
	str_add_char(&demo->session->out, '\n');
	say(demo->session, demo->ok ? _("Every list holds exactly whom the feed says, address by address.") :
		_("The lists are not what the feed says."));
}

static enum status play(struct demo *demo, struct error *err)
{
	static enum status (*const acts[])(struct demo *, struct error *) = { open_stage, set_up, plan_and_run, look_back };
	enum status status = STATUS_OK;

	for (size_t i = 0; status == STATUS_OK && i < sizeof acts / sizeof *acts; i++) {
		status = acts[i](demo, err);
		if (status == STATUS_OK && demo->app->stop)
			status = stopped(err);
	}
	if (status != STATUS_OK)
		return status;
	progress_clear(&demo->session->progress);
	if (demo->session->json)
		answer(demo);
	else if (!demo->session->quiet)
		show(demo);
	return demo->ok ? STATUS_OK : error_set(err, STATUS_FAILED, "demo", _("the demo did not end as it should"));
}

/* The stage is set, and the operator plays: an account, and a dataflow that was never run. */
static enum status open_to_operator(struct demo *demo, struct error *err)
{
	struct console_request request = { .ascii = demo->session->ascii, .no_color = demo->session->no_color, .slow = demo->session->slow,
		.wishes = (const char *const *)demo->session->config->wishes.at, .wish_count = demo->session->config->wishes.count, .source = demo->sample,
		.welcome = _("Ready: Enter sets up a dataflow of your own, r on demo runs the one there.") };
	enum status status = open_stage(demo, err);

	if (status == STATUS_OK)
		status = set_up(demo, err);
	str_clear(&demo->session->out);
	if (status == STATUS_OK)
		status = demo->session->console(demo->app, &request, err);
	return status;
}

static enum status with_stage(struct session *session, enum status (*act)(struct demo *demo, struct error *err), struct error *err)
{
	struct demo demo = { .session = session, .sample = find_sample() };
	enum status status;

	run_init(&demo.run);
	status = act(&demo, err);
	app_free(demo.app);
	child_stop(&demo.practice);
	remove_place(&demo);
	run_done(&demo.run);
	expected_done(&demo.expected);
	vec_done(&demo.looks);
	mem_free(demo.sample);
	return status;
}

enum status demo_console(struct session *session, struct error *err)
{
	return with_stage(session, open_to_operator, err);
}

static enum status run_demo(struct session *session, const struct args *args, struct error *err)
{
	bool headless = arg_flag(args, "headless") || session->json || !isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO);

	return headless ? with_stage(session, play, err) : demo_console(session, err);
}

const struct command demo_commands[] = {
	{ .use = USE_CASES, .words = "demo", .arguments = "", .help = N_("show the whole job against the practice Marketo, and check its lists"),
		.options = { option_rows }, .run = run_demo },
	{ 0 },
};
