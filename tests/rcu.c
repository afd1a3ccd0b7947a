/* SPDX-License-Identifier: MIT */
/*
 * RCU: grace periods wait for the readers that were there, and for nothing else; callbacks run once, in order, when it
 * is safe; mistakes are explained.
 */
#include "test.h"

#include <linux/cpu.h>
#include <linux/cpuhotplug.h>
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/interrupt.h>
#include <linux/irq_work.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/rculist.h>
#include <linux/rcupdate.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/tick.h>
#include <linux/timekeeping.h>
#include <linux/vmalloc.h>

#include "../kernel/rcu/rcu.h"

/* ---- readers ---- */

TEST(rcu_a_reader_is_not_preempted_and_knows_it_is_one)
{
	EXPECT(!rcu_read_lock_held());
	rcu_read_lock();
	rcu_read_lock();
	BLAME_UNLESS(preempt_count() == 2 && rcu_read_lock_held());
	rcu_read_unlock();
	BLAME_UNLESS(rcu_read_lock_held() && rcu_read_lock_any_held());
	rcu_read_unlock();
	EXPECT(!rcu_read_lock_held());
	rcu_read_lock_bh();
	BLAME_UNLESS(in_softirq() && rcu_read_lock_bh_held());
	rcu_read_unlock_bh();
	rcu_read_lock_sched();
	BLAME_UNLESS(rcu_read_lock_sched_held() && rcu_read_lock_any_held());
	rcu_read_unlock_sched();
	EXPECT_EQ(preempt_count(), 0);
	return NULL;
}

/* Under icount each pause hands the host's turn to the next CPU; one now and then is enough, and much faster. */
static void relax(void)
{
	for (int i = 0; i < 500; i++)
		barrier();
	cpu_relax();
}

struct slow_reader {
	bool inside, leave, left;
	int kind;
};

/* A reader that ends when it is told to; of each kind that grace periods wait for. */
static int read_slowly(void *data)
{
	struct slow_reader *r = data;

	switch (r->kind) {
	case 0: rcu_read_lock(); break;
	case 1: rcu_read_lock_bh(); break;
	case 2: preempt_disable(); break;
	}
	WRITE_ONCE(r->inside, true);
	while (!READ_ONCE(r->leave))
		relax();
	WRITE_ONCE(r->left, true);
	switch (r->kind) {
	case 0: rcu_read_unlock(); break;
	case 1: rcu_read_unlock_bh(); break;
	case 2: preempt_enable(); break;
	}
	return test_wait_for_stop();
}

/* Waits for a grace period when told to; on CPU 0, as is everybody while another CPU does not answer. */
struct writer {
	struct task_struct *p;
	bool go, returned;
};

static int wait_for_grace(void *data)
{
	struct writer *w = data;

	while (!READ_ONCE(w->go))
		test_nap();
	synchronize_rcu();
	WRITE_ONCE(w->returned, true);
	return test_wait_for_stop();
}

static void gather_on_cpu_0(struct writer *w)
{
	set_cpus_allowed_ptr(current, cpumask_of(0));
	set_cpus_allowed_ptr(rcu_gp_thread, cpumask_of(0));
	w->p = test_start(0, wait_for_grace, w, "test/writer");
}

static void part(struct writer *w)
{
	test_join(w->p);
	set_cpus_allowed_ptr(rcu_gp_thread, cpu_possible_mask);
}

/* The writer returns when the reader has left, and not before. */
static void expect_grace_to_wait(struct writer *w, struct slow_reader *r)
{
	BLAME_UNLESS(eventually(READ_ONCE(r->inside)));
	WRITE_ONCE(w->go, true);
	for (int i = 0; i < 4; i++)
		test_nap();
	BLAME_UNLESS(!READ_ONCE(w->returned));
	WRITE_ONCE(r->leave, true);
	BLAME_UNLESS(eventually(READ_ONCE(w->returned)));
	BLAME_UNLESS(READ_ONCE(r->left));
}

