"""Skills of the scripted expert: generators that move the body one policy step at a time."""
