"""What is tried: kinds of world, and the claims about them."""
