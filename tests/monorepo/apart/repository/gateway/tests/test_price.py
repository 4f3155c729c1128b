from gateway import price


def test_each_zone_costs_more():
    assert price(2) == 320
