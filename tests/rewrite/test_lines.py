import pytest
from stepping import check_matrix, check_steps


@pytest.mark.parametrize(
    ("before", "words", "wanted"),
    [
        ("3.8 3.9 3.10", "-3.8", "3.9 3.10"),
        ("3.8 3.9 3.10", "-3.9", "3.8 3.10"),
        ("3.8 3.9 3.10", "-3.10", "3.8 3.9"),
        ("3.8 3.9 3.10", "-3.8 -3.9", "3.10"),
        ("3.8 3.9", "3.9+3.10 3.9+3.11", "3.8 3.9 3.10 3.11"),
        ("3.9 3.8", "3.10<+3.9 3.11<+3.9", "3.11 3.10 3.9 3.8"),
        ("3.8 3.9", "-3.9 3.9+3.10 3.9+3.11", "3.8 3.10 3.11"),
        ("3.10", "-3.10 3.8<+3.10 3.9<+3.10 3.10+3.11", "3.8 3.9 3.11"),
        ("3.8 3.9", "3.8>3.10 3.9+3.11", "3.10 3.9 3.11"),
    ],
)
@pytest.mark.parametrize(
    "layout",
    [
        ("python:\n", '  - "{}"\n', "", "os: [a]\n"),
        ("python:\n", "- '{}'\n", "", ""),
        ("python:\n", '  -   "{}"   # sure\n', "", "os: [a]\n"),
        ("python: [\n", '  "{}",\n', "", "]\n"),
        ("python:\n  [\n", '    "{}",\n', ",", "  ]  # all\n"),
    ],
)
def test_members_on_lines_of_their_own_come_and_go_with_their_lines(layout, before, words, wanted):
    head, line, end, tail = layout

    def lines(versions, comment):
        text = "".join(line.format(version) for version in versions.split())
        if end:  # no comma after the last one
            text = text.removesuffix(",\n") + "\n"
        return head + _commented(text, comment) + tail

    def _commented(text, comment):
        """A copy does not take a comment over."""
        if "# sure" not in text:
            return text
        kept = [one for one in text.splitlines() if any(f'"{version}"' in one for version in comment)]
        return "".join(f"{one}\n" if one in kept else f"{one.partition('   #')[0]}\n" for one in text.splitlines())

    old = before.split()
    stays = [v for v in old if f"{v}>" not in words] + [w.partition(">")[2] for w in words.split() if ">" in w]
    copies = {w.partition("<+")[0] if "<+" in w else w.partition("+")[2] for w in words.split() if "+" in w}
    check_matrix(lines(before, old), words, lines(wanted, [v for v in stays if v not in copies]))


BLOCK = """
include:
  # the oldest
  - python: "3.8"
    os: ubuntu

  # the usual
  - python: "3.9"  # for 3.9
    os: ubuntu

  - &newest
    # the newest
    python: "3.11"
    os: ubuntu  # as above
"""


def test_entries_go_with_all_their_lines_and_one_blank_line():
    check_matrix(BLOCK, "-3.8", BLOCK.replace('  - python: "3.8"\n    os: ubuntu\n', ""))
    check_matrix(BLOCK, "-3.9", BLOCK.replace('  - python: "3.9"  # for 3.9\n    os: ubuntu\n', ""))


def test_the_last_entry_of_a_file_takes_the_blank_line_before_it_along():
    before = "matrix:\n  include:\n  - python: '3.8'\n    env: A=1\n\n  - python: '3.9'\n    env: A=1\n"
    check_steps(".travis.yml", before, "-3.9", before.partition("\n\n")[0] + "\n")
    check_steps(".travis.yml", before, "-3.8", before.replace("  - python: '3.8'\n    env: A=1\n\n", ""))


def test_a_copied_entry_has_neither_comments_nor_an_anchor():
    copy = '\n  -\n    python: "3.12"\n    os: ubuntu\n'
    check_matrix(BLOCK, "3.11+3.12", BLOCK + copy)


