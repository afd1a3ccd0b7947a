/* SPDX-License-Identifier: MIT */
/* Completions: counts, complete_all() for ever, reinit, what the waiting forms answer. */
#include "promise.h"
#include <linux/completion.h>
#include <linux/jiffies.h>

static void run(void)
{
	DECLARE_COMPLETION_ONSTACK(x);

	ask(completion_done(&x));
	ask(try_wait_for_completion(&x));
	ask(wait_for_completion_timeout(&x, 2));
	ask(wait_for_completion_interruptible_timeout(&x, 2));
	complete(&x);
	complete(&x);
	ask(completion_done(&x));
	ask(wait_for_completion_timeout(&x, 100));
	ask(try_wait_for_completion(&x));
	ask(try_wait_for_completion(&x));
	complete(&x);
	ask(wait_for_completion_interruptible(&x));
	complete(&x);
	ask(wait_for_completion_killable(&x));
	complete_all(&x);
	ask(try_wait_for_completion(&x));
	ask(try_wait_for_completion(&x));
	ask(completion_done(&x));
	wait_for_completion(&x);
	ask(x.done == UINT_MAX);
	reinit_completion(&x);
	ask(completion_done(&x));
	ask(try_wait_for_completion(&x));
	ask(x.done);
	ask(wait_for_completion_killable_timeout(&x, 1));
	complete(&x);
	ask(wait_for_completion_killable_timeout(&x, 50));
	complete(&x);
	ask(wait_for_completion_io_timeout(&x, 50));
}
promise(run);
