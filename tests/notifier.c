/* SPDX-License-Identifier: MIT */
/* Notifier chains: who is called, in which order, and when no more. */
#include "test.h"

#include <linux/notifier.h>
#include <linux/reboot.h>
#include <linux/string.h>

/* What the callbacks have written: a letter each. */
static char calls[16];

struct listener {
	struct notifier_block nb;
	char letter;
	int answer;
};

static int note(struct notifier_block *nb, unsigned long action, void *data)
{
	struct listener *l = container_of(nb, struct listener, nb);
	size_t len = strlen(calls);

	if (len + 1 < sizeof(calls))
		calls[len] = action == 2 ? l->letter - 'a' + 'A' : l->letter;
	return l->answer;
}

static struct listener a = { .nb = { .notifier_call = note, .priority = 1 }, .letter = 'a' };
static struct listener b = { .nb = { .notifier_call = note, .priority = 9 }, .letter = 'b' };
static struct listener c = { .nb = { .notifier_call = note, .priority = 1 }, .letter = 'c' };

static void begin(void)
{
	memset(calls, 0, sizeof(calls));
	a.answer = b.answer = c.answer = NOTIFY_OK;
}

TEST(notifier_best_priority_first_and_equal_ones_in_order)
{
	RAW_NOTIFIER_HEAD(chain);

	begin();
	EXPECT_EQ(raw_notifier_call_chain(&chain, 1, NULL), NOTIFY_DONE);
	EXPECT_EQ(raw_notifier_chain_register(&chain, &a.nb), 0);
	EXPECT_EQ(raw_notifier_chain_register(&chain, &b.nb), 0);
	EXPECT_EQ(raw_notifier_chain_register(&chain, &c.nb), 0);
	EXPECT_EQ(raw_notifier_call_chain(&chain, 1, NULL), NOTIFY_OK);
	EXPECT(!strcmp(calls, "bac"));
	EXPECT_EQ(raw_notifier_chain_unregister(&chain, &a.nb), 0);
	EXPECT_EQ(raw_notifier_chain_unregister(&chain, &a.nb), -ENOENT);
	EXPECT_EQ(raw_notifier_call_chain(&chain, 1, NULL), NOTIFY_OK);
	EXPECT(!strcmp(calls, "bacbc"));
	return NULL;
}

TEST(notifier_who_stops_is_the_last_and_robust_calls_take_back)
{
	RAW_NOTIFIER_HEAD(chain);

	begin();
	raw_notifier_chain_register(&chain, &a.nb);
	raw_notifier_chain_register(&chain, &b.nb);
	raw_notifier_chain_register(&chain, &c.nb);
	c.answer = notifier_from_errno(-EBUSY);
	EXPECT_EQ(raw_notifier_call_chain_robust(&chain, 1, 2, NULL), c.answer);
	EXPECT_EQ(notifier_to_errno(c.answer), -EBUSY);
	EXPECT(!strcmp(calls, "bacBA"));
	begin();
	b.answer = NOTIFY_STOP;
	EXPECT_EQ(raw_notifier_call_chain(&chain, 1, NULL), NOTIFY_STOP);
	EXPECT(!strcmp(calls, "b"));
	EXPECT_EQ(notifier_to_errno(NOTIFY_STOP), 0);
	EXPECT_EQ(notifier_to_errno(notifier_from_errno(0)), 0);
	return NULL;
}

TEST(notifier_registered_twice_is_explained, .warns = "is registered already")
{
	RAW_NOTIFIER_HEAD(chain);

	begin();
	EXPECT_EQ(raw_notifier_chain_register(&chain, &a.nb), 0);
	EXPECT_EQ(raw_notifier_chain_register(&chain, &a.nb), -EEXIST);
	raw_notifier_call_chain(&chain, 1, NULL);
	EXPECT(!strcmp(calls, "a"));
	return NULL;
}

