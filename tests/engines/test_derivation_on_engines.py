"""The tests of what is derived, on each engine."""

from suites import suite

_DERIVED = suite("store/test_derived.py")
_ELSEWHERE = {
    "test_following_changes_gives_what_computing_all_gives",  # hundreds of changes, which is for one engine
    "test_the_shipped_regions_and_capabilities_have_their_closure",
}

graph = _DERIVED.graph
globals().update(
    {
        name: test
        for name, test in vars(_DERIVED).items()
        if name.startswith("test_") and name not in _ELSEWHERE
    }
)
