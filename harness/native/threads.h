// Several threads on one host; see harness/contention/threaded-child.ts. Each replays its own window. They start together,
// and all end when the first is done. Threads are created for each run, and the time starts when all are there.
#pragma once

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

/* Has a cache line of its own, because threads spin on it. */
struct shared_word {
	uint32_t value;
	uint32_t rest[LINE_WORDS - 1];
} __attribute__((aligned(LINE_WORDS * 4)));

static struct shared_word arrived;
static struct shared_word is_stopped;

struct thread {
	pthread_t id;
	struct stream stream;
	/* The task: threads that run, and replays after which the run ends. */
	uint32_t threads;
	uint64_t count;
	/* The result. */
	uint64_t windows;
	uint64_t ns;
};

static struct thread *threads;
static uint32_t thread_count;

static void meet(uint32_t expected)
{
	__atomic_add_fetch(&arrived.value, 1, __ATOMIC_ACQ_REL);
	while (__atomic_load_n(&arrived.value, __ATOMIC_ACQUIRE) < expected)
		pause_spinning();
}

static void *replay_windows(void *argument)
{
	struct thread *self = argument;
	uint64_t start;

	/* The C library gives back the pages of a stack whose thread ends. */
	touch_stack(1 << STACK_BITS, 4096);
	meet(self->threads);
	start = now_ns();
	do {
		run_window(&self->stream);
		self->windows++;
	} while (self->windows < self->count && !__atomic_load_n(&is_stopped.value, __ATOMIC_RELAXED));
	self->ns = now_ns() - start;
	if (self->windows == self->count)
		__atomic_store_n(&is_stopped.value, 1, __ATOMIC_RELAXED);
	return NULL;
}

/* Replays the windows of the first threads at the same time, and prints the result. */
static void run_threads(uint32_t running, uint64_t count)
{
	if (running > thread_count)
		fail("run", "more threads than streams");
	if (window_events > 0)
		fail("run", "windows with interrupts or new VMs cannot run in threads");
	arrived.value = is_stopped.value = 0;
	has_threads = true;
	for (uint32_t number = 0; number < running; number++) {
		struct thread *thread = &threads[number];

		thread->threads = running;
		thread->count = count;
		thread->windows = thread->ns = 0;
		if (pthread_create(&thread->id, NULL, replay_windows, thread) != 0)
			fail("run", "a thread cannot be created");
	}
	for (uint32_t number = 0; number < running; number++)
		pthread_join(threads[number].id, NULL);
	printf("{\"threads\":[");
	for (uint32_t number = 0; number < running; number++)
		printf("%s{\"windows\":%" PRIu64 ",\"ns\":%" PRIu64 "}", number ? "," : "", threads[number].windows,
		       threads[number].ns);
	printf("]}\n");
}

/* Of all words of the live entries, as memoryDigest() of harness/replay/digest.ts makes it. */
static void digest_entries(void)
{
	struct folds folds = { FNV_OFFSET, SECOND_OFFSET };

	fold_words(&folds, MEMORY + irte_tables, only.words[STREAM_DEVICES] << irte_table_shift);
	printf("{\"entriesDigest\":\"%08" PRIx32 "%08" PRIx32 "\"}\n", folds.first, folds.second);
}

/* Opens the stream of each thread. */
static void open_threads(char **paths, uint32_t count)
{
	threads = calloc(count, sizeof(*threads));
	if (!threads)
		fail("out of memory", "threads");
	for (uint32_t number = 0; number < count; number++)
		threads[number].stream = open_stream(paths[number]);
	thread_count = count;
}
