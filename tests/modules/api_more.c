// SPDX-License-Identifier: MIT
/* The names that Linux's own tests of its library and its locks use beyond those of published modules (api_core.c). */
#include <linux/spinlock.h>
#include <linux/bitmap.h>
#include <linux/byteorder.h>
#include <linux/completion.h>
#include <linux/cpu.h>
#include <linux/crc32.h>
#include <linux/glob.h>
#include <linux/hex.h>
#include <linux/hrtimer.h>
#include <linux/idr.h>
#include <linux/interval_tree.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/log2.h>
#include <linux/math64.h>
#include <linux/min_heap.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/overflow.h>
#include <linux/percpu-rwsem.h>
#include <linux/prandom.h>
#include <linux/random.h>
#include <linux/rbtree_augmented.h>
#include <linux/rcupdate.h>
#include <linux/reboot.h>
#include <linux/rtmutex.h>
#include <linux/sched/clock.h>
#include <linux/sched/rt.h>
#include <linux/sched/signal.h>
#include <linux/siphash.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/srcu.h>
#include <linux/string_helpers.h>
#include <linux/timekeeping.h>
#include <linux/timer.h>
#include <linux/uuid.h>
#include <linux/vmalloc.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <linux/ww_mutex.h>
#include <linux/xarray.h>
#include <asm/cpufeature.h>
#include "api.h"

static const void *const functions[] = {
	__bitmap_clear, __bitmap_equal, __bitmap_set, __change_bit, __crc32c_le, __crc32c_le_combine, __set_bit,
	__xa_store, add_cpu, alloc_cpumask_var, atomic64_add_unless, atomic64_dec_if_positive,
	atomic64_inc_not_zero, atomic_read_acquire, bitmap_clear, bitmap_copy, bitmap_cut, bitmap_equal,
	bitmap_fill, bitmap_free, bitmap_from_arr32, bitmap_from_arr64, bitmap_parse, bitmap_parselist,
	bitmap_print_bitmask_to_buf, bitmap_print_list_to_buf, bitmap_print_to_pagebuf, bitmap_replace, bitmap_set,
	bitmap_shift_right, bitmap_to_arr32, bitmap_to_arr64, bitmap_weight, bitmap_zalloc, bitmap_zero,
	boot_cpu_has, call_srcu, cleanup_srcu_struct, completion_done, cpu_is_hotpluggable, cpumask_clear_cpu,
	cpumask_next, cpumask_setall, cpus_read_lock, cpus_read_unlock, crc32_be, crc32_le, crc32_le_combine,
	destroy_work_on_stack, div_u64, div_u64_rem, find_next_bit, find_nth_bit, free_cpumask_var, get_count_order,
	get_count_order_long, get_random_u32, glob_match, guid_equal, guid_parse, hex_dump_to_buffer, hsiphash,
	hsiphash_2u32, hweight32, ida_alloc, ida_alloc_min, ida_destroy, ida_free, ida_is_empty,
	interval_tree_insert, interval_tree_iter_first, interval_tree_iter_next, interval_tree_remove,
	is_power_of_2, kernel_power_off, ktime_before, ktime_get_mono_fast_ns, ktime_get_ns, ktime_get_real_fast_ns,
	ktime_ms_delta, kvasprintf, local_clock, memchr_inv, memcmp, memset16, memset32, memset64, min_heap_pop,
	min_heap_pop_push, min_heap_push, min_heapify_all, &nr_cpu_ids, percpu_down_read, percpu_down_write,
	percpu_free_rwsem, percpu_up_read, percpu_up_write, prandom_seed_state, prandom_u32_max, prandom_u32_state,
	raw_spin_unlock, raw_spin_unlock_irqrestore, rb_erase_augmented, rb_erase_augmented_cached, rb_erase_cached,
	rb_insert_augmented, rb_insert_augmented_cached, rb_insert_color_cached, rb_last,
	rcu_inkernel_boot_has_ended, register_reboot_notifier, remove_cpu, round_jiffies_relative, rt_mutex_lock,
	rt_mutex_unlock, rt_task, sched_set_fifo, sched_set_fifo_low, sched_set_normal, schedule_hrtimeout,
	schedule_timeout_idle, schedule_timeout_interruptible, schedule_timeout_uninterruptible, scnprintf,
	set_cpus_allowed_ptr, si_mem_available, siphash, siphash_1u64, smp_call_function, smp_call_function_many,
	smp_call_function_single, srcu_barrier, srcu_read_lock, srcu_read_unlock, str_has_prefix, strchr, strcspn,
	string_lower, string_upper, strnchr, strncmp, strncpy, strnlen, strscpy_pad, strspn, synchronize_srcu,
	synchronize_srcu_expedited, test_bit, unregister_reboot_notifier, uuid_equal, uuid_parse, vsscanf, vzalloc,
	ww_acquire_fini, ww_acquire_init, ww_mutex_destroy, ww_mutex_init, ww_mutex_lock, ww_mutex_lock_slow,
	ww_mutex_trylock, ww_mutex_unlock, xa_alloc, xa_alloc_cyclic, xa_cmpxchg, xa_destroy, xa_empty, xa_erase,
	xa_err, xa_find, xa_find_after, xa_get_mark, xa_insert, xa_is_err, xa_is_internal, xa_is_value, xa_load,
	xa_mk_value, xa_release, xa_reserve, xa_set_mark, xa_store, xa_to_value
};

struct item {
	struct list_head list;
	struct rcu_head rcu;
	int key;
};

