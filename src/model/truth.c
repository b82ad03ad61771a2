#include "model/truth.h"

#include "base/mem.h"

void verification_init(struct verification *verification)
{
	*verification = (struct verification){ .ok = false };
}

void verification_done(struct verification *verification)
{
	for (size_t i = 0; i < verification->audiences.count; i++)
		mem_free(verification->audiences.at[i].name);
	vec_done(&verification->audiences);
	verification_init(verification);
}

void adoption_done(struct adoption *adoption)
{
	for (size_t i = 0; i < adoption->audiences.count; i++)
		mem_free(adoption->audiences.at[i].name);
	vec_done(&adoption->audiences);
}
