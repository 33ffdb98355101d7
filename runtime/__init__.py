"""What every layer above stands on: processes, their messages, files that appear whole."""
