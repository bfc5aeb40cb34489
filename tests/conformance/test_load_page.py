"""docs/load.md shows what docs/load/measured.json says. No runtime is started."""

from __future__ import annotations

import pytest
from conformance.load_models import PROFILES, Profile
from conformance.load_plots import DATA, FOLDER, PAGE, TITLES, far, load_data, page, plot

from loadwright.compiler.runtimes.pins import NAMES


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)
def test_the_plot_is_drawn_from_the_data(profile: Profile) -> None:
    drawn = (FOLDER / f"{profile.name}.svg").read_text("utf-8")
    assert drawn == plot(profile, load_data()[profile.name]), "run `python benchmarks/load.py --draw`"


def test_the_table_of_the_page_is_made_from_the_data() -> None:
    text = PAGE.read_text("utf-8")
    assert text == page(text, load_data()), "run `python benchmarks/load.py --draw`"


def test_there_is_a_plot_of_each_profile_and_no_other() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {f"{profile.name}.svg" for profile in PROFILES} | {DATA.name}
    assert sorted(TITLES) == sorted(NAMES)


def test_what_was_measured_is_near_the_reference() -> None:
    data = load_data()
    assert {(name, runtime) for name, own in data.items() for runtime in TITLES if far(own, runtime) > 0.05} == set()
