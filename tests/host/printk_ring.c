/* SPDX-License-Identifier: MIT */
/*
 * kernel/log.c, printk.c and console.c themselves, hammered on the host: threads play CPUs, a signal plays the NMI, a
 * slow console plays the serial line, and a reader plays dmesg. The kernel's files are linked in unchanged: each
 * thread sets its own GS base, so that %gs:variable finds that thread's per-CPU variables, as it does in the kernel.
 *
 *	every message that is shown is whole, and shown once, in its writer's order
 *	what is not shown is covered by the "dropped" count
 *	when all writers are done, nothing stays unshown, though nobody asked for a flush
 *	pr_cont never goes on with somebody else's line
 *
 * Built and run by printk_ring.t. Output is TAP.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/syscall.h>

/* ---- what the kernel's headers would say ---- */

struct console {
	char name[16];
	void (*write)(struct console *con, const char *s, unsigned int n);
	void (*sync)(struct console *con);
	void *data;
	struct console *next;
	short flags;
	bool writing, mid_line;
	uint64_t seq;
};
struct kmsg_record {
	uint64_t seq, ts_nsec, lost;
	uint32_t caller;
	uint16_t len;
	uint8_t level;
};
extern int console_printk[4];
int _printk(const char *fmt, ...);
void register_console(struct console *con);
void console_write(const char *s, size_t n);
bool kmsg_read(uint64_t *seq, struct kmsg_record *rec, char *buf, size_t size);
uint64_t kmsg_first(void);
void printk_set_clock(uint64_t (*clock)(void));

#define NMI (1 << 20)
#define ARCH_SET_GS 0x1001

/* ---- what they need; the per-CPU variables are in the section "percpu" with its own ---- */

#define PERCPU __attribute__((section("percpu")))
PERCPU int cpu_number;
PERCPU unsigned int lock_holder_id = 1;
PERCPU int __preempt_count = (int)0x80000000;
PERCPU unsigned long this_cpu_off;
static char task[65536];		/* without an output of its own */
PERCPU void *current_task = task;
extern char __start_percpu[], __stop_percpu[];

int panic_cpu = -1;
char trace_event_console[1024];	/* an event that is off */
void __trace_console(const char *text, size_t len);

int upcall_current_pid(void);
void preempt_schedule(void);
int vscnprintf(char *buf, size_t size, const char *fmt, va_list args);
int scnprintf(char *buf, size_t size, const char *fmt, ...);
int hex_dump_to_buffer(void);
int kstrtoint(void);

static __thread int my_cpu;
static __thread volatile bool is_cpu;	/* GS is set: an NMI may come */

int upcall_current_pid(void) { return 100 + my_cpu; }
void preempt_schedule(void) { }
void __trace_console(const char *text, size_t len) { (void)text; (void)len; }
int hex_dump_to_buffer(void) { return 0; }
int kstrtoint(void) { return 0; }

int vscnprintf(char *buf, size_t size, const char *fmt, va_list args)
{
	int n = vsnprintf(buf, size, fmt, args);

	return n < (int)size ? n : size ? (int)size - 1 : 0;
}

int scnprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vscnprintf(buf, size, fmt, args);
	va_end(args);
	return n;
}

static void become_cpu(int cpu)
{
	uintptr_t start = (uintptr_t)__start_percpu, size = (uintptr_t)__stop_percpu - start;
	char *copy = aligned_alloc(64, (size + 63) & ~63ul);
	uintptr_t off = (uintptr_t)copy - start;

	memcpy(copy, __start_percpu, size);
	*(volatile int *)((uintptr_t)&cpu_number + off) = cpu;
	*(volatile unsigned int *)((uintptr_t)&lock_holder_id + off) = cpu + 1;
	*(volatile unsigned long *)((uintptr_t)&this_cpu_off + off) = off;
	asm volatile("" : : "r"(copy) : "memory");	/* from here on it is reached through GS */
	my_cpu = cpu;
	if (syscall(SYS_arch_prctl, ARCH_SET_GS, off))
		abort();
	is_cpu = true;
}

