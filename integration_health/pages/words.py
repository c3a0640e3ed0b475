"""How are kinds of failure called on pages?"""

from integration_health.enums import EventType


def event_type_words(event_type: str) -> str:
    """Return an event type in words; an unknown one by its own name, readable."""
    if event_type in EventType.values:
        return str(EventType(event_type).label)
    return event_type.replace("_", " ").capitalize()


def mid_sentence(words: str) -> str:
    """Return words as they stand within a sentence: "API error", "pricing sync error"."""
    return words if words[:2].isupper() else words[:1].lower() + words[1:]
