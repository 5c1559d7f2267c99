"""The formulas of the papers, held to what SymPy derives."""

from symbolic.papers.weight_decay import A_formula, output_gradient


def test_the_gradient_of_the_output_is_what_sympy_derives() -> None:
    assert output_gradient() == A_formula
