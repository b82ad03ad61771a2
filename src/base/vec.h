/*
 * Typed growing arrays. `VEC(struct field) fields = {0};` then vec_push(&fields, value). The owner frees what the elements
 * own, then calls vec_done. Elements move when the array grows: keep indexes, not pointers.
 */
#ifndef BASE_VEC_H
#define BASE_VEC_H

#include <stddef.h>

#define VEC(type)                                                                                                                  \
	struct {                                                                                                                   \
		type *at;                                                                                                          \
		size_t count;                                                                                                      \
		size_t capacity;                                                                                                   \
	}

#define vec_push(v, value)                                                                                                         \
	do {                                                                                                                       \
		if ((v)->count == (v)->capacity)                                                                                   \
			(v)->at = vec_grow((v)->at, &(v)->capacity, sizeof *(v)->at);                                              \
		(v)->at[(v)->count++] = (value);                                                                                   \
	} while (0)

#define vec_done(v)                                                                                                                \
	do {                                                                                                                       \
		vec_release((v)->at);                                                                                              \
		(v)->at = NULL;                                                                                                    \
		(v)->count = (v)->capacity = 0;                                                                                    \
	} while (0)

void *vec_grow(void *old, size_t *capacity, size_t element);
void vec_release(void *block);

#endif
