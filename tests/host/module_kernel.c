/* SPDX-License-Identifier: MIT */
/*
 * The rest of the kernel, as far as kernel/module_link.c and its neighbours call it, for module_fuzz.
 *
 * Modules get memory at low addresses, so that 32 bits reach it. What lies around a module is poisoned for the address
 * sanitizer, and set_memory_ro() really takes the right to write. Nothing here is ever executed as a module's code.
 */
#include "module_fuzz.h"
#include "../../kernel/module.h"
#include <linux/kallsyms.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <asm/pgtable.h>

void *mmap(void *at, size_t size, int prot, int flags, int fd, long offset);
int mprotect(void *at, size_t size, int prot);
int madvise(void *at, size_t size, int advice);
void abort(void);
int fflush(void *stream);
void __asan_poison_memory_region(const volatile void *p, size_t size);
void __asan_unpoison_memory_region(const volatile void *p, size_t size);

extern const char __executable_start[], etext[];

unsigned int live, lines;
bool memory_may_fail;
char last_line[256];
unsigned long next_module = PLACES_START;

LIST_HEAD(modules);
DEFINE_MUTEX(module_mutex);
const struct lock_kind { int none; } mutex_kind;
unsigned int nr_cpu_ids = 2;
struct cpumask __cpu_possible_mask = { { 3 } };
unsigned long __per_cpu_offset[2] = { 0, 0x100000 };
struct kmem_cache *kmalloc_caches[64];
int __preempt_count, rcu_reader_depth;
const char *(*kallsyms_module_lookup)(unsigned long, unsigned long *, unsigned long *, char **, char *);

static void must(bool ok, const char *what)
{
	if (ok)
		return;
	printf("# not so: %s\n", what);
	fflush(NULL);
	abort();
}

/* ---- what the linker makes: exported symbols, filled up with a name that nobody asks for ---- */

#define MAX_EXPORTS	2048
asm(".pushsection .data, \"aw\"; .balign 64; .globl __ksymtab_start, __ksymtab_end\n"
    "__ksymtab_start: .zero 2048 * 32\n__ksymtab_end: .popsection");
extern struct kernel_symbol __ksymtab_start[MAX_EXPORTS], __ksymtab_end[];

static unsigned int nr_exports;

#define REAL(name)	{ (unsigned long)&name, #name, 0, 0 }
#define TYPE(name)	REAL(param_ops_##name), REAL(param_set_##name), REAL(param_get_##name)
static const struct kernel_symbol real[] = {
	TYPE(byte), TYPE(short), TYPE(ushort), TYPE(int), TYPE(uint), TYPE(long), TYPE(ulong), TYPE(ullong),
	TYPE(hexint), TYPE(charp), TYPE(bool), TYPE(invbool), REAL(param_ops_string), REAL(param_set_copystring),
	REAL(param_get_string), REAL(param_array_ops), REAL(param_free_charp),
};

bool is_kernel_function(const void *fn)
{
	return (char *)fn >= __executable_start && (char *)fn < etext;
}

bool is_kernel_text(unsigned long addr)
{
	return addr - TEXT_START < TEXT_SIZE || is_kernel_function((void *)addr);
}

static unsigned long crc_of(const struct module_image *img, const char *name)
{
	unsigned int sec = module_image_section(img, "__versions");
	const struct modversion_info *v = sec ? img->data + img->sec[sec].sh_offset : NULL;

	for (unsigned int i = 0; sec && i < img->sec[sec].sh_size / sizeof(*v); i++)
		if (!strcmp(v[i].name, name))
			return v[i].crc;
	return 0;
}

static void export(const char *name, unsigned long crc)
{
	struct kernel_symbol *s = __ksymtab_start;
	unsigned long value = TEXT_START + 16 * nr_exports;
	unsigned int i = 0;

	while (i < nr_exports && strcmp(s[i].name, name) < 0)
		i++;
	if (i < nr_exports && !strcmp(s[i].name, name))
		return;
	must(nr_exports < MAX_EXPORTS, "there is room for another exported symbol");
	for (unsigned int n = 0; n < ARRAY_SIZE(real); n++)
		if (!strcmp(real[n].name, name))
			value = real[n].value;
	memmove(s + i + 1, s + i, (nr_exports++ - i) * sizeof(*s));
	s[i] = (struct kernel_symbol) { value, name, crc, nr_exports % 8 == 0 };
}

void kernel_exports(const struct module_image *img)
{
	for (unsigned int i = 1; i < img->nr_sym; i++)
		if (img->sym[i].st_shndx == SHN_UNDEF && img->sym[i].st_name &&
		    strncmp(img->sym_names + img->sym[i].st_name, "provider_", 9))
			export(img->sym_names + img->sym[i].st_name, crc_of(img, img->sym_names + img->sym[i].st_name));
}

