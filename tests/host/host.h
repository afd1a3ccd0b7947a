/* SPDX-License-Identifier: MIT */
/*
 * Tests of lib/ as an ordinary program, under the address and undefined
 * behaviour sanitizers. They see the kernel's headers only; what they need of
 * the C library is declared here. lib.t builds and runs them.
 */
#pragma once

#include "rename.h"
#include <linux/types.h>

int printf(const char *fmt, ...);
void *malloc(size_t size);
void free(void *p);

struct host_test {
	const char *name;
	void (*run)(void);
	struct host_test *next;
};

void host_register(struct host_test *t);

/* A mismatch is printed as a comment and fails the test that is running. */
void host_fail(const char *file, int line, const char *what);
void host_fail_num(const char *file, int line, const char *what, long long got,
		   long long want);
void host_fail_str(const char *file, int line, const char *got, const char *want);
int host_same_str(const char *a, const char *b);

/* HOST_TEST(claim) { ... }: one claim, registered by itself. */
#define HOST_TEST(claim)						\
	static void claim(void);					\
	static struct host_test claim##_test = { #claim, claim, NULL };	\
	static void __attribute__((constructor)) claim##_register(void)	\
	{								\
		host_register(&claim##_test);				\
	}								\
	static void claim(void)

#define CHECK(cond) \
	do { if (!(cond)) host_fail(__FILE__, __LINE__, #cond); } while (0)

#define CHECK_NUM(expr, want)						\
do {									\
	long long __got = (long long)(expr), __want = (long long)(want); \
	if (__got != __want)						\
		host_fail_num(__FILE__, __LINE__, #expr, __got, __want); \
} while (0)

#define CHECK_STR(expr, want)						\
do {									\
	const char *__gots = (expr), *__wants = (want);			\
	if (!host_same_str(__gots, __wants))				\
		host_fail_str(__FILE__, __LINE__, __gots, __wants);	\
} while (0)
