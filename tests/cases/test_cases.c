/*
 * Replays every recorded reply of tests/cases/data through the client and compares what it concludes with what a correct client concludes (README.md
 * there). The table below says how each case is read; a case without a row fails, a row without a case too.
 */
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/vec.h"
#include "loop/loop.h"
#include "marketo/catalogue.h"
#include "marketo/leads.h"
#include "marketo/lists.h"
#include "marketo/marketo.h"
#include "model/account.h"
#include "model/field.h"

#include "../unit/fake_net.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum reader {
	READ_JUDGE,       /* the envelope alone */
	READ_TOKEN,
	READ_SYNC,
	READ_ADD,
	READ_REMOVE,
	READ_ADD_AND_REMOVE,
	READ_FIND,
	READ_FIND_UNJOINED, /* people come back without the field asked for: nobody may be matched */
	READ_MEMBERS,
	READ_LIST_BY_NAME,
	READ_LIST_BY_ID,
	READ_LIST_CREATE,
	READ_LIST_CREATE_NAMELESS,
	READ_FOLDER,
	READ_DESCRIBE,
	READ_DESCRIBE2,
	ENGINE,           /* behaviour of the engine: its own tests have it */
	LATER,            /* belongs to a later part, with the reason */
};

static const struct row {
	const char *file, *name;
	enum reader reader;
	const char *reason;
} rows[] = {
	{ "bulk", "rudder-bulk-queued", READ_JUDGE, NULL },
	{ "bulk", "rudder-bulk-603-number-no-message", READ_JUDGE, NULL },
	{ "bulk", "rudder-bulk-10-imports-no-code", READ_JUDGE, NULL },
	{ "bulk", "rudder-bulk-empty-file-no-code", READ_JUDGE, NULL },
	{ "bulk", "rudder-bulk-any-other-no-code", READ_JUDGE, NULL },
	{ "bulk", "rudder-status-numeric-1000", READ_JUDGE, NULL },
	{ "bulk", "rudder-status-numeric-502", READ_JUDGE, NULL },
	{ "bulk", "rudder-failures-text", LATER, "rows of a bulk import come as CSV: there is no bulk import yet" },
	{ "bulk", "segment-bulk-ok-without-result", READ_JUDGE, NULL },
	{ "bulk", "segment-601", READ_JUDGE, NULL },
	{ "bulk", "segment-9999-unknown", READ_JUDGE, NULL },
	{ "bulk", "segment-no-errors-array", READ_JUDGE, NULL },
	{ "bulk", "segment-empty-errors-array", READ_JUDGE, NULL },
	{ "bulk", "segment-1013-number", READ_JUDGE, NULL },
	{ "bulk", "docs-status-complete", READ_JUDGE, NULL },
	{ "bulk", "docs-status-complete-with-errors", LATER, "the status of a bulk job: there is no bulk import yet" },
	{ "bulk", "docs-status-importing", LATER, "the status of a bulk job: there is no bulk import yet" },
	{ "bulk", "docs-status-failed", LATER, "the status of a bulk job: there is no bulk import yet" },
	{ "csv", "rudder-bulk-null-and-zero", LATER, "writing CSV for a bulk import: there is no bulk import yet" },
	{ "csv", "rudder-bulk-escape", LATER, "writing CSV for a bulk import: there is no bulk import yet" },
	{ "csv", "segment-multipart-body", READ_JUDGE, NULL },
	{ "describe", "describe-100-fields", READ_DESCRIBE, NULL },
	{ "describe", "rudder-describe2", READ_DESCRIBE2, NULL },
	{ "errors", "rudder-610", READ_JUDGE, NULL },
	{ "errors", "rudder-1003-response-level-too-many-results", READ_JUDGE, NULL },
	{ "errors", "rudder-1006-lookup-field-not-found", READ_JUDGE, NULL },
	{ "errors", "rudder-unknown-code", READ_JUDGE, NULL },
	{ "errors", "rudder-612-without-requestId", READ_JUDGE, NULL },
	{ "errors", "rudder-1077-with-http-400", READ_JUDGE, NULL },
	{ "errors", "rudder-http-500-empty", READ_JUDGE, NULL },
	{ "errors", "rudder-http-503-json", READ_JUDGE, NULL },
	{ "errors", "rudder-http-500-text", READ_JUDGE, NULL },
	{ "errors", "rudder-http-504-text", READ_JUDGE, NULL },
	{ "errors", "rudder-null-body", READ_JUDGE, NULL },
	{ "errors", "rudder-null-no-status", READ_JUDGE, NULL },
	{ "errors", "rudder-dns-enotfound", READ_JUDGE, NULL },
	{ "errors", "segment-getLeads-1013-number", READ_JUDGE, NULL },
	{ "errors", "segment-getLeads-empty-errors", READ_JUDGE, NULL },
	{ "errors", "segment-deleteLeads-1013-number", READ_JUDGE, NULL },
	{ "errors", "segment-deleteLeads-empty-errors", READ_JUDGE, NULL },
	{ "errors", "docs-606", READ_JUDGE, NULL },
	{ "errors", "docs-607", READ_JUDGE, NULL },
	{ "errors", "docs-615", READ_JUDGE, NULL },
	{ "errors", "docs-602", READ_JUDGE, NULL },
	{ "errors", "docs-603", READ_JUDGE, NULL },
	{ "errors", "docs-604", READ_JUDGE, NULL },
	{ "errors", "docs-608", READ_JUDGE, NULL },
	{ "errors", "docs-611", READ_JUDGE, NULL },
	{ "errors", "docs-614", READ_JUDGE, NULL },
	{ "errors", "docs-713", READ_JUDGE, NULL },
	{ "errors", "docs-719", READ_JUDGE, NULL },
	{ "errors", "docs-1019", READ_JUDGE, NULL },
	{ "errors", "docs-1016", READ_JUDGE, NULL },
	{ "errors", "docs-414", READ_JUDGE, NULL },
	{ "errors", "docs-413", READ_JUDGE, NULL },
	{ "find", "find-none", READ_FIND, NULL },
	{ "find", "find-one", READ_FIND, NULL },
	{ "find", "find-2-asked-1-found", READ_FIND, NULL },
	{ "find", "find-by-id-with-fields", READ_FIND, NULL },
	{ "find", "find-by-id-after-delete", READ_FIND, NULL },
	{ "find", "find-old-email-after-change", READ_FIND, NULL },
	{ "find", "rudder-find-none", READ_FIND, NULL },
	{ "find", "rudder-find-null-email", READ_FIND, NULL },
	{ "find", "segment-remove-both-found", READ_FIND_UNJOINED, NULL },
	{ "leads-delete", "delete-lead", READ_JUDGE, "people are never deleted: the envelope only" },
	{ "leads-delete", "delete-three", READ_JUDGE, "people are never deleted: the envelope only" },
	{ "lists", "list-by-name-none", READ_LIST_BY_NAME, NULL },
	{ "lists", "list-by-name-found", READ_LIST_BY_NAME, NULL },
	{ "lists", "folder-by-name-system", READ_FOLDER, NULL },
	{ "lists", "list-create", READ_LIST_CREATE, NULL },
	{ "lists", "list-delete", READ_JUDGE, "lists are never deleted: the envelope only" },
	{ "lists", "segment-folder-ok", READ_FOLDER, NULL },
	{ "lists", "segment-list-created", READ_LIST_CREATE, NULL },
	{ "lists", "segment-709-duplicate-name", READ_LIST_CREATE, NULL },
	{ "lists", "segment-get-list-ok", READ_LIST_BY_ID, NULL },
	{ "lists", "segment-get-list-1013-number", READ_LIST_BY_ID, NULL },
	{ "lists", "segment-result-id-is-a-string", READ_LIST_BY_ID, NULL },
	{ "lists", "segment-missing-name", READ_LIST_CREATE_NAMELESS, NULL },
	{ "members", "add-one", READ_ADD, NULL },
	{ "members", "add-two-one-already-in", READ_ADD, NULL },
	{ "members", "remove-two-one-not-in", READ_REMOVE, NULL },
	{ "members", "remove-one", READ_REMOVE, NULL },
	{ "members", "members-two", READ_MEMBERS, NULL },
	{ "members", "members-none", READ_MEMBERS, NULL },
	{ "members", "rudder-remove-partial-1015", READ_REMOVE, NULL },
	{ "members", "rudder-601-on-add", READ_JUDGE, NULL },
	{ "members", "rudder-add-ok", READ_ADD, NULL },
	{ "members", "rudder-add-partial-1004-id-mismatch", READ_ADD, NULL },
	{ "members", "rudder-result-is-an-object", READ_ADD_AND_REMOVE, NULL },
	{ "members", "rudder-351-ids-chunking", ENGINE, "cutting a change set into calls" },
	{ "members", "rudder-351-removals-chunking", ENGINE, "cutting a change set into calls" },
	{ "members", "rudder-remove-before-add", ENGINE, "the order of a change set" },
	{ "members", "rudder-remove-not-an-array", ENGINE, "reading what comes in" },
	{ "members", "rudder-nothing-to-do", ENGINE, "reading what comes in" },
	{ "members", "segment-remove-ok-without-result", READ_REMOVE, NULL },
	{ "members", "docs-add-1004", READ_ADD, NULL },
	{ "members", "docs-remove-1004", READ_REMOVE, NULL },
	{ "oauth", "token-ok", READ_TOKEN, NULL },
	{ "oauth", "token-ok-same-token-less-life", READ_TOKEN, NULL },
	{ "oauth", "token-ok-remaining-3524", READ_TOKEN, NULL },
	{ "oauth", "rudder-token-ok", READ_TOKEN, NULL },
	{ "oauth", "rudder-token-expires-in-0", READ_TOKEN, NULL },
	{ "oauth", "rudder-token-601-in-identity", READ_TOKEN, NULL },
	{ "oauth", "rudder-token-without-expires-in", READ_TOKEN, NULL },
	{ "oauth", "rudder-606-in-identity-no-message", READ_TOKEN, NULL },
	{ "oauth", "rudder-unknown-in-identity", READ_TOKEN, NULL },
	{ "oauth", "docs-401-identity", READ_TOKEN, NULL },
	{ "upsert", "create-by-email", READ_SYNC, NULL },
	{ "upsert", "update-only-by-id", READ_SYNC, NULL },
	{ "upsert", "clear-field-with-null", READ_SYNC, NULL },
	{ "upsert", "update-two", READ_SYNC, NULL },
	{ "upsert", "create-all-types", READ_SYNC, NULL },
	{ "upsert", "null-all-types", READ_SYNC, NULL },
	{ "upsert", "change-email-by-id", READ_SYNC, NULL },
	{ "upsert", "reject-bad-boolean", READ_SYNC, NULL },
	{ "upsert", "reject-bad-email", READ_SYNC, NULL },
	{ "upsert", "reject-bad-integer", READ_SYNC, NULL },
	{ "upsert", "reject-bad-float", READ_SYNC, NULL },
	{ "upsert", "reject-bad-datetime", READ_SYNC, NULL },
	{ "upsert", "reject-bad-percent", READ_SYNC, NULL },
	{ "upsert", "partial-updated-and-skipped", READ_SYNC, NULL },
	{ "upsert", "create-third-after-partial", READ_SYNC, NULL },
	{ "upsert", "rudder-updated", READ_SYNC, NULL },
	{ "upsert", "docs-createOnly-1005", READ_SYNC, NULL },
	{ "upsert", "sample-code-issue-13-1007", READ_SYNC, NULL },
};

