"""The NVIDIA GPU that the driver shows, asked of the driver itself: no other package is needed."""

import ctypes
from dataclasses import dataclass

_LIBRARIES = ("libcuda.so.1", "nvcuda.dll")
_NAME_LENGTH = 128


class NoGpu(Exception):
    """There is no NVIDIA GPU to compute on; the message says what is missing."""


@dataclass(frozen=True)
class Gpu:
    """The first GPU.

    Args:
        name: as its driver calls it.
        cuda: newest CUDA version that the driver knows, such as "13.0".
    """

    name: str
    cuda: str

    @property
    def traces_rays(self) -> bool:
        """Whether it has the RT cores that Isaac Sim's renderer needs.

        NVIDIA's system requirements of Isaac Sim name these computing GPUs as without.
        """
        words = self.name.replace("-", " ").split()
        return not {"V100", "A100", "A30", "H100", "H200", "H800", "B200", "GH200"} & set(words)


def first_gpu() -> Gpu:
    """Return the first GPU.

    Raises:
        NoGpu: if there is no driver, or the driver shows none.
    """
    driver = load_driver()
    if driver.cuInit(0) != 0:
        raise NoGpu("NVIDIA's driver shows no GPU")
    count, device, version = ctypes.c_int(), ctypes.c_int(), ctypes.c_int()
    driver.cuDeviceGetCount(ctypes.byref(count))
    if count.value == 0 or driver.cuDeviceGet(ctypes.byref(device), 0) != 0:
        raise NoGpu("NVIDIA's driver shows no GPU")
    name = ctypes.create_string_buffer(_NAME_LENGTH)
    driver.cuDeviceGetName(name, _NAME_LENGTH, device)
    driver.cuDriverGetVersion(ctypes.byref(version))
    major, minor = divmod(version.value, 1000)
    return Gpu(name.value.decode(), f"{major}.{minor // 10}")


def load_driver() -> ctypes.CDLL:
    """Load the driver's library, without starting the driver.

    Raises:
        NoGpu: if there is none.
    """
    for library in _LIBRARIES:
        try:
            return ctypes.CDLL(library)
        except OSError:
            continue
    raise NoGpu("there is no NVIDIA driver")
