/* SPDX-License-Identifier: MIT */
/* Lines of the log: continued ones, several in one call, without a newline, prefixes, print_hex_dump(), once. */
#include "promise.h"
#include <linux/printk.h>

static void run(void)
{
	static const u8 bytes[] = "0123456789abcdefghij";

	pr_info("a line");
	pr_cont(", continued");
	pr_cont(", and its end\n");
	pr_info("first\nsecond\n");
	printk("printk_lines: without a level\n");
	printk(KERN_WARNING "printk_lines: with a level\n");
	pr_emerg("emerg\n");
	pr_alert("alert\n");
	pr_crit("crit\n");
	pr_err("err\n");
	pr_warn("warn\n");
	pr_notice("notice\n");
	pr_debug("debug: not compiled in\n");
	for (int i = 0; i < 3; i++)
		pr_info_once("once\n");
	print_hex_dump(KERN_INFO, "printk_lines: ", DUMP_PREFIX_OFFSET, 16, 1, bytes, 21, true);
	print_hex_dump(KERN_INFO, "printk_lines: ", DUMP_PREFIX_NONE, 16, 4, bytes, 16, false);
	pr_info("no newline at the end");
	pr_info("\n");
	pr_info("%s", "a percent sign: %\n");
	pr_info("tab\there, bell \a here\n");
}
promise(run);
