"""Experiments of papers, trained again: configurations, training in lanes, measurements, trends over seeds, figures."""
