// SPDX-License-Identifier: MIT
/*
 * Every name that the published modules for Linux 6.1 use, which were read when this kernel was begun: it is there, it
 * is what its name says (a function has an address, a constant a value, a macro does for these arguments), and it is
 * found when the module is loaded. None of it is called. The names that Linux's own tests use beyond that: api_more.c.
 */
#include <linux/spinlock.h>
#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/completion.h>
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/cred.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/hashtable.h>
#include <linux/hrtimer.h>
#include <linux/idr.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/irqflags.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/kfifo.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/limits.h>
#include <linux/list.h>
#include <linux/mempool.h>
#include <linux/mm.h>
#include <linux/mm_types.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/pid.h>
#include <linux/preempt.h>
#include <linux/printk.h>
#include <linux/proc_fs.h>
#include <linux/rbtree.h>
#include <linux/rbtree_augmented.h>
#include <linux/rculist.h>
#include <linux/rcupdate.h>
#include <linux/rwlock_types.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/semaphore.h>
#include <linux/seqlock.h>
#include <linux/signal.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/stat.h>
#include <linux/string.h>
#include <linux/time.h>
#include <linux/timekeeping.h>
#include <linux/timer.h>
#include <linux/timex.h>
#include <linux/types.h>
#include <linux/uidgid.h>
#include <linux/utsname.h>
#include <linux/vermagic.h>
#include <linux/version.h>
#include <linux/vmalloc.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <uapi/linux/stat.h>
#include <uapi/linux/utsname.h>
#include <asm/atomic.h>
#include <asm/current.h>
#include <asm/msr.h>
#include <generated/utsrelease.h>
#include "api.h"

struct pair {
	struct list_head list;
	struct rb_node node;
	struct hlist_node hash;
	struct timer_list timer;
	int key;
};

