/* SPDX-License-Identifier: MIT */
/* Init, then what it started, then exit. */
#include "promise.h"
#include <linux/workqueue.h>

static void worked(struct work_struct *work)
{
	say("work");
}
static DECLARE_WORK(work, worked);

static int __init first(void)
{
	say("init of %s", KBUILD_MODNAME);
	ask(THIS_MODULE->state == MODULE_STATE_COMING);
	schedule_work(&work);
	flush_work(&work);
	return 0;
}

static void __exit last(void)
{
	ask(THIS_MODULE->state == MODULE_STATE_GOING);
	ask(try_module_get(THIS_MODULE));
	say("exit");
}

module_init(first);
module_exit(last);
MODULE_LICENSE("GPL");
