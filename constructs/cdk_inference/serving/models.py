"""Where a model comes from: an S3 prefix (uncompressed), an S3 archive, or the Hugging Face hub (hub.py).

Rules: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_S3ModelDataSource.html (read 2026-11-23).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from cdk_inference.core.checks import has_members, instance_of, is_token
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.serving.hub import HuggingFaceModel
from cdk_inference.serving.sizes import size_problem

S3_URI_MAX = 1024  # characters, S3ModelUri in botocore 1.44.5
S3_NAME_MAX = 255  # bytes of one file or folder name, same page as above
ARCHIVE_SUFFIX = ".tar.gz"  # https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html


class Key(Protocol):
    """The members that an encryption key needs; any `aws_kms.IKey` fits."""

    @property
    def key_arn(self) -> str: ...


class Bucket(Protocol):
    """The members that a bucket needs; any `aws_s3.IBucket` fits."""

    @property
    def bucket_arn(self) -> str: ...

    @property
    def bucket_name(self) -> str: ...

    @property
    def encryption_key(self) -> Key | None: ...


@dataclass(frozen=True, kw_only=True)
class S3Model:
    """Uncompressed model files: every object under `prefix` lands in /opt/ml/model.

    prefix: key prefix inside the bucket, ending in "/" ("llama-3.1-8b/").
    size_gb: size of all objects, gigabytes (1e9 bytes), above 0. Start-up time-outs and the storage volume follow
        from it. There is no default: nobody knows it but you (`aws s3 ls --summarize --recursive`).
    bucket: the bucket, in the endpoint's region. None until `Server.in_bucket` names it, so that settings can be
        written before any bucket exists.
    accept_eula: say True once you accept the end-user licence of a gated model in a private JumpStart bucket
        (jumpstart-private-cache-prod-<region>), which is refused without. Default False.

    Raises ConfigurationError.
    """

    prefix: str
    size_gb: float
    bucket: Bucket | None = None
    accept_eula: bool = False

    def __post_init__(self) -> None:
        raise_problems(
            "S3Model",
            _key_problem("prefix", self.prefix, "/"),
            size_problem("size_gb", self.size_gb, _LISTED_SIZE),
            _bucket_problem(self.bucket),
            instance_of("accept_eula", self.accept_eula, bool, "True or False", _EULA),
        )

    @property
    def key(self) -> str:
        return self.prefix

    @property
    def disk_gb(self) -> float:
        """Room that the files take on the instance, gigabytes."""
        return self.size_gb


@dataclass(frozen=True, kw_only=True)
class S3Archive:
    """One gzip-compressed tar archive, unpacked into /opt/ml/model.

    key: the object's key, ending in ".tar.gz".
    size_gb: size of the archive, gigabytes (1e9 bytes), above 0.
    unpacked_gb: size of the files inside, gigabytes; at least `size_gb`.
    bucket, accept_eula: as in `S3Model`.

    Raises ConfigurationError.
    """

    key: str
    size_gb: float
    unpacked_gb: float
    bucket: Bucket | None = None
    accept_eula: bool = False

    def __post_init__(self) -> None:
        size = size_problem("size_gb", self.size_gb, _LISTED_SIZE)
        unpacked = size_problem("unpacked_gb", self.unpacked_gb, "give the size of the files inside the archive")
        if size is None and unpacked is None and self.unpacked_gb < self.size_gb:
            unpacked = Problem(
                "unpacked_gb",
                self.unpacked_gb,
                f"at least size_gb ({self.size_gb:g})",
                "give the size of the files inside the archive, not of the archive",
            )
        key = _key_problem("key", self.key, ARCHIVE_SUFFIX)
        eula = instance_of("accept_eula", self.accept_eula, bool, "True or False", _EULA)
        raise_problems("S3Archive", key, size, unpacked, _bucket_problem(self.bucket), eula)

    @property
    def disk_gb(self) -> float:
        """Room for the archive and its files at once, gigabytes."""
        return self.size_gb + self.unpacked_gb


S3Source = S3Model | S3Archive
ModelSource = S3Source | HuggingFaceModel


_KEY_MAX = S3_URI_MAX - len("s3:///") - 63  # beside the longest bucket name
_EULA = "write True once you accept the model's end-user licence"
_LISTED_SIZE = "give the size in gigabytes, from `aws s3 ls --summarize --recursive`"


def _bucket_problem(bucket: object) -> Problem | None:
    if bucket is None or has_members(bucket, "bucket_arn", "bucket_name", "encryption_key"):
        return None
    fix = 'for example s3.Bucket.from_bucket_name(self, "Models", "my-models")'
    return Problem("bucket", bucket, "a bucket (aws_s3.IBucket)", fix)


def _key_problem(argument: str, key: object, ending: str) -> Problem | None:
    """Why SageMaker would not take `key`, which must end in `ending`."""
    if is_token(key):
        return None
    what = f'a key inside the bucket, ending in "{ending}"'
    if not isinstance(key, str) or not key:
        return Problem(argument, key, what, f'for example "my-model{ending}"')
    if key.startswith("s3://"):
        return Problem(argument, key, what, f"write the bucket as bucket=..., and the rest as {argument}=...")
    if not key.endswith(ending):
        stem = key.rstrip("/").removesuffix(ARCHIVE_SUFFIX)
        folder, archive = f'S3Model(prefix="{stem}/")', f'S3Archive(key="{stem}{ARCHIVE_SUFFIX}")'
        if key.endswith(("/", ARCHIVE_SUFFIX)):
            return Problem(argument, key, what, f"write {folder if key.endswith('/') else archive}")
        other = f"{archive} for an archive" if ending == "/" else f"{folder} for a folder"
        return Problem(argument, key, what, f'write "{stem}{ending}", or {other}')
    if key.startswith("/") and key.strip("/"):
        allowed = "a key inside the bucket, which begins without a slash"
        return Problem(argument, key, allowed, f'write "{key.lstrip("/")}"')
    # In a policy * and ? would widen the permission, and ${ begin a variable; the rest breaks the S3 URI.
    if found := sorted({character for character in key if character in "*?$" or ord(character) < 32}):
        return Problem(argument, key, f"keys without {', '.join(map(repr, found))}", "rename the objects")
    names = key.removesuffix("/").split("/")
    if any(name.strip() in ("", ".", "..") for name in names):
        return Problem(argument, key, 'names other than "", "." and ".."', "rename the objects")
    longest = max(len(name.encode(errors="surrogatepass")) for name in names)
    if longest > S3_NAME_MAX or len(key) > _KEY_MAX:
        allowed = f"names up to {S3_NAME_MAX} bytes, {_KEY_MAX} characters in all"
        return Problem(argument, key, allowed, "use a shorter key")
    return None