static const char *grace_waits_for(int kind)
{
	struct slow_reader r = { .kind = kind };
	struct writer w = { };
	struct task_struct *reader;

	gather_on_cpu_0(&w);
	reader = test_start(1, read_slowly, &r, "test/reader");
	expect_grace_to_wait(&w, &r);
	test_join(reader);
	part(&w);
	return NULL;
}

TEST(rcu_a_grace_period_waits_for_a_reader, .cpus = 2) { return grace_waits_for(0); }
TEST(rcu_a_grace_period_waits_for_disabled_bottom_halves, .cpus = 2) { return grace_waits_for(1); }
TEST(rcu_a_grace_period_waits_for_disabled_preemption, .cpus = 2) { return grace_waits_for(2); }

/* A later reader does not hold up an earlier grace period: else readers that overlap would hold it up for ever. */
static bool stop_reading;

static int read_on_and_on(void *data)
{
	while (!READ_ONCE(stop_reading)) {
		rcu_read_lock();
		test_spin_ns(20000);
		rcu_read_unlock();
	}
	return test_wait_for_stop();
}

static int never_sleep(void *data)
{
	while (!READ_ONCE(stop_reading))
		relax();
	return test_wait_for_stop();
}

static const char *grace_despite(int (*fn)(void *))
{
	struct task_struct *p[8];
	int n = min_t(int, num_online_cpus(), ARRAY_SIZE(p)), i;

	WRITE_ONCE(stop_reading, false);
	for (i = 0; i < n; i++)
		p[i] = test_start(i, fn, NULL, "test/busy");
	for (i = 0; i < test_rounds(5); i++) {
		synchronize_rcu();
		rcu_barrier();
		synchronize_rcu_expedited();
	}
	WRITE_ONCE(stop_reading, true);
	for (i = 0; i < n; i++)
		test_join(p[i]);
	return NULL;
}

TEST(rcu_grace_periods_end_under_readers_that_overlap) { return grace_despite(read_on_and_on); }
TEST(rcu_grace_periods_end_though_no_thread_sleeps) { return grace_despite(never_sleep); }

/* ---- idle CPUs ---- */

TEST(rcu_idle_cpus_are_not_waited_for_nor_woken, .cpus = 2)
{
	unsigned long before, after;
	int other, rounds = 20;

	if (test_real_time || test_shaken)
		return NULL;	/* others have work, too */
	TRY(set_cpus_allowed_ptr(current, cpumask_of(0)) ? "cannot move" : NULL);
	set_cpus_allowed_ptr(rcu_gp_thread, cpumask_of(0));
	msleep(100);
	other = num_online_cpus() - 1;
	EXPECT(eventually(idle_cpu(other) && !READ_ONCE(per_cpu(rcu_quiet, other).watching)));
	before = tick_interrupts(other);
	for (int i = 0; i < rounds; i++)
		synchronize_rcu();
	after = tick_interrupts(other);
	set_cpus_allowed_ptr(rcu_gp_thread, cpu_possible_mask);
	EXPECT_OP(after - before, <, rounds / 2);
	return NULL;
}

static void read_in_interrupt(void *data)
{
	struct slow_reader *r = data;

	rcu_read_lock();
	WRITE_ONCE(r->inside, true);
	while (!READ_ONCE(r->leave))
		relax();
	WRITE_ONCE(r->left, true);
	rcu_read_unlock();
}

/* The grace period begins while the idle CPU is in an interrupt, and ends with that interrupt. */
TEST(rcu_an_interrupt_of_an_idle_cpu_is_waited_for, .cpus = 2)
{
	struct slow_reader r = { };
	struct writer w = { };
	int other = num_online_cpus() - 1;

	gather_on_cpu_0(&w);
	EXPECT(eventually(idle_cpu(other)));
	smp_call_function_single(other, read_in_interrupt, &r, 0);
	expect_grace_to_wait(&w, &r);
	part(&w);
	return NULL;
}

static struct slow_reader last_reader;

static void read_when_offline(struct irq_work *work)
{
	BLAME_UNLESS(!cpu_online(smp_processor_id()));
	read_in_interrupt(&last_reader);
}

