"""What to do, in words and in numbers; one file per task, shared parts in core and language."""
