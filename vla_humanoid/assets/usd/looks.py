"""What geoms look like: materials with their colours and textures."""

from pathlib import Path

import mujoco
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from pxr import Gf, Sdf, Usd, UsdGeom, UsdShade

from vla_humanoid.assets.usd.export import TEXTURES
from vla_humanoid.assets.usd.textured_mesh import add_textured_mesh, has_sides

_UNSET = (0.5, 0.5, 0.5, 1.0)
"""Colour of a geom that leaves it to its material."""
_ROUGHNESS = 0.5
"""Of a geom without a material."""


class LookWriter:
    """Writes looks into one USD file, sharing materials among geoms.

    Args:
        stage: of the file.
        model: compiled.
        directory: of the file; textures go to its folder ``textures``.
    """

    def __init__(self, stage: Usd.Stage, model: mujoco.MjModel, directory: Path) -> None:
        self._stage = stage
        self._model = model
        self._directory = directory
        self._scope = stage.GetDefaultPrim().GetPath().AppendChild("Looks")
        self._materials: dict[tuple[int, tuple[float, ...]], UsdShade.Material] = {}

    def dress(self, prim: Usd.Prim, geom: int) -> None:
        """Give a geom its material; a plane or box with a texture also a mesh to carry it."""
        material_number = int(self._model.geom_matid[geom])
        color = self._color(geom)
        UsdGeom.Gprim(prim).CreateDisplayColorAttr([_linear(color)])
        UsdGeom.Gprim(prim).CreateDisplayOpacityAttr([color[3]])
        if UsdGeom.Imageable(prim).ComputePurpose() == UsdGeom.Tokens.guide:
            return
        key = material_number, color
        if key not in self._materials:
            self._materials[key] = self._add_material(material_number, color)
        texture = self._texture(material_number)
        if texture is not None and has_sides(self._model, geom):
            UsdGeom.Imageable(prim).CreatePurposeAttr(UsdGeom.Tokens.guide)
            prim = add_textured_mesh(prim, self._model, geom)
            mean = self._pixels(texture).mean(axis=(0, 1)) / 255.0
            UsdGeom.Gprim(prim).CreateDisplayColorAttr([_linear(tuple(mean.tolist()))])
        UsdShade.MaterialBindingAPI.Apply(prim).Bind(self._materials[key])

    def _color(self, geom: int) -> tuple[float, ...]:
        """Return red, green, blue and opacity, as MuJoCo draws them."""
        own = tuple(float(value) for value in self._model.geom_rgba[geom])
        material = int(self._model.geom_matid[geom])
        if material < 0 or not np.allclose(own, _UNSET):
            return own
        return tuple(float(value) for value in self._model.mat_rgba[material])

    def _texture(self, material: int) -> int | None:
        role = int(mujoco.mjtTextureRole.mjTEXROLE_RGB)
        texture = -1 if material < 0 else int(self._model.mat_texid[material][role])
        return None if texture < 0 else texture

    def _pixels(self, texture: int) -> NDArray[np.uint8]:
        """Return an image, shape (height, width, channels)."""
        model = self._model
        height, width = int(model.tex_height[texture]), int(model.tex_width[texture])
        start, channels = int(model.tex_adr[texture]), int(model.tex_nchannel[texture])
        pixels = model.tex_data[start : start + height * width * channels]
        return np.asarray(pixels, np.uint8).reshape(height, width, channels)

    def _add_material(self, number: int, color: tuple[float, ...]) -> UsdShade.Material:
        UsdGeom.Scope.Define(self._stage, self._scope)
        name = "plain" if number < 0 else str(self._model.material(number).name)
        path = self._scope.AppendChild(f"{name}_{len(self._materials)}")
        material = UsdShade.Material.Define(self._stage, path)
        shader = UsdShade.Shader.Define(self._stage, path.AppendChild("Surface"))
        shader.CreateIdAttr("UsdPreviewSurface")
        diffuse = shader.CreateInput("diffuseColor", Sdf.ValueTypeNames.Color3f)
        roughness = _ROUGHNESS
        diffuse.Set(_linear(color))
        if number >= 0:
            roughness = 1.0 - float(self._model.mat_shininess[number])
            glow = float(self._model.mat_emission[number])
            emission = shader.CreateInput("emissiveColor", Sdf.ValueTypeNames.Color3f)
            emission.Set(_linear(color) * glow)
        shader.CreateInput("roughness", Sdf.ValueTypeNames.Float).Set(roughness)
        shader.CreateInput("opacity", Sdf.ValueTypeNames.Float).Set(color[3])
        texture = self._texture(number)
        if texture is not None:
            diffuse.ConnectToSource(self._add_texture(path, texture))
        output = shader.CreateOutput("surface", Sdf.ValueTypeNames.Token)
        material.CreateSurfaceOutput().ConnectToSource(output)
        return material

    def _add_texture(self, material: Sdf.Path, texture: int) -> UsdShade.Output:
        """Write an image and add the shaders that read it; return its colour output."""
        file = self._directory / TEXTURES / f"{self._model.texture(texture).name}.png"
        file.parent.mkdir(exist_ok=True)
        Image.fromarray(self._pixels(texture)).save(file)
        reader = UsdShade.Shader.Define(self._stage, material.AppendChild("Coordinates"))
        reader.CreateIdAttr("UsdPrimvarReader_float2")
        reader.CreateInput("varname", Sdf.ValueTypeNames.String).Set("st")
        image = UsdShade.Shader.Define(self._stage, material.AppendChild("Image"))
        image.CreateIdAttr("UsdUVTexture")
        path = Sdf.AssetPath(f"./{TEXTURES}/{file.name}")
        image.CreateInput("file", Sdf.ValueTypeNames.Asset).Set(path)
        image.CreateInput("sourceColorSpace", Sdf.ValueTypeNames.Token).Set("sRGB")
        for direction in ("wrapS", "wrapT"):
            image.CreateInput(direction, Sdf.ValueTypeNames.Token).Set("repeat")
        coordinates = reader.CreateOutput("result", Sdf.ValueTypeNames.Float2)
        image.CreateInput("st", Sdf.ValueTypeNames.Float2).ConnectToSource(coordinates)
        return image.CreateOutput("rgb", Sdf.ValueTypeNames.Float3)


def _linear(color: tuple[float, ...]) -> Gf.Vec3f:
    """Return a colour of a screen as USD wants it: proportional to light."""
    srgb = np.array(color[:3])
    low, high = srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4
    return Gf.Vec3f(*np.where(srgb <= 0.04045, low, high).tolist())
