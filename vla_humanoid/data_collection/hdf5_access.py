"""Opens what is inside an HDF5 file that may come from anybody, and nothing outside of it.

HDF5 can lead a reader astray: links into other files, datasets that are put together from other
files or that claim terabytes of zeros, values that point to other objects. Here these are refused
before any of their content is touched.
"""

import h5py

from vla_humanoid.data_collection.hdf5_chunks import swollen_chunk

HDF5_ERRORS = (
    OSError,
    RuntimeError,
    KeyError,
    IndexError,
    ValueError,
    TypeError,
    OverflowError,
    MemoryError,
)
"""What h5py raises for a damaged file, depending on where the damage is."""

LARGEST_READ = 2 << 30
"""Bytes that one read may return; a longer recording is read in parts."""
LARGEST_CHUNK = 64 << 20
"""Bytes of a chunk, which HDF5 decompresses as a whole; a frame of 4096 x 4096 pixels fits."""
LARGEST_TEXT = 16 << 20
"""Bytes of an attribute."""
LARGEST_RATIO = 1100
"""Of content to its stored form: zlib reaches 1032 at best, on zeros."""
_SMALL = 1 << 16
"""Bytes up to which a dataset may be larger than that."""
_DEEPEST = 8
"""Groups within each other, below an episode."""
_MOST_DATASETS = 10_000
"""Of an episode."""
_FILTERS = frozenset(
    {h5py.h5z.FILTER_DEFLATE, h5py.h5z.FILTER_SHUFFLE, h5py.h5z.FILTER_FLETCHER32, 32000}
)
"""That stock h5py brings: gzip, shuffle, checksum, lzf."""


class Refused(Exception):
    """Something in the file is not what it should be; the message goes after its path."""


def open_group(parent: h5py.Group, path: str) -> h5py.Group:
    """Return a group below another one, reached by hard links alone.

    Raises:
        KeyError: if it is missing.
        Refused: if it is no group, or a link leads away.
    """
    group = parent
    for name in path.split("/"):
        check_link(group, name)
        if group.get(name, getclass=True) is not h5py.Group:
            raise Refused(f"{path!r} in it is not a group")
        group = h5py.Group(h5py.h5g.open(group.id, name.encode()))
    return group


def open_dataset_in(parent: h5py.Group, path: str) -> h5py.Dataset:
    """Return a dataset below a group: plain numbers, all of them in this file.

    Raises:
        KeyError: if it is missing.
        Refused: if it is anything else.
    """
    above, _, name = path.rpartition("/")
    group = open_group(parent, above) if above else parent
    check_link(group, name)
    if group.get(name, getclass=True) is not h5py.Dataset:
        raise Refused(f"{path!r} in it is not a dataset")
    # Through the lower interface: a virtual dataset must not be asked for its shape.
    identifier = h5py.h5d.open(group.id, name.encode())
    layout = identifier.get_create_plist()
    if layout.get_layout() == h5py.h5d.VIRTUAL:
        raise Refused(f"its dataset {path!r} is virtual: its values are in other files")
    if layout.get_external_count():
        raise Refused(f"its dataset {path!r} keeps its values in another file")
    dataset = h5py.Dataset(identifier)
    if dataset.dtype.kind not in "fiub":
        raise Refused(f"its dataset {path!r} holds {dataset.dtype}, not numbers")
    if dataset.shape is None:
        raise Refused(f"its dataset {path!r} is empty")
    _check_storage(dataset, layout, path)
    return dataset


def dataset_paths(group: h5py.Group) -> tuple[str, ...]:
    """Return the path, relative to a group, of every dataset in it, in alphabetical order.

    Raises:
        Refused: if a link leads away, or there is no end to it.
    """
    found: list[str] = []
    _collect(group, "", _DEEPEST, found)
    return tuple(found)


def check_link(group: h5py.Group, name: str) -> None:
    """Refuse a link that leads away from where it is, without following it.

    Raises:
        KeyError: if there is nothing of that name.
        Refused: if it is a link by name.
    """
    if name in ("", ".", "..") or name not in group:
        raise KeyError(name)
    link = group.get(name, getlink=True)
    if isinstance(link, h5py.ExternalLink):
        raise Refused(f"{name!r} in it is a link into another file, {link.filename!r}")
    if isinstance(link, h5py.SoftLink):
        raise Refused(f"{name!r} in it is a link to {link.path!r}; only what is there is read")


def _collect(group: h5py.Group, prefix: str, depth: int, found: list[str]) -> None:
    for key in sorted(map(str, group)):
        check_link(group, key)
        kind = group.get(key, getclass=True)
        if kind is h5py.Dataset:
            found.append(f"{prefix}{key}")
        elif kind is h5py.Group:
            if depth == 0:
                raise Refused(f"{prefix}{key!r} in it lies too deep")
            _collect(open_group(group, key), f"{prefix}{key}/", depth - 1, found)
        if len(found) > _MOST_DATASETS:
            raise Refused(f"it has more than {_MOST_DATASETS} datasets")


def _check_storage(dataset: h5py.Dataset, layout: h5py.h5p.PropDCID, path: str) -> None:
    """Refuse what is much larger than its stored form, or could only be read as a whole."""
    filters = [layout.get_filter(index)[0] for index in range(layout.get_nfilters())]
    if unknown := sorted(set(filters) - _FILTERS):
        raise Refused(f"its dataset {path!r} is stored by the unknown filter {unknown[0]}")
    stored = dataset.id.get_storage_size()
    ratio = LARGEST_RATIO if {h5py.h5z.FILTER_DEFLATE, 32000} & set(filters) else 1
    # The last chunks of an unfiltered dataset may be larger than what is in them, never smaller.
    if dataset.nbytes > max(_SMALL, ratio * stored):
        raise Refused(
            f"its dataset {path!r} claims {dataset.nbytes} bytes, shape {dataset.shape}, but only "
            f"{stored} are stored"
        )
    chunk = dataset.chunks
    if chunk is not None:
        size = dataset.dtype.itemsize
        for extent in chunk:
            size *= int(extent)
        if size > LARGEST_CHUNK:
            raise Refused(
                f"its dataset {path!r} has chunks of {size} bytes; at most {LARGEST_CHUNK} are read"
            )
        if h5py.h5z.FILTER_DEFLATE in filters and (swollen := swollen_chunk(dataset, size)):
            raise Refused(
                f"its dataset {path!r} has a chunk, {swollen} bytes as stored, that holds more "
                f"than its {size} bytes"
            )
