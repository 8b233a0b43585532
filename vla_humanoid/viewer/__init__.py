"""What a viewer shows and lets its user do, whatever it is drawn with; no user interface here."""