static const void *const functions[] = {
	__list_add, __round_jiffies, __tasklet_hi_schedule, add_timer, add_wait_queue,
	add_wait_queue_exclusive, alloc_workqueue, allow_signal, atomic64_add, atomic64_dec, atomic64_inc,
	atomic64_read, atomic64_set, atomic64_sub, atomic_add, atomic_add_negative, atomic_add_return,
	atomic_cmpxchg, atomic_dec, atomic_dec_and_test, atomic_dec_return, atomic_fetch_add, atomic_fetch_sub,
	atomic_inc, atomic_inc_and_test, atomic_inc_return, atomic_long_read, atomic_read, atomic_set, atomic_sub,
	atomic_sub_and_test, atomic_sub_return, atomic_xchg, call_rcu, cancel_delayed_work,
	cancel_delayed_work_sync, cancel_work_sync, change_bit, clear_bit, complete, complete_all, cpu_relax,
	cred_alloc_blank, del_timer, del_timer_sync, destroy_workqueue, disable_irq, disable_irq_nosync, down,
	down_interruptible, down_killable, down_read, down_timeout, down_trylock, down_write, dump_stack,
	enable_irq, find_get_pid, find_vpid, flush_delayed_work, flush_work, free_percpu, from_kuid, fsleep,
	get_cycles, get_jiffies_64, get_nr_threads, get_option, get_pid, get_task_pid, get_task_struct, hash_del,
	hrtimer_add_expires_ns, hrtimer_callback_running, hrtimer_cancel, hrtimer_forward, hrtimer_forward_now,
	hrtimer_get_remaining, hrtimer_init, hrtimer_restart, hrtimer_start, idr_alloc_cyclic, idr_init,
	idr_preload, idr_preload_end, &init_task, init_utsname, init_waitqueue_entry, inl, (void *)&jiffies,
	&jiffies_64,
	jiffies_to_msecs, jiffies_to_nsecs, jiffies_to_usecs, kcalloc, kfree, kmalloc, kmalloc_array,
	kmem_cache_alloc, kmem_cache_create, kmem_cache_destroy, kmem_cache_free, kmem_cache_size,
	kmem_cache_zalloc, krealloc, ksize, kstrdup, kthread_bind, kthread_complete_and_exit, kthread_create_worker,
	kthread_destroy_worker, kthread_flush_worker, kthread_init_worker, kthread_park, kthread_parkme,
	kthread_queue_work, kthread_should_park, kthread_should_stop, kthread_stop, kthread_unpark, ktime_get,
	ktime_get_boottime, ktime_get_boottime_seconds, ktime_get_boottime_ts64, ktime_get_coarse_boottime,
	ktime_get_coarse_real, ktime_get_real, ktime_get_real_ns, ktime_get_real_seconds, ktime_get_real_ts64,
	ktime_get_seconds, ktime_set, ktime_to_ns, ktime_to_us, kzalloc, list_add, list_add_tail, list_add_tail_rcu,
	list_del, list_del_init, list_del_rcu, list_empty, list_is_first, list_is_singular, list_move, list_replace,
	list_rotate_left, list_splice_init, mdelay, memcpy, mempool_alloc, mempool_alloc_pages, mempool_alloc_slab,
	mempool_create, mempool_create_kmalloc_pool, mempool_create_slab_pool, mempool_destroy, mempool_free,
	mempool_free_pages, mempool_free_slab, mempool_kfree, mempool_kmalloc, memset, mod_timer, ms_to_ktime,
	msecs_to_jiffies, msleep, msleep_interruptible, mutex_destroy, mutex_is_locked, mutex_lock,
	mutex_lock_interruptible, mutex_trylock, mutex_unlock, ndelay, outl, param_get_int, param_set_int, pid_nr,
	pid_vnr, prepare_creds, print_hex_dump, print_hex_dump_bytes, proc_mkdir, put_pid, queue_delayed_work,
	queue_work, queue_work_on, rb_erase, rb_first, rb_first_postorder, rb_insert_color, rb_link_node, rb_next,
	rb_next_postorder, rcu_read_lock, rcu_read_unlock, rdtsc, rdtsc_ordered, read_lock,
	read_seqbegin, read_seqretry, read_unlock, read_unlock_irqrestore, release_resource, remove_proc_entry,
	remove_wait_queue, request_resource, schedule, schedule_delayed_work, schedule_delayed_work_on,
	schedule_timeout, schedule_work, schedule_work_on, send_sig, set_bit, set_user_nice, signal_pending,
	snprintf, sprintf, ssleep, strcat, strcmp, strcpy, strlcat, strlen, strncat, synchronize_rcu, &system_wq,
	task_nice, task_pid_nr, task_state_to_char, task_tgid_nr, tasklet_disable, tasklet_init, tasklet_kill,
	tasklet_schedule, test_and_change_bit, test_and_clear_bit, test_and_set_bit, timer_delete_sync,
	timer_pending, timespec64_sub, to_delayed_work, udelay, up, up_read, up_write, usleep_range, vfree, vmalloc,
	vsnprintf, wait_for_completion, wait_for_completion_interruptible, wait_for_completion_timeout,
	wake_up_process, write_lock, write_seqlock, write_sequnlock, write_unlock, write_unlock_irqrestore, yield
};

static const unsigned long constants[] = {
	BITS_PER_LONG, CLOCK_MONOTONIC, CLOCK_REALTIME, DUMP_PREFIX_ADDRESS, DUMP_PREFIX_NONE, DUMP_PREFIX_OFFSET,
	EBUSY, ECHILD, EINTR, EINVAL, ENOMEM, ERESTARTSYS, GFP_ATOMIC, GFP_KERNEL, HRTIMER_MODE_ABS,
	HRTIMER_MODE_REL, HRTIMER_NORESTART, HRTIMER_RESTART, HZ, INITIAL_JIFFIES, INT_MAX, KMALLOC_MAX_SIZE,
	NR_CPUS, PAGE_SIZE, PHYS_ADDR_MAX, PIDTYPE_PID, S16_MAX, S16_MIN, S32_MAX, S32_MIN, S64_MAX, S64_MIN,
	S8_MAX, S8_MIN, SIGINT, SIGKILL, SIGQUIT, SLAB_HWCACHE_ALIGN, SLAB_POISON, SLAB_RED_ZONE, S_IRGRP, S_IROTH,
	S_IRUGO, S_IRUSR, S_IWGRP, S_IWUSR, TASKLET_STATE_SCHED, TASK_COMM_LEN, TASK_INTERRUPTIBLE, TASK_RUNNING,
	U16_MAX, U32_MAX, U64_MAX, U8_MAX, WQ_CPU_INTENSIVE, WQ_DFL_ACTIVE, WQ_HIGHPRI, WQ_MAX_UNBOUND_PER_CPU,
	WQ_SYSFS, WQ_UNBOUND,
};

