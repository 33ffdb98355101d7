"""The grounded policy: an encoder, a grounding attention and an action head."""
