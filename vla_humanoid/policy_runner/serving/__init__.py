"""Lets others ask our policies: a server that keeps answering, whatever one of them sends."""
