/* SPDX-License-Identifier: MIT */
/*
 * Sets of CPUs, and loops over them. The four sets of the system (possible,
 * present, online, active) are in kernel/cpumask.c: hold cpus_read_lock() or
 * keep preemption off while an answer about them must stay true.
 *
 * A search that finds nothing answers a number >= nr_cpu_ids. Print a set with
 * "%*pbl" and cpumask_pr_args().
 */
#pragma once

#include <linux/bitmap.h>
#include <linux/compiler.h>
#include <linux/threads.h>
#include <linux/types.h>

typedef struct cpumask {
	DECLARE_BITMAP(bits, NR_CPUS);
} cpumask_t;

/* One more than the highest possible CPU; constant after the CPUs were counted. */
extern unsigned int nr_cpu_ids;

#define nr_cpumask_bits		((unsigned int)NR_CPUS)
#define cpumask_bits(maskp)	((maskp)->bits)
#define cpumask_pr_args(maskp)	(int)nr_cpu_ids, cpumask_bits(maskp)

extern struct cpumask __cpu_possible_mask;
extern struct cpumask __cpu_present_mask;
extern struct cpumask __cpu_online_mask;
extern struct cpumask __cpu_active_mask;
extern struct cpumask __cpu_dying_mask;

#define cpu_possible_mask	((const struct cpumask *)&__cpu_possible_mask)
#define cpu_present_mask	((const struct cpumask *)&__cpu_present_mask)
#define cpu_online_mask		((const struct cpumask *)&__cpu_online_mask)
#define cpu_active_mask		((const struct cpumask *)&__cpu_active_mask)
#define cpu_dying_mask		((const struct cpumask *)&__cpu_dying_mask)

/* All NR_CPUS; none; only cpu. */
extern const struct cpumask __cpu_all_mask;
extern const struct cpumask __cpu_none_mask;
extern const unsigned long cpu_bit_bitmap[NR_CPUS][BITS_TO_LONGS(NR_CPUS)];

#define cpu_all_mask		(&__cpu_all_mask)
#define cpu_none_mask		(&__cpu_none_mask)
#define cpumask_of(cpu)		((const struct cpumask *)cpu_bit_bitmap[cpu])
#define get_cpu_mask(cpu)	cpumask_of(cpu)

#define CPU_MASK_NONE	((cpumask_t) { { 0 } })
#define CPU_MASK_ALL	((cpumask_t) { { [0 ... BITS_TO_LONGS(NR_CPUS) - 1] = ~0UL } })
#define CPU_MASK_CPU0	((cpumask_t) { { 1UL } })
#define CPU_BITS_NONE	{ [0 ... BITS_TO_LONGS(NR_CPUS) - 1] = 0UL }
#define CPU_BITS_ALL	{ [0 ... BITS_TO_LONGS(NR_CPUS) - 1] = ~0UL }

/* For acpi.c (possible, present) and kernel/cpu.c (online, active) alone, in the order of a CPU's birth and death. */
void set_cpu_possible(unsigned int cpu, bool possible);
void set_cpu_present(unsigned int cpu, bool present);
void set_cpu_online(unsigned int cpu, bool online);
void set_cpu_active(unsigned int cpu, bool active);
void set_cpu_dying(unsigned int cpu, bool dying);

/* boot_cpu_init - CPU 0 is possible, present, online and active. Context: boot, first thing. */
void boot_cpu_init(void);

/* Atomic, as set_bit(). */
static __always_inline void cpumask_set_cpu(unsigned int cpu, struct cpumask *dstp)
{
	set_bit(cpu, cpumask_bits(dstp));
}

static __always_inline void cpumask_clear_cpu(int cpu, struct cpumask *dstp)
{
	clear_bit(cpu, cpumask_bits(dstp));
}

static __always_inline bool cpumask_test_and_set_cpu(int cpu, struct cpumask *cpumask)
{
	return test_and_set_bit(cpu, cpumask_bits(cpumask));
}

static __always_inline bool cpumask_test_and_clear_cpu(int cpu, struct cpumask *cpumask)
{
	return test_and_clear_bit(cpu, cpumask_bits(cpumask));
}

/* Not atomic. */
static __always_inline void __cpumask_set_cpu(unsigned int cpu, struct cpumask *dstp)
{
	__set_bit(cpu, cpumask_bits(dstp));
}

static __always_inline void __cpumask_clear_cpu(int cpu, struct cpumask *dstp)
{
	__clear_bit(cpu, cpumask_bits(dstp));
}

static __always_inline void cpumask_assign_cpu(int cpu, struct cpumask *dstp, bool value)
{
	assign_bit(cpu, cpumask_bits(dstp), value);
}

static __always_inline bool cpumask_test_cpu(int cpu, const struct cpumask *cpumask)
{
	return test_bit(cpu, cpumask_bits(cpumask));
}

