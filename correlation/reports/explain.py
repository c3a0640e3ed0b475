"""Where does a score come from? The formula with the numbers of one pair put in."""

from dataclasses import dataclass

from correlation.reports.links import Link


@dataclass(frozen=True, slots=True)
class ScoreExplanation:
    """One pair's score, step by step; all ratios 0 to 1, ``None`` without a case.

    ``chance`` is the share of cases followed by chance alone (p0 = E / n), ``observed``
    the share really followed, drawn towards chance by two cases (p^), ``excess`` the
    score's formula with both put in. A pair that is no link scores 0 whatever its
    excess: ``counts`` says whether it is one.
    """

    integration_id: str
    sentence: str
    cases: int
    followed: int
    expected: float
    chance: float | None
    observed: float | None
    formula: str
    excess: float | None
    counts: bool


def explained_score(link: Link) -> ScoreExplanation:
    """Return the terms of a pair's score. Source: DESIGN section 6, step 8."""
    chance = observed = excess = None
    formula = "max(0, (p^ - p0) / (1 - p0)), p0 = E / n, p^ = (O + 2 p0) / (n + 2)"
    if link.trials:
        chance = link.expected / link.trials
        observed = (link.hits + 2 * chance) / (link.trials + 2)
        excess = max(0.0, (observed - chance) / (1 - chance))
        formula = (
            f"max(0, (({link.hits} + 2 × {chance:.4f}) / ({link.trials} + 2)"
            f" - {chance:.4f}) / (1 - {chance:.4f})) = {excess:.2f}"
        )
    return ScoreExplanation(
        integration_id=link.integration_id,
        sentence=link.sentence,
        cases=link.trials,
        followed=link.hits,
        expected=link.expected,
        chance=chance,
        observed=observed,
        formula=formula,
        excess=excess,
        counts=link.correlation_score > 0,
    )