enum { CASES = 125, LATER_CASES = 6, ENGINE_CASES = 5 };

static const char *const files[] = { "bulk", "csv", "describe", "errors", "find", "leads-delete", "lists", "members", "oauth", "upsert" };
enum { FILES = sizeof files / sizeof *files };
static struct json *documents[FILES];

static const struct row *row_of(const char *file, const char *name)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (strcmp(rows[i].file, file) == 0 && strcmp(rows[i].name, name) == 0)
			return &rows[i];
	return NULL;
}

static const struct json *case_of(const char *file, const char *name)
{
	for (size_t i = 0; i < FILES; i++) {
		if (strcmp(files[i], file) != 0)
			continue;
		for (const struct json *one = json_first(documents[i]); one; one = json_next(one))
			if (strcmp(json_get_string(one, "name"), name) == 0)
				return one;
	}
	return NULL;
}

/* What the reply looked like on the wire. */
static void render_reply(const struct json *response, struct str *body, struct fake_reply *reply)
{
	const struct json *value = json_get(response, "body"), *status = json_get(response, "status");
	const char *trouble = json_get_string(response, "transport_error"), *type = json_get_string(response, "content_type");
	int64_t number = 0;

	*reply = (struct fake_reply){ .result = NET_OK, .content_type = type ? type : "application/json" };
	if (json_i64(status, &number))
		reply->status = (int)number;
	else
		reply->result = trouble && strstr(trouble, "DNS") ? NET_DNS : NET_CUT;
	if (json_kind(value) == JSON_STRING)
		str_add(body, json_string(value));
	else
		json_write(body, value);
	reply->body = str_text(body);
}