/* ---- checks ---- */

#define CPUS 6
static atomic_long failures;

#define CHECK(cond, ...) do { if (!(cond) && failures++ < 10) { printf("# " __VA_ARGS__); printf("\n"); } } while (0)

/* The text of message n of writer w: "w:n:" and then letters that follow from both. */
static int make_text(char *out, int w, int n)
{
	int used = sprintf(out, "%d:%d:", w, n), len = (w * 7 + n * 13) % 300, i;

	for (i = 0; w < 1000 && i < len; i++)
		out[used++] = 'a' + (w + n + i) % 26;
	out[used] = 0;
	return used;
}

static bool check_text(const char *text, int *w, int *n)
{
	char want[400];

	if (sscanf(text, "%d:%d:", w, n) != 2)
		return false;
	make_text(want, *w, *n);
	return strcmp(text, want) == 0;
}

/* ---- the console: collects lines, and looks who is in ---- */

static char shown[8 << 20];
static size_t shown_len;
static atomic_int inside;
static atomic_bool slow;

static void con_write(struct console *con, const char *s, unsigned int n)
{
	(void)con;
	CHECK(inside++ == 0, "two CPUs are in the console driver");
	if (slow)
		for (volatile int i = 0; i < 2000; i++)
			;
	if (shown_len + n < sizeof(shown)) {
		memcpy(shown + shown_len, s, n);
		shown_len += n;
	}
	inside--;
}

/* Between the owner's last look and his letting go: here a message could be left behind. */
static void con_sync(struct console *con)
{
	(void)con;
	for (volatile int i = 0; i < 1000; i++)
		;
}

static struct console con = { .write = con_write, .sync = con_sync, .flags = 1 };

/* ---- the actors ---- */

static int rounds;
static atomic_int writers_left;
static pthread_t writer[CPUS];
static atomic_int nmi_count[CPUS];

static void on_nmi(int sig)
{
	int n;

	(void)sig;
	if (!is_cpu)
		return;
	n = nmi_count[my_cpu]++;
	asm volatile("addl %0, %%gs:__preempt_count" : : "r"(NMI) : "memory", "cc");
	_printk("\0016%d:%d:\n", 1000 + my_cpu, n);
	asm volatile("subl %0, %%gs:__preempt_count" : : "r"(NMI) : "memory", "cc");
}

static void *write_messages(void *arg)
{
	char text[400];
	int n;

	become_cpu((int)(long)arg);
	for (n = 0; n < rounds; n++) {
		make_text(text, my_cpu, n);
		_printk("\0016%s\n", text);
		if (n % 16 == 0) {
			_printk("\0016cont %d", my_cpu);
			_printk("\001c %d", my_cpu);
			_printk("\001c %d\n", my_cpu);
		}
	}
	is_cpu = false;
	writers_left--;
	return NULL;
}

static void *send_nmis(void *arg)
{
	unsigned int seed = 1;

	(void)arg;
	while (writers_left) {
		usleep(20);
		pthread_kill(writer[rand_r(&seed) % CPUS], SIGUSR1);
	}
	return NULL;
}

/* dmesg, all the time. */
static void *read_log(void *arg)
{
	struct kmsg_record rec;
	char text[1001];
	uint64_t seq = kmsg_first();
	long *count = arg;
	int w, n;

	become_cpu(CPUS);
	while (writers_left) {
		if (!kmsg_read(&seq, &rec, text, sizeof(text))) {
			usleep(50);
			continue;
		}
		++*count;
		if (strchr(text, ':'))
			CHECK(check_text(text, &w, &n), "dmesg read \"%s\"", text);
	}
	return NULL;
}

static void run(int messages)
{
	pthread_t nmi, dmesg;
	long read = 0;
	int i;

	rounds = messages;
	shown_len = 0;
	writers_left = CPUS;
	memset(nmi_count, 0, sizeof(nmi_count));
	for (i = 0; i < CPUS; i++)
		pthread_create(&writer[i], NULL, write_messages, (void *)(long)i);
	pthread_create(&nmi, NULL, send_nmis, NULL);
	pthread_create(&dmesg, NULL, read_log, &read);
	pthread_join(nmi, NULL);
	for (i = 0; i < CPUS; i++)
		pthread_join(writer[i], NULL);
	pthread_join(dmesg, NULL);
	shown[shown_len] = 0;
}

