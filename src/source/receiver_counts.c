/* What a receiver says of itself to those who only look: a line beside its lock, overwritten in place. Not for the day after, so nothing waits for the disk. */
#include "base/mem.h"
#include "base/text.h"
#include "source/inbox.h"
#include "source/receiver_counts.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { CONTENT = 3 * 20 }; /* bytes: three numbers, each with what ends it */

static char *counts_path(const char *folder)
{
	return mem_printf("%s/receiver.counts", folder);
}

int receiver_counts_open(const char *folder)
{
	char *path = counts_path(folder);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);

	mem_free(path);
	return fd;
}

/* Always of one length, so that who reads meanwhile finds one or the other. */
void receiver_counts_tell(int fd, const struct receiver_counts *counts)
{
	char text[CONTENT + 1];

	snprintf(text, sizeof text, "%019" PRId64 " %019" PRId64 " %019" PRId64 "\n", counts->messages, counts->refused, counts->turned_away);
	if (fd >= 0 && pwrite(fd, text, CONTENT, 0) != CONTENT)
		(void)!ftruncate(fd, 0); /* then nothing is told, rather than something old */
}

static bool read_counts(const char *folder, struct receiver_counts *out)
{
	int64_t *const numbers[] = { &out->messages, &out->refused, &out->turned_away };
	char text[CONTENT + 1] = "", *rest = text, *path = counts_path(folder);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	bool good = fd >= 0 && read(fd, text, CONTENT) == CONTENT;

	mem_free(path);
	if (fd >= 0)
		close(fd);
	for (size_t i = 0; good && i < sizeof numbers / sizeof *numbers; i++) {
		const char *word = strsep(&rest, " \n");
		long long number;

		good = word && text_to_i64(word, 0, INT64_MAX, &number);
		*numbers[i] = good ? number : 0;
	}
	return good;
}

void receiver_look(const char *folder, struct receiver_view *out)
{
	inbox_segments segments = { 0 };
	struct inbox_place taken;

	*out = (struct receiver_view){ 0 };
	/* Who has not found a port yet does not listen. */
	out->listening = receiver_is_there(folder, &out->holder) && out->holder.about > 0;
	out->counted = out->listening && read_counts(folder, &out->counts);
	inbox_taken(folder, &taken);
	if (inbox_list(folder, &segments, NULL) == STATUS_OK)
		out->waiting = inbox_waiting(&segments, &taken);
	vec_done(&segments);
}
