"""Peers are proposed from what describes a place, explained part by part, adjustable, and never by chance."""

from __future__ import annotations

import math

import numpy as np
import pytest

from upward.base.errors import NotFoundError, UsageError
from upward.insights.peers import COUNT, PARTS, parts_for


def test_the_distance_is_the_root_mean_square_of_its_parts(analysis):
    for peer in analysis.peers("98001"):
        assert set(peer.parts) == set(PARTS) - {"region"}  # all places of the sample lie in one state
        mean = sum(part**2 for part in peer.parts.values()) / len(peer.parts)
        assert peer.distance == pytest.approx(math.sqrt(mean), abs=1e-5)


def test_peers_come_nearest_first_from_the_same_level_and_never_the_place_itself(analysis):
    for place in analysis.all_places():
        found = analysis.peers(place)
        assert [peer.distance for peer in found] == sorted(peer.distance for peer in found)
        assert all(peer.place.geo_level == place.geo_level for peer in found)
        assert place.geo_id not in {peer.place.geo_id for peer in found}
        assert len(found) == min(COUNT, len(analysis.all_places(place.geo_level)) - 1)


@pytest.mark.parametrize("level", ["county", "place"])
def test_all_places_at_once_have_the_peers_that_each_has_alone(analysis, level):
    finder = analysis.evidence.peer_finder(level)
    rows = np.arange(len(finder.places))
    for metric in (None, "income"):
        count = min(COUNT, len(rows) - 1)
        whole = finder.nearest_of(rows, metric=metric, count=count)
        for row, place in zip(whole, finder.places, strict=True):
            alone = [peer.place.geo_id for peer in finder.peers(place, metric=metric)]
            assert [finder.places[at].geo_id for at in row] == alone


def test_a_metric_is_never_part_of_the_peers_that_it_is_compared_with(analysis):
    assert "income" not in parts_for("income")
    assert "composition" not in parts_for("representation")
    assert parts_for("employment") == PARTS
    found = analysis.peers("98001", metric="income")
    assert all("income" not in peer.parts for peer in found)


def test_the_outcome_does_not_move_the_peers_found_for_it(analysis, monkeypatch):
    finder = type(analysis.evidence.peer_finder("county"))(analysis, "county")
    before = [peer.place.geo_id for peer in finder.peers(finder.places[0], metric="income")]
    other = type(finder)(analysis, "county")
    scrambled = np.random.default_rng(1).uniform(2e4, 9e4, len(other.places))
    original = other._newest
    monkeypatch.setattr(other, "_newest", lambda v: scrambled if v == "pctl_income_50" else original(v))
    assert [peer.place.geo_id for peer in other.peers(other.places[0], metric="income")] == before
    assert [peer.place.geo_id for peer in other.peers(other.places[0])] != before


def test_peers_can_be_added_and_dropped(analysis):
    proposed = [peer.place.geo_id for peer in analysis.peers("98001", count=4)]
    far = analysis.peers("98001", count=39)[-1].place.geo_id
    adjusted = analysis.peers("98001", count=4, drop=[proposed[0]], add=[far])
    codes = [peer.place.geo_id for peer in adjusted]
    assert proposed[0] not in codes
    assert codes[:3] == proposed[1:]
    assert codes[-1] == far
    assert [peer.added for peer in adjusted] == [False] * 4 + [True]


def test_bad_peers_are_refused_with_advice(analysis):
    city = analysis.all_places("place")[0]
    for call in (
        lambda: analysis.peers("98001", add=[city]),
        lambda: analysis.peers("98001", add=["98001"]),
        lambda: analysis.peers("98001", count=0),
        lambda: analysis.peers("98001", count=400),
    ):
        with pytest.raises(UsageError):
            call()
    former = [place for place in analysis.all_places(current=False) if not place.current]
    with pytest.raises(NotFoundError):
        analysis.peers(former[0])
