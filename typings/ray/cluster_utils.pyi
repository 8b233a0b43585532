from collections.abc import Mapping, Sequence
from subprocess import Popen

class ProcessInfo:
    process: Popen[bytes]

class Node:
    all_processes: Mapping[str, Sequence[ProcessInfo]]

class Cluster:
    address: str
    def __init__(self, *, initialize_head: bool, head_node_args: Mapping[str, int]) -> None: ...
    def add_node(self, **options: int) -> Node: ...
    def remove_node(self, node: Node) -> None: ...
    def shutdown(self) -> None: ...
