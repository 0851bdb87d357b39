"""Interactions: of a row and what is known of its interaction, the newer word counts."""

from chalicelib.domain.interactions import Interaction, Whereabouts


def known_of(told: Interaction, place: str, known: Whereabouts, *, lost: bool) -> Whereabouts:
    """What should be known of an interaction that stands, or is marked as gone, at a place.

    `lost`: nothing stands where it is known to, so that its older word is the last there is.
    """
    here = (known.record, known.place) == (told.record, place)
    if told.gone:
        unknown = here or not known.stamp
        return Whereabouts(stamp=max(known.stamp, told.heard)) if unknown else known
    moved_here = told.heard == known.stamp and not known.place
    if told.heard <= known.stamp and not lost and not moved_here:
        return known
    return Whereabouts(
        stamp=told.heard,
        record=told.record,
        place=place,
        found_by=told.found_by,
        candidates=told.candidates,
    )


def forgotten(known: Whereabouts) -> Whereabouts:
    """What is left to know of one whose row is lost: of whom it was, and that it was.

    The very word that told it counts as new when it comes again, an older one does not.
    """
    moment, sign, _ = known.stamp.rpartition("#")
    return known.model_copy(update={"stamp": moment + sign, "place": ""})
