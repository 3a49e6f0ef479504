"""The exit statuses of all commands: one table, for `--help` and for docs/commands.md."""

from __future__ import annotations

from cdk_inference.core.errors import ExitStatus

EXIT_STATUSES = {
    ExitStatus.OK: ("OK", "the command ran and found no problems"),
    ExitStatus.NOT_OK: (
        "not OK",
        "findings are open, a limit or budget is exceeded, no instance type fits the model, a claim is not supported",
    ),
    ExitStatus.UNABLE: (
        "not run",
        "invalid arguments, or input that is missing or cannot be read completely",
    ),
    ExitStatus.NOT_KNOWN: (
        "unknown",
        "a price is missing, no checks have run, or a value that decides is known at deployment only",
    ),
    ExitStatus.INTERRUPTED: ("interrupted", "by Ctrl-C"),
}


def exit_statuses() -> str:
    """Returns the table as text."""
    rows = [f"  {status:<4} {short}: {long}" for status, (short, long) in EXIT_STATUSES.items()]
    return "\n".join(["Exit status:", *rows])
