/* SPDX-License-Identifier: MIT */
/*
 * The screen as a console: two ways to make a terminal's characters visible.
 *
 * The terminal (terminal.c) is an array of cells in ordinary memory, on which writing, scrolling and clearing work.
 * After a burst of output, screen_sync() compares it with `shown`, what is on the glass, and draws the cells that
 * differ: so scrolling costs no read from the device, and a page that runs through fast is drawn once.
 *
 *	console_write, printk -> terminal_put() -> term.cells -> screen_sync() -> VGA text cells
 *	                                                                       -> pixels, by font.c
 *
 * On floor 3, not with the machine: it maps the framebuffer with ioremap(). Before that can be done, boot.S's tables
 * show the screen; only panic() cares (screen_init_panic()).
 *
 * No lock: kernel/console.c lets one CPU at a time in. It may be cut off anywhere by a panic on another CPU, so every
 * index is made right where it is used.
 */
#include "terminal.h"
#include <asm/screen.h>
#include <asm/boot_info.h>
#include <asm/io.h>
#include <asm/page.h>
#include <asm/processor.h>
#include <linux/console.h>
#include <linux/io.h>
#include <linux/minmax.h>
#include <linux/printk.h>
#include <linux/string.h>
#include <linux/upcall.h>

extern char boot_pml4[];		/* boot.S's page tables */

static u16 shown[TERM_MAX_ROWS][TERM_MAX_COLS];
static int cursor_x, cursor_y;		/* where the cursor is shown */

/* How the glass is reached. Constant after the screen is found. */
static void (*draw_cell)(int x, int y, u16 cell, bool cursor);

/* ---- VGA text: two bytes a cell, character and colour ---- */

#define VGA_TEXT	0xb8000ul
#define VGA_COLS	80
#define VGA_ROWS	25

static volatile u16 *vga;

/* A cell is what the card wants already. The cursor has the colours the other way round. */
static void vga_draw_cell(int x, int y, u16 cell, bool cursor)
{
	vga[y * term.cols + x] = cursor ? term_reverse(cell) : cell;
}

/* Is there memory of a screen? Without a VGA card nothing keeps what is written. */
static bool vga_answers(void)
{
	u16 before = vga[0];
	bool ok;

	vga[0] = 0x55aa;
	ok = vga[0] == 0x55aa;
	vga[0] = 0xaa55;
	ok = ok && vga[0] == 0xaa55;
	vga[0] = before;
	return ok;
}

/* The card's own cursor would blink at a place of its own: off. */
static void vga_hide_cursor(void)
{
	outb(0x0a, 0x3d4);
	outb(0x20, 0x3d5);
}

/* ---- framebuffer: pixels ---- */

static u8 *fb;
static u32 fb_colors[16];
static const struct boot_fb *fb_info;

static void put_pixel(u8 *at, u32 color)
{
	switch (fb_info->bpp) {
	case 32:
		*(volatile u32 *)at = color;
		break;
	case 24:
		at[2] = color >> 16;
		at[1] = color >> 8;
		at[0] = color;
		break;
	default:
		*(volatile u16 *)at = color;
	}
}

static void fb_draw_cell(int x, int y, u16 cell, bool cursor)
{
	u16 seen = cursor ? term_reverse(cell) : cell;
	u32 ink = fb_colors[seen >> 8 & 0xf], paper = fb_colors[seen >> 12];
	const u8 *glyph = font_glyph(cell & 0xff);
	u32 step = fb_info->bpp == 15 ? 2 : fb_info->bpp / 8;
	u8 *line = fb + (u64)y * FONT_HEIGHT * fb_info->pitch + (u64)x * FONT_WIDTH * step;

	for (int i = 0; i < FONT_HEIGHT; i++, line += fb_info->pitch)
		for (int j = 0; j < FONT_WIDTH; j++)
			put_pixel(line + j * step, glyph[i] & (0x80 >> j) ? ink : paper);
}

/* So much of one primary colour, 0 to 255, in the framebuffer's own arrangement. */
static u32 fb_part(u32 much, u8 size, u8 pos)
{
	return (much >> (8 - min_t(u32, size, 8))) << pos;
}

