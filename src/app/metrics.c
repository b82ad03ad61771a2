#include "app/metrics.h"

#include "app/daemon.h"
#include "app/status.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/vec.h"
#include "store/tables.h"
#include "store/totals.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>

/* One sum as run_totals tells it. */
struct total {
	char *dataflow, *name;
	int64_t value;
};
typedef VEC(struct total) total_list;

/* Families of counters. prefix: what is cut from the sum's name; what is left is the value of `label`. */
static const struct {
	const char *family, *prefix, *label, *help;
} counters[] = {
	{ "penstock_received_records", "received", NULL, "Records that sources brought, one a person and audience." },
	{ "penstock_records", "", "outcome", "What became of them." },
	{ "penstock_bad_lines", "bad_lines", NULL, "Lines of sources that could not be read." },
	{ "penstock_runs", "runs.", "state", "Runs that have ended, by how." },
	{ "penstock_calls", "calls.", "kind", "HTTP requests to Marketo, by what for." },
};
static const char *const outcomes[] = { "activated", "excluded", "failed", "unchanged" };

static void take_total(void *self, const char *dataflow, const char *name, int64_t value)
{
	total_list *totals = self;

	vec_push(totals, ((struct total){ mem_strdup(dataflow), mem_strdup(name), value }));
}

/* A label's value: backslash, quote and newline are escaped. */
static void add_value(struct str *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '\\' || *text == '"')
			str_add_char(out, '\\');
		str_add(out, *text == '\n' ? "\\n" : (char[]){ *text, '\0' });
	}
}

static void family(struct str *out, const char *name, const char *type, const char *help)
{
	str_add_format(out, "# TYPE %s %s\n# HELP %s %s\n", name, type, name, help);
}

static void sample(struct str *out, const char *name, const char *label, const char *value, int64_t number)
{
	str_add_format(out, "%s{%s=\"", name, label);
	add_value(out, value);
	str_add_format(out, "\"} %" PRId64 "\n", number);
}

static bool is_outcome(const char *name)
{
	for (size_t i = 0; i < sizeof outcomes / sizeof *outcomes; i++)
		if (strcmp(outcomes[i], name) == 0)
			return true;
	return false;
}

/* Is the sum of this family? What is left of its name, or NULL. */
static const char *rest_of(size_t counter, const char *name)
{
	const char *prefix = counters[counter].prefix;

	if (!counters[counter].label)
		return strcmp(name, prefix) == 0 ? "" : NULL;
	if (!*prefix)
		return is_outcome(name) ? name : NULL;
	return strncmp(name, prefix, strlen(prefix)) == 0 ? name + strlen(prefix) : NULL;
}

static void add_counters(const total_list *totals, struct str *out)
{
	for (size_t i = 0; i < sizeof counters / sizeof *counters; i++) {
		family(out, counters[i].family, "counter", counters[i].help);
		for (size_t k = 0; k < totals->count; k++) {
			const struct total *total = &totals->at[k];
			const char *rest = rest_of(i, total->name);

			if (!rest)
				continue;
			str_add_format(out, "%s_total{dataflow=\"", counters[i].family);
			add_value(out, total->dataflow);
			if (counters[i].label) {
				str_add_format(out, "\",%s=\"", counters[i].label);
				add_value(out, rest);
			}
			str_add_format(out, "\"} %" PRId64 "\n", total->value);
		}
	}
}

/* Times in whole seconds of the Unix clock; who never ran has none. */
static enum status add_times(struct app *app, const dataflow_list *flows, struct str *out, struct error *err)
{
	static const struct {
		const char *name, *help;
		size_t place;
	} gauges[] = {
		{ "penstock_last_run_start_timestamp_seconds", "When the newest run began.", offsetof(struct run_times, started) },
		{ "penstock_last_run_end_timestamp_seconds", "When it ended; missing while it goes on.", offsetof(struct run_times, ended) },
		{ "penstock_last_success_timestamp_seconds", "When the newest run ended that was brought to its end.", offsetof(struct run_times, success) },
		{ "penstock_last_data_timestamp_seconds", "When the newest run began that was given any record.", offsetof(struct run_times, data) },
	};
	enum status status = STATUS_OK;

	for (size_t i = 0; i < sizeof gauges / sizeof *gauges; i++) {
		family(out, gauges[i].name, "gauge", gauges[i].help);
		for (size_t k = 0; status == STATUS_OK && k < flows->count; k++) {
			struct run_times times;

			status = run_times_load(app->store, flows->at[k].id, &times, err);
			int64_t ms = *(const int64_t *)((const char *)&times + gauges[i].place);
			if (ms)
				sample(out, gauges[i].name, "dataflow", flows->at[k].name, ms / 1000);
		}
	}
	family(out, "penstock_dataflow_enabled", "gauge", "Whether the dataflow may run.");
	for (size_t k = 0; k < flows->count; k++)
		sample(out, "penstock_dataflow_enabled", "dataflow", flows->at[k].name, flows->at[k].enabled);
	return status;
}

static enum status add_accounts(struct app *app, const account_list *accounts, struct str *out, struct error *err)
{
	int64_t since = quota_day_began(clock_wall_ms()), calls;
	enum status status = STATUS_OK;

	family(out, "penstock_account_calls_today", "gauge", "Calls of penstock's runs since the daily quota was last reset.");
	for (size_t i = 0; status == STATUS_OK && i < accounts->count; i++) {
		status = account_calls_since(app->store, accounts->at[i].id, since, &calls, err);
		sample(out, "penstock_account_calls_today", "account", accounts->at[i].name, calls);
	}
	family(out, "penstock_account_daily_calls", "gauge", "The daily quota, as it was set.");
	for (size_t i = 0; i < accounts->count; i++)
		sample(out, "penstock_account_daily_calls", "account", accounts->at[i].name, accounts->at[i].daily_calls);
	return status;
}

static void add_program(struct app *app, struct str *out)
{
	struct stat info;

	family(out, "penstock_daemon_up", "gauge", "Whether a daemon of this store is there.");
	str_add_format(out, "penstock_daemon_up %d\n", daemon_is_there(app->db, NULL));
	family(out, "penstock_store_bytes", "gauge", "Size of the database.");
	if (stat(app->db, &info) == 0)
		str_add_format(out, "penstock_store_bytes %lld\n", (long long)info.st_size);
	str_add(out, "# EOF\n");
}

enum status app_metrics(struct app *app, struct str *out, struct error *err)
{
	total_list totals = { 0 };
	dataflow_list flows = { 0 };
	account_list accounts = { 0 };
	enum status status = app_enter(app, USE_METRICS, err);

	if (status == STATUS_OK)
		status = run_totals(app->store, take_total, &totals, err);
	if (status == STATUS_OK)
		status = dataflow_all(app->store, &flows, err);
	if (status == STATUS_OK)
		status = account_all(app->store, &accounts, err);
	if (status == STATUS_OK) {
		add_counters(&totals, out);
		status = add_times(app, &flows, out, err);
	}
	if (status == STATUS_OK)
		status = add_accounts(app, &accounts, out, err);
	if (status == STATUS_OK)
		add_program(app, out);
	for (size_t i = 0; i < totals.count; i++) {
		mem_free(totals.at[i].dataflow);
		mem_free(totals.at[i].name);
	}
	vec_done(&totals);
	dataflow_list_done(&flows);
	account_list_done(&accounts);
	return status;
}
