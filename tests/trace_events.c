/* SPDX-License-Identifier: MIT */
/*
 * What is recorded: each event, when it happens and with which fields, as Linux 6.1 prints them.
 */
#include "trace.h"
#include <linux/completion.h>
#include <linux/cpu.h>
#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/ktime.h>
#include <linux/interrupt.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/rtmutex.h>
#include <linux/rwsem.h>
#include <linux/semaphore.h>
#include <linux/slab.h>
#include <linux/stop_machine.h>
#include <linux/timer.h>
#include <linux/workqueue.h>
#include <asm/apic.h>
#include <asm/irq_vectors.h>

/* The rest of the trace has a line "event: text", with what fmt makes of the text; the next search begins behind it. */
static __printf(2, 3) const char *next_is(const char *event, const char *fmt, ...)
{
	static char text[256];
	va_list args;
	int n;

	n = scnprintf(text, sizeof(text), ": %s: ", event);
	va_start(args, fmt);
	vscnprintf(text + n, sizeof(text) - n, fmt, args);
	va_end(args);
	while (trace_iter_next(it)) {
		if (it->lost)
			return test_fail("%llu events are lost in front of \"%s\"", it->lost, text);
		trace_format(it, 6);
		if (strstr(it->line, text))
			return NULL;
	}
	return test_fail("there is no (further) line \"%s\"", text);
}

/* Off, and from the beginning. */
static void rewind(void)
{
	tracing_off();
	trace_iter_begin(it);
}

#define BEGIN(events)	TRY(trace_test_begin(4096 * sizeof(struct trace_slot), events))

/* ---- threads */

static int wait_to_be_stopped(void *unused)
{
	return test_wait_for_stop();
}

TEST(trace_thread_from_birth_to_death)
{
	struct task_struct *p;
	pid_t pid;

	BEGIN("sched");
	p = test_start(0, wait_to_be_stopped, NULL, "traced");
	pid = p->pid;
	EXPECT(eventually(test_asleep(p, TEST_ANY_SLEEP)));
	test_join(p);
	rewind();
	TRY(next_is("sched_process_fork", "comm=kthreadd pid=2 child_comm=kthreadd child_pid=%d\n", pid));
	TRY(next_is("sched_wakeup_new", "comm=kthreadd pid=%d prio=120 target_cpu=", pid));
	TRY(next_is("sched_waking", "comm=traced pid=%d prio=120 target_cpu=", pid));
	TRY(next_is("sched_wakeup", "comm=traced pid=%d prio=120 target_cpu=000\n", pid));
	TRY(next_is("sched_switch", "prev_comm=traced prev_pid=%d prev_prio=120 prev_state=S ==> next_comm=", pid));
	EXPECT_EQ(it->cpu, 0);
	EXPECT_EQ(it->slot->pid, pid);
	TRY(next_is("sched_kthread_stop", "comm=traced pid=%d\n", pid));
	EXPECT_EQ(it->slot->pid, current->pid);
	TRY(next_is("sched_waking", "comm=traced pid=%d prio=120 target_cpu=000\n", pid));
	EXPECT_EQ(it->slot->pid, current->pid);
	TRY(next_is("sched_process_exit", "comm=traced pid=%d prio=120\n", pid));
	trace_test_end();
	return NULL;
}

TEST(trace_stop_tells_the_answer_and_the_dead_do_not_run)
{
	struct task_struct *p;
	pid_t pid;

	BEGIN("sched");
	p = test_start(0, wait_to_be_stopped, NULL, "traced");
	pid = p->pid;
	EXPECT(eventually(test_asleep(p, TEST_ANY_SLEEP)));
	get_task_struct(p);
	test_join(p);
	EXPECT(eventually(!READ_ONCE(p->stack)));	/* its last switch is over */
	put_task_struct(p);
	rewind();
	TRY(next_is("sched_kthread_stop_ret", "ret=0\n"));
	trace_iter_begin(it);
	TRY(next_is("sched_process_exit", "comm=traced pid=%d prio=120\n", pid));
	TRY(next_is("sched_switch", "prev_comm=traced prev_pid=%d prev_prio=120 prev_state=X ==> next_comm=", pid));
	EXPECT(next_is("sched_switch", "prev_comm=traced prev_pid=%d ", pid));
	trace_test_end();
	return NULL;
}