TEST(notifier_kinds_that_keep_their_chain_do_the_same)
{
	static ATOMIC_NOTIFIER_HEAD(atomic);
	static BLOCKING_NOTIFIER_HEAD(blocking);
	struct srcu_notifier_head srcu;

	begin();
	EXPECT(atomic_notifier_call_chain_is_empty(&atomic));
	EXPECT_EQ(atomic_notifier_chain_register(&atomic, &a.nb), 0);
	EXPECT_EQ(atomic_notifier_chain_register_unique_prio(&atomic, &c.nb), -EBUSY);
	EXPECT_EQ(atomic_notifier_chain_register_unique_prio(&atomic, &b.nb), 0);
	EXPECT_EQ(atomic_notifier_call_chain(&atomic, 1, NULL), NOTIFY_OK);
	EXPECT_EQ(atomic_notifier_chain_unregister(&atomic, &a.nb), 0);
	EXPECT_EQ(atomic_notifier_chain_unregister(&atomic, &b.nb), 0);
	EXPECT(atomic_notifier_call_chain_is_empty(&atomic));
	EXPECT(!strcmp(calls, "ba"));

	begin();
	EXPECT_EQ(blocking_notifier_chain_register(&blocking, &a.nb), 0);
	EXPECT_EQ(blocking_notifier_chain_register_unique_prio(&blocking, &c.nb), -EBUSY);
	EXPECT_EQ(blocking_notifier_chain_register(&blocking, &c.nb), 0);
	c.answer = NOTIFY_BAD;
	EXPECT_EQ(blocking_notifier_call_chain_robust(&blocking, 1, 2, NULL), NOTIFY_BAD);
	EXPECT_EQ(blocking_notifier_chain_unregister(&blocking, &c.nb), 0);
	EXPECT_EQ(blocking_notifier_call_chain(&blocking, 1, NULL), NOTIFY_OK);
	EXPECT_EQ(blocking_notifier_chain_unregister(&blocking, &a.nb), 0);
	EXPECT(!strcmp(calls, "acAa"));

	begin();
	srcu_init_notifier_head(&srcu);
	EXPECT_EQ(srcu_notifier_chain_register(&srcu, &a.nb), 0);
	EXPECT_EQ(srcu_notifier_call_chain(&srcu, 1, NULL), NOTIFY_OK);
	EXPECT_EQ(srcu_notifier_chain_unregister(&srcu, &a.nb), 0);
	EXPECT_EQ(srcu_notifier_call_chain(&srcu, 1, NULL), NOTIFY_DONE);
	srcu_cleanup_notifier_head(&srcu);
	EXPECT(!strcmp(calls, "a"));
	return NULL;
}

/* One calls all the time; the other puts on, and takes off: after that its block must rest. */
#define ROUNDS 8
static ATOMIC_NOTIFIER_HEAD(busy);
static bool is_over;

struct guest {
	struct notifier_block nb;
	bool on;
};

static int look(struct notifier_block *nb, unsigned long action, void *data)
{
	BLAME_UNLESS(READ_ONCE(container_of(nb, struct guest, nb)->on));
	return NOTIFY_OK;
}

static const char *call_or_come_and_go(struct crew *crew, int i)
{
	struct guest guest = { .nb = { .notifier_call = look } };

	if (!i) {
		while (!READ_ONCE(is_over)) {
			atomic_notifier_call_chain(&busy, 1, NULL);
			cond_resched();
			cpu_relax();
		}
		return NULL;
	}
	for (int n = 0; n < test_rounds(ROUNDS); n++) {
		WRITE_ONCE(guest.on, true);
		atomic_notifier_chain_register(&busy, &guest.nb);
		EXPECT_EQ(atomic_notifier_chain_unregister(&busy, &guest.nb), 0);
		WRITE_ONCE(guest.on, false);
	}
	WRITE_ONCE(is_over, true);
	return NULL;
}

TEST(notifier_taken_off_is_called_no_more, .cpus = 2)
{
	struct crew crew = { .fn = call_or_come_and_go, .n = 2, .bound = true };

	is_over = false;
	return crew_run(&crew);
}

TEST(notifier_of_a_reboot_comes_and_goes)
{
	begin();
	EXPECT_EQ(register_reboot_notifier(&a.nb), 0);
	EXPECT_EQ(unregister_reboot_notifier(&a.nb), 0);
	EXPECT_EQ(unregister_reboot_notifier(&a.nb), -ENOENT);
	EXPECT(!*calls);
	return NULL;
}