static const char *const texts[] = {
	KERN_EMERG, KERN_ALERT, KERN_CRIT, KERN_ERR, KERN_WARNING, KERN_NOTICE, KERN_INFO, KERN_DEBUG, KERN_CONT,
	VERMAGIC_STRING, UTS_RELEASE,
};

static const size_t sizes[] = {
	sizeof(struct task_struct), sizeof(struct work_struct), sizeof(ktime_t), sizeof(struct list_head),
	sizeof(struct hrtimer), sizeof(u64), sizeof(atomic_t), sizeof(wait_queue_head_t), sizeof(struct semaphore),
	sizeof(struct timer_list), sizeof(struct delayed_work), sizeof(struct pid), sizeof(struct tasklet_struct),
	sizeof(pid_t), sizeof(u32), sizeof(size_t), sizeof(struct mutex), sizeof(struct completion),
	sizeof(struct rw_semaphore), sizeof(wait_queue_entry_t), sizeof(mempool_t), sizeof(struct module),
	sizeof(struct rb_node), sizeof(struct rb_root), sizeof(struct kthread_work), sizeof(struct kthread_worker),
	sizeof(struct kernel_param), sizeof(struct kernel_param_ops), sizeof(struct new_utsname), sizeof(struct page),
	sizeof(atomic64_t), sizeof(uint64_t), sizeof(struct timespec64), sizeof(time64_t), sizeof(seqlock_t),
	sizeof(struct hlist_node), sizeof(u8), sizeof(s8), sizeof(struct cred), sizeof(work_func_t), sizeof(uint8_t),
	sizeof(struct resource), sizeof(ssize_t), sizeof(s64), sizeof(struct idr), sizeof(struct wait_queue_head),
	sizeof(struct kmem_cache *),
};

/* ---- what defines something ---- */

static uint a_uint;
static ulong a_ulong;
static int __initdata at_first = 1;
static int an_int, named_int, an_array[3], array_length;
module_param(a_uint, uint, S_IRUGO);
module_param(a_ulong, ulong, 0);
module_param_named(named, named_int, int, 0);
module_param_array(an_array, int, &array_length, 0);
static const struct kernel_param_ops ops = { .set = param_set_int, .get = param_get_int };
module_param_cb(an_int, &ops, &an_int, S_IRUSR | S_IWUSR);
MODULE_PARM_DESC(a_uint, "a number");

static void do_work(struct work_struct *work)
{
}

static void on_timer(struct timer_list *t)
{
	struct pair *p = from_timer(p, t, timer);

	p->key++;
}

static void do_tasklet(struct tasklet_struct *t)
{
}

static LIST_HEAD(list);
static atomic_t number = ATOMIC_INIT(1);
static DEFINE_RWLOCK(rwlock);
static DEFINE_SPINLOCK(spinlock);
static DEFINE_MUTEX(mutex);
static DEFINE_SEMAPHORE(semaphore);
static DEFINE_SEQLOCK(seqlock);
static DECLARE_RWSEM(rwsem);
static DECLARE_COMPLETION(completion);
static DECLARE_WAIT_QUEUE_HEAD(queue);
static DECLARE_WORK(work, do_work);
static DECLARE_DELAYED_WORK(delayed, do_work);
static DECLARE_TASKLET(tasklet, do_tasklet);
static DECLARE_HASHTABLE(table, 3);
static DEFINE_TIMER(timer, on_timer);
static DEFINE_IDR(idr);
DECLARE_PER_CPU(int, api_counter);
DEFINE_PER_CPU(int, api_counter);
static struct rb_root root = RB_ROOT;
static struct pair __rcu *published;