/* Busy for a while, so that there is something to charge. */
static int work_and_wait(void *unused)
{
	u64 until = ktime_get_ns() + 100000;

	while (ktime_get_ns() < until)
		cpu_relax();
	return test_wait_for_stop();
}

/* p's charges, from first to last, are the time that it has run. *last: of the last one. */
static const char *charges_are_all(struct task_struct *p, u64 *last)
{
	char text[64];
	u64 sum = 0;

	rewind();
	scnprintf(text, sizeof(text), " pid=%d runtime=", p->pid);
	while (trace_iter_next(it)) {
		char *rest, *at;

		EXPECT_EQ(it->lost, 0);
		trace_format(it, 6);
		at = strstr(it->line, text);
		if (!at || !strstr(it->line, ": sched_stat_runtime: comm="))
			continue;
		sum += simple_strtoull(at + strlen(text), &rest, 10);
		EXPECT_EQ(strncmp(rest, " [ns] vruntime=", 15), 0);
		*last = simple_strtoull(rest + 15, &rest, 10);
		EXPECT_EQ(strcmp(rest, " [ns]\n"), 0);
	}
	EXPECT_EQ(sum, p->se.sum_exec_runtime);
	EXPECT(sum > 0);
	return NULL;
}

/* The trace has its whole life, and nothing else. */
static const char *run_charged(int policy, u64 *last, u64 *vruntime)
{
	struct sched_param param = { .sched_priority = policy == SCHED_FIFO };
	struct task_struct *p;

	BEGIN("sched_stat_runtime");
	p = kthread_create(work_and_wait, NULL, "charged");
	EXPECT(!IS_ERR(p));
	WRITE_ONCE(trace_filter_pid, p->pid);
	get_task_struct(p);
	sched_setscheduler(p, policy, &param);
	wake_up_process(p);
	EXPECT(eventually(test_asleep(p, TEST_ANY_SLEEP)));
	kthread_stop(p);
	EXPECT(eventually(!READ_ONCE(p->stack)));	/* its last switch is over */
	TRY(charges_are_all(p, last));
	WRITE_ONCE(trace_filter_pid, 0);
	*vruntime = p->se.vruntime;
	put_task_struct(p);
	trace_test_end();
	return NULL;
}

TEST(trace_charges_are_the_time_that_a_thread_has_run)
{
	u64 last, vruntime;

	TRY(run_charged(SCHED_NORMAL, &last, &vruntime));
	EXPECT_EQ(last, vruntime);
	TRY(run_charged(SCHED_FIFO, &last, &vruntime));
	EXPECT_EQ(last, 0);
	return NULL;
}

/* The default leaves them out, the group has them. */
TEST(trace_charges_are_not_recorded_by_default)
{
	struct trace_event *e = trace_event_of("sched_stat_runtime");

	trace_want_default();
	EXPECT(!e->wanted);
	EXPECT(trace_event_of("sched_switch")->wanted);
	EXPECT_EQ(trace_want("sched", true), 0);
	EXPECT(e->wanted);
	trace_want_default();
	return NULL;
}

static atomic_t spins;

static int spin_until_stopped(void *unused)
{
	atomic_set(&spins, 1);
	while (!kthread_should_stop())
		cpu_relax();
	return 0;
}

/* The spinner never sleeps: it has the CPU when the other one comes, or somebody has preempted it before. */
TEST(trace_switch_of_the_preempted_says_so, .cpus = 2)
{
	struct sched_param high = { .sched_priority = 1 };
	struct task_struct *p, *q;
	char text[80];

	set_cpus_allowed_ptr(current, cpumask_of(1));
	atomic_set(&spins, 0);
	BEGIN("sched_switch");
	p = test_start(0, spin_until_stopped, NULL, "spinner");
	q = kthread_create(wait_to_be_stopped, NULL, "preempter");
	EXPECT(!IS_ERR(q));
	kthread_bind(q, 0);
	sched_setscheduler(q, SCHED_FIFO, &high);
	EXPECT(eventually(atomic_read(&spins)));
	wake_up_process(q);
	EXPECT(eventually(test_asleep(q, TEST_ANY_SLEEP)));
	rewind();
	TRY(next_is("sched_switch", "prev_comm=spinner prev_pid=%d prev_prio=120 prev_state=R+ ==> ", p->pid));
	trace_iter_begin(it);
	snprintf(text, sizeof(text), " ==> next_comm=preempter next_pid=%d next_prio=98\n", q->pid);
	do
		TRY(next_is("sched_switch", "prev_comm="));
	while (!strstr(it->line, text));
	kthread_stop(q);
	test_join(p);
	trace_test_end();
	return NULL;
}

