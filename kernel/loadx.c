/* SPDX-License-Identifier: MIT */
/*
 * loadx: a module's file over the second serial line, into the running kernel.
 *
 * tools/loadx, on the host, sends frames and waits for the answer to each before the next one; a frame that was lost or
 * damaged is sent again.
 *
 *	B X type number length(2) data crc(4)		numbers: the low byte first. The crc is of type to data
 *
 *	host		S  size(4) crc(4) name		this is what comes
 *			D  a piece of it		in order; at most MAX_DATA bytes
 *			E				that was all
 *	Bobbin		A				frame `number` has come
 *			N				something came that was no frame: again, please
 *			R  text				the file is refused, and why
 *
 * A frame with the number of the one before is one whose answer was lost: it is answered again, and forgotten. When all
 * is there and the crc of the whole is right, the file joins those that came with the boot, and insmod finds it.
 *
 * The port is listened to only while the command runs, so nothing of this exists otherwise. Its interrupt fills a ring,
 * which the command's thread empties. Locking: receiver, one at a time.
 * Read next: bootfiles.c, tools/loadx.
 */
#include "bootfiles.h"
#include "shell.h"
#include <asm/serial.h>
#include <linux/console.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#include <asm/unaligned.h>

#define MAX_DATA	1024
#define MAX_NAME	64
#define MAX_FILE	(16ul << 20)

struct frame {
	u8	type, number;
	u16	len;
	u8	data[MAX_DATA + 1];
};

struct transfer {
	char	name[MAX_NAME];
	u8	*file;			/* vmalloc */
	size_t	size, got;
	u32	crc;
	int	last;			/* number of the frame before; -1: there was none */
};

static u32 crc32(u32 crc, const u8 *s, size_t n)
{
	while (n--) {
		crc ^= *s++;
		for (int i = 0; i < 8; i++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return crc;
}

/* ---- frames ---- */

static void answer(u8 type, u8 number, const char *text)
{
	u8 out[6 + 128 + 4] = { 'B', 'X', type, number };
	size_t n = min_t(size_t, strlen(text), 128);

	put_unaligned_le16(n, out + 4);
	memcpy(out + 6, text, n);
	put_unaligned_le32(~crc32(~0u, out + 2, 4 + n), out + 6 + n);
	serial2_write(out, 10 + n);
}

static int get_bytes(u8 *buf, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int c = serial2_getc();

		if (c < 0)
			return c;
		buf[i] = c;
	}
	return 0;
}

/* Return: 0; -EBADMSG: what came was none; -EINTR. */
static int get_frame(struct frame *f)
{
	u8 head[4], crc[4];
	int err, c = 0;

	do {
		while (c != 'B')
			if ((c = serial2_getc()) < 0)
				return c;
		c = serial2_getc();
		if (c < 0)
			return c;
	} while (c != 'X');
	err = get_bytes(head, sizeof(head));
	if (err)
		return err;
	f->type = head[0];
	f->number = head[1];
	f->len = get_unaligned_le16(head + 2);
	if (f->len > MAX_DATA)
		return -EBADMSG;
	err = get_bytes(f->data, f->len) ?: get_bytes(crc, sizeof(crc));
	if (err)
		return err;
	f->data[f->len] = '\0';
	return ~crc32(crc32(~0u, head, sizeof(head)), f->data, f->len) == get_unaligned_le32(crc) ? 0 : -EBADMSG;
}

/* ---- a file ---- */

/* Return: why not, or NULL. */
static const char *take_start(struct transfer *t, const struct frame *f)
{
	if (f->len < 9 || f->len - 8 >= MAX_NAME || strchr((const char *)f->data + 8, '/'))
		return "the name is missing, too long, or has folders in it";
	vfree(t->file);
	t->size = get_unaligned_le32(f->data);
	t->crc = get_unaligned_le32(f->data + 4);
	t->got = 0;
	strscpy(t->name, (const char *)f->data + 8, sizeof(t->name));
	t->file = t->size && t->size <= MAX_FILE ? vmalloc(t->size) : NULL;
	return t->file ? NULL : "it is empty, longer than 16 MiB, or there is no memory for it";
}

static const char *take_data(struct transfer *t, const struct frame *f)
{
	if (!t->file || f->len > t->size - t->got)
		return "more came than was announced";
	memcpy(t->file + t->got, f->data, f->len);
	t->got += f->len;
	return NULL;
}

static const char *take_end(struct transfer *t)
{
	if (!t->file || t->got != t->size)
		return "less came than was announced";
	if (~crc32(~0u, t->file, t->size) != t->crc)
		return "its checksum is wrong";
	if (boot_file_add(t->name, t->file, t->size))
		return "there is no memory for its name";
	t->file = NULL;		/* it is the list's now */
	return NULL;
}

/* Return: true: nothing more is to come. */
static bool take_frame(struct transfer *t, const struct frame *f, int *err)
{
	const char *why = NULL;

	if (f->number == t->last) {
		answer('A', f->number, "");
		return false;
	}
	if (f->type == 'S')
		why = take_start(t, f);
	else if (f->type == 'D')
		why = take_data(t, f);
	else if (f->type == 'E')
		why = take_end(t);
	else
		why = "that kind of frame is not known; are tools/loadx and Bobbin of the same age?";
	t->last = f->number;
	if (why) {
		answer('R', f->number, why);
		console_printf("loadx: refused: %s\n", why);
		*err = -EINVAL;
		return true;
	}
	answer('A', f->number, "");
	return f->type == 'E';
}

static int receive(struct transfer *t, struct frame *f)
{
	bool done = false;
	int err = 0;

	while (!done && !err) {
		err = get_frame(f);
		if (err == -EBADMSG) {
			answer('N', 0, "");
			err = 0;
		} else if (!err) {
			done = take_frame(t, f, &err);
		}
	}
	return err;
}

static int run_loadx(int argc, char **argv)
{
	static DEFINE_MUTEX(receiver);
	static struct frame frame;	/* receiver */
	struct transfer t = { .last = -1 };
	int err;

	if (!mutex_trylock(&receiver)) {
		console_printf("loadx: another one is waiting already (ps -C loadx)\n");
		return -EBUSY;
	}
	err = serial2_open();
	if (err) {
		console_printf("loadx: there is no second serial line (make run has one: %pe)\n", ERR_PTR(err));
	} else {
		console_printf("loadx: waiting for: tools/loadx MODULE.ko\n");
		err = receive(&t, &frame);
		serial2_close();
	}
	if (!err)
		console_printf("loadx: %s, %zu bytes; insmod finds it\n", t.name, t.size);
	vfree(t.file);
	mutex_unlock(&receiver);
	return err;
}

SHELL_COMMAND(loadx, run_loadx, "", "take a module from the host, by serial line 2",
	"  Then, on the host: tools/loadx hello.ko. What is loaded so is there until the next boot; a file of the\n"
	"  same name is replaced for the next insmod. Example: loadx && insmod hello", .group = "modules");
