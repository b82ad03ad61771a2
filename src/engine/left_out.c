#include "engine/left_out.h"

#include "base/i18n.h"
#include "base/mem.h"

#include <string.h>

static struct left_out *find(struct left_outs *all, const struct item_value *value)
{
	size_t i;

	for (i = 0; i < all->rows.count; i++) {
		struct left_out *row = &all->rows.at[i];

		if (row->row == value->row && strlen(row->why) == value->length && memcmp(row->why, value->text, value->length) == 0)
			return row;
	}
	vec_push(&all->rows, ((struct left_out){.row = value->row, .why = mem_strndup(value->text, value->length)}));
	return &all->rows.at[i];
}

void left_out_count(struct left_outs *all, const struct item *item)
{
	size_t i;

	for (i = 0; i < item->left_out.count; i++)
		find(all, &item->left_out.at[i])->count++;
}

void left_out_tell(const struct left_outs *all, const struct recipe *recipe, struct run *run)
{
	size_t i;

	for (i = 0; i < all->rows.count; i++) {
		const struct left_out *left = &all->rows.at[i];
		const struct field *field = recipe->rows.at[left->row].field;
		char *message = mem_printf(_("%s (%s) was left out: %s"), field->label ? field->label : field->name, field->name, field_reason_text(left->why));

		run_reason_add(run, left->why, message, SEVERITY_WARNING, left->count);
		mem_free(message);
	}
}

void left_out_done(struct left_outs *all)
{
	size_t i;

	for (i = 0; i < all->rows.count; i++)
		mem_free(all->rows.at[i].why);
	vec_done(&all->rows);
}
