/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Misuse on purpose: wrong programs by name, each with the sentence that a beginner gets for it.
 *
 * A wrong program is announced in the file that has it:
 *
 *	MISUSE("stop-dead-thread", stop_dead_thread, "kthread_stop() of a thread that has ended by itself");
 *
 * with #define MISUSE_SUBJECT "a thread's life" before the #include: the list is grouped by that. The function does the
 * wrong thing, waits until it has been explained, and cleans up what it made: the machine goes on as before. Where it
 * cannot, MISUSE_FATAL() announces it, and the list says so. Context: thread, may sleep. Return: 0, or a negative errno
 * if the wrong thing could not be tried.
 * The shell's command `misuse` lists and runs them; a test does it by misuse_provoke().
 */
#include <linux/compiler.h>
#include <linux/types.h>

#ifndef MISUSE_SUBJECT
#define MISUSE_SUBJECT "other mistakes"
#endif

struct misuse {
	const char	*name;
	const char	*subject;
	int		(*provoke)(void);
	const char	*sentence;	/* what is done wrong */
	bool		fatal;		/* the machine does not go on */
};

#define MISUSE(_name, _provoke, _sentence)	__MISUSE(_name, _provoke, _sentence, false)
#define MISUSE_FATAL(_name, _provoke, _sentence) __MISUSE(_name, _provoke, _sentence, true)
#define __MISUSE(_name, _provoke, _sentence, _fatal) \
	static const struct misuse misuse_##_provoke __used __section(".misuses." #_provoke) \
		__aligned(__alignof__(struct misuse)) = { /* no holes: they are an array */ \
		.name = _name, .subject = MISUSE_SUBJECT, .provoke = _provoke, .sentence = _sentence, \
		.fatal = _fatal }

/* All of them: the linker sorts the sections. */
extern const struct misuse __misuses_start[], __misuses_end[];

/*
 * Threads for them. misuse_start: runs fn(data) as misuse/NAME; misuse_finish: waits for its end, by kthread_stop().
 * misuse_run: both; fn has been called for certain. Return: the thread or ERR_PTR; what fn returned; 0 or an error.
 * misuse_run_thread: the same with a thread's own function, which ends without being asked to.
 */
struct task_struct;
struct task_struct *misuse_start(int (*fn)(void *), void *data, const char *name);
int misuse_finish(struct task_struct *p);
int misuse_run(int (*fn)(void), const char *name);
int misuse_run_thread(int (*fn)(void *), const char *name);

/* misuse_provoke: do it. Return: what its function returns, -ENOENT if there is none of that name. */
int misuse_provoke(const char *name);
