import re

import pytest

from ehbook.claim_data import CLAIMS
from ehbook.errata import printed_and_corrected


def test_every_erratum_can_be_shown_in_the_order_asked_for():
    keys = [key for key, claim in CLAIMS.items() if claim.erratum]
    lines = printed_and_corrected(*keys).data.splitlines()
    assert len(lines) == 2 + len(keys)
    for key, line in zip(keys, lines[2:], strict=True):
        place, printed, corrected = line.strip("| ").split(" | ")
        assert CLAIMS[key].place.endswith(place) and place[0].isupper() | place.startswith(("before", "after", "on"))
        shown = {"printed": printed, "corrected": corrected}
        for name, cell in shown.items():
            assert cell[1:-1].replace("$<br>$", r",\quad ") == re.sub(
                r",\\quad ?", r",\\quad ", getattr(CLAIMS[key], name)
            )


@pytest.mark.parametrize("keys", [(), ("no-such-claim",), ("drag-time",), ("drag-half", "drag-time")])
def test_what_is_no_erratum_is_refused(keys):
    with pytest.raises(ValueError, match="keys = .* is not allowed"):
        printed_and_corrected(*keys)
