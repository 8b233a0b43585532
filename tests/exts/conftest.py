from kit_on_path import kit

__all__ = ["kit"]
