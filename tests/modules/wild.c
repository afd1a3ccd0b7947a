// SPDX-License-Identifier: MIT
/* Mistakes that only a build with sanitizers notices: what=behind, freed, index. */
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

static char *what = "behind";
module_param(what, charp, 0);

static int table[10] = { 1, 2, 3 };
static volatile int ten = 10;

static noinline int look(volatile int *p)
{
	return *p;
}

static noinline void use_freed(void)
{
	int *p = kmalloc(24, GFP_KERNEL);

	if (!p)
		return;
	kfree(p);
	look(p);
}

static int __init wild_init(void)
{
	if (!strcmp(what, "behind"))
		look(table + ten);
	else if (!strcmp(what, "freed"))
		use_freed();
	else if (!strcmp(what, "index"))
		pr_info("wild: %d\n", table[ten]);
	pr_info("wild: %s is done\n", what);
	return 0;
}

static void __exit wild_exit(void)
{
}

module_init(wild_init);
module_exit(wild_exit);
MODULE_LICENSE("GPL");
