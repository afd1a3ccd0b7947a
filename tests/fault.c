/* SPDX-License-Identifier: MIT */
/*
 * Without memory: whatever allocation fails on the way, the caller gets the right error, nothing leaks, nothing hangs,
 * and the next try succeeds.
 */
#include "test.h"

#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/fault-inject.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/kthread.h>
#include <linux/percpu.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/smpboot.h>
#include <linux/vmalloc.h>
#include <linux/workqueue.h>

#define MOST 200	/* more allocations than anything here makes */

/*
 * Runs attempt() with its 1st, 2nd, 3rd ... allocation failing, until none has failed: it makes something, ends it
 * again and answers 0, or it answers `error`. At least `fewest` of the tries must fail.
 */
static const char *fail_each(int (*attempt)(void), int error, int fewest)
{
	int n, failures = 0;

	for (n = 1; n < MOST; n++) {
		unsigned long objects = test_objects_in_use();
		bool struck;
		int ret;

		fail_nth_arm(n);
		ret = attempt();
		struck = fail_nth_disarm();
		if (ret && ret != error)
			return test_fail("allocation %d failed: the answer is %d, not %d", n, ret, error);
		if (ret && !struck)
			return test_fail("no allocation failed, but the answer is %d", ret);
		if (!eventually(test_objects_in_use() <= objects))
			return test_fail("allocation %d failed: %ld objects were not freed", n,
					 (long)(test_objects_in_use() - objects));
		if (!struck)
			break;
		failures += ret != 0;
	}
	EXPECT_OP(n, <, MOST);
	EXPECT_OP(failures, >=, fewest);
	return NULL;
}

/* ---- the injection itself ---- */

TEST(fault_exactly_the_nth_allocation_fails)
{
	void *p[5];
	bool struck;
	int i;

	fail_nth_arm(3);
	for (i = 0; i < 5; i++)
		p[i] = kmalloc(50, GFP_KERNEL);
	struck = fail_nth_disarm();
	for (i = 0; i < 5; i++) {
		BLAME_UNLESS(!p[i] == (i == 2));
		kfree(p[i]);
	}
	EXPECT(struck);
	fail_nth_arm(1);
	EXPECT(!fail_nth_disarm());
	return NULL;
}

static const char *allocate_often(struct crew *c, int who)
{
	for (int i = 0; i < 300; i++) {
		bool armed = who == 0;
		void *p;

		if (armed)
			fail_nth_arm(1);
		p = kmalloc(1 + i, GFP_KERNEL);
		if (armed)
			fail_nth_disarm();
		EXPECT(!p == armed);
		kfree(p);
	}
	return NULL;
}

TEST(fault_only_the_armed_thread_fails)
{
	struct crew c = { .fn = allocate_often, .n = 4 };

	return crew_run(&c);
}

TEST(fault_an_allocation_that_must_not_fail_neither_fails_nor_counts)
{
	void *a, *b, *c;

	fail_nth_arm(1);
	a = kmalloc(10, GFP_KERNEL | __GFP_NOFAIL);
	b = (void *)__get_free_page(GFP_KERNEL | __GFP_NOFAIL);
	c = kmalloc(10, GFP_KERNEL);
	EXPECT(fail_nth_disarm());
	EXPECT(a && b && !c);
	kfree(a);
	free_page((unsigned long)b);
	return NULL;
}

TEST(fault_attributes_limit_interval_space_and_times)
{
	static DECLARE_FAULT_ATTR(attr);
	char text[] = "2,100,3000,3", nonsense[] = "often";
	int i, failed = 0;

	EXPECT(!should_fail(&attr, 1));			/* no probability: never */
	EXPECT_EQ(setup_fault_attr(&attr, nonsense), 0);
	EXPECT_EQ(setup_fault_attr(&attr, text), 1);
	for (i = 0; i < 2; i++)
		EXPECT(!should_fail(&attr, 1000));	/* uses up the space, but for 1000 */
	for (i = 0; i < 4; i++)
		failed += should_fail(&attr, 1000);
	EXPECT_EQ(failed, 2);				/* each second one */
	for (i = 0; i < 10; i++)
		failed += should_fail(&attr, 1000);
	EXPECT_EQ(failed, 3);				/* so many times, no more */
	attr.task_filter = true;
	atomic_set(&attr.times, -1);
	for (i = 0; i < 10; i++)
		EXPECT(!should_fail(&attr, 1000));
	current->make_it_fail = true;
	for (i = 0; i < 10; i++)
		failed += should_fail(&attr, 1000);
	current->make_it_fail = false;
	EXPECT_EQ(failed, 3 + 5);
	return NULL;
}

/* ---- memory ---- */

