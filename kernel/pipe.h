/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A pipe: bytes go in at one end and come out of the other, in order, with room for PIPE_SIZE between. It has readers
 * and writers, counted; it goes with the last of them.
 */
#include <linux/types.h>

struct pipe;
#define PIPE_SIZE	4096

/* One reader, one writer. Return: NULL: no memory. Context: thread. */
struct pipe *pipe_create(void);

/* One more of a kind; one less. NULL is no pipe, and nothing is done. Context: thread. */
struct pipe *pipe_get_reader(struct pipe *p);
struct pipe *pipe_get_writer(struct pipe *p);
void pipe_put_reader(struct pipe *p);
void pipe_put_writer(struct pipe *p);

/*
 * pipe_write: all of it, waiting for room. Return: 0; -EPIPE: nobody reads; -EINTR: a signal came first.
 * pipe_read: what is there, waiting until something is. Return: bytes; 0: all writers have gone; -EINTR.
 * Context: thread, may sleep.
 */
int pipe_write(struct pipe *p, const char *s, size_t n);
ssize_t pipe_read(struct pipe *p, char *buf, size_t n);
