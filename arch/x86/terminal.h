/* SPDX-License-Identifier: MIT */
#pragma once
/* Private to the screen: the terminal that it shows. By the holder of the console only. */
#include <linux/types.h>

#define TERM_MAX_COLS	240
#define TERM_MAX_ROWS	100

/* A cell as a VGA card has it: the character, above it the colour of the ink (4 bits) and of the paper. */
struct terminal {
	u16	cells[TERM_MAX_ROWS][TERM_MAX_COLS];
	int	cols, rows;		/* constant once the screen is found */
	int	x, y;			/* the cursor; x == cols: the next character begins a row */
	bool	cursor_hidden;
};
extern struct terminal term;

/* All empty, in grey on black, the cursor at the top. */
void terminal_reset(void);

/* One byte of output: a character, a control character or a part of an escape sequence. */
void terminal_put(u8 c);

/* The cell with ink and paper exchanged. */
static inline u16 term_reverse(u16 cell)
{
	return (cell & 0xff) | (cell & 0xf00) << 4 | (cell >> 4 & 0xf00);
}