static int make_vmalloc(void)
{
	void *p = vmalloc(5 * PAGE_SIZE);

	vfree(p);
	return p ? 0 : -ENOMEM;
}

static int make_cache(void)
{
	struct kmem_cache *s = kmem_cache_create("test-fault", 100, 0, 0, NULL);
	void *p = s ? kmem_cache_alloc(s, GFP_KERNEL) : NULL;

	if (p)
		kmem_cache_free(s, p);
	kmem_cache_destroy(s);
	return p ? 0 : -ENOMEM;
}

static int make_percpu(void)
{
	int __percpu *p = alloc_percpu(int);

	free_percpu(p);
	return p ? 0 : -ENOMEM;
}

static int make_strings(void)
{
	char *a = kasprintf(GFP_KERNEL, "%d", 1), *b = kstrdup("two", GFP_KERNEL), *c = kmemdup("three", 6, GFP_KERNEL);
	int ret = a && b && c ? 0 : -ENOMEM;

	kfree(a);
	kfree(b);
	kfree(c);
	return ret;
}

TEST(fault_memory_of_every_kind_without_memory_gives_null_and_leaks_nothing)
{
	TRY(fail_each(make_vmalloc, -ENOMEM, 5));
	TRY(fail_each(make_cache, -ENOMEM, 4));
	TRY(fail_each(make_percpu, -ENOMEM, 1));
	return fail_each(make_strings, -ENOMEM, 3);
}

/* ---- threads ---- */

static int sleep_until_stopped(void *data)
{
	return test_wait_for_stop();
}

static int make_thread(void)
{
	struct task_struct *p = kthread_create(sleep_until_stopped, NULL, "test/%s", "a-name-longer-than-a-comm");

	return IS_ERR(p) ? PTR_ERR(p) : kthread_stop(p) == -EINTR ? 0 : -EINVAL;
}

static int make_running_thread(void)
{
	struct task_struct *p = kthread_run(sleep_until_stopped, NULL, "test/fault");
	int ret = IS_ERR(p) ? PTR_ERR(p) : kthread_stop(p);

	return ret == -EINTR ? 0 : ret;		/* stopped before it had begun */
}

static int make_thread_on_cpu(void)
{
	struct task_struct *p = kthread_create_on_cpu(sleep_until_stopped, NULL, num_online_cpus() - 1, "test/f/%u");

	return IS_ERR(p) ? PTR_ERR(p) : kthread_stop(p) == -EINTR ? 0 : -EINVAL;
}

static int end_at_once(void *data)
{
	return 0;
}

static int make_child(void)
{
	pid_t pid;

	kernel_sigaction(SIGCHLD, SIG_DFL);
	pid = kernel_thread(end_at_once, NULL, CLONE_FS | CLONE_FILES | SIGCHLD);
	if (pid < 0)
		return pid;
	return kernel_wait4(pid, NULL, 0, NULL) == pid ? 0 : -ECHILD;
}

/* The kthread's record, its name, which no comm holds, and in kthreadd: task_struct, stack, its number. */
TEST(fault_kthread_create_without_memory_gives_enomem_and_leaks_nothing)
{
	return fail_each(make_thread, -ENOMEM, 5);
}

TEST(fault_kthread_run_without_memory_gives_enomem_and_leaks_nothing)
{
	return fail_each(make_running_thread, -ENOMEM, 4);
}

TEST(fault_kthread_create_on_cpu_without_memory_gives_enomem_and_leaks_nothing)
{
	return fail_each(make_thread_on_cpu, -ENOMEM, 4);
}

TEST(fault_fork_without_memory_gives_enomem_and_leaks_nothing)
{
	return fail_each(make_child, -ENOMEM, 4);
}

/* A stack that has to be mapped: its pages and page tables can fail one by one. */
TEST(fault_fork_with_a_new_stack_without_memory_gives_enomem_and_leaks_nothing)
{
	static struct task_struct *p[300];
	int n = 0;
	const char *why;

	memory_settle();
	while (n < ARRAY_SIZE(p)) {		/* no free stack is left, and groups of slots are used up */
		p[n] = kthread_create(sleep_until_stopped, NULL, "test/stacks");
		BUG_ON(IS_ERR(p[n]));
		n++;
	}
	why = fail_each(make_thread, -ENOMEM, 5);
	while (n)
		kthread_stop(p[--n]);
	return why;
}

static const char *make_threads_one_armed(struct crew *c, int who)
{
	for (int i = 1; i < 20; i++) {
		struct task_struct *p;

		if (who == 0)
			fail_nth_arm(i % 4 + 1);
		p = kthread_run(sleep_until_stopped, NULL, "test/fault");
		if (who == 0)
			fail_nth_disarm();
		if (who == 0) {
			EXPECT_EQ(PTR_ERR_OR_ZERO(p), -ENOMEM);
			continue;
		}
		EXPECT(!IS_ERR(p));
		kthread_stop(p);
	}
	return NULL;
}

