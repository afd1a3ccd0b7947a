// SPDX-License-Identifier: MIT
/* A parameter of each type, printed when the module is loaded. */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/moduleparam.h>

static unsigned char a_byte = 1;
static short a_short = -2;
static unsigned short a_ushort = 3;
static int an_int = -4;
static unsigned int a_uint = 5;
static long a_long = -6;
static unsigned long a_ulong = 7;
static char *a_text = "eight";
static bool a_bool, an_inverted = true;
static char a_string[10] = "nine";
static int numbers[4] = { 1, 2, 3, 4 };
static int nr_numbers;
static char *texts[2] = { "x", "y" };

module_param(a_byte, byte, 0444);
module_param(a_short, short, 0444);
module_param(a_ushort, ushort, 0444);
module_param(an_int, int, S_IRUGO);
MODULE_PARM_DESC(an_int, "a number, with its sign");
module_param(a_uint, uint, 0644);
module_param(a_long, long, 0);
module_param(a_ulong, ulong, 0);
module_param(a_text, charp, 0);
module_param(a_bool, bool, 0);
module_param(an_inverted, invbool, 0);
module_param_string(word, a_string, sizeof(a_string), 0);
module_param_array(numbers, int, &nr_numbers, 0);
module_param_array(texts, charp, NULL, 0);

static int times_two(const char *val, const struct kernel_param *kp)
{
	int err = param_set_int(val, kp);

	if (!err)
		*(int *)kp->arg *= 2;
	return err;
}

static const struct kernel_param_ops times_two_ops = { .set = times_two, .get = param_get_int };
static int twice;
module_param_cb(twice, &times_two_ops, &twice, 0644);

static int __init params_init(void)
{
	pr_info("params: %u %d %u %d %u %ld %lu\n", a_byte, a_short, a_ushort, an_int, a_uint, a_long, a_ulong);
	pr_info("params: %s %d %d %s twice %d\n", a_text, a_bool, an_inverted, a_string, twice);
	pr_info("params: %d numbers %d %d %d %d, texts %s %s\n", nr_numbers, numbers[0], numbers[1], numbers[2],
		numbers[3], texts[0], texts[1]);
	return 0;
}

static void __exit params_exit(void)
{
}

module_init(params_init);
module_exit(params_exit);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("a parameter of each type");
MODULE_VERSION("1.2");
