/* SPDX-License-Identifier: MIT */
/*
 * Recognisable rubbish. Addresses made of it are not canonical, so using one
 * faults at once and the fault address tells which rule was broken.
 */
#pragma once

#define POISON_POINTER_DELTA	0xdead000000000000UL

/* What list_del() leaves in a link. */
#define LIST_POISON1	((void *)(0x100 + POISON_POINTER_DELTA))
#define LIST_POISON2	((void *)(0x122 + POISON_POINTER_DELTA))

#define TIMER_ENTRY_STATIC	((void *)(0x300 + POISON_POINTER_DELTA))

/* Slab: allocated but never written, freed, and the end mark of an object. */
#define POISON_INUSE	0x5a
#define POISON_FREE	0x6b
#define POISON_END	0xa5

/* Bobbin's own: the words of an object that was freed, and the last of them. */
#define POISON_WORD	0x6b6b6b6b6b6b6b6bUL
#define POISON_LAST	0xa56b6b6b6b6b6b6bUL

#define SLUB_RED_INACTIVE	0xbb
#define SLUB_RED_ACTIVE		0xcc

/* What fills init memory after it was given back. */
#define POISON_FREE_INITMEM	0xcc