static void check_cont(const char *text)
{
	int a = -1, b = -1, c = -1, n = sscanf(text, "cont %d %d %d", &a, &b, &c);

	CHECK(n >= 1 && (n < 2 || a == b) && (n < 3 || a == c), "pr_cont joined \"%s\"", text);
}

/* Return: messages missing that no "dropped" line covers. */
static long check_shown(int messages)
{
	static int next[2000];
	long missing = 0, dropped = 0;
	char *line, *save;
	int i;

	memset(next, 0, sizeof(next));
	for (line = strtok_r(shown, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		char *text = strstr(line, "] ");
		int w, n;
		long count;

		if (sscanf(line, "** up to %ld", &count) == 1) {
			dropped += count;
		} else if (!text) {
			CHECK(false, "strange line \"%s\"", line);
		} else if (strncmp(text + 2, "cont", 4) == 0) {
			check_cont(text + 2);
		} else if (strchr(text + 2, ':')) {
			if (!check_text(text + 2, &w, &n)) {
				CHECK(false, "broken line \"%s\"", line);
				continue;
			}
			CHECK(n >= next[w], "out of order \"%s\"", line);
			missing += n - next[w];
			next[w] = n + 1;
		}
	}
	for (i = 0; i < CPUS; i++) {
		missing += messages - next[i];
		missing += nmi_count[i] - next[1000 + i];
	}
	return missing > dropped ? missing - dropped : 0;
}

static bool caught_up(void)
{
	struct kmsg_record rec;
	uint64_t seq = con.seq;

	return !kmsg_read(&seq, &rec, NULL, 0);
}

/* Two CPUs, one message each, at the same moment: nobody comes later who would show what was left behind. */
#define DUELS 20000
static pthread_barrier_t duel;

static void *fight(void *arg)
{
	int i;

	become_cpu((int)(long)arg);
	for (i = 0; i < DUELS; i++) {
		pthread_barrier_wait(&duel);
		_printk("\0016duel %d\n", i);
		pthread_barrier_wait(&duel);
		if (my_cpu == 0)
			CHECK(caught_up(), "duel %d: a message stayed unshown", i);
	}
	return NULL;
}

static void run_duels(void)
{
	pthread_t t[2];
	int i;

	shown_len = 0;
	pthread_barrier_init(&duel, NULL, 2);
	for (i = 0; i < 2; i++)
		pthread_create(&t[i], NULL, fight, (void *)(long)i);
	for (i = 0; i < 2; i++)
		pthread_join(t[i], NULL);
}

static uint64_t clock_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ull + now.tv_nsec;
}

static void report(int number, const char *claim)
{
	printf("%sok %d - %s\n", failures ? "not " : "", number, claim);
	failures = 0;
}

int main(void)
{
	int i;

	setvbuf(stdout, NULL, _IONBF, 0);
	become_cpu(CPUS + 1);
	signal(SIGUSR1, on_nmi);
	printk_set_clock(clock_ns);
	register_console(&con);
	printf("1..3\n");

	for (i = 0; i < 200; i++) {
		run(60);
		CHECK(caught_up(), "round %d: something stayed unshown", i);
		CHECK(check_shown(60) == 0, "round %d: messages are missing", i);
	}
	report(1, "printk_small_rounds_show_everything_once");

	slow = true;
	for (i = 0; i < 3; i++) {
		run(8000);
		CHECK(caught_up(), "flood %d: something stayed unshown", i);
		CHECK(check_shown(8000) == 0, "flood %d: messages are missing and not counted", i);
	}
	report(2, "printk_flood_counts_what_is_lost");

	slow = false;
	run_duels();
	report(3, "printk_leaves_no_message_unshown");
	return 0;
}
