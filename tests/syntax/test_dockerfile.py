import pytest
from hypothesis import given
from hypothesis import strategies as st

from bootstrap.errors import MalformedFileError
from bootstrap.syntax import dockerfile
from bootstrap.syntax.tree import Scalar, Table, walk

WHOLE = """\
# syntax=docker/dockerfile:1
ARG PYTHON_VERSION=3.11
FROM --platform=$BUILDPLATFORM python:${PYTHON_VERSION}-slim AS base
  # the tools
ENV A=1 \\
    # inner
    B='3.11 x' \\

    C="3.11"
from base
RUN apt-get update && \\
    # curl
    apt-get install python3.11
RUN <<EOF
FROM python:3.9
EOF
CMD ["python3.11"]
"""


def texts(data):
    """Return path, text and quote of every scalar, and check that each is where it says it is."""
    found = []
    for path, node in walk(dockerfile.read(data) or Table(0, 0, ())):
        if isinstance(node, Scalar):
            assert data[node.start : node.end].decode("latin-1") == node.text
            if node.quote:
                assert (
                    data[node.outer_start : node.outer_end].decode("latin-1") == f"{node.quote}{node.text}{node.quote}"
                )
            found.append((*path, node.text))
    return found


def image(line):
    """Return the parts of a FROM."""
    (parts,) = [member.value for member in dockerfile.read(line.encode()).members if member.name == "FROM"]
    return {member.name: member.value.text for member in parts.members}


def test_instructions_and_comments_are_found():
    assert texts(WHOLE.encode()) == [
        ("#", "syntax=docker/dockerfile:1"),
        ("ARG", "PYTHON_VERSION", "3.11"),
        ("FROM", "platform", "$BUILDPLATFORM"),
        ("FROM", "image", "python"),
        ("FROM", "tag", "${PYTHON_VERSION}-slim"),
        ("FROM", "as", "base"),
        ("#", "the tools"),
        ("ENV", "A", "1"),
        ("ENV", "B", "3.11 x"),
        ("ENV", "C", "3.11"),
        ("#", "inner"),
        ("FROM", "image", "base"),
        ("RUN", "apt-get update && \\\n    # curl\n    apt-get install python3.11"),
        ("RUN", "<<EOF\nFROM python:3.9\nEOF"),
        ("CMD", '["python3.11"]'),
    ]


def test_the_second_reader_joins_lines():
    assert dockerfile.load(WHOLE.encode()) == [
        ["ARG", "PYTHON_VERSION=3.11"],
        ["FROM", "--platform=$BUILDPLATFORM python:${PYTHON_VERSION}-slim AS base"],
        ["ENV", "A=1     B='3.11 x'     C=\"3.11\""],
        ["FROM", "base"],
        ["RUN", "apt-get update &&     apt-get install python3.11"],
        ["RUN", "<<EOF\nFROM python:3.9\nEOF"],
        ["CMD", '["python3.11"]'],
    ]


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\ufeff" + text,
        lambda text: text.rstrip("\n"),
        lambda text: text.replace("the tools", "die Werkzeuge für alle"),
        lambda text: text.replace(" \\\n", " \\  \n"),
        lambda text: "# escape=`\n" + text.replace("\\\n", "`\n"),
    ],
)
def test_a_file_says_the_same_however_it_is_stored(change):
    data = change(WHOLE).encode()

    def plain(found):
        return ["".join(one[-1].split()).replace("`", "").replace("\\", "") for one in found if one[0] != "#"]

    assert plain(texts(data)) == plain(texts(WHOLE.encode()))
    assert ["".join(words[1].split()) for words in dockerfile.load(data)] == [
        "".join(words[1].split()) for words in dockerfile.load(WHOLE.encode())
    ]


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("FROM python", {"image": "python"}),
        ("FROM python:3.11.4-slim-bookworm", {"image": "python", "tag": "3.11.4-slim-bookworm"}),
        ("from docker.io/library/python:3 as x", {"image": "docker.io/library/python", "tag": "3", "as": "x"}),
        ("FROM localhost:5000/python", {"image": "localhost:5000/python"}),
        ("FROM r:5000/uv:python3.12-alpine", {"image": "r:5000/uv", "tag": "python3.12-alpine"}),
        ("FROM python@sha256:00ff", {"image": "python", "digest": "sha256:00ff"}),
        ("FROM python:3.9@sha256:00ff\tAS\tx", {"image": "python", "tag": "3.9", "digest": "sha256:00ff", "as": "x"}),
        ("FROM ${R:-a.b/c}python:${V:-3.11}", {"image": "${R:-a.b/c}python", "tag": "${V:-3.11}"}),
        ("FROM a:${V:-${W:-3}}-x}@${D}", {"image": "a", "tag": "${V:-${W:-3}}-x}", "digest": "${D}"}),
        ("FROM $IMAGE", {"image": "$IMAGE"}),
        ('FROM "python:3.9"', {"image": "python", "tag": "3.9"}),
        ("FROM --platform='linux/arm64' --other=1 a:1", {"platform": "linux/arm64", "image": "a", "tag": "1"}),
        ("FROM \\\n  # old\n  python:3.9 \\\n  AS x", {"image": "python", "tag": "3.9", "as": "x"}),
    ],
)
def test_an_image_is_taken_apart(line, parts):
    assert image(line) == parts
    assert {one[-2]: one[-1] for one in texts(line.encode()) if one[0] == "FROM"} == parts


