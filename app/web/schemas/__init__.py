"""What goes over the socket between the pages and the server."""
