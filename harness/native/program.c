// The program around a strategy: it takes an image and a stream, and does what the runner says, as
// harness/timing/timed-child.ts does; the protocol is harness/process/timed-protocol.ts. It includes the strategy, which
// defines DESIGN, VCPU, load(), put() and wake().
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

#include "../../machine/machine.h"
#include "layouts.h"
#include STRATEGY

static void fail(const char *path, const char *why)
{
	fprintf(stderr, "%s: %s: %s\n", DESIGN, path, why);
	exit(2);
}

static const address *vcpus;
static const address *irtes;

/* The operations of a window. */
struct window {
	const uint32_t *start;
	const uint32_t *end;
};

/* The window of a single thread, and the number of interrupts in all windows. */
static struct window only;
static uint64_t window_interrupts;

/* Checksums of all deliveries and of all wakeups, in order. */
static uint32_t deliveries;
static uint32_t wakeups;

/* The vCPUs that were woken since they were last folded. */
static address *woken;
static uint64_t woken_count;
static uint64_t woken_room;

static inline void fold(uint32_t *checksum, uint32_t event)
{
	*checksum = (*checksum ^ event) * FNV_PRIME;
}

static inline void notify(address iommu, uint32_t tag)
{
	woken[woken_count++] = wake(tag, iommu);
}

static inline void run_operation(const uint32_t *word)
{
	uint32_t operand = word[0] >> 4;

	switch (word[0] & 15) {
	case OP_LOAD:
		load(AT(VCPU, vcpus[operand]), word[1]);
		break;
	case OP_PUT:
		put(AT(VCPU, vcpus[operand]), word[1] != 0);
		break;
	case OP_INTERRUPT:
		fold(&deliveries, interrupt(irtes[operand]));
		break;
	case OP_DRAIN_GA_LOG:
		drain_ga_log(iommus[operand], notify);
		break;
	}
	if (image[IMAGE_FLUSH] == FLUSH_PER_DEVICE)
		finish_operation();
}

static void run_window(const struct window *window)
{
	for (const uint32_t *word = window->start, *end = window->end; word < end; word += 2)
		run_operation(word);
}

/* vCPUs in the order of their addresses. An address can be reused; then the higher number comes last. */
struct numbered_vcpu {
	address where;
	uint32_t number;
};

static struct numbered_vcpu *numbered_vcpus;

static int compare_numbered(const void *left, const void *right)
{
	const struct numbered_vcpu *one = left, *other = right;

	if (one->where != other->where)
		return one->where < other->where ? -1 : 1;
	return one->number < other->number ? -1 : 1;
}

static void number_vcpus(void)
{
	uint32_t count = image[IMAGE_VCPUS];

	numbered_vcpus = malloc((count + 1) * sizeof(*numbered_vcpus));
	for (uint32_t number = 0; number < count; number++)
		numbered_vcpus[number] = (struct numbered_vcpu){ vcpus[number], number };
	qsort(numbered_vcpus, count, sizeof(*numbered_vcpus), compare_numbered);
}

/* The stream's number of the vCPU at an address; UINT32_MAX if there is none. */
static uint32_t number_of(address where)
{
	uint32_t low = 0, high = image[IMAGE_VCPUS];

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (numbered_vcpus[middle].where <= where)
			low = middle + 1;
		else
			high = middle;
	}
	return low > 0 && numbered_vcpus[low - 1].where == where ? numbered_vcpus[low - 1].number : UINT32_MAX;
}

/* Makes room for the wakeups of `count` replays: one for each interrupt, and one for each entry that is in a log. */
static void expect_windows(uint64_t count)
{
	uint64_t most = count * window_interrupts + (uint64_t)image[IMAGE_IOMMUS] * GA_LOG_ENTRIES;

	if (woken_room >= most)
		return;
	free(woken);
	woken = calloc(most, sizeof(*woken));
	woken_room = most;
	if (!woken)
		fail("wakeups", "no memory for them");
}

/* Folds the vCPUs woken, by their numbers in the stream. */
static void fold_woken(void)
{
	for (uint64_t index = 0; index < woken_count; index++)
		fold(&wakeups, number_of(woken[index]));
	woken_count = 0;
}

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

/* Finds the shortest batch that takes long enough CALIBRATION_READINGS times in a row. */
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

static void digest(void)
{
	struct folds folds = { FNV_OFFSET, SECOND_OFFSET };
	struct rusage usage;

	fold_words(&folds, MEMORY, image[IMAGE_TOP]);
	fold_words(&folds, &deliveries, 1);
	fold_words(&folds, &wakeups, 1);
	getrusage(RUSAGE_SELF, &usage);
	/* The largest resident set is counted in KiB. */
	printf("{\"memoryDigest\":\"%08" PRIx32 "%08" PRIx32 "\",\"peakBytes\":%ld}\n", folds.first, folds.second,
	       usage.ru_maxrss * 1024);
}

/* Reads `count` words to a given place, or to new memory. */
static uint32_t *read_words(FILE *file, const char *path, size_t count, uint32_t *to)
{
	if (!to)
		to = malloc((count + 1) * sizeof(*to));
	if (!to || fread(to, sizeof(*to), count, file) != count)
		fail(path, "it is cut short");
	return to;
}

