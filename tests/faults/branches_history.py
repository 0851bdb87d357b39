"""The scenes of history: what went is kept, also what was overtaken before it was indexed."""

from tests.faults.acting import CLIENT, JAN, MAIL, PHONE, jan, janek
from tests.support.scenes import Scene, deletes, patches, rest, tells

HISTORY = (
    Scene(
        "versions that are overtaken",
        (
            jan,
            rest,
            patches("crm", "1", 5, roles=["supplier"], tags=["a"]),
            patches("crm", "1", 6, roles=["partner"], tags=["b"]),
            patches("crm", "1", 7, **CLIENT, tags=["a"]),
        ),
        queue="match",
    ),
    Scene(
        "a life that ends before it is indexed",
        (tells("crm", "1", **JAN, **MAIL), deletes("crm", "1", 5)),
        queue="match",
    ),
    Scene(
        "gone, back and absorbed",
        (
            jan,
            rest,
            deletes("crm", "1", 5),
            patches("crm", "1", 6, **JAN, **MAIL),
            janek,
            patches("shop", "2", 7, **PHONE, stage="lead"),
        ),
        queue="match",
    ),
)