TEST(trace_migration_tells_from_where_to_where, .cpus = 2)
{
	struct task_struct *p;

	p = test_start(0, wait_to_be_stopped, NULL, "mover");
	EXPECT(eventually(test_asleep(p, TEST_ANY_SLEEP)));
	BEGIN("sched_migrate_task");
	p->flags &= ~PF_NO_SETAFFINITY;
	EXPECT_EQ(set_cpus_allowed_ptr(p, cpumask_of(1)), 0);
	wake_up_process(p);
	EXPECT(eventually(task_cpu(p) == 1));
	rewind();
	TRY(next_is("sched_migrate_task", "comm=mover pid=%d prio=120 orig_cpu=0 dest_cpu=1\n", p->pid));
	test_join(p);
	trace_test_end();
	return NULL;
}

/* ---- works */

static void do_nothing(struct kthread_work *work)
{
}

TEST(trace_kthread_work_from_queue_to_end)
{
	static DEFINE_KTHREAD_WORK(work, do_nothing);
	struct kthread_worker *worker = kthread_create_worker(0, "traced");

	EXPECT(!IS_ERR(worker));
	BEGIN("sched");
	EXPECT(kthread_queue_work(worker, &work));
	kthread_flush_work(&work);
	rewind();
	TRY(next_is("sched_kthread_work_queue_work", "work struct=%p function=do_nothing worker=%p\n", &work, worker));
	TRY(next_is("sched_kthread_work_execute_start", "work struct %p: function do_nothing\n", &work));
	EXPECT(!strcmp(it->slot->comm, "traced"));
	TRY(next_is("sched_kthread_work_execute_end", "work struct %p: function do_nothing\n", &work));
	trace_test_end();
	kthread_destroy_worker(worker);
	kthread_init_work(&work, do_nothing);
	return NULL;
}

static void work_nothing(struct work_struct *work)
{
}

TEST(trace_work_from_queue_to_end)
{
	static DECLARE_WORK(work, work_nothing);
	struct workqueue_struct *wq = alloc_workqueue("a_queue_with_a_long_nam", 0, 1);

	EXPECT(wq);
	BEGIN("workqueue");
	EXPECT(queue_work_on(0, wq, &work));
	flush_work(&work);
	EXPECT(schedule_work(&work));
	flush_work(&work);
	rewind();
	TRY(next_is("workqueue_queue_work",
		    "work struct=%p function=work_nothing workqueue=a_queue_with_a_long_nam req_cpu=0 cpu=0\n", &work));
	TRY(next_is("workqueue_activate_work", "work struct %p\n", &work));
	TRY(next_is("workqueue_execute_start", "work struct %p: function work_nothing\n", &work));
	EXPECT(!strncmp(it->slot->comm, "kworker/", 8));
	TRY(next_is("workqueue_execute_end", "work struct %p: function work_nothing\n", &work));
	TRY(next_is("workqueue_queue_work", "work struct=%p function=work_nothing workqueue=events req_cpu=%d cpu=",
		    &work, WORK_CPU_UNBOUND));
	trace_test_end();
	destroy_workqueue(wq);
	return NULL;
}

/* ---- timers */

static atomic_t fired;

static void timer_fires_here(struct timer_list *timer)
{
	atomic_inc(&fired);
}

