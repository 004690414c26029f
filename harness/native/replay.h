// A stream's operations on a strategy: harness/replay/replay.ts. The program includes a strategy before this file.
#pragma once

#include <sys/mman.h>
#include <sys/stat.h>

#include "../../machine/machine.h"
#include "../../strategies/strategy.h"
#include "layouts.h"

/* Ends the program because of its arguments or of a file. */
static _Noreturn void fail(const char *what, const char *why)
{
	fprintf(stderr, "%s: %s: %s\n", DESIGN, what, why);
	exit(2);
}

/* A stream's file: its words, and the offsets of its operations in words. */
struct stream {
	const uint32_t *words;
	uint32_t count;
	uint32_t window_start;
	uint32_t window_end;
};

/* Words of the events in the setups and in the windows of all streams. */
static uint64_t setup_events;
static uint64_t window_events;

/* The addresses that belong to the stream's numbers. */
static address *vms;
static address *vcpus;
static address *irqs;
static address *irtes;

/* The number of the vCPU that was last created at each address, plus one. */
static uint32_t *numbers;

/* Checksums of all deliveries and of all wakeups, in order. */
static uint32_t deliveries;
static uint32_t wakeups;

/*
 * The vCPUs woken and created since the last fold, in order: the address of each woken one, and of each new one its number,
 * inverted, and its address. A window can reuse addresses.
 */
static uint32_t *events;
static uint64_t event_count;
static uint64_t event_room;

/* Makes room for the events of `count` replays, and for a wakeup for each entry that is in a log. */
static void expect_windows(uint64_t count)
{
	uint64_t most = setup_events + count * window_events + (uint64_t)host.iommus * GA_LOG_ENTRIES;

	if (event_room >= most)
		return;
	free(events);
	events = calloc(most, sizeof(*events));
	event_room = most;
	if (!events)
		fail("out of memory", "wakeups");
}

static inline void fold(uint32_t *checksum, uint32_t event)
{
	*checksum = (*checksum ^ event) * FNV_PRIME;
}

static void notify(address iommu, uint32_t tag)
{
	woken = 0;
	wake(tag, iommu);
	events[event_count++] = woken;
}

static inline uint32_t operation_words(uint32_t code)
{
	return code == OP_CREATE_VM ? 4 : 2;
}

/* Folds the woken vCPUs, by their numbers in the stream; UINT32_MAX stands for none. */
static void fold_woken(void)
{
	for (uint64_t index = 0; index < event_count; index++) {
		uint32_t event = events[index];

		if (event > INT32_MAX)
			numbers[events[++index]] = ~event + 1;
		else
			fold(&wakeups, numbers[event] - 1);
	}
	event_count = 0;
}

static inline void allocate_irq(uint32_t irq, uint32_t devid)
{
	const struct irq_remap_table *table = irq_table(iommu_of(devid), devid);

	irtes[irq] = irte_at(table, free_irte_index(table));
	irqs[irq] = alloc_irq(irq, devid);
}

/*
 * All operations but load, put, interrupt and drain, out of line, as each is a function in the kernel. Returns the operation's
 * words.
 */
static __attribute__((noinline)) uint32_t run_rare_operation(const uint32_t *word)
{
	uint32_t operand = word[0] >> 4;

	switch (word[0] & 15) {
	case OP_CREATE_VM:
		vms[operand] = create_vm(operand, word[1], word[2], word[3]);
		for (uint32_t index = 0; index < word[2]; index++) {
			vcpus[word[1] + index] = vcpu_at(AT(kvm_svm, vms[operand]), index);
			events[event_count++] = ~(word[1] + index);
			events[event_count++] = vcpus[word[1] + index];
		}
		break;
	case OP_DESTROY_VM:
		destroy_vm(AT(kvm_svm, vms[operand]));
		vms[operand] = 0;
		break;
	case OP_ALLOC_IRQ:
		allocate_irq(operand, devid_of(word[1]));
		break;
	case OP_FREE_IRQ:
		free_irq(AT(IRQ, irqs[operand]));
		break;
	case OP_ROUTE:
		route(AT(IRQ, irqs[operand]), AT(VCPU, vcpus[word[1] >> 8]), word[1] & 0xff);
		break;
	case OP_UNROUTE:
		unroute(AT(IRQ, irqs[operand]));
		break;
	}
	return operation_words(word[0] & 15);
}

/* Runs an operation, and returns the next. */
static always_inline const uint32_t *run_operation(const uint32_t *word)
{
	uint32_t code = word[0] & 15;
	uint32_t operand = word[0] >> 4;

	if (code == OP_LOAD)
		load(AT(VCPU, vcpus[operand]), word[1]);
	else if (code == OP_PUT)
		put(AT(VCPU, vcpus[operand]), word[1] != 0);
	else if (code == OP_INTERRUPT)
		fold(&deliveries, interrupt(irtes[operand]));
	else if (code == OP_DRAIN_GA_LOG)
		drain_ga_log(iommus[operand], notify);
	else
		word += run_rare_operation(word) - 2;
	if (unlikely(host.flush == FLUSH_PER_DEVICE))
		finish_operation();
	return word + 2;
}

