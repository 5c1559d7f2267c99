"""Claims of the works that Chen, Yi, Yang 2024 compare theirs with, in its Table 1."""
