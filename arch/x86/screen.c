/* SPDX-License-Identifier: MIT */
/*
 * The screen as a console: a small terminal, and two ways to make its characters visible.
 *
 * The terminal works on `wanted`, an array of characters in ordinary memory. Writing, scrolling and clearing touch
 * only that. After a burst of output, screen_sync() compares it with `shown`, what is on the glass, and draws the
 * cells that differ: so scrolling costs no read from the device, and a page that runs through fast is drawn once.
 *
 *	console_write, printk -> screen_write() -> wanted[][] -> screen_sync() -> VGA text cells
 *	                                                                       -> pixels, by font.c
 *
 * Of the escape sequences, those that top and a line editor need are obeyed (cursor home and moves, clearing); all
 * others are swallowed.
 *
 * On floor 3, not with the machine: it maps the framebuffer with ioremap(). Before that can be done, boot.S's tables
 * show the screen; only panic() cares (screen_init_panic()).
 *
 * No lock: kernel/console.c lets one CPU at a time in. It may be cut off anywhere by a panic on another CPU, so every
 * index is made right where it is used.
 */
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

#define MAX_COLS	240
#define MAX_ROWS	100
#define TAB		8
#define ESC		'\033'

extern char boot_pml4[];		/* boot.S's page tables */

static u8 wanted[MAX_ROWS][MAX_COLS];
static u8 shown[MAX_ROWS][MAX_COLS];
static int cols, rows;
static int cur_x, cur_y;		/* cur_x == cols: the next character wraps */
static int cursor_x, cursor_y;		/* where the cursor is shown */

/* How the glass is reached. Constant after the screen is found. */
static void (*draw_cell)(int x, int y, u8 c, bool cursor);

/* ---- VGA text: two bytes a cell, character and colour ---- */

#define VGA_TEXT	0xb8000ul
#define VGA_COLS	80
#define VGA_ROWS	25
#define VGA_GREY	0x0700
#define VGA_INVERSE	0x7000

static volatile u16 *vga;