@pytest.mark.parametrize(
    ("line", "pairs"),
    [
        ("ARG A", {"A": ""}),
        ("ARG A=", {"A": ""}),
        ('ARG A=1 B="2" C', {"A": "1", "B": "2", "C": ""}),
        ("ENV A=1", {"A": "1"}),
        ("ENV A 3.11 and more ", {"A": "3.11 and more"}),
        ("ENV A '3.11'", {"A": "3.11"}),
        ('ENV A="a \\" b" B=c\\ d E=\'x\'"y"', {"A": 'a \\" b', "B": "c\\ d", "E": "'x'\"y\""}),
        ("ENV A=x=y", {"A": "x=y"}),
        ('LABEL "a.b"="c d" e.f=3.9', {"a.b": "c d", "e.f": "3.9"}),
        ("LABEL maintainer me", {"maintainer": "me"}),
        ("ENV A=1 \\\nB=2", {"A": "1", "B": "2"}),
    ],
)
def test_names_and_values_are_taken_apart(line, pairs):
    ((_, table),) = [(member.name, member.value) for member in dockerfile.read(line.encode()).members]
    assert {member.name: member.value.text for member in table.members} == pairs
    assert texts(line.encode())


def test_quotes_stand_outside_of_a_value():
    data = b'ENV A="3.9" B=3'
    quoted, plain = (member.value for member in dockerfile.read(data).members[0].value.members)
    assert (quoted.quote, data[quoted.outer_start : quoted.outer_end]) == ('"', b'"3.9"')
    assert (plain.quote, data[plain.outer_start : plain.outer_end]) == ("", b"3")


@pytest.mark.parametrize(
    "run",
    [
        "RUN <<EOF\nFROM x\nEOF",
        "RUN 3<<-'EOF' cat\n\t# x\n\tEOF",
        'COPY <<A <<"B" /x\nFROM b\nB\nA\nA\nB',
        "ONBUILD RUN <<E\n{% if %}\nE",
        "RUN cat \\\n  <<E \\\n  > x\nFROM a\nE",
    ],
)
def test_a_here_document_belongs_to_its_instruction(run):
    for text in (run, run.replace("\n", "\r\n")):
        data = f"{text}\nUSER x\n".encode()
        member, user = dockerfile.read(data).members
        assert data[member.start : member.end].decode() == text
        assert user.name == "USER"
        first, second = dockerfile.load(data)
        assert second == ["USER", "x"]
        assert first[1].splitlines()[-1] == run.splitlines()[-1]


@pytest.mark.parametrize(
    "run",
    [
        "RUN echo $((1<<2))",
        "RUN echo '\nx <<EOF '".replace("\n", ""),
        'RUN ["sh", "-c", "<<EOF"]',
        "RUN cat <<<x",
        "RUN a<<EOF",
        "RUN echo it's <<EOF",
        'RUN echo \\"x\\" 1 << 2',
        "RUN echo <<''",
        "CMD cat <<EOF",
        "RUN docker inspect -f '{{ .Name }}'",
    ],
)
def test_not_everything_with_two_signs_is_a_here_document(run):
    data = f"{run}\nUSER x".encode()
    assert [one[0] for one in texts(data)] == [one[0] for one in dockerfile.load(data)] == [run.split()[0], "USER"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("# escape=`\nRUN a \\\nUSER b `\n c", ["RUN", "USER"]),
        ("# syntax=x\n# escape = ` \nRUN a `\nUSER b", ["RUN"]),
        ("#\n# escape=`\nRUN a \\\nUSER b", ["RUN"]),
        ("\n# escape=`\nRUN a \\\nUSER b", ["RUN"]),
        ("# escape=x\nRUN a \\\nUSER b", ["RUN"]),
        ("RUN a \\\\\nUSER b", ["RUN", "USER"]),
        ("RUN a \\ \n\n\n  # c \\\n\\\n b\nUSER b", ["RUN", "USER"]),
        ("RUN a \\", ["RUN"]),
        ("RUN a \\\n# c", ["RUN"]),
        ("CMD", ["CMD"]),
    ],
)
def test_a_line_goes_on_behind_an_escape(text, names):
    found = [member.name for member in dockerfile.read(text.encode()).members if member.name != "#"]
    assert found == [name for name, _ in dockerfile.load(text.encode())] == names


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\n \r\n"])
def test_a_file_without_a_line_is_empty(data):
    assert dockerfile.read(data) is None
    assert dockerfile.load(data) == []


