"""Which text of a completion is the program: docs/programs.md states the rules. Parses what it reads and never runs it."""
import os
import re
import textwrap

import code_blocks
import code_parts
import py_codec
import submission

_SPACES = str.maketrans({"\u00a0": " ", "\u2003": " ", "\u200b": None, "\u200c": None, "\u2060": None, "\ufeff": None})


class Reader:
    """One completion. `repairs` holds the names of the repairs that are allowed; those that were needed come to be in `used`."""

    def __init__(self, text, form, wanted, preamble, starter, repairs):
        self.text = text
        self._is_program = form == "program"
        self._wanted = wanted
        self._preamble = preamble
        self._starter = starter
        self._repairs = repairs
        self.used = []

    def read(self):
        """(reason why there is no program or "", parts to run one after the other, the code as it was found, what it was)."""
        text = code_blocks.within_tags(self.text)
        blocks = [
            block for block in code_blocks.fenced(text) if block.code.strip() and self._repairs.issuperset(block.repaired)]
        if blocks:
            return self._of_blocks(text, blocks)
        if self._starter:
            going_on = self._continued(text)
            if going_on:
                return going_on
        whole = self._whole(text)
        if whole is not None:
            return "", self._after_preamble([whole]), whole, "unfenced"
        if "prose" in self._repairs:
            found = list(code_blocks.segments(text))
            inline = list(code_blocks.inline(text))
            if self._is_it(inline) and not self._is_it(found):
                self._note("prose")
                return self._chosen(inline, "inline-code")
            if found:
                self._note("prose")
                return self._chosen(found, "amid-prose")
        if _looks_like_code(text):
            return "", self._after_preamble([text]), text, "unfenced"
        return "no-code", [], "", ""

    def _is_it(self, blocks):
        """Whether a block by itself gives what is asked for: the function, or a program that reads and prints."""
        facts = map(code_parts.Facts, blocks)
        return any(fact.complete if self._is_program else set(self._wanted[:1]) & fact.defines for fact in facts)

    def _of_blocks(self, text, blocks):
        python = [block for block in blocks if block.kind != code_blocks.OTHER]
        if not python:
            return "language-mismatch", [], "", ""
        gives = any(set(self._wanted[:1]) & code_parts.Facts(block).defines for block in python)
        if self._starter and not gives:
            bodies = [block for block in python if block.kind == code_blocks.PYTHON] or python
            body = bodies[-1]
            if "fence" in self._repairs:
                going_on = self._continued(body.raw.strip("\n") + "\n")
                if going_on:
                    self._note("fence")
                    return going_on
            else:
                going_on = self._continued(text)
                if going_on:
                    return going_on
        return self._chosen(python, "fenced-block")

    def _chosen(self, blocks, kind):
        facts = code_parts.choose(blocks, self._wanted, self._is_program)
        if not facts:
            return "no-code", [], "", ""
        for fact in facts:
            for name in fact.block.repaired:
                self._note(name)
        main = self._main(facts)
        parts = []
        for fact in facts:
            code = fact.block.code if fact is main or not self._is_program else code_parts.as_helper(fact)
            parts.append(code if fact.block.tree is not None else self._whole(fact.block.raw) or code)
        if len(parts) > 1:
            kind = "joined-blocks"
        return "", self._after_preamble(parts), "\n\n".join(parts), kind

    @staticmethod
    def _main(facts):
        """The block that others help: the last that acts, or the last."""
        return next((fact for fact in reversed(facts) if fact.acts), facts[-1])

    def _whole(self, text):
        """The text as a program, or None when it is none even after repairs."""
        for names, code in self._repaired(text):
            if self._is_valid(code):
                for name in names:
                    self._note(name)
                return code
        return None

    def _repaired(self, text):
        yield (), text
        first = text.lstrip("\n")
        attempts = [
            (("indentation",), textwrap.dedent(text)),
            (("first-line",), first.lstrip(" \t")),
            (("spaces",), text.translate(_SPACES)),
            (("indentation", "spaces"), textwrap.dedent(text.translate(_SPACES))),
        ]
        for names, code in attempts:
            if self._repairs.issuperset(names):
                yield names, code

    def _continued(self, text):
        """The starter and the text as one source, or None when they are none even after repairs."""
        for names, source, code in self._continuations(text):
            if self._is_valid(source):
                for name in names:
                    self._note(name)
                parts = [source] if self._starter == self._preamble else [self._preamble, source] if self._preamble else [source]
                return "", parts, code, "continuation"
        return None

    def _is_valid(self, source):
        """Programs may leave by a return at the top, as judges that wrap them into a function let them."""
        return (code_blocks.parse if self._is_program else code_blocks.compiled)(source) is not None

    def _continuations(self, text):
        starter = self._starter
        yield (), starter + text, text
        indent = _indent_of(starter)
        head = starter.rstrip(" \t")
        head += "" if head.endswith("\n") else "\n"
        body = text.strip("\n") + "\n"
        if self._wanted and re.search(r"^[ \t]*(?:async )?(?:def|class) +%s\b" % re.escape(self._wanted[0]), body, re.MULTILINE):
            if code_blocks.parse(head) is not None:
                yield (), head + body, text  # a whole function after the prompt's own
            return
        shapes = [((), body)]
        lines = body.split("\n")
        deeper = [_margin(line) for line in lines[1:] if line.strip()]
        if "first-line" in self._repairs:
            level = min((margin for margin in deeper if margin), key=len, default=indent)
            shapes.append((("first-line",), level + body.lstrip(" \t")))
            shapes.append((("first-line",), indent + body.lstrip(" \t")))
        if "indentation" in self._repairs:
            flat = textwrap.dedent(body)
            shapes.append((("indentation",), textwrap.indent(flat, indent)))
            if "first-line" in self._repairs and deeper:
                rest = textwrap.dedent("\n".join(lines[1:]))
                shapes.append((("indentation",), textwrap.indent(lines[0].lstrip(" \t") + "\n" + rest, indent)))
        for names, shape in shapes:
            yield names, head + shape, shape
        if "prose" in self._repairs:
            for names, shape in shapes:
                cut = _longest(head, shape)
                if cut:
                    yield names + ("prose",), head + cut, cut

    def _after_preamble(self, parts):
        """Parts run one after the other in one namespace, so that each may begin with imports from __future__."""
        if not self._preamble:
            return parts
        preamble = self._preamble
        if code_blocks.parse(preamble) is None:
            head = preamble.rstrip(" \t")
            head += ("" if head.endswith("\n") else "\n") + _indent_of(preamble) + "pass\n"
            preamble = head if code_blocks.parse(head) is not None else ""
        return [preamble] + parts if preamble else parts

    def _note(self, name):
        if name not in self.used:
            self.used.append(name)


