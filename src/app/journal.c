#include "app/journal.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

enum status journal_open(struct journal *journal, const char *path, bool json, struct error *err)
{
	*journal = (struct journal){ .fd = STDERR_FILENO, .path = path, .json = json };
	if (!path)
		return STATUS_OK;
	journal->fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
	return journal->fd >= 0 ? STATUS_OK : error_set(err, STATUS_USAGE, "file", _("cannot write %s: %s"), path, strerror(errno));
}

enum status journal_reopen(struct journal *journal, struct error *err)
{
	struct journal fresh;
	enum status status;

	if (!journal->path)
		return STATUS_OK;
	status = journal_open(&fresh, journal->path, journal->json, err);
	if (status != STATUS_OK)
		return status;
	close(journal->fd);
	journal->fd = fresh.fd;
	journal->torn = false;
	return STATUS_OK;
}

void journal_close(struct journal *journal)
{
	if (journal->path && journal->fd >= 0)
		close(journal->fd);
	str_done(&journal->line);
}

void journal_begin(struct journal *journal, const char *level, const char *event)
{
	char now[CLOCK_TEXT];

	str_clear(&journal->line);
	if (journal->torn)
		str_add_char(&journal->line, '\n');
	clock_format(clock_wall_ms(), now);
	if (!journal->json) {
		str_add_format(&journal->line, "%s %s %s", now, level, event);
		return;
	}
	json_out_init(&journal->w, &journal->line);
	json_object(&journal->w);
	json_pair_string(&journal->w, "time", now);
	json_pair_string(&journal->w, "level", level);
	json_pair_string(&journal->w, "event", event);
}

void journal_text(struct journal *journal, const char *key, const char *value)
{
	struct str clean = { 0 };

	if (!value || !*value)
		return;
	text_clean(&clean, value, strlen(value));
	if (journal->json) {
		json_pair_string(&journal->w, key, str_text(&clean));
	} else {
		str_add_format(&journal->line, " %s=", key);
		json_quote(&journal->line, str_text(&clean), clean.length);
	}
	str_done(&clean);
}

void journal_number(struct journal *journal, const char *key, int64_t value)
{
	if (journal->json)
		json_pair_i64(&journal->w, key, value);
	else
		str_add_format(&journal->line, " %s=%" PRId64, key, value);
}

/* A log that cannot be written (full disk) stops nothing. */
void journal_end(struct journal *journal)
{
	ssize_t written;

	if (journal->json)
		json_object_end(&journal->w);
	str_add_char(&journal->line, '\n');
	written = write(journal->fd, journal->line.text, journal->line.length);
	if (written > 0)
		journal->torn = journal->line.text[written - 1] != '\n';
}
