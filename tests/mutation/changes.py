"""What can go wrong in a line: the changes of source text that plant one error each."""

import ast
import builtins
from collections.abc import Iterator
from dataclasses import dataclass

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt), ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt), ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,), ast.NotIn: (ast.In,),
}  # fmt: skip
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Div,
    ast.Mod: ast.FloorDiv, ast.Pow: ast.Mult, ast.LShift: ast.RShift, ast.RShift: ast.LShift,
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.BitXor: ast.BitOr,
}  # fmt: skip
PAIRS = """min max, minimum maximum, argmin argmax, nanmin nanmax, floor ceil, any all, sin cos, exp expm1,
    log log1p, zeros ones, mean sum, tanh sinh, cdf sf, ppf isf, inf nan, popleft pop, lower upper, low high,
    left right, first last, sqrt cbrt"""
NAMES = {a: b for pair in PAIRS.split(",") for a, b in (pair.split(), pair.split()[::-1])}
NAMES |= {"abs": "float", "sorted": "list"}
SYMMETRIC = {"max", "min", "maximum", "minimum", "hypot", "isinstance"}  # isinstance: a crash, no error
TERMS = (ast.Add, ast.Sub, ast.Mult)
LOOKS = {
    "alpha", "dpi", "elinewidth", "fontsize", "linewidth", "linscale", "loc", "markeredgewidth",
    "markerscale", "markersize", "mew", "ncols", "rasterized", "title_fontsize", "zorder",
}  # fmt: skip
"""Keywords of a figure that change none of its numbers."""


@dataclass(frozen=True)
class Change:
    """One error: characters start .. stop of a file become `text`.

    Attributes
    ----------
    scope : str
        Qualified name of the function or class it is in; "" at the top of the file.
    line : int
        From 1.
    old, new : str
        The line, or the lines, before and after, blanks joined.
    """

    scope: str
    line: int
    start: int
    stop: int
    text: str
    old: str
    new: str


def changes(source: str) -> list[Change]:
    """Return every error that can be planted in a source text, in the order of its lines.

    Left alone: docstrings and other text, annotations, decorators, imports, what raises or words an error,
    and the look of a figure.
    """
    starts = [0]
    for line in source.encode().splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    raw, tree, found = source.encode(), ast.parse(source), set()
    known = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} | set(dir(builtins))
    for scope, node in _walk(tree, ""):
        for place, other in _wrong(node):
            if isinstance(other, ast.Name) and other.id not in known:
                continue
            begin, end = (starts[line - 1] + column for line, column in _span(place))
            text = _text(other)
            first, last = starts[place.lineno - 1], starts[place.end_lineno or place.lineno]
            old = raw[first:last].decode()
            new = raw[first:begin].decode() + text + raw[end:last].decode()
            lines = (" ".join(part.split()) for part in (old, new))
            found.add(Change(scope, place.lineno, begin, end, text, *lines))
    return sorted(found, key=lambda change: (change.start, change.stop, change.text))


def planted(source: str, change: Change) -> str:
    """Return the source with the error in it."""
    raw = source.encode()
    return (raw[: change.start] + change.text.encode() + raw[change.stop :]).decode()


def _walk(node: ast.AST, scope: str) -> Iterator[tuple[str, ast.expr | ast.stmt]]:
    """Yield the nodes that may be changed, with the scope that they are in."""
    if isinstance(node, ast.Raise | ast.Assert | ast.Import | ast.ImportFrom | ast.JoinedStr | ast.arg):
        return
    if isinstance(node, ast.keyword) and node.arg in {"strict", *LOOKS}:  # strict, of zip: a check
        return
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    if isinstance(node, ast.expr | ast.stmt):
        yield scope, node
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        scope = f"{scope}.{node.name}".lstrip(".")
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "bases", "type_params"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _walk(child, scope)


