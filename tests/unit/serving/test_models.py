"""Where a model comes from: what is refused, in whole messages, and the room that the files take."""

from __future__ import annotations

import math
from dataclasses import FrozenInstanceError
from types import SimpleNamespace
from typing import Any

import pytest

from cdk_inference.hardware import instance_types
from cdk_inference.serving import S3Archive, S3Model
from cdk_inference.serving.sizes import SIZE_GB_MAX
from tests.each import each
from tests.refusals import NUMBER_TOKEN, TEXT_TOKEN, refusal_of

BUCKET = SimpleNamespace(bucket_arn="arn:aws:s3:::models", bucket_name="models", encryption_key=None)
PREFIX: dict[str, Any] = {"prefix": "llama/", "size_gb": 16.1}
ARCHIVE: dict[str, Any] = {"key": "bert.tar.gz", "size_gb": 0.4, "unpacked_gb": 0.5}

FOLDER = 'a key inside the bucket, ending in "/"'
TAR = 'a key inside the bucket, ending in ".tar.gz"'
SLASH = "a key inside the bucket, which begins without a slash"
LONG = ("names up to 255 bytes, 955 characters in all", "use a shorter key")
NAMES = ('names other than "", "." and ".."', "rename the objects")
LISTED = "give the size in gigabytes, from `aws s3 ls --summarize --recursive`"
UNPACKED = "give the size of the files inside the archive"
POSITIVE = "a number above 0, at most 100000"


def refusal(value: type, arguments: dict[str, Any]) -> str:
    return refusal_of(value, **arguments)


@each("prefix", ["a/", "a/b/", ".hidden/", "a b/", "ü/", "x" * 255 + "/", TEXT_TOKEN], ids=ascii)
def test_a_prefix_is_taken(prefix: str) -> None:
    assert S3Model(prefix=prefix, size_gb=1).key == prefix


@each(
    ("prefix", "allowed", "fix"),
    [
        *((wrong, FOLDER, 'for example "my-model/"') for wrong in (None, "", 0, True, 1.5, b"a/", ["a/"], {})),
        ("llama", FOLDER, 'write "llama/", or S3Archive(key="llama.tar.gz") for an archive'),
        ("bert.tar.gz", FOLDER, 'write S3Archive(key="bert.tar.gz")'),
        ("/llama/", SLASH, 'write "llama/"'),
        ("s3://models/llama/", FOLDER, "write the bucket as bucket=..., and the rest as prefix=..."),
        *((wrong, *NAMES) for wrong in ("/", "a//b/", "a/../b/", "./a/", " /", "a/ ./")),
        ("x" * 256 + "/", *LONG),
        ("é" * 128 + "/", *LONG),
        ("\ud800" * 86 + "/", *LONG),
        ("abcde/" * 160, *LONG),
    ],
    ids=lambda value: ascii(value)[:30],
)
def test_a_wrong_prefix_is_refused(prefix: object, allowed: str, fix: str) -> None:
    assert refusal(S3Model, PREFIX | {"prefix": prefix}) == (
        f"S3Model: prefix: got {prefix!r}; allowed: {allowed}; fix: {fix}"
    )


@each("key", ["bert.tar.gz", "a/b.tar.gz", "x" * 248 + ".tar.gz", TEXT_TOKEN])
def test_the_key_of_an_archive_is_taken(key: str) -> None:
    assert S3Archive(**ARCHIVE | {"key": key}).key == key


@each(
    ("key", "allowed", "fix"),
    [
        *((wrong, TAR, 'for example "my-model.tar.gz"') for wrong in (None, "", 7, b"a.tar.gz", ["a.tar.gz"])),
        ("bert", TAR, 'write "bert.tar.gz", or S3Model(prefix="bert/") for a folder'),
        ("bert/", TAR, 'write S3Model(prefix="bert/")'),
        ("bert.tar.gz/", TAR, 'write S3Model(prefix="bert/")'),
        ("s3://models/bert.tar.gz", TAR, "write the bucket as bucket=..., and the rest as key=..."),
        ("/bert.tar.gz", SLASH, 'write "bert.tar.gz"'),
        ("a/../bert.tar.gz", *NAMES),
        ("x" * 249 + ".tar.gz", *LONG),
        ("a/" * 475 + ".tar.gz", *LONG),  # 957 characters
    ],
    ids=lambda value: ascii(value)[:30],
)
def test_a_wrong_key_is_refused(key: object, allowed: str, fix: str) -> None:
    assert refusal(S3Archive, ARCHIVE | {"key": key}) == (
        f"S3Archive: key: got {key!r}; allowed: {allowed}; fix: {fix}"
    )


def test_a_key_of_955_characters_still_fits_beside_the_longest_bucket_name() -> None:
    key = "a/" * 474 + ".tar.gz"
    assert (len(key), len("s3://") + 63 + len("/") + len(key)) == (955, 1024)
    assert S3Archive(**ARCHIVE | {"key": key}).key == key


