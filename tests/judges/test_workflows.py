"""The files for CI are clean, and what judges them sees a mistake."""

from pathlib import Path

from tests.judges.workflows import BUILDSPEC, EXAMPLES, GITLAB, ROOT, WORKFLOWS, findings

PULL_REQUEST = ROOT / ".github" / "workflows" / "pull-request.yml"
REVIEW = ROOT / ".github" / "workflows" / "review.yml"
COMMENT = ROOT / ".github" / "workflows" / "review-comment.yml"
REFRESH = ROOT / ".github" / "workflows" / "refresh.yml"
QUOTE = "Double quote to prevent globbing and word splitting"


MISTAKES = [
    (
        REVIEW,
        "needs: synth\n",
        "needs: synths\n",
        'actionlint job-needs: job "review" needs job "synths" which does not exist in this workflow',
    ),
    (
        REVIEW,
        'merge-base "$BASE_SHA"',
        "merge-base $BASE_SHA",
        f"actionlint shellcheck: shellcheck reported issue in this script: SC2086:info:1:29: {QUOTE}",
    ),
    (REVIEW, 'bash -euo pipefail -c "$SYNTH_COMMAND"', "${{ inputs.synth-command }}", "zizmor template-injection"),
    (REVIEW, "fetch-depth: 0\n          persist-credentials: false\n", "fetch-depth: 0\n", "zizmor artipacked"),
    (PULL_REQUEST, "\npermissions: {}\n", "\n", "zizmor excessive-permissions"),
    (PULL_REQUEST, "@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1", "@v7", "zizmor unpinned-uses"),
    (PULL_REQUEST, "  pull_request:\n", "  pull_request_target:\n", "zizmor dangerous-triggers"),
    (PULL_REQUEST, "timeout-minutes: 60", "timeout-minutes: [60]", "schema $.jobs.check"),
    (COMMENT, "# zizmor: ignore[dangerous-triggers]", "#", "zizmor dangerous-triggers"),
    (EXAMPLES[0], "name: Review\n", "name: Review\n    timeout-minutes: 5\n", "schema $.jobs.review"),
    (GITLAB, "when: always", "when: sometimes", "schema $.review.artifacts.when"),
    (GITLAB, '"$commit"', "$commit", f"shellcheck SC2086: {QUOTE}."),
    (BUILDSPEC, "on-failure: ABORT", "on-failure: STOP", "schema $.phases.install['on-failure']"),
    (BUILDSPEC, '"$base"', "$base", f"shellcheck SC2086: {QUOTE}."),
]


def test_the_files_are_clean_and_each_mistake_is_seen(tmp_path: Path) -> None:
    """All in one go: to start the judges takes most of their time."""
    assert (PULL_REQUEST, REFRESH, COMMENT, REVIEW) == WORKFLOWS
    expected: dict[Path, list[str]] = {file: [] for file in (*WORKFLOWS, *EXAMPLES, GITLAB, BUILDSPEC)}
    for number, (file, good, bad, found) in enumerate(MISTAKES):
        text = file.read_text("utf-8")
        assert good in text
        changed = tmp_path / str(number) / file.relative_to(ROOT)
        changed.parent.mkdir(parents=True)
        changed.write_text(text.replace(good, bad, 1), "utf-8")
        expected[changed] = [found]
    assert findings(*expected) == expected
