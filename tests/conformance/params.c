/* SPDX-License-Identifier: MIT */
/*
 * Parameters of modules, and who gets which.
 *
 * judge: run modinfo params | grep -v -E "filename|vermagic|retpoline|srcversion"
 * judge: params number=-5 flag list=1,2,3 text=hello byte=200 unsigned_one=0x10 inverted=1 word=short
 */
#include "promise.h"
#include <linux/moduleparam.h>

static int number = 1;
static bool flag;
static bool inverted;
static int list[4] = { 9, 9, 9, 9 };
static int nr_list;
static char *text = "default", *untouched = "untouched";
static unsigned char byte;
static unsigned int unsigned_one;
static char word[8] = "unset";
module_param(number, int, 0644);
module_param(flag, bool, 0444);
module_param(inverted, invbool, 0444);
module_param_array(list, int, &nr_list, 0);
module_param(text, charp, 0);
module_param(untouched, charp, 0);
module_param(byte, byte, 0);
module_param(unsigned_one, uint, 0);
module_param_string(word, word, sizeof(word), 0);

static void run(void)
{
	ask(number);
	ask(flag);
	ask(inverted);
	say("%d: %d %d %d %d", nr_list, list[0], list[1], list[2], list[3]);
	ask_text(text);
	ask_text(untouched);
	ask(byte);
	ask(unsigned_one);
	ask_text(word);
	ask_text(THIS_MODULE->name);
	ask(module_refcount(THIS_MODULE) > 0);
	ask(try_module_get(THIS_MODULE));
	module_put(THIS_MODULE);
}
promise(run);
