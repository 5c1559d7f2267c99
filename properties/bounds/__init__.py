"""Claims about bounds from the literature: in what they rise and fall, on which domain, and which is the smaller."""