static inline void cpumask_setall(struct cpumask *dstp)
{
	bitmap_fill(cpumask_bits(dstp), nr_cpumask_bits);
}

static inline void cpumask_clear(struct cpumask *dstp)
{
	bitmap_zero(cpumask_bits(dstp), nr_cpumask_bits);
}

static inline void cpumask_copy(struct cpumask *dstp, const struct cpumask *srcp)
{
	bitmap_copy(cpumask_bits(dstp), cpumask_bits(srcp), nr_cpumask_bits);
}

/* Return: whether the result has a CPU. */
static inline bool cpumask_and(struct cpumask *dstp, const struct cpumask *src1p,
			       const struct cpumask *src2p)
{
	return bitmap_and(cpumask_bits(dstp), cpumask_bits(src1p), cpumask_bits(src2p),
			  nr_cpumask_bits);
}

static inline void cpumask_or(struct cpumask *dstp, const struct cpumask *src1p,
			      const struct cpumask *src2p)
{
	bitmap_or(cpumask_bits(dstp), cpumask_bits(src1p), cpumask_bits(src2p),
		  nr_cpumask_bits);
}

static inline void cpumask_xor(struct cpumask *dstp, const struct cpumask *src1p,
			       const struct cpumask *src2p)
{
	bitmap_xor(cpumask_bits(dstp), cpumask_bits(src1p), cpumask_bits(src2p),
		   nr_cpumask_bits);
}

static inline bool cpumask_andnot(struct cpumask *dstp, const struct cpumask *src1p,
				  const struct cpumask *src2p)
{
	return bitmap_andnot(cpumask_bits(dstp), cpumask_bits(src1p), cpumask_bits(src2p),
			     nr_cpumask_bits);
}

static inline void cpumask_complement(struct cpumask *dstp, const struct cpumask *srcp)
{
	bitmap_complement(cpumask_bits(dstp), cpumask_bits(srcp), nr_cpumask_bits);
}

static inline bool cpumask_equal(const struct cpumask *src1p, const struct cpumask *src2p)
{
	return bitmap_equal(cpumask_bits(src1p), cpumask_bits(src2p), nr_cpumask_bits);
}

static inline bool cpumask_intersects(const struct cpumask *src1p,
				      const struct cpumask *src2p)
{
	return bitmap_intersects(cpumask_bits(src1p), cpumask_bits(src2p), nr_cpumask_bits);
}

/* Is every CPU of src1p in src2p? */
static inline bool cpumask_subset(const struct cpumask *src1p, const struct cpumask *src2p)
{
	return bitmap_subset(cpumask_bits(src1p), cpumask_bits(src2p), nr_cpumask_bits);
}

static inline bool cpumask_empty(const struct cpumask *srcp)
{
	return bitmap_empty(cpumask_bits(srcp), nr_cpumask_bits);
}

static inline bool cpumask_full(const struct cpumask *srcp)
{
	return find_first_zero_bit(cpumask_bits(srcp), nr_cpumask_bits) >= nr_cpu_ids;
}

static inline unsigned int cpumask_weight(const struct cpumask *srcp)
{
	return bitmap_weight(cpumask_bits(srcp), nr_cpumask_bits);
}

static inline unsigned int cpumask_weight_and(const struct cpumask *src1p,
					      const struct cpumask *src2p)
{
	return __bitmap_weight_and(cpumask_bits(src1p), cpumask_bits(src2p),
				   nr_cpumask_bits);
}

static inline void cpumask_shift_right(struct cpumask *dstp, const struct cpumask *srcp,
				       int n)
{
	bitmap_shift_right(cpumask_bits(dstp), cpumask_bits(srcp), n, nr_cpumask_bits);
}

static inline void cpumask_shift_left(struct cpumask *dstp, const struct cpumask *srcp,
				      int n)
{
	bitmap_shift_left(cpumask_bits(dstp), cpumask_bits(srcp), n, nr_cpumask_bits);
}

static inline unsigned int cpumask_first(const struct cpumask *srcp)
{
	return find_first_bit(cpumask_bits(srcp), nr_cpumask_bits);
}

static inline unsigned int cpumask_first_zero(const struct cpumask *srcp)
{
	return find_first_zero_bit(cpumask_bits(srcp), nr_cpumask_bits);
}

static inline unsigned int cpumask_first_and(const struct cpumask *src1p,
					     const struct cpumask *src2p)
{
	return find_first_and_bit(cpumask_bits(src1p), cpumask_bits(src2p),
				  nr_cpumask_bits);
}

static inline unsigned int cpumask_last(const struct cpumask *srcp)
{
	return find_last_bit(cpumask_bits(srcp), nr_cpumask_bits);
}

/* The next CPU behind n; n = -1 asks for the first. */
static inline unsigned int cpumask_next(int n, const struct cpumask *srcp)
{
	return find_next_bit(cpumask_bits(srcp), nr_cpumask_bits, n + 1);
}

