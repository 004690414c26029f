// A seeded source of random choices: random.ts. The generator is xoroshiro128+ (Blackman and Vigna, 2018), with the
// seeding and the draws of the npm package pure-rand.
#pragma once

#include <stdint.h>

struct random {
	uint64_t s0;
	uint64_t s1;
};

static inline struct random random_from(uint32_t seed)
{
	return (struct random){ (uint64_t)UINT32_MAX << 32 | (uint32_t)~seed, (uint64_t)seed << 32 };
}

static inline uint64_t rotate_left(uint64_t word, uint32_t bits)
{
	return word << bits | word >> (64 - bits);
}

static inline uint32_t random_next(struct random *random)
{
	uint64_t s0 = random->s0, s1 = random->s1;
	uint64_t both = s0 ^ s1;

	random->s0 = rotate_left(s0, 24) ^ both ^ both << 16;
	random->s1 = rotate_left(both, 37);
	return (uint32_t)(s0 + s1);
}

/* An integer from 0 to `end` - 1, by rejection: a remainder of all draws would favour small integers. */
static inline uint32_t random_below(struct random *random, uint32_t end)
{
	uint64_t most = end > 2 ? ((uint64_t)1 << 32) / end * end : (uint64_t)1 << 32;
	uint32_t draw;

	do
		draw = random_next(random) ^ 0x80000000u;
	while (draw >= most);
	return draw % end;
}

/* Writes the integers from 0 to `count` - 1 in random order (Fisher-Yates). */
static inline void random_permutation(struct random *random, uint32_t *order, uint32_t count)
{
	for (uint32_t index = 0; index < count; index++)
		order[index] = index;
	for (uint32_t last = count - 1; last > 0; last--) {
		uint32_t other = random_below(random, last + 1);
		uint32_t swapped = order[last];

		order[last] = order[other];
		order[other] = swapped;
	}
}
