/* Static lists as they are kept, and the folders they live in. */
#ifndef SANDBOX_LISTS_H
#define SANDBOX_LISTS_H

#include "sandbox/box.h"

struct folder {
	int64_t id, parent; /* the parent is a folder; 0: none */
	const char *name;
	const char *kind; /* folderType */
	const char *workspace;
	bool program; /* ids of programs are counted apart from those of folders */
	bool system, archive, holds_lists;
};

const struct folder *folder_get(int64_t id, bool program);
/* One more below Campaigns 2026, for tests, of any name; 0: no room. */
int64_t folder_add(const char *name);
void folders_forget(void); /* what was added */
void put_folder_reference(struct json_out *w, const char *name, int64_t id, bool program);
/* A reference from outside: {"id":1,"type":"Folder|Program"}, or where `bare` is allowed also its id alone. NULL when refused: 609 no JSON,
 * 701 a part is missing, 711 wrong type, 710 there is no such folder. */
const struct folder *folder_take(struct call *call, const char *name, const char *text, bool bare);

struct list {
	int64_t id, created, updated; /* id 0: there is none */
	char *name, *description;
	const struct folder *folder;
};

void list_done(struct list *list);
enum status list_load(struct sandbox *box, int64_t id, struct list *out, struct error *err);
enum status list_named(struct sandbox *box, const char *name, struct list *out, struct error *err);
/* The first list with a higher id than `after`. */
enum status list_next(struct sandbox *box, int64_t after, struct list *out, struct error *err);
enum status list_insert(struct sandbox *box, struct list *list, struct error *err); /* sets id and times */
enum status list_update(struct sandbox *box, const struct list *list, struct error *err);
enum status list_delete(struct sandbox *box, int64_t id, struct error *err); /* with its members */

enum status member_is(struct sandbox *box, int64_t list, int64_t person, bool *member, struct error *err);
enum status member_add(struct sandbox *box, int64_t list, int64_t person, struct error *err);
enum status member_remove(struct sandbox *box, int64_t list, int64_t person, struct error *err);
/* The winner of a merge is in every list that the loser is in. */
enum status members_inherit(struct sandbox *box, int64_t winner, int64_t loser, struct error *err);
enum status member_count(struct sandbox *box, int64_t list, int64_t *count, struct error *err);
/* At most `limit` members with a higher id than `after`, in order. */
enum status member_page(struct sandbox *box, int64_t list, int64_t after, size_t limit, numbers *out, struct error *err);

#endif