struct replay {
	const struct json *one;   /* the case */
	struct str body, other;   /* other: what describe2 says beside describe */
	struct fake_reply reply;
	struct loop *loop;
	struct fake_net net;
	struct marketo *m;
	struct account account;
	bool done;
	enum outcome outcome;
	char code[32];
	VEC(struct record_result) records;
	VEC(char *) codes;
	VEC(struct lead_match) matches;
	VEC(int64_t) ids;         /* members, lists, folders */
	struct catalogue catalogue;
	int64_t expires_in;
};

static void script(void *self, const struct fake_request *request, struct fake_reply *reply)
{
	struct replay *replay = self;

	if (strstr(request->url, "/oauth/token"))
		*reply = (struct fake_reply){ .body = "{\"access_token\":\"t-1\",\"token_type\":\"bearer\",\"expires_in\":3599,\"scope\":\"api@example.com\"}" };
	else if (strstr(request->url, "/describe2.json") && replay->other.length)
		*reply = (struct fake_reply){ .body = str_text(&replay->other) };
	else
		*reply = replay->reply;
}

static enum status give_secret(void *self, struct str *out, struct error *err)
{
	(void)self;
	(void)err;
	str_add(out, "secret");
	return STATUS_OK;
}

static void start(struct replay *replay, const struct json *one)
{
	struct marketo_options options = { .attempts = 1, .backoff_base_ms = 1, .secret = give_secret };

	*replay = (struct replay){ .one = one };
	fake_clock_start();
	render_reply(json_get(one, "response"), &replay->body, &replay->reply);
	replay->loop = loop_new();
	fake_net_init(&replay->net, replay->loop, script, replay);
	account_init(&replay->account);
	replay->account.endpoint = mem_strdup("https://123-ABC-456.mktorest.com/rest");
	replay->account.identity = mem_strdup("https://123-ABC-456.mktorest.com/identity");
	replay->account.client_id = mem_strdup("client");
	options.loop = replay->loop;
	options.net = &replay->net.net;
	options.account = &replay->account;
	replay->m = marketo_new(&options);
}

