"""The answer: sentences in the order in which they are said, on the screen and on the page."""

from __future__ import annotations

from analysis import groups
from analysis.loaded import Results
from analysis.remarks import few_sentence, pairing_sentence, several_sentences, warm_up_sentences
from analysis.words import (
    acted_sentences,
    came_sentence,
    crews_sentence,
    headline_sentence,
    list_sentence,
    price_sentence,
    travel_sentence,
    value_sentence,
    which_list,
)


def answer(results: Results) -> list[str]:
    """The answer in sentences; one scenario alone is told from its start to its end."""
    return alone(results) if len(results.arms) == 1 else compared(results)


def compared(results: Results) -> list[str]:
    """How several models stand; one sentence a compared arm, then travel and days of service, then lists and warnings."""
    few, several = few_sentence(results), several_sentences(results)
    lines = [*several, few] if several else []
    for arm in results.arms:
        if arm != results.baseline:
            lines.append(headline_sentence(results, arm))
            lines.append(pairing_sentence(results, arm))
            lines.append(travel_sentence(results, arm))
    lines += [said(results, arm) for said in (crews_sentence, price_sentence) for arm in results.arms]
    asked = groups.modality_of(results.headline["group"])
    for arm, modality in results.opening:
        if asked in (None, modality):
            lines.append(list_sentence(results, arm, modality))
    for arm in results.growing:
        lines.append(
            f"The {which_list(results, arm)} of {arm} is still growing at the end: its mean waits depend on how long "
            "the run lasts."
        )
    lines += [*warm_up_sentences(results), "" if several else few]
    lines += acted_sentences(results)
    return [line for line in lines if line]


def alone(results: Results) -> list[str]:
    """The headline measure of one scenario, then where each list started and where it ends."""
    (arm,) = results.arms
    lines = [value_sentence(results, arm)]
    for modality in results.modalities:
        lines += [list_sentence(results, arm, modality), came_sentence(results, arm, modality)]
    if arm in results.growing:
        lines.append("Mean waits of a list that still grows depend on how long the run lasts.")
    lines += [*warm_up_sentences(results), few_sentence(results)]
    lines += [crews_sentence(results, arm), price_sentence(results, arm), *acted_sentences(results)]
    return [line for line in lines if line]
