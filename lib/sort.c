/* SPDX-License-Identifier: MIT */
/*
 * Heap sort: no memory beside the array, and never worse than n log n, which
 * a kernel wants more than the better average of quick sort. And binary search.
 */
#include <linux/sort.h>
#include <linux/export.h>

/* What stays the same through one sort. */
struct sorter {
	char *base;
	size_t size;
	cmp_r_func_t cmp;
	swap_r_func_t swap;
	const void *priv;
};

static void swap_bytes(char *a, char *b, size_t size)
{
	while (size--) {
		char t = a[size];

		a[size] = b[size];
		b[size] = t;
	}
}

static void swap_elements(const struct sorter *s, size_t a, size_t b)
{
	char *pa = s->base + a * s->size, *pb = s->base + b * s->size;

	if (s->swap)
		s->swap(pa, pb, s->size, s->priv);
	else
		swap_bytes(pa, pb, s->size);
}

static bool is_before(const struct sorter *s, size_t a, size_t b)
{
	return s->cmp(s->base + a * s->size, s->base + b * s->size, s->priv) < 0;
}

/* Let element `root` sink until no child in 0..num-1 is larger. */
static void sift_down(const struct sorter *s, size_t root, size_t num)
{
	size_t child;

	while ((child = 2 * root + 1) < num) {
		if (child + 1 < num && is_before(s, child, child + 1))
			child++;
		if (!is_before(s, root, child))
			return;
		swap_elements(s, root, child);
		root = child;
	}
}

void sort_r(void *base, size_t num, size_t size, cmp_r_func_t cmp, swap_r_func_t swap,
	    const void *priv)
{
	struct sorter s = { base, size, cmp, swap, priv };
	size_t i;

	for (i = num / 2; i-- > 0; )
		sift_down(&s, i, num);
	for (i = num; i-- > 1; ) {
		swap_elements(&s, 0, i);
		sift_down(&s, 0, i);
	}
}
EXPORT_SYMBOL(sort_r);

/* sort() is sort_r() with functions that take no private pointer. */
struct plain {
	cmp_func_t cmp;
	swap_func_t swap;
};

static int plain_cmp(const void *a, const void *b, const void *priv)
{
	return ((const struct plain *)priv)->cmp(a, b);
}

static void plain_swap(void *a, void *b, int size, const void *priv)
{
	((const struct plain *)priv)->swap(a, b, size);
}

void sort(void *base, size_t num, size_t size, cmp_func_t cmp, swap_func_t swap)
{
	struct plain plain = { cmp, swap };

	sort_r(base, num, size, plain_cmp, swap ? plain_swap : NULL, &plain);
}
EXPORT_SYMBOL(sort);

void *bsearch(const void *key, const void *base, size_t num, size_t size, cmp_func_t cmp)
{
	const char *low = base;

	while (num > 0) {
		const char *middle = low + num / 2 * size;
		int result = cmp(key, middle);

		if (result == 0)
			return (void *)middle;
		if (result > 0) {
			low = middle + size;
			num--;
		}
		num /= 2;
	}
	return NULL;
}
EXPORT_SYMBOL(bsearch);
