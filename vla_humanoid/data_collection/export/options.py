"""What one may choose about an export."""

from dataclasses import dataclass

from vla_humanoid.data_collection.errors import ConfigurationError


@dataclass(frozen=True)
class ExportOptions:
    """What one may choose about an export.

    Args:
        failures: also export episodes that failed.
        file_mb: size after which a format of many files begins another [MB], > 0; None for what is
            usual there.
        lossless: store images without loss, where the format lets one choose (rlds).

    Raises:
        ConfigurationError: if a value is not valid.
    """

    failures: bool = False
    file_mb: float | None = None
    lossless: bool = False

    def __post_init__(self) -> None:
        if self.file_mb is not None and not self.file_mb > 0:
            raise ConfigurationError(f"file_mb must be positive, not {self.file_mb}.")
