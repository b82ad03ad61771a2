#include "app/audit.h"

#include "base/clock.h"
#include "base/i18n.h"

enum status app_audit(struct app *app, const char *since, audit_list *out, struct error *err)
{
	int64_t since_ms = 0;
	bool has_time;
	enum status status;

	if (since && !clock_parse(since, &since_ms, &has_time)) {
		error_set(err, STATUS_USAGE, "invalid", _("%s %s is no date"), "--since", since);
		error_hint(err, _("write it as YYYY-MM-DD"));
		return STATUS_USAGE;
	}
	status = app_enter(app, USE_AUDIT, err);
	return status == STATUS_OK ? audit_load(app->store, since_ms, out, err) : status;
}
