"""What vla_humanoid uses of mujoco-usd-converter."""

from pxr import Sdf

class Converter:
    def __init__(
        self, layer_structure: bool = True, scene: bool = True, comment: str = ""
    ) -> None: ...
    def convert(self, input_file: str, output_dir: str) -> Sdf.AssetPath: ...
