# SPDX-License-Identifier: MIT
"""The commands, all together. Importing this package registers them with GDB."""

import gdb


class Bobbin(gdb.Command):
    """Commands that know Bobbin's threads and scheduler."""

    def __init__(self):
        super().__init__("bobbin", gdb.COMMAND_USER, gdb.COMPLETE_NONE, True)


class Command(gdb.Command):
    """One command. Its help is the docstring of the subclass; its name stands in `name`. The subclass has run(args),
    a list of words; an error is said in one line."""

    name = None

    def __init__(self):
        super().__init__(self.name, gdb.COMMAND_USER, gdb.COMPLETE_EXPRESSION)
        Command.all.append(self)

    def invoke(self, text, from_tty):
        self.run(text.split())

    all = []


def said(command):
    """What one of the commands prints, or why it cannot."""
    if command.split()[0] not in [known.name for known in Command.all]:
        return ""
    try:
        return gdb.execute(command, to_string=True)
    except gdb.error as e:
        return f"{e}\n"


def keep(command, path):
    """That in a file, if it is anything."""
    text = said(command)
    if text:
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)


def need(words, least, most, usage):
    """Complain, with the usage, unless there are that many words."""
    if not least <= len(words) <= most:
        raise gdb.GdbError("usage: " + usage)


from bobbin import back, linux, modules, show, stops, trace, unwind, waits  # noqa: E402,F401,I001


class Help(gdb.Command):
    """The commands that know Bobbin's threads and scheduler, a line each."""

    def __init__(self):
        super().__init__("bobbin help", gdb.COMMAND_USER)

    def invoke(self, text, from_tty):
        for command in sorted(Command.all, key=lambda c: c.name):
            print(f"{command.name:15} {command.__doc__.strip().splitlines()[0]}")


Bobbin()
Help()