def test_a_copied_entry_keeps_the_blank_line_between():
    before = "include:\n  - python: '3.8'\n    os: a\n\n  - python: '3.9'\n    os: a\n"
    check_matrix(before, "3.9+3.10", before + "\n  - python: '3.10'\n    os: a\n")
    check_matrix(before, "3.7<+3.8", before.replace("include:\n", "include:\n  - python: '3.7'\n    os: a\n\n"))


def test_an_anchor_that_is_used_stays():
    before = 'python:\n  - &old "3.8"\n  - &new "3.9"\nother: [*old, *new]'
    check_matrix(before, "3.9+3.10", before.replace('"3.9"\n', '"3.9"\n  - "3.10"\n'))
    check_matrix(before, "3.8>3.7", before.replace("3.8", "3.7"))


def test_entries_in_braces_are_members():
    before = "include:\n  - {python: 3.8, os: a}\n  - {python: 3.9, os: a}  # sure\n"
    check_matrix(before, "-3.8 3.9+3.10", 'include:\n  - {python: 3.9, os: a}  # sure\n  - {python: "3.10", os: a}\n')


def test_a_plain_number_gets_the_usual_quotes():
    check_matrix("python:\n  - 3.8\n  - 3.9", "3.9+3.10", 'python:\n  - 3.8\n  - 3.9\n  - "3.10"')
    check_matrix("python:\n  - 3.9\nos: ['a']", "3.9>3.10", "python:\n  - '3.10'\nos: ['a']")
    check_matrix("python:\n  - 3.9.x", "3.9>3.10", "python:\n  - 3.10.x")
    check_matrix("python:\n  - 3.10", "3.10>3.11", "python:\n  - 3.11")


def test_tabs_before_members_of_toml_are_kept():
    before = "[tool.black]\ntarget-version = [\n\t'py38',\n\t'py39'\n]\n"
    check_steps(
        "pyproject.toml", before, "-3.8 3.9+3.10", before.replace("\t'py38',\n\t'py39'", "\t'py39',\n\t'py310'")
    )


def test_classifiers_come_and_go():
    line = '    "Programming Language :: Python :: {}",\n'
    head, tail = '[project]\nclassifiers = [\n    "Typing :: Typed",\n', '    "Topic :: É",\n]\n'

    def text(versions):
        return head + "".join(line.format(version) for version in versions.split()) + tail

    check_steps("pyproject.toml", text("3 3.8 3.9"), "-3.8 3.9+3.10", text("3 3.9 3.10"))


def test_lines_of_an_ini_file_are_members():
    head, line = "[metadata]\nclassifiers =\n", "    Programming Language :: Python :: {}\n"

    def text(versions):
        return head + "    Topic :: X\n" + "".join(line.format(version) for version in versions.split())

    check_steps("setup.cfg", text("3.8 3.9"), "-3.8 3.9+3.10", text("3.9 3.10"))
    check_steps("setup.cfg", text("3.8 3.9"), "-3.9", text("3.8"))


def test_lines_of_text_with_commas_in_them_stay_right():
    before = "python3.8 -m pip,\npython3.9 -m pip,\npython3.10 -m pip\n"
    check_steps("ci.sh", before, "-3.10", "python3.8 -m pip,\npython3.9 -m pip\n")
    check_steps("ci.sh", before, "3.10+3.11", before.replace("10 -m pip\n", "10 -m pip,\npython3.11 -m pip\n"))


def test_pins_on_lines_come_and_go():
    check_steps(".python-version", "3.8.16\n# usual\n3.9.1\n", "-3.8", "# usual\n3.9.1\n")
    check_steps(".python-version", "3.9.1\n3.8.1\n", "-3.8", "3.9.1\n")
    check_steps(".python-version", "3.9\n3.8\n3.7\n", "-3.8 -3.7", "3.9\n")


def test_a_list_within_a_list_is_not_taken_apart():
    before = "python:\n- - '3.8'\n  - '3.9'\n"
    check_matrix(before, "-3.8", "python:\n- - '3.9'\n")
