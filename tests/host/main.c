/* SPDX-License-Identifier: MIT */
/* Runs every registered test and prints TAP. */
#include "host.h"

int fflush(void *stream);

static struct host_test *first, **last = &first;
static int failures;

/* The facts that kernel/cpu.c knows in the kernel. */
unsigned int nr_cpu_ids = 64;

void host_register(struct host_test *t)
{
	*last = t;
	last = &t->next;
}

void host_fail(const char *file, int line, const char *what)
{
	printf("# %s:%d: not true: %s\n", file, line, what);
	failures++;
}

void host_fail_num(const char *file, int line, const char *what, long long got,
		   long long want)
{
	printf("# %s:%d: %s is %lld (%#llx), not %lld (%#llx)\n", file, line, what,
	       got, got, want, want);
	failures++;
}

void host_fail_str(const char *file, int line, const char *got, const char *want)
{
	printf("# %s:%d: got \"%s\", not \"%s\"\n", file, line, got ? got : "NULL",
	       want ? want : "NULL");
	failures++;
}

int host_same_str(const char *a, const char *b)
{
	if (!a || !b)
		return a == b;
	for (; *a && *a == *b; a++, b++)
		;
	return *a == *b;
}

int main(void)
{
	struct host_test *t;
	int n = 0, failed = 0;

	for (t = first; t; t = t->next)
		n++;
	printf("1..%d\n", n);
	n = 0;
	for (t = first; t; t = t->next) {
		int before = failures;

		t->run();
		printf("%sok %d - %s\n", failures == before ? "" : "not ", ++n, t->name);
		fflush(NULL);	/* a sanitizer may end the next one */
		failed += failures != before;
	}
	return failed != 0;
}
