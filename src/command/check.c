#include "command/check.h"

#include "base/i18n.h"
#include "command/table.h"

#include <inttypes.h>

void check_put(struct json_out *w, const struct check *check)
{
	json_object(w);
	json_pair_string(w, "name", check->name);
	json_pair_bool(w, "ok", check->ok);
	json_pair_bool(w, "tried", check->tried);
	json_pair_string(w, "detail", check->detail ? check->detail : "");
	if (check->hint)
		json_pair_string(w, "hint", check->hint);
	json_pair_i64(w, "milliseconds", check->milliseconds);
	json_object_end(w);
}

static void tell(struct session *session, const struct test_report *report)
{
	struct json_out *w = &session->w;

	answer_begin(session);
	json_pair_bool(w, "ok", report->ok);
	json_name(w, "checks");
	json_array(w);
	for (int i = 0; i < CHECKS; i++)
		check_put(w, &report->checks[i]);
	json_array_end(w);
	answer_end(session);
}

void check_print(struct session *session, const struct test_report *report)
{
	struct table table;

	if (!report->checks[0].name)
		return;
	if (session->json) {
		tell(session, report);
		return;
	}
	table_init(&table, _("CHECK"), _("RESULT"), _("TIME"), _("DETAIL"), NULL);
	for (int i = 0; i < CHECKS; i++) {
		const struct check *check = &report->checks[i];

		table_text(&table, check->name);
		table_text(&table, check->ok ? _("ok") : check->tried ? _("failed") : "-");
		table_format(&table, "%" PRId64 " ms", check->milliseconds);
		table_text(&table, check->detail);
	}
	table_end(&table, &session->out, 0);
}
