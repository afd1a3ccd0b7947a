/* SPDX-License-Identifier: MIT */
/*
 * ps: procps on Linux and Bobbin's list the same threads in the same words. Each thread sleeps in a way of its own.
 *
 * judge: run ps -C judge/asleep,judge/deaf,judge/idle,judge/parked -o pid,ppid,s,state,stat,comm,args
 * judge: run ps -eo pid,s,stat,cls,policy,rtprio,ni,pri,psr,wchan:20,comm | grep -E "PID|judge/"
 * judge: run ps -eo pid,priority,opri,pri_api,pri_bar,pri_baz,pri_foo,sched,class,nice,comm | grep -E "PID|judge/"
 * judge: run ps -eo pid,tid,lwp,spid,tgid,nlwp,thcount,pgid,sid,sess,tpgid,tty,tt,ucmd | grep -E "PID|judge/"
 * judge: run ps -eo pid,uid,user,ruser,suser,fuser,euid,gid,group,supgid,f,ucomm | grep -E "PID|judge/"
 * judge: run ps -eo pid,vsz,rss,sz,size,trs,drs,%mem,maj_flt,min_flt,sig,blocked,caught,comm | grep -E "PID|judge/"
 * judge: run ps -eo pid,time,cputime,bsdtime,cputimes,%cpu,c,cp,psr,sgi_p,cpuid,comm | grep -E "PID|judge/"
 * judge: run ps -eo pid=P,comm=NAME,stat:10,wchan:8,comm | grep -E "PID|judge/"
 * judge: run ps -C unborn -o pid,ppid,stat,wchan:20,cls,ni,comm,args
 * judge: run ps -C judge/bound
 * judge: run ps -F -C judge/bound,judge/fifo
 * judge: run ps -fL -C judge/asleep,judge/deaf
 * judge: run ps -T -C judge/asleep,judge/deaf
 * judge: run ps -c -C judge/asleep,judge/fifo
 * judge: run ps -lP -C judge/asleep,judge/fifo
 * judge: run ps -ef | grep -E "PID|judge/" | grep -v grep
 * judge: run ps -eLf | grep -E "PID|judge/" | grep -v grep
 * judge: run ps -ely | grep -E "PID|judge/" | grep -v grep
 * judge: run ps aux | grep -E "PID|judge/" | grep -v grep
 * judge: run ps axj | grep -E "PID|judge/" | grep -v grep
 * judge: run ps axv | grep -E "PID|judge/" | grep -v grep
 * judge: run ps axX | grep -E "PID|judge/" | grep -v grep
 * judge: run ps axc | grep -E "PID|judge/" | grep -v grep
 * judge: run ps -ef --forest | grep -E "PID|judge/" | grep -v grep
 * judge: run ps -eH | grep -E "PID|judge/"
 * judge: run ps -eo ni,comm --sort ni,comm | grep -E "PID|judge/"
 * judge: run ps -eo pid,rtprio,comm --sort -rtprio,-comm | grep -E "PID|judge/"
 * judge: run ps --ppid 2 -o stat,comm --sort comm | grep -E "PID|judge/"
 */
#include "promise.h"
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/semaphore.h>
#include <linux/wait.h>

static DEFINE_MUTEX(mutex);
static DECLARE_RWSEM(rwsem);
static struct semaphore semaphore;
static DECLARE_COMPLETION(completion);
static DECLARE_WAIT_QUEUE_HEAD(queue);
static struct kthread_worker *worker;
static bool over;

static noinline int in_a_loop(void *state)
{
	return sleeps_as((unsigned long)state);
}

/* Has what the others want, until it is stopped. */
static noinline int holds(void *unused)
{
	mutex_lock(&mutex);
	down_write(&rwsem);
	sleeps_as(TASK_INTERRUPTIBLE);
	up_write(&rwsem);
	mutex_unlock(&mutex);
	return 0;
}

static noinline int on_a_mutex(void *unused)
{
	mutex_lock(&mutex);
	mutex_unlock(&mutex);
	return sleeps_as(TASK_INTERRUPTIBLE);
}

static noinline int as_a_reader(void *unused)
{
	down_read(&rwsem);
	up_read(&rwsem);
	return sleeps_as(TASK_INTERRUPTIBLE);
}

