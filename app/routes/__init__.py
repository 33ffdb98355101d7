"""What the pages ask for outside the socket: takes, pictures, labels, jobs, adapters."""
