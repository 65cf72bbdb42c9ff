"""What a delivery tells of the thing concerned: the names are those of noCRM's API."""
