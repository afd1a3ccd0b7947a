# SPDX-License-Identifier: MIT
"""Curves as SVG, for docs/: panels side by side, the x axis logarithmic, y from zero. Reads well in grey, too: every
curve is named at its right end, not in a legend."""

import html
import math

WIDTH, HEIGHT = 470, 330            # of a panel
LEFT, RIGHT, TOP, BOTTOM = 62, 108, 46, 46
COLOURS = ["#1f5fa8", "#b5482a", "#2f7d4f", "#7a4fa0", "#8a6d1d", "#444444"]


def short(n):
    """12000 -> 12k: for ticks."""
    for limit, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if n >= limit:
            text = f"{n / limit:.1f}".rstrip("0").rstrip(".")
            return text + letter
    return f"{n:g}"


def nice_step(top):
    """The distance of ticks: 1, 2 or 5 times a power of ten, some five of them up to top."""
    raw = top / 5
    power = 10 ** math.floor(math.log10(raw))
    return next(m * power for m in (1, 2, 5, 10) if m * power >= raw)


def text(x, y, s, anchor="middle", size=12, colour="#222", more=""):
    return (f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" fill="{colour}" {more}>'
            f"{html.escape(s)}</text>")


def line(x1, y1, x2, y2, colour="#ddd"):
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"/>'


def spread(labels, gap=14):
    """Names at the right end, moved apart where they would lie on each other: [(y, ...)] in order of y."""
    placed = []
    for y, *rest in sorted(labels):
        placed.append((max(y, placed[-1][0] + gap) if placed else y, *rest))
    return placed


class Panel:
    """One pair of axes. curves: [(name, [(x, y), ...])]; ticks: where x is labelled."""

    def __init__(self, title, xlabel, ylabel, ticks, curves):
        self.title, self.xlabel, self.ylabel, self.ticks, self.curves = title, xlabel, ylabel, ticks, curves
        self.step = nice_step(max(y for _, points in curves for _, y in points))
        self.top = self.step * math.ceil(max(y for _, points in curves for _, y in points) / self.step)
        self.first, self.last = math.log(min(ticks)), math.log(max(ticks))

    def x(self, value):
        part = (math.log(value) - self.first) / (self.last - self.first)
        return LEFT + part * (WIDTH - LEFT - RIGHT)

    def y(self, value):
        return HEIGHT - BOTTOM - value / self.top * (HEIGHT - TOP - BOTTOM)

    def axes(self):
        yield text(LEFT, 22, self.title, "start", 14, more='font-weight="bold"')
        yield text(LEFT, 38, self.ylabel, "start", 11, "#555")
        for i in range(round(self.top / self.step) + 1):
            y = self.y(i * self.step)
            yield line(LEFT, y, WIDTH - RIGHT, y)
            yield text(LEFT - 8, y + 4, short(i * self.step), "end", 11)
        for tick in self.ticks:
            yield line(self.x(tick), self.y(0), self.x(tick), self.y(0) + 5, "#888")
            yield text(self.x(tick), self.y(0) + 18, short(tick), size=11)
        yield text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, self.xlabel, size=12)

    def draw(self):
        yield from self.axes()
        labels = []
        for (name, points), colour in zip(self.curves, COLOURS):
            path = " ".join(f"{self.x(x):.1f},{self.y(y):.1f}" for x, y in points)
            yield f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'
            for x, y in points:
                yield f'<circle cx="{self.x(x):.1f}" cy="{self.y(y):.1f}" r="3" fill="{colour}"/>'
            labels.append((self.y(points[-1][1]), name, colour))
        for y, name, colour in spread(labels):
            yield text(WIDTH - RIGHT + 10, y + 4, name, "start", 12, colour)


def write(path, panels, columns=2):
    rows = math.ceil(len(panels) / columns)
    width, height = WIDTH * min(columns, len(panels)), HEIGHT * rows
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
           f'height="{height}" font-family="sans-serif">', f'<rect width="{width}" height="{height}" fill="white"/>']
    for i, panel in enumerate(panels):
        out.append(f'<g transform="translate({i % columns * WIDTH},{i // columns * HEIGHT})">')
        out.extend(panel.draw())
        out.append("</g>")
    with open(path, "w", encoding="utf-8") as f:
        f.write("\n".join(out + ["</svg>"]) + "\n")