TEST(trace_timer_from_start_to_end)
{
	struct timer_list timer;
	const char *left;
	int ticks;

	atomic_set(&fired, 0);
	BEGIN("timer_*");
	timer_setup_on_stack(&timer, timer_fires_here, 0);
	mod_timer(&timer, jiffies + 1000);
	EXPECT_EQ(del_timer_sync(&timer), 1);
	mod_timer(&timer, jiffies + 2);
	EXPECT(eventually(atomic_read(&fired)));
	del_timer_sync(&timer);
	destroy_timer_on_stack(&timer);
	rewind();
	TRY(next_is("timer_init", "timer=%p\n", &timer));
	TRY(next_is("timer_start", "timer=%p function=timer_fires_here expires=", &timer));
	left = strstr(it->line, "[timeout=");
	EXPECT(left && sscanf(left, "[timeout=%d]", &ticks) == 1);
	EXPECT_OP(ticks, <=, 1000);	/* the CPU may have stood still before it came to the timer */
	EXPECT(strstr(it->line, " flags=\n"));
	TRY(next_is("timer_cancel", "timer=%p\n", &timer));
	TRY(next_is("timer_start", "timer=%p function=timer_fires_here expires=", &timer));
	TRY(next_is("timer_cancel", "timer=%p\n", &timer));
	TRY(next_is("timer_expire_entry", "timer=%p function=timer_fires_here now=", &timer));
	EXPECT(it->slot->flags & TRACE_FLAG_SOFTIRQ);
	TRY(next_is("timer_expire_exit", "timer=%p\n", &timer));
	trace_test_end();
	return NULL;
}

static enum hrtimer_restart hrtimer_fires_here(struct hrtimer *timer)
{
	atomic_inc(&fired);
	return HRTIMER_NORESTART;
}

TEST(trace_hrtimer_from_start_to_end)
{
	struct hrtimer timer;

	atomic_set(&fired, 0);
	BEGIN("hrtimer_*");
	hrtimer_init_on_stack(&timer, CLOCK_REALTIME, HRTIMER_MODE_REL_PINNED);
	timer.function = hrtimer_fires_here;
	hrtimer_start(&timer, 1000000, HRTIMER_MODE_REL_PINNED);
	EXPECT(eventually(atomic_read(&fired)));
	hrtimer_cancel(&timer);
	destroy_hrtimer_on_stack(&timer);
	rewind();
	TRY(next_is("hrtimer_init", "hrtimer=%p clockid=CLOCK_REALTIME mode=REL|PINNED\n", &timer));
	TRY(next_is("hrtimer_start", "hrtimer=%p function=hrtimer_fires_here expires=%llu softexpires=%llu "
		    "mode=REL|PINNED\n", &timer, timer.node.expires, timer._softexpires));
	TRY(next_is("hrtimer_cancel", "hrtimer=%p\n", &timer));
	TRY(next_is("hrtimer_expire_entry", "hrtimer=%p function=hrtimer_fires_here now=", &timer));
	EXPECT(it->slot->flags & TRACE_FLAG_HARDIRQ);
	TRY(next_is("hrtimer_expire_exit", "hrtimer=%p\n", &timer));
	trace_test_end();
	return NULL;
}

/* ---- interrupts */

static void note_tasklet(struct tasklet_struct *t)
{
	atomic_inc(&fired);
}

TEST(trace_softirq_from_raise_to_end)
{
	static DECLARE_TASKLET(tasklet, note_tasklet);

	atomic_set(&fired, 0);
	BEGIN("softirq_*");
	tasklet_schedule(&tasklet);
	EXPECT(eventually(atomic_read(&fired)));
	tasklet_kill(&tasklet);
	rewind();
	TRY(next_is("softirq_raise", "vec=6 [action=TASKLET]\n"));
	TRY(next_is("softirq_entry", "vec=6 [action=TASKLET]\n"));
	EXPECT(it->slot->flags & TRACE_FLAG_SOFTIRQ);
	TRY(next_is("softirq_exit", "vec=6 [action=TASKLET]\n"));
	trace_test_end();
	return NULL;
}

#define TEST_IRQ 5

static irqreturn_t take_it(int irq, void *wants)
{
	atomic_inc(&fired);
	return wants == &fired ? IRQ_HANDLED : IRQ_NONE;
}

