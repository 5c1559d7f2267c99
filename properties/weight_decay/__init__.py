"""Claims of "Weight decay induces low-rank bias" (Chen, Yi, Yang 2024), Sections 1 to 3."""