/* The card's sixteen: bit 0 blue, 1 green, 2 red, 3 bright. */
static void fb_mix_colors(void)
{
	for (int i = 0; i < 16; i++) {
		u32 base = i & 8 ? 0x55 : 0, full = i & 8 ? 0xff : 0xc0;

		fb_colors[i] = fb_part(i & 4 ? full : base, fb_info->red_size, fb_info->red_pos) |
			       fb_part(i & 2 ? full : base, fb_info->green_size, fb_info->green_pos) |
			       fb_part(i & 1 ? full : base, fb_info->blue_size, fb_info->blue_pos);
	}
}

static void screen_write(struct console *con, const char *s, unsigned int n)
{
	for (; n; n--)
		terminal_put(*s++);
}

/* ---- from the cells to the glass ---- */

static void show_cell(int x, int y, bool cursor)
{
	shown[y][x] = term.cells[y][x];
	draw_cell(x, y, shown[y][x], cursor);
}

static void screen_sync(struct console *con)
{
	int x, y, new_x = min(term.x, term.cols - 1);

	for (y = 0; y < term.rows; y++) {
		if (!memcmp(term.cells[y], shown[y], term.cols * sizeof(shown[y][0])))
			continue;
		for (x = 0; x < term.cols; x++)
			if (term.cells[y][x] != shown[y][x])
				show_cell(x, y, false);
	}
	if (cursor_x != new_x || cursor_y != term.y)
		show_cell(cursor_x, cursor_y, false);
	cursor_x = new_x;
	cursor_y = term.y;
	show_cell(cursor_x, cursor_y, !term.cursor_hidden);
}

static struct console screen_console = {
	.name = "tty0",
	.write = screen_write,
	.sync = screen_sync,
	.flags = CON_PRINTBUFFER,
};

/* ---- finding it ---- */

/* Make a device's memory visible, whichever page tables are in force. */
static void *map_device(phys_addr_t phys, size_t size)
{
	if (read_cr3() != __pa_symbol(boot_pml4))
		return ioremap_wc(phys, size);
	return phys + size <= 1ull << 32 ? (void *)(PAGE_OFFSET + phys) : NULL;
}

static bool find_framebuffer(void)
{
	fb_info = &boot_info.fb;
	if (fb_info->bpp != 32 && fb_info->bpp != 24 && fb_info->bpp != 16 && fb_info->bpp != 15)
		return false;
	fb = map_device(fb_info->phys, (size_t)fb_info->pitch * fb_info->height);
	if (!fb)
		return false;
	term.cols = min_t(u32, fb_info->width / FONT_WIDTH, TERM_MAX_COLS);
	term.rows = min_t(u32, fb_info->height / FONT_HEIGHT, TERM_MAX_ROWS);
	fb_mix_colors();
	memset(fb, 0, (size_t)fb_info->pitch * fb_info->height);
	draw_cell = fb_draw_cell;
	return term.cols && term.rows;
}

static bool find_vga_text(void)
{
	const struct boot_fb *text = &boot_info.fb;
	bool told = text->type == BOOT_FB_TEXT && text->width && text->height;

	term.cols = told ? min_t(u32, text->width, TERM_MAX_COLS) : VGA_COLS;
	term.rows = told ? min_t(u32, text->height, TERM_MAX_ROWS) : VGA_ROWS;
	vga = map_device(VGA_TEXT, term.cols * term.rows * sizeof(*vga));
	if (!vga || !vga_answers())
		return false;
	vga_hide_cursor();
	draw_cell = vga_draw_cell;
	return true;
}

void screen_init(void)
{
	bool found = boot_info.fb.type == BOOT_FB_RGB ? find_framebuffer() : find_vga_text();

	if (!found) {
		draw_cell = NULL;
		return;
	}
	terminal_reset();
	memset(shown, 0, sizeof(shown));	/* unlike any character: everything is drawn */
	register_console(&screen_console);
}

void screen_init_panic(void)
{
	if (!draw_cell && read_cr3() == __pa_symbol(boot_pml4))
		screen_init();
}