static noinline int on_a_semaphore(void *unused)
{
	down(&semaphore);
	return sleeps_as(TASK_INTERRUPTIBLE);
}

static noinline int on_a_completion(void *unused)
{
	wait_for_completion(&completion);
	return sleeps_as(TASK_INTERRUPTIBLE);
}

static noinline int on_a_queue(void *unused)
{
	wait_event_idle(queue, READ_ONCE(over));
	return sleeps_as(TASK_INTERRUPTIBLE);
}

static noinline int in_msleep(void *unused)
{
	allow_signal(SIGUSR1);
	msleep_interruptible(1000 * 1000);
	flush_signals(current);
	return sleeps_as(TASK_INTERRUPTIBLE);
}

static noinline int with_a_timeout(void *unused)
{
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1000 * HZ);
	return 0;
}

static const struct {
	const char	*name;
	int		(*fn)(void *);
	unsigned long	state;
} kinds[] = {
	{ "holder",	holds },
	{ "asleep",	in_a_loop,	TASK_INTERRUPTIBLE },
	{ "deaf",	in_a_loop,	TASK_UNINTERRUPTIBLE },
	{ "idle",	in_a_loop,	TASK_IDLE },
	{ "killable",	in_a_loop,	TASK_KILLABLE },
	{ "nice",	in_a_loop,	TASK_INTERRUPTIBLE },
	{ "eager",	in_a_loop,	TASK_INTERRUPTIBLE },
	{ "fifo",	in_a_loop,	TASK_INTERRUPTIBLE },
	{ "low",	in_a_loop,	TASK_UNINTERRUPTIBLE },
	{ "bound",	in_a_loop,	TASK_INTERRUPTIBLE },
	{ "parked",	in_a_loop,	TASK_INTERRUPTIBLE },
	{ "with_a_rather_long_name", in_a_loop, TASK_INTERRUPTIBLE },
	{ "mutex",	on_a_mutex },
	{ "reader",	as_a_reader },
	{ "semaphore",	on_a_semaphore },
	{ "completion",	on_a_completion },
	{ "queue",	on_a_queue },
	{ "msleep",	in_msleep },
	{ "timeout",	with_a_timeout },
};

enum { HOLDER, NICE = 5, EAGER, FIFO, LOW, BOUND, PARKED, MSLEEP = 17, NR = ARRAY_SIZE(kinds) };
static struct task_struct *threads[NR], *unborn;

static void settle(struct task_struct *t)
{
	while (READ_ONCE(t->__state) == TASK_RUNNING || READ_ONCE(t->on_cpu))
		msleep(1);
}

static int __init ps_threads_init(void)
{
	sema_init(&semaphore, 0);
	for (int i = 0; i < NR; i++) {
		threads[i] = kthread_create(kinds[i].fn, (void *)kinds[i].state, "judge/%s", kinds[i].name);
		kthread_bind(threads[i], i % 4);
		wake_up_process(threads[i]);
		settle(threads[i]);
	}
	set_user_nice(threads[NICE], 7);
	set_user_nice(threads[EAGER], -20);
	sched_set_fifo(threads[FIFO]);
	sched_set_fifo_low(threads[LOW]);
	kthread_park(threads[PARKED]);
	worker = kthread_create_worker_on_cpu(2, 0, "judge/worker");
	settle(worker->task);
	unborn = kthread_create(in_a_loop, (void *)TASK_INTERRUPTIBLE, "unborn");
	kthread_bind(unborn, 1);
	say("%d sorts of sleepers", NR + 2);
	return 0;
}

static void __exit ps_threads_exit(void)
{
	int sum = 0;

	WRITE_ONCE(over, true);
	up(&semaphore);
	complete(&completion);
	wake_up(&queue);
	send_sig(SIGUSR1, threads[MSLEEP], 1);
	for (int i = 0; i < NR; i++)
		sum += kthread_stop(threads[i]);
	kthread_destroy_worker(worker);
	say("%d, and who never ran: %d", sum, kthread_stop(unborn));
}

module_init(ps_threads_init);
module_exit(ps_threads_exit);
MODULE_LICENSE("GPL");
