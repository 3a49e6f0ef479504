"""The folder and the variables of one rehearsal: nothing of the shell's AWS account gets in, nothing stays behind."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from collections.abc import MutableMapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ACCOUNT, REGION = "111122223333", "us-east-1"
_KEPT = ("PATH", "LANG", "LC_ALL", "TERM", "JSII_NODE", "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION")


class CannotRehearseError(Exception):
    """Why a rehearsal cannot begin or go on."""


class DeploymentFailedError(CannotRehearseError):
    """The rehearsal's answer is no: a deployment failed, or a fault passed."""


@dataclass(frozen=True, kw_only=True)
class Workspace:
    """A folder of its own, a free port on 127.0.0.1, and the account and regions that the emulator plays.

    Attributes:
        account: 12 digits; the emulator takes the account from the access key.
        regions: Regions that are deployed to; the first is the default of the CLI.
    """

    folder: Path
    port: int
    account: str = ACCOUNT
    regions: tuple[str, ...] = (REGION,)

    @property
    def endpoint(self) -> str:
        """URL of the emulator."""
        return f"http://127.0.0.1:{self.port}"

    def variables(self, **more: str) -> dict[str, str]:
        """Returns the variables of a child: the emulator's account and endpoint, and none of the shell's."""
        empty = self.folder / "empty"
        return {
            **{name: os.environ[name] for name in _KEPT if name in os.environ},
            "HOME": str(self.folder / "home"),
            "TMPDIR": str(self.folder / "tmp"),
            "CDK_HOME": str(self.folder / "home" / "cdk"),
            "AWS_CONFIG_FILE": str(empty),
            "AWS_SHARED_CREDENTIALS_FILE": str(empty),
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_ACCESS_KEY_ID": self.account,
            "AWS_SECRET_ACCESS_KEY": "rehearsal",
            "AWS_REGION": self.regions[0],
            "AWS_DEFAULT_REGION": self.regions[0],
            "AWS_ENDPOINT_URL": self.endpoint,
            "CDK_DISABLE_CLI_TELEMETRY": "true",
            "CI": "true",
            "NO_PROXY": "*",
            **more,
        }

    def app_variables(self, **more: str) -> dict[str, str]:
        """Returns the variables of a user's app: those of the shell without its account, and the emulator's."""
        shell = dict(os.environ)
        forget_account(shell)
        return {**shell, **self.variables(), **more}

    def remove(self) -> None:
        """Removes the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)


def forget_account(variables: MutableMapping[str, str]) -> None:
    """Removes the account, the profile and the proxies of the shell from a process's variables."""
    for name in [name for name in variables if name.startswith("AWS_") or name.lower().endswith("_proxy")]:
        del variables[name]
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        variables[name] = os.devnull
    variables["AWS_EC2_METADATA_DISABLED"] = "true"


def free_port(wanted: int | None = None) -> int:
    """Returns a free port of 127.0.0.1.

    Raises:
        CannotRehearseError: The wanted port is taken.
    """
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind(("127.0.0.1", wanted or 0))
        except OSError:
            raise CannotRehearseError(
                f"--port: got {wanted}, which is in use on 127.0.0.1; fix: leave --port out, then a free one is taken"
            ) from None
        return int(one.getsockname()[1])


def make(wanted_port: int | None = None, region: str | None = None) -> Workspace:
    """Returns a new workspace."""
    port = free_port(wanted_port)
    folder = Path(tempfile.mkdtemp(prefix="rehearsal-"))
    for name in ("home/cdk", "tmp"):
        (folder / name).mkdir(parents=True)
    (folder / "empty").write_text("")
    return Workspace(folder=folder, port=port, regions=(region or REGION,))