static void run(struct replay *replay)
{
	loop_run(replay->loop, &replay->done);
	assert_true(replay->done);
	replay->done = false;
}

static void stop(struct replay *replay)
{
	marketo_free(replay->m);
	fake_net_done(&replay->net);
	loop_free(replay->loop);
	account_done(&replay->account);
	catalogue_done(&replay->catalogue);
	str_done(&replay->body);
	str_done(&replay->other);
	for (size_t i = 0; i < replay->codes.count; i++)
		mem_free(replay->codes.at[i]);
	vec_done(&replay->codes);
	vec_done(&replay->records);
	vec_done(&replay->matches);
	vec_done(&replay->ids);
	fake_clock_stop();
}

static void keep_answer(struct replay *replay, const struct marketo_answer *answer)
{
	replay->done = true;
	replay->outcome = answer->outcome;
	snprintf(replay->code, sizeof replay->code, "%s", answer->error.code);
}

static void on_records(void *self, const struct marketo_answer *answer, const struct record_result *results, size_t count)
{
	struct replay *replay = self;

	keep_answer(replay, answer);
	replay->records.count = 0;
	for (size_t i = 0; i < count; i++) {
		struct record_result one = results[i];

		vec_push(&replay->codes, mem_strdup(one.code));
		one.code = replay->codes.at[replay->codes.count - 1];
		if (one.outcome == RECORD_FAILED)
			assert_true(one.message[0] != '\0');
		vec_push(&replay->records, one);
	}
}

static void on_matches(void *self, const struct marketo_answer *answer, const struct lead_match *matches, size_t count)
{
	struct replay *replay = self;

	keep_answer(replay, answer);
	for (size_t i = 0; i < count; i++)
		vec_push(&replay->matches, matches[i]);
}

static void on_lists(void *self, const struct marketo_answer *answer, const struct list_info *lists, size_t count, const char *next_page)
{
	struct replay *replay = self;

	keep_answer(replay, answer);
	assert_null(next_page);
	for (size_t i = 0; i < count; i++)
		vec_push(&replay->ids, lists[i].id);
}

static void on_folders(void *self, const struct marketo_answer *answer, const struct folder_info *folders, size_t count)
{
	struct replay *replay = self;

	keep_answer(replay, answer);
	for (size_t i = 0; i < count; i++)
		vec_push(&replay->ids, folders[i].id);
}

static void on_members(void *self, const struct marketo_answer *answer, const int64_t *ids, size_t count, const char *next_page)
{
	struct replay *replay = self;

	keep_answer(replay, answer);
	assert_null(next_page);
	for (size_t i = 0; i < count; i++)
		vec_push(&replay->ids, ids[i]);
}

static void on_fields(void *self, const struct marketo_answer *answer)
{
	keep_answer(self, answer);
}

static const struct json *meaning_of(const struct replay *replay)
{
	return json_get(replay->one, "meaning");
}

/* The verdicts of the cases, and what judging gives for them. */
static const struct {
	const char *verdict;
	enum code_verdict kind;
} kinds[] = {
	{ "token_ok", VERDICT_OK },
	{ "ok", VERDICT_OK },
	{ "ok_unverified", VERDICT_OK },
	{ "partial", VERDICT_OK },
	{ "fail_records", VERDICT_OK },
	{ "found", VERDICT_OK },
	{ "partial_match", VERDICT_OK },
	{ "not_found", VERDICT_OK },
	{ "created", VERDICT_OK },
	{ "accepted_async", VERDICT_OK },
	{ "describe_ok", VERDICT_OK },
	{ "refresh_token", VERDICT_REFRESH },
	{ "retry", VERDICT_RETRY },
	{ "retry_limited", VERDICT_RETRY_LIMITED },
	{ "abort_or_retry", VERDICT_RETRY_LIMITED },
	{ "rate_limited", VERDICT_RATE },
	{ "quota_exhausted", VERDICT_QUOTA },
	{ "abort", VERDICT_ABORT },
	{ "abort_or_split", VERDICT_SPLIT },
	{ "split", VERDICT_SPLIT },
	{ "split_or_post", VERDICT_SPLIT },
	{ "use_existing_or_abort", VERDICT_EXISTING },
};