static DEFINE_IRQ_WORK(last_interrupt, read_when_offline);

/* The machine stands still, interrupts are off: it comes as soon as they are on again. */
static int queue_last_interrupt(unsigned int cpu)
{
	irq_work_queue(&last_interrupt);
	return 0;
}

static int go_offline(void *cpu)
{
	BLAME_UNLESS(remove_cpu((unsigned long)cpu) == 0);
	return test_wait_for_stop();
}

/* A CPU that is no longer online, but not dead yet, runs interrupts and ends a thread. */
TEST(rcu_a_reader_of_a_cpu_that_is_about_to_die_is_waited_for, .cpus = 2)
{
	unsigned long cpu = num_online_cpus() - 1;
	struct writer w = { };
	struct task_struct *p;

	last_reader = (struct slow_reader){ };
	EXPECT_EQ(cpuhp_setup_state_nocalls(CPUHP_AP_RCUTREE_DYING, "test:dying", NULL, queue_last_interrupt), 0);
	gather_on_cpu_0(&w);
	p = test_start(0, go_offline, (void *)cpu, "test/offline");
	expect_grace_to_wait(&w, &last_reader);
	test_join(p);
	part(&w);
	cpuhp_remove_state_nocalls(CPUHP_AP_RCUTREE_DYING);
	EXPECT_EQ(add_cpu(cpu), 0);
	return NULL;
}

/* ---- callbacks ---- */

struct order {
	struct rcu_head rcu;
	int number;
};

static int next_number, out_of_order, not_softirq;

static void in_order(struct rcu_head *head)
{
	struct order *o = container_of(head, struct order, rcu);

	out_of_order += o->number != next_number++;
	not_softirq += !in_softirq() || in_hardirq() || irqs_disabled();
	kfree(o);
}

TEST(rcu_callbacks_of_a_cpu_run_in_order_in_a_softirq)
{
	const int n = 2000;

	next_number = out_of_order = not_softirq = 0;
	set_cpus_allowed_ptr(current, cpumask_of(0));
	for (int i = 0; i < n; i++) {
		struct order *o = kmalloc(sizeof(*o), GFP_KERNEL);

		EXPECT(o);
		o->number = i;
		call_rcu(&o->rcu, in_order);
	}
	rcu_barrier();
	EXPECT_EQ(next_number, n);
	EXPECT_EQ(out_of_order, 0);
	EXPECT_EQ(not_softirq, 0);
	return NULL;
}

static atomic_t called;

static void count_call(struct rcu_head *head)
{
	atomic_inc(&called);
	kfree(head);
}

static const char *call_many(struct crew *c, int i)
{
	for (int k = 0; k < 200; k++) {
		struct rcu_head *head = kmalloc(sizeof(*head), GFP_KERNEL);

		if (!head)
			return "no memory";
		call_rcu(head, count_call);
		if (k % 50 == i)
			rcu_barrier();
	}
	return NULL;
}

TEST(rcu_barrier_waits_for_the_callbacks_of_all_cpus)
{
	struct crew c = { .fn = call_many, .n = 2 * num_online_cpus(), .bound = true };

	atomic_set(&called, 0);
	TRY(crew_run(&c));
	rcu_barrier();
	EXPECT_EQ(atomic_read(&called), c.n * 200);
	return NULL;
}

/* Whoever was queued on a CPU that goes away runs elsewhere; and it may come back in the middle of everything. */
TEST(rcu_callbacks_of_a_cpu_that_goes_offline_run_elsewhere, .cpus = 2)
{
	int cpu = num_online_cpus() - 1;

	for (int round = 0; round < 3; round++) {
		atomic_set(&called, 0);
		set_cpus_allowed_ptr(current, cpumask_of(cpu));
		for (int i = 0; i < 100; i++) {
			struct rcu_head *head = kmalloc(sizeof(*head), GFP_KERNEL);

			EXPECT(head);
			call_rcu(head, count_call);
		}
		set_cpus_allowed_ptr(current, cpumask_of(0));
		EXPECT_EQ(remove_cpu(cpu), 0);
		synchronize_rcu();
		rcu_barrier();
		EXPECT_EQ(atomic_read(&called), 100);
		EXPECT_EQ(add_cpu(cpu), 0);
		synchronize_rcu_expedited();
	}
	return NULL;
}

