"""Names and units of the public functions, from their own documentation."""

import dataclasses
import importlib
import inspect
import pkgutil
import re

import pytest
from numpydoc.docscrape import NumpyDocString

import ehbilayer
from ehbilayer.drag import drag_coefficients
from ehbilayer.model.vocabulary import DEFAULTS, QUANTITIES, unit

#: Names that would say again what a quantity of the table says.
SYNONYMS = {
    "rs",
    "r_s_h",
    "r_s_e",
    "spacing_nm",
    "temp",
    "temperature_K",
    "mass_ratio_h",
    "fermi_energy",
    "epsilon_r",
    "tol",
}
#: Packages whose functions take any unit, since the result is in the same one.
ANY = {"units", "model", "numerics"}
#: What may stand in place of the unit: a layer alone has no other carrier, lattice sums count in r_s, and what compares
#: phases with superconductors counts in a_e.
INSTEAD = {
    "r_s": ("of the carrier", "a_e"),
    "d": ("a_e",),
    "q": ("1/r_s",),
    "density": ("per cm^2", "g/cm^3"),
    "current": ("any unit",),
}


def public():
    """Module, name and what it names, of every public function and class."""
    for found in pkgutil.walk_packages(ehbilayer.__path__, "ehbilayer."):
        if found.name.endswith("__main__"):
            continue
        module = importlib.import_module(found.name)
        for name in getattr(module, "__all__", ()):
            what = getattr(module, name)
            if callable(what) and getattr(what, "__module__", None) == module.__name__:
                yield found.name, name, what


def described():
    """Package, full name, parameter or attribute and its description, of everything public."""
    for module, name, what in public():
        doc = NumpyDocString(inspect.getdoc(what) or "")
        for section in ("Parameters", "Attributes"):
            for entry in doc[section]:
                for part in re.split(r",\s*", entry.name):
                    yield module.split(".")[1], f"{module}.{name}", part.strip("* "), " ".join(entry.desc)


def chosen():
    """Module, full name, parameter and default of every choice of the table: a word, or whether."""
    every = [
        (module, f"{module}.{name}", parameter.name, parameter.default)
        for module, name, what in public()
        if not (inspect.isclass(what) and issubclass(what, Exception))
        for parameter in inspect.signature(what).parameters.values()
        if parameter.name in QUANTITIES and parameter.default is not parameter.empty
    ]
    choices = {name for _, _, name, value in every if isinstance(value, str | bool)}
    return [entry for entry in every if entry[2] in choices]


DESCRIBED = list(described())


def test_there_is_something_to_hold_against_the_table():
    assert len(DESCRIBED) > 900
    used = {name for _, _, name, _ in DESCRIBED}
    assert not set(QUANTITIES) - used


def has(text, words):
    """Whether a text has a unit, and not only its letters in a word or in another unit."""
    return re.search(rf"(?<![\w/]){re.escape(words)}(?!\w|\^)", text) is not None


def test_a_unit_is_no_part_of_another():
    assert has("Time in s, > 0.", "s") and has("In cm^-2.", "cm^-2") and not has("In ps.", "s")
    assert not has("Per cm^2.", "cm^-2") and not has("In nm^-1.", "nm") and not has("In k_B T_c.", "T")


@pytest.mark.parametrize("name", sorted(QUANTITIES))
def test_every_description_gives_the_unit_of_its_chapter(name):
    missing = []
    for package, where, parameter, text in DESCRIBED:
        wanted = unit(name, package)
        if parameter != name or wanted in ("", "1") or package in ANY:
            continue
        said = any(has(text, words) for words in (wanted, *INSTEAD.get(name, ())))
        if not said and not re.search(r"\b[Aa]s (in|for|of) `", text):
            missing.append(f"{where}: {text!r}")
    assert not missing, f"{name} without its unit:\n" + "\n".join(missing)


def test_no_name_says_again_what_a_quantity_says():
    assert not [(where, name) for _, where, name, _ in DESCRIBED if name in SYNONYMS]


def test_a_unit_depends_on_the_chapter():
    assert unit("d", "device") == "nm" and unit("d", "diode") == ""
    with pytest.raises(ValueError, match="name = 'spin' is not allowed"):
        unit("spin", "phases")


def test_every_result_with_parameters_tells_their_units():
    without = set()
    for found in pkgutil.walk_packages(ehbilayer.__path__, "ehbilayer."):
        module = importlib.import_module(found.name)
        for name in getattr(module, "__all__", ()):
            what = getattr(module, name)
            fields = {field.name for field in dataclasses.fields(what)} if dataclasses.is_dataclass(what) else set()
            if "parameters" in fields and "units" not in fields and not isinstance(getattr(what, "units", 0), property):
                without.add(name)
    assert without == set()


def test_units_of_drag_are_those_of_its_arguments():
    found = drag_coefficients(T=30, order=4, angles=4, estimate_error=False)
    for name in ("T", "d", "lam", "J", "B"):
        assert found.units[name] == unit(name, "drag")
    assert found.units["m_e"] == "m_0" and set(found.units) < set(found.parameters)


def listed(name, module):
    """Entry of the table of defaults for a module: that of the longest of its places that fits."""
    below = module.removeprefix("ehbilayer.")
    fitting = [
        (len(place), entry)
        for entry in DEFAULTS[name]
        for place in entry.where
        if below == place or below.startswith(f"{place}.")
    ]
    return max(fitting, key=lambda item: item[0])[1] if fitting else None


def test_every_choice_has_one_default_or_says_where_it_has_which():
    choices = chosen()
    assert len(choices) > 50
    several = {name for _, _, name, value in choices if any(name == n and value != v for _, _, n, v in choices)}
    assert several == set(DEFAULTS)
    used = {name: [] for name in DEFAULTS}
    for module, where, name, value in choices:
        if name in DEFAULTS:
            entry = listed(name, module)
            assert entry and (type(value), value) == (type(entry.value), entry.value), f"{where}({name}={value!r})"
            used[name].append(entry)
    assert {name: [entry for entry in DEFAULTS[name] if entry not in used[name]] for name in DEFAULTS} == {
        name: [] for name in DEFAULTS
    }
    assert all(entry.reason for entries in DEFAULTS.values() for entry in entries)


def test_an_error_is_one_number_and_errors_are_several():
    kinds = {}
    for module, name, what in public():
        if not dataclasses.is_dataclass(what):
            continue
        fields = [(field.name, str(field.type)) for field in dataclasses.fields(what)]
        fields += [
            (key, str(inspect.signature(value.fget).return_annotation))
            for key, value in vars(what).items()
            if isinstance(value, property)
        ]
        kinds |= {f"{module}.{name}.{key}": kind for key, kind in fields if re.search(r"(^|_)errors?$", key)}
    assert len(kinds) > 30
    numbers = re.compile(r"^(<class 'float'>|float)( \| None)?$")
    assert not {key: kind for key, kind in kinds.items() if key.endswith("error") and not numbers.match(kind)}
    assert not {key: kind for key, kind in kinds.items() if key.endswith("errors") and numbers.match(kind)}