int api_exported(void);
int api_exported(void)
{
	return 0;
}
EXPORT_SYMBOL(api_exported);
EXPORT_SYMBOL_GPL(api_counter);

/* ---- what is done with something ---- */

static void use_lists(struct pair *p)
{
	struct list_head *pos, *next;
	struct pair *other, *safe;
	int i;

	p = list_entry(&p->list, struct pair, list);
	p = container_of(&p->list, struct pair, list);
	p = rb_entry(&p->node, struct pair, node);
	p = list_last_entry(&list, struct pair, list);
	INIT_LIST_HEAD(&list);
	list_for_each(pos, &list)
		p->key++;
	list_for_each_safe(pos, next, &list)
		p->key++;
	list_for_each_entry(other, &list, list)
		p->key++;
	list_for_each_entry_safe(other, safe, &list, list)
		p->key++;
	list_for_each_entry_reverse(other, &list, list)
		p->key++;
	list_for_each_entry_rcu(other, &list, list)
		p->key++;
	rbtree_postorder_for_each_entry_safe(other, safe, &root, node)
		p->key++;
	idr_for_each_entry(&idr, other, i)
		p->key++;
	hash_init(table);
	hash_add(table, &p->hash, p->key);
	hash_for_each(table, i, other, hash)
		p->key++;
	hash_for_each_possible(table, other, hash, 7)
		p->key++;
	hash_del_rcu(&p->hash);
}

static void use_fifo(struct pair *p)
{
	struct kfifo fifo;

	if (kfifo_alloc(&fifo, 64, GFP_KERNEL))
		return;
	kfifo_reset(&fifo);
	if (kfifo_is_empty(&fifo) && kfifo_size(&fifo) > kfifo_in(&fifo, p, 1))
		p->key = kfifo_out_peek(&fifo, p, 1) + kfifo_out(&fifo, p, 1);
	kfifo_free(&fifo);
}

static void use_threads(struct pair *p)
{
	struct task_struct *t, *g;
	char comm[TASK_COMM_LEN];

	t = kthread_create(NULL, p, "x%d", 1);
	t = kthread_run(NULL, p, "x");
	if (IS_ERR(t) || IS_ERR_OR_NULL(t))
		p->key = PTR_ERR(t);
	t = ERR_PTR(-EINVAL);
	task_lock(current);
	get_task_comm(comm, current);
	task_unlock(current);
	set_current_state(TASK_INTERRUPTIBLE);
	t = next_task(current);
	for_each_process(t)
		p->key++;
	for_each_process_thread(g, t)
		p->key++;
	do_each_thread(g, t) {
		p->key++;
	} while_each_thread(g, t);
	p->key = __task_pid_nr_ns(t, PIDTYPE_PID, NULL) + task_tgid_nr_ns(t, NULL);
	p->key += from_kuid(&init_user_ns, current_uid()) + from_kuid(&init_user_ns, current_euid());
	p->key += request_module("%s", "x") + local_softirq_pending();
	p->key += in_task() + in_interrupt() + in_irq() + in_softirq() + irqs_disabled();
}

static void use_cpus(struct pair *p)
{
	int __percpu *counters = alloc_percpu(int);
	int cpu = get_cpu();

	put_cpu();
	for_each_possible_cpu(cpu)
		p->key += per_cpu(api_counter, cpu);
	for_each_online_cpu(cpu)
		*per_cpu_ptr(counters, cpu) = num_online_cpus();
	p->key = WQ_UNBOUND_MAX_ACTIVE;
	p->key = smp_processor_id() + raw_smp_processor_id() + get_cpu_var(api_counter);
	put_cpu_var(api_counter);
	this_cpu_inc(api_counter);
	__this_cpu_write(api_counter, 1);
	preempt_disable();
	preempt_enable();
	cond_resched();
}

