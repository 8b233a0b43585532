"""Isaac Lab: many worlds at once on PhysX or Newton, with or without Kit.

Nothing else imports this package: it needs Python 3.12 and the extra ``isaac``.
"""
