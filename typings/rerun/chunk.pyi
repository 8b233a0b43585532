"""The part of rerun-sdk that reads recordings back."""

from collections.abc import Iterator
from pathlib import Path

class Column:
    def cast(self, target_type: str) -> Column: ...
    def to_pylist(self) -> list[object]: ...

class Schema:
    names: list[str]

class RecordBatch:
    schema: Schema
    def column(self, name: str) -> Column: ...

class Chunk:
    entity_path: str
    is_static: bool
    def to_record_batch(self) -> RecordBatch: ...

class LazyChunkStream:
    def __iter__(self) -> Iterator[Chunk]: ...
    def to_chunks(self) -> list[Chunk]: ...

class RrdReader:
    def __init__(self, path: str | Path) -> None: ...
    def stream(self) -> LazyChunkStream: ...
