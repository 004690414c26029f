// Prints where the stack lies when a window's loads run: the number of places, most loads in a row at one of them, and the bytes
// between the first and the last.
//
//   PROGRAM [KEY=VALUE ...] STREAM
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define load load_of_strategy
#include "../../../strategies/floor.c"
#undef load

static uintptr_t first, last, current;
static uint32_t places, in_a_row, most_in_a_row;

/* It may not be inlined: its frame would be that of the function that runs all operations. */
static __attribute__((noinline)) void load(struct VCPU *vcpu, uint32_t cpu)
{
	uintptr_t place = (uintptr_t)__builtin_frame_address(0);

	if (place != current) {
		current = place;
		places++;
		in_a_row = 0;
	}
	if (++in_a_row > most_in_a_row)
		most_in_a_row = in_a_row;
	first = place < first ? place : first;
	last = place > last ? place : last;
	load_of_strategy(vcpu, cpu);
}

#include "../../../harness/native/replay.h"

int main(int count, char **arguments)
{
	struct stream stream;

	while (count > 2 && set_host_parameter(*++arguments))
		;
	stream = open_stream(*arguments);
	create_replay(&stream);
	set_up(&stream);
	places = most_in_a_row = 0;
	first = UINTPTR_MAX;
	last = current = 0;
	expect_windows(1);
	run_window(&stream);
	printf("{\"places\":%u,\"mostInARow\":%u,\"bytes\":%lu}\n", places, most_in_a_row, (unsigned long)(last - first));
	return 0;
}