def test_a_comment_can_be_empty():
    assert texts(b"#\n#  \n  # a \r\n") == [("#", ""), ("#", ""), ("#", "a")]
    assert dockerfile.load(b"#\n") == []


def test_a_file_can_consist_of_directives():
    assert texts(b"# syntax=x\n# check=y") == [("#", "syntax=x"), ("#", "check=y")]
    assert dockerfile.load(b"# syntax=x\n# check=y") == []


@pytest.mark.parametrize(
    ("text", "line", "column", "reason"),
    [
        ("FROM x\n{% if a %}\nRUN b\n{% endif %}", 2, 1, "template"),
        ("FROM x:{{ tag }}", 1, 6, "template"),
        ("FROM x\nARG A={{ b }}", 2, 5, "template"),
        ("\ufeffFORM x", 1, 1, "no such instruction"),
        ("\ufeffFROM x y", 1, 6, "FROM takes"),
        ("FROM x\n  FROM a IN b", 2, 8, "FROM takes"),
        ("FROM", 1, 5, "FROM takes"),
        ("FROM :3", 1, 6, "FROM takes"),
        ("FROM x\n\nARG", 3, 4, "has no arguments"),
        ("ENV A", 1, 5, "NAME=value"),
        ("ENV A=1 \\\n  B", 2, 3, "NAME=value"),
        ("LABEL =x", 1, 7, "NAME=value"),
        ("ENV A=it's", 1, 9, "quote"),
        ('ENV A="x\nRUN b', 1, 7, "quote"),
        ("FROM x\nRUN <<A cat\nb", 2, 1, "here-document"),
        ("FROM x\0", None, None, "not a text file"),
    ],
)
def test_what_is_malformed_is_refused_with_its_place(text, line, column, reason):
    with pytest.raises(MalformedFileError) as caught:
        dockerfile.read(text.encode(), "Dockerfile")
    assert reason in caught.value.message
    assert (caught.value.path, caught.value.line, caught.value.column) == ("Dockerfile", line, column)


@pytest.mark.parametrize(
    ("data", "line"), [(b"FROM x\n\nFORM x", 3), (b"RUN a\nRUN <<A\n", 2), ("FROM x".encode("utf-16"), None)]
)
def test_the_second_reader_refuses_too(data, line):
    with pytest.raises(MalformedFileError) as caught:
        dockerfile.load(data, "Dockerfile")
    assert (caught.value.path, caught.value.line) == ("Dockerfile", line)


LINES = st.lists(
    st.sampled_from(
        [
            *("FROM python:3.9 AS x", "ARG A=3 B", 'ENV A="x \\', "USER x\\\\", "RUN a \\", 'RUN echo "<<E" \'a'),
            *("RUN cat <<E", "RUN cat <<-E \\", "  COPY <<E <<'F' \\  ", "E", "\tE", "F"),
            *("# c", "  # d \\", "", "\\", "b 'c", "ß"),
        ]
    ),
    max_size=12,
)


@given(lines=LINES, end=st.sampled_from(["\n", "\r\n"]), is_windows=st.booleans())
def test_both_readers_see_the_same_instructions(lines, end, is_windows):
    data = end.join(["# escape=`", *(line.replace("\\", "`") for line in lines)] if is_windows else lines).encode()
    try:
        members = (dockerfile.read(data) or Table(0, 0, ())).members
    except MalformedFileError:
        return
    found = [member for member in members if member.name != "#"]
    other = dockerfile.load(data)
    assert [member.name for member in found] == [name for name, _ in other]
    for member, (_, arguments) in zip(found, other, strict=True):
        for _, node in walk(member.value):
            if isinstance(node, Scalar):
                assert all(word in arguments for word in node.text.split("\n")[-1].split())


def test_what_is_not_closed_takes_no_more_time_than_its_length():
    data = b"RUN " + b'"a\\x' * 100_000 + b"\nRUN " + b"' \" " * 100_000 + b"\nFROM " + b"${" * 100_000
    assert [one[0] for one in texts(data)] == ["RUN", "RUN", "FROM"]
