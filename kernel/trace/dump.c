/* SPDX-License-Identifier: MIT */
/*
 * The whole trace as text, for the host: `trace dump`.
 *
 * A serial line is no road for a hundred thousand lines. So the text stays in memory, in pages that say what they are.
 * tools/trace-run lets the machine's memory be a file of the host, and collects the pages there when the machine is
 * off:
 *
 *	| "bobbin trace text" | number of this page | how many there are | bytes of text | text ... |
 *
 * They need not lie together, and can be told from a page that was freed and says the same: all have the same `run`.
 * The times are in nanoseconds here; trace-run makes ftrace's microseconds of them.
 *
 * Read next: tools/trace-run.
 */
#include "trace.h"
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include <linux/vmalloc.h>

struct dump_page {
	char		magic[20];	/* DUMP_MAGIC */
	u32		number;
	u64		run;		/* when: one dump's pages, not those of one before */
	u32		total;		/* of pages; 0 until all are written */
	u32		len;
	struct dump_page *next;
	char		text[PAGE_SIZE - 48];
};
static_assert(sizeof(struct dump_page) == PAGE_SIZE);

#define DUMP_MAGIC	"bobbin trace text"

static DEFINE_MUTEX(dump_mutex);
static struct dump_page *first, *last;		/* dump_mutex */

static void dump_free(void)
{
	struct dump_page *page;

	while ((page = first) != NULL) {
		first = page->next;
		memset(page->magic, 0, sizeof(page->magic));
		free_page((unsigned long)page);
	}
	last = NULL;
}

static int dump_add_page(u64 run)
{
	struct dump_page *page = (struct dump_page *)get_zeroed_page(GFP_KERNEL);

	if (!page)
		return -ENOMEM;
	strscpy(page->magic, DUMP_MAGIC, sizeof(page->magic));
	page->run = run;
	page->number = last ? last->number + 1 : 0;
	if (last)
		last->next = page;
	else
		first = page;
	last = page;
	return 0;
}

static int dump_text(const char *text, size_t len, u64 run)
{
	while (len) {
		size_t part;

		if ((!last || last->len == sizeof(last->text)) && dump_add_page(run))
			return -ENOMEM;
		part = min(len, sizeof(last->text) - last->len);
		memcpy(last->text + last->len, text, part);
		last->len += part;
		text += part;
		len -= part;
	}
	return 0;
}

static int dump_lines(struct trace_iter *it, u64 run, u64 *lines)
{
	int err;

	trace_format_head(it->line, sizeof(it->line));
	err = dump_text(it->line, strlen(it->line), run);
	trace_iter_begin(it);
	for (*lines = 0; !err && trace_iter_next(it); ++*lines) {
		if (it->lost)
			err = dump_text(it->line, trace_format_lost(it), run);
		if (!err)
			err = dump_text(it->line, trace_format(it, 9), run);
	}
	return err;
}

int trace_dump(u64 *lines)
{
	struct trace_iter *it = vmalloc(sizeof(*it));
	struct dump_page *page;
	int err;

	if (!it)
		return -ENOMEM;
	mutex_lock(&dump_mutex);
	dump_free();
	err = dump_lines(it, ktime_get_ns(), lines);
	if (err)
		dump_free();
	for (page = first; page; page = page->next)
		WRITE_ONCE(page->total, last->number + 1);
	mutex_unlock(&dump_mutex);
	vfree(it);
	return err;
}

void trace_dump_free(void)
{
	mutex_lock(&dump_mutex);
	dump_free();
	mutex_unlock(&dump_mutex);
}