TEST(trace_interrupt_handlers_tell_their_answer)
{
	atomic_set(&fired, 0);
	EXPECT_EQ(request_irq(TEST_IRQ, take_it, IRQF_SHARED, "not mine", take_it), 0);
	EXPECT_EQ(request_irq(TEST_IRQ, take_it, IRQF_SHARED, "mine", &fired), 0);
	BEGIN("irq");
	preempt_disable();
	apic_send_self(ISA_IRQ_VECTOR(TEST_IRQ));
	preempt_enable();
	EXPECT(eventually(atomic_read(&fired) == 2));
	free_irq(TEST_IRQ, &fired);
	free_irq(TEST_IRQ, take_it);
	rewind();
	TRY(next_is("irq_handler_entry", "irq=5 name=not mine\n"));
	TRY(next_is("irq_handler_exit", "irq=5 ret=unhandled\n"));
	TRY(next_is("irq_handler_entry", "irq=5 name=mine\n"));
	TRY(next_is("irq_handler_exit", "irq=5 ret=handled\n"));
	trace_test_end();
	return NULL;
}

static void call_me(void *unused)
{
	atomic_inc(&fired);
}

static int nothing_to_stop(void *unused)
{
	return 0;
}

TEST(trace_call_of_another_cpu_is_seen_on_both, .cpus = 2)
{
	atomic_set(&fired, 0);
	set_cpus_allowed_ptr(current, cpumask_of(0));
	BEGIN("ipi");
	EXPECT_EQ(trace_want("irq_vectors", true), 0);
	EXPECT_EQ(smp_call_function_single(1, call_me, NULL, 1), 0);
	/* The call is over for us when the function is; the interrupt is over when a thread runs there. */
	EXPECT_EQ(stop_one_cpu(1, nothing_to_stop, NULL), 0);
	rewind();
	do	/* other CPUs may call one another, too */
		TRY(next_is("ipi_raise", "target_mask=00000000,00000002 (Function call interrupts)\n"));
	while (it->cpu != 0);
	do
		TRY(next_is("call_function_entry", "vector=%d\n", CALL_FUNCTION_VECTOR));
	while (it->cpu != 1);
	TRY(next_is("ipi_entry", "(Function call interrupts)\n"));
	TRY(next_is("ipi_exit", "(Function call interrupts)\n"));
	TRY(next_is("call_function_exit", "vector=%d\n", CALL_FUNCTION_VECTOR));
	trace_test_end();
	return NULL;
}

TEST(trace_timer_interrupts_are_seen)
{
	BEGIN("irq_vectors");
	test_nap();
	rewind();
	TRY(next_is("local_timer_entry", "vector=%d\n", LOCAL_TIMER_VECTOR));
	EXPECT(it->slot->flags & TRACE_FLAG_HARDIRQ);
	TRY(next_is("local_timer_exit", "vector=%d\n", LOCAL_TIMER_VECTOR));
	trace_test_end();
	return NULL;
}

/* ---- locks */

static DEFINE_MUTEX(a_mutex);
static DECLARE_RWSEM(a_rwsem);
static DEFINE_SEMAPHORE(a_semaphore);
static DEFINE_RT_MUTEX(an_rt_mutex);
static DEFINE_SPINLOCK(a_spinlock);

/* Threads that want one of them, have it, and wait for their end. */
#define WANTS(name, lock, unlock)		\
	static int want_##name(void *unused)	\
	{					\
		lock;				\
		unlock;				\
		return test_wait_for_stop();	\
	}
WANTS(mutex, mutex_lock(&a_mutex), mutex_unlock(&a_mutex))
WANTS(rwsem, down_read(&a_rwsem), up_read(&a_rwsem))
WANTS(semaphore, down(&a_semaphore), up(&a_semaphore))
WANTS(rt_mutex, rt_mutex_lock(&an_rt_mutex), rt_mutex_unlock(&an_rt_mutex))

/* Starts who wants it while we have it. Return: he, asleep over it. */
static struct task_struct *make_wait(int (*fn)(void *))
{
	struct task_struct *p = test_start(-1, fn, NULL, "waiter");

	if (!eventually(test_asleep(p, TASK_UNINTERRUPTIBLE)))
		test_blame("he does not wait");
	return p;
}

