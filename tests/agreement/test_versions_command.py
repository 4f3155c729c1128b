"""A folder in, a report of every place out."""

from bootstrap.agreement.versions import versions


def test_versions_lists_every_place_and_the_policy(shop, done):
    shop()
    report = done(versions)
    assert [(place.kind, place.path, place.line, place.value) for place in report.declared] == [
        ("github.matrix", ".github/workflows/ci.yml", 5, '"3.11", "3.12"'),
        ("docs.text", "README.md", 1, "3.11"),
        ("pyproject.requires-python", "pyproject.toml", 3, "3.11"),
        ("pyproject.classifiers", "pyproject.toml", 5, "3.11, 3.12"),
    ]
    assert (report.policy.minimum, report.policy.default, report.policy.supported) == ("3.11", "3.12", ("3.11", "3.12"))
    assert report.policy.source == "what the repository declares"
    assert all(place.expected is None for place in report.declared)


def test_versions_of_a_folder_without_any_is_empty(shop, done):
    shop({"a.txt": ""})
    report = done(versions)
    assert (report.declared, report.policy, report.exit_code) == ((), None, 0)


def test_versions_can_be_chosen(shop, done):
    shop()
    assert [place.area for place in done(versions, only=("told",)).declared] == ["told"]
    assert "told" not in [place.area for place in done(versions, skip=("told",)).declared]
