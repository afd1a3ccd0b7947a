/* SPDX-License-Identifier: MIT */
/* kfifo: how much goes in, how much comes out, peeking, records. */
#include "promise.h"
#include <linux/kfifo.h>

static DEFINE_KFIFO(numbers, int, 8);

static void run(void)
{
	struct kfifo bytes;
	STRUCT_KFIFO_REC_1(32) records;
	int v = 0, out[8] = { 0 };
	char text[16] = "";

	for (int i = 0; i < 10; i++)
		say("put %d: %d", i, kfifo_put(&numbers, i));
	ask(kfifo_len(&numbers));
	ask(kfifo_is_full(&numbers));
	ask(kfifo_avail(&numbers));
	ask(kfifo_size(&numbers));
	ask(kfifo_get(&numbers, &v));
	ask(v);
	ask(kfifo_peek(&numbers, &v));
	ask(v);
	ask(kfifo_out_peek(&numbers, out, 3));
	ask(out[2]);
	ask(kfifo_out(&numbers, out, 8));
	ask(out[6]);
	ask(kfifo_is_empty(&numbers));
	ask(kfifo_get(&numbers, &v));
	kfifo_skip(&numbers);
	kfifo_reset(&numbers);
	ask(kfifo_alloc(&bytes, 100, GFP_KERNEL));
	ask(kfifo_size(&bytes));
	ask(kfifo_in(&bytes, "hello", 5));
	ask(kfifo_in(&bytes, "0123456789", 10));
	ask(kfifo_out(&bytes, text, 7));
	ask_text(text);
	ask(kfifo_len(&bytes));
	ask(kfifo_esize(&bytes));
	kfifo_free(&bytes);
	ask(kfifo_initialized(&bytes));
	INIT_KFIFO(records);
	ask(kfifo_in(&records, "abc", 3));
	ask(kfifo_in(&records, "defgh", 5));
	ask(kfifo_peek_len(&records));
	memset(text, 0, sizeof(text));
	ask(kfifo_out(&records, text, 2));
	ask_text(text);
	ask(kfifo_out(&records, text, 16));
	ask(kfifo_len(&records));
}
promise(run);
