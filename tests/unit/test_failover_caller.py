"""The caller of the failover example against a stubbed runtime that fails."""

from __future__ import annotations

import importlib.util
import io
import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from botocore.stub import ANY, Stubber

from cdk_inference.cli import main
from tests.support import ROOT
from tests.synthesized import subject

pytestmark = pytest.mark.xdist_group("synthesized")

_SPEC = importlib.util.spec_from_file_location("failover_caller", ROOT / "examples/failover/caller.py")
assert _SPEC is not None
assert _SPEC.loader is not None
caller = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(caller)
ASKED = {"messages": [{"role": "user", "content": "Hello"}]}


class Runtime:
    """botocore's stub of the runtime: answers in the order they are planned, and says who was invoked."""

    def __init__(self) -> None:
        self.client = boto3.client(
            "sagemaker-runtime", region_name="us-east-1", aws_access_key_id="none", aws_secret_access_key="none"
        )
        self.stub = Stubber(self.client)
        self.invoked: list[str] = []
        self.client.meta.events.register("before-parameter-build.sagemaker-runtime", self._note)
        self.stub.activate()

    def _note(self, params: dict[str, Any], **_: Any) -> None:
        self.invoked.append(params["EndpointName"])

    def answers(self) -> None:
        body = io.BytesIO(json.dumps({"choices": []}).encode())
        self.stub.add_response(
            "invoke_endpoint",
            {"Body": body, "ContentType": "application/json"},
            {"EndpointName": ANY, "ContentType": "application/json", "Body": json.dumps(ASKED)},
        )

    def fails(self, code: str, status: int = 500, original: int | None = None) -> None:
        more = {} if original is None else {"OriginalStatusCode": original}
        self.stub.add_client_error(
            "invoke_endpoint", service_error_code=code, http_status_code=status, modeled_fields=more
        )


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def runtime() -> Runtime:
    return Runtime()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def client(runtime: Runtime, clock: Clock) -> Any:
    return caller.FailoverClient(primary="one", standby="two", runtime=runtime.client, clock=clock)


def test_the_primary_answers(client: Any, runtime: Runtime) -> None:
    runtime.answers()
    assert client.invoke(ASKED) == {"choices": []}
    assert runtime.invoked == ["one"]


@pytest.mark.parametrize(
    ("code", "status", "original"),
    [
        ("ModelError", 424, 500),
        ("ModelError", 424, 429),
        ("ModelNotReadyException", 429, None),
        ("ThrottlingException", 400, None),
        ("ServiceUnavailable", 503, None),
        ("ValidationError", 400, None),
    ],
)
def test_the_standby_answers(client: Any, runtime: Runtime, code: str, status: int, original: int | None) -> None:
    runtime.fails(code, status, original)
    runtime.answers()
    assert client.invoke(ASKED) == {"choices": []}
    assert runtime.invoked == ["one", "two"]


@pytest.mark.parametrize(
    ("code", "original"), [("ModelError", 400), ("ModelError", 413), ("AccessDeniedException", None)]
)
def test_a_wrong_request_is_not_sent_twice(client: Any, runtime: Runtime, code: str, original: int | None) -> None:
    runtime.fails(code, 424, original)
    with pytest.raises(ClientError):
        client.invoke(ASKED)
    assert runtime.invoked == ["one"]


def test_after_three_failures_the_primary_rests_and_is_tried_again(client: Any, runtime: Runtime, clock: Clock) -> None:
    for _ in range(3):
        runtime.fails("ModelError", 424, 503)
        runtime.answers()
        client.invoke(ASKED)
    runtime.answers()
    client.invoke(ASKED)
    assert runtime.invoked == [*["one", "two"] * 3, "two"]

    clock.now = 29.9
    runtime.answers()
    client.invoke(ASKED)
    assert runtime.invoked[-1] == "two"

    clock.now = 30
    runtime.answers()
    client.invoke(ASKED)
    assert runtime.invoked[-1] == "one"


def test_one_failure_while_it_is_tried_again_is_enough(client: Any, runtime: Runtime, clock: Clock) -> None:
    for now in (0, 0, 0, 30):
        clock.now = now
        runtime.fails("ModelError", 424, 503)
        runtime.answers()
        client.invoke(ASKED)
    clock.now = 59.9
    runtime.answers()
    client.invoke(ASKED)
    assert runtime.invoked == [*["one", "two"] * 4, "two"]


def test_both_fail(client: Any, runtime: Runtime) -> None:
    runtime.fails("ModelError", 424, 500)
    runtime.fails("ThrottlingException", 400)
    with pytest.raises(ClientError, match="ThrottlingException"):
        client.invoke(ASKED)


def test_no_answer_in_time() -> None:
    invoked: list[str] = []

    class Slow:
        def invoke_endpoint(self, *, EndpointName: str, **_: Any) -> dict[str, Any]:  # noqa: N803
            invoked.append(EndpointName)
            if EndpointName == "one":
                raise ReadTimeoutError(endpoint_url="https://runtime.sagemaker.us-east-1.amazonaws.com")
            return {"Body": io.BytesIO(b"{}")}

    client = caller.FailoverClient(primary="one", standby="two", runtime=Slow())
    assert client.invoke(ASKED) == {}
    assert invoked == ["one", "two"]


def test_the_page_shows_what_the_example_costs(capsys: pytest.CaptureFixture[str]) -> None:
    page = (ROOT / "docs/failover.md").read_text()
    shown = page.partition("```text\n")[2].partition("```")[0].splitlines()
    main(["estimate", str(subject("example-two_endpoints").folder)])
    assert capsys.readouterr().out.splitlines()[: len(shown)] == shown
