"""SAM 2 and 2.1 on images (Ravi et al. 2024, https://arxiv.org/abs/2408.00714)."""
