"""Parts of pages that need nothing else: one HTML file each, without scripts."""
