#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "screens/answers.h"
#include "screens/frame.h"
#include "screens/hints.h"
#include "screens/migrate.h"
#include "screens/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { WHAT = 22 /* columns of what a line is about */ };

static void draw_stepper(const struct migrate_screen *screen, struct area area)
{
	int at = 1;

	for (int i = 0; i < GO_STEPS; i++) {
		bool here = i == (int)screen->at;
		const char *sign = here ? glyph(GLYPH_HERE) : i < (int)screen->at ? glyph(GLYPH_GOOD) : " ";
		bool named = here || area.columns >= FRAME_FULL_COLUMNS;

		at += paint_format(area, 0, at, 0, here ? ROLE_TITLE : ROLE_TEXT, "%s%d %s", sign, i + 1, named ? _(migrate_step_names[i]) : "") + (named ? 1 : 0);
	}
}

/* --- The V1 dataflows --- */

/* The newest answer that speaks of this flow, up to this step. */
static const struct json *newest(const struct migrate_screen *screen, const char *flow)
{
	for (int i = (int)screen->at; i >= GO_COMPARE; i--) {
		const struct json *answer = migrate_answer(screen, (enum migrate_step)i, flow);

		if (answer)
			return answer;
	}
	return NULL;
}

static const char *blocking(const struct json *answer)
{
	for (const struct json *one = json_first(json_get(answer, "verdicts")); one; one = json_next(one)) {
		const char *weight = json_get_string(one, "weight");

		if (weight && strcmp(weight, "blocked") == 0)
			return json_get_string(one, "code");
	}
	return NULL;
}

static void state_made(const struct migration *flow, char *out, size_t size, enum glyph *sign, enum role *role)
{
	bool clean = migration_is_clean(flow);

	*sign = clean ? GLYPH_GOOD : GLYPH_WAITING;
	*role = clean ? ROLE_GOOD : ROLE_TEXT;
	if (flow->state == MIGRATION_FINISHED)
		snprintf(out, size, "%s", _("V1 deleted"));
	else if (flow->state == MIGRATION_PAUSED)
		snprintf(out, size, "%s", _("V1 paused"));
	else if (flow->compared_at && !clean) {
		*sign = GLYPH_WARNING;
		*role = ROLE_WARNING;
		snprintf(out, size, flow->unexplained ? _("%lld unexplained") : _("V2 has not run"), (long long)flow->unexplained);
	} else {
		snprintf(out, size, "%s", clean ? _("lists agree") : _("V2 made"));
	}
}

static void state_of(const struct migrate_screen *screen, const struct migration *flow, char *out, size_t size, enum glyph *sign, enum role *role)
{
	const struct json *answer = newest(screen, flow->name);
	const char *code = blocking(answer);

	if (flow->state != MIGRATION_IMPORTED) {
		state_made(flow, out, size, sign, role);
		return;
	}
	*sign = !answer ? GLYPH_WAITING : code ? GLYPH_BAD : GLYPH_GOOD;
	*role = !answer ? ROLE_DIM : code ? ROLE_BAD : ROLE_GOOD;
	snprintf(out, size, "%s", !answer ? _("not begun") : code ? code : json_get(answer, "dry_run") ? _("dry run made") : _("ready"));
}

static void draw_flow(const struct migrate_screen *screen, struct area area, int row, size_t place)
{
	const struct migration *flow = &screen->flows.at[place];
	const struct json *answer = newest(screen, flow->name);
	bool here = place == screen->cursor.at, narrow = area.columns < FRAME_FULL_COLUMNS - 2;
	const char *v2 = flow->v2_name ? flow->v2_name : json_get_string(answer, "v2_name");
	int name = narrow ? 24 : 28, state_at = narrow ? 34 : 60;
	enum glyph sign;
	enum role role;
	char state[64];

	state_of(screen, flow, state, sizeof state, &sign, &role);
	paint_text(area, row, 0, 0, ROLE_TITLE, here ? glyph(GLYPH_HERE) : " ");
	if (here)
		paint_cursor(area, row, 0, true);
	paint_text(area, row, 2, 0, ROLE_TEXT, glyph(migrate_is_picked(screen, flow->id) ? GLYPH_CHECK_ON : GLYPH_CHECK_OFF));
	paint_text(area, row, 6, name, here ? ROLE_SELECTED : ROLE_TEXT, flow->name);
	if (!narrow)
		paint_text(area, row, 35, 24, ROLE_TEXT, v2 ? v2 : "-");
	paint_format(area, row, state_at, 0, role, "%s %s", glyph(sign), state);
}

/* --- What is told of the one with the focus --- */

/* `row` is the next one to paint; those above the area, which are below 0, and below it are not seen. */
struct lines {
	struct area area;
	int row;
};