/* What the client does next. Of abort_or_split the cases name only what must not be done: repeating it unchanged. */
static bool retry_fits(enum code_verdict kind, const char *retry)
{
	static const char *const next[][3] = {
		[VERDICT_OK] = { "none", "poll", "unknown_records" },
		[VERDICT_REFRESH] = { "after_token_refresh", "same_request" },
		[VERDICT_RETRY] = { "same_request" },
		[VERDICT_RETRY_LIMITED] = { "same_request" },
		[VERDICT_RATE] = { "same_request" },
		[VERDICT_QUOTA] = { "after_quota_reset" },
		[VERDICT_ABORT] = { "none" },
		[VERDICT_SPLIT] = { "after_split", "none" },
		[VERDICT_EXISTING] = { "none" },
	};

	for (size_t i = 0; i < 3; i++)
		if (next[kind][i] && strcmp(next[kind][i], retry) == 0)
			return true;
	return false;
}

static void check_verdict(const struct replay *replay, const struct verdict *verdict)
{
	const char *wanted = json_get_string(meaning_of(replay), "verdict"), *retry = json_get_string(meaning_of(replay), "retry");
	bool known = false;

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (strcmp(kinds[i].verdict, wanted) != 0)
			continue;
		known = true;
		assert_int_equal(verdict->kind, kinds[i].kind);
	}
	if (!known)
		fail_msg("no row for the verdict %s", wanted);
	if (!retry_fits(verdict->kind, retry))
		fail_msg("the client would not do what is right: %s", retry);
}

static void net_reply_of(const struct replay *replay, struct net_reply *reply)
{
	*reply = (struct net_reply){ .result = replay->reply.result, .http_status = replay->reply.status };
	snprintf(reply->content_type, sizeof reply->content_type, "%s", replay->reply.content_type);
	str_add(&reply->body, str_text(&replay->body));
}

static void judge(const struct replay *replay, bool token)
{
	struct net_reply reply;
	struct json *body;
	struct verdict verdict;
	const struct json *wanted = json_get(meaning_of(replay), "expires_in");
	int64_t life;

	net_reply_of(replay, &reply);
	body = json_parse(str_text(&reply.body), reply.body.length, NULL, NULL);
	if (token) {
		struct token_verdict judged = marketo_judge_token(&reply, body);

		verdict = judged.verdict;
		if (json_i64(wanted, &life))
			assert_int_equal(judged.expires_in, life);
		else if (verdict.kind == VERDICT_OK)
			assert_in_range(judged.expires_in, 1, 600); /* untold: a short life, neither 0 nor for ever */
		assert_int_equal(judged.token != NULL, verdict.kind == VERDICT_OK);
	} else {
		verdict = marketo_judge(&reply, body);
	}
	check_verdict(replay, &verdict);
	if (verdict.kind != VERDICT_OK)
		assert_true(verdict.message[0] != '\0' || reply.result != NET_OK);
	json_free(body);
	str_done(&reply.body);
}

static const struct {
	const char *word;
	enum record_outcome outcome;
} outcomes[] = {
	{ "created", RECORD_CREATED }, { "updated", RECORD_UPDATED }, { "added", RECORD_ADDED }, { "removed", RECORD_REMOVED },
	{ "already", RECORD_ALREADY }, { "failed", RECORD_FAILED }, { "unknown", RECORD_UNKNOWN }, { "matched", RECORD_MATCHED }, { "unmatched", RECORD_UNMATCHED },
};

static void check_record(const struct replay *replay, const struct json *wanted, enum reader reader)
{
	const char *word = json_get_string(wanted, "outcome"), *code = json_get_string(wanted, "code");
	const struct record_result *got;
	int64_t index = -1, id;

	assert_true(json_i64(json_get(wanted, "index"), &index) && index >= 0 && (size_t)index < replay->records.count);
	got = &replay->records.at[index];
	if (strcmp(word, "already_or_failed") == 0)
		word = reader == READ_REMOVE ? "already" : "failed";
	for (size_t i = 0; i < sizeof outcomes / sizeof *outcomes; i++)
		if (strcmp(outcomes[i].word, word) == 0)
			assert_int_equal(got->outcome, outcomes[i].outcome);
	if (json_i64(json_get(wanted, "id"), &id))
		assert_int_equal(got->id, id);
	assert_string_equal(got->code, code ? code : "");
}

