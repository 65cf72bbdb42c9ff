"""Client folders: the clients behind the leads, all deals with them, and their contacts."""
