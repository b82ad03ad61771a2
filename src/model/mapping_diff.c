/* One revision of a mapping against another, target by target: what a reviewer reads. */
#include "model/mapping.h"

#include "base/mem.h"

#include <string.h>

static char *row_text(const struct mapping_row *row)
{
	return mem_printf("%s%s%s", row->source, row->clear ? ":clear" : "", row->create_only ? ":create-only" : "");
}

/* Takes the texts over. */
static void add(mapping_changes *out, const char *target, char *was, char *now)
{
	struct mapping_change change = { .target = mem_strdup(target), .was = was, .now = now };

	vec_push(out, change);
}

void mapping_compare(const struct mapping *from, const struct mapping *to, mapping_changes *out)
{
	for (size_t i = 0; i < from->rows.count; i++) {
		const struct mapping_row *row = &from->rows.at[i], *other = mapping_target(to, row->target);
		char *was = row_text(row), *now = other ? row_text(other) : NULL;

		if (now && strcmp(was, now) == 0) {
			mem_free(was);
			mem_free(now);
		} else {
			add(out, row->target, was, now);
		}
	}
	for (size_t i = 0; i < to->rows.count; i++)
		if (!mapping_target(from, to->rows.at[i].target))
			add(out, to->rows.at[i].target, NULL, row_text(&to->rows.at[i]));
}

const char *mapping_change_text(const struct mapping_change *change)
{
	return !change->was ? "added" : !change->now ? "removed" : "changed";
}

void mapping_changes_done(mapping_changes *changes)
{
	for (size_t i = 0; i < changes->count; i++) {
		mem_free(changes->at[i].target);
		mem_free(changes->at[i].was);
		mem_free(changes->at[i].now);
		mem_free(changes->at[i].who);
	}
	vec_done(changes);
}
