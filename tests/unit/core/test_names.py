"""Physical names: a table by hand, and what holds for every name."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from cdk_inference.core.names import ENDPOINT_NAME_PATTERN, fitted_name, physical_name
from tests.each import each

TEXT = st.text(max_size=80)
PATHS = st.lists(TEXT, max_size=4)


@each(
    ("stack", "path", "name"),
    [
        ("fleet", ["Chat"], "fleet-chat"),
        ("Fleet", ["Chat", "Inner"], "fleet-chat-inner"),
        ("fleet", [], "fleet"),
        ("my_fleet", ["Chat 2"], "my-fleet-chat-2"),
        ("fleet--dev", ["-Chat-"], "fleet-dev-chat"),
        ("fleet", ["", "Chat"], "fleet-chat"),
        ("flotte", ["Über"], "flotte-ber"),
        ("a" * 61, ["b"], "a" * 61 + "-b"),  # 63 characters
        # The first 8 digits of `printf 'aaa...a/bb' | sha256sum`, and of the same for "" and "é".
        ("a" * 61, ["bb"], "a" * 54 + "-ed069cb9"),
        ("", [], "e3b0c442"),
        ("é", [], "4a99557e"),
    ],
)
def test_names_by_hand(stack: str, path: list[str], name: str) -> None:
    assert physical_name(stack, path) == name


STACK = "${Token[AWS.StackName.7]}"


@each(
    ("begin", "end", "name"),
    [
        ("Fleet-Cost-chat", "idle", "Fleet-Cost-chat-idle"),
        ("F" * 250, "idle", "F" * 250 + "-idle"),  # 255 characters
        # The first 8 digits of `printf 'FFF...F' | sha256sum` with 251; 241 + 1 + 8 + 1 + 4 = 255 characters.
        ("F" * 251, "idle", "F" * 241 + "-9816d1f9-idle"),
        # A stack's name has up to 128 characters: 128 + 122 + 1 + 4 = 255.
        (f"{STACK}-" + "c" * 121, "idle", f"{STACK}-" + "c" * 121 + "-idle"),
        # 128 + 1 + 112 + 1 + 8 + 1 + 4 = 255, and the hash is that of "-ccc...c" with 122.
        (f"{STACK}-" + "c" * 122, "idle", f"{STACK}-" + "c" * 112 + "-d2b73aa0-idle"),
    ],
)
def test_names_of_alarms_by_hand(begin: str, end: str, name: str) -> None:
    assert fitted_name("alarm", begin, end) == name


def test_tokens_beyond_all_room_leave_a_hash() -> None:
    begin = f"{STACK}-{STACK}-{STACK}-chat"
    assert re.fullmatch(rf"({re.escape(STACK)}-){{3}}[0-9a-f]{{8}}-idle", fitted_name("alarm", begin, "idle"))


def test_a_cut_leaves_no_hyphen_before_the_hash() -> None:
    name = physical_name("a" * 52, ["b", "c" * 20])  # the cut at 54 falls behind the b and its hyphen
    assert re.fullmatch(r"a{52}-b-[0-9a-f]{8}", name)
    name = physical_name("a" * 53, ["b" * 20])  # here it falls behind the first hyphen
    assert re.fullmatch(r"a{53}-[0-9a-f]{8}", name)


def test_two_long_names_with_the_same_beginning_differ() -> None:
    assert physical_name("a" * 63, ["one"]) != physical_name("a" * 63, ["two"])


def test_a_long_name_tells_where_one_id_ends() -> None:
    assert physical_name("a" * 63, ["b", "c"]) != physical_name("a" * 63, ["b-c"])


@given(TEXT, PATHS)
def test_every_name_is_one_that_the_api_takes(stack: str, path: list[str]) -> None:
    name = physical_name(stack, path)
    assert re.fullmatch(ENDPOINT_NAME_PATTERN, name)
    assert len(name) <= 63
    assert name == name.lower()


@given(TEXT, PATHS, st.integers(min_value=9, max_value=63))
def test_every_name_keeps_to_its_limit(stack: str, path: list[str], limit: int) -> None:
    assert 1 <= len(physical_name(stack, path, limit=limit)) <= limit


@given(TEXT, PATHS)
def test_the_same_place_has_the_same_name(stack: str, path: list[str]) -> None:
    assert physical_name(stack, path) == physical_name(stack, tuple(path))


@given(TEXT, TEXT)
def test_different_ends_of_long_names_are_different_names(one: str, other: str) -> None:
    names = {physical_name("a" * 70, [end]) for end in (one, other)}
    assert len(names) == len({one, other})
