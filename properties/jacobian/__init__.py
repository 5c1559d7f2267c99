"""Claims about the Jacobian of networks in training (Oymak, Fabian, Li, Soltanolkotabi 2019)."""