static inline unsigned int cpumask_next_zero(int n, const struct cpumask *srcp)
{
	return find_next_zero_bit(cpumask_bits(srcp), nr_cpumask_bits, n + 1);
}

static inline unsigned int cpumask_next_and(int n, const struct cpumask *src1p,
					    const struct cpumask *src2p)
{
	return find_next_and_bit(cpumask_bits(src1p), cpumask_bits(src2p),
				 nr_cpumask_bits, n + 1);
}

static inline unsigned int cpumask_nth(unsigned int cpu, const struct cpumask *srcp)
{
	return find_nth_bit(cpumask_bits(srcp), nr_cpumask_bits, cpu);
}

/* The next CPU behind n round the circle, until `start` is reached again. */
unsigned int cpumask_next_wrap(int n, const struct cpumask *mask, int start, bool wrap);

/* Any CPU of the set except `cpu`. */
unsigned int cpumask_any_but(const struct cpumask *mask, unsigned int cpu);

#define cpumask_any(srcp)		cpumask_first(srcp)
#define cpumask_any_and(mask1, mask2)	cpumask_first_and((mask1), (mask2))
#define cpumask_any_distribute(srcp)	cpumask_any(srcp)
#define cpumask_any_and_distribute(m1, m2) cpumask_any_and((m1), (m2))

#define for_each_cpu(cpu, mask) \
	for ((cpu) = -1; (cpu) = cpumask_next((cpu), (mask)), (cpu) < nr_cpu_ids; )
#define for_each_cpu_not(cpu, mask) \
	for ((cpu) = -1; (cpu) = cpumask_next_zero((cpu), (mask)), (cpu) < nr_cpu_ids; )
#define for_each_cpu_and(cpu, mask1, mask2)				\
	for ((cpu) = -1;						\
	     (cpu) = cpumask_next_and((cpu), (mask1), (mask2)), (cpu) < nr_cpu_ids; )
#define for_each_cpu_andnot(cpu, mask1, mask2)				\
	for_each_cpu(cpu, mask1)					\
		if (cpumask_test_cpu((cpu), (mask2))) { } else
/* Every CPU of the set once, from `start` upwards and then from 0. */
#define for_each_cpu_wrap(cpu, mask, start)				\
	for_each_set_bit_wrap(cpu, cpumask_bits(mask), nr_cpumask_bits, start)

#define for_each_possible_cpu(cpu)	for_each_cpu((cpu), cpu_possible_mask)
#define for_each_present_cpu(cpu)	for_each_cpu((cpu), cpu_present_mask)
#define for_each_online_cpu(cpu)	for_each_cpu((cpu), cpu_online_mask)

#define num_possible_cpus()	cpumask_weight(cpu_possible_mask)
#define num_present_cpus()	cpumask_weight(cpu_present_mask)
#define num_online_cpus()	cpumask_weight(cpu_online_mask)
#define num_active_cpus()	cpumask_weight(cpu_active_mask)

#define cpu_possible(cpu)	cpumask_test_cpu((cpu), cpu_possible_mask)
#define cpu_present(cpu)	cpumask_test_cpu((cpu), cpu_present_mask)
#define cpu_online(cpu)		cpumask_test_cpu((cpu), cpu_online_mask)
#define cpu_active(cpu)		cpumask_test_cpu((cpu), cpu_active_mask)
#define cpu_dying(cpu)		cpumask_test_cpu((cpu), cpu_dying_mask)
#define cpu_is_offline(cpu)	unlikely(!cpu_online(cpu))

static inline size_t cpumask_size(void)
{
	return BITS_TO_LONGS(nr_cpumask_bits) * sizeof(long);
}

/* "0-3,7" or hex groups into a set. Return: 0 or a negative errno. */
static inline int cpulist_parse(const char *buf, struct cpumask *dstp)
{
	return bitmap_parselist(buf, cpumask_bits(dstp), nr_cpumask_bits);
}

static inline int cpumask_parse(const char *buf, struct cpumask *dstp)
{
	return bitmap_parse(buf, ~0U, cpumask_bits(dstp), nr_cpumask_bits);
}

/*
 * A set that big machines would allocate. Ours fits a word and lives where it
 * is declared; write the calls all the same, a module may be built elsewhere.
 */
typedef struct cpumask cpumask_var_t[1];

static inline bool alloc_cpumask_var(cpumask_var_t *mask, gfp_t flags)
{
	return true;
}

static inline bool zalloc_cpumask_var(cpumask_var_t *mask, gfp_t flags)
{
	cpumask_clear(*mask);
	return true;
}

static inline void free_cpumask_var(cpumask_var_t mask)
{
}

static inline bool cpumask_available(cpumask_var_t mask)
{
	return true;
}
