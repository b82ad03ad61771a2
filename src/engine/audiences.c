#include "engine/audiences.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/vec.h"

#include <string.h>

enum { SEEN_SLOTS = 2048, SEEN_MOST = 1500 /* further ids are matched without being remembered */ };

struct seen {
	char *id;
	int index; /* -1: none of ours so far */
};

struct learnt {
	char *id, *name;
};

struct audiences {
	struct dataflow *dataflow;
	struct seen seen[SEEN_SLOTS]; /* open addressing */
	size_t seen_count;
	VEC(struct learnt) learnt; /* one per audience of the dataflow */
};

struct audiences *audiences_new(struct dataflow *dataflow)
{
	struct audiences *audiences = mem_alloc(sizeof *audiences);
	size_t i;

	audiences->dataflow = dataflow;
	for (i = 0; i < dataflow->audiences.count; i++)
		vec_push(&audiences->learnt, ((struct learnt){0}));
	return audiences;
}

void audiences_free(struct audiences *audiences)
{
	size_t i;

	if (!audiences)
		return;
	for (i = 0; i < SEEN_SLOTS; i++)
		mem_free(audiences->seen[i].id);
	for (i = 0; i < audiences->learnt.count; i++) {
		mem_free(audiences->learnt.at[i].id);
		mem_free(audiences->learnt.at[i].name);
	}
	vec_done(&audiences->learnt);
	mem_free(audiences);
}

static struct seen *seen_slot(struct audiences *audiences, const char *id)
{
	size_t at = 5381;
	const char *c;

	for (c = id; *c; c++)
		at = at * 33 ^ (unsigned char)*c;
	for (at %= SEEN_SLOTS; audiences->seen[at].id && strcmp(audiences->seen[at].id, id) != 0; at = (at + 1) % SEEN_SLOTS)
		;
	return &audiences->seen[at];
}

static int find_word(const struct audiences *audiences, const char *word)
{
	size_t i;

	for (i = 0; word && i < audiences->dataflow->audiences.count; i++)
		if (strcmp(audiences->dataflow->audiences.at[i].audience, word) == 0)
			return (int)i;
	return -1;
}

/* One audience of the dataflow, one id of the source. */
static enum status claim(struct audiences *audiences, int index, const char *id, struct error *err)
{
	struct learnt *learnt = &audiences->learnt.at[index];
	const char *word = audiences->dataflow->audiences.at[index].audience;

	if (!learnt->id) {
		learnt->id = mem_strdup(id);
		return STATUS_OK;
	}
	if (strcmp(learnt->id, id) == 0)
		return STATUS_OK;
	error_set(err, STATUS_USAGE, "ambiguous_audience", _("the audience name \"%s\" fits two audiences of the source: %s and %s"), word, learnt->id, id);
	error_hint(err, _("name the audience by its id: --audience %s"), learnt->id);
	return STATUS_USAGE;
}

static void remember(struct audiences *audiences, struct seen *slot, const char *id, int index)
{
	if (!slot->id && audiences->seen_count >= SEEN_MOST)
		return;
	if (!slot->id) {
		slot->id = mem_strdup(id);
		audiences->seen_count++;
	}
	slot->index = index;
}

static enum status match_anew(struct audiences *audiences, struct seen *slot, const struct membership *membership, int *index, struct error *err)
{
	bool passed_over = slot->id != NULL;

	*index = find_word(audiences, membership->audience);
	if (*index < 0)
		*index = find_word(audiences, membership->name);
	if (*index >= 0 && passed_over) {
		error_set(err, STATUS_USAGE, "late_audience_name", _("the source names the audience \"%s\" only after messages that gave its id alone (%s)"), membership->name,
			membership->audience);
		error_hint(err, _("name the audience by its id: --audience %s"), membership->audience);
		return STATUS_USAGE;
	}
	if (*index >= 0 && claim(audiences, *index, membership->audience, err) != STATUS_OK)
		return STATUS_USAGE;
	remember(audiences, slot, membership->audience, *index);
	return STATUS_OK;
}

enum status audiences_match(struct audiences *audiences, const struct membership *membership, int *index, struct error *err)
{
	struct seen *slot = seen_slot(audiences, membership->audience);

	*index = slot->id ? slot->index : -1;
	if (*index < 0 && (!slot->id || membership->name)) {
		enum status status = match_anew(audiences, slot, membership, index, err);

		if (status != STATUS_OK)
			return status;
	}
	if (*index >= 0 && membership->name && !audiences->learnt.at[*index].name)
		audiences->learnt.at[*index].name = mem_strdup(membership->name);
	return STATUS_OK;
}

static bool put(char **slot, const char *text)
{
	if (!text || (*slot && strcmp(*slot, text) == 0))
		return false;
	mem_replace(slot, text);
	return true;
}

bool audiences_learn(struct audiences *audiences)
{
	bool news = false;
	size_t i;

	for (i = 0; i < audiences->learnt.count; i++) {
		struct flow_audience *to = &audiences->dataflow->audiences.at[i];

		news |= put(&to->audience_id, audiences->learnt.at[i].id);
		news |= put(&to->audience_name, audiences->learnt.at[i].name);
	}
	return news;
}