/* Runs the operations from an offset of a stream to another one, or to the next operation behind it. Returns where it ends. */
static __attribute__((noinline)) uint32_t run_operations(const struct stream *stream, uint32_t start, uint32_t end)
{
	const uint32_t *word = stream->words + start;
	const uint32_t *last = stream->words + end;

	while (word < last)
		word = run_operation(word);
	return (uint32_t)(word - stream->words);
}

/*
 * A window runs in pieces, each with the stack somewhere else in 1 MiB. With one place for each process, one process in
 * four was 10 to 45 % slower than the others: the lines of the stack always hit in L1, so they grow old in an L2 that includes
 * L1, and leave both caches if the window's lines fill their set there.
 */
#define PIECES 128
#define STACK_BITS 20

/* Lines at a place that a piece's calls use. */
#define STACK_LINES 6

/* Bytes of stack above the present place. Each thread has its own. */
static _Thread_local uint32_t above_place;

/* Goes to the next place: multiples of the golden ratio fill a range evenly. */
static inline uint32_t next_place(void)
{
	static _Thread_local uint32_t multiple;

	multiple += 0x9e3779b1;
	return above_place = multiple >> (32 - STACK_BITS);
}

/* Keeps what is on the stack until here, so that no compiler leaves it out. */
static always_inline void leave_stack(void *room)
{
	__asm__ volatile("" : : "r"(room) : "memory");
}

/* Writes to the stack below, once for every `step` bytes. */
static __attribute__((noinline)) void touch_stack(size_t bytes, size_t step)
{
	char *room = __builtin_alloca(bytes);

	for (size_t at = 0; at < bytes; at += step)
		room[at] = 0;
	leave_stack(room);
}

/* Runs a piece, while the lines of the next place come into the caches. */
static __attribute__((noinline)) uint32_t run_piece(const struct stream *stream, uint32_t start, uint32_t end)
{
	void *room = __builtin_alloca(above_place);
	const char *place = (const char *)__builtin_frame_address(0) - next_place();
	uint32_t next;

	for (uint32_t line = 0; line < STACK_LINES; line++)
		__builtin_prefetch(place - line * LINE_WORDS * sizeof(uint32_t), 1);
	next = run_operations(stream, start, end);
	leave_stack(room);
	return next;
}

static inline void run_window(const struct stream *stream)
{
	uint32_t at = stream->window_start, end = stream->window_end;
	uint32_t piece = (end - at) / PIECES + 1;

	while (at < end)
		at = run_piece(stream, at, end - at < piece ? end : at + piece);
}

/* Whether an operation names only what the header of its stream counts. */
static bool is_in_range(const uint32_t *header, const uint32_t *word)
{
	uint32_t operand = word[0] >> 4;

	switch (word[0] & 15) {
	case OP_CREATE_VM:
		return operand < header[STREAM_VMS] && (uint64_t)word[1] + word[2] <= header[STREAM_VCPUS];
	case OP_DESTROY_VM:
		return operand < header[STREAM_VMS];
	case OP_ALLOC_IRQ:
		return operand < header[STREAM_IRQS] && word[1] < header[STREAM_DEVICES];
	case OP_ROUTE:
		return operand < header[STREAM_IRQS] && word[1] >> 8 < header[STREAM_VCPUS];
	case OP_FREE_IRQ:
	case OP_UNROUTE:
	case OP_INTERRUPT:
		return operand < header[STREAM_IRQS];
	case OP_LOAD:
	case OP_PUT:
		return operand < header[STREAM_VCPUS];
	case OP_DRAIN_GA_LOG:
		return operand < header[STREAM_IOMMUS];
	default:
		return false;
	}
}

/* Words of the events of an operation. An interrupt wakes at most one vCPU. */
static uint32_t event_words(const uint32_t *word)
{
	switch (word[0] & 15) {
	case OP_CREATE_VM:
		return 2 * word[2];
	case OP_INTERRUPT:
		return 1;
	default:
		return 0;
	}
}