WRONG_SIZES = [None, True, False, 0, -0.0, -1, math.nan, math.inf, -math.inf, 10**400, 100_001, 16e9, "16", [1], {}]


@each("size", WRONG_SIZES, ids=lambda value: repr(value)[:20])
def test_a_wrong_size_is_refused(size: object) -> None:
    message = f"size_gb: got {size!r}; allowed: {POSITIVE}; fix: {LISTED}"
    assert refusal(S3Model, PREFIX | {"size_gb": size}) == f"S3Model: {message}"
    assert refusal(S3Archive, ARCHIVE | {"size_gb": size}) == f"S3Archive: {message}"


@each("size", WRONG_SIZES, ids=lambda value: repr(value)[:20])
def test_a_wrong_unpacked_size_is_refused(size: object) -> None:
    assert refusal(S3Archive, ARCHIVE | {"unpacked_gb": size}) == (
        f"S3Archive: unpacked_gb: got {size!r}; allowed: {POSITIVE}; fix: {UNPACKED}"
    )


@each("token", [NUMBER_TOKEN, TEXT_TOKEN])
def test_sizes_must_be_known_now_since_sums_follow_from_them(token: object) -> None:
    told = "got 'a value known at deployment only'; allowed: a plain number; fix:"
    assert refusal(S3Model, PREFIX | {"size_gb": token}) == f"S3Model: size_gb: {told} {LISTED}"
    assert refusal(S3Archive, ARCHIVE | {"unpacked_gb": token}) == f"S3Archive: unpacked_gb: {told} {UNPACKED}"


def test_the_largest_size_is_more_than_any_type_holds() -> None:
    assert max(known.nvme_gb or 0 for known in instance_types()) < SIZE_GB_MAX
    assert S3Model(prefix="a/", size_gb=SIZE_GB_MAX).size_gb == 100_000


def test_files_take_at_least_the_room_of_their_archive() -> None:
    assert refusal(S3Archive, ARCHIVE | {"size_gb": 2, "unpacked_gb": 1.5}) == (
        "S3Archive: unpacked_gb: got 1.5; allowed: at least size_gb (2);"
        " fix: give the size of the files inside the archive, not of the archive"
    )


def test_an_archive_may_be_as_large_as_its_files() -> None:
    assert S3Archive(key="a.tar.gz", size_gb=2, unpacked_gb=2).disk_gb == 4


@each("bucket", [None, BUCKET])
def test_a_bucket_is_taken_or_left_for_later(bucket: Any) -> None:
    assert S3Model(**PREFIX, bucket=bucket).bucket is bucket
    assert S3Archive(**ARCHIVE, bucket=bucket).bucket is bucket


@each(
    "bucket", ["models", 5, True, [], {}, TEXT_TOKEN, SimpleNamespace(bucket_name="a"), SimpleNamespace(bucket_arn="a")]
)
def test_anything_else_is_no_bucket(bucket: object) -> None:
    message = (
        f"bucket: got {bucket!r}; allowed: a bucket (aws_s3.IBucket);"
        ' fix: for example s3.Bucket.from_bucket_name(self, "Models", "my-models")'
    )
    assert refusal(S3Model, PREFIX | {"bucket": bucket}) == f"S3Model: {message}"
    assert refusal(S3Archive, ARCHIVE | {"bucket": bucket}) == f"S3Archive: {message}"


def test_an_archive_tells_every_problem_at_once() -> None:
    assert refusal(S3Archive, {"key": "bert", "size_gb": 0, "unpacked_gb": None, "bucket": "models"}) == (
        "S3Archive has 4 problems:\n"
        f'  1. key: got \'bert\'; allowed: {TAR}; fix: write "bert.tar.gz", or S3Model(prefix="bert/") for a folder\n'
        f"  2. size_gb: got 0; allowed: {POSITIVE}; fix: {LISTED}\n"
        f"  3. unpacked_gb: got None; allowed: {POSITIVE}; fix: {UNPACKED}\n"
        "  4. bucket: got 'models'; allowed: a bucket (aws_s3.IBucket);"
        ' fix: for example s3.Bucket.from_bucket_name(self, "Models", "my-models")'
    )


def test_a_model_tells_every_problem_at_once() -> None:
    assert refusal(S3Model, {"prefix": "llama", "size_gb": False}) == (
        "S3Model has 2 problems:\n"
        f'  1. prefix: got \'llama\'; allowed: {FOLDER}; fix: write "llama/", or S3Archive(key="llama.tar.gz") for an archive\n'
        f"  2. size_gb: got False; allowed: {POSITIVE}; fix: {LISTED}"
    )


def test_an_archive_and_its_files_lie_on_the_disk_together() -> None:
    assert S3Archive(key="a.tar.gz", size_gb=10, unpacked_gb=15).disk_gb == 25


def test_uncompressed_files_take_their_own_room() -> None:
    assert S3Model(prefix="a/", size_gb=16.1).disk_gb == 16.1


def test_a_model_cannot_be_changed_after_its_checks() -> None:
    with pytest.raises(FrozenInstanceError):
        S3Model(**PREFIX).size_gb = 0
