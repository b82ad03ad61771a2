#include "model/alert.h"

#include "base/i18n.h"
#include "base/loopback.h"
#include "base/mem.h"
#include "model/word.h"

#include <string.h>

static const int64_t MINUTE_MS = 60000;

static const char *const kinds[ALERT_KINDS] = { [ALERT_RUN_FAILED] = "run-failed", [ALERT_REFUSED] = "refused", [ALERT_SKIPPED] = "skipped",
	[ALERT_DELAY] = "delay", [ALERT_NO_DATA] = "no-data", [ALERT_QUOTA] = "quota", [ALERT_CERTIFICATE] = "certificate" };
static const char *const unit_texts[ALERT_KINDS] = { [ALERT_SKIPPED] = "%", [ALERT_DELAY] = "min", [ALERT_NO_DATA] = "h", [ALERT_QUOTA] = "%", [ALERT_CERTIFICATE] = "d" };
static const char *const ways[ALERT_WAYS] = { [ALERT_COMMAND] = "command", [ALERT_WEBHOOK] = "webhook", [ALERT_SYSLOG] = "syslog" };

void alert_init(struct alert *alert)
{
	*alert = (struct alert){ .enabled = true };
}

void alert_done(struct alert *alert)
{
	mem_free(alert->name);
	mem_free(alert->dataflow);
	mem_free(alert->target);
	alert_init(alert);
}

static bool is_blank(const char *text)
{
	return !text || text[strspn(text, " \t\r\n")] == '\0';
}

static bool url_is_safe(const char *url)
{
	const char *host = url + strlen("http://");
	char *copy;
	bool safe;

	if (strncmp(url, "https://", 8) == 0)
		return url[8] != '\0';
	if (strncmp(url, "http://", 7) != 0)
		return false;
	copy = *host == '[' ? mem_strndup(host, strcspn(host, "]") + 1) : mem_strndup(host, strcspn(host, ":/?#"));
	safe = loopback_is(copy);
	mem_free(copy);
	return safe;
}

static enum status check_over(const struct alert *alert, struct error *err)
{
	const char *unit = alert_kind_unit(alert->kind);

	if (!unit && alert->over)
		return error_set(err, STATUS_USAGE, "invalid", _("--over does not go with %s"), alert_kind_text(alert->kind));
	if (!unit || (alert->over >= 1 && (*unit != '%' || alert->over <= 100)))
		return STATUS_OK;
	error_set(err, STATUS_USAGE, "invalid", _("an alert of %s needs --over"), alert_kind_text(alert->kind));
	error_hint(err, _("per cent (1-100) for skipped and quota, minutes for delay, hours for no-data, days for certificate"));
	return STATUS_USAGE;
}

enum status alert_check(const struct alert *alert, struct error *err)
{
	enum status status;

	if (is_blank(alert->name))
		return error_set(err, STATUS_USAGE, "usage", _("the alert has no name"));
	status = check_over(alert, err);
	if (status != STATUS_OK)
		return status;
	if (alert->kind == ALERT_QUOTA && alert->dataflow_id)
		return error_set(err, STATUS_USAGE, "invalid", _("a quota is an account's: --dataflow does not go with it"));
	if (alert->way != ALERT_SYSLOG && is_blank(alert->target)) {
		error_set(err, STATUS_USAGE, "usage", _("the alert does not say whom to tell"));
		error_hint(err, _("give --command, --webhook or --syslog"));
		return STATUS_USAGE;
	}
	if (alert->way == ALERT_WEBHOOK && !url_is_safe(alert->target))
		return error_set(err, STATUS_USAGE, "invalid", _("a webhook is an https: URL, or an http: one on this machine"));
	return STATUS_OK;
}

bool alert_kind_parse(const char *text, enum alert_kind *out)
{
	size_t index;

	if (!word_parse(WORDS(kinds), text, &index))
		return false;
	*out = (enum alert_kind)index;
	return true;
}

const char *alert_kind_text(enum alert_kind kind)
{
	return word_text(WORDS(kinds), kind);
}

const char *alert_kind_unit(enum alert_kind kind)
{
	return unit_texts[kind];
}

bool alert_way_parse(const char *text, enum alert_way *out)
{
	size_t index;

	if (!word_parse(WORDS(ways), text, &index))
		return false;
	*out = (enum alert_way)index;
	return true;
}

const char *alert_way_text(enum alert_way way)
{
	return word_text(WORDS(ways), way);
}

bool alert_certificate_holds(const struct alert *alert, int64_t end_ms, int64_t now_ms, int64_t *value)
{
	const int64_t day_ms = 24 * 60 * MINUTE_MS;
	int64_t left = end_ms - now_ms;

	*value = left >= 0 ? left / day_ms : -((day_ms - 1 - left) / day_ms);
	if (!end_ms)
		*value = 0;
	return end_ms && left < alert->over * day_ms;
}

/* Stopped and waiting runs go on by themselves; a partial one has been brought to its end. */
static bool is_failure(enum status status)
{
	return status != STATUS_OK && status != STATUS_PARTIAL && status != STATUS_STOPPED;
}

bool alert_holds(const struct alert *alert, const struct alert_facts *facts, int64_t now_ms, int64_t *value)
{
	*value = 0;
	switch (alert->kind) {
	case ALERT_RUN_FAILED:
		return facts->ended && is_failure(facts->status);
	case ALERT_REFUSED:
		return facts->ended && facts->status == STATUS_REFUSED;
	case ALERT_SKIPPED:
		*value = facts->received ? facts->skipped * 100 / facts->received : 0;
		return facts->received && facts->skipped * 100 > alert->over * facts->received;
	case ALERT_DELAY:
		*value = facts->due_ms < now_ms ? (now_ms - facts->due_ms) / MINUTE_MS : 0;
		break;
	case ALERT_NO_DATA:
		*value = facts->data_ms && facts->data_ms < now_ms ? (now_ms - facts->data_ms) / (60 * MINUTE_MS) : 0;
		break;
	default:
		return false;
	}
	return *value > alert->over;
}
