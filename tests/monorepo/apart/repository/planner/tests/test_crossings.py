from planner import crossings


def test_a_boat_makes_six_crossings_at_most():
    assert crossings(list(range(8))) == [(0, 1, 2, 3, 4, 5), (6, 7)]
