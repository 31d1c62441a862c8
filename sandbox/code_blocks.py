"""Finds the blocks of code in a completion: between fences or tags, or by syntax amid prose. Parses, and never runs anything."""
import ast
import re
import textwrap

PYTHON, OPEN, OTHER = "python", "open", "other"
_MAX_ENDS = 8
_MAX_LINES = 4000
_PYTHON_TAG = re.compile(r"(?:python|py|pypy|cpython|ipython|jupyter|sage)[\d.\-]*$|\w+\.py$")
_OTHER_TAGS = frozenset(
    "c c++ cpp cc h java javascript js typescript ts jsx tsx go golang rust rs ruby rb php perl r scala kotlin swift haskell hs lisp "
    "scheme clojure ocaml fsharp f# csharp c# cs vb lua julia jl matlab octave fortran pascal delphi ada cobol erlang elixir "
    "dart groovy asm assembly nasm sql sqlite bash sh shell zsh fish powershell ps1 bat cmd console terminal shellsession "
    "pycon output stdout stderr input stdin result results example examples sample text txt plaintext plain none markdown md "
    "html xml css json yaml yml toml ini csv diff patch latex tex math mermaid dockerfile makefile cmake http log "
    "pseudocode pseudo algorithm prolog racket nim zig d objective-c objc solidity vba awk sed regex".split())
_CODE_START = re.compile(r"(?:def|class|import|from|print|for|while|if|return|with|try|async|@|#)\b|[@#]|.*[()=\[\]]")
_OPENING = re.compile(r"^[ \t>]*(?:[-*+]|\d+[.)])?[ \t]*(`{3,}|~{3,})|(`{3,})", re.MULTILINE)
_INLINE = re.compile(r"(?<!`)(`{1,2})(?!`)([^`]+)\1(?!`)")
_TAGS = re.compile(r"<(answer|solution|code|python)>|\[(PYTHON|ANSWER|BEGIN|CODE)\]", re.IGNORECASE)


class Block:
    """A piece of code, what its fence says that it is, and how it ended."""

    def __init__(self, kind, code, repaired=()):
        self.kind = kind
        code = _unquoted(code)
        self.code = textwrap.dedent(code.expandtabs(8) if _mixed(code) else code).strip("\n")
        self.raw = code
        self.repaired = repaired
        self.tree = parse(self.code)


def _unquoted(code):
    """The code without the marks of a quotation or of an interpreter's prompt, when every line has one."""
    for mark in (r"(?:>>>|\.\.\.)(?: |$)", r"[ \t]*> ?(?!>)"):
        lines = code.split("\n")
        if code.strip() and all(not line.strip() or re.match(mark, line) for line in lines):
            return "\n".join(re.sub("^" + mark, "", line) for line in lines)
    return code


def parse(code):
    """The syntax tree, or None when it is no Python."""
    try:
        return ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
        return None


