"""Pictures of scenes in which nothing has been done yet, with all that can be asked for in them.

They teach a model to look for what a sentence names: a tenth of a second of work gives a picture
with every goal of its scene, in words, and where each thing is.
"""
