/* SPDX-License-Identifier: MIT */
/* High-resolution timers: forwarding, restarting, cancelling, contexts. */
#include "promise.h"
#include <linux/completion.h>
#include <linux/hrtimer.h>
#include <linux/interrupt.h>

static DECLARE_COMPLETION(done);
static struct hrtimer timer;
static int rounds;

static enum hrtimer_restart again(struct hrtimer *t)
{
	u64 missed;

	if (!rounds) {
		ask(!!in_hardirq());
		ask(!!in_task());
		ask(irqs_disabled());
		ask(hrtimer_active(t));
		ask(hrtimer_is_queued(t));
		ask(hrtimer_callback_running(t));
	}
	missed = hrtimer_forward_now(t, ms_to_ktime(2));
	if (!missed)
		say("not forwarded");
	if (++rounds < 3)
		return HRTIMER_RESTART;
	complete(&done);
	return HRTIMER_NORESTART;
}

static void run(void)
{
	ktime_t base = ktime_set(1000, 0);

	hrtimer_init(&timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	timer.function = again;
	ask(hrtimer_active(&timer));
	ask(hrtimer_cancel(&timer));
	ask(hrtimer_try_to_cancel(&timer));
	hrtimer_start(&timer, ktime_set(5000, 0), HRTIMER_MODE_REL);
	ask(hrtimer_active(&timer));
	ask(hrtimer_is_queued(&timer));
	ask(ktime_to_ns(hrtimer_get_remaining(&timer)) / (1000 * NSEC_PER_SEC));
	ask(hrtimer_try_to_cancel(&timer));
	ask(hrtimer_active(&timer));
	hrtimer_set_expires(&timer, base);
	ask(hrtimer_forward(&timer, base - 1, 10));
	ask(hrtimer_forward(&timer, base, 10));
	ask(hrtimer_get_expires(&timer) - base);
	ask(hrtimer_forward(&timer, base + 55, 10));
	ask(hrtimer_get_expires(&timer) - base);
	ask(hrtimer_forward(&timer, base + NSEC_PER_SEC, ms_to_ktime(1)));
	ask(hrtimer_get_expires(&timer) - base);
	hrtimer_start(&timer, ms_to_ktime(1), HRTIMER_MODE_REL);
	wait_for_completion(&done);
	ask(hrtimer_cancel(&timer));
	ask(rounds);
}
promise(run);
