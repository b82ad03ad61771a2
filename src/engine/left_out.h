/* Attributes that a run leaves out: told at its end as reasons, one for each field and rule. */
#ifndef ENGINE_LEFT_OUT_H
#define ENGINE_LEFT_OUT_H

#include "base/vec.h"
#include "engine/read.h"
#include "engine/recipe.h"
#include "model/run.h"

#include <stdint.h>

struct left_out {
	unsigned row; /* of the recipe */
	char *why;
	int64_t count;
};
struct left_outs {
	VEC(struct left_out) rows;
};

void left_out_count(struct left_outs *all, const struct item *item);
void left_out_tell(const struct left_outs *all, const struct recipe *recipe, struct run *run);
void left_out_done(struct left_outs *all);

#endif
