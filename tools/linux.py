# SPDX-License-Identifier: MIT
"""Debian's Linux 6.1, for comparison: fetched as packages, unpacked into a cache, nothing of it installed.

    linux = Linux()             raises Unavailable, with the reason in a sentence
    linux.build(folder)         compiles the modules of a folder against its headers
    linux.boot(files, script, log)   runs a shell script under it in QEMU

The cache is .cache/linux (BOBBIN_CACHE names another folder); `make clean` leaves it alone. What is fetched: the kernel
of the -cloud- flavour, its headers, busybox for a user space, kmod for insmod and procps for ps, with their libraries.
"""

import os
import re
import shutil
import subprocess
import threading

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CACHE = os.environ.get("BOBBIN_CACHE") or f"{TOP}/.cache/linux"

META = "linux-image-cloud-amd64"
USER = ("busybox-static procps libproc2-0 libsystemd0 libcap2 libgcrypt20 libgpg-error0 liblzma5 libzstd1 liblz4-1 "
        "libc6 kmod libkmod2 libssl3").split()
TOOLS = "linux-kbuild-6.1 libelf1 zlib1g".split()    # what compiles the modules, and its libraries
PROGRAMS = ("busybox", "ps", "kmod")
LOADER = "lib64/ld-linux-x86-64.so.2"

# preempt=full: Debian's kernel can be preempted like Bobbin. The rest keeps a slow, busy host out of the log.
COMMAND_LINE = ("console=ttyS0 ignore_loglevel printk.devkmsg=on preempt=full mitigations=off panic=-1 "
                "rcupdate.rcu_cpu_stall_suppress=1 nowatchdog no_timer_check tsc=reliable clocksource=tsc "
                "random.trust_cpu=on")


class Unavailable(Exception):
    """There is no Linux to compare with; says why."""


