"""What the review in CI keeps of a cloud assembly is enough to review it."""

import shutil
from pathlib import Path

import pytest

from cdk_inference.template import load_assembly
from tests.ci import GITLAB, REVIEW, load, step
from tests.each import each
from tests.synthesized import fleet

pytestmark = pytest.mark.xdist_group("synthesized")
PATHS = {
    "github": step(REVIEW, "synth", "Keep the templates")["with"]["path"].rpartition("}}/")[2],
    "gitlab": load(GITLAB)["review-synth"]["artifacts"]["paths"][0].partition("/")[2],
}


@each("place", PATHS)
def test_an_assembly_is_read_from_the_files_kept(tmp_path: Path, place: str) -> None:
    whole = fleet("prod")
    for file in whole.folder.glob(PATHS[place]):
        kept = tmp_path / file.relative_to(whole.folder)
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, kept)
    assert load_assembly(tmp_path) == whole.assembly
