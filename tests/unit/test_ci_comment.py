"""The scripts that write the comment on GitHub and the note on GitLab: one each, and what a report may do is bounded."""

from __future__ import annotations

import contextlib
import http.server
import json
import shutil
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.ci import COMMENT, GITLAB, load, program, run, step
from tests.each import each

SHA = "a" * 40
MARKER = "<!-- cdk-inference review -->"
NEEDED = ("jq", "unzip")
# GitHub's machines have them; a machine that has only Python, make and git need not.
needs = pytest.mark.skipif(not all(map(shutil.which, NEEDED)), reason="needs jq and unzip")
GH = """
echo "$*" >> calls
case "$*" in
  *artifacts/*/zip) cat report.zip;;
  *artifacts*) cat artifacts.json;;
  *comments?per_page*) cat comments.json;;
  *pulls*) cat pulls.json;;
  *body=@*) cat comment.md > body;;
esac
"""
PULLS = "api --method GET repos/o/r/pulls -f state=open -f head=fork:x"
POST = "api --silent --method POST repos/o/r/issues/7/comments -F body=@comment.md"
PATCH = "api --silent --method PATCH repos/o/r/issues/comments/3 -F body=@comment.md"
OTHERS = [
    {"id": 1, "user": {"login": "github-actions[bot]"}, "body": "another workflow's"},
    {"id": 2, "user": {"login": "somebody"}, "body": MARKER},
]
OWN = {"id": 3, "user": {"login": "github-actions[bot]"}, "body": f"old\n{MARKER}"}


def comment(
    folder: Path, report: bytes | None, comments: list[dict[str, Any]], heads: tuple[str, ...] = ("b" * 40, SHA)
) -> tuple[str, str]:
    """The last call of `gh`, and the body that it sent; `heads`: those of the open pull requests 6, 7 and on."""
    program(folder, "gh", GH)
    pulls = [{"number": 6 + place, "head": {"sha": head}} for place, head in enumerate(heads)]
    (folder / "pulls.json").write_text(json.dumps(pulls))
    artifacts = [{"id": 3}, {"id": 40}, {"id": 5}] if report is not None else []
    (folder / "artifacts.json").write_text(json.dumps({"artifacts": artifacts}))
    with zipfile.ZipFile(folder / "report.zip", "w") as archive:
        archive.writestr("../outside", "never written")
        archive.writestr("review.md", report or b"")
    # Two pages, one after the other, as `gh api --paginate` may print them.
    (folder / "comments.json").write_text(json.dumps([]) + json.dumps(comments))
    script = step(COMMENT, "comment", "Write the comment, or write it anew")["run"]
    event = {"RUN_ID": "9", "RUN_URL": "https://example.com/9", "HEAD": "fork:x", "HEAD_SHA": SHA}
    status, output = run(script, folder, {"LC_ALL": "C", "REPOSITORY": "o/r", **event})
    assert status == 0, output
    assert not (folder.parent / "outside").exists()
    body = folder / "body"
    return (folder / "calls").read_text().splitlines()[-1], body.read_text("utf-8") if body.exists() else ""


def said(text: str) -> str:
    return f"{text}\n\nOf {SHA}, from [this run](https://example.com/9).\n{MARKER}\n"


@needs
def test_the_first_comment_is_new_and_the_next_replaces_it(tmp_path: Path) -> None:
    assert comment(tmp_path, b"OK: nothing\n", OTHERS) == (POST, said("OK: nothing\n"))
    assert comment(tmp_path, b"NO: much\n", [*OTHERS, OWN]) == (PATCH, said("NO: much\n"))
    calls = (tmp_path / "calls").read_text().splitlines()
    assert (calls[0], calls[2]) == (PULLS, "api repos/o/r/actions/artifacts/40/zip")


@needs
@each("report", [None, b""])
def test_a_run_without_a_report_replaces_the_comment_of_an_older_one(tmp_path: Path, report: bytes | None) -> None:
    none = said("**No review of this commit: its run made none.**\n")
    assert comment(tmp_path, report, [OWN]) == (PATCH, none)


@needs
@each("heads", [(), ("c" * 40,), (SHA, SHA)])
def test_a_commit_that_is_not_one_head_gets_no_comment(tmp_path: Path, heads: tuple[str, ...]) -> None:
    assert comment(tmp_path, b"OK\n", [], heads) == (PULLS, "")


@needs
def test_what_a_report_may_do_is_bounded(tmp_path: Path) -> None:
    _, body = comment(tmp_path, b"@all \xff$(id) `id`\n" * 61, [])
    assert body == said("@\u200ball $(id) `id`\n" * 60)
    _, body = comment(tmp_path, b"&#64;all &commat;all &#64all &amp; &lt;b&gt;\n", [])
    assert body == said("&amp;#64;all &amp;commat;all &amp;#64all &amp; &lt;b&gt;\n")
    _, body = comment(tmp_path, "a\u00e4".encode() * 40_000, [])
    assert body == said("a\u00e4" * 20_000)


@contextlib.contextmanager
def gitlab(notes: list[dict[str, Any]], seen: list[tuple[str, str, str]]) -> Iterator[str]:
    """A server on this machine: a page of others' notes, then `notes`; what is written there goes to `seen`."""

    def answer(self: http.server.BaseHTTPRequestHandler) -> None:
        assert self.headers["PRIVATE-TOKEN"] == "token"
        length = int(self.headers.get("Content-Length") or 0)
        if self.command != "GET":
            seen.append((self.command, self.path, json.loads(self.rfile.read(length))["body"]))
        others = [{"id": 5, "author": {"id": 2}, "body": MARKER}]
        first, second = self.path.endswith("&page=1"), self.path.endswith("&page=2")
        self.send_response(200)
        self.send_header("X-Next-Page", "2" if first else "")
        self.end_headers()
        self.wfile.write(json.dumps(others if first else notes if second else {"id": 1}).encode())

    names = {"do_GET": answer, "do_POST": answer, "do_PUT": answer, "log_message": lambda *_: None}
    handler = type("Handler", (http.server.BaseHTTPRequestHandler,), names)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def note(folder: Path, notes: list[dict[str, Any]], report: str | None) -> list[tuple[str, str, str]]:
    """Method, path and body of what the job writes."""
    seen: list[tuple[str, str, str]] = []
    if report is not None:
        (folder / "report").mkdir()
        (folder / "report" / "review.md").write_text(report)
    with gitlab(notes, seen) as url:
        names = {"CI_API_V4_URL": url, "CI_MERGE_REQUEST_PROJECT_ID": "4", "CI_MERGE_REQUEST_IID": "6"}
        names |= {"CI_COMMIT_SHA": SHA, "CI_PIPELINE_URL": "https://example.com/9", "REVIEW_TOKEN": "token"}
        done = run("\n".join(load(GITLAB)["review-note"]["script"]), folder, names)
    assert done == (0, "")
    return seen


def noted(text: str) -> str:
    return f"{text}\n\nOf {SHA}, from [this pipeline](https://example.com/9).\n{MARKER}"


def test_the_first_note_is_new(tmp_path: Path) -> None:
    text = noted("\n".join(["@\u200ball OK"] * 60))
    assert note(tmp_path, [], "@all OK\n" * 61) == [("POST", "/projects/4/merge_requests/6/notes", text)]


def test_the_next_note_replaces_it(tmp_path: Path) -> None:
    own = {"id": 8, "author": {"id": 1}, "body": f"old\n{MARKER}"}
    text = noted("**No review of this commit: its pipeline made none.**")
    assert note(tmp_path, [own], None) == [("PUT", "/projects/4/merge_requests/6/notes/8", text)]
