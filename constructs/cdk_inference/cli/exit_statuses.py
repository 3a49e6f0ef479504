"""The exit statuses of all commands: one table, for `--help` and for docs/commands.md."""

from __future__ import annotations

from cdk_inference.core.errors import ExitStatus

EXIT_STATUSES = {
    ExitStatus.OK: ("fine", "the command was carried out, and nothing speaks against the deployment"),
    ExitStatus.NOT_OK: (
        "not fine",
        "findings are open, a limit or budget is exceeded, no type holds the model, a claim is not supported",
    ),
    ExitStatus.UNABLE: (
        "not carried out",
        "wrong arguments, or input that is missing or cannot be read, in whole or in part",
    ),
    ExitStatus.NOT_KNOWN: (
        "not known",
        "a price is missing, no check has run, or the deciding value is known at deployment only",
    ),
    ExitStatus.INTERRUPTED: ("interrupted", "by Ctrl-C"),
}


def exit_statuses() -> str:
    """Returns the table as text."""
    rows = [f"  {status:<4} {short}: {long}" for status, (short, long) in EXIT_STATUSES.items()]
    return "\n".join(["Exit status:", *rows])
