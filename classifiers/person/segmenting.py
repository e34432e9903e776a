"""What it costs to read Chinese characters as ordinary words.

The cost of a word is minus the natural logarithm of its share of all tokens, that of a text the cost of its cheapest
division into words.
"""

from classifiers.person import lexicon

WORDS = lexicon.graded("han_words.txt", 0.5)
"""Word (simplified, one to five characters) -> cost."""

UNKNOWN = 13.0
"""Cost of a character that is no word by itself."""

_LONGEST = 5


def costs_from_left(text: str) -> list[float]:
    """Return for each place 0 to len(text) what the characters before it cost."""
    costs, word = [0.0], WORDS.get
    for end in range(1, len(text) + 1):
        least = costs[end - 1] + word(text[end - 1], UNKNOWN)
        for start in range(max(0, end - _LONGEST), end - 1):
            cost = word(text[start:end])
            if cost is not None and cost + costs[start] < least:
                least = cost + costs[start]
        costs.append(least)
    return costs


def costs_from_right(text: str) -> list[float]:
    """Return for each place 0 to len(text) what the characters behind it cost."""
    length, word = len(text), WORDS.get
    costs = [0.0] * (length + 1)
    for start in range(length - 1, -1, -1):
        least = costs[start + 1] + word(text[start], UNKNOWN)
        for end in range(start + 2, min(length, start + _LONGEST) + 1):
            cost = word(text[start:end])
            if cost is not None and cost + costs[end] < least:
                least = cost + costs[end]
        costs[start] = least
    return costs
