/* Static lists: finding, making, membership; folders and programs (swagger-mapi, swagger-asset). */
#ifndef MARKETO_LISTS_H
#define MARKETO_LISTS_H

#include "marketo/leads.h"

struct list_info {
	int64_t id;
	const char *name, *program, *workspace, *description; /* may be NULL but name; live as long as the answer */
	int64_t folder_id;     /* 0: not told (lists.json does not) */
	bool folder_is_program;
};
typedef void (*lists_done)(void *self, const struct marketo_answer *answer, const struct list_info *lists, size_t count, const char *next_page);

/* One page of lists.json (300). names/ids: NULL or one value. page: a nextPageToken or NULL. */
void lists_page(struct marketo *m, const char *name, int64_t id, const char *page, lists_done done, void *self);
/* The Asset API by name and by id: tells the folder. None found: OK with count 0. */
void list_by_name(struct marketo *m, const char *name, lists_done done, void *self);
void list_by_id(struct marketo *m, int64_t id, lists_done done, void *self);
/* POST staticLists.json; 709 = OUTCOME_REFUSED with code 709: look it up by name. */
void list_create(struct marketo *m, const char *name, int64_t folder_id, bool folder_is_program, const char *description, lists_done done, void *self);

/* POST delete.json, with its members. Harmless to repeat: list_is_missing tells that there is no such list. */
void list_drop(struct marketo *m, int64_t id, marketo_done done, void *self);
/* Does the answer say that there is no such list? */
bool list_is_missing(const struct marketo_answer *answer);

/* Membership, at most 300: additions in a JSON body, removals as `id` parameters. Results by id where ids are told (a reply that speaks of other ids:
 * RECORD_UNKNOWN for the missing), else by position. Whoever a reply leaves out is looked at in the list (ismember) before it is told. */
void list_add(struct marketo *m, int64_t list_id, const int64_t *ids, size_t count, records_done done, void *self);
void list_remove(struct marketo *m, int64_t list_id, const int64_t *ids, size_t count, records_done done, void *self);

typedef void (*members_done)(void *self, const struct marketo_answer *answer, const int64_t *ids, size_t count, const char *next_page);
/* One page (300). fields: names with commas between them, `id` among them, for the caller to read from the answer; NULL: ids are enough. */
void list_members(struct marketo *m, int64_t list_id, const char *fields, const char *page, members_done done, void *self);

struct folder_info {
	int64_t id;
	bool is_program, is_system;
	const char *name, *path, *workspace; /* path: where told */
	const char *type; /* folderType, where told: "Marketing Folder", "Email", "Zone" */
};
typedef void (*folders_done)(void *self, const struct marketo_answer *answer, const struct folder_info *folders, size_t count);
/* Folders and programs a list could live in: one page (200) from offset; depth 20. */
void folders_page(struct marketo *m, const char *workspace, int offset, folders_done done, void *self);
void folder_by_name(struct marketo *m, const char *name, bool program, const char *workspace, folders_done done, void *self);
void folder_by_id(struct marketo *m, int64_t id, bool program, folders_done done, void *self);

#endif
