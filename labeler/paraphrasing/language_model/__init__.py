"""A causal language model of this machine as a paraphraser, by transformers."""
