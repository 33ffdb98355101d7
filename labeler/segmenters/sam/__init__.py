"""Segment Anything (Kirillov et al. 2023, https://arxiv.org/abs/2304.02643)."""
