"""Generation on a Ray cluster (extra ``[cluster]``)."""