def _run(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


class _Apt:
    """apt with the host's lists of packages, or with lists of our own: those need no root and are never too old."""

    def __init__(self, cache=None):
        self.options = ["-q", "-o", "APT::Sandbox::User=root"]
        if cache:
            for folder in ("lists/partial", "archives/partial"):
                os.makedirs(f"{cache}/apt/{folder}", exist_ok=True)
            self.options += ["-o", f"Dir::State::lists={cache}/apt/lists", "-o", f"Dir::Cache={cache}/apt"]
            _run("apt-get", *self.options, "update", timeout=300)

    def depends(self, package):
        return _run("apt-cache", *self.options, "depends", package).stdout

    def download(self, packages, folder):
        return _run("apt-get", *self.options, "download", *packages, cwd=folder, timeout=600)


def _packages(apt):
    found = re.search(r"Depends: linux-image-(6\.1\.\S+)-cloud-amd64\b", apt.depends(META))
    if not found:
        return None, []
    abi = found.group(1)
    return abi, [f"linux-image-{abi}-cloud-amd64", f"linux-headers-{abi}-cloud-amd64", f"linux-headers-{abi}-common",
                 *TOOLS, *USER]


def _fetch(cache):
    """Downloads and unpacks everything into cache/new. Returns its ABI's name."""
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        raise Unavailable("there is no apt-get or no dpkg-deb here")
    if os.environ.get("NO_INSTALL"):
        raise Unavailable("NO_INSTALL is set, and Linux is not in the cache yet")
    why = ""
    debs = f"{cache}/debs"
    for own in (None, cache):
        apt = _Apt(own)
        abi, packages = _packages(apt)
        if not abi:
            why = f"apt knows no {META} of 6.1"
            continue
        shutil.rmtree(debs, ignore_errors=True)
        os.makedirs(debs)
        done = apt.download(packages, debs)
        if done.returncode == 0:
            return abi, debs
        why = "apt-get download: " + (done.stderr.strip().splitlines() or ["failed"])[-1]
    raise Unavailable(why)


def _unpack(abi, debs, to):
    shutil.rmtree(to, ignore_errors=True)
    os.makedirs(to)
    for deb in sorted(os.listdir(debs)):
        only = "./boot" if deb.startswith("linux-image") else "."    # its thousands of modules are not needed
        with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", f"{debs}/{deb}"], stdout=subprocess.PIPE) as tar:
            if subprocess.run(["tar", "-x", "-C", to, only], stdin=tar.stdout, check=False).returncode:
                raise Unavailable(f"{deb} cannot be unpacked")
    # Where it was to be installed is written into it.
    with open(f"{to}/usr/src/linux-headers-{abi}-cloud-amd64/Makefile", "w", encoding="utf-8") as f:
        f.write(f"include $(dir $(lastword $(MAKEFILE_LIST)))../linux-headers-{abi}-common/Makefile\n")
    with open(f"{to}/contents", "w", encoding="utf-8") as f:
        f.write(" ".join([abi, *TOOLS, *USER]))


def _cpio(path, entries):
    """An archive ("newc") of (name, mode, contents)."""
    with open(path, "wb") as out:
        for name, mode, data in [*entries, ("TRAILER!!!", 0, b"")]:
            raw = name.encode() + b"\0"
            head = b"070701" + b"".join(b"%08x" % n for n in (0, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(raw), 0))
            out.write(head + raw + b"\0" * (-len(head + raw) % 4) + data + b"\0" * (-len(data) % 4))


class Linux:
    """Debian's kernel, its headers and a small user space, in the cache."""

    def __init__(self, cache=CACHE):
        self.root = f"{cache}/root"
        if self._contents()[1:] != [*TOOLS, *USER]:
            os.makedirs(cache, exist_ok=True)
            try:
                abi, debs = _fetch(cache)
            except subprocess.TimeoutExpired as e:
                raise Unavailable("apt-get did not come to an end") from e
            _unpack(abi, debs, f"{cache}/new")
            shutil.rmtree(self.root, ignore_errors=True)
            os.rename(f"{cache}/new", self.root)
            for folder in ("debs", "apt"):
                shutil.rmtree(f"{cache}/{folder}", ignore_errors=True)
        self.abi = self._contents()[0]
        self.headers = f"{self.root}/usr/src/linux-headers-{self.abi}-cloud-amd64"
        self.libraries = [f"{self.root}/usr/lib/x86_64-linux-gnu", f"{self.root}/lib/x86_64-linux-gnu"]

    def _contents(self):
        """The ABI's name and the packages beside it, as they were unpacked; nothing yet: an empty list."""
        try:
            with open(f"{self.root}/contents", encoding="utf-8") as f:
                return f.read().split()
        except FileNotFoundError:
            return []

    def build(self, folder, jobs):
        """make -C headers M=folder modules. Returns a CompletedProcess."""
        compiler = next((c for c in ("gcc-12", "x86_64-linux-gnu-gcc-12", "gcc") if shutil.which(c)), "gcc")
        env = {k: v for k, v in os.environ.items() if k not in
               ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "M", "O", "V", "CC", "CROSS_COMPILE", "KASAN", "UBSAN")}
        if subprocess.run(["ldd", f"{self.root}/usr/lib/linux-kbuild-6.1/tools/objtool/objtool"], check=False,
                          capture_output=True, text=True).stdout.find("not found") >= 0:
            env["LD_LIBRARY_PATH"] = ":".join(self.libraries)
        return _run("make", f"-j{jobs}", "-C", self.headers, f"M={os.path.abspath(folder)}", f"CC={compiler}",
                    "CONFIG_DEBUG_INFO_BTF_MODULES=", "modules", env=env)

    def _library(self, name):
        for folder in self.libraries:
            if os.path.exists(f"{folder}/{name}"):
                return os.path.realpath(f"{folder}/{name}")
        raise Unavailable(f"the library {name} was not among the packages")

    def _user_space(self):
        """(name, mode, contents) of the programs and of the libraries that they are linked to."""
        files = {LOADER: self._library(os.path.basename(LOADER))}
        for name in PROGRAMS:
            files[f"bin/{name}"] = next((p for p in (f"{self.root}/bin/{name}", f"{self.root}/usr/bin/{name}")
                                         if os.path.exists(p)), None)
            if not files[f"bin/{name}"]:
                raise Unavailable(f"the program {name} was not among the packages")
        todo = list(files.values())[1:]
        while todo:
            for name in re.findall(r"\(NEEDED\).*\[(.*)\]", _run("readelf", "-d", todo.pop()).stdout):
                if f"lib/{name}" not in files:
                    files[f"lib/{name}"] = self._library(name)
                    todo.append(files[f"lib/{name}"])
        for name, path in files.items():
            with open(path, "rb") as f:
                yield name, 0o100755, f.read()

    def boot(self, files, script, name, smp=4, mem="512M", command_line=COMMAND_LINE, extra=(), limit=900):
        """Runs script as /init. Its output is on the second serial line, the kernel's log on the first.

        files: paths, which appear in /m. name: where the archive and both texts are put, as name.cpio, .log, .out.
        extra: more options of QEMU.
        Returns (log, output, whether the machine came to its end).
        """
        entries = [(d, 0o40755, b"") for d in ("bin", "dev", "lib", "lib64", "m", "proc", "sys")]
        entries += self._user_space()
        for path in files:
            with open(path, "rb") as f:
                entries.append((f"m/{os.path.basename(path)}", 0o100644, f.read()))
        entries.append(("init", 0o100755, script.encode()))
        _cpio(f"{name}.cpio", entries)
        for end in ("log", "out"):
            open(f"{name}.{end}", "w", encoding="utf-8").close()
        vmlinuz = f"{self.root}/boot/vmlinuz-{self.abi}-cloud-amd64"
        qemu = subprocess.Popen(
            [os.environ.get("QEMU", "qemu-system-x86_64"), "-accel", "tcg", "-cpu", "max", "-smp", str(smp),
             "-m", mem, "-nodefaults", "-no-reboot", "-display", "none", "-serial", f"file:{name}.log", "-serial",
             f"file:{name}.out", "-kernel", vmlinuz, "-initrd", f"{name}.cpio", "-append", command_line, *extra],
            stdin=subprocess.DEVNULL)
        timer = threading.Timer(limit, qemu.kill)
        timer.start()
        status = qemu.wait()
        timer.cancel()
        texts = []
        for end in ("log", "out"):
            with open(f"{name}.{end}", encoding="utf-8", errors="replace") as f:
                texts.append(f.read().replace("\r", ""))
        return *texts, status == 0
