/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Misuse on purpose: wrong programs by name, each with the sentence that a beginner gets for it.
 *
 * A wrong program is announced in the file that has it:
 *
 *	MISUSE("stop-dead-thread", stop_dead_thread, "kthread_stop() of a thread that has ended by itself");
 *
 * The function does the wrong thing, waits until it has been explained, and cleans up what it made: the machine goes
 * on as before. Context: thread, may sleep. Return: 0, or a negative errno if the wrong thing could not be tried.
 * The shell's command `misuse` lists and runs them; a test does it by misuse_provoke().
 */
#include <linux/compiler.h>

struct misuse {
	const char	*name;
	int		(*provoke)(void);
	const char	*sentence;	/* what is done wrong */
};

#define MISUSE(_name, _provoke, _sentence) \
	static const struct misuse misuse_##_provoke __used __section(".misuses." #_provoke) \
		__aligned(__alignof__(struct misuse)) = { /* no holes: they are an array */ \
		.name = _name, .provoke = _provoke, .sentence = _sentence }

/* All of them: the linker sorts the sections. */
extern const struct misuse __misuses_start[], __misuses_end[];

/* misuse_provoke: do it. Return: what its function returns, -ENOENT if there is none of that name. */
int misuse_provoke(const char *name);
