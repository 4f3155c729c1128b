from orchard_shared import Plot, total_yield


def test_yields_add_up() -> None:
    assert round(total_yield([Plot("a", 2, 1.5), Plot("b", 1, 3.11)]), 2) == 6.11


def test_no_plot_yields_nothing() -> None:
    assert total_yield([]) == 0