static void vga_draw_cell(int x, int y, u8 c, bool cursor)
{
	vga[y * cols + x] = (cursor ? VGA_INVERSE : VGA_GREY) | c;
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
static u32 fb_ink;
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

static void fb_draw_cell(int x, int y, u8 c, bool cursor)
{
	const u8 *glyph = font_glyph(c);
	u32 step = fb_info->bpp == 15 ? 2 : fb_info->bpp / 8;
	u8 *line = fb + (u64)y * FONT_HEIGHT * fb_info->pitch + (u64)x * FONT_WIDTH * step;
	int i, j;

	for (i = 0; i < FONT_HEIGHT; i++, line += fb_info->pitch) {
		u8 bits = cursor ? ~glyph[i] : glyph[i];

		for (j = 0; j < FONT_WIDTH; j++)
			put_pixel(line + j * step, bits & (0x80 >> j) ? fb_ink : 0);
	}
}

/* A light grey, in the framebuffer's own arrangement of colours. */
static u32 fb_grey(void)
{
	u32 red = (0xc0u >> (8 - min_t(u32, fb_info->red_size, 8))) << fb_info->red_pos;
	u32 green = (0xc0u >> (8 - min_t(u32, fb_info->green_size, 8))) << fb_info->green_pos;
	u32 blue = (0xc0u >> (8 - min_t(u32, fb_info->blue_size, 8))) << fb_info->blue_pos;

	return red | green | blue;
}

/* ---- the terminal ---- */

static void clear_cells(int y, int from, int to)
{
	if (from < to)
		memset(&wanted[y][from], ' ', to - from);
}

static void scroll(void)
{
	memmove(wanted[0], wanted[1], sizeof(wanted[0]) * (rows - 1));
	clear_cells(rows - 1, 0, cols);
}

static void new_line(void)
{
	cur_x = 0;
	if (cur_y < rows - 1)
		cur_y++;
	else
		scroll();
}

static void put_char(u8 c)
{
	if (cur_x >= cols)
		new_line();
	wanted[cur_y][cur_x++] = c;
}

static void clear_below(void)
{
	int y;

	clear_cells(cur_y, cur_x, cols);
	for (y = cur_y + 1; y < rows; y++)
		clear_cells(y, 0, cols);
}

static void clear_all(void)
{
	int y;

	for (y = 0; y < rows; y++)
		clear_cells(y, 0, cols);
}

/* ESC [ a ; b final */
static void obey_escape(u8 final, int a, int b)
{
	switch (final) {
	case 'H':
		cur_y = clamp(a - 1, 0, rows - 1);
		cur_x = clamp(b - 1, 0, cols - 1);
		break;
	case 'J':
		if (a == 2)
			clear_all();
		else
			clear_below();
		break;
	case 'K':
		clear_cells(cur_y, a == 2 ? 0 : cur_x, cols);
		break;
	case 'A':
		cur_y = clamp(cur_y - max(a, 1), 0, rows - 1);
		break;
	case 'B':
		cur_y = clamp(cur_y + max(a, 1), 0, rows - 1);
		break;
	case 'C':
		cur_x = clamp(cur_x + max(a, 1), 0, cols - 1);
		break;
	case 'D':
		cur_x = clamp(cur_x - max(a, 1), 0, cols - 1);
		break;
	}
}

/* Swallows the bytes of an escape sequence. Return: false for an ordinary character. */
static bool take_escape(u8 c)
{
	static enum { PLAIN, AFTER_ESC, IN_SEQUENCE } state;
	static int arg[2], nr;

	switch (state) {
	case PLAIN:
		if (c != ESC)
			return false;
		state = AFTER_ESC;
		return true;
	case AFTER_ESC:
		state = c == '[' ? IN_SEQUENCE : PLAIN;
		arg[0] = arg[1] = nr = 0;
		return true;
	case IN_SEQUENCE:
		if (c >= '0' && c <= '9') {
			arg[nr] = min(arg[nr] * 10 + c - '0', 1000);
		} else if (c == ';') {
			nr = 1;
		} else if (c >= 0x40) {
			state = PLAIN;
			obey_escape(c, arg[0], arg[1]);
		}
		return true;
	}
	return false;
}

static void screen_put(u8 c)
{
	if (take_escape(c))
		return;
	switch (c) {
	case '\n':
		new_line();
		break;
	case '\r':
		cur_x = 0;
		break;
	case '\b':
		cur_x = clamp(cur_x - 1, 0, cols - 1);
		break;
	case '\t':
		cur_x = min(cur_x / TAB * TAB + TAB, cols - 1);
		break;
	default:
		if (c >= ' ')
			put_char(c);
	}
}

static void screen_write(struct console *con, const char *s, unsigned int n)
{
	for (; n; n--)
		screen_put(*s++);
}

/* ---- from wanted to shown ---- */

static void show_cell(int x, int y, bool cursor)
{
	shown[y][x] = wanted[y][x];
	draw_cell(x, y, wanted[y][x], cursor);
}

static void screen_sync(struct console *con)
{
	int x, y, new_x = min(cur_x, cols - 1);

	for (y = 0; y < rows; y++) {
		if (!memcmp(wanted[y], shown[y], cols))
			continue;
		for (x = 0; x < cols; x++)
			if (wanted[y][x] != shown[y][x])
				show_cell(x, y, false);
	}
	if (cursor_x != new_x || cursor_y != cur_y)
		show_cell(cursor_x, cursor_y, false);
	cursor_x = new_x;
	cursor_y = cur_y;
	show_cell(cursor_x, cursor_y, true);
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
	cols = min_t(u32, fb_info->width / FONT_WIDTH, MAX_COLS);
	rows = min_t(u32, fb_info->height / FONT_HEIGHT, MAX_ROWS);
	fb_ink = fb_grey();
	memset(fb, 0, (size_t)fb_info->pitch * fb_info->height);
	draw_cell = fb_draw_cell;
	return cols && rows;
}

static bool find_vga_text(void)
{
	const struct boot_fb *text = &boot_info.fb;
	bool told = text->type == BOOT_FB_TEXT && text->width && text->height;

	cols = told ? min_t(u32, text->width, MAX_COLS) : VGA_COLS;
	rows = told ? min_t(u32, text->height, MAX_ROWS) : VGA_ROWS;
	vga = map_device(VGA_TEXT, cols * rows * sizeof(*vga));
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
	memset(wanted, ' ', sizeof(wanted));
	memset(shown, 0, sizeof(shown));	/* unlike any character: everything is drawn */
	register_console(&screen_console);
}

void screen_init_panic(void)
{
	if (!draw_cell && read_cr3() == __pa_symbol(boot_pml4))
		screen_init();
}