/* One that queues itself again, a few times. */
static atomic_t again_left;

static void again(struct rcu_head *head)
{
	if (atomic_dec_return(&again_left) > 0)
		call_rcu(head, again);
}

TEST(rcu_a_callback_may_queue_itself_again)
{
	static struct rcu_head head;

	atomic_set(&again_left, 5);
	call_rcu(&head, again);
	EXPECT(eventually(!atomic_read(&again_left)));
	return NULL;
}

struct thing {
	long before;
	struct rcu_head rcu;
};

TEST(rcu_kfree_rcu_frees_with_a_head_and_without)
{
	for (int i = 0; i < 300; i++) {
		struct thing *a = kmalloc(sizeof(*a), GFP_KERNEL), *b = kmalloc(sizeof(*b), GFP_KERNEL);
		struct thing *none = NULL;

		EXPECT(a && b);
		kfree_rcu(a, rcu);
		kfree_rcu(b);
		kfree_rcu(none, rcu);
		kfree_rcu(none);
	}
	return NULL;	/* the runner counts the pages */
}

TEST(rcu_kvfree_rcu_takes_what_vmalloc_gave)
{
	for (int i = 0; i < 3; i++) {
		struct thing *a = vmalloc(5 * PAGE_SIZE), *b = vmalloc(PAGE_SIZE);

		EXPECT(a && b);
		kvfree_rcu(a, rcu);
		kvfree_rcu(b);
	}
	return NULL;
}

/* ---- cookies and the expedited form ---- */

TEST(rcu_a_cookie_is_reached_by_the_next_full_grace_period)
{
	unsigned long cookie;

	rcu_read_lock();		/* others wait for grace periods, too; none ends now */
	cookie = get_state_synchronize_rcu();
	BLAME_UNLESS(!poll_state_synchronize_rcu(cookie));
	rcu_read_unlock();
	synchronize_rcu();
	EXPECT(poll_state_synchronize_rcu(cookie));
	cond_synchronize_rcu(cookie);
	cookie = start_poll_synchronize_rcu();
	EXPECT(eventually(poll_state_synchronize_rcu(cookie)));
	cookie = get_state_synchronize_rcu();
	cond_synchronize_rcu(cookie);
	EXPECT(poll_state_synchronize_rcu(cookie));
	return NULL;
}

TEST(rcu_an_expedited_grace_period_waits_for_no_tick)
{
	struct task_struct *p[8];
	int n = min_t(int, num_online_cpus(), ARRAY_SIZE(p)) - 1, i;
	u64 start, best = NSEC_PER_SEC;

	WRITE_ONCE(stop_reading, false);
	for (i = 0; i < n; i++)
		p[i] = test_start(i + 1, never_sleep, NULL, "test/busy");
	for (i = 0; i < 10; i++) {
		start = ktime_get_ns();
		synchronize_rcu_expedited();
		best = min(best, ktime_get_ns() - start);
	}
	WRITE_ONCE(stop_reading, true);
	for (i = 0; i < n; i++)
		test_join(p[i]);
	test_note("expedited grace period: %llu ns at best, %d CPUs busy", best, n);
	if (!test_real_time && !test_shaken)
		EXPECT_OP(best, <, NSEC_PER_SEC / HZ / 4);
	return NULL;
}

/* ---- torture: a version is not freed under its readers ---- */

#define VERSIONS 8
#define FREED	 100

struct version {
	struct rcu_head rcu;
	int age;		/* grows by one with each update; FREED after a grace period */
};

static struct version __rcu *newest;
static atomic_t seen_freed, updates, frees;

static void version_freed(struct rcu_head *head)
{
	struct version *v = container_of(head, struct version, rcu);

	WRITE_ONCE(v->age, FREED);
	kfree(v);
	atomic_inc(&frees);
}

