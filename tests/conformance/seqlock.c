/* SPDX-License-Identifier: MIT */
/* Sequence locks: a reader that was disturbed by a writer tries again. */
#include "promise.h"
#include <linux/seqlock.h>

static DEFINE_SEQLOCK(lock);
static seqcount_t count = SEQCNT_ZERO(count);

static void run(void)
{
	unsigned int seen = read_seqbegin(&lock);

	ask(seen % 2);
	ask(read_seqretry(&lock, seen));
	write_seqlock(&lock);
	write_sequnlock(&lock);
	ask(read_seqretry(&lock, seen));
	ask(read_seqbegin(&lock) - seen);
	seen = read_seqcount_begin(&count);
	preempt_disable();
	write_seqcount_begin(&count);
	ask(raw_read_seqcount(&count) % 2);
	write_seqcount_end(&count);
	preempt_enable();
	ask(read_seqcount_retry(&count, seen));
	ask(read_seqcount_begin(&count) - seen);
}
promise(run);
