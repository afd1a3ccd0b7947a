/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Kernel threads.
 *
 * kthread_run(fn, data, "name") makes and starts one. fn loops until kthread_should_stop() and returns a value;
 * kthread_stop(p) asks it to end, waits, and returns that value. A thread that may end by itself must not be stopped
 * later, unless the caller holds a reference: get_task_struct(p) before, put_task_struct(p) after.
 *
 * All threads are children of kthreadd (PID 2), so they start from a clean state, whoever asked for them.
 * Semantics: Linux's Documentation/driver-api/basics ("kernel threads").
 */
#include <linux/err.h>
#include <linux/sched.h>

struct mm_struct;

/*
 * kthread_create_on_node: a new, sleeping thread; wake_up_process() starts it. The name is a printf format; ps shows
 * 15 characters of it in COMM and all of it in CMD. `node`: one node; NUMA_NO_NODE.
 * Return: the task, or ERR_PTR: -ENOMEM, -EAGAIN (no pid), -EINTR (the caller was killed while it waited).
 * Context: thread, may sleep.
 */
#define NUMA_NO_NODE	(-1)
__printf(4, 5)
struct task_struct *kthread_create_on_node(int (*threadfn)(void *data), void *data, int node,
					   const char namefmt[], ...);
#define kthread_create(threadfn, data, namefmt, arg...) \
	kthread_create_on_node(threadfn, data, NUMA_NO_NODE, namefmt, ##arg)

/* kthread_create_on_cpu: bound to cpu for life; the name format gets the CPU's number. */
struct task_struct *kthread_create_on_cpu(int (*threadfn)(void *data), void *data, unsigned int cpu,
					  const char *namefmt);

/* kthread_run: create and wake. */
#define kthread_run(threadfn, data, namefmt, ...) \
({ \
	struct task_struct *__k = kthread_create(threadfn, data, namefmt, ##__VA_ARGS__); \
	if (!IS_ERR(__k)) \
		wake_up_process(__k); \
	__k; \
})
static inline struct task_struct *kthread_run_on_cpu(int (*threadfn)(void *data), void *data, unsigned int cpu,
						     const char *namefmt)
{
	struct task_struct *p = kthread_create_on_cpu(threadfn, data, cpu, namefmt);

	if (!IS_ERR(p))
		wake_up_process(p);
	return p;
}

/*
 * kthread_bind: to one CPU (or a mask) for life. Context: before the thread's first wake-up; WARNs later.
 */
void kthread_bind(struct task_struct *p, unsigned int cpu);
void kthread_bind_mask(struct task_struct *p, const struct cpumask *mask);

/*
 * kthread_stop: kthread_should_stop() becomes true in p, p is woken, and this waits until it has ended.
 * Return: what its function returned; -EINTR if it never started.
 * Differs from Linux: a thread that has already ended, or is no kthread, or is the caller itself is answered with its
 * return value (if its struct was kept) or a warning and -ESRCH, -EINVAL or -EDEADLK, where Linux corrupts memory,
 * oopses or hangs.
 * Context: thread, may sleep.
 */
int kthread_stop(struct task_struct *p);
/* kthread_should_stop: has somebody called kthread_stop() on the calling kthread? */
bool kthread_should_stop(void);
bool __kthread_should_stop(struct task_struct *p);

/* kthread_data: the data given at creation. kthread_probe_data: the same, NULL where p is no kthread. */
void *kthread_data(struct task_struct *p);
void *kthread_probe_data(struct task_struct *p);
void *kthread_func(struct task_struct *p);

/* End the calling kthread with a result; the second form completes `comp` (may be NULL) on the way. */
void __noreturn kthread_exit(long result);
void __noreturn kthread_complete_and_exit(struct completion *comp, long code);

/* Parking: the thread waits in kthread_parkme() until unparked. kthread_park() returns when it has parked: 0, or
 * -ENOSYS if it has ended or does so instead, -EBUSY if it is being parked already. Differs from Linux: who waits for a
 * thread that ends instead is told so; there he waits for ever. */
int kthread_park(struct task_struct *p);
void kthread_unpark(struct task_struct *p);
void kthread_parkme(void);
bool kthread_should_park(void);

/* The whole name, longer than comm. */
void get_kthread_comm(char *buf, size_t size, struct task_struct *p);

/* For fork.c and exit.c: a kthread's own record. */
bool set_kthread_struct(struct task_struct *p);
void free_kthread_struct(struct task_struct *p);
void kthread_will_exit(struct task_struct *p);

/* Forget the kthreads that ended by themselves and were kept in case somebody stops them. For tests that count. */
void kthread_forget_dead(void);

int kthreadd(void *unused);
extern struct task_struct *kthreadd_task;
