#include "screens/alert_new.h"

#include "app/ask.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "model/alert.h"
#include "screens/popups.h"
#include "tui/paint.h"

enum { OVER_MOST = 1000000, WORDS_MOST = 10 };

struct alert_new {
	struct layer *layer;
	void (*made)(struct layer *layer);
	enum alert_kind kind;
	enum alert_way way;
	char *over, *target, *name; /* as typed */
	struct ask *ask;
};

struct alert_new *alert_new_make(struct layer *layer, void (*made)(struct layer *layer))
{
	struct alert_new *fresh = mem_alloc(sizeof *fresh);

	*fresh = (struct alert_new){ .layer = layer, .made = made };
	return fresh;
}

void alert_new_free(struct alert_new *fresh)
{
	/* It is made all the same. */
	ask_let_go(fresh->ask);
	mem_free(fresh->over);
	mem_free(fresh->target);
	mem_free(fresh->name);
	mem_free(fresh);
}

static void answered(void *self, enum status status, const struct json *answer, const struct error *err)
{
	struct alert_new *fresh = self;
	struct console *console = fresh->layer->console;

	(void)answer;
	fresh->ask = NULL;
	if (status != STATUS_OK)
		console_error(console, err);
	else
		console_say(console, ROLE_GOOD, _("%s Alert %s added; t tells whether it reaches anybody"), glyph(GLYPH_GOOD), fresh->name);
	fresh->made(fresh->layer);
}

static void name_given(void *self, const char *text)
{
	struct alert_new *fresh = self;
	const char *words[WORDS_MOST] = { "alert", "create", "--when", alert_kind_text(fresh->kind) };
	char *over = alert_kind_unit(fresh->kind) ? mem_printf("--over=%s", fresh->over) : NULL;
	char *way = fresh->way == ALERT_SYSLOG ? mem_strdup("--syslog") : mem_printf("--%s=%s", alert_way_text(fresh->way), fresh->target);
	const struct ask_options options = { .words = words, .answer = answered, .self = fresh, .outlives = true };
	struct error err = { 0 };
	size_t count = 4;

	mem_replace(&fresh->name, text);
	if (over)
		words[count++] = over;
	words[count++] = way;
	words[count++] = "--";
	words[count] = fresh->name;
	ask_let_go(fresh->ask);
	fresh->ask = app_ask(console_app(fresh->layer->console), &options, &err);
	if (!fresh->ask)
		console_error(fresh->layer->console, &err);
	mem_free(over);
	mem_free(way);
}

static const char *is_missing(void *self, const char *text)
{
	(void)self;
	return *text ? NULL : _("it must not be empty");
}

static void ask_name(struct alert_new *fresh)
{
	prompt_open(fresh->layer->console, &(struct prompt_options){ .title = _("New alert"), .label = _("Its name"), .text = alert_kind_text(fresh->kind), .enter = _("add"), .wrong = is_missing,
		.given = name_given, .self = fresh });
}

static void target_given(void *self, const char *text)
{
	struct alert_new *fresh = self;

	mem_replace(&fresh->target, text);
	ask_name(fresh);
}

static void way_chosen(void *self, const struct picker_item *items, size_t count)
{
	struct alert_new *fresh = self;

	(void)count;
	alert_way_parse(items[0].value, &fresh->way);
	if (fresh->way == ALERT_SYSLOG)
		ask_name(fresh);
	else
		prompt_open(fresh->layer->console, &(struct prompt_options){ .title = _("New alert"),
			.label = fresh->way == ALERT_COMMAND ? _("The shell's command; it reads one JSON object") : _("The address, https://.."), .text = "", .enter = _("next"), .wrong = is_missing,
			.given = target_given, .self = fresh });
}

static void ask_way(struct alert_new *fresh)
{
	static const char *const notes[ALERT_WAYS] = { [ALERT_COMMAND] = N_("runs a command"), [ALERT_WEBHOOK] = N_("posts to an address"), [ALERT_SYSLOG] = N_("writes to the system's log") };
	picker_items items = { 0 };

	for (int i = 0; i < ALERT_WAYS; i++)
		picker_add(&items, alert_way_text((enum alert_way)i), alert_way_text((enum alert_way)i), _(notes[i]));
	picker_fill(picker_open(fresh->layer->console, &(struct picker_options){ .title = _("New alert: how to tell"), .chosen = way_chosen, .self = fresh }), &items, NULL);
}

static const char *wrong_over(void *self, const char *text)
{
	const struct alert_new *fresh = self;
	bool percent = *alert_kind_unit(fresh->kind) == '%';
	long long number;

	if (text_to_i64(text, 1, percent ? 100 : OVER_MOST, &number))
		return NULL;
	return percent ? _("a number from 1 to 100") : _("a number from 1 on");
}

static void over_given(void *self, const char *text)
{
	struct alert_new *fresh = self;

	mem_replace(&fresh->over, text);
	ask_way(fresh);
}

static void kind_chosen(void *self, const struct picker_item *items, size_t count)
{
	static const char *const labels[ALERT_KINDS] = { [ALERT_SKIPPED] = N_("More than so many in a hundred"), [ALERT_DELAY] = N_("More than so many minutes late"),
		[ALERT_NO_DATA] = N_("So many hours without a record"), [ALERT_QUOTA] = N_("More than so much of the daily calls, in per cent"),
		[ALERT_CERTIFICATE] = N_("Fewer than so many days left") };
	struct alert_new *fresh = self;

	(void)count;
	alert_kind_parse(items[0].value, &fresh->kind);
	if (!labels[fresh->kind])
		ask_way(fresh);
	else
		prompt_open(fresh->layer->console, &(struct prompt_options){ .title = _("New alert"), .label = _(labels[fresh->kind]), .text = "", .enter = _("next"), .wrong = wrong_over,
			.given = over_given, .self = fresh });
}

void alert_new_begin(struct alert_new *fresh)
{
	static const char *const notes[ALERT_KINDS] = { [ALERT_RUN_FAILED] = N_("a run did not get to its end"), [ALERT_REFUSED] = N_("credentials or permissions"),
		[ALERT_SKIPPED] = N_("many excluded or failed"), [ALERT_DELAY] = N_("a scheduled run is late"), [ALERT_NO_DATA] = N_("nothing came for hours"),
		[ALERT_QUOTA] = N_("many of the daily calls are used"), [ALERT_CERTIFICATE] = N_("a certificate ends soon") };
	picker_items items = { 0 };

	for (int i = 0; i < ALERT_KINDS; i++)
		picker_add(&items, alert_kind_text((enum alert_kind)i), alert_kind_text((enum alert_kind)i), _(notes[i]));
	picker_fill(picker_open(fresh->layer->console, &(struct picker_options){ .title = _("New alert: of what"), .chosen = kind_chosen, .self = fresh }), &items, NULL);
}
