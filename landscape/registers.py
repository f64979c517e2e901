"""What functions in LLVM are made of: sums that stay in registers over a loop, multiplied and added at once.

Kernels are cached by the file they stand in: after a change here, touch those that use it.
"""

from collections.abc import Callable, Sequence
from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]

from landscape.jit import cgutils


def large(context: Any) -> bool:
    """Return whether the processor has 32 registers of 64 bytes; others have 16, of half of that or less."""
    return "+avx512f" in context.codegen().magic_tuple()[2]


def fused(builder: Any, vector: Any) -> Any:
    """Return the function of a, b, c that gives a b + c, rounded once, for vectors of this type."""
    kind = ir.FunctionType(vector, [vector] * 3)
    bits = 64 if isinstance(vector.element, ir.DoubleType) else 32
    return cgutils.get_or_insert_function(builder.module, kind, f"llvm.fma.v{vector.count}f{bits}")


def loop(
    builder: Any, steps: Any, starts: Sequence[Any], step: Callable[[Any, list[Any]], Sequence[Any]]
) -> Sequence[Any]:
    """Return the values after c = 0 ... steps - 1, at least one, each with values = step(c, values)."""
    before, body, after = builder.block, builder.append_basic_block(), builder.append_basic_block()
    builder.branch(body)
    builder.position_at_end(body)
    c, values = builder.phi(steps.type), [builder.phi(start.type) for start in starts]
    new = step(c, values)
    following = builder.add(c, steps.type(1))
    for phi, start, later in zip([c, *values], [steps.type(0), *starts], [following, *new], strict=True):
        phi.add_incoming(start, before)
        phi.add_incoming(later, body)
    builder.cbranch(builder.icmp_signed("<", following, steps), body, after)
    builder.position_at_end(after)
    return new
