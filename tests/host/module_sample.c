/* SPDX-License-Identifier: MIT */
/* A module with what the others lack, for module_image.t to damage: it is compiled, never run. */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/percpu.h>

extern int provider_add(int a, int b);
extern int nobody_has_it(void) __attribute__((weak));

DEFINE_PER_CPU(int, sample_percpu) = 5;
EXPORT_PER_CPU_SYMBOL(sample_percpu);
static int zero[100], counted = 3;
static int early __initdata;
static char *names[3] = { "a", "b", "c" };
static unsigned int nr_names = 3;
static bool flag;

static int set_flag(const char *val, const struct kernel_param *kp)
{
	return param_set_bool(val, kp);
}

static void forget(void *arg)
{
	counted++;
}

static char word[8];
static struct kparam_string text = { sizeof(word), word };	/* as many write it: not const */
module_param_cb(text, &param_ops_string, &text, 0);

static struct kernel_param_ops own_ops = {
	.flags = KERNEL_PARAM_OPS_FL_NOARG, .set = set_flag, .get = param_get_bool, .free = forget,
};
module_param_cb(flag, &own_ops, &flag, 0644);
module_param_call(counted, param_set_int, param_get_int, &counted, 0644);
module_param_array(names, charp, &nr_names, 0);
module_param(early, int, 0);

__attribute__((constructor)) static void construct(void)
{
	counted++;
}

int sample_help(int n);
int sample_help(int n)
{
	return n > 1 ? sample_help(n - 1) * zero[n] : provider_add(n, counted++);
}
EXPORT_SYMBOL(sample_help);

static int __init sample_init(void)
{
	switch (sample_help(counted)) {
	case 0: return sample_help(1);
	case 1: return sample_help(7) + (nobody_has_it ? nobody_has_it() : 0);
	case 2: return zero[counted];
	case 3: return sample_help(early);
	case 4: return this_cpu_read(sample_percpu);
	case 5: return (int)(unsigned long)&sample_help;
	default: return sample_help(zero[2]);
	}
}

static void __exit sample_exit(void)
{
	sample_help(0);
	/* The forms that compilers do not make. */
	asm volatile(".pushsection .data; .quad sample_help; .long sample_help - .; .quad sample_help - .\n"
		     ".popsection");
}

module_init(sample_init);
module_exit(sample_exit);
MODULE_LICENSE("GPL");
