/* SPDX-License-Identifier: MIT */
/*
 * The timer wheel's arithmetic, kernel/time/wheel.h, against a model that is only a list of numbers.
 *
 *	no timer comes before its tick, nor later than its level's grain allows
 *	each comes once, unless it was deleted, and then not at all
 *	the next expiry, found by bitmaps, is the one found by looking at all timers
 *	it holds across the wrap of the tick counter, for jumps of any length, and for times beyond the wheel's reach
 *
 * Uses the kernel's headers only, of libc nothing but printf. Output is TAP. By hand:
 *	gcc -g -fsanitize=address,undefined -Iinclude -Iarch/x86/include tests/host/timer_wheel_test.c && ./a.out
 */
#include "../../kernel/time/wheel.h"

extern int printf(const char *format, ...);

#define TIMERS	500

struct model_timer {
	struct hlist_node	node;
	unsigned long		expires;
	unsigned long		due;		/* what wheel_index() promised */
	unsigned long		started;	/* the wheel's clk at that time */
	unsigned int		index;
	bool			pending;
};

static struct timer_wheel wheel;
static struct model_timer timers[TIMERS];
static unsigned long now, fired, failures;
static u64 seed;

static u64 draw(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

/* Near times as often as far ones: the number of bits is drawn first. */
static unsigned long draw_span(unsigned int max_bits)
{
	unsigned long mask = (1UL << draw() % max_bits) - 1;

	return draw() & mask;
}

static void check(bool ok, const char *claim, const struct model_timer *t)
{
	if (ok || failures++ > 20)
		return;
	printf("# NOT SO: %s (now %lu clk %lu next %lu; expires %lu due %lu started %lu index %u)\n", claim, now,
	       wheel.clk, wheel.next, t ? t->expires : 0, t ? t->due : 0, t ? t->started : 0, t ? t->index : 0);
}

static void model_insert(struct model_timer *t)
{
	t->started = wheel.clk;
	t->index = wheel_index(&wheel, t->expires, &t->due);
	wheel_insert(&wheel, &t->node, t->index, t->due);
}

static void start(struct model_timer *t, unsigned long expires)
{
	wheel_forward(&wheel, now);
	t->expires = expires;
	t->pending = true;
	model_insert(t);
	check(!wheel_before(t->due, wheel.clk), "a timer is not due before the wheel's clock", t);
	if (wheel_before(expires, wheel.clk) || expires - wheel.clk > WHEEL_FAR)
		return;
	check(wheel_before(expires, t->due), "rounded up", t);
	check(t->due - expires <= 1 + (expires - wheel.clk) * 8 / 63, "late by about an eighth at most", t);
}

static void stop(struct model_timer *t)
{
	wheel_remove(&wheel, &t->node, t->index);
	t->pending = false;
}

static void fire(struct model_timer *t)
{
	check(t->pending, "only a pending timer fires", t);
	check(t->due == wheel.clk - 1, "collected at the tick it was promised", t);
	wheel_remove(&wheel, &t->node, t->index);
	if (!wheel_before(t->expires, wheel.clk)) {
		model_insert(t);
		return;
	}
	check(!wheel_before(now, t->expires), "never early", t);
	t->pending = false;
	fired++;
}

static void check_next(void)
{
	bool any = false, found = wheel_find_next(&wheel);
	unsigned long next = 0;
	int i;

	for (i = 0; i < TIMERS; i++) {
		if (!timers[i].pending)
			continue;
		if (!any || wheel_before(timers[i].due, next))
			next = timers[i].due;
		any = true;
	}
	check(any == found, "the wheel knows whether it is empty", NULL);
	check(!any || next == wheel.next, "the wheel knows its next expiry", NULL);
}

/* What run_timers() of timer.c does. */
static void advance(unsigned long ticks)
{
	struct hlist_head lists[WHEEL_LEVELS];
	unsigned int n;

	now += ticks;
	while (!wheel_before(now, wheel.clk) && !wheel_before(now, wheel.next)) {
		if (wheel.next_is_stale) {
			wheel_find_next(&wheel);
			continue;
		}
		n = wheel_collect(&wheel, lists);
		while (n--)
			while (!hlist_empty(&lists[n]))
				fire(hlist_entry(lists[n].first, struct model_timer, node));
	}
}

static void round_of(unsigned long first_tick, unsigned int max_bits, int steps)
{
	int i;

	now = first_tick;
	wheel_init(&wheel, now);
	for (i = 0; i < TIMERS; i++)
		timers[i].pending = false;
	for (i = 0; i < steps; i++) {
		struct model_timer *t = &timers[draw() % TIMERS];

		if (t->pending)
			stop(t);
		if (draw() % 4)
			start(t, now + draw_span(max_bits) - (i & 1));
		if (draw() % 4 == 0)
			advance(draw_span(max_bits - 3));
		if (draw() % 16 == 0)
			check_next();
	}
	for (i = 0; i < 8 && wheel_find_next(&wheel); i++)	/* a lap more for those beyond its reach */
		advance(1UL << 38);
	for (i = 0; i < TIMERS; i++)
		check(!timers[i].pending, "in the end all have fired", &timers[i]);
}

static void every_delay_of_the_first_levels(void)
{
	unsigned long clk, delay;

	for (clk = 0; clk < 600; clk += 7) {
		for (delay = 0; delay < 5000; delay += 1 + delay / 64) {
			now = clk;
			wheel_init(&wheel, now);
			start(&timers[0], now + delay);
			while (timers[0].pending)
				advance(1);
			check(now == timers[0].due, "fires at the tick it was promised", &timers[0]);
		}
	}
}

static int report(int number, const char *claim)
{
	printf("%s %d - %s\n", failures ? "not ok" : "ok", number, claim);
	return failures != 0;
}

int main(void)
{
	int bad;

	seed = 0x9e3779b97f4a7c15;
	printf("1..4\n");
	every_delay_of_the_first_levels();
	bad = report(1, "every delay of the first levels comes when promised");
	round_of(1000, 14, 100000);
	bad |= report(2, "near timers at random: never early, once each");
	round_of(-5000UL, 34, 100000);
	bad |= report(3, "far timers at random, beyond the wheel's reach too");
	round_of(-300UL * 250, 24, 100000);
	bad |= report(4, "across the wrap of the tick counter");
	printf("# %lu timers fired\n", fired);
	return bad;
}
