// One timed operation at a time, with hot and with cold caches: harness/single-updates/. Cold are the lines of the modelled
// memory that the operation touches; stack, stream, code and TLB stay hot. An update is over when its last instruction is
// done: stores may still be on their way to the caches, as after the unlock of a kernel.
//
//   hot START COUNT TIMES    COUNT operations from a word of the stream on, TIMES times: pairs of a load and a put. Each pair
//                            runs untimed before it is timed.
//   cold START COUNT TIMES   the same, each operation after its lines were evicted from all caches
//   empty COUNT              nothing, timed in the same way
//   chain MIB                reads that wait for one another, in this much memory: of lines that no cache holds, and of evicted
//                            lines, in turns
//
// The answers are declared in harness/single-updates/protocol.ts.
#pragma once

/* By vCPU: the lines that its loads and puts touch, after their number. */
static const uint32_t **lines_of;

/* Takes the path of a word lines=FILE. Returns false if the word is none. */
static bool take_lines(const char *word, const char **path)
{
	if (strncmp(word, "lines=", 6) != 0)
		return false;
	*path = word + 6;
	return true;
}

static void open_lines(const char *path, uint32_t vcpu_count)
{
	FILE *file = fopen(path, "rb");
	struct stat status;
	uint32_t *words;
	size_t left;

	if (!file || fstat(fileno(file), &status) != 0)
		fail(path, "cannot be opened");
	left = (size_t)status.st_size / sizeof(*words);
	words = calloc(left + 1, sizeof(*words));
	lines_of = calloc((size_t)vcpu_count + 1, sizeof(*lines_of));
	if (!words || !lines_of || fread(words, sizeof(*words), left, file) != left)
		fail(path, "cannot be read");
	fclose(file);
	for (uint32_t vcpu = 0; vcpu < vcpu_count; vcpu++) {
		if (left == 0 || *words >= left)
			fail(path, "it has no lines for some vCPUs");
		left -= 1 + *words;
		lines_of[vcpu] = words;
		words += 1 + *words;
	}
}

#if defined(__x86_64__)
#include <cpuid.h>

#define CLFLUSHOPT (1u << 23)
#define RDTSCP (1u << 27)

/* Why operations cannot be timed one by one; NULL if they can. */
static const char *why_not_single(void)
{
	uint32_t a, b = 0, c, d = 0;

	if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || !(b & CLFLUSHOPT))
		return "the CPU has no clflushopt";
	if (!__get_cpuid(0x80000001, &a, &b, &c, &d) || !(d & RDTSCP))
		return "the CPU has no rdtscp";
	return NULL;
}

static inline void evict(uint32_t *line)
{
	__asm__ volatile("clflushopt %0" : "+m"(*line));
}

/* The time-stamp counter after all earlier instructions, and before all later ones. */
static always_inline uint64_t read_ticks(void)
{
	uint32_t cpu;
	uint64_t now;

	__asm__ volatile("" ::: "memory");
	now = __builtin_ia32_rdtscp(&cpu);
	__builtin_ia32_lfence();
	__asm__ volatile("" ::: "memory");
	return now;
}

/* The same, after evictions and stores have reached memory. */
static always_inline uint64_t read_ticks_after_fence(void)
{
	__builtin_ia32_mfence();
	return read_ticks();
}

/* The ticks of each sample. */
static uint64_t *samples;

static void expect_samples(uint32_t count)
{
	free(samples);
	samples = calloc((size_t)count + 1, sizeof(*samples));
	if (!samples)
		fail("out of memory", "samples");
}

/* Prints the end of an answer. */
static void print_samples(uint32_t count)
{
	printf("\"ticks\":[");
	for (uint32_t sample = 0; sample < count; sample++)
		printf("%s%" PRIu64, sample ? "," : "", samples[sample]);
	printf("]}\n");
}

/* Both clocks when the program began. */
static uint64_t first_ticks;
static uint64_t first_ns;

static struct random delays;

static void start_clocks(void)
{
	first_ns = now_ns();
	first_ticks = __builtin_ia32_rdtsc();
	delays = random_from((uint32_t)first_ns);
}

/* The rate of the counter since then. */
static double ns_per_tick(void)
{
	uint64_t ns = now_ns() - first_ns, ticks = __builtin_ia32_rdtsc() - first_ticks;

	return (double)ns / (double)ticks;
}

/*
 * Waits for a moment. On some processors the counter advances in steps of 10 ns. A drawn delay before each sample lets samples
 * begin anywhere in a step, so that many of them together are finer than a step.
 */
static void delay(void)
{
	for (uint32_t turns = random_next(&delays) % 256; turns > 0; turns--)
		__asm__ volatile("");
}

/* Times the operation at an offset of the stream. */
static uint64_t time_operation(uint32_t offset)
{
	uint64_t start = read_ticks_after_fence();

	run_operations(&only, offset, offset + 2);
	return read_ticks() - start;
}

static uint64_t time_nothing(void)
{
	uint64_t start = read_ticks_after_fence();

	return read_ticks() - start;
}

static void evict_lines_of(uint32_t offset)
{
	const uint32_t *lines = lines_of[only.words[offset] >> 4];

	for (uint32_t number = 1; number <= *lines; number++)
		evict(MEMORY + (size_t)lines[number] * LINE_WORDS);
}

