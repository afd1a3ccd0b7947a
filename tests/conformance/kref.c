/* SPDX-License-Identifier: MIT */
/* kref and refcount: who was last, and that a count that cannot be right stays where it is, with a warning. */
#include "promise.h"
#include <linux/kref.h>
#include <linux/refcount.h>

static struct kref kref;
static refcount_t r = REFCOUNT_INIT(1);

static void released(struct kref *k)
{
	say("released: %d", k == &kref);
}

static void run(void)
{
	kref_init(&kref);
	ask(kref_read(&kref));
	kref_get(&kref);
	ask(kref_put(&kref, released));
	ask(kref_get_unless_zero(&kref));
	ask(kref_put(&kref, released));
	ask(kref_put(&kref, released));
	ask(kref_get_unless_zero(&kref));
	ask(refcount_read(&r));
	ask(refcount_inc_not_zero(&r));
	ask(refcount_dec_and_test(&r));
	ask(refcount_dec_not_one(&r));
	ask(refcount_dec_if_one(&r));
	ask(refcount_read(&r));
	ask(refcount_inc_not_zero(&r));
	say("a count that was given back too often");
	ask(refcount_sub_and_test(1, &r));
	ask((int)refcount_read(&r) < 0);
}
promise(run);