/* Many ask kthreadd at once: the failure hits the thread that it was meant for. */
TEST(fault_in_kthreadd_it_hits_only_the_request_of_the_armed_thread)
{
	struct crew c = { .fn = make_threads_one_armed, .n = 4 };

	return crew_run(&c);
}

/* ---- workers ---- */

static int make_worker(void)
{
	struct kthread_worker *w = kthread_create_worker(0, "test/%s", "fault");

	if (IS_ERR(w))
		return PTR_ERR(w);
	kthread_destroy_worker(w);
	return 0;
}

static int make_worker_on_cpu(void)
{
	struct kthread_worker *w = kthread_create_worker_on_cpu(num_online_cpus() - 1, 0, "test/f/%d", 1);

	if (IS_ERR(w))
		return PTR_ERR(w);
	kthread_destroy_worker(w);
	return 0;
}

TEST(fault_kthread_create_worker_without_memory_gives_enomem_and_leaks_nothing)
{
	return fail_each(make_worker, -ENOMEM, 5);
}

TEST(fault_kthread_create_worker_on_cpu_without_memory_gives_enomem_and_leaks_nothing)
{
	return fail_each(make_worker_on_cpu, -ENOMEM, 5);
}

/* ---- workqueues ---- */

static unsigned int wq_flags;
static bool wq_ordered;
static atomic_t works_done;

static void count_work(struct work_struct *work)
{
	atomic_inc(&works_done);
}

static int make_workqueue(void)
{
	struct workqueue_struct *wq;
	DECLARE_WORK(work, count_work);

	if (wq_ordered)
		wq = alloc_ordered_workqueue("test-%s", wq_flags, "fault");
	else
		wq = alloc_workqueue("test-%s", wq_flags, 0, "fault");
	if (!wq)
		return -ENOMEM;
	atomic_set(&works_done, 0);
	queue_work(wq, &work);
	destroy_workqueue(wq);
	return atomic_read(&works_done) == 1 ? 0 : -EINVAL;
}

static const char *workqueue_without_memory(unsigned int flags, bool ordered, int fewest)
{
	wq_flags = flags;
	wq_ordered = ordered;
	return fail_each(make_workqueue, -ENOMEM, fewest);
}

TEST(fault_alloc_workqueue_without_memory_gives_null_and_leaks_nothing)
{
	TRY(workqueue_without_memory(0, false, 2));
	TRY(workqueue_without_memory(WQ_HIGHPRI | WQ_CPU_INTENSIVE, false, 2));
	TRY(workqueue_without_memory(WQ_UNBOUND, false, 2));
	return workqueue_without_memory(WQ_FREEZABLE, false, 2);
}

/* The rescuer is a thread of its own: four allocations. */
TEST(fault_alloc_workqueue_with_a_rescuer_without_memory_gives_null_and_leaks_nothing)
{
	TRY(workqueue_without_memory(WQ_MEM_RECLAIM, false, 6));
	TRY(workqueue_without_memory(WQ_MEM_RECLAIM | WQ_UNBOUND, false, 6));
	return workqueue_without_memory(WQ_MEM_RECLAIM | WQ_HIGHPRI, false, 6);
}

TEST(fault_alloc_ordered_workqueue_without_memory_gives_null_and_leaks_nothing)
{
	TRY(workqueue_without_memory(0, true, 2));
	return workqueue_without_memory(WQ_MEM_RECLAIM, true, 6);
}

static void do_nothing(struct work_struct *work)
{
}

static int run_on_each_cpu(void)
{
	return schedule_on_each_cpu(do_nothing);
}

TEST(fault_schedule_on_each_cpu_without_memory_gives_enomem_and_leaks_nothing)
{
	return fail_each(run_on_each_cpu, -ENOMEM, 1);
}

/* ---- a thread on each CPU ---- */

static DEFINE_PER_CPU(struct task_struct *, per_cpu_thread);

static int nothing_to_do(unsigned int cpu)
{
	return 0;
}

static void never_called(unsigned int cpu)
{
}

static struct smp_hotplug_thread each = {
	.store = &per_cpu_thread, .thread_should_run = nothing_to_do, .thread_fn = never_called,
	.thread_comm = "test/fault/%u",
};

static int register_threads(void)
{
	int ret = smpboot_register_percpu_thread(&each);

	if (!ret)
		smpboot_unregister_percpu_thread(&each);
	return ret;
}

TEST(fault_smpboot_register_percpu_thread_without_memory_gives_enomem_and_leaks_nothing)
{
	return fail_each(register_threads, -ENOMEM, 5 * num_online_cpus());
}