static void draw_text(struct lines *lines, enum role role, const char *text)
{
	struct area area = { lines->area.row, lines->area.column + 1, lines->area.rows, lines->area.columns - 2 };

	lines->row += paint_wrapped(area, lines->row, area.rows > lines->row ? area.rows - lines->row : 0, role, text);
}

static const char *mark_sign(const char *mark)
{
	return !mark || strcmp(mark, "same") == 0 ? "=" : strcmp(mark, "new") == 0 ? "+" : strcmp(mark, "changed") == 0 ? "~" : "-";
}

static void draw_line(struct lines *lines, const struct json *line)
{
	int row = lines->row++, half = (lines->area.columns - WHAT - 4) / 2;
	const char *mark = json_get_string(line, "mark"), *v1 = json_get_string(line, "v1"), *v2 = json_get_string(line, "v2"), *what = json_get_string(line, "what");

	if (row < 0 || row >= lines->area.rows)
		return;
	paint_text(lines->area, row, 1, 1, ROLE_TITLE, mark_sign(mark));
	paint_text(lines->area, row, 3, WHAT - 1, ROLE_DIM, what ? what : "");
	paint_text(lines->area, row, 3 + WHAT, half - 1, ROLE_TEXT, v1 ? v1 : "-");
	paint_text(lines->area, row, 3 + WHAT + half, 0, ROLE_TEXT, v2 ? v2 : "-");
}

/* What can be done about it; NULL: nothing is said. */
static void draw_to_do(struct lines *lines, const char *hint)
{
	char *keys = hint_with_keys(hint, AT_CHOOSING), *text = mem_printf("  %s %s", glyph(GLYPH_ARROW), keys);

	if (*keys)
		draw_text(lines, ROLE_TEXT, text);
	mem_free(text);
	mem_free(keys);
}

static void draw_verdict(struct lines *lines, const struct json *verdict)
{
	const char *weight = json_get_string(verdict, "weight"), *message = json_get_string(verdict, "message"), *about = json_get_string(verdict, "about"),
		   *to_do = json_get_string(verdict, "to_do");
	bool blocked = weight && strcmp(weight, "blocked") == 0;
	char *text = mem_printf("%s %s%s%s%s", glyph(blocked ? GLYPH_BAD : GLYPH_WARNING), message ? message : "", about ? " (" : "", about ? about : "", about ? ")" : "");

	draw_text(lines, blocked ? ROLE_BAD : ROLE_WARNING, text);
	mem_free(text);
	draw_to_do(lines, to_do);
}

static void draw_plan(struct lines *lines, const struct json *answer)
{
	const struct json *dry = json_get(answer, "dry_run"), *one;
	char a[32], b[32], c[32], d[32];

	if (dry) {
		char *text = mem_printf(_("Dry run of %s records: %s new, %s excluded, about %s calls. Nothing is written."), number_text(answer_number(dry, "received"), a),
			number_text(answer_number(dry, "new"), b), number_text(answer_number(dry, "excluded"), c), number_text(answer_number(dry, "calls_estimate"), d));

		draw_text(lines, ROLE_TITLE, text);
		mem_free(text);
	}
	for (one = json_first(json_get(answer, "verdicts")); one; one = json_next(one))
		draw_verdict(lines, one);
	for (one = json_first(json_get(answer, "lines")); one; one = json_next(one))
		draw_line(lines, one);
}

static void draw_differences(struct lines *lines, const struct json *answer)
{
	for (const struct json *one = json_first(json_get(answer, "audiences")); one; one = json_next(one)) {
		const char *name = json_get_string(one, "name");
		char *text = mem_printf(_("%s: %" PRId64 " in both, %" PRId64 " missing, %" PRId64 " extra, %" PRId64 " unexplained"), name ? name : "", answer_number(one, "both"),
			answer_number(one, "missing"), answer_number(one, "extra"), answer_number(one, "unexplained"));

		draw_text(lines, answer_number(one, "unexplained") > 0 ? ROLE_WARNING : ROLE_TEXT, text);
		mem_free(text);
	}
	for (const struct json *one = json_first(json_get(answer, "differences")); one; one = json_next(one)) {
		const char *side = json_get_string(one, "side"), *message = json_get_string(one, "message");
		bool missing = side && strcmp(side, "missing") == 0, explained = json_is_true(json_get(one, "explained"));
		int64_t lead = answer_number(one, "lead_id");
		char *who = lead > 0 ? mem_printf("%" PRId64, lead) : mem_strdup("***"); /* not shown to everybody */
		char *text = mem_printf("%s %s %s: %s", glyph(explained ? GLYPH_GOOD : GLYPH_WARNING), missing ? "-" : "+", who, message ? message : "");

		draw_text(lines, explained ? ROLE_TEXT : ROLE_WARNING, text);
		mem_free(text);
		mem_free(who);
	}
}