static void check_records(const struct replay *replay, enum reader reader)
{
	const struct json *wanted = json_get(meaning_of(replay), "per_record");

	assert_int_equal(replay->outcome, OUTCOME_OK);
	assert_int_equal(replay->records.count, json_count(wanted));
	for (const struct json *one = json_first(wanted); one; one = json_next(one))
		check_record(replay, one, reader);
}

static void read_sync(struct replay *replay)
{
	const struct json *input = json_get(json_get(json_get(replay->one, "request"), "body"), "input");
	const char *action = json_get_string(json_get(json_get(replay->one, "request"), "body"), "action");
	VEC(char *) records = { 0 };

	for (const struct json *one = json_first(input); one; one = json_next(one)) {
		struct str text = { 0 };

		json_write(&text, one);
		vec_push(&records, str_take(&text));
	}
	leads_sync(replay->m, strcmp(action, "updateOnly") == 0 ? SYNC_UPDATE_ONLY : SYNC_CREATE_ONLY, NULL, NULL, (const char *const *)records.at, records.count,
		on_records, replay);
	run(replay);
	check_records(replay, READ_SYNC);
	for (size_t i = 0; i < records.count; i++)
		mem_free(records.at[i]);
	vec_done(&records);
}

static void read_change(struct replay *replay, enum reader reader)
{
	VEC(int64_t) ids = { 0 };
	int64_t id;

	for (const struct json *one = json_first(json_get(meaning_of(replay), "per_record")); one; one = json_next(one)) {
		assert_true(json_i64(json_get(one, "id"), &id));
		vec_push(&ids, id);
	}
	if (reader == READ_REMOVE)
		list_remove(replay->m, 1234, ids.at, ids.count, on_records, replay);
	else
		list_add(replay->m, 1234, ids.at, ids.count, on_records, replay);
	run(replay);
	check_records(replay, reader);
	vec_done(&ids);
}

static void read_find(struct replay *replay)
{
	const struct json *query = json_get(json_get(replay->one, "request"), "query");
	char *text = mem_strdup(json_get_string(query, "filterValues")), *rest = text, *value;
	const char *values[8];
	size_t count = 0;

	while ((value = strsep(&rest, ",")) && count < 8)
		values[count++] = value;
	leads_find(replay->m, json_get_string(query, "filterType"), values, count, on_matches, replay);
	run(replay);
	mem_free(text);
}

static void check_matches(struct replay *replay)
{
	size_t wanted = 0;

	assert_int_equal(replay->outcome, OUTCOME_OK);
	for (const struct json *one = json_first(json_get(meaning_of(replay), "per_record")); one; one = json_next(one)) {
		int64_t index = -1, id = 0;

		assert_true(json_i64(json_get(one, "index"), &index));
		if (strcmp(json_get_string(one, "outcome"), "matched") != 0) {
			for (size_t i = 0; i < replay->matches.count; i++)
				assert_int_not_equal(replay->matches.at[i].value, index);
			continue;
		}
		assert_true(json_i64(json_get(one, "id"), &id) && wanted < replay->matches.count);
		assert_int_equal(replay->matches.at[wanted].value, index);
		assert_int_equal(replay->matches.at[wanted++].id, id);
	}
	assert_int_equal(replay->matches.count, wanted);
}

static void check_single_id(const struct replay *replay, const char *key)
{
	const char *verdict = json_get_string(meaning_of(replay), "verdict");
	int64_t id;

	if (json_i64(json_get(meaning_of(replay), key), &id)) {
		assert_int_equal(replay->outcome, OUTCOME_OK);
		assert_int_equal(replay->ids.count, 1);
		assert_int_equal(replay->ids.at[0], id);
	} else {
		assert_int_equal(replay->ids.count, 0);
		assert_int_equal(replay->outcome, strcmp(verdict, "not_found") == 0 ? OUTCOME_OK : OUTCOME_REFUSED);
	}
}

static const char *request_name(const struct replay *replay)
{
	const struct json *request = json_get(replay->one, "request");
	const char *name = json_get_string(json_get(request, "query"), "name");

	return name ? name : json_get_string(json_get(json_get(request, "body"), "decoded"), "name");
}

static void read_list(struct replay *replay, enum reader reader)
{
	if (reader == READ_LIST_BY_NAME)
		list_by_name(replay->m, request_name(replay), on_lists, replay);
	else if (reader == READ_LIST_BY_ID)
		list_by_id(replay->m, 782, on_lists, replay);
	else
		list_create(replay->m, request_name(replay), 12, false, NULL, on_lists, replay);
	run(replay);
	check_single_id(replay, "list_id");
	if (reader == READ_LIST_CREATE_NAMELESS)
		assert_int_equal(replay->net.log.count, 0);
}

static void read_folder(struct replay *replay)
{
	folder_by_name(replay->m, request_name(replay), false, NULL, on_folders, replay);
	run(replay);
	check_single_id(replay, "folder_id");
}

