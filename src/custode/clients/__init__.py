"""Client folders: who is behind the leads, all deals with them, and their contacts."""