static const char *torture_reader(struct crew *c)
{
	u32 state = test_seed(7);

	while (!READ_ONCE(stop_reading)) {
		struct version *v;

		rcu_read_lock();
		v = rcu_dereference(newest);
		for (int i = test_random(&state) % 20; i >= 0; i--) {
			if (READ_ONCE(v->age) != 0 && READ_ONCE(v->age) != 1)
				atomic_inc(&seen_freed);
			cpu_relax();
		}
		rcu_read_unlock();
		if (test_random(&state) % 64 == 0)
			test_nap();
	}
	return NULL;
}

static const char *torture_writer(void)
{
	for (int i = 0; i < test_rounds(300); i++) {
		struct version *v = kzalloc(sizeof(*v), GFP_KERNEL), *old;

		if (!v)
			return "no memory";
		old = rcu_replace_pointer(newest, v, true);
		WRITE_ONCE(old->age, 1);
		atomic_inc(&updates);
		switch (i % 4) {
		case 0:
			synchronize_rcu();
			version_freed(&old->rcu);
			break;
		case 1:
			synchronize_rcu_expedited();
			version_freed(&old->rcu);
			break;
		default:
			call_rcu(&old->rcu, version_freed);
		}
	}
	WRITE_ONCE(stop_reading, true);
	return NULL;
}

static const char *torture(struct crew *c, int i)
{
	return i ? torture_reader(c) : torture_writer();
}

TEST(rcu_nothing_is_freed_under_a_reader)
{
	struct crew c = { .fn = torture, .n = num_online_cpus() + 2 };

	newest = kzalloc(sizeof(*newest), GFP_KERNEL);
	EXPECT(newest);
	WRITE_ONCE(stop_reading, false);
	atomic_set(&seen_freed, 0);
	atomic_set(&updates, 0);
	atomic_set(&frees, 0);
	TRY(crew_run(&c));
	rcu_barrier();
	kfree(newest);
	EXPECT_EQ(atomic_read(&seen_freed), 0);
	EXPECT_EQ(atomic_read(&updates), atomic_read(&frees));
	return NULL;
}

/* ---- lists ---- */

struct entry {
	struct list_head list;
	struct hlist_node node;
	struct rcu_head rcu;
	int key, twice;
};

static LIST_HEAD(entries);
static HLIST_HEAD(bucket);
static DEFINE_SPINLOCK(entries_lock);

static const char *change_lists(void)
{
	for (int i = 0; i < test_rounds(400); i++) {
		struct entry *e = kmalloc(sizeof(*e), GFP_KERNEL), *old;

		if (!e)
			return "no memory";
		e->key = i;
		e->twice = 2 * i;
		spin_lock(&entries_lock);
		old = list_first_or_null_rcu(&entries, struct entry, list);
		if (old && i % 3 == 0) {
			list_replace_rcu(&old->list, &e->list);
			hlist_replace_rcu(&old->node, &e->node);
			kfree_rcu(old, rcu);
		} else if (old && i % 3 == 1) {
			list_del_rcu(&old->list);
			hlist_del_rcu(&old->node);
			kfree_rcu(old, rcu);
			list_add_tail_rcu(&e->list, &entries);
			hlist_add_head_rcu(&e->node, &bucket);
		} else {
			list_add_rcu(&e->list, &entries);
			hlist_add_tail_rcu(&e->node, &bucket);
		}
		spin_unlock(&entries_lock);
	}
	WRITE_ONCE(stop_reading, true);
	return NULL;
}

static const char *walk_lists(void)
{
	struct entry *e;

	while (!READ_ONCE(stop_reading)) {
		rcu_read_lock();
		list_for_each_entry_rcu(e, &entries, list)
			BLAME_UNLESS(e->twice == 2 * e->key);
		hlist_for_each_entry_rcu(e, &bucket, node)
			BLAME_UNLESS(e->twice == 2 * e->key);
		rcu_read_unlock();
	}
	return NULL;
}

static const char *lists(struct crew *c, int i)
{
	return i ? walk_lists() : change_lists();
}

