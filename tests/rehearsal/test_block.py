"""README's block of a rehearsal: made of the command's output by rules."""

from __future__ import annotations

import pytest

from scripts.rehearsal_block import BEGIN, END, README, filled
from tests.each import each

LOG = """\
making the environment
[  0.2 s] cdk bootstrap
[  1.0 s]   CREATE_COMPLETE    AWS::CloudFormation::Stack       CDKToolkit
[  2.0 s] invoke_endpoint one:
[  2.0 s]   an answer
[  2.1 s] invoke_endpoint two:
[  2.1 s]   an answer
[  3.0 s] what moved (describe calls before and after): 2
          kind             name                  what
          ---------------  --------------------  ------
          endpoint config  Mine-ChatConfig       made
          endpoint         mine-chat             moves
[  4.0 s]   UPDATE_FAILED      AWS::SageMaker::Endpoint         Encoder
[  9.0 s] done. Not run on AWS.
"""


def test_the_block_is_the_output_with_lines_left_out_by_rules() -> None:
    assert filled(f"before\n{BEGIN}\nold\n{END}\nafter\n", LOG) == (
        f"before\n{BEGIN}\n```console\n$ make rehearse\n"
        "[  0.2 s] cdk bootstrap\n"
        "[  2.0 s] invoke_endpoint one:\n"
        "[  2.0 s]   an answer\n"
        "[  3.0 s] what moved (describe calls before and after): 2\n"
        "          kind             name                  what\n"
        "          endpoint         mine-chat             moves\n"
        "[  4.0 s]   UPDATE_FAILED      AWS::SageMaker::Endpoint         Encoder\n"
        "[  9.0 s] done. Not run on AWS.\n"
        f"```\n{END}\nafter\n"
    )


@each(
    ("readme", "log", "message"),
    [("no markers", LOG, "README.md: got no block"), (BEGIN + END, "[  0.2 s] cdk bootstrap", "did not go to its end")],
)
def test_what_cannot_be_filled_is_refused(readme: str, log: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        filled(readme, log)


def test_the_readme_has_the_markers_once() -> None:
    text = README.read_text(encoding="utf-8")
    assert (text.count(BEGIN), text.count(END)) == (1, 1)
