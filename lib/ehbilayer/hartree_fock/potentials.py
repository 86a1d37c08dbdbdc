"""External potentials on one of the layers: cosines, among them the moiré potential."""

from dataclasses import dataclass

from ehbilayer import validation
from ehbilayer.errors import ArgumentError
from ehbilayer.model.lattice import Box, shortest_reciprocal


@dataclass(frozen=True)
class Cosines:
    """Potential ``V(r) = 2 v sum_Q cos(Q r)`` on the carriers of a layer: v at each Q and -Q.

    Parameters
    ----------
    layer : str
        Label of the layer.
    waves : tuple of (int, int)
        Wave vectors Q in the box's reciprocal vectors, none of them zero, one of each Q and -Q.
    amplitude : float
        v in Ha_h.
    """

    layer: str
    waves: tuple[tuple[int, int], ...]
    amplitude: float

    def __post_init__(self) -> None:
        validation.real("amplitude", self.amplitude)
        stars = {wave for x, y in self.waves for wave in ((x, y), (-x, -y))}
        if not self.waves or (0, 0) in stars or len(stars) != 2 * len(self.waves):
            raise ArgumentError("waves", self.waves, "one or more pairs of integers, not zero, one of each Q and -Q")

    def both_signs(self) -> set[tuple[int, int]]:
        """Q and -Q of all wave vectors."""
        return {wave for x, y in self.waves for wave in ((x, y), (-x, -y))}


def moire(box: Box, layer: str, amplitude: float) -> Cosines:
    """Potential ``-2 w sum_b cos(b r)``, b being the shortest reciprocal vectors of the lattice, one of each b and -b.

    Parameters
    ----------
    box : Box
    layer : str
    amplitude : float
        w in Ha_h: for w > 0 the sites of the lattice are the minima of the potential.

    Examples
    --------
    >>> moire(Box.triangular(6, 6), "h", 0.1).waves
    ((6, 0), (0, 6), (6, 6))
    """
    shortest = shortest_reciprocal(box)
    return Cosines(layer, tuple((int(x), int(y)) for x, y in shortest[: len(shortest) // 2]), -amplitude)
