/* What is there from the start: lists with awkward names, and as many people as are asked for, always the same ones. */
#include "base/mem.h"
#include "db/db.h"
#include "sandbox/lists.h"
#include "sandbox/people.h"

static const struct {
	const char *name, *description;
	int64_t folder;
	bool program;
} lists[] = {
	{ "Newsletter subscribers", "Everyone who takes the monthly letter", 23, false },
	{ "VIP, gold and silver", "A name with a comma", 21, false },
	{ "Caf\xc3\xa9 & th\xc3\xa9 \xe2\x80\x93 \xc3\xa9t\xc3\xa9 2026", NULL, 21, false },
	{ "\xe4\xbc\x9a\xe5\x93\xa1\xe3\x83\xaa\xe3\x82\xb9\xe3\x83\x88", NULL, 12, false },
	{ "\xd0\x9a\xd0\xbb\xd0\xb8\xd0\xb5\xd0\xbd\xd1\x82\xd1\x8b", NULL, 13, false },
	{ "\xd9\x82\xd8\xa7\xd8\xa6\xd9\x85\xd8\xa9", NULL, 13, false },
	{ "Spring Launch registrants", NULL, 1001, true },
	{ "Customer Day guests", NULL, 24, true },
};

static const char *const first_names[] = { "Ada", "Ben", "Clara", "Dirk", "Elsa", "Femi", "Gita", "Hugo", "Ines", "Jan", "Kim", "Lena" };
static const char *const last_names[] = { "Archer", "Baker", "Carter", "Draper", "Fisher", "Gardner", "Hunter", "Mason", "Miller", "Porter", "Sawyer",
	"Taylor", "Weaver" };

enum { FIRST_NAMES = sizeof first_names / sizeof *first_names, LAST_NAMES = sizeof last_names / sizeof *last_names };

static enum status seed_lists(struct sandbox *box, struct error *err)
{
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		struct list list = { .name = mem_strdup(lists[i].name), .description = mem_strdup(lists[i].description),
			.folder = folder_get(lists[i].folder, lists[i].program) };
		enum status status = list_insert(box, &list, err);

		list_done(&list);
		if (status != STATUS_OK)
			return status;
	}
	return STATUS_OK;
}

static enum status seed_people(struct sandbox *box, int64_t count, struct error *err)
{
	enum status status = STATUS_OK;

	for (int64_t i = 1; i <= count && status == STATUS_OK; i++) {
		struct person person = { .partition = 1 };

		person.fields = mem_printf("{\"email\":\"person%04lld@example.com\",\"firstName\":\"%s\",\"lastName\":\"%s\",\"customerNumber\":\"C%04lld\"}",
			(long long)i, first_names[i % FIRST_NAMES], last_names[i % LAST_NAMES], (long long)i);
		status = person_insert(box, &person, err);
		person_done(&person);
	}
	return status;
}

enum status seed_all(struct sandbox *box, int64_t people, struct error *err)
{
	enum status status = db_begin(box->db, err);

	if (status == STATUS_OK)
		status = seed_lists(box, err);
	if (status == STATUS_OK)
		status = seed_people(box, people, err);
	if (status == STATUS_OK)
		return db_commit(box->db, err);
	db_rollback(box->db);
	return status;
}
