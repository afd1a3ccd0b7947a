/* SPDX-License-Identifier: MIT */
/*
 * The screen: VGA text as the BIOS leaves it, or a linear framebuffer as UEFI gives it, whichever boot_info names.
 * Output goes through <linux/console.h>.
 */
#pragma once

#include <linux/types.h>

/*
 * Find the screen, show the log so far, and make it a console; a machine without one goes on silently.
 * Context: boot, after paging_init() (the framebuffer is mapped by ioremap).
 */
void screen_init(void);

/* The shapes of the characters 32 to 126: FONT_HEIGHT rows of 8 pixels each, the leftmost in the highest bit. */
#define FONT_WIDTH	8
#define FONT_HEIGHT	16
#define FONT_FIRST	32
#define FONT_LAST	126

/* The 16 rows of c, or of a box where c has no shape. Context: any. */
const u8 *font_glyph(unsigned char c);