static void use_locks(struct pair *p)
{
	unsigned long flags;

	spin_lock(&spinlock);
	spin_unlock(&spinlock);
	read_lock_irqsave(&rwlock, flags);
	read_unlock_irqrestore(&rwlock, flags);
	write_lock_irqsave(&rwlock, flags);
	write_unlock_irqrestore(&rwlock, flags);
	local_irq_save(flags);
	local_irq_restore(flags);
	local_irq_disable();
	local_irq_enable();
	mutex_init(&mutex);
	sema_init(&semaphore, 1);
	init_rwsem(&rwsem);
	seqlock_init(&seqlock);
	rcu_assign_pointer(published, p);
	p = rcu_dereference(published);
	p = rcu_replace_pointer(published, p, true);
}

static void use_waits(struct pair *p)
{
	DEFINE_WAIT(entry);

	init_waitqueue_head(&queue);
	init_completion(&completion);
	prepare_to_wait(&queue, &entry, TASK_INTERRUPTIBLE);
	wait_event(queue, p->key);
	p->key = wait_event_interruptible(queue, p->key);
	p->key = wait_event_timeout(queue, p->key, HZ);
	p->key = wait_event_interruptible_timeout(queue, p->key, HZ);
	wake_up(&queue);
	wake_up_interruptible(&queue);
	wake_up_interruptible_all(&queue);
}

static void use_works(struct pair *p)
{
	struct workqueue_struct *wq = create_workqueue("x");

	wq = create_singlethread_workqueue("x");
	wq = alloc_ordered_workqueue("x%d", WQ_MEM_RECLAIM, 1);
	INIT_WORK(&work, do_work);
	INIT_DELAYED_WORK(&delayed, do_work);
	kthread_init_work((struct kthread_work *)p, NULL);
	flush_workqueue(wq);
	timer_setup(&p->timer, on_timer, 0);
	tasklet_schedule(&tasklet);
	mod_timer(&timer, jiffies);
}

static int use_arguments(int n, ...)
{
	va_list args;
	int first;

	va_start(args, n);
	first = va_arg(args, int);
	va_end(args);
	return first;
}

static void use_words(struct pair *p)
{
	printk(KERN_INFO "x\n");
	printk_once(KERN_INFO "x\n");
	pr_emerg("x");
	pr_alert("x");
	pr_crit("x");
	pr_err("x");
	pr_warn("x");
	pr_notice("x");
	pr_info("x");
	pr_cont("x\n");
	pr_debug("x");
	pr_devel("x");
	WARN_ON(p->key == 1);
	WARN_ONCE(p->key == 1, "x");
	if (likely(p->key) || unlikely(!p->key))
		p->key = use_arguments(1, 2) + offsetof(struct pair, key) + ARRAY_SIZE(an_array) + atomic_read(&number);
	if (time_after(jiffies, 1UL) || time_after_eq(jiffies, 1UL) || time_before(jiffies, 1UL) ||
	    time_before_eq(jiffies, 1UL))
		p->key += ktime_add(ktime_sub(1, 1), ktime_add_ns(1, 1));
}

static void (*const macros[])(struct pair *p) = {
	use_lists, use_fifo, use_threads, use_cpus, use_locks, use_waits, use_works, use_words,
};

static int __init api_init(void)
{
	unsigned int more = api_more(), i, n = at_first;

	for (i = 0; i < ARRAY_SIZE(functions); i++)
		n += functions[i] != NULL;
	for (i = 0; i < ARRAY_SIZE(macros); i++)
		n += macros[i] != NULL;
	for (i = 0; i < ARRAY_SIZE(texts); i++)
		n += texts[i] != NULL;
	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		n += sizes[i] != 0;
	n += ARRAY_SIZE(constants) + (constants[0] == 1234567);
	pr_info("%u names of the core and %u more are there\n", n, more);
	return 0;
}

static void __exit api_exit(void)
{
}

module_init(api_init);
module_exit(api_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_AUTHOR("Bobbin");
MODULE_DESCRIPTION("Names");
MODULE_VERSION("1");
MODULE_INFO(names, "all");