def _span(node: ast.expr | ast.stmt) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return line and column where a node begins and ends."""
    return (node.lineno, node.col_offset), (node.end_lineno or 0, node.end_col_offset or 0)


def _text(node: ast.AST) -> str:
    """Return a node as text that can stand anywhere."""
    whole = ast.Constant | ast.Name | ast.Attribute | ast.Call | ast.Tuple | ast.Subscript | ast.stmt
    return ast.unparse(node) if isinstance(node, whole) else f"({ast.unparse(node)})"


def _wrong(node: ast.expr | ast.stmt) -> Iterator[tuple[ast.expr | ast.stmt, ast.AST]]:
    """Yield places in a node, itself or its condition, with what could stand there."""
    others = _other_expressions(node) if isinstance(node, ast.expr) else _other_statements(node)
    for other in others:
        yield node, other
    if isinstance(node, ast.If | ast.While) and isinstance(node.test, ast.Name | ast.Attribute | ast.Call):
        yield node.test, ast.UnaryOp(ast.Not(), node.test)


def _other_expressions(node: ast.expr) -> Iterator[ast.AST]:
    """Yield what could stand in the place of an expression."""
    match node:
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(value=int(value)):
            yield ast.Constant(value + 1)
        case ast.Constant(value=float(value)):
            yield ast.Constant(1.5 * value if value else 1.0)
        case ast.BinOp(left=left, op=op, right=right):
            if type(op) in OPERATORS and not _is_text(left):
                yield ast.BinOp(left, OPERATORS[type(op)](), right)
            if isinstance(op, TERMS) and not _is_text(left):
                yield left
                yield ast.UnaryOp(ast.USub(), right) if isinstance(op, ast.Sub) else right
        case ast.UnaryOp(op=ast.USub() | ast.Not() | ast.Invert(), operand=operand):
            yield operand
        case ast.Compare(left=left, ops=[op, *rest], comparators=comparators):
            for other in COMPARISONS[type(op)]:
                yield ast.Compare(left, [other(), *rest], comparators)
        case ast.BoolOp(op=op, values=values):
            yield ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values)
            for k in range(len(values)):
                kept = values[:k] + values[k + 1 :]
                yield kept[0] if len(kept) == 1 else ast.BoolOp(op, kept)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            yield ast.IfExp(test, orelse, body)
        case ast.Call():
            yield from _exchanged_arguments(node)
        case ast.Name(id=name, ctx=ast.Load()) if name in NAMES:
            yield ast.Name(NAMES[name])
        case ast.Attribute(value=value, attr=name, ctx=ast.Load()) if name in NAMES:
            yield ast.Attribute(value, NAMES[name])
        case ast.Tuple(elts=[a, b, *rest], ctx=ast.Load()) if not any(
            isinstance(e, ast.Slice) for e in (a, b)
        ):
            yield ast.Tuple([b, a, *rest])
        case ast.Dict(keys=[a, b, *keys], values=[x, y, *values]) if not _is_text(x):
            yield ast.Dict([a, b, *keys], [y, x, *values])


def _exchanged_arguments(call: ast.Call) -> Iterator[ast.Call]:
    """Yield calls with the first two arguments exchanged, or two that follow each other by name."""
    function, args, keywords = call.func, call.args, call.keywords
    fixed = any(isinstance(one, ast.Starred) or _is_text(one) for one in args[:2])
    if len(args) > 1 and not fixed and ast.unparse(function).split(".")[-1] not in SYMMETRIC:
        yield ast.Call(function, [args[1], args[0], *args[2:]], keywords)
    for k in range(len(keywords) - 1):
        pair = (keywords[k], keywords[k + 1])
        if pair[0].arg and pair[1].arg and not any(isinstance(p.value, ast.Constant) for p in pair):
            a, b = (ast.keyword(p.arg, q.value) for p, q in (pair, pair[::-1]))
            yield ast.Call(function, args, [*keywords[:k], a, b, *keywords[k + 2 :]])


def _other_statements(node: ast.stmt) -> Iterator[ast.AST]:
    """Yield what could stand in the place of a statement."""
    match node:
        case ast.AugAssign(target=target, op=op, value=value):
            yield ast.AugAssign(target, OPERATORS.get(type(op), ast.Add)(), value)
            yield ast.Pass()
        case ast.Expr(value=ast.Call()) | ast.Break() | ast.Continue():
            yield ast.Pass()
        case ast.Return(value=ast.BinOp() as value):
            yield ast.Return(ast.UnaryOp(ast.USub(), value))


def _is_text(node: ast.AST) -> bool:
    """Return whether an expression is text, or a tuple that begins with one."""
    if isinstance(node, ast.Tuple) and node.elts:
        return _is_text(node.elts[0])
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))