void kernel_is_ready(void)
{
	for (unsigned int i = nr_exports; i < MAX_EXPORTS; i++)
		__ksymtab_start[i].name = "\x7f";
	mmap((void *)PLACES_START, PLACES_END - PLACES_START, 3, 0x4032, -1, 0);	/* private, fixed, no swap */
	mmap((void *)PERCPU_START, 2 * __per_cpu_offset[1], 3, 0x4032, -1, 0);
	__asan_poison_memory_region((void *)PLACES_START, PLACES_END - PLACES_START);
	__asan_poison_memory_region((void *)PERCPU_START, 2 * __per_cpu_offset[1]);
}

/* ---- memory ---- */

static bool fails(void)
{
	return memory_may_fail && !rnd(512);
}

void *__kmalloc(size_t size, gfp_t gfp)
{
	void *p = size > 1 << 22 || fails() ? NULL : malloc(size);

	live += p != NULL;
	if (p)
		memset(p, gfp & __GFP_ZERO ? 0 : 0xa5, size);
	return p;
}

void *kmalloc_trace(struct kmem_cache *s, gfp_t gfp, size_t size)
{
	return __kmalloc(size, gfp);
}

void *kvmalloc(size_t size, gfp_t gfp)
{
	return __kmalloc(size, gfp);
}

void *kmemdup(const void *from, size_t len, gfp_t gfp)
{
	void *p = __kmalloc(len, gfp);

	return p ? memcpy(p, from, len) : NULL;
}

void kfree(const void *p)
{
	live -= p != NULL;
	free((void *)p);
}

void kvfree(const void *p)
{
	kfree(p);
}

/* Sixteen places of 32 MiB, each a module's piece of memory. */
#define PLACES		16
#define PLACE_SIZE	((PLACES_END - PLACES_START) / PLACES)

static unsigned long taken[PLACES];

static unsigned int place_of(const void *p, unsigned long size)
{
	unsigned long i = ((unsigned long)p - PLACES_START) / PLACE_SIZE;

	must(i < PLACES && (unsigned long)p + size <= PLACES_START + i * PLACE_SIZE + taken[i], "it is a module's");
	return i;
}

static void find_next(void)
{
	unsigned int i = 0;

	while (i < PLACES - 1 && taken[i])
		i++;
	next_module = PLACES_START + i * PLACE_SIZE;
}

void *module_alloc(unsigned long size)
{
	void *p = (void *)next_module;

	must(size && !(size % PAGE_SIZE), "a module's memory is whole pages");
	if (size > PLACE_SIZE / 2 || (size > 1 << 18 && rnd(64)) || fails())	/* the large ones take long to clear */
		return NULL;
	taken[place_of(p, 0)] = size;
	__asan_unpoison_memory_region(p, size);
	live++;
	find_next();
	return p;
}

void module_memfree(void *p)
{
	unsigned int i = place_of(p, 1);

	__asan_poison_memory_region(p, taken[i]);
	if (taken[i] > 1 << 18)
		madvise(p, taken[i], 4);	/* not needed */
	taken[i] = 0;
	live--;
	find_next();
}

static int set_rights(unsigned long addr, int pages, int prot)
{
	place_of((void *)addr, pages * PAGE_SIZE);
	must(pages > 0 && !(addr % PAGE_SIZE), "rights go by pages");
	if (prot)
		must(!mprotect((void *)addr, pages * PAGE_SIZE, prot), "mprotect");
	return 0;
}

int set_memory_ro(unsigned long addr, int pages)
{
	return set_rights(addr, pages, 1);
}

int set_memory_rw(unsigned long addr, int pages)
{
	return set_rights(addr, pages, 3);
}

int set_memory_x(unsigned long addr, int pages)
{
	return set_rights(addr, pages, 0);
}

int set_memory_nx(unsigned long addr, int pages)
{
	return set_rights(addr, pages, 0);
}

static size_t percpu_taken;

void __percpu *__alloc_percpu(size_t size, size_t align)
{
	if (percpu_taken || size > 32768 || fails())
		return NULL;
	percpu_taken = size;
	live++;
	for (int cpu = 0; cpu < 2; cpu++)
		__asan_unpoison_memory_region((void *)PERCPU_START + __per_cpu_offset[cpu], size);
	return (void __percpu *)PERCPU_START;
}

void free_percpu(void __percpu *p)
{
	if (!p)
		return;
	for (int cpu = 0; cpu < 2; cpu++)
		__asan_poison_memory_region((void *)PERCPU_START + __per_cpu_offset[cpu], percpu_taken);
	percpu_taken = 0;
	live--;
}

/* ---- words, locks, references ---- */

int _printk(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vscnprintf(last_line, sizeof(last_line), fmt, args);
	va_end(args);
	lines++;
	return 0;
}

void warn_slowpath_fmt(const char *file, int line, const char *fmt, ...)
{
	must(false, "the kernel does not warn");
}

bool try_module_get(struct module *mod)
{
	atomic_inc(&mod->refcnt);
	return true;
}

void module_put(struct module *mod)
{
	must(atomic_dec_return(&mod->refcnt) > 0, "a module is not put more often than it was got");
}

void mutex_lock(struct mutex *lock) { }
void mutex_unlock(struct mutex *lock) { }
bool mutex_is_held(const struct mutex *lock) { return true; }
void preempt_schedule(void) { }
void rcu_unlock_imbalance(void) { }
