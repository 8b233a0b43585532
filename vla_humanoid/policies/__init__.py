"""Vision-language-action models: encoders, fusion, action decoders, checkpoints."""