TEST(rcu_lists_can_be_walked_while_they_change)
{
	struct crew c = { .fn = lists, .n = num_online_cpus() + 1 };
	struct entry *e, *next;

	WRITE_ONCE(stop_reading, false);
	INIT_LIST_HEAD(&entries);
	INIT_HLIST_HEAD(&bucket);
	TRY(crew_run(&c));
	list_for_each_entry_safe(e, next, &entries, list)
		kfree(e);
	return NULL;
}

/* All of a list goes to another and back: a walk of either finds all, in order, or none, and ends where it began. */
#define SPLICED 5

static LIST_HEAD(here);
static LIST_HEAD(there);
static struct entry spliced[SPLICED];
static int syncs;

static void count_and_sync(void)
{
	syncs++;
	synchronize_rcu();
}

static const char *splice(void)
{
	for (int i = 0; i < test_rounds(10); i++) {
		list_splice_init_rcu(&here, &there, count_and_sync);
		EXPECT(list_empty(&here));
		list_splice_init_rcu(&here, &there, count_and_sync);	/* nothing to wait for */
		list_splice_tail_init_rcu(&there, &here, count_and_sync);
		EXPECT_EQ(syncs, 2 * i + 2);
	}
	return NULL;
}

static const char *walk_spliced(struct list_head *list)
{
	struct entry *e;
	int n = 0;

	rcu_read_lock();
	list_for_each_entry_rcu(e, list, list)
		if (e < spliced || e >= spliced + SPLICED || e->key != n++)
			break;
	rcu_read_unlock();
	EXPECT(&e->list == list && (n == 0 || n == SPLICED));
	return NULL;
}

static const char *splice_or_walk(struct crew *c, int i)
{
	const char *why = NULL;

	if (!i) {
		why = splice();
		WRITE_ONCE(stop_reading, true);
	}
	while (!why && !READ_ONCE(stop_reading)) {
		why = walk_spliced(&here) ?: walk_spliced(&there);
		cpu_relax();
	}
	return why;
}

TEST(rcu_a_list_is_spliced_as_a_whole)
{
	struct crew c = { .fn = splice_or_walk, .n = 3 };

	WRITE_ONCE(stop_reading, false);
	INIT_LIST_HEAD(&here);
	INIT_LIST_HEAD(&there);
	syncs = 0;
	for (int i = 0; i < SPLICED; i++) {
		spliced[i].key = i;
		list_add_tail(&spliced[i].list, &here);
	}
	return crew_run(&c);
}

/* ---- the list of all threads ---- */

static int short_life(void *data)
{
	return 0;
}

static const char *come_and_go(void)
{
	for (int i = 0; i < test_rounds(100); i++)
		if (IS_ERR(kthread_run(short_life, NULL, "test/short")))
			return "no thread";
	WRITE_ONCE(stop_reading, true);
	return NULL;
}

static const char *walk_threads(void)
{
	struct task_struct *p, *t;
	int init, threads;

	while (!READ_ONCE(stop_reading)) {
		init = threads = 0;
		rcu_read_lock();
		for_each_process(p) {
			BLAME_UNLESS(is_task_struct(p));
			init += p->pid == 1;
		}
		do_each_thread(p, t) {
			threads++;
			BLAME_UNLESS(is_task_struct(t) && find_task_by_vpid(t->pid) != &init_task);
		} while_each_thread(p, t);
		for_each_process_thread(p, t)
			threads--;
		rcu_read_unlock();
		BLAME_UNLESS(init == 1);
		cond_resched();
	}
	return NULL;
}

static const char *threads(struct crew *c, int i)
{
	return i ? walk_threads() : come_and_go();
}

TEST(rcu_all_threads_can_be_walked_while_they_come_and_go)
{
	struct crew c = { .fn = threads, .n = min_t(int, num_online_cpus() + 1, 5) };

	WRITE_ONCE(stop_reading, false);
	TRY(crew_run(&c));
	kthread_forget_dead();
	return NULL;
}