static const char *contention_is(const void *lock, const char *flags, struct task_struct *p)
{
	EXPECT(eventually(test_asleep(p, TASK_INTERRUPTIBLE)));
	rewind();
	TRY(next_is("contention_begin", "%p (flags=%s)\n", lock, flags));
	EXPECT_EQ(it->slot->pid, p->pid);
	TRY(next_is("contention_end", "%p (ret=0)\n", lock));
	EXPECT_EQ(it->slot->pid, p->pid);
	test_join(p);
	return NULL;
}

TEST(trace_waiting_for_a_lock_has_begin_and_end)
{
	struct task_struct *p;

	BEGIN("lock");
	mutex_lock(&a_mutex);
	p = make_wait(want_mutex);
	mutex_unlock(&a_mutex);
	TRY(contention_is(&a_mutex, "MUTEX", p));
	tracing_on();
	down_write(&a_rwsem);
	p = make_wait(want_rwsem);
	up_write(&a_rwsem);
	TRY(contention_is(&a_rwsem, "READ", p));
	tracing_on();
	down(&a_semaphore);
	p = make_wait(want_semaphore);
	up(&a_semaphore);
	TRY(contention_is(&a_semaphore, "", p));
	tracing_on();
	rt_mutex_lock(&an_rt_mutex);
	p = make_wait(want_rt_mutex);
	rt_mutex_unlock(&an_rt_mutex);
	TRY(contention_is(&an_rt_mutex, "RT", p));
	trace_test_end();
	return NULL;
}

TEST(trace_lock_that_is_free_makes_no_event)
{
	static DEFINE_MUTEX(mine);
	char text[32];

	BEGIN("lock");
	mutex_lock(&mine);
	mutex_unlock(&mine);
	rewind();
	snprintf(text, sizeof(text), "%p", &mine);
	while (trace_iter_next(it)) {
		trace_format(it, 6);
		EXPECT(!strstr(it->line, text));
	}
	trace_test_end();
	return NULL;
}

static atomic_t lock_is_taken;

static int want_spinlock(void *unused)
{
	while (!atomic_read(&lock_is_taken))
		cpu_relax();
	spin_lock(&a_spinlock);
	spin_unlock(&a_spinlock);
	return test_wait_for_stop();
}

TEST(trace_waiting_for_a_spinlock_has_begin_and_end, .cpus = 2)
{
	struct task_struct *p;

	set_cpus_allowed_ptr(current, cpumask_of(0));
	BEGIN("lock");
	atomic_set(&lock_is_taken, 0);
	p = test_start(1, want_spinlock, NULL, "spinner");
	spin_lock(&a_spinlock);
	atomic_set(&lock_is_taken, 1);
	while (!spin_is_contended(&a_spinlock))
		cpu_relax();
	spin_unlock(&a_spinlock);
	TRY(contention_is(&a_spinlock, "SPIN", p));
	trace_test_end();
	return NULL;
}

/* ---- CPUs, and texts */

TEST(trace_cpu_that_goes_and_comes_tells_each_step, .cpus = 2)
{
	BEGIN("cpuhp");
	EXPECT_EQ(remove_cpu(1), 0);
	EXPECT_EQ(add_cpu(1), 0);
	rewind();
	TRY(next_is("cpuhp_enter", "cpu: 0001 target:   0 step: "));
	TRY(next_is("cpuhp_exit", " cpu: 0001  state: "));
	EXPECT(strstr(it->line, " ret: 0\n"));
	TRY(next_is("cpuhp_enter", "cpu: 0001 target: %3d step: ", CPUHP_ONLINE));
	trace_test_end();
	return NULL;
}

TEST(trace_console_has_what_printk_says)
{
	BEGIN("console");
	printk(KERN_DEBUG "this line is for the trace, %d\n", 42);
	rewind();
	TRY(next_is("console", "this line is for the trace, 42\n"));
	trace_test_end();
	return NULL;
}

TEST(trace_dump_prints_the_last_events_and_stops, .says = "stops: number 49")
{
	BEGIN("ftrace");
	for (int i = 0; i < 50; i++)
		__trace_printk(_THIS_IP_, "number %d", i);
	ftrace_dump(DUMP_ALL);
	EXPECT(!tracing_is_on());
	EXPECT(test_log_has("stops: number 10"));
	EXPECT(!test_log_has("stops: number 9"));
	EXPECT(test_log_has("Dumping ftrace buffer:"));
	trace_test_end();
	return NULL;
}
