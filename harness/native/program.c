// The program around a strategy: it makes a host, sets up a stream on it, and does what the runner says, as
// harness/timing/timed-child.ts does; the protocol is harness/process/timed-protocol.ts.
//
//   PROGRAM [KEY=VALUE ...] [lines=FILE] STREAM ...
//
// KEY is a parameter of the host; those not given are those of the default host. single.h needs the file of lines. The first stream sets the host up, and each
// stream has the window of one thread. The program includes the strategy; strategies/strategy.h is what it defines.
#include <inttypes.h>
#include <sys/resource.h>
#include <time.h>

#include STRATEGY
#include "replay.h"

/* The stream of a single thread. */
static struct stream only;

static uint64_t read_clock(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static uint64_t now_ns(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

/* Times `count` replays, in ns. */
static uint64_t time_windows(uint64_t count)
{
	uint64_t start, batch_ns;

	expect_windows(count);
	start = now_ns();
	for (uint64_t window = 0; window < count; window++)
		run_window(&only);
	batch_ns = now_ns() - start;
	fold_woken();
	return batch_ns;
}

/* Finds the fewest replays that take this long, CALIBRATION_READINGS times in a row. */
static void calibrate(double milliseconds)
{
	uint64_t windows = 1;

	for (uint32_t window = 0; window < WARM_UP_WINDOWS; window++)
		time_windows(1);
	for (uint32_t readings = 0; readings < CALIBRATION_READINGS;) {
		double part = (double)time_windows(windows) / 1e6 / milliseconds;
		uint64_t enough;

		if (part >= 1) {
			readings++;
			continue;
		}
		readings = 0;
		enough = (uint64_t)((double)windows / part) + 1;
		windows = enough > windows ? enough : windows + 1;
	}
	printf("{\"windows\":%" PRIu64 "}\n", windows);
}

static void warm(uint64_t count)
{
	printf("{\"windowNs\":[");
	for (uint64_t window = 0; window < count; window++)
		printf("%s%" PRIu64, window ? "," : "", time_windows(1));
	printf("]}\n");
}

static void replay(uint64_t count)
{
	for (uint64_t window = 0; window < count; window++)
		time_windows(1);
	printf("{\"replayed\":%" PRIu64 "}\n", count);
}

static void one_round(uint64_t windows)
{
	uint64_t start = now_ns(), cpu_start = read_clock(CLOCK_PROCESS_CPUTIME_ID), batch_ns, cpu_ns;

	time_windows(1);
	batch_ns = time_windows(windows);
	cpu_ns = read_clock(CLOCK_PROCESS_CPUTIME_ID) - cpu_start;
	printf("{\"batchNs\":%" PRIu64 ",\"roundNs\":%" PRIu64 ",\"cpuNs\":%" PRIu64 ",\"collections\":0}\n", batch_ns,
	       now_ns() - start, cpu_ns);
}

/* Two folds of words, as memoryDigest() of harness/replay/digest.ts makes them. */
struct folds {
	uint32_t first;
	uint32_t second;
};

static void fold_words(struct folds *folds, const uint32_t *words, uint32_t count)
{
	for (uint32_t index = 0; index < count; index++) {
		folds->first = (folds->first ^ words[index]) * FNV_PRIME;
		folds->first ^= folds->first >> FOLD_SHIFT;
		folds->second = (folds->second ^ words[index]) * SECOND_PRIME;
		folds->second ^= folds->second >> FOLD_SHIFT;
	}
}

/* Tags in the order of their first entries, in a hash table with open addressing. */
struct ranks {
	uint32_t *tags;
	uint32_t *ranks;
	uint32_t mask;
	uint32_t count;
};

/* The rank of a tag, from 1. No tag is 0. */
static uint32_t rank_of(struct ranks *ranks, uint32_t tag)
{
	uint32_t place = tag * SECOND_PRIME & ranks->mask;

	while (ranks->tags[place] != 0 && ranks->tags[place] != tag)
		place = (place + 1) & ranks->mask;
	if (ranks->tags[place] == 0) {
		ranks->tags[place] = tag;
		ranks->ranks[place] = ++ranks->count;
	}
	return ranks->ranks[place];
}

/* Folds the live entries with their tags ranked, as digestOfRanked() of harness/replay/digest.ts does. */
static void fold_entries(struct folds *folds)
{
	uint32_t words = only.words[STREAM_DEVICES] << irte_table_shift, room = 2;
	struct ranks ranks = { .count = 0 };

	/* At most half of the table is used. */
	while (room < 2 * only.words[STREAM_IRQS])
		room *= 2;
	ranks.mask = room - 1;
	ranks.tags = calloc(room, sizeof(*ranks.tags));
	ranks.ranks = calloc(room, sizeof(*ranks.ranks));
	if (!ranks.tags || !ranks.ranks)
		fail("out of memory", "digest");
	for (uint32_t at = 0; at < words; at += IRTE_WORDS) {
		uint32_t entry[IRTE_WORDS];

		memcpy(entry, MEMORY + irte_tables + at, sizeof(entry));
		if (entry[0] & GUEST_MODE)
			entry[1] = rank_of(&ranks, entry[1]);
		fold_words(folds, entry, IRTE_WORDS);
	}
	free(ranks.tags);
	free(ranks.ranks);
}

static void print_folds(const char *name, struct folds folds)
{
	fold_words(&folds, &deliveries, 1);
	fold_words(&folds, &wakeups, 1);
	printf("\"%s\":\"%08" PRIx32 "%08" PRIx32 "\"", name, folds.first, folds.second);
}

/* What the process must end with. */
static void digest(void)
{
	struct folds folds = { FNV_OFFSET, SECOND_OFFSET };
	struct rusage usage;

	fold_entries(&folds);
	getrusage(RUSAGE_SELF, &usage);
	printf("{");
	print_folds("digest", folds);
	/* The largest resident set is counted in KiB. */
	printf(",\"peakBytes\":%ld}\n", usage.ru_maxrss * 1024);
}

/* The same of all memory. */
static void digest_memory(void)
{
	struct folds folds = { FNV_OFFSET, SECOND_OFFSET };

	fold_words(&folds, MEMORY, MEMORY[TOP]);
	printf("{");
	print_folds("memoryDigest", folds);
	printf("}\n");
}

#include "threads.h"

/* A line of the runner: a name, and numbers. */
struct command {
	char name[16];
	int count;
	double numbers[3];
};

/* Reads the runner's next line. Gives false at the end of stdin. */
static bool read_command(struct command *command)
{
	char line[64];
	int items;

	if (!fgets(line, sizeof(line), stdin))
		return false;
	items = sscanf(line, "%15s %lf %lf %lf", command->name, &command->numbers[0], &command->numbers[1], &command->numbers[2]);
	if (items < 1)
		fail("stdin", "an empty line");
	command->count = items - 1;
	for (int number = 0; number < command->count; number++)
		if (command->numbers[number] < 0)
			fail(command->name, "a negative number");
	return true;
}

static bool is(const struct command *command, const char *name, int count)
{
	return strcmp(command->name, name) == 0 && command->count == count;
}

#include "single.h"

static void run_command(const struct command *command)
{
	uint64_t first = (uint64_t)command->numbers[0];

	if (is(command, "calibrate", 1))
		calibrate(command->numbers[0]);
	else if (is(command, "warm", 1))
		warm(first);
	else if (is(command, "replay", 1))
		replay(first);
	else if (is(command, "round", 1))
		one_round(first);
	else if (is(command, "digest", 0))
		digest();
	else if (is(command, "memory", 0))
		digest_memory();
	else if (is(command, "run", 2))
		run_threads((uint32_t)first, (uint64_t)command->numbers[1]);
	else if (is(command, "entries", 0))
		digest_entries();
	else if (!run_single_command(command))
		fail(command->name, "not a command, or not with as many numbers");
}

int main(int count, char **arguments)
{
	struct command command = { .count = 0 };
	const char *lines = NULL;
	int first = 0;

	start_clocks();
	while (++first < count && (set_host_parameter(arguments[first]) || take_lines(arguments[first], &lines)))
		;
	if (first >= count)
		fail("usage", "[KEY=VALUE ...] STREAM [STREAM ...], a stream for each thread");
	open_threads(arguments + first, (uint32_t)(count - first));
	only = threads[0].stream;
	create_replay(&only);
	set_up(&only);
	if (lines)
		open_lines(lines, only.words[STREAM_VCPUS]);
	printf("{\"ready\":true}\n");
	while (fflush(stdout) == 0 && read_command(&command))
		run_command(&command);
	return 0;
}
