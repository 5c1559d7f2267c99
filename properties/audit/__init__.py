"""What the theorems say about a network that somebody brings: its weights, its data, its batches, its bounds."""
