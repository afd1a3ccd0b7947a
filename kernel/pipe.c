/* SPDX-License-Identifier: MIT */
/*
 * Pipes, for the shell: a ring between threads that waits on both sides.
 *
 * `in` and `out` count bytes and only grow; their difference is what the ring holds. A writer with no room waits, a
 * reader with nothing to read too, each until the other has done something or has gone: the last writer's leaving is
 * the end of the text, and the last reader's tells the writers not to go on.
 *
 * Locking: p->lock for everything. A copy is at most PIPE_SIZE bytes, short enough for a spinlock.
 * Read next: shell_job.c.
 */
#include "pipe.h"
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/wait.h>

struct pipe {
	spinlock_t		lock;
	wait_queue_head_t	wait;		/* for any change */
	unsigned int		readers, writers;
	unsigned int		in, out;
	char			ring[PIPE_SIZE];
};

struct pipe *pipe_create(void)
{
	struct pipe *p = kzalloc(sizeof(*p), GFP_KERNEL);

	if (!p)
		return NULL;
	spin_lock_init(&p->lock);
	init_waitqueue_head(&p->wait);
	p->readers = p->writers = 1;
	return p;
}

static void change(struct pipe *p, int readers, int writers)
{
	bool last;

	if (!p)
		return;
	spin_lock(&p->lock);
	p->readers += readers;
	p->writers += writers;
	last = !p->readers && !p->writers;
	/* Under the lock: after it, somebody else may free p. */
	if (!last)
		wake_up_all(&p->wait);
	spin_unlock(&p->lock);
	if (last)
		kfree(p);
}

struct pipe *pipe_get_reader(struct pipe *p)
{
	change(p, 1, 0);
	return p;
}

struct pipe *pipe_get_writer(struct pipe *p)
{
	change(p, 0, 1);
	return p;
}

void pipe_put_reader(struct pipe *p)
{
	change(p, -1, 0);
}

void pipe_put_writer(struct pipe *p)
{
	change(p, 0, -1);
}

/* As much of it as there is room for. */
static size_t put_some(struct pipe *p, const char *s, size_t n)
{
	size_t at, part;

	spin_lock(&p->lock);
	n = min_t(size_t, n, PIPE_SIZE - (p->in - p->out));
	at = p->in % PIPE_SIZE;
	part = min_t(size_t, n, PIPE_SIZE - at);
	memcpy(p->ring + at, s, part);
	memcpy(p->ring, s + part, n - part);
	p->in += n;
	spin_unlock(&p->lock);
	return n;
}

static size_t take_some(struct pipe *p, char *buf, size_t n)
{
	size_t at, part;

	spin_lock(&p->lock);
	n = min_t(size_t, n, p->in - p->out);
	at = p->out % PIPE_SIZE;
	part = min_t(size_t, n, PIPE_SIZE - at);
	memcpy(buf, p->ring + at, part);
	memcpy(buf + part, p->ring, n - part);
	p->out += n;
	spin_unlock(&p->lock);
	return n;
}

static bool can_write(struct pipe *p)
{
	return READ_ONCE(p->in) - READ_ONCE(p->out) < PIPE_SIZE || !READ_ONCE(p->readers);
}

static bool can_read(struct pipe *p)
{
	return READ_ONCE(p->in) != READ_ONCE(p->out) || !READ_ONCE(p->writers);
}

int pipe_write(struct pipe *p, const char *s, size_t n)
{
	while (n) {
		size_t done;

		if (wait_event_interruptible(p->wait, can_write(p)))
			return -EINTR;
		if (!READ_ONCE(p->readers))
			return -EPIPE;
		done = put_some(p, s, n);
		wake_up_all(&p->wait);
		s += done;
		n -= done;
	}
	return 0;
}

ssize_t pipe_read(struct pipe *p, char *buf, size_t n)
{
	size_t done;
	bool last;

	do {
		if (wait_event_interruptible(p->wait, can_read(p)))
			return -EINTR;
		last = !READ_ONCE(p->writers);	/* before the look: what they wrote, they wrote before they went */
		done = take_some(p, buf, n);
	} while (!done && !last);
	wake_up_all(&p->wait);
	return done;
}
