/* SPDX-License-Identifier: MIT */
/* Completions: counted, taken one by one, for ever after complete_all(), and begun anew. */
#include "promise.h"
#include <linux/completion.h>

static DECLARE_COMPLETION(done);

static void run(void)
{
	ask(try_wait_for_completion(&done));
	ask(completion_done(&done));
	complete(&done);
	complete(&done);
	ask(done.done);
	ask(completion_done(&done));
	ask(try_wait_for_completion(&done));
	wait_for_completion(&done);
	ask(try_wait_for_completion(&done));
	ask(wait_for_completion_timeout(&done, 1));
	ask(wait_for_completion_interruptible_timeout(&done, 1));
	ask(wait_for_completion_killable_timeout(&done, 1));
	complete(&done);
	ask(wait_for_completion_timeout(&done, 100));
	complete(&done);
	ask(wait_for_completion_interruptible(&done));
	complete(&done);
	ask(wait_for_completion_killable(&done));
	complete_all(&done);
	ask(done.done == UINT_MAX);
	wait_for_completion(&done);
	wait_for_completion(&done);
	ask(try_wait_for_completion(&done));
	ask(completion_done(&done));
	complete(&done);
	ask(done.done == UINT_MAX);
	reinit_completion(&done);
	ask(completion_done(&done));
	ask(try_wait_for_completion(&done));
	init_completion(&done);
	complete(&done);
	ask(done.done);
	ask(wait_for_completion_timeout(&done, 50));
}
promise(run);