static void read_members(struct replay *replay)
{
	const struct json *wanted = json_get(meaning_of(replay), "members");
	size_t at = 0;
	int64_t id;

	list_members(replay->m, 1159, NULL, NULL, on_members, replay);
	run(replay);
	assert_int_equal(replay->outcome, OUTCOME_OK);
	assert_int_equal(replay->ids.count, json_count(wanted));
	for (const struct json *one = json_first(wanted); one; one = json_next(one)) {
		assert_true(json_i64(one, &id));
		assert_int_equal(replay->ids.at[at++], id);
	}
}

static int64_t wanted_number(const struct replay *replay, const char *key)
{
	int64_t number = -1;

	assert_true(json_i64(json_get(meaning_of(replay), key), &number));
	return number;
}

static void read_describe(struct replay *replay)
{
	const struct json *email = json_get(meaning_of(replay), "email");
	const struct field *field;
	int64_t writable = 0, without_length = 0, length = 0;

	/* Fields without updateable and with nothing searchable change nothing of what describe says. */
	str_add(&replay->other, "{\"success\":true,\"result\":[{\"name\":\"API Lead\",\"searchableFields\":[[\"email\"]],\"fields\":[]}]}");
	fields_fetch(replay->m, &replay->catalogue, on_fields, replay);
	run(replay);
	assert_int_equal(replay->outcome, OUTCOME_OK);
	assert_int_equal(replay->catalogue.fields.count, wanted_number(replay, "fields_total"));
	for (size_t i = 0; i < replay->catalogue.fields.count; i++) {
		writable += replay->catalogue.fields.at[i].updateable;
		without_length += replay->catalogue.fields.at[i].length == 0;
	}
	assert_int_equal(writable, wanted_number(replay, "writable"));
	assert_int_equal(without_length, wanted_number(replay, "without_length"));
	for (const struct json *type = json_first(json_get(meaning_of(replay), "types")); type; type = json_next(type)) {
		int64_t count = 0, wanted = -1;

		for (size_t i = 0; i < replay->catalogue.fields.count; i++)
			count += strcmp(replay->catalogue.fields.at[i].type_name, json_key(type)) == 0;
		assert_true(json_i64(type, &wanted));
		assert_int_equal(count, wanted);
	}
	field = catalogue_find(&replay->catalogue, "email");
	assert_non_null(field);
	assert_string_equal(field->type_name, json_get_string(email, "dataType"));
	assert_true(json_i64(json_get(email, "length"), &length));
	assert_int_equal(field->length, length);
	assert_true(field->searchable);
}

/* describe2 is read over the fields of describe. */
static void read_describe2(struct replay *replay)
{
	struct str describe = { 0 };
	size_t searchable = 0;
	struct fake_reply fields = { 0 };

	str_add(&replay->other, str_text(&replay->body));
	render_reply(json_get(case_of("describe", "describe-100-fields"), "response"), &describe, &fields);
	replay->reply = fields;
	fields_fetch(replay->m, &replay->catalogue, on_fields, replay);
	run(replay);
	assert_int_equal(replay->outcome, OUTCOME_OK);
	for (const struct json *list = json_first(json_get(meaning_of(replay), "lookup_fields")); list; list = json_next(list)) {
		const struct field *field = catalogue_find(&replay->catalogue, json_string(json_first(list)));

		assert_true(field && field->searchable);
	}
	for (size_t i = 0; i < replay->catalogue.fields.count; i++)
		searchable += replay->catalogue.fields.at[i].searchable;
	assert_int_equal(searchable, json_count(json_get(meaning_of(replay), "lookup_fields")));
	str_done(&describe);
}

/* Only what the client itself says is judged: a reply that nobody gets (client_behaviour, input_error) is none. */
static bool has_verdict(const struct replay *replay)
{
	const char *verdict = json_get_string(meaning_of(replay), "verdict");

	return strcmp(verdict, "client_behaviour") != 0 && strcmp(verdict, "input_error") != 0;
}

static void replay_case(struct replay *replay, const struct row *row)
{
	if (has_verdict(replay))
		judge(replay, row->reader == READ_TOKEN);
	switch (row->reader) {
	case READ_SYNC:
		read_sync(replay);
		break;
	case READ_ADD:
	case READ_REMOVE:
		read_change(replay, row->reader);
		break;
	case READ_ADD_AND_REMOVE:
		read_change(replay, READ_ADD);
		read_change(replay, READ_REMOVE);
		break;
	case READ_FIND:
		read_find(replay);
		check_matches(replay);
		break;
	case READ_FIND_UNJOINED:
		read_find(replay);
		assert_int_equal(replay->outcome, OUTCOME_REFUSED);
		assert_string_equal(replay->code, "reply");
		assert_int_equal(replay->matches.count, 0);
		break;
	case READ_MEMBERS:
		read_members(replay);
		break;
	case READ_LIST_BY_NAME:
	case READ_LIST_BY_ID:
	case READ_LIST_CREATE:
	case READ_LIST_CREATE_NAMELESS:
		read_list(replay, row->reader);
		break;
	case READ_FOLDER:
		read_folder(replay);
		break;
	case READ_DESCRIBE:
		read_describe(replay);
		break;
	case READ_DESCRIBE2:
		read_describe2(replay);
		break;
	case READ_JUDGE:
	case READ_TOKEN:
	case ENGINE:
	case LATER:
		break;
	}
}

