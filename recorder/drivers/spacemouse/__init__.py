"""3Dconnexion's SpaceMouse: what its reports say, and what motion that asks for."""
