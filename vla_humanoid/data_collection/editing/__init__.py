"""Makes dataset files out of dataset files: merged, split, filtered, told or shown differently.

What a file holds is copied as it is, compressed as it is; no input is ever changed.
"""