static void draw_trouble(struct lines *lines, const struct json *answer)
{
	const struct json *error = json_get(answer, "error");
	const char *message = json_get_string(error, "message"), *hint = json_get_string(error, "hint");

	if (message)
		draw_text(lines, ROLE_WARNING, message);
	draw_to_do(lines, hint);
}

static void draw_choices(const struct migrate_screen *screen, struct lines *lines)
{
	char *text = mem_printf(_("Source: %s"), screen->source && *screen->source ? screen->source : _("none yet: V2 is made disabled (B)"));

	draw_text(lines, ROLE_TEXT, text);
	mem_free(text);
	text = mem_printf(_("People who are not found: %s (C)"), screen->creates ? _("created") : _("left out"));
	draw_text(lines, ROLE_TEXT, text);
	mem_free(text);
	text = mem_printf(_("Lists: %s (J)  Folder of new ones: %s (F)"), screen->new_lists ? _("new ones") : _("V1's are kept"), screen->folder && *screen->folder ? screen->folder : "-");
	draw_text(lines, ROLE_TEXT, text);
	mem_free(text);
}

static void draw_told(const struct migrate_screen *screen, struct lines *lines)
{
	static const char *const about[GO_STEPS] = {
		[GO_PICK] = N_("Space picks, A picks all; ] goes on. V1 keeps running until step 6."),
		[GO_COMPARE] = N_("Enter compares V1 with what V2 would be."),
		[GO_DRY_RUN] = N_("Enter tells what V2's first run would do. Nothing is written."),
		[GO_CREATE] = N_("Enter makes V2. Nothing was written before; V1 keeps running until step 6."),
		[GO_VERIFY] = N_("r runs V2; Enter then holds its lists against V1's."),
		[GO_PAUSE] = N_("Enter disables V1 once the lists agree; u takes it back."),
		[GO_DELETE] = N_("Enter deletes V1 that was disabled: this cannot be undone. The export stays with the report."),
	};
	const struct migration *flow = screen->cursor.at < screen->flows.count ? &screen->flows.at[screen->cursor.at] : NULL;
	const struct json *answer = flow ? migrate_answer(screen, screen->at, flow->name) : NULL;

	draw_text(lines, ROLE_DIM, _(about[screen->at]));
	if (screen->at <= GO_CREATE)
		draw_choices(screen, lines);
	if (!answer && flow && screen->at > GO_VERIFY)
		answer = migrate_answer(screen, GO_VERIFY, flow->name);
	if (screen->at > GO_CREATE)
		draw_trouble(lines, answer);
	draw_differences(lines, screen->at > GO_CREATE ? answer : NULL);
	draw_plan(lines, screen->at <= GO_CREATE ? answer : NULL);
}

static void draw_detail(struct migrate_screen *screen, struct area area)
{
	struct lines lines = { .area = area, .row = -(int)screen->scroll };
	int64_t seconds = (clock_mono_ms() - screen->since) / 1000;

	if (screen->ask) {
		paint_format(area, 0, 1, 0, ROLE_BUSY, _("%s %s, %" PRId64 " s%s"), glyph(GLYPH_BUSY), screen->asked, seconds, screen->careful ? "" : _("; Esc stops it"));
		return;
	}
	draw_told(screen, &lines);
	if (lines.row < 1 && screen->scroll) /* beyond the end: the last line stays */
		screen->scroll = screen->scroll > (size_t)(1 - lines.row) ? screen->scroll - (size_t)(1 - lines.row) : 0;
}

void migrate_draw(struct layer *layer, struct area area)
{
	struct migrate_screen *screen = (struct migrate_screen *)layer;
	struct area box = { area.row + 1, area.column, area.rows - 1, area.columns }, inside = area_inside(box);
	int room = inside.rows / 2 > 8 ? 8 : inside.rows / 2, rows = (int)screen->flows.count < room ? (int)screen->flows.count : room;
	char *title = mem_printf(_("V1 dataflows %zu, %zu picked"), screen->flows.count, screen->picked.count);

	draw_stepper(screen, area);
	paint_frame(box, title, NULL, false);
	mem_free(title);
	if (!rows)
		paint_wrapped(inside, 0, 4, ROLE_TEXT, _("No V1 dataflow was imported yet. I takes them from a file: the reply of GET /flows as the Flow Service sent it."));
	cursor_fit(&screen->cursor, screen->flows.count, (size_t)rows);
	for (int row = 0; row < rows && screen->cursor.top + (size_t)row < screen->flows.count; row++)
		draw_flow(screen, inside, row, screen->cursor.top + (size_t)row);
	if (!rows)
		return;
	paint_rule(box, rows + 1, screen->flows.at[screen->cursor.at].name, NULL);
	draw_detail(screen, (struct area){ inside.row + rows + 1, inside.column, inside.rows - rows - 1, inside.columns });
}
