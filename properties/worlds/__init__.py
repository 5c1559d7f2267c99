"""Kinds of world, each with the words that can be read there."""
