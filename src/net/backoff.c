#include "net/gate.h"

/* splitmix64: small, well spread, and the same on every machine, so that a test can foretell the waits. */
static uint64_t next_random(uint64_t *seed)
{
	uint64_t z = *seed += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

int64_t backoff_ms(int attempt, int64_t base, int64_t cap, uint64_t *seed)
{
	int64_t top;

	base = base > 0 ? base : 1;
	cap = cap > base ? cap : base;
	top = base;
	/* Doubling stops at the cap, so it cannot overflow whatever `attempt` is. */
	for (int i = 0; i < attempt && top < cap; i++)
		top = top > cap / 2 ? cap : top * 2;
	return base + (int64_t)(next_random(seed) % (uint64_t)(top - base + 1));
}
