"""``vla-humanoid doctor``."""

from vla_humanoid.cli.console import new_console


def doctor() -> int:
    """Say what works on this machine, and what to do about what does not.

    Exits with 1 if something that is needed does not work.
    """
    from rich.table import Table

    from vla_humanoid.doctor import run_doctor

    table = Table("", "status", "found")
    checks = run_doctor()
    for check in checks:
        table.add_row(check.name, check.status, check.detail)
    console = new_console()
    console.print(table)
    for check in checks:
        if check.remedy:  # Outside of the table, which would break commands that are to be copied.
            console.print(f"{check.name}: {check.remedy}", soft_wrap=True)
    return 1 if any(check.status == "missing" for check in checks) else 0
