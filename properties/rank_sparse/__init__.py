"""Claims about bounds for rank-sparse networks (after Ledent, Alves, Lei 2025), and the quasi-norms in them."""