static FILE *open_file(const char *path)
{
	FILE *file = fopen(path, "rb");

	if (!file)
		fail(path, "it cannot be opened");
	return file;
}

static void open_image(const char *path)
{
	FILE *file = open_file(path);
	char id[IMAGE_ID_WORDS * sizeof(*image) + 1] = "";
	size_t bytes;

	read_words(file, path, IMAGE_HEADER_WORDS, image);
	memcpy(id, image + IMAGE_ID, sizeof(id) - 1);
	if (image[IMAGE_MAGIC] != IMAGE_MAGIC_NUMBER || image[IMAGE_VERSION] != IMAGE_VERSION_NUMBER)
		fail(path, "it is no image of this version");
	if (strcmp(id, DESIGN) != 0)
		fail(path, "it is another design's image");
	if (image[IMAGE_POINTER_BYTES] != POINTER_BYTES)
		fail(path, "its pointers have another width");
	iommus = read_words(file, path, image[IMAGE_IOMMUS], NULL);
	driver_data = read_words(file, path, image[IMAGE_IOMMUS], NULL);
	vcpus = read_words(file, path, image[IMAGE_VCPUS], NULL);
	irtes = read_words(file, path, image[IMAGE_IRQS], NULL);
	/* Without MAP_FIXED the address is a wish, which no system has a reason to refuse. */
	bytes = image[IMAGE_TOP] * sizeof(*image);
	if (mmap(MEMORY, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MEMORY)
		fail(path, "its address is taken");
	read_words(file, path, image[IMAGE_TOP], MEMORY);
	if (fgetc(file) != EOF)
		fail(path, "it is too long");
	fclose(file);
}

static void check_operation(const char *path, uint32_t code, uint32_t operand)
{
	uint32_t end;

	switch (code) {
	case OP_LOAD:
	case OP_PUT:
		end = image[IMAGE_VCPUS];
		break;
	case OP_INTERRUPT:
		end = image[IMAGE_IRQS];
		window_interrupts++;
		break;
	case OP_DRAIN_GA_LOG:
		end = image[IMAGE_IOMMUS];
		break;
	default:
		fail(path, "its window has verbs other than load, put, interrupt and drainGaLog");
		return;
	}
	if (operand >= end)
		fail(path, "it names what is not in the image");
}

static struct window open_stream(const char *path)
{
	struct window window;
	FILE *file = open_file(path);
	struct stat status;
	const uint32_t *words;
	size_t count;

	if (fstat(fileno(file), &status) != 0)
		fail(path, "it has no size");
	count = (size_t)status.st_size / sizeof(*words);
	words = read_words(file, path, count, NULL);
	fclose(file);
	if (count < STREAM_HEADER_WORDS || words[STREAM_MAGIC] != STREAM_MAGIC_NUMBER ||
	    words[STREAM_VERSION] != STREAM_VERSION_NUMBER)
		fail(path, "it is no stream of this version");
	if (words[STREAM_VCPUS] != image[IMAGE_VCPUS] || words[STREAM_IRQS] != image[IMAGE_IRQS] ||
	    words[STREAM_DEVICES] != image[IMAGE_DEVICES] || words[STREAM_IOMMUS] != image[IMAGE_IOMMUS])
		fail(path, "the image is another stream's");
	if (words[STREAM_WINDOW_END] > count || words[STREAM_WINDOW_START] > words[STREAM_WINDOW_END])
		fail(path, "it is cut short");
	window.start = words + words[STREAM_WINDOW_START];
	window.end = words + words[STREAM_WINDOW_END];
	for (const uint32_t *word = window.start; word < window.end; word += 2)
		check_operation(path, word[0] & 15, word[0] >> 4);
	return window;
}

#include "threads.h"

/* Reads the runner's next line. Gives false at the end of stdin. */
static bool read_command(char command[static 16], double *argument, double *second)
{
	char line[64];

	*argument = *second = 0;
	return fgets(line, sizeof(line), stdin) && sscanf(line, "%15s %lf %lf", command, argument, second) >= 1;
}

int main(int count, char **arguments)
{
	char command[16];
	double argument, second;

	if (count < 3)
		fail("usage", "IMAGE STREAM, or for each thread a STREAM");
	open_image(arguments[1]);
	open_threads(arguments + 2, (uint32_t)count - 2);
	only = threads[0].window;
	number_vcpus();
	printf("{\"ready\":true}\n");
	while (fflush(stdout) == 0 && read_command(command, &argument, &second)) {
		if (strcmp(command, "calibrate") == 0) {
			calibrate(argument);
		} else if (strcmp(command, "warm") == 0) {
			warm((uint64_t)argument);
		} else if (strcmp(command, "replay") == 0) {
			replay((uint64_t)argument);
		} else if (strcmp(command, "round") == 0) {
			one_round((uint64_t)argument);
		} else if (strcmp(command, "digest") == 0) {
			digest();
		} else if (!run_thread_command(command, (uint64_t)argument, (uint64_t)second)) {
			fail(command, "it is no command");
		}
	}
	return 0;
}
