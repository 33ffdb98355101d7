"""Policies, objectives, stages, LoRA, feature cache, evaluation, jobs and adapters."""
