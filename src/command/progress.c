#include "command/progress.h"

#include "base/i18n.h"
#include "base/text.h"
#include "command/table.h"

#include <inttypes.h>
#include <langinfo.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { BAR = 20, DEFAULT_COLUMNS = 80 };

static const char *const phases[] = {
	[ENGINE_READING] = N_("reading"),
	[ENGINE_SORTING] = N_("sorting"),
	[ENGINE_PLANNING] = N_("planning"),
	[ENGINE_SENDING] = N_("sending"),
	[ENGINE_COMPARING] = N_("comparing"),
	[ENGINE_FOLLOWING] = N_("following"),
};

void progress_init(struct progress *progress, bool quiet)
{
	*progress = (struct progress){ .wanted = !quiet && isatty(STDERR_FILENO) };
}

static void add_bar(const struct engine_progress *now, bool utf8, struct str *out)
{
	int filled = now->done >= now->total ? BAR : (int)((double)now->done / (double)now->total * BAR);

	str_add_char(out, '[');
	for (int i = 0; i < BAR; i++)
		str_add(out, i < filled ? (utf8 ? "\xe2\x96\x88" : "#") : (utf8 ? "\xc2\xb7" : "."));
	str_add_format(out, "] %3d %%", now->done >= now->total ? 100 : (int)((double)now->done / (double)now->total * 100));
}

static void add_time_left(int64_t seconds, struct str *out)
{
	str_add(out, "  ");
	if (seconds >= 3600)
		str_add_format(out, "%" PRId64 ":%02d:", seconds / 3600, (int)(seconds / 60 % 60));
	else
		str_add_format(out, "%d:", (int)(seconds / 60));
	str_add_format(out, _("%02d left"), (int)(seconds % 60));
}

static void add_counts(const struct engine_progress *now, struct str *out)
{
	if (now->phase == ENGINE_SENDING)
		str_add_format(out, "  %" PRId64 "/%" PRId64, now->done, now->total);
	else if (now->phase == ENGINE_COMPARING)
		str_add_format(out, _("  %" PRId64 " members"), now->done);
	else if (now->phase == ENGINE_READING)
		str_add_format(out, "  %.1f MB", (double)now->done / 1e6);
	if (now->records_per_second >= 0.5)
		str_add_format(out, _("  %.0f people/s"), now->records_per_second);
	if (now->seconds_left >= 0)
		add_time_left(now->seconds_left, out);
	if (now->run)
		str_add_format(out, _("  %" PRId64 " calls"), run_calls(now->run));
	if (now->run && now->run->state == RUN_PAUSED)
		str_add(out, _("  paused"));
	else if (now->gate.opens_in_ms > 1000)
		str_add_format(out, _("  waiting %" PRId64 " s for Marketo's limit"), (now->gate.opens_in_ms + 999) / 1000);
}

void progress_line(const struct engine_progress *now, int columns, bool utf8, struct str *out)
{
	struct str line = { 0 };
	size_t length;

	str_add_format(&line, "%-9s ", _(phases[now->phase]));
	if (now->total > 0)
		add_bar(now, utf8, &line);
	add_counts(now, &line);
	/* The last column stays free: some terminals would begin a new line. */
	length = line.length;
	while (length && table_width(str_text(&line)) >= (size_t)(columns > 1 ? columns : 1)) {
		length = text_cut(line.text, length, length - 1);
		line.text[length] = '\0';
	}
	str_add(out, str_text(&line));
	str_done(&line);
}

static int terminal_columns(void)
{
	struct winsize size;

	return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col ? size.ws_col : DEFAULT_COLUMNS;
}

void progress_show(struct progress *progress, const struct engine_progress *now)
{
	struct str line = { 0 };

	if (!progress->wanted)
		return;
	progress_line(now, terminal_columns(), strcmp(nl_langinfo(CODESET), "UTF-8") == 0, &line);
	fprintf(stderr, "\r%s\033[K", str_text(&line));
	progress->shown = true;
	str_done(&line);
}

void progress_clear(struct progress *progress)
{
	if (progress->shown)
		fprintf(stderr, "\r\033[K");
	progress->shown = false;
}
