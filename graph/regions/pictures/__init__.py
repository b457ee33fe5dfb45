"""Pictures of regions as SVG, each with a table of the same data: bars, radar, matrix, map, network and chain.

They know nothing of the store and of languages: texts come in finished, in the reader's language; only numbers are
written here. A page shows ``inline(picture)``, a download is ``standalone(picture)``; both are in ``page.py``.
"""
