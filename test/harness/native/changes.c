// Writes how each operation changes the memory, for the comparison with TypeScript in records.ts.
//
//   PROGRAM {[KEY=VALUE ...] STREAM RECORDS} ...
//
// Each case has a process of its own, since a process has one host. A record, in words:
//
//   the checksum of all deliveries so far
//   the number of wakeups, then the vCPU of each
//   the number of words that changed, then the address and the value of each
//
// There is a record of create(), of each operation of the setup and of the window, of REPLAYS more replays of the window,
// and of each operation of the teardown. FINISHED ends them; it is missing where C refuses an operation.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include STRATEGY
#include "../../../harness/native/replay.h"

#define FINISHED 0xffffffffu
#define PAGE_WORDS 1024u

/* A case takes a fraction of a second. One that takes so many is endless. */
#define CPU_SECONDS 60

/* The memory as it was at the last record. */
static uint32_t *shadow;

static FILE *records;

static void write_words(const uint32_t *words, size_t count)
{
	if (fwrite(words, sizeof(*words), count, records) != count)
		fail("records", "they cannot be written");
}

static void write_word(uint32_t word)
{
	write_words(&word, 1);
}

/* The words that changed: their addresses and values. */
static uint32_t *changes;
static uint32_t change_count;
static uint32_t change_room;

static void add_change(uint32_t where)
{
	if (change_count == change_room) {
		change_room = 2 * change_room + PAGE_WORDS;
		changes = realloc(changes, change_room * 2 * sizeof(*changes));
		if (!changes)
			fail("changes", "no memory for them");
	}
	changes[2 * change_count] = where;
	changes[2 * change_count + 1] = MEMORY[where];
	change_count++;
	shadow[where] = MEMORY[where];
}

/* Finds the words that changed between two addresses. Checked by the sanitizers, this would take most of the time. */
static __attribute__((no_sanitize("address", "undefined"))) void find_changes(uint32_t start, uint32_t end)
{
	for (uint32_t page = start; page < end; page += PAGE_WORDS) {
		uint32_t page_end = end - page < PAGE_WORDS ? end : page + PAGE_WORDS;

		if (memcmp(MEMORY + page, shadow + page, (page_end - page) * sizeof(*shadow)) == 0)
			continue;
		for (uint32_t where = page; where < page_end; where++)
			if (MEMORY[where] != shadow[where])
				add_change(where);
	}
}

/*
 * Writes a record. The tables by device id are most of a small host's memory. No operation should write them, so only a whole
 * record looks at them.
 */
static void record(bool is_whole)
{
	const struct amd_iommu_pci_seg *seg = AT(amd_iommu_pci_seg, pci_seg);
	address tables_end = seg->irq_lookup_table + DEVICE_IDS * POINTER_WORDS;

	change_count = 0;
	find_changes(0, seg->rlookup_table);
	if (is_whole)
		find_changes(seg->rlookup_table, tables_end);
	find_changes(tables_end, MEMORY[TOP]);
	write_word(deliveries);
	write_word((uint32_t)event_count);
	write_words(events, event_count);
	write_word(change_count);
	write_words(changes, 2 * (size_t)change_count);
	/* Should the next operation crash, the records say which it was. */
	fflush(records);
	event_count = 0;
}

static void record_operations(const struct stream *stream, uint32_t start, uint32_t end)
{
	const uint32_t *word = stream->words + start;

	while (word < stream->words + end) {
		word = run_operation(word);
		record(word == stream->words + stream->count);
	}
}

static int run_case(char **arguments)
{
	struct stream stream;

	while (set_host_parameter(*arguments))
		arguments++;
	stream = open_stream(arguments[0]);
	records = fopen(arguments[1], "wb");
	shadow = mmap(NULL, MEMORY_WORDS * sizeof(*shadow), PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (!records || shadow == MAP_FAILED)
		fail(arguments[1], "it cannot be written");
	expect_windows(REPLAYS);
	create_replay(&stream);
	record(true);
	record_operations(&stream, STREAM_HEADER_WORDS, stream.window_start);
	record_operations(&stream, stream.window_start, stream.window_end);
	for (uint32_t replay = 0; replay < REPLAYS; replay++)
		run_window(&stream);
	record(true);
	record_operations(&stream, stream.window_end, stream.count);
	write_word(FINISHED);
	return 0;
}

int main(int count, char **arguments)
{
	const struct rlimit limit = { CPU_SECONDS, CPU_SECONDS };

	for (int first = 1; first < count;) {
		int last = first, status;
		pid_t child = fork();

		if (child == 0) {
			setrlimit(RLIMIT_CPU, &limit);
			exit(run_case(arguments + first));
		}
		while (strchr(arguments[last], '='))
			last++;
		/* A case exits with 1 where it refuses an operation. */
		if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status) || WEXITSTATUS(status) > 1)
			fprintf(stderr, "%s: it crashed or was endless\n", arguments[last]);
		first = last + 2;
	}
	return 0;
}
