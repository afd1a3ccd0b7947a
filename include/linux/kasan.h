/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * `make KASAN=1`: the compiler asks before each access to memory whether it is allowed (kernel/mm/kasan.c). Here is
 * what the allocators tell it. In other builds all of this is nothing.
 */
#include <linux/types.h>

struct kmem_cache;
struct page;

#ifdef CONFIG_KASAN

#define KASAN_TRACE	8	/* return addresses kept of who allocated and who freed an object */

/* Once, when pages and slabs can be had. */
void kasan_init(void);

/* The size bytes from p on may be used, and what follows up to end may not. Pages, and whole slabs, likewise. */
void kasan_set_size(const void *p, size_t size, const void *end);
void kasan_alloc_pages(struct page *page, unsigned int order);
void kasan_free_pages(struct page *page, unsigned int order);
void kasan_new_slab(const void *p, size_t size);

/* A module's memory begins its life, and ends it: its variables are guarded between. Context: thread. */
int kasan_module_alloc(const void *p, size_t size);
void kasan_module_free(const void *p, size_t size);

/* Remember who allocates this object. Who frees it, which happens later. Return of the latter: true: do nothing. */
void kasan_slab_alloc(struct kmem_cache *s, void *object);
bool kasan_slab_free(struct kmem_cache *s, void *object, unsigned long caller);

/* Freed objects that are kept back: free those of this CPU, or of one that is gone; of all. Context of that: thread. */
void kasan_quarantine_flush(unsigned int cpu);
void kasan_quarantine_drain(void);

/* Between them nothing is reported: who shows bad memory looks at it. They nest. Context: any. */
void kasan_disable_current(void);
void kasan_enable_current(void);

/* Reports so far, for tests. */
extern unsigned long kasan_report_count;

#else

#define kasan_report_count	0UL

static inline void kasan_init(void) { }
static inline void kasan_set_size(const void *p, size_t size, const void *end) { }
static inline void kasan_alloc_pages(struct page *page, unsigned int order) { }
static inline void kasan_free_pages(struct page *page, unsigned int order) { }
static inline void kasan_new_slab(const void *p, size_t size) { }
static inline int kasan_module_alloc(const void *p, size_t size) { return 0; }
static inline void kasan_module_free(const void *p, size_t size) { }
static inline void kasan_slab_alloc(struct kmem_cache *s, void *object) { }
static inline bool kasan_slab_free(struct kmem_cache *s, void *object, unsigned long caller) { return false; }
static inline void kasan_quarantine_flush(unsigned int cpu) { }
static inline void kasan_quarantine_drain(void) { }
static inline void kasan_disable_current(void) { }
static inline void kasan_enable_current(void) { }

#endif
