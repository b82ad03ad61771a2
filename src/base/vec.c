#include "base/vec.h"

#include "base/mem.h"

#include <stdint.h>

void *vec_grow(void *old, size_t *capacity, size_t element)
{
	size_t more = *capacity ? *capacity : 4;

	/* An impossible size makes mem_realloc report and abort, as for any other lack of memory. */
	if (*capacity > SIZE_MAX / 2 - more || *capacity + more > SIZE_MAX / 2 / element)
		return mem_realloc(old, SIZE_MAX);
	*capacity += more;
	return mem_realloc(old, *capacity * element);
}

void vec_release(void *block)
{
	mem_free(block);
}
