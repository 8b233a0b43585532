"""What the world is made of: the robot's figures, objects, fixtures and textures."""
