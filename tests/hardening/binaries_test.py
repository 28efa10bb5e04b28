#!/usr/bin/env python3
"""What the ELF headers of the built binaries say of their hardening, read with readelf.

Example: tests/hardening/binaries_test.py build/release/ccbusd build/release/ccbus
Exit codes: 0 all binaries have all of it, 1 one does not.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

BINARIES = []


def readelf(binary):
    printed = subprocess.run(["readelf", "--wide", "--file-header", "--segments", "--dynamic", "--dyn-syms", binary],
                             check=True, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"})
    return printed.stdout


def missing_from(text):
    """What a binary lacks, by what readelf prints of it."""
    segments = dict(re.findall(r"^  ([A-Z_]+) +0x\S+ 0x\S+ 0x\S+ 0x\S+ 0x\S+ ([RWE ]{3}) ", text, re.MULTILINE))
    loaded = re.findall(r"^  LOAD +0x\S+ 0x\S+ 0x\S+ 0x\S+ 0x\S+ ([RWE ]{3}) ", text, re.MULTILINE)
    flags = " ".join(re.findall(r"\(FLAGS(?:_1)?\) +(.*)", text))
    wanted = {
        "position-independent code": re.search(r"Type: +DYN", text) and "PIE" in flags,
        "relocations that are read-only": "GNU_RELRO" in segments,
        "all relocations done at the start": "NOW" in flags,
        "a stack that is not executable": "GNU_STACK" in segments and "E" not in segments["GNU_STACK"],
        "no segment to write and to execute": loaded and not any("W" in each and "E" in each for each in loaded),
        "stack protector": "__stack_chk_fail" in text,
        "_FORTIFY_SOURCE": re.search(r" __(?!stack)\w+_chk@", text),
        "no path of its own to libraries": not re.search(r"\(R(?:UN)?PATH\)", text),
    }
    return [what for what, there in wanted.items() if not there]


class BinariesTest(unittest.TestCase):
    def test_every_binary_has_all(self):
        self.assertTrue(BINARIES)
        for binary in BINARIES:
            with self.subTest(binary):
                self.assertEqual(missing_from(readelf(binary)), [])

    def test_what_is_missing_is_found(self):
        with tempfile.TemporaryDirectory() as folder:
            source = pathlib.Path(folder) / "plain.c"
            source.write_text("int main(void) { return 0; }\n")
            plain = str(source.with_suffix(""))
            subprocess.run(["gcc", "-no-pie", "-fno-stack-protector", "-Wl,-z,norelro,-z,lazy,-z,execstack",
                            "-Wl,-rpath,/lib", "-o", plain, str(source)], check=True, stderr=subprocess.DEVNULL)
            missing = missing_from(readelf(plain))
        for what in ("position-independent code", "relocations that are read-only",
                     "all relocations done at the start", "a stack that is not executable", "stack protector",
                     "_FORTIFY_SOURCE", "no path of its own to libraries"):
            self.assertIn(what, missing)


if __name__ == "__main__":
    BINARIES = sys.argv[1:]
    unittest.main(argv=sys.argv[:1])
