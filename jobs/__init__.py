"""Work that outlives a click: each job is a folder and a process."""
