"""Takes as a LeRobotDataset v3.0 (https://huggingface.co/docs/lerobot/lerobot-dataset-v3)."""