TEST(rcu_a_task_struct_outlives_the_readers_that_found_it, .cpus = 2)
{
	struct task_struct *p = kthread_run(short_life, NULL, "test/short"), *found;
	pid_t nr = p->pid;

	rcu_read_lock();
	found = find_task_by_vpid(nr);
	if (found) {
		u64 start = ktime_get_ns();

		while (!READ_ONCE(found->exit_state) && ktime_get_ns() - start < NSEC_PER_MSEC)
			relax();
		BLAME_UNLESS(is_task_struct(found) && found->pid == nr);
	}
	rcu_read_unlock();
	EXPECT(eventually(({ rcu_read_lock(); found = find_task_by_vpid(nr); rcu_read_unlock(); !found; })));
	kthread_forget_dead();
	return NULL;
}

/* ---- mistakes ---- */

TEST(rcu_a_reader_that_sleeps_is_explained, .warns = "RCU reader")
{
	rcu_read_lock();
	msleep(1);
	BLAME_UNLESS(rcu_read_lock_held());
	rcu_read_unlock();
	EXPECT_EQ(preempt_count(), 0);
	return NULL;
}

TEST(rcu_waiting_inside_a_reader_is_explained, .warns = "RCU reader")
{
	rcu_read_lock();
	synchronize_rcu();
	rcu_read_unlock();
	return NULL;
}

TEST(rcu_an_unlock_too_many_is_explained, .warns = "rcu_read_unlock() without rcu_read_lock()")
{
	preempt_disable();	/* so that nobody else's count can be hurt */
	rcu_read_unlock();
	preempt_enable();
	EXPECT_EQ(preempt_count(), 0);
	EXPECT(!rcu_read_lock_held());
	return NULL;
}

TEST(rcu_a_dereference_outside_of_a_reader_is_explained, .warns = "rcu_dereference(p) outside of a reader")
{
	static int x, __rcu *p = &x;

	EXPECT(rcu_dereference(p) == &x);
	EXPECT(rcu_dereference_check(p, true) == &x);
	EXPECT(rcu_dereference_protected(p, true) == &x);
	EXPECT(rcu_access_pointer(p) == &x);
	return NULL;
}

TEST(rcu_a_callback_without_a_function_is_refused, .warns = "call_rcu() without a function")
{
	static struct rcu_head head;

	call_rcu(&head, NULL);
	return NULL;
}

static int ends_as_reader(void *data)
{
	rcu_read_lock();
	return 0;
}

TEST(rcu_a_thread_that_ends_as_a_reader_is_explained, .warns = "RCU reader")
{
	struct task_struct *p = test_start(0, ends_as_reader, NULL, "test/reader");

	EXPECT(eventually(READ_ONCE(p->exit_state)));
	test_join(p);
	set_cpus_allowed_ptr(current, cpumask_of(0));
	EXPECT(!rcu_read_lock_held());
	synchronize_rcu();
	return NULL;
}

/* ---- stalls ---- */

static const char *stall_of(int kind, const char *says)
{
	struct slow_reader r = { .kind = kind };
	unsigned long normal = rcu_stall_jiffies;
	struct task_struct *reader;
	struct writer w = { };

	gather_on_cpu_0(&w);
	rcu_stall_jiffies = 10;
	reader = test_start(1, read_slowly, &r, "test/stall");
	BLAME_UNLESS(eventually(READ_ONCE(r.inside)));
	WRITE_ONCE(w.go, true);
	BLAME_UNLESS(eventually(test_log_has(says)));
	WRITE_ONCE(r.leave, true);
	test_join(reader);
	part(&w);
	rcu_stall_jiffies = normal;
	EXPECT(test_log_has("rcu_sched detected stalls"));
	EXPECT(test_log_has("which runs test/stall"));
	return NULL;
}

TEST(rcu_a_reader_that_does_not_end_is_named, .cpus = 2)
{
	return stall_of(0, "has been a reader all the time");
}

TEST(rcu_a_cpu_that_stays_atomic_is_named, .cpus = 2)
{
	return stall_of(2, "has preemption or bottom halves disabled");
}
