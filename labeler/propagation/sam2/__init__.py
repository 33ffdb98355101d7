"""SAM 2 and 2.1 (Ravi et al. 2024, https://arxiv.org/abs/2408.00714) on video, and EdgeTAM
(Zhou et al. 2025, https://arxiv.org/abs/2501.07256)."""
