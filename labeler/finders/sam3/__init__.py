"""SAM 3 on images (Carion et al. 2025, https://arxiv.org/abs/2511.16719)."""