/* Times operations one by one, with the stack at a place of its own. */
static __attribute__((noinline)) void time_pass(uint32_t start, uint32_t count, bool is_cold, uint64_t *sample)
{
	void *room = __builtin_alloca(next_place());

	touch_stack(64 * LINE_WORDS * sizeof(uint32_t), LINE_WORDS * sizeof(uint32_t));
	for (uint32_t operation = 0; operation < count; operation++) {
		uint32_t offset = start + 2 * operation;

		if (is_cold)
			evict_lines_of(offset);
		else if (operation % 2 == 0)
			run_operations(&only, offset, offset + 4);
		delay();
		sample[operation] = time_operation(offset);
	}
	leave_stack(room);
}

static void time_operations(uint32_t start, uint32_t count, uint32_t times, bool is_cold)
{
	if (start < only.window_start || start + 2 * (uint64_t)count > only.window_end || count % 2 != 0)
		fail("stdin", "not pairs of operations of the window");
	if (is_cold && !lines_of)
		fail("cold", "the word lines=FILE is missing");
	expect_samples(count * times);
	for (uint32_t time = 0; time < times; time++)
		time_pass(start, count, is_cold, samples + (size_t)time * count);
	printf("{");
	print_samples(count * times);
}

static void time_empty(uint32_t count)
{
	expect_samples(count);
	for (uint32_t sample = 0; sample < count; sample++) {
		delay();
		samples[sample] = time_nothing();
	}
	printf("{\"nsPerTick\":%.9f,", ns_per_tick());
	print_samples(count);
}

/* Lines of a chain, and the chains of each kind that are timed. */
#define CHAIN_LINES 64
#define CHAINS 1000

/* Follows the first word of each line to the next. */
static __attribute__((noinline)) uint32_t follow(const uint32_t *words, uint32_t line, uint32_t reads)
{
	for (uint32_t read = 0; read < reads; read++)
		line = words[(size_t)line * LINE_WORDS];
	/* Somebody uses the line, or a compiler could leave the walk out. */
	__asm__ volatile("" : "+r"(line));
	return line;
}

/* Whether the system has backed this much of the process's memory by huge pages. */
static bool has_huge_pages(uint64_t bytes)
{
	FILE *file = fopen("/proc/self/smaps", "r");
	char text[256];
	uint64_t huge = 0;
	unsigned long kib;

	while (file && fgets(text, sizeof(text), file))
		if (sscanf(text, "AnonHugePages: %lu", &kib) == 1)
			huge += (uint64_t)kib * 1024;
	if (file)
		fclose(file);
	return huge >= bytes;
}

/* Links all lines to one cycle in random order (Sattolo). */
static void link_lines(uint32_t *words, uint32_t lines)
{
	struct random random = random_from(1);

	for (uint32_t line = 0; line < lines; line++)
		words[(size_t)line * LINE_WORDS] = line;
	for (uint32_t line = lines - 1; line > 0; line--) {
		uint32_t *last = words + (size_t)line * LINE_WORDS;
		uint32_t *other = words + (size_t)random_below(&random, line) * LINE_WORDS;
		uint32_t swapped = *last;

		*last = *other;
		*other = swapped;
	}
}

static void evict_chain(uint32_t *words, uint32_t line)
{
	for (uint32_t number = 0; number < CHAIN_LINES; number++) {
		uint32_t *evicted = words + (size_t)line * LINE_WORDS;

		line = *evicted;
		evict(evicted);
	}
}

/* Times walks from line to line, in turns: over lines that no cache holds, and over lines that were evicted. */
static void time_chains(uint64_t mebibytes)
{
	uint64_t bytes = mebibytes << 20;
	uint32_t lines = (uint32_t)(bytes / (LINE_WORDS * sizeof(uint32_t))), line;
	uint32_t *words = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (words == MAP_FAILED)
		fail("out of memory", "chain");
	madvise(words, bytes, MADV_HUGEPAGE);
	link_lines(words, lines);
	/* The lines that linking has left in the caches make room. */
	line = follow(words, 0, lines / 2);
	expect_samples(2 * CHAINS);
	for (uint32_t sample = 0; sample < 2 * CHAINS; sample++) {
		uint64_t start;

		if (sample % 2 == 1) {
			follow(words, line, CHAIN_LINES);
			evict_chain(words, line);
		}
		start = read_ticks_after_fence();
		line = follow(words, line, CHAIN_LINES);
		samples[sample] = read_ticks() - start;
	}
	printf("{\"nsPerTick\":%.9f,\"lines\":%u,\"hugePages\":%s,", ns_per_tick(), CHAIN_LINES,
	       has_huge_pages(bytes / 10 * 9) ? "true" : "false");
	print_samples(2 * CHAINS);
}

/* Runs a command of those above. Returns false if it is none. */
static bool run_single_command(const struct command *command)
{
	bool is_cold = is(command, "cold", 3), is_empty = is(command, "empty", 1), is_chain = is(command, "chain", 1);
	const double *numbers = command->numbers;

	if (!is_cold && !is_empty && !is_chain && !is(command, "hot", 3))
		return false;
	if (why_not_single())
		printf("{\"reason\":\"%s\"}\n", why_not_single());
	else if (is_empty)
		time_empty((uint32_t)numbers[0]);
	else if (is_chain)
		time_chains((uint64_t)numbers[0]);
	else
		time_operations((uint32_t)numbers[0], (uint32_t)numbers[1], (uint32_t)numbers[2], is_cold);
	return true;
}
#else
static void start_clocks(void)
{
}

static bool run_single_command(const struct command *command)
{
	if (!is(command, "chain", 1))
		return false;
	printf("{\"reason\":\"the CPU is not an x86-64\"}\n");
	return true;
}
#endif