static const int at_first[] __initconst = { 1 };
static int aligned __aligned(64) __used;
static LIST_HEAD(list);
static DEFINE_PER_CPU(int, counter);
static DEFINE_XARRAY(array);
static DECLARE_WAIT_QUEUE_HEAD(queue);
static DECLARE_BITMAP(map, 64);

static int __maybe_unused __pure nothing(int x)
{
	return x;
}

__diag_push()
__diag_ignore_all("-Wunused-variable", "to be seen working")
static void use_bits(struct item *p)
{
	unsigned long b, e, clump;

	for_each_set_bit(b, map, 64)
		p->key++;
	for_each_set_bit_from(b, map, 64)
		p->key++;
	for_each_set_bit_wrap(b, map, 64, 3)
		p->key++;
	for_each_clear_bit(b, map, 64)
		p->key++;
	b = 0;
	for_each_clear_bit_from(b, map, 64)
		p->key++;
	for_each_set_bitrange(b, e, map, 64)
		p->key++;
	for_each_clear_bitrange(b, e, map, 64)
		p->key++;
	b = 0;
	for_each_set_bitrange_from(b, e, map, 64)
		p->key++;
	b = 0;
	for_each_clear_bitrange_from(b, e, map, 64)
		p->key++;
	for_each_set_clump8(b, clump, map, 64)
		p->key += clump;
	p->key += find_first_bit(map, 64);
}
__diag_pop()

static void use_numbers(struct item *p)
{
	static const siphash_key_t key;
	static const hsiphash_key_t hkey;
	u64 n = 10;

	p->key = min(p->key, 1) + rounddown(10, 3) + round_up(10, 4) + round_down(10, 4) + roundup_pow_of_two(9);
	p->key += is_signed_type(int) + type_max(u8) - type_min(u8) + do_div(n, 3) + swahw32(1);
	p->key += cpu_to_be16(1) + cpu_to_be32(1) + array_size(2, 3) + array3_size(1, 2, 3);
	p->key += siphash_1u32(1, &key) + siphash_2u32(1, 2, &key) + siphash_3u32(1, 2, 3, &key);
	p->key += siphash_4u32(1, 2, 3, 4, &key) + siphash_2u64(1, 2, &key) + siphash_3u64(1, 2, 3, &key);
	p->key += siphash_4u64(1, 2, 3, 4, &key) + hsiphash_1u32(1, &hkey) + hsiphash_3u32(1, 2, 3, &hkey);
	p->key += hsiphash_4u32(1, 2, 3, 4, &hkey);
}

static void use_cpus(struct item *p)
{
	__this_cpu_add(counter, 1);
	__this_cpu_sub(counter, 1);
	__this_cpu_dec(counter);
	this_cpu_sub(counter, 1);
	p->key = __this_cpu_read(counter) + __this_cpu_sub_return(counter, 1) + this_cpu_sub_return(counter, 1);
	p->key += *this_cpu_ptr(&counter) + cpu_online(0) + cpu_is_offline(0) + cpumask_weight(cpumask_of(0));
	barrier();
	smp_mb();
	smp_store_release(&p->key, smp_load_acquire(&p->key));
	p->key = data_race(p->key);
}

static void use_locks(struct item *p)
{
	static DEFINE_RAW_SPINLOCK(raw);
	static DEFINE_SPINLOCK(spin);
	static DEFINE_RWLOCK(rw);
	static struct percpu_rw_semaphore percpu;
	static struct srcu_struct srcu;
	unsigned long flags;

	rwlock_init(&rw);
	raw_spin_lock(&raw);
	raw_spin_unlock(&raw);
	raw_spin_lock_irqsave(&raw, flags);
	raw_spin_unlock_irqrestore(&raw, flags);
	spin_lock_irqsave(&spin, flags);
	spin_unlock_irqrestore(&spin, flags);
	p->key = percpu_init_rwsem(&percpu) + init_srcu_struct(&srcu);
	wait_event_idle(queue, p->key);
	wake_up_all(&queue);
	cond_resched_rcu();
	cond_resched_tasks_rcu_qs();
	kfree_rcu(p, rcu);
}

static void use_lists(struct item *p)
{
	struct rb_root_cached root = RB_ROOT_CACHED;
	struct rb_node node;
	void *both = memcat_p((void **)p, (void **)p);
	unsigned long i;

	pr_err_once("%p", both);
	p = list_first_entry_or_null(&list, struct item, list);
	list_for_each_entry_continue_reverse(p, &list, list)
		p->key++;
	xa_for_each(&array, i, p)
		p->key++;
	xa_lock(&array);
	xa_unlock(&array);
	node.__rb_parent_color = 0;
	p->key = rb_parent(&node) == rb_first_cached(&root);
}

static int use_arguments(int n, ...)
{
	va_list args, again;

	va_start(args, n);
	va_copy(again, args);
	n = va_arg(args, int) + va_arg(again, int);
	va_end(again);
	va_end(args);
	return n;
}

static void use_words(struct item *p)
	__acquires(p) __releases(p)
{
	p->key = use_arguments(1, 2) + nothing(aligned);
}

static void (*const macros[])(struct item *p) = { use_bits, use_numbers, use_cpus, use_locks, use_lists, use_words };

unsigned int __init api_more(void)
{
	unsigned int i, n = at_first[0];

	for (i = 0; i < ARRAY_SIZE(functions); i++)
		n += functions[i] != NULL;
	for (i = 0; i < ARRAY_SIZE(macros); i++)
		n += macros[i] != NULL;
	return n;
}
