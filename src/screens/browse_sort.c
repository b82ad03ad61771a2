/* The order of a table's rows: as the answer came, or by one of the columns that are seen. */
#include "base/mem.h"
#include "screens/browse_inside.h"

#include <string.h>

/* A number as it is shown, whatever separates its digits. */
static int compare_numbers(const char *a, const char *b)
{
	size_t digits_a = 0, digits_b = 0;

	for (const char *at = a; *at; at++)
		digits_a += *at >= '0' && *at <= '9';
	for (const char *at = b; *at; at++)
		digits_b += *at >= '0' && *at <= '9';
	/* Neither has leading zeros, and both are separated alike: the longer is the larger. */
	return digits_a != digits_b ? (digits_a < digits_b ? -1 : 1) : strcmp(a, b);
}

/* Texts from the first letter on, numbers and times from the largest on; what is not there comes last. */
static int compare(const struct browse_column *column, const char *a, const char *b)
{
	if (!a || !b)
		return (!a) - (!b);
	if (column->kind == CELL_NUMBER)
		return compare_numbers(b, a);
	return column->kind == CELL_TIME ? strcmp(b, a) : strcmp(a, b);
}

/* By merging, so that equals stay as they were. */
static void sort(struct browse *browse, size_t *rows, size_t *room, size_t count)
{
	const struct browse_column *column = &browse_kind_of(browse)->columns[browse->sorted - 1];
	size_t half = count / 2, left = 0, right = half;

	if (count < 2)
		return;
	sort(browse, rows, room, half);
	sort(browse, rows + half, room, count - half);
	for (size_t i = 0; i < count; i++) {
		bool second = left == half || (right < count && compare(column, browse->rows.at[rows[right]].cells[browse->sorted - 1],
			browse->rows.at[rows[left]].cells[browse->sorted - 1]) < 0);

		room[i] = rows[second ? right++ : left++];
	}
	memcpy(rows, room, count * sizeof *rows);
}

void browse_sort(struct browse *browse)
{
	size_t *room;

	if (!browse->sorted || browse->shown.count < 2)
		return;
	room = mem_array(browse->shown.count, sizeof *room);
	sort(browse, browse->shown.at, room, browse->shown.count);
	mem_free(room);
}

void browse_sort_next(struct browse *browse)
{
	const struct browse_kind *kind = browse_kind_of(browse);

	/* Those that only the strip shows are passed over; they stand behind the others. */
	browse->sorted++;
	if (browse->sorted > BROWSE_COLUMNS || !kind->columns[browse->sorted - 1].title || !kind->columns[browse->sorted - 1].columns)
		browse->sorted = 0;
}
