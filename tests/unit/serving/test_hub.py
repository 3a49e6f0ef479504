"""Models from the Hugging Face hub: variables by hand, refusals in whole messages, and the token that stays out."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdk_inference.core.errors import ConfigurationError
from cdk_inference.hardware import lookup
from cdk_inference.serving import (
    Container,
    EcrImage,
    HuggingFaceModel,
    Lmi,
    S3Model,
    SgLang,
    StartupTimeouts,
    Tei,
    TeiCpu,
    Tgi,
    TokenInEnvironment,
    Vllm,
)
from cdk_inference.serving.presets import PRESETS, AwsServer
from cdk_inference.serving.startup import volume_gb
from cdk_inference.serving.startup_sum import StartupSum, startup_timeouts
from tests.each import each
from tests.refusals import refusal_of
from tests.unit.serving.made_presets import made

COMMIT = "0e9e39f249a16976918f6564b8830bc894c89659"
ID = "meta-llama/Llama-3.1-8B-Instruct"


class Secret:
    """Stands for `aws_secretsmanager.ISecret`."""

    secret_value = SimpleNamespace(unsafe_unwrap=lambda: "{{resolve:whole}}")

    def secret_value_from_json(self, key: str) -> Any:
        return SimpleNamespace(unsafe_unwrap=lambda: f"{{{{resolve:{key}}}}}")


TOKEN = TokenInEnvironment(secret=Secret(), json_field="token")
PLAIN = HuggingFaceModel(model_id=ID, revision=COMMIT, size_gb=16.1)
GATED = HuggingFaceModel(model_id=ID, revision=COMMIT, size_gb=16.1, token=TOKEN)


def refusal(kind: type, **arguments: Any) -> str:
    return refusal_of(kind, **arguments)


@each(
    ("kind", "model", "revision"),
    [
        (Lmi, "HF_MODEL_ID", "HF_REVISION"),
        (Vllm, "SM_VLLM_MODEL", "SM_VLLM_REVISION"),
        (SgLang, "SM_SGLANG_MODEL_PATH", "SM_SGLANG_REVISION"),
        (Tgi, "HF_MODEL_ID", "HF_MODEL_REVISION"),
        (Tei, "HF_MODEL_ID", "HF_MODEL_REVISION"),
        (TeiCpu, "HF_MODEL_ID", "HF_MODEL_REVISION"),
    ],
)
def test_the_variables_of_a_hub_model(kind: type[AwsServer], model: str, revision: str) -> None:
    without = {name: value for name, value in made(kind).variables.items() if name != model}
    assert made(kind, model=PLAIN).variables == {**without, model: ID, revision: COMMIT}
    assert made(kind, model=GATED).variables == {
        **without,
        model: ID,
        revision: COMMIT,
        "HF_TOKEN": "{{resolve:token}}",
    }


def test_the_sources_of_the_variables_have_a_date() -> None:
    sources = {preset.__name__: preset.hub.source for preset in PRESETS if preset.hub}
    assert sorted(sources) == ["Lmi", "SgLang", "Tei", "TeiCpu", "Tgi", "Vllm"]
    assert [name for name, source in sources.items() if "https://" not in source or "(20" not in source] == []


@each("kind", [preset for preset in PRESETS if preset.hub is None])
def test_other_presets_take_their_model_from_s3(kind: type[AwsServer]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        made(kind, model=PLAIN)
    assert str(caught.value) == (
        f"{kind.__name__}: model: got '{ID} from the Hugging Face hub'; allowed: S3Model or S3Archive: {kind.__name__}"
        " takes its model from S3 only; fix: copy the model into S3 and write S3Model(...)"
    )


def test_a_container_takes_its_model_from_s3() -> None:
    image = EcrImage(repository=SimpleNamespace(repository_arn="arn", repository_uri_for_tag_or_digest=str), tag="1")
    assert refusal(Container, model=PLAIN, image=image, runs_on=("gpu",)) == (
        f"Container: model: got '{ID} from the Hugging Face hub'; allowed: S3Model or S3Archive: Container takes its"
        " model from S3 only; fix: copy the model into S3 and write S3Model(...)"
    )


REVISION = (
    "allowed: a commit (40 hexadecimal digits) or a tag: what a branch points to changes;"
    ' fix: copy the commit from the model\'s page, "Files and versions"'
)


@each("revision", ["main", "master", "HEAD", "", "-x", "a b", None, 7])
def test_a_revision_is_pinned(revision: Any) -> None:
    assert refusal(HuggingFaceModel, model_id=ID, revision=revision, size_gb=1) == (
        f"HuggingFaceModel: revision: got {revision!r}; {REVISION}"
    )


def test_everything_wrong_is_told_and_a_token_is_not_repeated() -> None:
    message = refusal(HuggingFaceModel, model_id="a/b/c", revision="main", size_gb=0, token="hf_secret")
    assert message == (
        "HuggingFaceModel has 4 problems:\n"
        "  1. model_id: got 'a/b/c'; allowed: \"owner/name\" as on the hub; fix: copy it from the model's page\n"
        f"  2. revision: got 'main'; {REVISION}\n"
        "  3. size_gb: got 0; allowed: a number above 0, at most 100000;"
        " fix: add up the files of the revision, as the hub lists them\n"
        "  4. token: got 'str'; allowed: TokenInEnvironment or None: a token in code would be in the template;"
        " fix: keep it in Secrets Manager and write token=TokenInEnvironment(secret=...)"
    )
    assert "hf_secret" not in message


def test_a_token_is_a_secret_and_a_field() -> None:
    assert refusal(TokenInEnvironment, secret="hf_secret", json_field="a:b") == (
        "TokenInEnvironment has 2 problems:\n"
        "  1. secret: got 'str'; allowed: a secret (aws_secretsmanager.ISecret);"
        ' fix: for example sm.Secret.from_secret_name_v2(self, "HubToken", "hub-token")\n'
        "  2. json_field: got 'a:b'; allowed: the name of a field, without colons, braces, spaces and control characters;"
        ' fix: for example json_field="token"'
    )
    assert TokenInEnvironment(secret=Secret()).value == "{{resolve:whole}}"


def test_a_hub_model_needs_no_bucket() -> None:
    server = made(Vllm, model=PLAIN)
    assert server.in_bucket(SimpleNamespace(bucket_arn="a", bucket_name="b", encryption_key=None)) is server


def test_the_download_counts_into_the_containers_time() -> None:
    hub = StartupSum(model=PLAIN, hardware=lookup("ml.g6.xlarge"))
    # 16.1 GB / 85 MB/s = 190 s: SageMaker fetches nothing and gets its least; 600 + 190 + 190 = 980 s.
    assert hub.timeouts == StartupTimeouts(download_seconds=60, container_seconds=980)
    assert hub.explained == (
        "ml.g6.xlarge: 16.1 GB / 85 MB/s (taken as for one S3 connection) = 190 s to download; 600 s + 190 s to download "
        "+ 190 s to load until the container answers"
    )


@given(st.floats(min_value=0, max_value=100_000, exclude_min=True))
def test_a_hub_model_gets_the_longer_time_and_the_same_room(size_gb: float) -> None:
    hardware = lookup("ml.g6.xlarge")
    model = HuggingFaceModel(model_id=ID, revision=COMMIT, size_gb=size_gb)
    stored = startup_timeouts(S3Model(prefix="m/", size_gb=size_gb), hardware)
    found = startup_timeouts(model, hardware)
    assert stored.container_seconds <= found.container_seconds <= 3600
    assert found.download_seconds == 60
    assert volume_gb(model) >= size_gb
