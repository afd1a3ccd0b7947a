/* SPDX-License-Identifier: MIT */
/*
 * KASAN's books about variables: behind each one the compiler leaves room that nobody may use.
 *
 *	[ table, 40 bytes          | redzone, 24 ][ next variable ...
 *	  00  00  00  00  00	     f9  f9  f9
 *
 * Each file that is compiled with the checks has a constructor, a function that nobody has written, which says where
 * its variables are: __asan_register_globals(). The kernel's are called once the shadow of the image exists; a module's
 * before its init function. Variables with a section of their own are left alone, by the compiler too: such sections
 * are tables, or copied for each CPU.
 *
 * Who asks about an address (kasan_report.c) has all lists searched; that is slow, and seldom.
 *
 * Locking: `lock` protects the lists. The shadow of a variable is written while nobody knows the variable yet.
 */
#include "kasan.h"
#include <linux/kasan.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/spinlock.h>

/* As the compiler writes it. */
struct variable {
	unsigned long start, size, size_with_redzone;
	const char *name, *file;
	unsigned long has_dynamic_init;
	const void *place;
	const char *odr;
};

#define LISTS 1024

/* One of each file; all under lock. */
static struct list {
	const struct variable *first;
	unsigned long nr;
} lists[LISTS];
static unsigned int nr_lists;
static DEFINE_RAW_SPINLOCK(lock);

extern void (*__ctors_start[])(void), (*__ctors_end[])(void);

static void keep(const struct variable *v, unsigned long nr)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&lock, flags);
	if (nr_lists < LISTS)		/* else its variables are guarded, but have no names */
		lists[nr_lists++] = (struct list){ v, nr };
	raw_spin_unlock_irqrestore(&lock, flags);
}

void __asan_register_globals(const struct variable *v, unsigned long nr);
void __asan_register_globals(const struct variable *v, unsigned long nr)
{
	for (unsigned long i = 0; i < nr; i++) {
		unsigned long used = ALIGN(v[i].size, 8);

		kasan_poison((void *)(v[i].start + used), v[i].size_with_redzone - used, KASAN_GLOBAL);
		kasan_unpoison((void *)v[i].start, v[i].size);
	}
	keep(v, nr);
}
EXPORT_SYMBOL(__asan_register_globals);

/* The destructors' half. Nobody calls those: a module's variables go with its memory. */
void __asan_unregister_globals(const struct variable *v, unsigned long nr);
void __asan_unregister_globals(const struct variable *v, unsigned long nr)
{
}
EXPORT_SYMBOL(__asan_unregister_globals);

int kasan_module_alloc(const void *p, size_t size)
{
	if (!kasan_make_shadow((unsigned long)p, size))
		return -ENOMEM;
	kasan_poison(p, size, 0);
	return 0;
}

void kasan_module_free(const void *p, size_t size)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&lock, flags);
	for (unsigned int i = nr_lists; i-- > 0; )
		if ((unsigned long)lists[i].first - (unsigned long)p < size)
			lists[i] = lists[--nr_lists];
	raw_spin_unlock_irqrestore(&lock, flags);
	kasan_poison(p, size, 0);
}

/* The variable whose redzone, or whose self, holds addr. Lock: lock, for the list's sake. */
static const struct variable *find(unsigned long addr)
{
	for (unsigned int i = 0; i < nr_lists; i++)
		for (unsigned long n = 0; n < lists[i].nr; n++)
			if (addr - lists[i].first[n].start < lists[i].first[n].size_with_redzone)
				return &lists[i].first[n];
	return NULL;
}

bool kasan_describe_global(unsigned long addr)
{
	const struct variable *v;
	unsigned long flags;

	raw_spin_lock_irqsave(&lock, flags);
	v = find(addr);
	if (v)
		pr_err("The address is %ld bytes behind the end of the variable %s of %lu bytes, of %s\n",
		       (long)(addr - v->start - v->size), v->name, v->size, v->file);
	raw_spin_unlock_irqrestore(&lock, flags);
	return v;
}

void __init kasan_globals_init(void)
{
	extern char __start_rodata[], _end[];

	if (!kasan_make_shadow((unsigned long)__start_rodata, _end - __start_rodata))
		panic("too little memory: no page left for KASAN's shadow of the image");
	for (void (**ctor)(void) = __ctors_start; ctor < __ctors_end; ctor++)
		(*ctor)();
}
