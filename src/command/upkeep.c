/* backup | check | retention show|set|apply */
#include "app/upkeep.h"

#include "base/i18n.h"
#include "command/command.h"
#include "command/table.h"

#include <inttypes.h>

static const struct option_row retention_rows[] = {
	{ "failures", "DAYS", N_("keep failed and excluded records, and plans nobody ran, so long (0: for ever)") },
	{ "runs", "DAYS", N_("keep runs so long; the newest of a dataflow always stays (0: for ever)") },
	{ "audit", "DAYS", N_("keep audit rows so long (0: for ever)") },
	{ 0 },
};

static enum status backup(struct session *session, const struct args *args, struct error *err)
{
	const char *file = arg_operand(args, 0);
	struct backup made;
	enum status status = session_needs_file("backup", file, err);

	if (status != STATUS_OK)
		return status;
	status = app_backup(session->app, file, &made, err);
	if (status == STATUS_OK && session->json) {
		answer_begin(session);
		json_name(&session->w, "backup");
		json_object(&session->w);
		json_pair_string(&session->w, "file", file);
		json_pair_i64(&session->w, "bytes", made.bytes);
		json_pair_string(&session->w, "key_file", made.key_file);
		json_pair_bool(&session->w, "key_is_credential", made.key_given);
		json_object_end(&session->w);
		answer_end(session);
	} else if (status == STATUS_OK) {
		say(session, _("%" PRId64 " bytes written to %s"), made.bytes, file);
		say(session, made.key_given ? _("keep the key, too: without the credential %s the copy cannot be used")
					    : _("keep the key, too, and in another place: without %s the copy cannot be used"), made.key_file);
	}
	backup_done(&made);
	return status;
}

static void tell_health(struct session *session, const struct health *health)
{
	struct json_out *w = &session->w;

	answer_begin(session);
	json_pair_bool(w, "ok", health->ok);
	json_name(w, "checks");
	json_array(w);
	for (int i = 0; i < HEALTH_CHECKS; i++) {
		const struct health_check *one = &health->checks[i];

		json_object(w);
		json_pair_string(w, "name", one->name);
		json_pair_bool(w, "ok", one->ok);
		json_pair_bool(w, "tried", one->tried);
		json_pair_string(w, "detail", one->detail ? one->detail : "");
		json_pair_string(w, "hint", one->hint ? one->hint : "");
		json_pair_i64(w, "milliseconds", one->milliseconds);
		json_object_end(w);
	}
	json_array_end(w);
	answer_end(session);
}

static void print_health(struct session *session, const struct health *health)
{
	struct table table;

	table_init(&table, _("CHECK"), _("RESULT"), _("DETAIL"), NULL);
	for (int i = 0; i < HEALTH_CHECKS; i++) {
		const struct health_check *one = &health->checks[i];

		table_text(&table, one->name);
		table_text(&table, one->ok ? _("ok") : one->tried ? _("failed") : "-");
		table_text(&table, one->detail);
	}
	table_end(&table, &session->out, 0);
	for (int i = 0; i < HEALTH_CHECKS; i++)
		if (health->checks[i].hint)
			say(session, "%s: %s", health->checks[i].name, health->checks[i].hint);
}

static enum status check(struct session *session, const struct args *args, struct error *err)
{
	struct health health;
	enum status status = app_check(session->app, &health, err);

	(void)args;
	if (health.checks[0].name && session->json)
		tell_health(session, &health);
	else if (health.checks[0].name)
		print_health(session, &health);
	health_done(&health);
	return status;
}

static void print_days(struct table *table, const char *name, int days)
{
	table_text(table, name);
	if (days)
		table_format(table, ngettext("%d day", "%d days", (unsigned long)days), days);
	else
		table_text(table, _("for ever"));
}

static void answer_retention(struct session *session, const struct retention *kept)
{
	struct table table;

	if (session->json) {
		answer_begin(session);
		json_name(&session->w, "retention");
		json_object(&session->w);
		json_pair_i64(&session->w, "failures", kept->failures);
		json_pair_i64(&session->w, "runs", kept->runs);
		json_pair_i64(&session->w, "audit", kept->audit);
		json_object_end(&session->w);
		answer_end(session);
		return;
	}
	table_init_pairs(&table);
	print_days(&table, _("failures"), kept->failures);
	print_days(&table, _("runs"), kept->runs);
	print_days(&table, _("audit"), kept->audit);
	table_end(&table, &session->out, 0);
}

static enum status retention_shown(struct session *session, const struct args *args, struct error *err)
{
	struct retention kept;
	enum status status = app_retention_show(session->app, &kept, err);

	(void)args;
	if (status == STATUS_OK)
		answer_retention(session, &kept);
	return status;
}

static enum status retention_set(struct session *session, const struct args *args, struct error *err)
{
	long long failures = -1, runs = -1, audit = -1;
	struct retention kept;
	enum status status = arg_number(args, "failures", 0, RETENTION_MOST, &failures, err);

	if (status == STATUS_OK)
		status = arg_number(args, "runs", 0, RETENTION_MOST, &runs, err);
	if (status == STATUS_OK)
		status = arg_number(args, "audit", 0, RETENTION_MOST, &audit, err);
	if (status == STATUS_OK && failures < 0 && runs < 0 && audit < 0)
		status = error_set(err, STATUS_USAGE, "usage", _("say what to keep for how many days: --failures, --runs, --audit"));
	if (status == STATUS_OK)
		status = app_retention_set(session->app, &(struct retention){ (int)failures, (int)runs, (int)audit }, &kept, err);
	if (status == STATUS_OK)
		answer_retention(session, &kept);
	return status;
}

static enum status retention_applied(struct session *session, const struct args *args, struct error *err)
{
	struct pruned gone;
	enum status status = app_retention_apply(session->app, &gone, err);

	(void)args;
	if (status == STATUS_OK && session->json) {
		answer_begin(session);
		json_name(&session->w, "deleted");
		json_object(&session->w);
		json_pair_i64(&session->w, "failures", gone.failures);
		json_pair_i64(&session->w, "plans", gone.plans);
		json_pair_i64(&session->w, "runs", gone.runs);
		json_pair_i64(&session->w, "audit", gone.audit);
		json_object_end(&session->w);
		answer_end(session);
	} else if (status == STATUS_OK) {
		say(session, _("deleted: %" PRId64 " failures, %" PRId64 " plans, %" PRId64 " runs, %" PRId64 " audit rows"), gone.failures, gone.plans, gone.runs,
			gone.audit);
	}
	return status;
}

const struct command upkeep_commands[] = {
	{ .use = USE_BACKUP, .least = 1, .most = 1, .run = backup },
	{ .use = USE_CHECK, .run = check },
	{ .use = USE_RETENTION_SHOW, .run = retention_shown },
	{ .use = USE_RETENTION_SET, .options = { retention_rows }, .run = retention_set },
	{ .use = USE_RETENTION_APPLY, .run = retention_applied },
	{ 0 },
};