/* Checks a stream, and counts its events. */
static void check_stream(const char *path, const struct stream *stream)
{
	const uint32_t *header = stream->words;
	uint32_t offset = STREAM_HEADER_WORDS;

	if (stream->count < STREAM_HEADER_WORDS || header[STREAM_MAGIC] != STREAM_MAGIC_NUMBER ||
	    header[STREAM_VERSION] != STREAM_VERSION_NUMBER)
		fail(path, "not a stream, or a stream of another version");
	if (header[STREAM_IOMMUS] != host.iommus)
		fail(path, "it was made for another number of IOMMUs than the host has");
	if (header[STREAM_DEVICES] > devices_per_iommu() * host.iommus)
		fail(path, "more devices than there are device ids");
	while (offset < stream->count) {
		const uint32_t *word = header + offset;
		uint32_t next = offset + operation_words(word[0] & 15);

		if (next > stream->count)
			fail(path, "cut short");
		if (!is_in_range(header, word))
			fail(path, "an unknown operation, or a number beyond what the header counts");
		if (offset < stream->window_start)
			setup_events += event_words(word);
		else if (offset < stream->window_end)
			window_events += event_words(word);
		offset = next;
	}
	if (stream->window_end > stream->count || stream->window_start > stream->window_end)
		fail(path, "cut short");
}

static struct stream open_stream(const char *path)
{
	FILE *file = fopen(path, "rb");
	struct stream stream;
	struct stat status;
	uint32_t *words;

	if (!file || fstat(fileno(file), &status) != 0)
		fail(path, strchr(path, '=') ? "neither a parameter of the host nor a file" : "cannot be opened");
	stream.count = (uint32_t)((size_t)status.st_size / sizeof(*words));
	words = calloc((size_t)stream.count + STREAM_HEADER_WORDS, sizeof(*words));
	if (!words || fread(words, sizeof(*words), stream.count, file) != stream.count)
		fail(path, "cannot be read");
	fclose(file);
	stream.words = words;
	stream.window_start = words[STREAM_WINDOW_START];
	stream.window_end = words[STREAM_WINDOW_END];
	check_stream(path, &stream);
	return stream;
}

/* Says what values a parameter of the host can have. */
static _Noreturn void fail_at_value(const char *word, const struct host_parameter *parameter)
{
	char why[256];
	int end = snprintf(why, sizeof(why), "not a value of this parameter; allowed:");

	for (const struct host_choice *choice = parameter->choices; choice && choice->word; choice++)
		end += snprintf(why + end, sizeof(why) - (size_t)end, " %s", choice->word);
	if (!parameter->choices)
		snprintf(why + end, sizeof(why) - (size_t)end, " %u to %u", parameter->least, parameter->most);
	fail(word, why);
}

/* Sets a parameter of the host from a word KEY=VALUE. Returns false if the word is none. */
static bool set_host_parameter(const char *word)
{
	const char *equals = strchr(word, '=');

	for (size_t number = 0; equals && number < sizeof(host_parameters) / sizeof(host_parameters[0]); number++) {
		const struct host_parameter *parameter = &host_parameters[number];
		size_t length = strlen(parameter->name);
		unsigned long value;
		char *end;

		if (length != (size_t)(equals - word) || strncmp(word, parameter->name, length) != 0)
			continue;
		for (const struct host_choice *choice = parameter->choices; choice && choice->word; choice++) {
			if (strcmp(equals + 1, choice->word) != 0)
				continue;
			*parameter->value = choice->value;
			return true;
		}
		value = strtoul(equals + 1, &end, 10);
		if (parameter->choices || end == equals + 1 || *end || value < parameter->least || value > parameter->most)
			fail_at_value(word, parameter);
		*parameter->value = (uint32_t)value;
		return true;
	}
	return false;
}

static address *numbered(uint32_t count)
{
	address *addresses = calloc((size_t)count + 1, sizeof(*addresses));

	if (!addresses)
		fail("out of memory", "addresses");
	return addresses;
}

/* Makes a host and the strategy on it, before the setup of a stream. */
static void create_replay(const struct stream *stream)
{
	const uint32_t *header = stream->words;
	size_t bytes = (size_t)MEMORY_WORDS * sizeof(uint32_t);

	if (host.pointer_bytes != POINTER_BYTES)
		fail("pointerBytes", "the program was compiled for another width; edit the file host and run make");
	/* Without MAP_FIXED, so that nothing is mapped over; the check says whether the address was free. */
	if (mmap(MEMORY, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0) != MEMORY)
		fail("memory", "the range of the modelled memory cannot be mapped");
	numbers = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (numbers == MAP_FAILED)
		fail("out of memory", "numbers of vCPUs");
	vms = numbered(header[STREAM_VMS]);
	vcpus = numbered(header[STREAM_VCPUS]);
	irqs = numbered(header[STREAM_IRQS]);
	irtes = numbered(header[STREAM_IRQS]);
	create_host(header[STREAM_DEVICES], notify);
	create();
}

static void set_up(const struct stream *stream)
{
	expect_windows(0);
	run_operations(stream, STREAM_HEADER_WORDS, stream->window_start);
	fold_woken();
}
