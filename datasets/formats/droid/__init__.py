"""Episodes as DROID's stations save them (https://droid-dataset.github.io): one folder each."""
