"""The web server: routes, sockets, and what they share."""