static void test_case(void **state)
{
	const struct row *row = *state;
	const struct json *one = case_of(row->file, row->name);
	struct replay replay;

	if (!one)
		fail_msg("there is no case %s in %s.json", row->name, row->file);
	start(&replay, one);
	replay_case(&replay, row);
	stop(&replay);
}

static void test_every_case_has_a_row(void **state)
{
	size_t count = 0;

	(void)state;
	for (size_t i = 0; i < FILES; i++)
		for (const struct json *one = json_first(documents[i]); one; one = json_next(one), count++)
			if (!row_of(files[i], json_get_string(one, "name")))
				fail_msg("no row for case %s of %s.json", json_get_string(one, "name"), files[i]);
	assert_int_equal(count, CASES);
	assert_int_equal(sizeof rows / sizeof *rows, CASES);
}

/* What is not replayed here is counted, so that it cannot grow unseen. */
static void test_what_is_left_out(void **state)
{
	int later = 0, engine = 0;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		later += rows[i].reader == LATER;
		engine += rows[i].reader == ENGINE;
		if (rows[i].reader == LATER || rows[i].reader == ENGINE)
			assert_non_null(rows[i].reason);
	}
	assert_int_equal(later, LATER_CASES);
	assert_int_equal(engine, ENGINE_CASES);
}

/* Half a reply is no reply, wherever it was cut: never a success, and never said to be certainly not executed. */
static void check_cut_off(const struct json *response)
{
	struct str body = { 0 };
	struct fake_reply said = { 0 };
	size_t step;

	render_reply(response, &body, &said);
	step = body.length / 200 + 1;
	for (size_t length = 0; said.status == 200 && length < body.length; length += step) {
		struct net_reply reply = { .result = NET_OK, .http_status = 200 };
		struct json *half = json_parse(body.text, length, NULL, NULL);
		struct verdict verdict = marketo_judge(&reply, half);

		assert_int_equal(verdict.kind, VERDICT_RETRY);
		assert_true(verdict.unknown);
		assert_int_not_equal(marketo_judge_token(&reply, half).verdict.kind, VERDICT_OK);
		json_free(half);
	}
	str_done(&body);
}

static void test_half_replies(void **state)
{
	(void)state;
	for (size_t i = 0; i < FILES; i++)
		for (const struct json *one = json_first(documents[i]); one; one = json_next(one))
			check_cut_off(json_get(one, "response"));
}

static struct json *load(const char *name)
{
	const char *source = getenv("top_srcdir");
	char *path = mem_printf("%s/tests/cases/data/%s.json", source ? source : ".", name);
	struct str text = { 0 };
	struct error err;
	const char *why = "";
	struct json *document = NULL;

	if (file_read(path, 1 << 20, &text, &err) != STATUS_OK) {
		fprintf(stderr, "%s\n", err.message);
		exit(1);
	}
	document = json_parse(str_text(&text), text.length, &why, NULL);
	if (!document) {
		fprintf(stderr, "%s: %s\n", path, why);
		exit(1);
	}
	str_done(&text);
	mem_free(path);
	return document;
}

/* Cases that are not replayed have no test of their own: what does not run is not counted as passed. */
static bool is_replayed(const struct row *row)
{
	return row->reader != LATER && row->reader != ENGINE;
}

int main(void)
{
	VEC(struct CMUnitTest) tests = { 0 };
	int failed;

	for (size_t i = 0; i < FILES; i++)
		documents[i] = load(files[i]);
	vec_push(&tests, ((struct CMUnitTest)cmocka_unit_test(test_every_case_has_a_row)));
	vec_push(&tests, ((struct CMUnitTest)cmocka_unit_test(test_what_is_left_out)));
	vec_push(&tests, ((struct CMUnitTest)cmocka_unit_test(test_half_replies)));
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (is_replayed(&rows[i]))
			vec_push(&tests, ((struct CMUnitTest){ .name = rows[i].name, .test_func = test_case, .initial_state = (void *)&rows[i] }));
	failed = _cmocka_run_group_tests("cases", tests.at, tests.count, NULL, NULL);
	vec_done(&tests);
	for (size_t i = 0; i < FILES; i++)
		json_free(documents[i]);
	return failed;
}