def _margin(line):
    return line[:len(line) - len(line.lstrip(" \t"))]


def _indent_of(starter):
    """The indentation of the body that a starter ends in."""
    lines = [line for line in starter.split("\n") if line.strip()]
    if not lines:
        return ""
    margin = _margin(lines[-1])
    return margin + "    " if lines[-1].rstrip().endswith(":") else margin or "    "


def _longest(head, body):
    """The longest beginning of the body with which the head is a program; None when only nothing is."""
    lines = body.split("\n")
    offset = head.count("\n")
    end = len(lines)
    while end > 0:
        try:
            source = head + "\n".join(lines[:end]) + "\n"
            compile(source, "<text>", "exec", dont_inherit=True)
            kept = "\n".join(lines[:end])
            return kept if kept.strip() else None
        except SyntaxError as error:
            wrong = (error.lineno or 1) - 1 - offset
            end = min(end - 1, max(wrong, 0))
        except (ValueError, RecursionError, MemoryError, OverflowError):
            return None
    return None


def _looks_like_code(text):
    return bool(re.search(
        r"^[ \t]*(?:def \w|class \w|import \w|from [\w.]+ import|print ?[('\"]|return\b|for .* in |while .*:|if .*:|[\w.\[\], ]+ ?[-+*/]?=[^=])",
        text, re.MULTILINE))


def run(payload, output):
    """For the host: (reason, parts, code, what it was, repairs used)."""
    text, form, wanted, preamble, starter, repairs = py_codec.decode(payload)
    reader = Reader(text, form, wanted, preamble, starter, frozenset(repairs))
    reason, parts, code, kind = reader.read()
    data = py_codec.encode((reason, parts, code.strip("\n"), kind, reader.used), None)
    submission.write_all(output, len(data).to_bytes(4, "little") + b"v" + data)
    os._exit(0)