def compiled(source):
    """The code object, or None when it is no whole Python."""
    try:
        return compile(source, "<text>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
        return None


def within_tags(text):
    """What is between the last <answer>, [PYTHON] or the like and its end, when there is code in it; else the text."""
    for tag in reversed(list(_TAGS.finditer(text))):
        line = text[text.rfind("\n", 0, tag.start()) + 1:tag.start()]
        if "'" in line or '"' in line:
            continue
        name = tag.group(1) or tag.group(2)
        if tag.group(1):
            end = re.compile("</%s>" % name, re.IGNORECASE)
        else:
            end = re.compile(r"\[/%s\]|\[(?:DONE|END)\]" % name, re.IGNORECASE)
        stop = end.search(text, tag.end())
        inner = text[tag.end():stop.start() if stop else len(text)]
        if "```" in inner or "~~~" in inner or any(segments(inner)):
            return inner.strip("\n")
    return text


def fenced(text):
    """All fenced blocks in order. A fence that the prompt opened is one when code stands before its end."""
    blocks = []
    at = 0
    while True:
        mark = _OPENING.search(text, at)
        if mark is None:
            return blocks
        fence = mark.group(1) or mark.group(2)
        line_end = text.find("\n", mark.end())
        line_end = len(text) if line_end < 0 else line_end
        rest = text[mark.end():line_end]
        before = text[at:mark.start()]
        if not blocks and not rest.strip(" \t\r") and _is_code(before):
            blocks.append(Block(PYTHON, before, ("fence",)))
            at = mark.end()
            continue
        same_line = rest.find(fence)
        if same_line >= 0 and fence[0] == "`":
            kind, first = _tagged(rest[:same_line], True)
            blocks.append(Block(kind, first))
            at = mark.end() + same_line + len(fence)
            continue
        if mark.group(2) and text[:mark.start()].rpartition("\n")[2].strip() and _tagged(rest)[1] is not None:
            at = mark.end()  # three quotes in the middle of a sentence
            continue
        kind, first = _tagged(rest)
        start = line_end + 1
        code, at, closed = _body(text, start, fence, kind, first or "")
        if kind != OTHER and first is None and code.split("\n", 1)[0].strip().lower() in ("python", "python3", "py"):
            kind, code = PYTHON, code.partition("\n")[2]
        if len(fence) > 3 and code.lstrip().startswith(("```", "~~~")):
            blocks.extend(fenced(code))  # a long fence around fences is the frame of a text
            continue
        blocks.append(Block(kind, code, () if closed else ("fence",)))


def _tagged(info, inline=False):
    """(kind, first line of code on the line of the fence or None)."""
    info = info.strip()
    bare = info.strip("{}. ")
    word = re.split(r"[\s,:;{(]", bare, maxsplit=1)[0].lower()
    rest = bare[len(word):].strip()
    if _PYTHON_TAG.match(word):
        return PYTHON, rest if rest and inline else None
    if word in _OTHER_TAGS and not (inline and word in ("d", "r", "c", "h", "input", "text")):
        return OTHER, rest if rest and inline else None
    if info and (inline or _CODE_START.match(info)):
        return OPEN, info
    return OPEN, None


def _body(text, start, fence, kind, first):
    """(code, where to go on, whether it was closed): the first end at which the code is Python, or else the first end."""
    ends = []
    line_start = start
    close = re.compile(r"^[ \t>]*(%s{%d,})[ \t\r]*(.*)$" % (re.escape(fence[0]), len(fence)))
    while line_start <= len(text) and len(ends) < _MAX_ENDS:
        line_end = text.find("\n", line_start)
        line_end = len(text) if line_end < 0 else line_end
        line = text[line_start:line_end]
        found = close.match(line)
        if found and found.group(2) and _tagged(found.group(2))[0] == PYTHON:
            ends.append((line_start, line_start))  # the next block opens, this one was never closed
        elif found:
            ends.append((line_start, line_start + found.end(1)))
        elif fence[0] == "`" and fence in line:
            cut = line.rfind(fence)
            ends.append((line_start + cut, line_start + cut + len(fence)))
        line_start = line_end + 1
    head = first + "\n" if first else ""
    if not ends:
        return head + text[start:], len(text), False
    if kind != OTHER:
        for end, after in ends:
            code = head + text[start:end]
            if parse(textwrap.dedent(_unquoted(code))) is not None:
                return code, after, True
    end, after = ends[0]
    return head + text[start:end], after, True


def segments(text):
    """The runs of whole statements in a text without fences: prose is what is none."""
    lines = text.split("\n")
    at = 0
    while at < len(lines) and len(lines) <= _MAX_LINES:
        length, code = _statements(lines, at)
        if length:
            code = _without_prose(code)
            if code is not None:
                yield Block(OPEN, code)
        at += length or 1


def inline(text):
    """Pieces of code between single or double backticks in a sentence, those that do more than name a value."""
    for span in _INLINE.finditer(text):
        block = Block(OPEN, span.group(2))
        if block.tree is not None and not all(_by_chance(statement) for statement in block.tree.body):
            yield block


def _statements(lines, at):
    """(number of lines, code) of the longest run of statements found from a line on; 0 when there is none."""
    first = lines[at]
    if not first.strip():
        return 0, ""
    margin = first[:len(first) - len(first.lstrip(" \t"))]
    end = len(lines)
    if margin:
        end = at
        while end < len(lines) and (not lines[end].strip() or lines[end].startswith(margin)):
            end += 1
    while end > at:
        code = "\n".join(line[len(margin):] for line in lines[at:end])
        try:
            ast.parse(code)
            return end - at, code
        except SyntaxError as error:
            wrong = min(at + max(1, error.lineno or 1) - 1, end - 1)
        except (ValueError, RecursionError, MemoryError, OverflowError):
            return 0, ""
        while wrong > at and _goes_on(lines[wrong], margin):
            wrong -= 1
        end = wrong
    return 0, ""


def _goes_on(line, margin):
    """Whether a line cannot begin a statement of its run."""
    line = line[len(margin):]
    return not line.strip() or line[0] in " \t)]}" or bool(re.match(r"(?:else|elif|except|finally)\b", line))


def _without_prose(code):
    """The code without words at its ends that are statements by chance; None when nothing is left."""
    body = ast.parse(code).body
    kept = [statement for statement in body if not _by_chance(statement)]
    if not kept:
        return None
    start = min([kept[0].lineno] + [item.lineno for item in getattr(kept[0], "decorator_list", [])])
    return "\n".join(code.split("\n")[start - 1:kept[-1].end_lineno])


def _by_chance(statement):
    if isinstance(statement, ast.AnnAssign):
        return statement.value is None
    calls = (ast.Call, ast.Await, ast.Yield, ast.YieldFrom, ast.ListComp, ast.NamedExpr)
    return isinstance(statement, ast.Expr) and not isinstance(statement.value, calls)


def _is_code(text):
    """Whether a text is nothing but code, maybe the body of a function."""
    if not text.strip():
        return False
    for code in (textwrap.dedent(text), "def _():\n" + text, "def _():\n    " + text.lstrip()):
        tree = parse(code)
        if tree is not None:
            body = tree.body[0].body if code.startswith("def _():\n") else tree.body
            return not all(_by_chance(statement) for statement in body)
    return False


def _mixed(code):
    return "\t" in code and any(line.startswith(" ") for line in code.split("\n")) and parse(textwrap.dedent(code)) is None
