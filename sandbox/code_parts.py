"""What blocks of Python define, use, read and print, and so which of them together are the answer. Runs none of them."""
import ast
import re
import symtable

import code_blocks

_TOP = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom, ast.Pass)


class Facts:
    """About one block. A block that is no Python is known by its words alone."""

    def __init__(self, block):
        self.block = block
        if block.tree is None:
            self._by_words(block.code)
        else:
            self._by_syntax(block.tree, block.code)

    def _by_words(self, code):
        self.defines = set(re.findall(r"^[ \t]*(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)|^(\w+)[ \t]*=(?!=)", code, re.MULTILINE))
        self.defines = {name for pair in self.defines for name in pair if name}
        self.needs = set()
        self.acts = True
        self.reads = bool(re.search(r"\binput\s*\(|\bstdin\b|\bopen\s*\(\s*0", code))
        self.writes = bool(re.search(r"\bprint\b|\bstdout\b", code))
        self.feeds_itself = False

    def _by_syntax(self, tree, code):
        self.defines = set(_bound(tree.body))
        self.needs = _free(code) - self.defines
        self.acts = any(_acts(statement) for statement in tree.body)
        self.reads = any(map(_reads, ast.walk(tree)))
        self.writes = any(map(_writes, ast.walk(tree)))
        self.feeds_itself = any(
            isinstance(node, ast.Attribute) and node.attr == "stdin" and isinstance(node.ctx, ast.Store) for node in ast.walk(tree)
        ) and bool(re.search(r"\b(?:StringIO|BytesIO)\b", code))

    @property
    def complete(self):
        return self.acts and self.reads and self.writes


def _bound(body):
    """Names that statements give at the top, also within if, try, with and loops; methods of Solution count."""
    for statement in body:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield statement.name
            if isinstance(statement, ast.ClassDef) and statement.name == "Solution":
                yield from _bound(statement.body)
            continue
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            for alias in statement.names:
                yield (alias.asname or alias.name).partition(".")[0]
            continue
        for part in ("body", "orelse", "finalbody"):
            yield from _bound(getattr(statement, part, []))
        for handler in getattr(statement, "handlers", []):
            yield from _bound(handler.body)
        targets = list(getattr(statement, "targets", []))
        targets += [getattr(statement, "target", None)] + [item.optional_vars for item in getattr(statement, "items", [])]
        for target in targets:
            for node in ast.walk(target) if target is not None else ():
                if isinstance(node, ast.Name):
                    yield node.id


def _free(code):
    """Global names that the code asks for, at the top or in its functions."""
    names = set()
    try:
        tables = [symtable.symtable(code, "<block>", "exec")]
    except (SyntaxError, ValueError, RecursionError):
        return names
    while tables:
        table = tables.pop()
        tables += table.get_children()
        for symbol in table.get_symbols():
            if symbol.is_referenced() and (symbol.is_global() or table.get_type() == "module"):
                names.add(symbol.get_name())
    return names


def _acts(statement):
    if isinstance(statement, _TOP):
        return False
    if isinstance(statement, (ast.Assign, ast.AnnAssign, ast.Expr)):
        return any(isinstance(node, (ast.Call, ast.Await)) for node in ast.walk(statement))
    return True


def _reads(node):
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        if node.func.id in ("input", "raw_input"):
            return True
        if node.func.id == "open" and node.args and isinstance(node.args[0], ast.Constant):
            return node.args[0].value in (0, "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0")
    if isinstance(node, ast.Attribute):
        if isinstance(node.value, ast.Name) and node.value.id == "os" and node.attr == "read":
            return True
        return node.attr == "stdin" and isinstance(node.ctx, ast.Load)
    if isinstance(node, ast.Name):
        return node.id in ("stdin", "fileinput") and isinstance(node.ctx, ast.Load)
    return False


def _writes(node):
    if isinstance(node, ast.Name):
        return node.id in ("print", "stdout")
    return isinstance(node, ast.Attribute) and (
        node.attr == "stdout" or node.attr == "write" and isinstance(node.value, ast.Name) and node.value.id == "os")


def choose(blocks, wanted, is_program):
    """The blocks that are the answer, in their order; none when no block can be it."""
    facts = [Facts(block) for block in blocks]
    if is_program:
        chosen = _program(facts)
    else:
        chosen = _definitions(facts, wanted)
    return [facts[index] for index in sorted(chosen)]


def _definitions(facts, wanted):
    """For each wanted name the last block that gives it, and what these build on."""
    chosen = set()
    for name in wanted:
        giving = [index for index, fact in enumerate(facts) if name in fact.defines]
        chosen.update(giving[-1:])
    if not chosen:
        chosen = set(_last(facts))
    return _with_helpers(facts, chosen)


def _program(facts):
    """The last block that reads and prints, with what it builds on. One that builds on a whole program only shows it."""
    seen = []
    for index in reversed(range(len(facts))):
        if facts[index].block.tree is None and facts[index].block.kind != code_blocks.PYTHON:
            continue
        group = _with_helpers(facts, {index})
        if facts[index].feeds_itself and len(facts) > 1:
            continue  # a test of the program, with an input of its own
        if not any(facts[other].complete for other in group if other != index):
            seen.append((index, group))
    for reading in (True, False):
        for index, group in seen:
            if facts[index].acts and any(facts[item].writes for item in group):
                if not reading or any(facts[item].reads for item in group):
                    return group
    for index, group in seen:
        if facts[index].reads:
            return group
    return _with_helpers(facts, set(_last(facts)))


def _last(facts):
    """The last block with a Python tag, or else the last one that is Python."""
    for accepts in (lambda fact: fact.block.kind == code_blocks.PYTHON, lambda fact: fact.block.tree is not None):
        found = [index for index, fact in enumerate(facts) if accepts(fact) and fact.block.code.strip()]
        if found:
            return found[-1:]
    return []


def _with_helpers(facts, chosen):
    chosen = set(chosen)
    while True:
        given = set().union(*(facts[index].defines for index in chosen)) if chosen else set()
        added = set()
        for index in chosen:
            for name in facts[index].needs - given:
                giving = [other for other, fact in enumerate(facts) if name in fact.defines and fact.block.tree is not None]
                before = [other for other in giving if other < index]
                added.update(before[-1:] or giving[:1])
        if added <= chosen:
            return chosen
        chosen |= added


def as_helper(fact):
    """The code of a block that others build on: what it only prints or asserts to show itself is left out."""
    if fact.reads or fact.block.tree is None:
        return fact.block.code
    lines = fact.block.code.split("\n")
    for statement in reversed(fact.block.tree.body):
        if _shows(statement):
            lines[statement.lineno - 1:statement.end_lineno] = [""] * (statement.end_lineno - statement.lineno + 1)
    return "\n".join(lines)


def _shows(statement):
    if isinstance(statement, ast.Assert):
        return True
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        return isinstance(statement.value.func, ast.Name) and statement.value.func.id == "print"
    return isinstance(statement, ast.If) and "__name__" in ast.dump(statement.test)
