"""The scenes of relations: told, taken back, and at both ends of a merge and its undo."""

from tests.faults.acting import CLIENT, EWA, JAN, always
from tests.support.scenes import Scene, joins, judged, patches, rest, tells, undoes

FIRM = {"kind": "company", "organization": "Dąb"}
BOSS = {"kind": "works_for", "source": "erp", "external_id": "f"}
PARENT = {"kind": "child_of", "source": "shop", "external_id": "g"}
firm = tells("erp", "f", **FIRM, relations=[PARENT])
holding = tells("shop", "g", kind="company", organization="Buk")
works = tells("crm", "1", **JAN, **CLIENT, relations=[BOSS])
ewa = tells("crm", "3", **EWA, **CLIENT, relations=[BOSS | {"role": "prezes"}])
BOTH = (firm, holding, works, ewa, rest)

RELATIONS = (
    Scene("to what is not known yet", (), always(works)),
    Scene("what was named comes", (works, rest), always(firm)),
    Scene("to another", (firm, works, rest), always(patches("crm", "1", 5, relations=[PARENT]))),
    Scene("taken back", (firm, works, rest), always(patches("crm", "1", 5, relations=None))),
    Scene("indexed", (firm, works), queue="match"),
    Scene("two who work there are joined", BOTH, always(joins("crm/1", "crm/3"))),
    Scene("a company is joined with its parent", BOTH, always(joins("erp/f", "shop/g"))),
    Scene(
        "a company is parted from its parent",
        (*BOTH, joins("erp/f", "shop/g"), rest),
        lambda state: undoes(judged(state, "same")),
    ),
)
